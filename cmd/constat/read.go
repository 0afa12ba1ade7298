package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"constat/claims/press"
	"constat/claims/statement"
	"constat/internal/durable"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
)

// readCmd proposes statements from a press article, and lets those that a
// person accepts into a register.
type readCmd struct {
	Article   string `arg:"" optional:"" help:"Article, as HTML or as text in any usual encoding; - is standard input."`
	Published string `placeholder:"DATE" help:"Day on which it was published, as in 2014-12-24. Default: as an HTML page says."`
	Zone      string `placeholder:"ZONE" help:"Time zone of that day, as in Europe/Paris. Default: UTC, or that of an HTML page's own date."`
	Lang      string `default:"auto" enum:"auto,en,fr" help:"Language: en, fr, or auto to tell it from the text, paragraph by paragraph."`
	Outlet    string `placeholder:"NAME" help:"Outlet that published it."`
	Learned   string `placeholder:"TIME" help:"When we came to know of it. Default: when a statement is accepted."`
	JSON      bool   `name:"json" xor:"form" help:"Print the proposals as JSON."`
	Text      bool   `xor:"form" help:"Print the proposals in the form that people edit; see --edited."`
	Accept    string `placeholder:"IDS" help:"Put proposals into the register: all, or numbers and ids, as in 1,3-5."`
	Edited    string `placeholder:"FILE" help:"Put the statements of an edited --text into the register, instead of reading an article."`
	Register  string `placeholder:"FILE" help:"Register to add to; made if it is not there."`
	By        string `placeholder:"NAME" help:"Who accepts."`
	At        string `placeholder:"TIME" help:"When it is accepted. Default: now."`
	Proposals string `placeholder:"FILE" help:"Proposals of another reader, as JSON, instead of reading the article; with --score, a folder of NAME.json."`
	Score     string `placeholder:"DIR" help:"Measure the reader by articles with gold statements, instead of reading one."`
	Check     string `placeholder:"REGISTER" help:"Instead of reading, check that a register's statements have the words that the article has at their places."`
	Details   bool   `help:"With --score, list what was missed or wrong (not of the held-out part)."`
}

func (c *readCmd) Run(s *streams) error {
	switch {
	case c.Score != "":
		return c.score(s)
	case c.Check != "":
		return c.check(s.text())
	}
	var at, learned moment.Time
	var err error
	if c.At != "" {
		if at, err = moment.ParseTime(c.At); err != nil {
			return usage("--at: %w", err)
		}
	} else {
		at = moment.FromTime(time.Now().Truncate(time.Second))
	}
	if c.Learned != "" {
		if learned, err = moment.ParseTime(c.Learned); err != nil {
			return usage("--learned: %w", err)
		}
	}
	if err := c.misused(); err != nil {
		return err
	}
	switch {
	case c.Edited != "":
		return c.edited(s.text(), at)
	case c.Article == "":
		return usage("name the article to read")
	}
	zone, err := time.LoadLocation(cmp.Or(c.Zone, "UTC"))
	if err != nil || c.Zone == "Local" {
		return usage("--zone %.60q: want a zone of the IANA database, such as Europe/Paris or Asia/Shanghai", c.Zone)
	}
	o := press.Options{Learned: learned, Lang: c.Lang, Outlet: c.Outlet}
	if c.Zone != "" {
		o.Zone = zone
	}
	if c.Published != "" {
		if o.Published, err = time.ParseInLocation(time.DateOnly, c.Published, zone); err != nil {
			return usage("--published %.40q: not a day in the form 2014-12-24", c.Published)
		}
	}
	r, err := c.propose(s, o)
	if errors.Is(err, press.ErrNoDay) {
		return usage("--published DATE is needed: without it \"yesterday\" means nothing")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.Article, err)
	}
	zone = r.Published.Location()
	if c.Accept != "" {
		ids, err := pickProposals(c.Accept, r.Proposals)
		if err != nil {
			return usage("--accept: %w", err)
		}
		return c.enter(s.text(), r.Proposals, ids, at)
	}
	switch {
	case c.JSON:
		return printProposals(s.out, r)
	case c.Text:
		_, err := s.out.Write(statement.Text(r.Proposals))
		return err
	}
	return showReading(s.text(), r, zone)
}

