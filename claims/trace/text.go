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

	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"constat/judge/proof"
)

// Text writes a trace for people: a line an address, the groups by country and
// operator, where the answers are from, what could not be known, and the
// sentence that a place is not a user.
func (t *Trace) Text(w io.Writer, lang proof.Lang) error {
	b := bufio.NewWriter(w)
	p := &printer{b, wordsOf(lang), message.NewPrinter(wordsOf(lang).tag)}
	p.head(t)
	p.table(t)
	p.groups(t)
	p.unknown(t)
	p.from(t)
	caution := t.Caution.En
	if lang == proof.French {
		caution = t.Caution.Fr
	}
	fmt.Fprintf(b, "\n%s\n", caution)
	return b.Flush()
}

type printer struct {
	w *bufio.Writer
	*words
	p *message.Printer
}

func (p *printer) n(n int) string { return p.p.Sprint(number.Decimal(n)) }

// plural words a count.
func (p *printer) plural(n int, w [2]string) string {
	s := w[1]
	if n == 1 || n == 0 && p.zeroIsOne {
		s = w[0]
	}
	return p.n(n) + " " + s
}

func (p *printer) head(t *Trace) {
	all := make([]int, len(t.Facilities))
	for i := range all {
		all[i] = i
	}
	fmt.Fprintf(p.w, p.title+"\n", p.plural(t.distinct(all), p.addresses), t.Indicators.File)
	fmt.Fprintf(p.w, "SHA-256 %s\n", t.Indicators.SHA256)
	if at, same := t.oneTime(); same && len(t.Facilities) > 0 {
		fmt.Fprintf(p.w, p.all+"\n", at, p.timeOf[t.Facilities[0].TimeOf])
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
		fmt.Fprintln(p.w, p.none)
		return
	}
	_, same := t.oneTime()
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	row := func(cells ...string) { fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t ")) }
	cols := []string{p.cAddress}
	if !same {
		cols = append(cols, p.cAt)
	}
	row(append(cols, p.cPorts, p.cCountry, p.cPrefix, p.cOrigin, p.cRouted, p.cUpstream)...)
	for i := range t.Facilities {
		f := &t.Facilities[i]
		cells := []string{f.Address.String()}
		if !same {
			cells = append(cells, f.At.String()+" "+p.timeOf[f.TimeOf])
		}
		ports := dash(strings.Join(f.Ports, ","))
		if f.Special != "" {
			row(append(cells, ports, p.special[f.Special])...)
			continue
		}
		country := strings.Join(f.Codes(), ", ")
		if country == "" {
			country = p.unknownWord
		}
		prefix := f.Prefix
		if prefix == "" {
			prefix = p.unknownWord
		}
		row(append(cells, ports, country, prefix, p.networks(f.Origins, f.Set), p.routed(f.Routed), p.networks(f.Upstream, false))...)
	}
	w.Flush()
	if t.Routing != nil {
		fmt.Fprintln(p.w, p.brackets)
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
		return p.unknownWord
	}
	var out []string
	for i, n := range ns {
		if i == mostNetworks {
			out = append(out, fmt.Sprintf(p.more, p.n(len(ns)-i)))
			break
		}
		out = append(out, n.label())
	}
	s := strings.Join(out, "; ")
	if set {
		s += " " + p.set
	}
	return s
}

// label is an AS with the short form of its name.
func (n Network) label() string {
	return strings.TrimSpace(fmt.Sprintf("AS%d %s", n.AS, clip(n.Name, 40)))
}

func (p *printer) routed(r Routed) string {
	s := p.routedWord[r.State]
	if r.Held+r.Absent+r.Silent > 0 {
		s += " (" + p.n(r.Held) + "/" + p.n(r.Held+r.Absent) + ")"
	}
	return s
}

func (p *printer) groups(t *Trace) {
	if len(t.Countries) == 0 {
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", p.byCountry)
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	for _, c := range t.Countries {
		code := c.Code
		if code == "" {
			code = p.unknownWord
		}
		for i, o := range c.Operators {
			count := ""
			if i == 0 {
				count = p.plural(c.Addresses, p.addresses)
			} else {
				code = ""
			}
			name := p.noOrigin
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
				addrs = append(addrs[:8], fmt.Sprintf(p.more, p.n(len(addrs)-8)))
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
			return fmt.Sprintf(" "+p.stateOwned, strings.Join(cc, ", "))
		}
	}
	return ""
}

// unknown says what could not be known, and why.
func (p *printer) unknown(t *Trace) {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
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
				add(p.later, f.Address, h.Country, h.Since, p.list(h.List))
			}
		}
		if len(f.Codes()) > 1 {
			add(p.several, f.Address, strings.Join(f.Codes(), ", "))
		}
	}
	if len(nobody) > 0 {
		names := strings.Join(nobody[:min(len(nobody), 10)], ", ")
		if more := len(nobody) - 10; more > 0 {
			names += ", " + fmt.Sprintf(p.more, p.n(more))
		}
		why := p.noneHas
		if len(t.Lists.Absent) > 0 {
			var rs []string
			for _, r := range t.Lists.Absent {
				rs = append(rs, fmt.Sprintf(p.ofRegistry, r))
			}
			why = fmt.Sprintf(p.notGiven, strings.Join(rs, p.and))
		}
		add(p.noCountry, names, why)
	}
	p.ages(t, add)
	var undated []string
	for _, of := range slices.Concat(t.Lists.Names, t.Lists.StateOwned) {
		if strings.HasSuffix(of, " (undated)") {
			undated = append(undated, p.list(of))
		}
	}
	if len(undated) > 0 {
		add(p.undatedNames, strings.Join(undated, ", "))
	}
	if special > 0 {
		add(p.specials, p.plural(special, p.addresses))
	}
	if len(t.Lists.Origins) == 0 && t.Routing == nil && len(t.Countries) > 0 {
		add("%s", p.noOrigins)
	}
	if t.Routing == nil && len(t.Countries) > 0 {
		add("%s", p.noRouting)
	} else if t.Routing != nil && t.Routing.Missing > 0 {
		add(p.missing, p.plural(t.Routing.Missing, p.files))
	}
	if t.Routing == nil && len(t.Lists.Relations) == 0 && len(t.Countries) > 0 {
		add("%s", p.noRelations)
	}
	for _, x := range t.Indicators.Damaged {
		add(p.damaged, x.Place, x.Reason)
	}
	if more := t.Indicators.Unread - len(t.Indicators.Damaged); more > 0 {
		add(p.moreDamaged, p.n(more))
	}
	for _, x := range t.Lists.Damaged {
		add(p.damagedList, x)
	}
	if more := t.Lists.Unread - len(t.Lists.Damaged); more > 0 {
		add(p.moreDamaged, p.n(more))
	}
	if len(out) == 0 {
		return
	}
	fmt.Fprintf(p.w, "\n%s\n", p.notKnown)
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
			add(p.words.ages, date, p.plural(n, p.days))
		}
	}
}

