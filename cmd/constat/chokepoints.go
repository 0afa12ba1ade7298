package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"constat/cases/chokepoints"
	"constat/internal/locale"
	"constat/judge/relation"
	"constat/judge/transit"
	"constat/moment"
	"constat/report"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/source"
	"constat/routes/vantage"
)

type chokepointsCmd struct {
	Subject []string `arg:"" optional:"" help:"KP, AS131279, 175.45.176.0/22, several of them, or a subject file."`
	All     bool     `help:"All countries of the delegations, ranked."`
	At      string   `placeholder:"T" help:"The moment: 2015-10-23T12:00, UTC if no zone is named. Default: the end of the files given; archives need it."`

	sourceFlags `embed:"" set:"withoutSource=Needed without --at: of a moment the default is both archives."`
	Atlas       string   `placeholder:"DIR" help:"Folder of delegation files, AS names, organisations, relations and state-owned operators." type:"path"`
	Relations   []string `sep:"none" placeholder:"FILE" help:"List of relations between networks (CAIDA's form, or one with both directions). May be repeated. Default: that of --atlas." type:"path"`
	Origins     bool     `help:"Compute country hegemony too, from the hegemony for each origin."`
	Before      string   `placeholder:"FILE" help:"An earlier answer in JSON, to say what changed since." type:"path"`

	JSON  bool   `name:"json" xor:"form" help:"Print the answer as JSON."`
	CSV   bool   `name:"csv" xor:"form" help:"Print a table as CSV: the countries with --all, else the networks of each subject."`
	HTML  string `name:"html" placeholder:"FILE" help:"Write a page with a flow diagram too; with --all a folder with a page for each country."`
	Force bool   `help:"Replace a page that is there."`
	Lang  string `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of text and page: ${languages}. ${languageHelp}"`
}

// Help has examples.
func (*chokepointsCmd) Help() string {
	return `Says on whom a subject depends to be reached, and the refusal of how few networks,
operators or countries would cut it off: by the paths that peers show, and by all ways that a list
of relations allows. That a network could is not that it did.

Examples:

  constat chokepoints KP --source ris:rrc00 --at 2014-12-22T12:00 --relations 20150101.as-rel.txt.gz
  constat chokepoints AS22047 --source tables/ --html as22047.html
  constat state tables/ --checkpoint kept.state; constat chokepoints KP --source kept.state
  constat chokepoints --all --source tables/ --atlas lists/ --html pages/`
}

// distant are the bounds of a question about files that are read whole.
var distant = moment.Interval{From: 0, Until: moment.Unix(1<<32, 0)}

func (c *chokepointsCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	if c.All == (len(c.Subject) > 0) {
		return usage("chokepoints needs subjects, or --all for all countries")
	}
	if words := subjectWords(c.Subject); c.HTML != "" && len(words) > 1 {
		return usage("--html is a page of one subject, or with --all of all countries: ask for %s by itself", words[0])
	}
	var old *transit.Answer
	if c.Before != "" {
		if old, err = readAnswer(c.Before); err != nil {
			return err
		}
	}
	if c.HTML != "" && !c.Force {
		if _, err := os.Stat(c.HTML); err == nil {
			return usage("%s is there already; --force replaces it", c.HTML)
		}
	}
	req, err := c.load(ctx, s)
	if err != nil {
		return err
	}
	view := req.View
	a, subjects, err := c.subjects(ctx, s, view.At())
	if err != nil {
		return err
	}
	relations, err := c.relations(s, a)
	if err != nil {
		return err
	}
	bar := newBar(s, "weighing").of("subjects")
	req.Subjects, req.All, req.Atlas, req.Lists, req.Origins, req.Done = subjects, c.All, a, relations, c.Origins, bar.step
	answer, err := chokepoints.Ask(ctx, *req)
	bar.done()
	if errors.Is(err, chokepoints.ErrNobody) {
		return &exitError{exitNobody, err}
	}
	if err != nil {
		return err
	}
	if old != nil {
		if err := answer.Since(old); err != nil {
			return fmt.Errorf("--before %s: %w", c.Before, err)
		}
	}
	if err := c.print(s, answer, lang); err != nil || c.All {
		return err
	}
	return chokepoints.NotSeen(answer)
}