// misused says which flags do not go together.
func (c *readCmd) misused() error {
	accepts := c.Accept != "" || c.Edited != ""
	switch {
	case accepts && c.Register == "":
		return usage("accepting statements needs --register FILE, where to put them")
	case accepts && strings.TrimSpace(c.By) == "":
		return usage("accepting statements needs --by NAME: nothing enters a register but by a person")
	case !accepts && c.Register != "":
		return usage("--register goes with --accept or --edited: nothing enters it otherwise")
	case c.Accept != "" && c.Edited != "":
		return usage("--accept and --edited exclude each other")
	case c.Edited != "" && c.Article != "":
		return usage("--edited takes its statements from the form; leave the article out")
	}
	return nil
}

// propose reads the article, or what another reader proposes of it.
func (c *readCmd) propose(s *streams, o press.Options) (*press.Reading, error) {
	data, name, err := readArticle(c.Article)
	if err != nil {
		return nil, err
	}
	o.Name = name
	if c.Proposals != "" {
		list, err := regular.ReadFile(c.Proposals)
		if err != nil {
			return nil, err
		}
		return press.Outside(data, list, o)
	}
	b := newBar(s, "reading "+name)
	defer b.done()
	o.Progress = func(done, of int) { b.steps("kB", done>>10, of>>10) }
	return press.Read(data, o)
}

// readArticle reads a file, or standard input, up to what the reader takes.
func readArticle(name string) ([]byte, string, error) {
	f, base := os.Stdin, "standard input"
	if name != "-" {
		var err error
		if f, err = regular.Open(name); err != nil {
			return nil, "", err
		}
		defer f.Close()
		base = strings.ToValidUTF8(filepath.Base(name), "\uFFFD")
	}
	data, err := io.ReadAll(io.LimitReader(f, press.MaxText+1))
	if err != nil {
		return nil, "", worded.Errorf("reading %s: %w", name, err)
	}
	return data, base, nil
}

// pickProposals reads "all", or numbers, ranges and ids between commas.
func pickProposals(list string, ps []statement.Statement) ([]string, error) {
	var ids []string
	for _, f := range strings.Split(list, ",") {
		f = strings.TrimSpace(f)
		if f == "all" {
			for i := range ps {
				ids = append(ids, ps[i].ID)
			}
			continue
		}
		a, b, isRange := strings.Cut(f, "-")
		if !isRange {
			b = a
		}
		from, err1 := strconv.Atoi(a)
		to, err2 := strconv.Atoi(b)
		if errors.Join(err1, err2) != nil || slices.ContainsFunc(ps, func(s statement.Statement) bool { return s.ID == f }) {
			ids = append(ids, f)
			continue
		}
		if from < 1 || to < from || to > len(ps) {
			return nil, worded.Errorf("%.40q: the proposals are numbered 1 to %d", f, len(ps))
		}
		for i := from; i <= to; i++ {
			ids = append(ids, ps[i-1].ID)
		}
	}
	return ids, nil
}

func (c *readCmd) edited(w io.Writer, at moment.Time) error {
	data, err := regular.ReadFile(c.Edited)
	if err != nil {
		return err
	}
	ss, err := statement.ParseText(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Edited, err)
	}
	if len(ss) == 0 {
		return worded.Errorf("%s: no statement is left in it", c.Edited)
	}
	var ids []string
	for i := range ss {
		ids = append(ids, ss[i].ID)
	}
	return c.enter(w, ss, ids, at)
}

