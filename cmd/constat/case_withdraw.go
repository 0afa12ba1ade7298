package main

import (
	"context"

	"constat/cases/caselog"
)

type caseWithdrawCmd struct {
	Case  string `arg:"" type:"existingdir" help:"The case."`
	Entry int64  `arg:"" help:"Number of the entry from which nothing shall be concluded any more."`
	Why   string `required:"" help:"Why, in a sentence. It stays in the case, beside what is withdrawn."`
	langFlag
	keyFlag
	timeFlag
}

// Run withdraws an entry. It stays in the log and in the folder.
func (c *caseWithdrawCmd) Run(ctx context.Context, s *streams) error {
	cs, k, at, err := begin(s.said, c.Case, &c.keyFlag, &c.timeFlag)
	if err != nil {
		return err
	}
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	d := caselog.WithdrawnData{Entry: c.Entry, Why: c.Why}
	if err := l.MayWithdraw(d, l.Checkpoint.Size); err != nil {
		return usage("%w", err)
	}
	if by, ok := l.Withdrawals(l.Checkpoint.Size)[c.Entry]; ok {
		return usage("entry %d is withdrawn already, by entry %d", c.Entry, by)
	}
	a, err := cs.NewAct(caselog.KindWithdrawn, at)
	if err != nil {
		return err
	}
	defer a.Discard()
	a.Data = d
	return commit(ctx, s, c.words(), cs, k, a)
}