// garbageMost is about how much garbage may stand beside a large state.
const garbageMost = 128 << 20

// load makes the state that is asked: of files, or of a checkpoint.
func (c *chokepointsCmd) load(ctx context.Context, s *streams) (*chokepoints.Request, error) {
	req := &chokepoints.Request{Watch: &vantage.Watch{}}
	var state *live.State
	var err error
	if len(c.Source) == 1 && live.IsCheckpoint(c.Source[0]) {
		state, req.Kept, err = c.kept(c.Source[0])
	} else {
		state, err = c.read(ctx, s, req)
	}
	if err != nil {
		return nil, err
	}
	// The state is most of what there is, and stays: in garbage there may be little beside it.
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetGCPercent(int(max(2, min(50, 100*garbageMost/(m.HeapAlloc+1)))))
	req.View, req.Ledger = state.View(), state.Ledger()
	return req, nil
}

// kept reads a checkpoint.
func (c *chokepointsCmd) kept(name string) (*live.State, *transit.Source, error) {
	if c.At != "" {
		return nil, nil, usage("a checkpoint is of one moment: --at has no place beside it")
	}
	state, sum, err := live.ReadNamed(name, live.Options{})
	if err != nil {
		return nil, nil, err
	}
	return state, &transit.Source{File: filepath.Base(name), SHA256: hex.EncodeToString(sum[:]), Kind: transit.Checkpoint}, nil
}

// read makes the state of files.
func (c *chokepointsCmd) read(ctx context.Context, s *streams, req *chokepoints.Request) (*live.State, error) {
	q, err := c.question()
	if err != nil {
		return nil, err
	}
	if err := c.spool(ctx, s); err != nil {
		return nil, err
	}
	if c.At == "" {
		if q, err = latest(ctx, &c.sourceFlags, q); err != nil {
			return nil, err
		}
	}
	c.early, c.once = true, true
	set, err := c.open(ctx, s, q)
	if err != nil {
		return nil, err
	}
	if len(set.Files) == 0 {
		return nil, errors.New("no file of records covers the moment")
	}
	bar := newBar(s, "reading")
	var left notOfWatch
	load := live.Loading{Set: set, Done: bar.step, Copied: left.add}
	if c.At != "" {
		load.Until, load.Asked, req.Asked = q.Until, q.From, q.From
	}
	state, watch, err := live.Load(ctx, load)
	bar.done()
	left.tell(s)
	if err == nil && c.At != "" {
		state.Moment(q.From)
	}
	req.Watch = watch
	return state, err
}

// question is the moment as a question for files.
func (c *chokepointsCmd) question() (moment.Interval, error) {
	if c.At != "" {
		at, err := moment.ParseTime(c.At)
		if err != nil {
			return moment.Interval{}, usage("--at: %w", err)
		}
		return moment.Interval{From: at, Until: at + moment.Second}, nil // as constat state has it: the whole second
	}
	if len(c.Source) == 0 {
		return moment.Interval{}, usage("chokepoints needs --source with files, or --at for what archives have of a moment")
	}
	for _, x := range c.Source {
		if archive, err := source.IsArchive(x); err != nil {
			return moment.Interval{}, err
		} else if archive {
			return moment.Interval{}, usage("--source %s is an archive: --at says which moment is meant", x)
		}
	}
	return distant, nil
}