// enter puts accepted statements into the register, whole or not at all.
func (c *readCmd) enter(w io.Writer, ps []statement.Statement, ids []string, at moment.Time) error {
	r := &statement.Register{Format: statement.Format}
	data, err := regular.ReadFile(c.Register)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if r, err = statement.Decode(data); err != nil {
			return fmt.Errorf("%s: %w", c.Register, err)
		}
	}
	ss, err := statement.Accept(ps, ids, c.By, at, func(id string) bool { return r.ByID(id) != nil })
	if err != nil {
		return err
	}
	if err := r.Add(ss...); err != nil {
		return fmt.Errorf("%s: %w", c.Register, err)
	}
	if data, err = r.Encode(); err != nil {
		return fmt.Errorf("%s: %w", c.Register, err)
	}
	if err := durable.WriteFile(c.Register, data, 0o644); err != nil {
		return err
	}
	_, err = plain.Fprintf(w, "%s: %d added, %d in all\n", c.Register, len(ss), len(r.Statements))
	return err
}

// proposal is a statement as proposed: nobody knows yet when it was learned.
type proposal struct {
	*statement.Statement
	Learned *moment.Time `json:"learned"`
}

func printProposals(w io.Writer, r *press.Reading) error {
	out := struct {
		Format    string             `json:"format"`
		Reader    string             `json:"reader"`
		Lang      string             `json:"lang"`
		Encoding  string             `json:"encoding"`
		HTML      bool               `json:"html"`
		Title     string             `json:"title"`
		Published moment.Interval    `json:"published"`
		PageDate  *moment.Time       `json:"page_date"`
		Document  statement.Document `json:"document"`
		Dropped   []statement.Span   `json:"dropped"`
		Foreign   []press.Foreign    `json:"not_read"`
		Refused   []press.Refused    `json:"refused"`
		Proposals []proposal         `json:"proposals"`
	}{"constat-proposals/1", r.Reader, r.Lang, r.Encoding, r.HTML, r.Title, moment.Interval{From: moment.FromTime(r.Published), Until: moment.FromTime(r.Published.AddDate(0, 0, 1))}, nil,
		r.Document, r.Dropped, r.Foreign, r.Refused, []proposal{}}
	if !r.PageDate.IsZero() {
		t := moment.FromTime(r.PageDate)
		out.PageDate = &t
	}
	if out.Dropped == nil {
		out.Dropped = []statement.Span{}
	}
	if out.Foreign == nil {
		out.Foreign = []press.Foreign{}
	}
	if out.Refused == nil {
		out.Refused = []press.Refused{}
	}
	for i := range r.Proposals {
		p := proposal{Statement: &r.Proposals[i]}
		if p.Statement.Learned != 0 {
			p.Learned = &p.Statement.Learned
		}
		out.Proposals = append(out.Proposals, p)
	}
	return strictjson.Write(w, out)
}

// introduce says what was read, what was left out, and on what day it rests.
func introduce(b *strings.Builder, r *press.Reading) {
	kind := r.Encoding
	if r.HTML {
		kind = "HTML in " + kind
	}
	if lang := map[string]string{"en": "English", "fr": "French"}[r.Lang]; lang != "" {
		kind = lang + ", " + kind
	}
	plain.Fprintf(b, "%s: %s; %s proposed", r.Document.Name, kind, counted(len(r.Proposals), "statement"))
	if r.Reader != press.ReaderVersion {
		plain.Fprintf(b, " by %s", r.Reader)
	}
	if n := len(r.Dropped); n > 0 {
		what := "line"
		if r.HTML {
			what = "part"
		}
		plain.Fprintf(b, "; %s of advertising and the like left out", counted(n, what))
	}
	b.WriteString(".\n")
	if r.Title != "" {
		plain.Fprintf(b, "Title: %s\n", r.Title)
	}
	if !r.PageDate.IsZero() {
		said, used := r.PageDate.Format("2006-01-02 15:04 -0700"), r.Published.Format(time.DateOnly)
		if r.PageDay {
			said = r.PageDate.Format(time.DateOnly)
		}
		if r.PageDate.In(r.Published.Location()).Format(time.DateOnly) == used {
			plain.Fprintf(b, "Published %s, as the page says (%s).\n", used, said)
		} else {
			plain.Fprintf(b, "Published %s, as --published says; the page says %s.\n", used, said)
		}
	}
	for _, f := range r.Foreign {
		plain.Fprintf(b, "Not read: bytes %d-%d, %s in %s.\n", f.From, f.To, counted(f.Words, "word"), f.Name())
	}
	for _, x := range r.Refused {
		plain.Fprintf(b, "Refused: proposal %d: %s\n", x.Number, x.Why)
	}
}

