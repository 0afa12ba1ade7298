package examine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"constat/cases/caselog"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
	"constat/routes/vantage"
)

// Asked is what an examination's folder says was asked, and whom it listened
// to.
type Asked struct {
	Subject    string
	From       moment.Time
	Until      moment.Time
	Standard   string // SHA-256
	Collectors []string
}

// ReadAsked reads it.
func ReadAsked(dir string) (*Asked, error) {
	q, err := readQuestion(dir)
	if err != nil {
		return nil, err
	}
	w, err := readWatch(dir)
	if err != nil {
		return nil, err
	}
	a := &Asked{Subject: q.Question.Subject, From: q.Question.From, Until: q.Question.Until, Standard: q.Standard.SHA256}
	for _, c := range w.Collectors {
		a.Collectors = append(a.Collectors, c.Name)
	}
	return a, nil
}

// VerifyArchives holds an examination in dir against the archives that it was
// made from: the files it read must be those, bit for bit, and no file of its
// collectors may have been passed over; reading them again must give the same
// account of who was watching, the same controls, and exhibits with the same
// records, all verbatim and none left out. With an atlas, what question.json has of lists
// ([Unchecked]) must be what the lists in it have, too. The error is a [*caselog.Fault]
// with a path from dir for the first thing that does not hold. What it reads is
// extracted into a folder beside scratch, which is removed.
func VerifyArchives(ctx context.Context, dir string, set *source.Set, a *atlas.Atlas, scratch string, done func(file string, n, of int)) error {
	q, err := readQuestion(dir)
	if err != nil {
		return err
	}
	was, err := readWatch(dir)
	if err != nil {
		return err
	}
	text, err := caselog.ReadFile(dir, StandardName)
	if err != nil {
		return err
	}
	set = sameCollectors(set, was)
	sameReasons(set, was)
	if err := sameFiles(set, was, copiers(q.Notes)); err != nil {
		return err
	}
	r := Request{Asked: q.Question.Subject, Subject: q.Subject, From: q.Question.From, Until: q.Question.Until,
		Sources: set, StandardText: text, Notes: q.Notes, Workers: runtime.GOMAXPROCS(0), Done: done}
	if r.Standard, r.StandardHash, err = proof.Parse(text); err != nil {
		return err
	}
	if q.unchecked() == nil {
		a = nil // made without lists: there is nothing to hold against any
	}
	r.Atlas = a
	w, err := caselog.Create(filepath.Join(scratch, "again"), false)
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.WriteFile(StandardName, text); err != nil {
		return err
	}
	if _, err := collect(ctx, &r, w); err != nil {
		return err
	}
	now, err := readWatch(w.Dir())
	if err != nil {
		return err
	}
	if err := sameDigests(now, was); err != nil {
		return err
	}
	if err := sameExhibits(dir, w.Dir()); err != nil {
		return err
	}
	for _, name := range []string{WatchName, ControlsName} {
		x, err := caselog.ReadFile(dir, name)
		if err != nil {
			return err
		}
		y, err := caselog.ReadFile(w.Dir(), name)
		if err != nil {
			return err
		}
		if !bytes.Equal(x, y) {
			line := 1 + bytes.Count(x[:common(x, y)], []byte("\n"))
			return archiveFault(name, "it is not what the archives give, first in line %d", line)
		}
	}
	if a == nil {
		return nil
	}
	again, err := readQuestion(w.Dir())
	if err != nil {
		return err
	}
	return sameLists(q, again, a)
}

func archiveFault(name, format string, args ...any) error {
	return &caselog.Fault{Path: name, Entry: -1, Err: fmt.Errorf(format, args...)}
}

func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// sameReasons gives holes the reasons that the examination gave them. A file that
// was not given to it may be in the archive that it is checked against, and the
// other way round; the holes themselves must be the same.
func sameReasons(set *source.Set, was *vantage.Watch) {
	for i := range set.Missing {
		h := &set.Missing[i]
		for _, c := range was.Collectors {
			k := slices.Index(c.Missing, moment.Interval{From: h.From, Until: h.Until})
			if c.Name == h.Collector && k >= 0 && k < len(c.Why) {
				h.Reason = c.Why[k]
			} else if c.Name == h.Collector && k >= 0 {
				h.Reason = "" // it did not say
			}
		}
	}
}

// sameCollectors leaves out what the examination never claimed to have heard.
func sameCollectors(set *source.Set, was *vantage.Watch) *source.Set {
	has := map[string]bool{}
	for _, c := range was.Collectors {
		has[c.Name] = true
	}
	out := &source.Set{Cadence: set.Cadence}
	for _, f := range set.Files {
		if has[f.Collector] {
			out.Files = append(out.Files, f)
		}
	}
	for _, h := range set.Missing {
		if has[h.Collector] {
			out.Missing = append(out.Missing, h)
		}
	}
	return out
}