// list words the name of a file with its date, which traces keep in English.
func (p *printer) list(s string) string {
	if file, ok := strings.CutSuffix(s, " (undated)"); ok {
		return fmt.Sprintf(p.undated, file)
	}
	if i := strings.LastIndex(s, " of "); i >= 0 {
		return fmt.Sprintf(p.of, s[:i], s[i+4:])
	}
	return s
}

// from says which files the answers are from.
func (p *printer) from(t *Trace) {
	fmt.Fprintf(p.w, "\n%s\n", p.answers)
	w := tabwriter.NewWriter(p.w, 0, 8, 2, ' ', 0)
	line := func(what string, of []string) {
		var all []string
		for _, x := range of {
			all = append(all, p.list(x))
		}
		s := strings.Join(all, ", ")
		if s == "" {
			s = p.notGivenWord
		}
		fmt.Fprintf(w, "  %s\t%s\n", what, s)
	}
	line(p.lCountries, t.Lists.Delegations)
	if t.Routing != nil {
		var of []string
		for i, s := range t.Routing.Sources {
			if i == 6 {
				of = append(of, fmt.Sprintf(p.more, p.n(len(t.Routing.Sources)-i)))
				break
			}
			of = append(of, s.Collector+" "+s.Name)
		}
		line(p.lRoutes, of)
	}
	line(p.lOrigins, t.Lists.Origins)
	line(p.lNames, t.Lists.Names)
	line(p.lUpstreams, t.Lists.Relations)
	line(p.lOwned, t.Lists.StateOwned)
	w.Flush()
	var rest []string
	if d := t.Indicators.Duplicates; d > 0 {
		rest = append(rest, fmt.Sprintf(p.duplicates, p.plural(d, p.mentions)))
	}
	for _, x := range t.Indicators.Passed {
		rest = append(rest, x.What+": "+p.n(x.Count))
	}
	if len(rest) > 0 {
		fmt.Fprintf(p.w, "  %s %s\n", p.passed, strings.Join(rest, "; "))
	}
}
