package scan

import (
	"bufio"
	"constat/internal/plain"
	"fmt"
	"io"
	"strconv"
	"strings"

	"constat/internal/locale"
	"constat/judge/finding"
)

// Printing says how a result is printed.
type Printing struct {
	Lang locale.Lang
	Top  int // losses; the others are counted
	// Examine is the command that examines a subject over the same files.
	Examine func(subject string) string
}

// Text prints the result for people.
func (r *Result) Text(w io.Writer, o Printing) error {
	p := &printer{bufio.NewWriter(w), locale.Must(o.Lang), o}
	p.line(p.t("scan.title", "from", r.From.String(), "until", r.Until.String()))
	p.read(r)
	p.blind(r)
	if len(r.Losses) == 0 {
		p.line("", p.t("scan.none"))
		p.taken(r)
		p.undecided(r)
		return p.w.Flush()
	}
	p.countries(r)
	p.line("", p.t("scan.networks", "n", p.plural("scan.losses", len(r.Losses))))
	six := false
	for i := range r.Losses {
		if i == o.Top {
			p.line("", p.t("scan.more", "n", p.n(len(r.Losses)-i)))
			break
		}
		l := &r.Losses[i]
		if !six && l.V4 == 0 {
			six = true
			p.line("", p.t("scan.six"))
		}
		p.loss(i+1, l)
	}
	p.taken(r)
	p.undecided(r)
	return p.w.Flush()
}

// undecided lists networks of which it is not known whether their routes stayed.
func (p *printer) undecided(r *Result) {
	if len(r.Undecided) == 0 {
		return
	}
	p.line("", p.t("scan.undecided", "n", p.plural("scan.losses", len(r.Undecided))))
	for i := range r.Undecided {
		if i == p.o.Top {
			p.line(p.t("scan.more", "n", p.n(len(r.Undecided)-i)))
			break
		}
		l := &r.Undecided[i]
		u := &l.Unshown[0]
		key := "scan.undecided.left"
		switch u.Why {
		case finding.UnshownOpen:
			key = "scan.undecided.open"
		case finding.UnshownUnlisted:
			key = "scan.undecided.unlisted"
		case finding.UnshownPerhaps:
			key = "scan.undecided.perhaps"
		}
		p.line("     "+p.name(l), "     "+p.t(key, "from", u.From.String(), "until", u.Until.String(), "n", p.n(u.Without), "of", p.n(u.Watching)),
			"     "+p.o.Examine(l.Subject()))
	}
}

// taken lists what another origin's routes took the place of.
func (p *printer) taken(r *Result) {
	if len(r.Taken) == 0 {
		return
	}
	p.line("", p.t("scan.taken", "n", p.plural("scan.losses", len(r.Taken))))
	for i := range r.Taken {
		if i == p.o.Top {
			p.line(p.t("scan.more", "n", p.n(len(r.Taken)-i)))
			break
		}
		l := &r.Taken[i]
		o := &l.Taken[0]
		said := []string{p.size(o), p.when(o)}
		if len(l.By) > 0 {
			var by []string
			for _, as := range l.By[:min(len(l.By), mostBy)] {
				by = append(by, fmt.Sprintf("AS%d", as))
			}
			said = append(said, p.t("scan.taken.by", "names", p.words.And(by)))
		}
		if n := len(l.Taken); n > 1 {
			said = append(said, p.t("scan.taken.times", "n", p.n(n)))
		}
		p.line("     "+p.name(l), "     "+strings.Join(said, p.t("scan.sep")), "     "+p.o.Examine(l.Subject()))
	}
}

// mostBy is how many networks that took a place are named.
const mostBy = 6

// name is a subject with what is known of it.
func (p *printer) name(l *Loss) string {
	name := l.Subject()
	if l.Name != "" {
		name += "  " + plain.Line(l.Name)
	}
	if len(l.With) > 0 {
		var with []string
		for _, as := range l.With {
			with = append(with, fmt.Sprintf("AS%d", as))
		}
		name += "  " + p.t("scan.with", "names", p.words.And(with))
	}
	if len(l.Countries) > 0 {
		name += "  " + strings.Join(l.Countries, ", ")
	}
	return name
}

// size is how much of a subject an outage is about.
func (p *printer) size(o *Outage) string {
	size := []string{}
	if o.Size.V4 > 0 {
		size = append(size, p.words.Phrase("scan.addresses", o.Size.V4, "n", p.words.Format.N(o.Size.V4)).String())
	}
	if o.Size.V6 > 0 {
		size = append(size, p.words.Phrase("scan.blocks", o.Size.V6, "n", p.words.Format.N(o.Size.V6)).String())
	}
	return p.words.Phrase("scan.prefixes", int64(o.Of), "n", p.n(o.Prefixes), "of", p.n(o.Of), "size", strings.Join(size, ", ")).String()
}

