package fetch

import (
	"html"
	"io/fs"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Entry is one name of a folder's listing.
type Entry struct {
	Name string `json:"name"` // without a slash at the end
	Dir  bool   `json:"dir,omitempty"`
	// Size in bytes, within Slack, as far as the listing tells; 0 if it does
	// not. Web servers round ("1.2M") unless told otherwise.
	Size  int64 `json:"size,omitempty"`
	Slack int64 `json:"slack,omitempty"`
}

var (
	anchor   = regexp.MustCompile(`(?i)<a\s[^>]*href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))[^>]*>`)
	linkEnd  = regexp.MustCompile(`(?i)</a>`)
	rowEnd   = regexp.MustCompile(`(?i)</tr`)
	tag      = regexp.MustCompile(`<[^>]*>`)
	sizeCell = regexp.MustCompile(`(?:^|\s)([0-9]+(?:\.[0-9]+)?)\s?([KMGT]?)i?B?\s*$`)
	looksDir = regexp.MustCompile(`(?i)index of|parent directory|href="\.\./?"`)
)

// ParseListing reads the page in which a web server lists a folder: links to
// names in the folder itself, and their sizes where the page has them. ok is
// false if the page does not look like a listing at all.
func ParseListing(page []byte) (entries []Entry, ok bool) {
	s := string(page)
	ok = looksDir.MatchString(s)
	seen := map[string]bool{}
	at := anchor.FindAllStringSubmatchIndex(s, -1)
	for i, m := range at {
		href := ""
		for g := 1; g <= 3; g++ {
			if m[2*g] >= 0 {
				href = s[m[2*g]:m[2*g+1]]
			}
		}
		href = html.UnescapeString(href)
		// Column headers sort (?C=M), the parent is above, the rest elsewhere.
		if href == "" || strings.ContainsAny(href, "?#:") {
			continue
		}
		name, err := url.PathUnescape(strings.TrimPrefix(href, "./"))
		if err != nil {
			continue
		}
		e := Entry{Name: strings.TrimSuffix(name, "/"), Dir: strings.HasSuffix(name, "/")}
		if !fs.ValidPath(e.Name) || e.Name == "." || strings.ContainsAny(e.Name, "\\\x00") || seen[e.Name] {
			continue
		}
		end := len(s)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		if !e.Dir {
			e.Size, e.Slack = sizeOf(s[m[1]:end])
		}
		seen[e.Name] = true
		entries = append(entries, e)
	}
	return entries, ok || len(entries) > 0
}

// sizeOf finds the size in what stands between a link and the next: the link's
// text, a date, the size as the last thing on its line.
func sizeOf(s string) (size, slack int64) {
	if i := linkEnd.FindStringIndex(s); i != nil {
		s = s[i[1]:]
	}
	// A row ends with the line, or with the row of a table.
	if i := rowEnd.FindStringIndex(s); i != nil {
		s = s[:i[0]]
	}
	s = strings.ReplaceAll(tag.ReplaceAllString(s, " "), "&nbsp;", " ")
	s, _, _ = strings.Cut(strings.TrimLeft(s, " \t\r\n"), "\n")
	m := sizeCell.FindStringSubmatch(strings.TrimRight(s, " \t\r"))
	if m == nil {
		return 0, 0
	}
	v, err := strconv.ParseFloat(m[1], 64)
	unit := map[string]float64{"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}[m[2]]
	// No file is a pebibyte; a number that large would not fit a Size either.
	if err != nil || v*unit > 1<<50 {
		return 0, 0
	}
	if unit == 1 {
		if strings.Contains(m[1], ".") {
			return 0, 0
		}
		return int64(v), 0
	}
	// Rounded to the last digit shown; some servers count in thousands.
	step := unit
	if strings.Contains(m[1], ".") {
		step = unit / 10
	}
	return int64(v * unit), int64(step + v*unit*0.1)
}