// latest is the time of the last of the files, as a question: of several tables of a
// collector the last counts, with the updates since, and what comes after the files is no
// hole.
func latest(ctx context.Context, c *sourceFlags, all moment.Interval) (moment.Interval, error) {
	set, err := source.Open(ctx, c.Source, all, source.Options{Collector: c.Collector})
	if errors.Is(err, source.ErrUsage) {
		return all, usage("%w", err)
	}
	if err != nil {
		return all, err
	}
	q := moment.Interval{From: -1}
	for _, f := range set.Files {
		q.From, q.Until = max(q.From, f.Start), max(q.Until, f.Start+1, f.End)
	}
	if q.From < 0 {
		return all, nil
	}
	return q, nil
}

// subjects resolves what was asked, on the day of the records.
func (c *chokepointsCmd) subjects(ctx context.Context, s *streams, at moment.Time) (*atlas.Atlas, []*atlas.Subject, error) {
	l := c.lists(c.Atlas)
	if c.All {
		a, err := atlas.Open(c.Atlas)
		if err == nil && len(a.Lists()) == 0 && c.Atlas == "" {
			a, _, err = l.fetch(ctx, s, at.Std())
		}
		if err != nil {
			return nil, nil, err
		}
		return a.At(at.Std()), nil, nil
	}
	a, subs, err := l.resolveAll(ctx, s, subjectWords(c.Subject), at.Std())
	if err != nil {
		return nil, nil, err
	}
	for _, sub := range subs {
		for _, d := range sub.Damaged {
			s.note("%s", d)
		}
	}
	return a.At(at.Std()), subs, nil
}

// relations reads the lists of relations.
func (c *chokepointsCmd) relations(s *streams, a *atlas.Atlas) ([]*atlas.RelationList, error) {
	var out []*atlas.RelationList
	for _, f := range c.Relations {
		l, err := atlas.OpenRelations(f)
		if err != nil {
			return nil, fmt.Errorf("--relations %s: %w", f, err)
		}
		out = append(out, l)
	}
	if len(out) == 0 {
		l, err := a.RelationList()
		if err != nil {
			return nil, err
		}
		if l != nil {
			out = append(out, l)
		}
	}
	for _, l := range out {
		for _, d := range l.Damaged {
			s.note("%s", d)
		}
		if n, first := relation.Contradictory(l.Links); n > 0 {
			s.note("%s: pairs of networks with two relations: %d, the first AS%d and AS%d; both are taken to be possible", l.Register.String(), n, first[0], first[1])
		}
	}
	if len(out) == 0 {
		s.note("no list of relations was given (--relations, or one below --atlas): only paths that peers show are weighed, and other ways are not known")
	}
	return out, nil
}

func (c *chokepointsCmd) print(s *streams, a *transit.Answer, lang locale.Lang) error {
	if c.HTML != "" {
		if err := c.pages(s, a, lang); err != nil {
			return err
		}
	}
	switch {
	case c.JSON:
		b, err := a.Encode()
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	case c.CSV:
		return report.ChokepointsCSV(s.out, a, c.All)
	}
	return s.show(report.ChokepointsSummary(a, lang, c.All))
}

// pages writes the page, or a folder of them.
func (c *chokepointsCmd) pages(s *streams, a *transit.Answer, lang locale.Lang) error {
	if !c.All {
		if err := chokepoints.WritePage(c.HTML, a, 0, lang); err != nil {
			return err
		}
		s.note("page %s", c.HTML)
		return nil
	}
	if err := chokepoints.WritePages(c.HTML, a, lang); err != nil {
		return err
	}
	s.note("%d pages in %s, beginning with %s", len(a.Subjects)+1, c.HTML, filepath.Join(c.HTML, "index.html"))
	return nil
}

// subjectWords are the subjects of a command line, each for itself: "AS 22047 KP" are two.
func subjectWords(words []string) []string {
	var out []string
	for _, w := range words {
		if n := len(out); n > 0 && strings.EqualFold(out[n-1], "as") {
			out[n-1] += w
			continue
		}
		out = append(out, w)
	}
	return out
}

func readAnswer(name string) (*transit.Answer, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	a, err := transit.Decode(b)
	if err != nil {
		return nil, fmt.Errorf("--before %s: %w", name, err)
	}
	return a, nil
}
