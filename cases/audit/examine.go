package audit

import (
	"context"
	"fmt"
	"path/filepath"

	"constat/cases/caselog"
	"constat/cases/examine"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
)

// Declared takes the standard of proof of a request from the case, where it was
// declared.
func Declared(cs *caselog.Case, r *examine.Request) error {
	name := filepath.Join(cs.Dir(), filepath.FromSlash(caselog.ActFolder(0, caselog.KindOpened)), examine.StandardName)
	text, err := caselog.ReadFile(filepath.Dir(name), examine.StandardName)
	if err != nil {
		return fmt.Errorf("the standard of proof of the case: %w", err)
	}
	if r.Standard, r.StandardHash, err = proof.Parse(text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if want := cs.Opening.Standard.SHA256; r.StandardHash != want {
		return fmt.Errorf("%s is not the standard that the case declared: its SHA-256 is %s, declared was %s", name, r.StandardHash, want)
	}
	r.StandardText = text
	return nil
}

// Examined is an examination that was put into a case.
type Examined struct {
	Entry    int64
	Folder   string // in the case, with slashes
	Findings *finding.Findings
}

// Examine examines as part of a case: it logs what is asked, has open fill in
// the request's sources and notes, examines, and adds what came out. What was
// asked stays in the log whatever becomes of it. The request's folder and
// standard are set here; its last folder's name is name.
func Examine(ctx context.Context, cs *caselog.Case, k *caselog.Key, at moment.Time, r examine.Request, name, note string, open func(*examine.Request) error) (*Examined, error) {
	if err := Declared(cs, &r); err != nil {
		return nil, err
	}
	a, err := cs.NewAct(caselog.KindAsked, at)
	if err != nil {
		return nil, err
	}
	defer a.Discard()
	a.Data = AskedData{Subject: r.Asked, From: r.From, Until: r.Until}
	cp, _, err := cs.Add(ctx, k, a)
	if err != nil {
		return nil, err
	}
	asked := cp.Size - 1

	if err := open(&r); err != nil {
		return nil, err
	}
	if a, err = cs.NewAct(caselog.KindExamined, at); err != nil {
		return nil, err
	}
	defer a.Discard()
	dir, err := a.Folder()
	if err != nil {
		return nil, err
	}
	name = caselog.SafeName(name)
	r.Dir, r.Force = filepath.Join(dir, name), false
	f, err := examine.Run(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := a.Include(name, Role); err != nil {
		return nil, err
	}
	a.Note, a.Data = note, ExaminedData{Asked: asked, Folder: name, Answer: f.WrittenAnswer()}
	if cp, _, err = cs.Add(ctx, k, a); err != nil {
		return nil, err
	}
	return &Examined{cp.Size - 1, caselog.ActFolder(cp.Size-1, caselog.KindExamined) + "/" + name, f}, nil
}
