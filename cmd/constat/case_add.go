package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/internal/locale"
	"constat/internal/worded"
	"constat/moment"
)

type caseAddCmd struct {
	Case  string   `arg:"" type:"existingdir" help:"The case."`
	Files []string `arg:"" type:"existingfile" help:"Files to add. Public keys, cosignatures and dissents are known by what is in them."`
	As    string   `default:"document" enum:"document,evidence,source,stamp" help:"What other files are: document, evidence, source, or stamp, the reply of a time-stamping authority (constat case stamp)."`
	For   string   `help:"Of a public key: whom the party speaks for."`
	Note  string   `help:"A sentence about it."`
	langFlag
	keyFlag
	timeFlag
}

// Run adds each file as an entry of its own, and all or none.
func (c *caseAddCmd) Run(ctx context.Context, s *streams) error {
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	var ledger *caselog.Account // read only where parties come into it
	var log *caselog.Log
	var acts []*caselog.Act
	defer func() {
		for _, a := range acts {
			a.Discard()
		}
	}()
	for _, name := range c.Files {
		if fi, err := os.Stat(name); err != nil {
			return err
		} else if !fi.Mode().IsRegular() {
			return worded.Errorf("%s is no ordinary file", name)
		}
		head, err := readUpTo(name, 2048) // enough to know a key or a note by
		if err != nil {
			return err
		}
		kind, note := c.As, caselog.NoteKind(head)
		party := caselog.LooksLikePublicKey(head)
		if (party || note != "") && ledger == nil {
			if ledger, err = caselog.Ledger(c.Case); err != nil {
				return err
			}
		}
		if caselog.IsHandover(head) {
			return usage("%s hands the case to another key: give it to constat case key rotate --handover", name)
		}
		if note == caselog.RoleSignature {
			return usage("%s is the signature of a file: give it with that file to constat case state --signature", name)
		}
		if party {
			kind = caselog.KindParty
		} else if note != "" {
			kind = note
		}
		a, err := cs.NewAct(kind, at)
		if err != nil {
			return err
		}
		acts = append(acts, a)
		a.Note = c.Note
		if kind == caselog.KindStamp && log == nil {
			if log, err = caselog.ReadLog(c.Case); err != nil {
				return err
			}
		}
		if err := c.fill(a, name, kind, note, head, ledger, log); err != nil {
			return err
		}
	}
	return commit(ctx, s, c.words(), cs, k, acts...)
}

