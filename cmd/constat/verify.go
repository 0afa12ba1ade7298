package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/cases/audit"
	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// limitFlags bound what a packed case may come to. Embed it.
type limitFlags struct {
	MaxBytes int64 `default:"8589934592" placeholder:"N" help:"Of a packed case: refuse more bytes than that when unpacked (default 8 GiB)."`
	MaxFiles int   `default:"200000" placeholder:"N" help:"Of a packed case: refuse more files than that (default 200000)."`
}

func (f *limitFlags) limits() caselog.Limits {
	l := caselog.Limits{Files: f.MaxFiles, Bytes: f.MaxBytes}
	if l.Bytes == caselog.DefaultLimits.Bytes { // whoever gives another size means it
		l.Ratio = caselog.DefaultLimits.Ratio
	}
	return l
}

// unpacked gives a case's folder: itself, or a temporary one for a packed case.
func (f *limitFlags) unpacked(ctx context.Context, name string) (dir string, done func(), err error) {
	fi, err := os.Stat(name)
	if err != nil {
		return "", nil, err
	}
	if fi.IsDir() {
		return name, func() {}, nil
	}
	in, err := regular.Open(name)
	if err != nil {
		return "", nil, err
	}
	defer in.Close()
	tmp, err := os.MkdirTemp("", "constat-unpacked-*")
	if err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(tmp) }
	dir = filepath.Join(tmp, "case")
	if err := caselog.Unpack(ctx, in, dir, f.limits()); err != nil {
		done()
		return "", nil, fmt.Errorf("%s: %w", name, err)
	}
	return dir, done, nil
}

// againstFlags are what a case is held against. Embed it.
type againstFlags struct {
	Checkpoint []string `sep:"none" placeholder:"FILE" help:"Checkpoint, countersignature or proof that you hold: the case must have grown from it. May be repeated."`
	Holds      []string `sep:"none" placeholder:"FILE" help:"File that must be in the case, such as the statement that you signed. May be repeated."`
	Examiner   string   `placeholder:"KEY" help:"The examiner's public key as you know it, also one that was replaced since: a file, or the key itself."`
	Witness    []string `sep:"none" placeholder:"KEY" help:"A witness's public key: it must have cosigned the case, in an entry, on its checkpoint or on one given with --checkpoint. May be repeated."`
	Quorum     int      `placeholder:"K" help:"So many of the witnesses are enough. Default: all."`
	TSA        []string `name:"tsa" sep:"none" placeholder:"FILE" help:"Certificate of a time-stamping authority, or of the one above it, in PEM: it must have stamped the case. May be repeated."`
	Party      []string `sep:"none" placeholder:"KEY" help:"A party's public key as you know it. May be repeated."`
}

func (f *againstFlags) options() (caselog.CheckOptions, error) {
	o := caselog.CheckOptions{Now: moment.FromTime(time.Now())}
	var err error
	if f.Examiner != "" {
		ks, err := publicKeys("--examiner", []string{f.Examiner})
		if err != nil {
			return o, err
		}
		o.Examiner = &ks[0]
	}
	if o.Parties, err = publicKeys("--party", f.Party); err != nil {
		return o, err
	}
	if o.Witnesses, err = witnessKeys("--witness", f.Witness); err != nil {
		return o, err
	}
	if o.Quorum = f.Quorum; o.Quorum < 0 || o.Quorum > len(o.Witnesses) {
		return o, usage("--quorum %d: %s given with --witness", o.Quorum, count(len(o.Witnesses), "1 key was", "%d keys were"))
	}
	if o.TSA, err = certificates("--tsa", f.TSA); err != nil {
		return o, err
	}
	for _, n := range f.Checkpoint {
		b, err := readSmall(n)
		if err != nil {
			return o, err
		}
		o.Checkpoints = append(o.Checkpoints, caselog.Held{Name: n, Bytes: b})
	}
	for _, n := range f.Holds {
		h, err := caselog.HoldFile(n)
		if err != nil {
			return o, err
		}
		o.Files = append(o.Files, h)
	}
	return o, nil
}

