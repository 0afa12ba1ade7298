package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"

	"constat/cases/state"
	"constat/internal/locale"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/vantage"
)

type stateCmd struct {
	Tables []string `arg:"" help:"Tables and updates: files, folders, globs, an archive (with --at), or one checkpoint."`

	At        string   `placeholder:"T" help:"The moment. Default: the end of what the files have."`
	Prefix    []string `placeholder:"P" help:"This prefix and those within it, or if there is none the nearest that covers it. May be repeated."`
	AS        []string `name:"as" placeholder:"AS" help:"Prefixes that this network originates. May be repeated."`
	Through   []string `placeholder:"AS" help:"Prefixes to which some peer's route passes this network. May be repeated."`
	Country   string   `placeholder:"CC" help:"Prefixes registered to this country, or originated by its networks; needs --atlas."`
	Atlas     string   `placeholder:"DIR" help:"Folder of delegation files and AS names." type:"path"`
	Collector string   `help:"Collector of files that lie in no archive's layout. Default: the name of their folder." placeholder:"NAME"`
	Cache     string   `help:"Folder for what is fetched from archives. Default: constat in the user's cache folder." placeholder:"DIR" type:"path"`
	patienceFlag
	Offline    bool   `help:"Use the cache alone."`
	Checkpoint string `placeholder:"FILE" help:"Write the state to a file, from which it is read in seconds." type:"path"`
	Force      bool   `help:"Replace a checkpoint that is there."`
	Top        int    `default:"50" placeholder:"N" help:"How many prefixes are printed as text (default ${default}; 0 for all)."`
	JSON       bool   `name:"json" xor:"form" help:"Print JSON (docs/formats/state.md), with all prefixes."`
	CSV        bool   `name:"csv" xor:"form" help:"Print CSV, with all prefixes."`
	Lang       string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language: ${languages}. ${languageHelp}"`
}

// Help is shown by --help.
func (*stateCmd) Help() string {
	return `Says what was announced at a moment: by whom, how many peers carried it, and
through which networks next to the origin.

Examples:

  constat state bview.20221222.1600.gz --prefix 175.45.176.0/22
  constat state ris:rrc00,rrc21 --at 2014-12-22T16:10 --as AS131279
  constat state ./rrc04 --country BR --atlas delegated-2022-02-09 --csv

A peer that was not watching is not counted. "3 of 7" is three peers that hold a
prefix, of seven of which it is known whether they do.`
}

// Run answers.
func (c *stateCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	q, err := c.query()
	if err != nil {
		return err
	}
	if err := c.place(); err != nil {
		return err
	}
	p := state.Printing{Lang: lang, Top: c.Top}
	var a *atlas.Atlas
	if c.Atlas != "" {
		if a, err = atlas.Open(c.Atlas); err != nil {
			return err
		}
	}
	if c.Country != "" {
		if a == nil {
			return usage("--country needs --atlas: a country is what the registries delegated to it")
		}
		if q.Subject, err = resolve(a, c.Country); err != nil {
			return err
		}
		if q.Subject.Kind != atlas.KindCountry {
			return usage("--country %s is no country", c.Country)
		}
	}
	st, watch, err := c.load(ctx, s)
	if err != nil {
		return err
	}
	if c.Checkpoint != "" {
		if err := st.Write(c.Checkpoint); err != nil {
			return err
		}
	}
	found := state.Find(st, watch, *q)
	if c.Top == 0 {
		p.Top = len(found.Rows)
	}
	if a != nil {
		if err := registered(a, found, &p, c.JSON || c.CSV); err != nil {
			return err
		}
	}
	for _, line := range found.Lapses(lang) {
		s.note("%s", line)
	}
	if err := c.print(s, found, p); err != nil {
		return err
	}
	if len(found.Rows) == 0 && len(found.Behind) > 0 && found.Watching > 0 {
		return &exitError{exitPartly, errors.New(locale.Must(lang).T("announced.notknown"))}
	}
	if found.Watching == 0 {
		return &exitError{exitNobody, errors.New(locale.Must(lang).T("announced.nobody"))}
	}
	return nil
}

// place refuses to write the checkpoint over anything but another checkpoint, and over
// that without --force: the file may be the archive that is about to be read.
func (c *stateCmd) place() error {
	if c.Checkpoint == "" {
		return nil
	}
	switch _, err := os.Lstat(c.Checkpoint); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !live.IsCheckpoint(c.Checkpoint):
		return usage("--checkpoint %s is there and is no checkpoint: choose another name", c.Checkpoint)
	case !c.Force:
		return usage("--checkpoint %s is there already: --force replaces it", c.Checkpoint)
	}
	return nil
}

func (c *stateCmd) print(s *streams, found *state.Answer, p state.Printing) error {
	switch {
	case c.JSON:
		b, err := found.Encode(p)
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	case c.CSV:
		return found.CSV(s.text(), p)
	}
	return found.Text(s.text(), p)
}

