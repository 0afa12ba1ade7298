package main

import (
	"context"
	"errors"

	"constat/cases/caselog"
)

type caseKeyRotateCmd struct {
	Case     string `arg:"" type:"existingdir" help:"The case."`
	Old      string `xor:"by" placeholder:"KEY" help:"Private key that signs the case now, as --key is given."`
	Handover string `xor:"by" placeholder:"FILE" help:"Note of a guardian (constat case key handover), instead of --old, when that key is lost or stolen."`
	Why      string `help:"Why, in a sentence; needed with --old. It stays in the case."`

	OldPassphraseFile string `placeholder:"FILE" help:"File whose first line is the passphrase of --old. Default: it is asked for on the terminal."`
	langFlag
	keyFlag
	timeFlag
}

// Help is shown by --help.
func (*caseKeyRotateCmd) Help() string {
	return `Examples:

  constat case key rotate kp --old keys/old.example.key --key keys/new.example.key --why "The laptop was replaced."
  constat case key rotate kp --handover handover.note --key keys/new.example.key

--key is the new key: it signs the case from this entry on, and the old one does not any more. Give the new public key to whoever has the old one; constat verify --examiner takes either.`
}

// Run hands the case over.
func (c *caseKeyRotateCmd) Run(ctx context.Context, s *streams) error {
	if c.Old == "" && c.Handover == "" {
		return usage("give the key that signs the case now (--old), or a guardian's note (--handover)")
	}
	if c.Old != "" && c.Why == "" {
		return usage("--old needs --why: whoever verifies the case sees it")
	}
	if c.Handover != "" && c.Why != "" {
		return usage("--why goes with --old: a guardian's note has its own reason")
	}
	cs, next, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	var old *caselog.Key
	var handover []byte
	if c.Old != "" {
		old, err = (&keyFlag{Key: c.Old, PassphraseFile: c.OldPassphraseFile}).load(s.said, c.Case)
	} else {
		handover, err = readSmall(c.Handover)
	}
	if err != nil {
		return err
	}
	cp, e, err := cs.Rotate(ctx, next, old, handover, c.Why, at)
	if err != nil {
		return err
	}
	s.note("the case is signed by %s from now on; give its public key to whoever has the old one", next.Public().Name)
	return line(s, c.words(), cp.Size-1, e)
}

type caseKeyGuardCmd struct {
	Case     string `arg:"" type:"existingdir" help:"The case."`
	Guardian string `arg:"" placeholder:"KEY" help:"Public key of the guardian: a file, or the key itself. It is somebody else's, or yours and kept elsewhere."`
	Note     string `help:"A sentence about it."`
	langFlag
	keyFlag
	timeFlag
}

// Run names a guardian.
func (c *caseKeyGuardCmd) Run(ctx context.Context, s *streams) error {
	ks, err := publicKeys("KEY", []string{c.Guardian})
	if err != nil {
		return err
	}
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	if err := l.MayGuard(ks[0]); err != nil {
		return err
	}
	a, err := cs.NewAct(caselog.KindGuardian, at)
	if err != nil {
		return err
	}
	defer a.Discard()
	a.Note, a.Data = c.Note, caselog.GuardianData{Name: ks[0].Name, Key: ks[0].Text}
	return commit(ctx, s, c.words(), cs, k, a)
}

type caseKeyHandoverCmd struct {
	Case string `arg:"" help:"The case, or a packed one."`
	To   string `required:"" placeholder:"KEY" help:"The new public key: a file, or the key itself."`
	Why  string `required:"" help:"Why, in a sentence. It stays in the case."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the note. Default: NAME-hands-over-SIZE.note."`
	keyFlag
	timeFlag
	againstFlags
	limitFlags
	langFlag
}

// Run verifies before it signs.
func (c *caseKeyHandoverCmd) Run(ctx context.Context, s *streams) error {
	to, err := publicKeys("--to", []string{c.To})
	if err != nil {
		return err
	}
	return c.keyFlag.sign(ctx, s, c.Case, c.Out, "hands-over", &c.againstFlags, &c.limitFlags,
		func(l *caselog.Log, k *caselog.Key) ([]byte, error) {
			at, err := c.at()
			if err != nil {
				return nil, err
			}
			b, err := l.Handover(k, to[0], c.Why, at)
			if err != nil {
				return nil, errors.Join(errors.New("not handed over"), err)
			}
			return b, nil
		})
}