type verifyCmd struct {
	Case     string `arg:"" help:"A case, a packed one (.tar.zst), a single examination, or a proof (constat case prove)."`
	Archives bool   `help:"Read the sources again too: are the exhibits in them, verbatim, and was nothing left out?"`
	Atlas    string `type:"path" placeholder:"DIR" help:"With --archives: folder of the lists that the examinations name; what they have of lists must be what these have."`
	JSON     bool   `name:"json" help:"Print what holds as JSON."`
	langFlag
	strictFlag
	againstFlags
	limitFlags
	sourceFlags `embed:"" set:"withoutSource=Default: the archives that the collectors of the case belong to."`
}

// Run verifies and prints what holds, or names the first thing that does not.
func (c *verifyCmd) Run(ctx context.Context, s *streams) error {
	check, err := c.options()
	if err != nil {
		return err
	}
	if b, err := readUpTo(c.Case, 64); err == nil && caselog.IsProof(b) {
		return c.proof(s, check)
	}
	if _, err := os.Stat(c.Case); errors.Is(err, fs.ErrNotExist) {
		return worded.Errorf("%s: there is no such case", c.Case)
	}
	dir, done, err := c.unpacked(ctx, c.Case)
	if err != nil {
		return err
	}
	defer done()
	bar := newBar(s, "reading")
	o := audit.Options{CheckOptions: check, Reading: bar.step}
	if c.Atlas != "" && !c.Archives {
		return usage("--atlas is for what is read again: give --archives with it")
	}
	if c.Atlas != "" {
		if o.Atlas, err = atlas.Open(c.Atlas); err != nil {
			return usage("--atlas: %w", err)
		}
	}
	if c.Archives {
		o.Sources = func(ctx context.Context, a *examine.Asked) (*source.Set, error) { return c.archives(ctx, s, a) }
	}
	if !caselog.HasLog(dir) {
		if _, err := os.Stat(filepath.Join(dir, caselog.ManifestName)); err == nil {
			return c.single(ctx, s, dir, o)
		} else if whole, err := filepath.Glob(filepath.Join(dir, "log", "*")); err == nil && len(whole) == 0 {
			return worded.Errorf("%s is no case: it has neither a log nor %s; give a folder that constat case open, examine or demo wrote, or what constat pack made of one", c.Case, caselog.ManifestName)
		}
	}
	r, err := audit.Case(ctx, dir, o)
	bar.done()
	var f *caselog.Fault
	switch {
	case errors.As(err, &f):
		return worded.Errorf("%s does not hold: %w", c.Case, f)
	case err != nil:
		return err
	case c.JSON:
		err = c.printJSON(s, r)
	default:
		err = c.print(s, r, check.Examiner)
	}
	if err != nil {
		return err
	}
	return c.exit(r.Notes...)
}

// archives opens what an examination was made from. Collectors tell which
// archive they are of.
func (c *verifyCmd) archives(ctx context.Context, s *streams, a *examine.Asked) (*source.Set, error) {
	f := c.sourceFlags
	if len(f.Source) == 0 {
		var ris, rv []string
		for _, n := range a.Collectors {
			if strings.HasPrefix(n, "rrc") {
				ris = append(ris, n)
			} else {
				rv = append(rv, n)
			}
		}
		if ris != nil {
			f.Source = append(f.Source, "ris:"+strings.Join(ris, ","))
		}
		if rv != nil {
			f.Source = append(f.Source, "routeviews:"+strings.Join(rv, ","))
		}
	}
	return f.open(ctx, s, moment.Interval{From: a.From, Until: a.Until})
}

// single verifies an examination that is in no case.
func (c *verifyCmd) single(ctx context.Context, s *streams, dir string, o audit.Options) error {
	if o.Examiner != nil || len(o.Parties)+len(o.Checkpoints)+len(o.Files)+len(o.Witnesses)+len(o.TSA) > 0 {
		return worded.Errorf("%s is a single examination without a log: there is nothing in it to hold keys, checkpoints or files against", c.Case)
	}
	alone, err := audit.Single(ctx, dir)
	if err != nil {
		return worded.Errorf("%s does not hold: %w", c.Case, err)
	}
	if o.Sources != nil {
		a, err := examine.ReadAsked(dir)
		if err != nil {
			return err
		}
		set, err := o.Sources(ctx, a)
		if err != nil {
			return err
		}
		tmp, err := os.MkdirTemp("", "constat-verify-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		if err := examine.VerifyArchives(ctx, dir, set, o.Atlas, tmp, o.Reading); err != nil {
			return worded.Errorf("%s does not hold: %w", c.Case, err)
		}
		if o.Atlas != nil {
			alone.Unchecked = alone.Unchecked.Held(a)
		}
	}
	t := &told{Words: c.words()}
	name := filepath.Base(filepath.Clean(c.Case))
	if alone.Earlier != nil {
		plain.Fprintln(s.out, t.t("single.earlier", "name", name, "format", alone.Earlier.Format))
	} else {
		plain.Fprintln(s.out, t.t("single", "name", name))
	}
	plain.Fprintln(s.out, t.t("single.nolog"))
	for _, n := range alone.Notes {
		plain.Fprintln(s.out, t.t("single.note", "note", n.In(t.Words)))
	}
	plain.Fprintln(s.out, archivesLine(t, o.Sources != nil))
	listsLine(s.out, t, "", alone.Unchecked)
	return c.exit(alone.Notes...)
}

