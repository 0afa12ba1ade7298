package main

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"constat/cases/blocking"
	"constat/internal/locale"
	"constat/internal/worded"
	"constat/judge/block"
	"constat/moment"
	"constat/report/impact"
	"constat/routes/atlas"
	"constat/routes/source"
	"constat/wire/bgp"
)

type blockCmd struct {
	Target []string `arg:"" help:"AS131279, 175.45.176.0/22, KP, several of them, or a subject file."`

	At        []asArg `name:"at" sep:"," placeholder:"AS" help:"Networks that would apply the block."`
	Country   string  `placeholder:"CC" help:"Instead of --at: all networks registered in a country."`
	Direction string  `default:"both" placeholder:"WAY" help:"Which way the routes are stopped: in, refused from neighbours; out, withheld from neighbours; both (default)."`
	Detect    bool    `help:"Instead: say where such a block seems to be in force now."`

	spanFlags
	sourceFlags `embed:"" set:"withoutSource=Needed without --from: of a time the default is both archives."`
	Atlas       string `placeholder:"DIR" help:"Folder of delegation files, AS names, relations, organisations." type:"path"`
	Relations   string `placeholder:"FILE" help:"Relations between networks (CAIDA's serial-1). Default: those of the atlas." type:"path"`
	Critical    string `placeholder:"FILE" help:"What must not be cut without being named: a line each, a prefix or an AS, and what it is." type:"path"`

	blockOutput
	JSON  bool   `name:"json" help:"Print JSON (docs/formats/impact.md)."`
	HTML  string `name:"html" placeholder:"FILE" help:"Write the impact as a page too, with the files of the measure if they are written."`
	Force bool   `help:"Replace a page that is there."`
	Lang  string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language: ${languages}. ${languageHelp}"`
}

// Help is shown by --help.
func (*blockCmd) Help() string {
	return `Says what a block of a target at some networks would cut, who would find another way and on what evidence, what else it would hit, and with which other acts it could be confused from outside. Of files on this machine all are read unless times are given; of archives --from and --until (or --for) say which, and the routes are those held at the end. What was held before tells which other ways were used.

Filters are written only after the impact was read: its last line has a hash, and --acknowledge HASH with --filter, --out and --expires writes them, with their undoing.

Examples:

  constat block KP --at AS4837 --source updates.et-header.2015.gz --relations 20150201.as-rel.txt.gz --atlas lists
  constat block AS22047 --at AS3549 --source ris:rrc15 --from 2010-02-27T08:00 --for 8h
  constat block KP --at AS4837 … --filter bird,frr,nftables --out measure --expires 2014-12-24T16:15 --acknowledge HASH
  constat block AS22047 --detect --source ris:rrc15 --from 2010-02-27T08:00 --for 8h`
}

// always is the time of a question about files that are all to be read.
var always = moment.Interval{From: 0, Until: moment.Time(1) << 61}

