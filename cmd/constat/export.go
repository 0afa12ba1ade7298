package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/claims/statement"
	"constat/internal/durable"
	"constat/internal/locale"
	"constat/internal/svgpng"
	"constat/internal/worded"
	"constat/judge/finding"
	"constat/report"
	"constat/report/export"
)

type exportCmd struct {
	Case       string   `arg:"" type:"path" help:"A case, or a single examination."`
	As         string   `required:"" enum:"stix,claimreview,markdown,csv,svg,png" help:"stix, claimreview, markdown, csv, svg or png."`
	Figure     int      `default:"1" placeholder:"N" help:"With --as svg or png: the figure of that number in the report."`
	Scale      float64  `default:"2" placeholder:"K" help:"With --as png: pixels for each unit of the picture, which is 960 wide (default ${default})."`
	Lang       string   `enum:"${languages}" default:"${language}" placeholder:"LANG" help:"Language of what people read: ${languages}. ${languageHelp}"`
	Out        string   `short:"o" placeholder:"FILE" type:"path" help:"Where to write it. Default: standard output."`
	URL        string   `name:"url" placeholder:"URL" help:"Where the report will be published. Without it no address is written."`
	Unchecked  bool     `help:"Export a single examination whose findings cannot be computed again, or do not come out the same. The export says so, and rates nothing."`
	Statements []string `placeholder:"FILE" type:"existingfile" help:"Register of statements to set beside a single examination; a case brings its own."`
}

// Run writes a copy of a case for others to work with.
func (c *exportCmd) Run(ctx context.Context, s *streams) error {
	lang, err := locale.Parse(c.Lang)
	if err != nil {
		return usage("%w", err)
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(c.URL, "<>\"' ") {
			return usage("--url %s: want the whole address of a page, such as https://example.org/report.html", c.URL)
		}
	}
	if err := c.outside(); err != nil {
		return err
	}
	x, err := c.load(ctx, s, lang)
	if err != nil {
		return err
	}
	write := map[string]func(*export.Case, export.Options) ([]byte, error){
		"stix": export.STIX, "claimreview": export.ClaimReview, "markdown": export.Markdown, "csv": export.CSV, "svg": export.SVG, "png": c.png,
	}[c.As]
	b, err := write(x, export.Options{Lang: lang, URL: c.URL, Figure: c.Figure})
	if no := (*report.NoFigure)(nil); errors.As(err, &no) || errors.Is(err, export.ErrSeveral) {
		return usage("%w", err)
	}
	if errors.Is(err, export.ErrReconstruction) || errors.Is(err, export.ErrUnchecked) {
		return fmt.Errorf("%s: %w", filepath.Base(c.Case), err)
	}
	if err != nil {
		return err
	}
	if c.As == "claimreview" && len(x.Statements) == 0 {
		s.note("there is no statement in it, so there is nothing to review (constat case state, or --statements)")
	}
	if c.Out == "" {
		_, err = s.out.Write(b)
		return err
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return worded.Errorf("%s is there already: choose another -o", c.Out)
	}
	if err := durable.WriteFile(c.Out, b, 0o644); err != nil {
		return err
	}
	s.note("%s as %s: %s, %d bytes", filepath.Base(c.Case), c.As, c.Out, len(b))
	return nil
}