func archivesLine(t *told, read bool) string {
	if read {
		return t.t("archives")
	}
	return t.t("archives.not")
}

// listsLine says what rests on lists that were not looked at.
func listsLine(w io.Writer, t *told, dir string, u *examine.Unchecked) {
	if u == nil {
		return
	}
	key := "lists.not"
	if len(u.Lists) == 0 {
		key = "lists.none"
	}
	plain.Fprintln(w, t.t(key, "members", strings.Join(u.Members, ", "), "file", path.Join(dir, examine.QuestionName), "lists", strings.Join(u.Lists, ", ")))
}

// proof checks a proof of inclusion without the case.
func (c *verifyCmd) proof(s *streams, o caselog.CheckOptions) error {
	if o.Examiner == nil {
		return usage("a proof is checked against the examiner's key: give it with --examiner")
	}
	b, err := readSmall(c.Case)
	if err != nil {
		return err
	}
	p, err := caselog.CheckProof(b, *o.Examiner)
	if errors.Is(err, caselog.ErrOtherKey) {
		return worded.Errorf("%s does not hold: %w; if the case was handed to another key, constat verify of the case says to which", c.Case, err)
	}
	if err != nil {
		return worded.Errorf("%s does not hold: %w", c.Case, err)
	}
	for i, h := range o.Files {
		if fi, err := os.Stat(h.Name); err == nil && fi.Size() <= maxSmall { // it may be a manifest
			if o.Files[i].Bytes, err = readSmall(h.Name); err != nil {
				return err
			}
		}
	}
	for _, h := range o.Files {
		if !p.Names(h, o.Files...) {
			return fmt.Errorf("%s does not hold: entry %d has no file like %s (of an exhibit it names the manifest: give that with --holds too)", c.Case, p.Index, h.Name)
		}
	}
	t := &told{Words: c.words()}
	n := p.Checkpoint.Size
	plain.Fprintln(s.out, t.TN("verify.proof", n, "entry", p.Index, "case", p.Checkpoint.Origin, "n", n, "examiner", o.Examiner.Name))
	if err := line(s, t.Words, p.Index, p.Entry); err != nil {
		return err
	}
	for _, h := range o.Files {
		plain.Fprintf(s.out, "       %s\n", t.t("proof.names", "file", h.Name))
	}
	return nil
}