// fill gives an act what a file is: a key if it is one, a note by its kind, a stamp of
// the log, or else the file itself.
func (c *caseAddCmd) fill(a *caselog.Act, name, kind, note string, head []byte, ledger *caselog.Account, log *caselog.Log) error {
	switch {
	case kind == caselog.KindParty:
		key, err := caselog.ParsePublicKey(string(head))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p := caselog.PartyData{Name: key.Name, Key: key.Text, For: c.For}
		if err := ledger.Know(p); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.Data = p
	case note != "":
		b, err := readSmall(name)
		if err != nil {
			return err
		}
		who, err := ledger.Accept(b, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := a.WriteFile(caselog.SafeName(who)+".note", caselog.RoleNote, b); err != nil {
			return err
		}
	case kind == caselog.KindStamp:
		b, err := readSmall(name)
		if err != nil {
			return err
		}
		size, err := log.Stamped(b)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.Data = caselog.StampData{Entries: size}
		if err := a.WriteFile("stamp.tsr", caselog.RoleStamp, b); err != nil {
			return err
		}
	default:
		if err := readable(c.As, name); err != nil {
			return err
		}
		if err := a.CopyFile(caselog.SafeName(filepath.Base(name)), "", name); err != nil {
			return err
		}
	}
	return nil
}

// readable refuses a file that says that it is of a form that is concluded from
// and is not: in the case it would only be listed as unreadable, for ever.
func readable(kind, name string) error {
	fi, err := os.Stat(name)
	if err != nil || fi.Size() > maxSmall {
		return err
	}
	b, err := readSmall(name)
	if err != nil {
		return err
	}
	if err := conclude.Readable(kind, filepath.Base(name), b); err != nil {
		return worded.Errorf("%s: nothing was added, since nothing could be concluded from it: %w", name, err)
	}
	return nil
}

// begin opens a case for an act.
func begin(said tongue, dir string, kf *keyFlag, tf *timeFlag) (*caselog.Case, *caselog.Key, moment.Time, error) {
	cs, err := caselog.Open(dir)
	if err != nil {
		return nil, nil, 0, err
	}
	k, err := kf.load(said, dir)
	if err != nil {
		return nil, nil, 0, err
	}
	at, err := tf.at()
	return cs, k, at, err
}

// commit adds acts and says which entries they became.
func commit(ctx context.Context, s *streams, words *locale.Words, cs *caselog.Case, k *caselog.Key, acts ...*caselog.Act) error {
	cp, entries, err := cs.Add(ctx, k, acts...)
	if err != nil {
		return err
	}
	// From here on they are in the case, whatever becomes of telling it.
	for i, e := range entries {
		if err := line(s, words, cp.Size-int64(len(entries))+int64(i), e); err != nil {
			return worded.Errorf("the case has it: its log has %d entries now. Only telling it failed: %w", cp.Size, err)
		}
	}
	return nil
}

type caseStateCmd struct {
	Case      string `arg:"" type:"existingdir" help:"The case."`
	Statement string `arg:"" type:"existingfile" help:"A register of statements (docs/formats/statements.md); with --signature whatever it is that was signed."`
	Signature string `placeholder:"FILE" type:"existingfile" help:"Its signature by whom it is from (constat case sign)."`
	Note      string `help:"A sentence about it."`
	langFlag
	keyFlag
	timeFlag
}

func (c *caseStateCmd) Run(ctx context.Context, s *streams) error {
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	b, err := readSmall(c.Statement)
	if err != nil {
		return err
	}
	// What a party signed is kept whatever it is: whoever is examined must be heard.
	// The examiner's own slip is refused while it can be mended.
	if c.Signature == "" {
		switch err := conclude.Register(b); {
		case errors.Is(err, conclude.ErrNoRegister):
			return fmt.Errorf("%s: nothing was added, since it is %w. constat read makes a register of an article (--accept, --register, --by), docs/formats/statements.md says how to write one; "+
				"what a party signed is added with --signature, any other file with constat case add", c.Statement, err)
		case err != nil:
			return fmt.Errorf("%s: nothing was added, since nothing could be concluded from it: %w", c.Statement, err)
		}
	}
	a, err := cs.NewAct(caselog.KindStatement, at)
	if err != nil {
		return err
	}
	defer a.Discard()
	a.Note = c.Note
	name, role := caselog.SafeName(filepath.Base(c.Statement)), "statement"
	if c.Signature != "" {
		role = caselog.RoleSigned
		sig, err := readSmall(c.Signature)
		if err != nil {
			return err
		}
		ledger, err := caselog.Ledger(c.Case)
		if err != nil {
			return err
		}
		who, err := ledger.Accept(sig, b)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Signature, err)
		}
		if caselog.NoteKind(sig) != caselog.RoleSignature {
			return usage("%s is no signature of a file (constat case sign)", c.Signature)
		}
		if err := a.WriteFile(caselog.SafeName(who)+".sig", caselog.RoleSignature, sig); err != nil {
			return err
		}
	}
	if err := a.WriteFile(name, role, b); err != nil {
		return err
	}
	if err := conclude.Readable(caselog.KindStatement, name, b); err != nil {
		s.note("%s is kept as it is, but nothing is concluded from it: %v", c.Statement, err)
	}
	return commit(ctx, s, c.words(), cs, k, a)
}

type caseProveCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	What string `arg:"" help:"Number of an entry, or a file that is in the case."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the proof. Default: standard output."`
	langFlag
}

func (c *caseProveCmd) Run(ctx context.Context, s *streams) error {
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(c.What, 10, 64)
	if err != nil {
		h, err := caselog.HoldFile(c.What)
		if err != nil {
			return usage("%s is neither the number of an entry nor a file: %w", c.What, err)
		}
		if n, err = l.Find(h); err != nil {
			return err
		}
	}
	b, err := l.Prove(n)
	if err != nil {
		return err
	}
	if c.Out != "" {
		return writeNew(s, c.Out, b, "proof")
	}
	_, err = s.out.Write(b)
	return err
}