// png draws a figure's SVG.
func (c *exportCmd) png(x *export.Case, o export.Options) ([]byte, error) {
	if !(c.Scale >= 0.25 && c.Scale <= 8) {
		return nil, usage("--scale %v: want 0.25 to 8", c.Scale)
	}
	svg, err := export.SVG(x, o)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := svgpng.Encode(&b, svg, c.Scale); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// outside refuses to write into the case: a file that no log names would make
// it fail its verification.
func (c *exportCmd) outside() error {
	if c.Out == "" {
		return nil
	}
	is, err := os.Stat(c.Case)
	if err != nil {
		return nil // load says what is wrong with it
	}
	for d := filepath.Dir(c.Out); ; d = filepath.Dir(d) {
		if here, err := os.Stat(d); err == nil && os.SameFile(is, here) {
			return usage("-o %s lies in the case, and an export is no part of it: choose another -o", c.Out)
		}
		if d == filepath.Dir(d) {
			return nil
		}
	}
}

// load reads the case, or the single examination.
func (c *exportCmd) load(ctx context.Context, s *streams, lang locale.Lang) (*export.Case, error) {
	if info, err := os.Stat(c.Case); err != nil {
		return nil, worded.Errorf("the case: %w", err)
	} else if !info.IsDir() {
		return nil, worded.Errorf("%s is no folder: a packed case is unpacked with constat unpack first", c.Case)
	}
	if caselog.HasLog(c.Case) {
		if len(c.Statements) > 0 {
			return nil, usage("--statements is for a single examination; what was said enters a case with constat case state")
		}
		return loadCase(ctx, s, c.Case, lang)
	}
	x, err := examination(c.Case)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, worded.Errorf("%s is no case: it has neither %s nor %s and %s; give a folder that constat case open, examine or demo wrote", c.Case, caselog.CheckpointName, examine.FindingsName, caselog.ManifestName)
	}
	if err != nil {
		return nil, err
	}
	again, unchecked, err := c.check(ctx, s)
	if err != nil {
		return nil, err
	}
	x.Older = olderOf(s, c.Case, again, examine.FindingsName, lang)
	var all []statement.Statement
	for _, name := range c.Statements {
		b, err := readSmall(name)
		if err != nil {
			return nil, err
		}
		ss, err := register(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, ss...)
	}
	if err := (&statement.Register{Format: statement.Format, Statements: all}).Validate(); err != nil {
		return nil, fmt.Errorf("--statements: %w", err)
	}
	out := export.Alone(filepath.Base(c.Case), x, all)
	out.Unchecked = unchecked
	return out, nil
}

// check computes the findings of a single examination again from its exhibits, which
// is all that shows that they were not edited. What was computed by an earlier method
// cannot be, and is exported as unchecked.
func (c *exportCmd) check(ctx context.Context, s *streams) (again *examine.Computed, unchecked bool, err error) {
	again, err = examine.CheckAgain(ctx, c.Case)
	switch {
	case err == nil:
		return again, false, nil
	case ctx.Err() != nil:
		return nil, false, err
	}
	if earlier := (*examine.Earlier)(nil); !c.Unchecked && !errors.As(err, &earlier) {
		return nil, false, worded.Errorf("%s: %w; what is exported must follow from the exhibits that lie beside it (--unchecked exports it all the same, and says so)", c.Case, err)
	}
	s.note("%s: not checked: %v", c.Case, err)
	return nil, true, nil
}

// olderOf says, as constat verify does, that today's rules find otherwise than an examination of older
// ones, and returns that for the export; empty if they do not.
func olderOf(s *streams, name string, again *examine.Computed, findings string, lang locale.Lang) string {
	if again == nil {
		return ""
	}
	var out []string
	for _, n := range audit.OlderNotes(again, findings) {
		out = append(out, n.In(locale.Must(lang)))
		s.note("%s: note: %s", name, out[len(out)-1])
	}
	return strings.Join(out, " ")
}

// examination reads one examination's folder.
func examination(dir string) (export.Examination, error) {
	x := export.Examination{Atlas: page.Atlas(dir)}
	findings, err := caselog.ReadFile(dir, examine.FindingsName)
	if err != nil {
		return x, err
	}
	if x.Findings, err = finding.Decode(findings); err != nil {
		return x, fmt.Errorf("%s: %w", filepath.Join(dir, examine.FindingsName), err)
	}
	m, err := caselog.ReadManifest(dir)
	if err != nil {
		return x, err
	}
	for _, e := range m.Exhibits {
		x.Exhibits = append(x.Exhibits, report.Exhibit{Name: e.Name, Records: int64(e.Records.Len()), SHA256: e.SHA256})
	}
	sum := sha256.Sum256(findings)
	x.SHA256 = hex.EncodeToString(sum[:])
	return x, nil
}