type printer struct {
	w     *bufio.Writer
	words *locale.Words
	o     Printing
}

func (p *printer) t(key string, a ...any) string { return p.words.T(key, a...) }
func (p *printer) n(n int) string                { return p.words.Format.N(int64(n)) }

func (p *printer) plural(key string, n int) locale.Phrase {
	return p.words.Phrase(key, int64(n), "n", p.n(n))
}

func (p *printer) line(ss ...string) {
	for _, s := range ss {
		fmt.Fprintln(p.w, s)
	}
}

func (p *printer) read(r *Result) {
	files, peers := 0, 0
	var names []string
	for _, c := range r.Watch.Collectors {
		files += len(c.Files)
		peers += len(c.Peers)
		names = append(names, c.Name)
	}
	p.line(p.t("scan.read", "collectors", strings.Join(names, ", "), "files", p.plural("scan.files", files),
		"peers", p.plural("scan.peers", peers), "elements", p.plural("scan.elements", r.Events)))
	damaged := 0
	for _, c := range r.Watch.Collectors {
		for _, f := range c.Files {
			for _, u := range f.Unread {
				damaged += int(u.Count)
			}
		}
	}
	if damaged > 0 {
		p.line(p.t("scan.unread", "n", p.plural("scan.records", damaged)))
	}
}

// blind says when whole collectors were not watching, and how often peers were not.
func (p *printer) blind(r *Result) {
	peers := 0
	for _, b := range r.Ledger.Blind {
		if b.Until <= r.From || b.From >= r.Until {
			continue
		}
		if b.Peer != nil {
			peers++
			continue
		}
		p.line(p.t("scan.hole", "collector", b.Collector, "from", max(b.From, r.From).String(), "until", min(b.Until, r.Until).String(), "reason", p.t("reason."+finding.Blindness(b.Reason))))
	}
	if peers > 0 {
		p.line(p.t("scan.blind", "n", p.plural("scan.intervals", peers)))
	}
}

func (p *printer) countries(r *Result) {
	if len(r.Countries) == 0 {
		return
	}
	p.line("", p.t("scan.countries"))
	if len(r.Absent) > 0 {
		p.line(p.t("choke.absent", "names", p.words.And(r.Absent)))
	}
	for i, c := range r.Countries {
		if i == p.o.Top {
			p.line(p.t("scan.more", "n", p.n(len(r.Countries)-i)))
			break
		}
		rank, part := strconv.Itoa(i+1), ""
		if c.RegistryAbsent != "" {
			rank, part = p.t("scan.unranked"), p.t("scan.sep")+p.t("scan.part", "registry", c.RegistryAbsent)
		}
		p.line(fmt.Sprintf("%3s  %s", rank, p.t("scan.country", "country", c.Code, "n", p.plural("scan.losses", len(c.Losses)), "from", c.From.String(), "until", c.Until.String())+part))
		p.line("     " + p.o.Examine(c.Code))
	}
}

func (p *printer) loss(rank int, l *Loss) {
	o := &l.Outages[l.Worst]
	p.line(fmt.Sprintf("%3d  %s", rank, p.name(l)))
	said := []string{p.size(o), p.when(o), p.t("scan.seen", "n", p.n(o.Peers), "of", p.n(o.Watchers))}
	if o.Losses > 1 {
		said = append(said, p.words.Phrase("lapse.scan", int64(o.Losses), "n", p.n(o.Losses), "length", strings.Join(p.words.Format.Units(o.Seconds), " ")).String())
	}
	switch {
	case o.Total && 2*o.Peers <= o.Watchers:
		said = append(said, p.words.Phrase("scan.total.few", int64(o.Watchers-o.Peers), "n", p.n(o.Watchers-o.Peers)).String())
	case o.Total:
		said = append(said, p.t("scan.total"))
	case o.Partial:
		said = append(said, p.t("scan.partial"))
	}
	if n := len(l.Outages); n > 1 {
		said = append(said, p.t("scan.times", "n", p.n(n)))
	}
	if n := len(l.Taken); n > 0 {
		said = append(said, p.plural("scan.taken.also", n).String())
	}
	p.line("     " + strings.Join(said, p.t("scan.sep")))
	p.line("     " + p.o.Examine(l.Subject()))
}

func (p *printer) when(o *Outage) string {
	switch {
	case o.Blind:
		return p.t("scan.until", "from", o.From.String(), "until", o.Until.String())
	case !o.Ended:
		return p.t("scan.open", "from", o.From.String(), "until", o.Until.String())
	}
	return p.t("scan.ended", "from", o.From.String(), "until", o.Until.String(), "length", strings.Join(p.words.Format.Units((o.Until-o.From).Sec()), " "))
}

// Subject is what a command examines.
func (l *Loss) Subject() string {
	if l.AS != 0 {
		return fmt.Sprintf("AS%d", l.AS)
	}
	return l.Prefix.String()
}