// copiers are the collectors some of whose files were left out as copies. That they
// are is seen when they are read: what is none changes the account of who was watching.
func copiers(notes []finding.Note) map[string]bool {
	out := map[string]bool{}
	for _, n := range notes {
		if n.Key == finding.NoteCopies {
			for _, f := range n.Files {
				name, _, _ := strings.Cut(f, " = ")
				out[name] = true
			}
		}
	}
	return out
}

// sameFiles compares names, before anything large is read.
func sameFiles(set *source.Set, was *vantage.Watch, copied map[string]bool) error {
	have := map[[2]string]bool{}
	for _, f := range set.Files {
		have[[2]string{f.Collector, f.Name}] = true
	}
	for _, c := range was.Collectors {
		for _, f := range c.Files {
			id := [2]string{c.Name, f.Name}
			if !have[id] {
				return archiveFault(WatchName, "the examination read %s of %s, and the archives given do not have it (--source says where to look)", f.Name, c.Name)
			}
			delete(have, id)
		}
	}
	for _, f := range set.Files {
		if have[[2]string{f.Collector, f.Name}] && !copied[f.Collector] {
			return archiveFault(WatchName, "the archives have %s of %s for this question, and the examination left it out", f.Name, f.Collector)
		}
	}
	return nil
}

func sameDigests(now, was *vantage.Watch) error {
	sums := map[[2]string]string{}
	for _, c := range now.Collectors {
		for _, f := range c.Files {
			sums[[2]string{c.Name, f.Name}] = f.SHA256
		}
	}
	for _, c := range was.Collectors {
		for _, f := range c.Files {
			if got := sums[[2]string{c.Name, f.Name}]; got != f.SHA256 {
				return archiveFault(WatchName, "%s of %s is not the file that the examination read: its SHA-256 is %s, read was %s", f.Name, c.Name, got, f.SHA256)
			}
		}
	}
	return nil
}

// sameExhibits compares record by record, so that it can be said which one is
// not in the source, or was left out.
func sameExhibits(dir, again string) error {
	a, err := caselog.ReadManifest(dir)
	if err != nil {
		return err
	}
	b, err := caselog.ReadManifest(again)
	if err != nil {
		return err
	}
	names := map[string]*caselog.Exhibit{}
	for i := range b.Exhibits {
		names[b.Exhibits[i].Name] = &b.Exhibits[i]
	}
	for i := range a.Exhibits {
		x := &a.Exhibits[i]
		path := caselog.ExhibitDir + "/" + x.Name
		y := names[x.Name]
		if y == nil || y.Source != x.Source {
			return archiveFault(path, "its source %s of %s holds no record that belongs here", x.Source.Name, x.Source.Collector)
		}
		delete(names, x.Name)
		of, is := x.Records.List(), y.Records.List()
		for n := 0; n < len(of) || n < len(is); n++ {
			switch {
			case n == len(of) || n < len(is) && is[n][0] < of[n][0]:
				return archiveFault(path, "the record at %d of %s was left out", is[n][0], x.Source.Name)
			case n == len(is) || of[n] != is[n]:
				return archiveFault(path, "its record %d, said to lie at %d of %s, is none of the source's that belong here", n, of[n][0], x.Source.Name)
			}
		}
		if x.SHA256 != y.SHA256 {
			n, err := firstDifferent(dir, again, x, y)
			if err != nil {
				return err
			}
			return archiveFault(path, "its record %d is not verbatim what lies at %d of %s", n, of[n][0], x.Source.Name)
		}
	}
	for i := range b.Exhibits {
		if x := &b.Exhibits[i]; names[x.Name] != nil {
			return archiveFault(caselog.ManifestName, "%d records of %s of %s were left out", x.Records.Len(), x.Source.Name, x.Source.Collector)
		}
	}
	return nil
}

// firstDifferent finds the record in which two exhibits of the same layout
// differ.
func firstDifferent(dir, again string, x, y *caselog.Exhibit) (int, error) {
	read := func(dir string, x *caselog.Exhibit) ([]byte, error) {
		f, err := x.Open(dir)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, x.Size))
	}
	a, err := read(dir, x)
	b, err2 := read(again, y)
	if err := errors.Join(err, err2); err != nil {
		return 0, err
	}
	at, n := int64(common(a, b)), int64(0)
	return max(0, slices.IndexFunc(x.Records.List(), func(r [2]int64) bool { n += r[1]; return at < n })), nil
}