// query reads the filters.
func (c *stateCmd) query() (*state.Query, error) {
	q := &state.Query{}
	for _, x := range c.Prefix {
		p, err := netip.ParsePrefix(x)
		if err != nil || p != p.Masked() {
			return nil, usage("--prefix %s is no prefix, or has bits beyond its length", x)
		}
		if p.Addr().Is4In6() {
			return nil, usage("--prefix %s is an IPv4 prefix written as IPv6: write it as IPv4", x)
		}
		q.Prefixes = append(q.Prefixes, p)
	}
	number := func(flag, x string) (uint32, error) {
		n, err := atlas.ParseAS(x)
		if err != nil || n == 0 {
			return 0, usage("%s %s is no AS number, such as AS131279 or AS2.207", flag, x)
		}
		return n, nil
	}
	for _, x := range c.AS {
		n, err := number("--as", x)
		if err != nil {
			return nil, err
		}
		q.ASes = append(q.ASes, n)
	}
	for _, x := range c.Through {
		n, err := number("--through", x)
		if err != nil {
			return nil, err
		}
		q.Through = append(q.Through, n)
	}
	return q, nil
}

// load makes the state of what the arguments name.
func (c *stateCmd) load(ctx context.Context, s *streams) (*live.State, *vantage.Watch, error) {
	if len(c.Tables) == 1 && live.IsCheckpoint(c.Tables[0]) {
		if c.At != "" {
			return nil, nil, usage("a checkpoint is of one moment: --at has no place beside it")
		}
		st, err := live.Read(c.Tables[0], live.Options{})
		return st, &vantage.Watch{}, err
	}
	flags := sourceFlags{Source: c.Tables, Collector: c.Collector, Cache: c.Cache, Offline: c.Offline, patienceFlag: c.patienceFlag, early: true, once: true}
	if err := flags.spool(ctx, s); err != nil {
		return nil, nil, err
	}
	q := distant
	until, asked := moment.Time(0), moment.Time(0)
	if c.At != "" {
		at, err := moment.ParseTime(c.At)
		if err != nil {
			return nil, nil, usage("--at: %w", err)
		}
		q, until = moment.Interval{From: at, Until: at + moment.Second}, at+moment.Second
		asked = at
	} else {
		for _, x := range flags.Source {
			if _, err := os.Stat(x); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(x, "*?[") {
				return nil, nil, usage("%s: there is no such file; of an archive --at says which moment is meant", x)
			}
		}
		var err error
		if q, err = latest(ctx, &flags, q); err != nil {
			return nil, nil, err
		}
	}
	set, err := flags.open(ctx, s, q)
	if err != nil {
		return nil, nil, err
	}
	if len(set.Files) == 0 {
		return nil, nil, worded.Errorf("no table and no updates of that time in %s", strings.Join(c.Tables, ", "))
	}
	bar := newBar(s, "reading")
	var left notOfWatch
	st, watch, err := live.Load(ctx, live.Loading{Set: set, Until: until, Asked: asked, Done: bar.step, Copied: left.add})
	bar.done()
	left.tell(s)
	if err != nil {
		return nil, nil, err
	}
	if until != 0 {
		st.Moment(q.From)
	}
	ends(s, st)
	for _, c := range watch.Collectors {
		for _, f := range c.Files {
			for _, u := range f.Unread {
				s.note("%s %s: not read: %s; %d in all, the first at byte %d", c.Name, f.Name, u.Reason, u.Count, u.Offset)
			}
		}
	}
	return st, watch, nil
}

// ends says of which collectors the files do not reach to the moment.
func ends(s *streams, st *live.State) {
	type of struct {
		collector string
		end       moment.Time
	}
	count := map[of]int64{}
	for _, b := range st.Ledger() {
		if live.Lasts(b) && !b.Forget && b.Reason == vantage.MissingFile {
			count[of{b.Collector, b.From}]++
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(count), func(a, b of) int { return cmp.Or(cmp.Compare(a.collector, b.collector), cmp.Compare(a.end, b.end)) }) {
		s.note("%s: what its files have ends at %s, before the moment: peers of it that were not watching then: %d", k.collector, k.end, count[k])
	}
}

// registered adds names and countries of registration to what is printed.
func registered(a *atlas.Atlas, found *state.Answer, p *state.Printing, all bool) error {
	rows := found.Rows
	if !all {
		rows = rows[:min(len(rows), p.Top)]
	}
	var addrs []netip.Addr
	for _, r := range rows {
		addrs = append(addrs, r.Prefix.Addr())
	}
	h, err := a.Holders(addrs, nil)
	if err != nil {
		return err
	}
	p.Name = func(as uint32) string {
		n, _ := a.Name(as)
		return n
	}
	p.Country = func(r *state.Row) string {
		var out []string
		for _, x := range h.Addr(r.Prefix.Addr()) {
			if !x.Later {
				out = append(out, x.Country)
			}
		}
		return strings.Join(out, " ")
	}
	return nil
}
