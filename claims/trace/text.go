package trace

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"constat/internal/locale"
	"constat/internal/plain"
)

// Text writes a trace for people: a line an address, the groups by country and
// operator, where the answers are from, what could not be known, and the
// sentence that a place is not a user.
func (t *Trace) Text(w io.Writer, lang locale.Lang) error {
	words, err := locale.Of(lang)
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	b := bufio.NewWriter(w)
	p := &printer{b, words}
	p.head(t)
	p.table(t)
	p.groups(t)
	p.unknown(t)
	p.from(t)
	fmt.Fprintf(b, "\n%s\n", t.Caution.In(lang))
	return b.Flush()
}

type printer struct {
	w     *bufio.Writer
	words *locale.Words
}

// t words a message of the text.
func (p *printer) t(key string, a ...any) string { return p.words.T("trace.text."+key, a...) }

func (p *printer) n(n int) string { return p.words.Format.N(int64(n)) }

// plural words a count. A sentence may ask for a form of it.
func (p *printer) plural(n int, key string) locale.Phrase {
	return p.words.Phrase("trace.text."+key, int64(n), "n", p.n(n))
}

func (p *printer) head(t *Trace) {
	all := make([]int, len(t.Facilities))
	for i := range all {
		all[i] = i
	}
	fmt.Fprintln(p.w, p.t("title", "n", p.plural(t.distinct(all), "addresses"), "file", t.Indicators.File))
	fmt.Fprintf(p.w, "SHA-256 %s\n", t.Indicators.SHA256)
	if at, same := t.oneTime(); same && len(t.Facilities) > 0 {
		fmt.Fprintln(p.w, p.t("all", "at", at, "what", p.t("time."+t.Facilities[0].TimeOf)))
	}
	fmt.Fprintln(p.w)
}

// oneTime is the moment of all facilities, if they have one.
func (t *Trace) oneTime() (string, bool) {
	for _, f := range t.Facilities {
		if *f.At != *t.Facilities[0].At || f.TimeOf != t.Facilities[0].TimeOf {
			return "", false
		}
	}
	if len(t.Facilities) == 0 {
		return "", true
	}
	return t.Facilities[0].At.String(), true
}

