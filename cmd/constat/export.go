package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"constat/audit"
	"constat/casefile"
	"constat/examine"
	"constat/exchange"
	"constat/finding"
	"constat/internal/durable"
	"constat/report"
	"constat/statement"
)

type exportCmd struct {
	Case       string   `arg:"" type:"path" help:"A case, or a single examination."`
	As         string   `required:"" enum:"stix,claimreview,markdown" help:"stix, claimreview or markdown."`
	Lang       string   `enum:"en,fr" default:"en" help:"Language of what people read: en or fr."`
	Out        string   `short:"o" placeholder:"FILE" type:"path" help:"Where to write it. Default: standard output."`
	URL        string   `name:"url" placeholder:"URL" help:"Where the report will be published. Without it no address is written."`
	Statements []string `placeholder:"FILE" type:"existingfile" help:"Register of statements to set beside a single examination; a case brings its own."`
}

// Run writes a copy of a case for others to work with. What is copied is what
// the log vouches for; whether the case holds is for constat verify.
func (c *exportCmd) Run(s *streams) error {
	lang, err := report.ParseLang(c.Lang)
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
	x, err := c.load(s)
	if err != nil {
		return err
	}
	write := map[string]func(*exchange.Case, exchange.Options) ([]byte, error){
		"stix": exchange.STIX, "claimreview": exchange.ClaimReview, "markdown": exchange.Markdown,
	}[c.As]
	b, err := write(x, exchange.Options{Lang: lang, URL: c.URL})
	if err != nil {
		return err
	}
	if c.As == "claimreview" && len(x.Statements) == 0 {
		fmt.Fprintln(s.err, "constat: there is no statement in it, so there is nothing to review (constat case state, or --statements)")
	}
	if c.Out == "" {
		_, err = s.out.Write(b)
		return err
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return fmt.Errorf("%s is there already: choose another -o", c.Out)
	}
	if err := durable.WriteFile(c.Out, b, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "constat: %s as %s: %s, %d bytes\n", filepath.Base(c.Case), c.As, c.Out, len(b))
	return nil
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
func (c *exportCmd) load(s *streams) (*exchange.Case, error) {
	if info, err := os.Stat(c.Case); err != nil {
		return nil, fmt.Errorf("the case: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder: a packed case is unpacked with constat unpack first", c.Case)
	}
	if casefile.HasLog(c.Case) {
		if len(c.Statements) > 0 {
			return nil, usage("--statements is for a single examination; what was said enters a case with constat case state")
		}
		return loadCase(s, c.Case)
	}
	b, err := casefile.ReadFile(c.Case, examine.FindingsName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is no case: it has neither %s nor %s; give a folder that constat case open, examine or demo wrote", c.Case, casefile.CheckpointName, examine.FindingsName)
	}
	if err != nil {
		return nil, err
	}
	x, err := examination(c.Case, b)
	if err != nil {
		return nil, err
	}
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
	return exchange.Alone(filepath.Base(c.Case), x, all), nil
}

// examination reads one examination's folder.
func examination(dir string, findings []byte) (exchange.Examination, error) {
	x := exchange.Examination{}
	var err error
	if x.Findings, err = finding.Decode(findings); err != nil {
		return x, fmt.Errorf("%s: %w", filepath.Join(dir, examine.FindingsName), err)
	}
	m, err := casefile.ReadManifest(dir)
	if err != nil {
		return x, err
	}
	for _, e := range m.Exhibits {
		x.Exhibits = append(x.Exhibits, report.Exhibit{Name: e.Name, Records: int64(len(e.Records)), SHA256: e.SHA256})
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
			return nil, fmt.Errorf("no register of statements (%s): %w", statement.Format, err)
		}
		slices.SortFunc(r.Statements, func(a, b statement.Statement) int { return strings.Compare(a.ID, b.ID) })
		if err := r.Validate(); err != nil {
			return nil, err
		}
	}
	return r.Statements, nil
}