// Run says what a block would do, or where one is in force.
func (c *blockCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	dir, err := block.ParseDirection(c.Direction)
	if err != nil {
		return usage("--direction: %w", err)
	}
	if err := c.check(); err != nil {
		return err
	}
	q, set, err := c.files(ctx, s)
	if err != nil {
		return err
	}
	day := q.Until
	if !c.given() {
		day = newest(set)
	}
	a, sub, err := c.lists(c.Atlas).resolve(ctx, s, subjectOf(c.Target), day.Std())
	if err != nil {
		return err
	}
	a = a.At(day.Std())
	var at []uint32
	for _, as := range c.At {
		at = append(at, uint32(as))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	until := moment.Time(0)
	if c.given() {
		until = q.Until
	}
	read, err := routesOf(ctx, s, blocking.Question{Set: set, Subject: sub, Until: until, ByOrigin: c.ByOrigin})
	if err != nil {
		return err
	}
	in := read.Input
	if read.Unknown > 0 {
		s.note("%d routes have paths that could not be read; they count for nothing", read.Unknown)
	}
	if err := blocking.Who(a, in); err != nil {
		return err
	}
	links, graph, err := graphOf(s, a, c.Relations)
	if err != nil {
		return err
	}
	in.Graph = graph
	if links != nil {
		in.Relations = links.Register.String()
		in.Old = atlas.List{Date: links.Date}.Stale(read.At.Std(), read.At.Std())
	}
	in.Target, in.Direction = sub.Name, dir
	in.At, in.Match = at, c.Match
	name := func(as uint32) string { n, _ := a.Name(as); return n }
	sayPrivate(s, at)
	sayOverlaps(s, c.Target)
	if c.Detect {
		return c.detect(s, in, read, lang, name)
	}
	if c.Country != "" {
		if in.At, err = blocking.Networks(a, c.Country, in, links); err != nil {
			return err
		}
		if len(in.At) == 0 {
			return usage("--country %s: no network on the paths or in the relations is registered there by the lists of --atlas", c.Country)
		}
		in.Country = c.Country
		in.At = withoutTarget(s, in)
	}
	in.ByOrigin = slices.DeleteFunc(in.ByOrigin, func(as uint32) bool { return slices.Contains(in.At, as) }) // what it does to itself needs no filter
	if in.Critical, err = criticalOf(c.Critical, read.At.Std()); err != nil {
		return err
	}
	im := block.Assess(in)
	im.Moment = read.At.String()
	im.Sources = read.Sources()
	text, hash, err := impact.Encode(im)
	if err != nil {
		return err
	}
	var measure *impact.Measure
	if c.wanted() {
		if measure, err = c.write(s, in, im, hash, read.Hops(im.At), name, sub); err != nil {
			return err
		}
	}
	if c.HTML != "" {
		if err := blocking.WritePage(c.HTML, im, hash, measure, lang, name); err != nil {
			return err
		}
	}
	if c.JSON {
		_, err = s.out.Write(text)
	} else {
		if measure != nil {
			hash = "" // acknowledged, and written
		}
		err = impact.Text(s.text(), im, hash, lang, name)
	}
	if err != nil {
		return err
	}
	if im.Unheld() {
		return &exitError{exitNobody, worded.Errorf("nobody who was watching at %s holds a route of %s: nothing can be said of a block", im.Moment, im.Target)}
	}
	if im.Empty() && !c.wanted() {
		return &exitError{code: exitNoClaim}
	}
	return nil
}

// sayOverlaps names prefixes of a question that another of it holds.
func sayOverlaps(s *streams, target []string) {
	var ps []netip.Prefix
	for _, x := range strings.FieldsFunc(strings.Join(target, ","), func(r rune) bool { return r == ',' || r == ' ' }) {
		if p, err := netip.ParsePrefix(x); err == nil && p.Masked() == p {
			ps = append(ps, p)
		}
	}
	for _, o := range block.Overlaps(ps) {
		s.note("%s lies inside %s: it is asked about twice, and blocked once", o[1], o[0])
	}
}

// sayPrivate names appliers whose numbers name no network to others.
func sayPrivate(s *streams, at []uint32) {
	for _, as := range at {
		if 64512 <= as && as <= 65534 || 4200000000 <= as && as <= 4294967294 {
			s.note("--at AS%d: a number for private use (RFC 6996); it names no network to others", as)
		}
	}
}

// check refuses flags that do not go together.
func (c *blockCmd) check() error {
	if c.HTML != "" && !c.Force {
		if _, err := os.Stat(c.HTML); err == nil {
			return usage("%s is there already; --force replaces it", c.HTML)
		}
	}
	switch {
	case c.Detect && c.HTML != "":
		return usage("--html is a page of an impact: --detect has none")
	case c.Detect && (len(c.At) > 0 || c.Country != "" || c.wanted()):
		return usage("--detect asks who blocks: give no --at, --country or --filter with it")
	case c.Detect:
		return nil
	case len(c.At) == 0 && c.Country == "":
		return usage("who would apply the block? --at AS4837 names networks, --country CN all of a country")
	case len(c.At) > 0 && c.Country != "":
		return usage("--at and --country both say who would apply the block: give one")
	}
	for _, as := range c.At {
		if as == 0 || as == bgp.ASTrans {
			return usage("--at AS%d: that number names no network", as)
		}
	}
	if c.Country != "" {
		c.Country = strings.ToUpper(c.Country)
		if len(c.Country) != 2 {
			return usage("--country %.20q: want a code of two letters, such as CN", c.Country)
		}
	}
	return c.checkOutput()
}

// files opens the sources. Archives are asked for a time; of files on this machine
// all are read.
func (c *blockCmd) files(ctx context.Context, s *streams) (moment.Interval, *source.Set, error) {
	q := always
	if c.given() {
		var err error
		if q, err = c.span(); err != nil {
			return q, nil, err
		}
	} else {
		if len(c.Source) == 0 {
			return q, nil, usage("of which routes? --source names files, or an archive with --from and --until or --for")
		}
		for _, x := range c.Source {
			is, err := source.IsArchive(x)
			if err != nil {
				return q, nil, &exitError{exitUsage, err}
			}
			if is {
				return q, nil, usage("--source %s is an archive: --from and --until (or --for) say which of its files", x)
			}
		}
		q = datesOf(c.Source)
	}
	c.once = true
	set, err := c.open(ctx, s, q)
	if errors.Is(err, source.ErrUsage) {
		return q, nil, usage("%w", err)
	}
	if err == nil && len(set.Files) == 0 {
		err = worded.Errorf("no files of records were found")
	}
	return q, set, err
}

// dated is the day in the name of an archive's file.
var dated = regexp.MustCompile(`\.((?:19|20)[0-9]{6})\.[0-9]{4}\.`)

// datesOf is the time that files on this machine may be of, by their names: with all
// of time a missing file would be looked for at every quarter of an hour since 1970.
func datesOf(specs []string) moment.Interval {
	var from, until time.Time
	for _, x := range specs {
		files, _, err := source.List(x)
		if err != nil {
			return always // opening says what is wrong
		}
		for _, f := range files {
			m := dated.FindStringSubmatch(filepath.Base(f) + ".")
			if m == nil {
				return always
			}
			day, err := time.Parse("20060102", m[1])
			if err != nil {
				return always
			}
			if from.IsZero() || day.Before(from) {
				from = day
			}
			if day.After(until) {
				until = day
			}
		}
	}
	if from.IsZero() {
		return always
	}
	return moment.Interval{From: moment.FromTime(from.AddDate(0, 0, -1)), Until: moment.FromTime(until.AddDate(0, 0, 2))}
}

// newest is the time of the newest file.
func newest(set *source.Set) moment.Time {
	var t moment.Time
	for _, f := range set.Files {
		t = max(t, f.Start)
	}
	return t
}

// inside reports whether an address lies in any of some prefixes.
func inside(of []block.Outcome, a netip.Addr) (netip.Prefix, bool) {
	for _, o := range of {
		if o.Prefix.Contains(a) {
			return o.Prefix, true
		}
	}
	return netip.Prefix{}, false
}

// detect says where a block seems to be in force.
func (c *blockCmd) detect(s *streams, in *block.Input, read *blocking.Read, lang locale.Lang, name func(uint32) string) error {
	d := block.Detect(in)
	d.Moment = read.At.String()
	d.Sources = read.Sources()
	if c.JSON {
		b, err := impact.EncodeDetected(d)
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	}
	return impact.TextDetected(s.text(), d, lang, name)
}

// withoutTarget leaves the target's own networks out of a country's that would apply the block,
// if others are left: asked is what its other networks could do. Example: AS17 --country CN,
// where AS17 is registered in China.
func withoutTarget(s *streams, in *block.Input) []uint32 {
	own := map[uint32]bool{}
	for _, r := range in.Routes {
		for _, as := range r.Path[max(len(r.Path)-1, 0):] {
			own[as] = own[as] || len(r.Origins) == 0
		}
		for _, as := range r.Origins {
			own[as] = true
		}
	}
	left, out := slices.Clone(in.At), []uint32(nil)
	left = slices.DeleteFunc(left, func(as uint32) bool {
		if own[as] {
			out = append(out, as)
		}
		return own[as]
	})
	if len(left) == 0 || len(out) == 0 {
		return in.At
	}
	for _, as := range out {
		s.note("AS%d announces prefixes of the target and is not among the networks that would apply the block; --at names it", as)
	}
	return left
}