func (p *printer) table(t *Trace) {
	if len(t.Facilities) == 0 {
		fmt.Fprintln(p.w, p.t("none"))
		return
	}
	_, same := t.oneTime()
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t ")) }
	cols := []string{p.t("col.address")}
	if !same {
		cols = append(cols, p.t("col.at"))
	}
	row(append(cols, p.t("col.ports"), p.t("col.country"), p.t("col.prefix"), p.t("col.origin"), p.t("col.routed"), p.t("col.upstream"))...)
	for i := range t.Facilities {
		f := &t.Facilities[i]
		cells := []string{f.Address.String()}
		if !same {
			cells = append(cells, f.At.String()+" "+p.t("time."+f.TimeOf))
		}
		ports := dash(strings.Join(f.Ports, ","))
		if f.Special != "" {
			row(append(cells, ports, p.t("special."+f.Special))...)
			continue
		}
		country := strings.Join(f.Codes(), ", ")
		if country == "" {
			country = p.t("unknown")
		}
		prefix := f.Prefix
		if prefix == "" {
			prefix = p.t("unknown")
		}
		row(append(cells, ports, country, prefix, p.networks(f.Origins, f.Set), p.routed(f.Routed), p.networks(f.Upstream, false))...)
	}
	w.Flush()
	if t.Routing != nil {
		fmt.Fprintln(p.w, p.t("brackets"))
	}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

const mostNetworks = 3 // of a cell

func (p *printer) networks(ns []Network, set bool) string {
	if len(ns) == 0 {
		return p.t("unknown")
	}
	var out []string
	for i, n := range ns {
		if i == mostNetworks {
			out = append(out, p.t("more", "n", p.n(len(ns)-i)))
			break
		}
		out = append(out, n.label())
	}
	s := strings.Join(out, "; ")
	if set {
		s += " " + p.t("set")
	}
	return s
}

// label is an AS with the short form of its name.
func (n Network) label() string {
	return strings.TrimSpace(fmt.Sprintf("AS%d %s", n.AS, plain.Clip(n.Name, 40)))
}

func (p *printer) routed(r Routed) string {
	s := p.t("state." + r.State)
	if r.Held+r.Absent+r.Silent > 0 {
		s += " (" + p.n(r.Held) + "/" + p.n(r.Held+r.Absent) + ")"
	}
	return s
}

func (p *printer) groups(t *Trace) {
	if len(t.Countries) == 0 {
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", p.t("bycountry"))
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	for _, c := range t.Countries {
		code := c.Code
		if code == "" {
			code = p.t("unknown")
		}
		for i, o := range c.Operators {
			count := ""
			if i == 0 {
				count = p.plural(c.Addresses, "addresses").String()
			} else {
				code = ""
			}
			name := p.t("noorigin")
			if o.AS != 0 {
				name = strings.TrimSpace(fmt.Sprintf("AS%d %s", o.AS, o.Name)) + p.owned(t, o)
			}
			var addrs []string
			for _, j := range o.Facilities {
				if a := t.Facilities[j].Address.String(); len(addrs) == 0 || addrs[len(addrs)-1] != a {
					addrs = append(addrs, a)
				}
			}
			if len(addrs) > 8 {
				addrs = append(addrs[:8], p.t("more", "n", p.n(len(addrs)-8)))
			}
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", code, count, name, strings.Join(addrs, ", "))
		}
	}
	w.Flush()
}

// owned says which states own an operator.
func (p *printer) owned(t *Trace, o Operator) string {
	for _, n := range t.Facilities[o.Facilities[0]].Origins {
		if n.AS == o.AS && len(n.Owners) > 0 {
			var cc []string
			for _, x := range n.Owners {
				cc = append(cc, x.Country)
			}
			return " " + p.t("stateowned", "countries", strings.Join(cc, ", "))
		}
	}
	return ""
}

// unknown says what could not be known, and why.
func (p *printer) unknown(t *Trace) {
	var out []string
	add := func(key string, args ...any) { out = append(out, p.t(key, args...)) }
	var nobody []string
	special := 0
	for i := range t.Facilities {
		f := &t.Facilities[i]
		if f.Special != "" {
			special++
			continue
		}
		if len(f.Codes()) == 0 {
			nobody = append(nobody, f.Address.String())
		}
		for _, h := range f.Holders {
			if h.Later {
				add("later", "address", f.Address, "country", h.Country, "since", h.Since, "list", p.list(h.List))
			}
		}
		if len(f.Codes()) > 1 {
			add("several", "address", f.Address, "countries", strings.Join(f.Codes(), ", "))
		}
	}
	if len(nobody) > 0 {
		names := strings.Join(nobody[:min(len(nobody), 10)], ", ")
		if more := len(nobody) - 10; more > 0 {
			names += ", " + p.t("more", "n", p.n(more))
		}
		why := p.t("nonehas")
		if len(t.Lists.Absent) > 0 {
			var rs []string
			for _, r := range t.Lists.Absent {
				rs = append(rs, p.t("ofregistry", "name", r))
			}
			why = p.t("nolist", "registries", strings.Join(rs, p.t("registries")))
		}
		add("nocountry", "addresses", names, "why", why)
	}
	p.ages(t, add)
	var undated []string
	for _, of := range slices.Concat(t.Lists.Names, t.Lists.StateOwned) {
		if strings.HasSuffix(of, " (undated)") {
			undated = append(undated, p.list(of))
		}
	}
	if len(undated) > 0 {
		add("undatednames", "lists", strings.Join(undated, ", "))
	}
	if special > 0 {
		add("specials", "n", p.plural(special, "addresses"))
	}
	if len(t.Lists.Origins) == 0 && t.Routing == nil && len(t.Countries) > 0 {
		add("noorigins")
	}
	if t.Routing == nil && len(t.Countries) > 0 {
		add("norouting")
	} else if t.Routing != nil && t.Routing.Missing > 0 {
		add("missing", "files", p.plural(t.Routing.Missing, "files"))
	}
	if t.Routing == nil && len(t.Lists.Relations) == 0 && len(t.Countries) > 0 {
		add("norelations")
	}
	for _, x := range t.Indicators.Damaged {
		add("damaged", "place", x.Place, "reason", x.Reason)
	}
	if more := t.Indicators.Unread - len(t.Indicators.Damaged); more > 0 {
		add("moredamaged", "n", p.n(more))
	}
	out = append(out, t.Lists.Damaged...)
	if more := t.Lists.Unread - len(t.Lists.Damaged); more > 0 {
		add("moredamaged", "n", p.n(more))
	}
	if len(out) == 0 {
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", p.t("notknown"))
	for _, s := range out {
		fmt.Fprintf(p.w, "  - %s\n", s)
	}
}

// ages says how far from the moment in question the origin tables are.
func (p *printer) ages(t *Trace, add func(string, ...any)) {
	far := map[string]int{}
	for i := range t.Facilities {
		f := &t.Facilities[i]
		day, err := time.Parse(time.DateOnly, f.OriginDate)
		if err != nil {
			continue
		}
		d := int(f.At.Std().Sub(day).Hours() / 24)
		far[f.OriginDate] = max(far[f.OriginDate], d, -d)
	}
	for _, date := range slices.Sorted(maps.Keys(far)) {
		if n := far[date]; n > 0 {
			add("ages", "date", date, "days", p.plural(n, "days"))
		}
	}
}

// list words the name of a file with its date, which traces keep in English.
func (p *printer) list(s string) string {
	if file, ok := strings.CutSuffix(s, " (undated)"); ok {
		return p.t("undated", "file", file)
	}
	if i := strings.LastIndex(s, " of "); i >= 0 {
		return p.t("of", "file", s[:i], "date", s[i+4:])
	}
	return s
}

// from says which files the answers are from.
func (p *printer) from(t *Trace) {
	fmt.Fprintf(p.w, "\n%s\n", p.t("answers"))
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	line := func(what string, of []string) {
		var all []string
		for _, x := range of {
			all = append(all, p.list(x))
		}
		s := strings.Join(all, ", ")
		if s == "" {
			s = p.t("notgiven")
		}
		fmt.Fprintf(w, "  %s\t%s\n", what, s)
	}
	line(p.t("list.countries"), t.Lists.Delegations)
	if t.Routing != nil {
		var of []string
		for i, s := range t.Routing.Sources {
			if i == 6 {
				of = append(of, p.t("more", "n", p.n(len(t.Routing.Sources)-i)))
				break
			}
			of = append(of, s.Collector+" "+s.Name)
		}
		line(p.t("list.routes"), of)
	}
	line(p.t("list.origins"), t.Lists.Origins)
	line(p.t("list.names"), t.Lists.Names)
	line(p.t("list.upstreams"), t.Lists.Relations)
	line(p.t("list.owned"), t.Lists.StateOwned)
	w.Flush()
	var rest []string
	if d := t.Indicators.Duplicates; d > 0 {
		rest = append(rest, p.t("duplicates", "n", p.plural(d, "mentions")))
	}
	for _, x := range t.Indicators.Passed {
		rest = append(rest, x.What+": "+p.n(x.Count))
	}
	if len(rest) > 0 {
		fmt.Fprintf(p.w, "  %s %s\n", p.t("passed"), strings.Join(rest, "; "))
	}
}
