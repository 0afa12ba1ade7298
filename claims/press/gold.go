package press

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"constat/claims/statement"
	"constat/internal/worded"
)

// Gold is what a careful reader takes from an article.
type Gold struct {
	Published time.Time
	Lang      string
	HeldOut   bool
	Signs     bool // it says which assertions are negative
	Bare      bool // it says who and what, neither kinds nor roles, forms or times
	Lines     []GoldLine
}

// GoldLine is one statement of it.
type GoldLine struct {
	Line     int // of the file
	Optional bool
	Kind     statement.Kind
	Form     statement.Form
	Speaker  string // "unknown" where the article gives none
	Role     statement.Role
	Pieces   [][2]int   // bytes of the article
	Said     *time.Time // a day within which it was said
	// What only the JSON form can say.
	Negative   bool
	AlsoKinds  []statement.Kind // that are right too
	AlsoRoles  []statement.Role
	AlsoPieces [][][2]int
	Outlets    []string // named in the sentence, through which it came
	Source     [][2]int // bytes that name the speaker
}

// ParseGold reads a gold file; testdata/gold/README.md describes the form.
func ParseGold(data, article []byte) (*Gold, error) {
	g := &Gold{}
	zone, day := time.UTC, ""
	text := string(article)
	for i, line := range strings.Split(string(data), "\n") {
		bad := func(err error) (*Gold, error) { return nil, worded.Errorf("line %d: %w", i+1, err) }
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if !strings.Contains(line, "|") {
			key, value, _ := strings.Cut(line, " ")
			var err error
			switch key {
			case "published":
				day = value
			case "zone":
				zone, err = time.LoadLocation(value)
			case "lang":
				g.Lang = value
			case "part":
				g.HeldOut = value == "held-out"
			default:
				err = fmt.Errorf("%.40q: want published, zone, lang or part, or a line with bars", key)
			}
			if err != nil {
				return bad(err)
			}
			continue
		}
		l := GoldLine{Line: i + 1}
		line, l.Optional = strings.CutPrefix(line, "?")
		f := strings.Split(line, "|")
		for k := range f {
			f[k] = strings.TrimSpace(f[k])
		}
		if len(f) < 5 || len(f) > 6 {
			return bad(fmt.Errorf("%d fields; want kind | form | speaker | role | words [| said DAY]", len(f)))
		}
		l.Kind, l.Form, l.Speaker, l.Role = statement.Kind(f[0]), statement.Form(f[1]), f[2], statement.Role(f[3])
		if err := cmp.Or(statement.OneOf(l.Kind, statement.Kinds), statement.OneOf(l.Form, statement.Forms), statement.OneOf(l.Role, statement.Roles)); err != nil {
			return bad(err)
		}
		at := 0
		for _, piece := range strings.Split(f[4], " + ") {
			head, tail, cut := strings.Cut(piece, "…")
			head, tail = strings.TrimSpace(head), strings.TrimSpace(tail)
			k := strings.Index(text[at:], head)
			if k < 0 {
				k, at = strings.Index(text, head), 0
			}
			if k < 0 || head == "" {
				return bad(fmt.Errorf("%.60q is not in the article", head))
			}
			from := at + k
			to := from + len(head)
			if cut {
				k := strings.Index(text[to:], tail)
				if k < 0 || tail == "" {
					return bad(fmt.Errorf("%.60q is not in the article behind %.60q", tail, head))
				}
				to += k + len(tail)
			}
			l.Pieces = append(l.Pieces, [2]int{from, to})
			at = to
		}
		if len(f) == 6 {
			d, err := time.ParseInLocation("said 2006-01-02", f[5], zone)
			if err != nil {
				return bad(err)
			}
			l.Said = &d
		}
		g.Lines = append(g.Lines, l)
	}
	var err error
	g.Published, err = time.ParseInLocation(time.DateOnly, day, zone)
	return g, err
}

// jsonGold is the JSON form of a gold file; docs/formats/gold.md describes it.
type jsonGold struct {
	Format     string
	Published  string
	Zone       string
	Lang       string
	Part       string
	Statements []struct {
		Line     int
		Kind     statement.Kind
		KindAlso []statement.Kind `json:"kind_also"`
		Form     statement.Form
		Speaker  string
		Role     statement.Role
		RoleAlso []statement.Role `json:"role_also"`
		Words    []string
		At       [][2]int
		AtAlso   [][][2]int `json:"at_also"`
		Source   [][2]int
		Negative bool
		Optional bool
		Outlets  []string
		Said     string
	}
}

// ParseGoldJSON reads a gold file in its JSON form. Members that it does not
// know are an annotator's own.
func ParseGoldJSON(data, article []byte) (*Gold, error) {
	var j jsonGold
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(j.Format, "constat-gold/2") {
		return nil, fmt.Errorf("format %.40q; want constat-gold/2", j.Format)
	}
	zone, err := time.LoadLocation(cmp.Or(j.Zone, "UTC"))
	if err != nil {
		return nil, err
	}
	g := &Gold{Lang: j.Lang, Signs: true, HeldOut: j.Part == "held" || j.Part == "held-out"}
	if g.Published, err = time.ParseInLocation(time.DateOnly, j.Published, zone); err != nil {
		return nil, err
	}
	within := func(ps [][2]int) bool {
		return !slices.ContainsFunc(ps, func(p [2]int) bool { return p[0] < 0 || p[1] <= p[0] || p[1] > len(article) })
	}
	for i, s := range j.Statements {
		l := GoldLine{Line: s.Line, Optional: s.Optional, Kind: s.Kind, Form: s.Form, Speaker: s.Speaker, Role: s.Role, Pieces: s.At,
			Negative: s.Negative, AlsoKinds: s.KindAlso, AlsoRoles: s.RoleAlso, AlsoPieces: s.AtAlso, Outlets: s.Outlets, Source: s.Source}
		ok := len(s.At) > 0 && within(s.At) && within(s.Source)
		for _, also := range s.AtAlso {
			ok = ok && len(also) > 0 && within(also)
		}
		if !ok {
			return nil, fmt.Errorf("statement %d: its places are not in the article of %d bytes", i+1, len(article))
		}
		// A span may be counted in anything; the words say in what it was.
		for k, w := range s.Words {
			if k < len(s.At) && string(article[s.At[k][0]:s.At[k][1]]) != w {
				return nil, fmt.Errorf("statement %d: bytes %d-%d of the article are %.40q, not %.40q", i+1, s.At[k][0], s.At[k][1], article[s.At[k][0]:s.At[k][1]], w)
			}
		}
		if err := cmp.Or(statement.OneOf(l.Kind, statement.Kinds), statement.OneOf(l.Form, statement.Forms), statement.OneOf(l.Role, statement.Roles)); err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
		if s.Said != "" {
			d, err := time.ParseInLocation(time.DateOnly, s.Said, zone)
			if err != nil {
				return nil, fmt.Errorf("statement %d: %w", i+1, err)
			}
			l.Said = &d
		}
		g.Lines = append(g.Lines, l)
	}
	return g, nil
}