// print says what holds, and on whose word.
func (c *verifyCmd) print(s *streams, r *audit.Report, given *caselog.PublicKey) error {
	t := &told{Words: c.words()}
	earlier := slices.ContainsFunc(r.Examinations, func(x audit.Examination) bool { return x.Earlier != "" })
	t.say("opened", t.t("opened", "at", r.Opened, "standard", r.Opening.Standard.Name, "sum", r.Opening.Standard.SHA256))
	t.say("log", t.TN("verify.log", r.Checkpoint.Size, "n", r.Checkpoint.Size))
	t.say("files", t.TN("verify.files", int64(r.Files), "n", r.Files, "bytes", r.Bytes))
	for _, x := range r.Examinations {
		if x.Earlier != "" {
			t.say("examination", t.t("examination.earlier", "dir", x.Dir, "format", x.Earlier))
			continue
		}
		t.say("examination", t.t("examination", "dir", x.Dir))
	}
	for _, q := range r.Open {
		t.say("unanswered", t.t("unanswered", "entry", q.Entry, "subject", q.Subject, "from", q.From, "until", q.Until))
	}
	for _, n := range r.Verdicts {
		if earlier {
			t.say("verdict", t.t("verdict.earlier", "entry", n))
			continue
		}
		t.say("verdict", t.t("verdict", "entry", n))
	}
	t.parties(r.Account)
	t.witnesses(r.Witnessed)
	t.stamps(r.Stamps)
	for _, n := range c.Checkpoint {
		t.say("grown", n)
	}
	for _, n := range c.Holds {
		t.say("holds", t.t("holds", "file", n, "entry", r.HeldFiles[n]))
	}
	for _, u := range r.Unknown {
		t.say("notcounted", t.t("unknown", "name", u.Name, "id", u.ID, "where", u.Where))
	}
	for _, p := range r.Leftover {
		if caselog.SetAside(p) {
			t.say("setaside", t.t("setaside", "path", p))
			continue
		}
		t.say("leftover", t.t("leftover", "path", p))
	}
	for _, n := range r.Notes {
		t.say("note", n.In(t.Words))
	}
	t.keys(r.Log, given)
	for _, p := range r.Parties {
		if p.Given {
			t.say("party", t.t("party.given", "name", p.Name))
			continue
		}
		t.say("party", t.t("party", "name", p.Name, "entry", p.Entry))
	}
	title := r.Opening.Title
	if title == "" {
		title = r.Opening.Question
	}
	w := &strings.Builder{}
	plain.Fprintf(w, "%s: %s\n", r.Origin, title)
	if err := t.print(w, "  "); err != nil {
		return err
	}
	if len(r.Examinations) > 0 {
		plain.Fprintln(w, archivesLine(t, r.Archives))
	}
	for _, x := range r.Examinations {
		listsLine(w, t, x.Dir, x.Unchecked)
	}
	_, err := fmt.Fprint(s.out, w)
	return err
}

// printJSON says the same to programs.
func (c *verifyCmd) printJSON(s *streams, r *audit.Report) error {
	type examination struct {
		Entry    int64  `json:"entry"`
		Folder   string `json:"folder"`
		Answer   string `json:"answer"`
		Findings string `json:"findings_sha256"`
		// What rests on lists that were not looked at.
		Unchecked *examine.Unchecked `json:"not_checked,omitempty"`
	}
	xs := []examination{}
	for _, x := range r.Examinations {
		xs = append(xs, examination{x.Entry, x.Dir, x.Findings.WrittenAnswer(), x.SHA256, x.Unchecked})
	}
	open := []int64{}
	for _, q := range r.Open {
		open = append(open, q.Entry)
	}
	return strictjson.Write(s.out, struct {
		Case         string                 `json:"case"`
		Entries      int64                  `json:"entries"`
		Root         string                 `json:"root"`
		Examiner     string                 `json:"examiner"`
		Keys         []caselog.KeyAccount   `json:"keys"`
		ExaminerGive bool                   `json:"examiner_given"`
		Files        int                    `json:"files"`
		Bytes        int64                  `json:"bytes"`
		Examinations []examination          `json:"examinations"`
		Unanswered   []int64                `json:"unanswered"`
		Verdicts     []int64                `json:"verdicts"`
		Parties      []caselog.PartyAccount `json:"parties"`
		Cosignatures []caselog.Cosignature  `json:"cosignatures"`
		Witnessed    *caselog.Witnessed     `json:"witnessed,omitempty"`
		Dissents     []caselog.DissentNote  `json:"dissents"`
		Signed       []caselog.SignedFile   `json:"signed"`
		Stamps       []caselog.TimeStamp    `json:"stamps"`
		Unknown      []caselog.UnknownKey   `json:"not_counted"`
		Leftover     []string               `json:"left_over"`
		Notes        []audit.Note           `json:"notes"`
		Archives     bool                   `json:"archives_read"`
	}{r.Origin, r.Checkpoint.Size, r.Checkpoint.Root.String(), r.Examiner.Text, r.KeyAccounts(), c.Examiner != "", r.Files, r.Bytes, xs, open,
		some(r.Verdicts), r.PartyAccounts(), some(r.Cosignatures), r.Witnessed, some(r.Dissents), some(r.Signed), some(r.Stamps), some(r.Unknown), some(r.Leftover), some(r.Notes), r.Archives})
}

// some writes [] for nothing.
func some[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}