// loadCase reads what a case's log names: the log from its first entry to the
// signed checkpoint, what parties signed, and of each file that is used its
// digest.
func loadCase(s *streams, dir string) (*exchange.Case, error) {
	l, err := casefile.Ledger(dir)
	if err != nil {
		return nil, err
	}
	c := &exchange.Case{Name: filepath.Base(dir), Log: l.Origin, Entries: l.Checkpoint.Size, Title: l.Opening.Title, Question: l.Opening.Question,
		Examiner: l.Examiner.Name, Opened: l.Opened, Published: l.Opened, Dated: true,
		Standard: finding.Standard{Name: l.Opening.Standard.Name, SHA256: l.Opening.Standard.SHA256}}
	for i, e := range l.Entries {
		switch e.Kind {
		case casefile.KindExamined:
			var d audit.ExaminedData
			if err := e.DecodeData(&d); err != nil {
				return nil, &casefile.Fault{Entry: int64(i), Err: err}
			}
			folder := casefile.ActFolder(int64(i), e.Kind) + "/" + d.Folder
			var b []byte
			for _, f := range e.Files {
				if f.Path == folder+"/"+examine.FindingsName {
					if b, err = logged(dir, f, int64(i)); err != nil {
						return nil, err
					}
				}
			}
			if b == nil {
				return nil, &casefile.Fault{Path: folder, Entry: int64(i), Err: fmt.Errorf("it names no %s", examine.FindingsName)}
			}
			x, err := examination(filepath.Join(dir, filepath.FromSlash(folder)), b)
			if err != nil {
				return nil, err
			}
			x.At, x.Folder = e.Time, c.Name+"/"+folder
			c.Examinations = append(c.Examinations, x)
			c.Published = max(c.Published, e.Time)
		case casefile.KindStatement:
			if err := addStatements(s, c, dir, int64(i), e); err != nil {
				return nil, err
			}
			c.Published = max(c.Published, e.Time)
		case casefile.KindVerdict:
			c.Published = max(c.Published, e.Time)
		}
	}
	if len(c.Examinations) == 0 {
		return nil, fmt.Errorf("%s holds no examination yet, so there is no finding to export: constat case examine adds one", dir)
	}
	c.Replies, err = replies(l)
	return c, err
}

// replies are what parties signed, in the order of the log.
func replies(l *casefile.Account) ([]report.Reply, error) {
	speaksFor := map[string]string{}
	for _, p := range l.Parties {
		speaksFor[p.Name] = p.For
	}
	var out []report.Reply
	for _, d := range l.Dissents {
		out = append(out, report.Reply{Party: d.Party, For: speaksFor[d.Party], Entry: d.Entry, At: d.At, Dissent: true, Size: d.Size, Text: d.Reason})
	}
	for _, x := range l.Signed {
		r := report.Reply{Party: x.Party, For: speaksFor[x.Party], Entry: x.Entry, At: x.At, Name: path.Base(x.Path)}
		for _, f := range l.Entries[x.Entry].Files {
			if f.Path != x.Path {
				continue
			}
			b, err := logged(l.Dir(), f, x.Entry)
			if err != nil {
				return nil, err
			}
			if utf8.Valid(b) && !bytes.ContainsRune(b, 0) {
				r.Text = string(b)
			}
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b report.Reply) int { return cmp.Compare(a.Entry, b.Entry) })
	return out, nil
}

// addStatements adds those of one entry. What is in no register's form is said
// to be left out, and nothing that differs replaces what was there.
func addStatements(s *streams, c *exchange.Case, dir string, n int64, e *casefile.Entry) error {
	for _, f := range e.Files {
		if f.Role != "statement" && f.Role != casefile.RoleSigned {
			continue
		}
		b, err := logged(dir, f, n)
		if err != nil {
			return err
		}
		ss, err := register(b)
		if err != nil {
			fmt.Fprintf(s.err, "constat: %s is left out: %v\n", f.Path, err)
			continue
		}
		for _, st := range ss {
			i := slices.IndexFunc(c.Statements, func(x exchange.Statement) bool { return x.ID == st.ID })
			if i >= 0 {
				if slices.Equal(statement.Text([]statement.Statement{c.Statements[i].Statement}), statement.Text([]statement.Statement{st})) {
					continue // entered twice
				}
				fmt.Fprintf(s.err, "constat: entry %d has another statement %s: both are exported, this one as %s.%d\n", n, st.ID, st.ID, n)
				st.ID = fmt.Sprintf("%s.%d", st.ID, n)
			}
			c.Statements = append(c.Statements, exchange.Statement{Statement: st, Entry: n, At: e.Time})
		}
	}
	return nil
}

// logged reads a file that an entry of the log names, and checks its digest.
func logged(dir string, f casefile.File, n int64) ([]byte, error) {
	b, err := casefile.ReadFile(dir, filepath.FromSlash(f.Path))
	if err != nil {
		return nil, &casefile.Fault{Path: f.Path, Entry: n, Err: err}
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, &casefile.Fault{Path: f.Path, Entry: n, Err: fmt.Errorf("its SHA-256 is %x, logged was %s", sum, f.SHA256)}
	}
	return b, nil
}