// showReading prints proposals for people.
func showReading(w io.Writer, r *press.Reading, zone *time.Location) error {
	var b strings.Builder
	introduce(&b, r)
	number := map[string]int{}
	for i := range r.Proposals {
		s := &r.Proposals[i]
		number[s.ID] = i + 1
		who := s.Speaker.As
		if s.Speaker.Name != "" && !strings.Contains(who, s.Speaker.Name) {
			who += " = " + s.Speaker.Name
		}
		details := []string{string(s.Speaker.Role)}
		if s.Speaker.For != "" && s.Speaker.For != s.Speaker.As {
			details = append(details, "for "+s.Speaker.For)
		}
		if s.Record != statement.RecordUnknown {
			details = append(details, map[statement.Record]string{statement.OnRecord: "on the record", statement.OffRecord: "off the record"}[s.Record])
		}
		if len(s.Outlets) > 0 {
			details = append(details, "through "+strings.Join(s.Outlets, ", from "))
		}
		kind := string(s.Kind)
		if s.Negative {
			kind = "negative " + kind
		}
		plain.Fprintf(&b, "\n%3d  %s, %s: %s (%s)\n", i+1, kind, s.Form, who, strings.Join(details, "; "))
		wrapWords(&b, s.Words, "     | ", 96)
		var notes []string
		if s.Said != nil {
			notes = append(notes, "said "+withinZone(*s.Said, zone))
		}
		if s.About != nil {
			notes = append(notes, "about "+withinZone(*s.About, zone))
		}
		if s.Repeats != "" {
			notes = append(notes, fmt.Sprintf("repeats %d", number[s.Repeats]))
		}
		if s.Through != "" {
			notes = append(notes, fmt.Sprintf("told within %d", number[s.Through]))
		}
		var at []string
		for _, x := range s.Read.Words {
			at = append(at, x.String())
		}
		notes = append(notes, "bytes "+strings.Join(at, ", "))
		plain.Fprintf(&b, "     %s\n", strings.Join(notes, "; "))
		if s.Read.Unsure != "" {
			plain.Fprintf(&b, "     unsure: %s\n", s.Read.Unsure)
		}
	}
	if len(r.Proposals) > 0 {
		b.WriteString("\nNothing is in a register yet: --accept 1,3-5 --register FILE --by NAME, or --text for the editor.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// withinZone prints an interval by the clocks of a zone.
func withinZone(i moment.Interval, zone *time.Location) string {
	const form = "2006-01-02 15:04"
	return fmt.Sprintf("%s – %s %s", i.From.Std().In(zone).Format(form), i.Until.Std().In(zone).Format(form), zone)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// wrapWords writes words in lines of at most width characters behind a margin.
func wrapWords(b *strings.Builder, words, margin string, width int) {
	line := 0
	for _, f := range strings.Fields(words) {
		n := utf8.RuneCountInString(f)
		switch {
		case line == 0:
			b.WriteString(margin)
		case line+1+n > width:
			b.WriteString("\n" + margin)
			line = 0
		default:
			b.WriteByte(' ')
			line++
		}
		b.WriteString(f)
		line += n
	}
	b.WriteByte('\n')
}
