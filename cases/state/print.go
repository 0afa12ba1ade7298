package state

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"constat/internal/locale"
	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/judge/finding"
	"constat/moment"
)

// Printing says how an answer is printed.
type Printing struct {
	Lang locale.Lang
	Top  int // rows; the others are counted
	// Name and Country tell what is known of a network and of a prefix; nil if nobody
	// was asked, empty if nothing is.
	Name    func(as uint32) string
	Country func(r *Row) string
}

// throughMost is how many networks a line of text names.
const throughMost = 3

// Text prints the answer for people.
func (a *Answer) Text(out io.Writer, o Printing) error {
	words := locale.Must(o.Lang)
	n := func(n int) string { return words.Format.N(int64(n)) }
	fmt.Fprintln(out, words.T("announced.title", "at", a.At.String()))
	fmt.Fprintln(out, words.T("announced.peers", "watching", n(a.Watching), "peers", words.Phrase("scan.peers", int64(a.Peers), "n", n(a.Peers)), "four", n(a.Full4), "six", n(a.Full6)))
	fmt.Fprintln(out, words.T("announced.found", "n", n(len(a.Rows)), "of", words.Phrase("announced.prefixes", int64(a.Known), "n", n(a.Known))))
	for _, line := range a.Lapses(o.Lang) {
		fmt.Fprintln(out, line)
	}
	if len(a.Rows) == 0 {
		return nil
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	cells := []string{words.T("announced.col.prefix"), words.T("announced.col.origin"), words.T("announced.col.held"), words.T("announced.col.through")}
	if o.Country != nil {
		cells = append(cells, words.T("announced.col.country"))
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
	name := func(as uint32) string {
		s := fmt.Sprintf("AS%d", as)
		if o.Name != nil {
			if x := o.Name(as); x != "" {
				s += " " + plain.Line(x) // a name comes from a list that anybody may have written
			}
		}
		return s
	}
	for i := range a.Rows {
		if i == o.Top {
			break
		}
		r := &a.Rows[i]
		var origins, through []string
		for _, as := range r.Origins {
			origins = append(origins, name(as))
		}
		if len(origins) == 0 {
			origins = []string{words.T("announced.unknown")}
		}
		for k, x := range r.Through {
			if k == throughMost {
				through = append(through, words.T("announced.others", "n", n(len(r.Through)-k)))
				break
			}
			through = append(through, fmt.Sprintf("%s %s", name(x.AS), n(x.Peers)))
		}
		cells := []string{r.Prefix.String(), strings.Join(origins, ", "), words.T("announced.held", "n", n(r.Held), "of", n(r.Known)), strings.Join(through, ", ")}
		if o.Country != nil {
			cells = append(cells, o.Country(r))
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(a.Rows) > o.Top {
		fmt.Fprintf(out, "\n%s\n", words.T("scan.more", "n", n(len(a.Rows)-o.Top)))
	}
	return nil
}

// Lapses says behind which holes peers are, a line each, and how many prefixes that may concern.
func (a *Answer) Lapses(lang locale.Lang) (out []string) {
	words := locale.Must(lang)
	n := func(n int) string { return words.Format.N(int64(n)) }
	for _, h := range a.Behind {
		out = append(out, words.T("announced.behind", "peers", words.Phrase("scan.peers", int64(h.Peers), "n", n(h.Peers)), "collector", plain.Line(h.Collector),
			"from", h.From.String(), "until", h.Until.String(), "reason", words.T("reason."+finding.Blindness(h.Reason))))
	}
	if len(out) > 0 {
		out = append(out, words.T("announced.unheld", "n", n(a.Unheld), "of", words.Phrase("announced.prefixes", int64(a.Known), "n", n(a.Known))))
	}
	return out
}

// CSV prints all rows, with a head.
func (a *Answer) CSV(out io.Writer, o Printing) error {
	w := csv.NewWriter(out)
	if err := w.Write([]string{"prefix", "origins", "peers_hold", "peers_known", "through", "country"}); err != nil {
		return err
	}
	for i := range a.Rows {
		r := &a.Rows[i]
		var origins, through []string
		for _, as := range r.Origins {
			origins = append(origins, strconv.FormatUint(uint64(as), 10))
		}
		for _, x := range r.Through {
			through = append(through, fmt.Sprintf("%d:%d", x.AS, x.Peers))
		}
		country := ""
		if o.Country != nil {
			country = o.Country(r)
		}
		if err := w.Write([]string{r.Prefix.String(), strings.Join(origins, " "), strconv.Itoa(r.Held), strconv.Itoa(r.Known), strings.Join(through, " "), country}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// Format names the version of what [Answer.Encode] writes (docs/formats/state.md).
const Format = "constat-state-of/1"

type jsonAnswer struct {
	Format   string      `json:"format"`
	At       moment.Time `json:"at"`
	Peers    int         `json:"peers"`
	Watching int         `json:"peers_watching"`
	Full4    int         `json:"full_feeds_ipv4"`
	Full6    int         `json:"full_feeds_ipv6"`
	Known    int         `json:"prefixes"`
	Behind   []jsonHole  `json:"behind,omitempty"`
	Unheld   *int        `json:"prefixes_unheld,omitempty"`
	Rows     []jsonRow   `json:"rows"`
}

type jsonHole struct {
	Collector string      `json:"collector"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Reason    string      `json:"reason"`
	Peers     int         `json:"peers"`
}

type jsonRow struct {
	Prefix  string    `json:"prefix"`
	Origins []uint32  `json:"origins"`
	Held    int       `json:"peers_hold"`
	Known   int       `json:"peers_known"`
	Through []jsonVia `json:"through"`
	Unread  int       `json:"paths_unread,omitempty"`
	Country string    `json:"country,omitempty"`
}

type jsonVia struct {
	AS    uint32 `json:"as"`
	Peers int    `json:"peers"`
}

// Encode gives the answer as JSON, with all rows.
func (a *Answer) Encode(o Printing) ([]byte, error) {
	j := jsonAnswer{Format: Format, At: a.At, Peers: a.Peers, Watching: a.Watching, Full4: a.Full4, Full6: a.Full6, Known: a.Known, Rows: []jsonRow{}}
	for _, h := range a.Behind {
		j.Behind, j.Unheld = append(j.Behind, jsonHole{h.Collector, h.From, h.Until, finding.Blindness(h.Reason), h.Peers}), &a.Unheld
	}
	for i := range a.Rows {
		r := &a.Rows[i]
		x := jsonRow{Prefix: r.Prefix.String(), Origins: append([]uint32{}, r.Origins...), Held: r.Held, Known: r.Known, Through: []jsonVia{}, Unread: r.Unread}
		for _, v := range r.Through {
			x.Through = append(x.Through, jsonVia(v))
		}
		if o.Country != nil {
			x.Country = o.Country(r)
		}
		j.Rows = append(j.Rows, x)
	}
	return strictjson.Indented(j)
}