// register reads accepted statements in either form.
func register(b []byte) ([]statement.Statement, error) {
	r := &statement.Register{Format: statement.Format}
	if t := strings.TrimSpace(string(b[:min(len(b), 512)])); strings.HasPrefix(t, "{") {
		var err error
		if r, err = statement.Decode(b); err != nil {
			return nil, err
		}
	} else {
		var err error
		if r.Statements, err = statement.ParseText(b); err != nil {
			return nil, worded.Errorf("no register of statements (%s): %w", statement.Format, err)
		}
		slices.SortFunc(r.Statements, func(a, b statement.Statement) int { return strings.Compare(a.ID, b.ID) })
		if err := r.Validate(); err != nil {
			return nil, err
		}
	}
	return r.Statements, nil
}

// olderIn computes an examination of a case again if it is of older rules, for what today's find
// otherwise. That it cannot be, or comes out as something else, is for constat verify.
func olderIn(ctx context.Context, s *streams, name, dir, folder string, lang locale.Lang) (string, error) {
	here := filepath.Join(dir, filepath.FromSlash(folder))
	if aged, err := examine.Aged(here); err != nil || !aged {
		return "", err
	}
	again, err := examine.Recompute(ctx, here)
	if err != nil {
		return "", ctx.Err()
	}
	return olderOf(s, name, again, folder+"/"+examine.FindingsName, lang), nil
}

// loadCase reads a case whose log, files and signatures hold. Whether its
// findings follow from its exhibits is for constat verify.
func loadCase(ctx context.Context, s *streams, dir string, lang locale.Lang) (*export.Case, error) {
	a, err := caselog.Check(ctx, dir, caselog.CheckOptions{})
	if err != nil {
		return nil, err
	}
	defer a.Pin()()
	c := &export.Case{Name: filepath.Base(dir), Log: a.Origin, Entries: a.Checkpoint.Size, Title: a.Opening.Title, Question: a.Opening.Question,
		Examiner: a.Examiner.Name, Opened: a.Opened, Published: a.Opened, Dated: true,
		Standard: finding.Standard{Name: a.Opening.Standard.Name, SHA256: a.Opening.Standard.SHA256}}
	var xs []conclude.Examination
	for i, e := range a.Entries {
		switch e.Kind {
		case caselog.KindExamined:
			var d audit.ExaminedData
			if err := e.DecodeData(&d); err != nil {
				return nil, &caselog.Fault{Entry: int64(i), Err: err}
			}
			folder := caselog.ActFolder(int64(i), e.Kind) + "/" + d.Folder
			x, err := examination(filepath.Join(dir, filepath.FromSlash(folder)))
			if err != nil {
				return nil, &caselog.Fault{Path: folder, Entry: int64(i), Err: err}
			}
			if x.Older, err = olderIn(ctx, s, c.Name, dir, folder, lang); err != nil {
				return nil, &caselog.Fault{Path: folder, Entry: int64(i), Err: err}
			}
			x.At, x.Folder, x.Inside = e.Time, c.Name+"/"+folder, folder
			c.Examinations = append(c.Examinations, x)
			xs = append(xs, conclude.Examination{Entry: int64(i), Dir: folder, SHA256: x.SHA256, Findings: x.Findings})
		case caselog.KindStatement, caselog.KindVerdict:
		default:
			continue
		}
		c.Published = max(c.Published, e.Time)
	}
	if len(c.Examinations) == 0 {
		return nil, worded.Errorf("%s holds no examination yet, so there is no finding to export: constat case examine adds one", dir)
	}
	k, err := conclude.Assemble(a, a.Checkpoint.Size, xs)
	if err != nil {
		return nil, err
	}
	said := map[int64]bool{}
	for _, x := range k.Report.Statements {
		said[x.Entry] = true
		c.Statements = append(c.Statements, export.Statement{Statement: x.Statement, Entry: x.Entry, At: a.Entries[x.Entry].Time})
	}
	for i, e := range a.Entries {
		if e.Kind == caselog.KindStatement && !said[int64(i)] {
			s.note("the words of entry %d are in no register's form (%s), so nothing of them is set beside the findings", i, statement.Format)
		}
	}
	c.Replies, c.Traces = k.Report.Replies, k.Report.Traces
	return c, nil
}
