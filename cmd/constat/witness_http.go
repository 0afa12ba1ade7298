package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"constat/cases/caselog"
	"constat/cases/witness"
	"constat/moment"
)

type witnessAskCmd struct {
	Case     string        `arg:"" type:"existingdir" help:"The case."`
	URL      string        `required:"" name:"url" placeholder:"URL" help:"Where the witness listens, such as https://witness.example."`
	Witness  string        `required:"" placeholder:"KEY" help:"The witness's public key: a file, or the key itself."`
	Out      string        `required:"" short:"o" placeholder:"FILE" type:"path" help:"Where to write the cosigned checkpoint."`
	Patience time.Duration `default:"1m" placeholder:"D" help:"Give a witness up that has not answered for so long (default 1m)."`
	langFlag
}

// Help is shown by --help.
func (*witnessAskCmd) Help() string {
	return `Example:

  constat witness ask kp --url https://witness.example --witness witness.example.pub -o seen.note
  constat case add kp seen.note --key keys/examiner.example.key

The witness is sent the checkpoint and a proof, and nothing else of the case. Its answer is checked with its key. To add it to the case the witness's key must be there as a party's; kept beside the case it is as good (constat verify --checkpoint).`
}

// Run asks, and writes what was cosigned.
func (c *witnessAskCmd) Run(ctx context.Context, s *streams) error {
	ks, err := witnessKeys("--witness", []string{c.Witness})
	if err != nil {
		return err
	}
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	client := &witness.Client{Agent: "constat", Patience: c.Patience}
	b, err := client.Ask(ctx, c.URL, l, ks[0], 0)
	if err != nil {
		return err
	}
	return writeNew(s, c.Out, b, "cosigned checkpoint, for the examiner to add and for verifying")
}

type witnessServeCmd struct {
	Listen   string        `default:"127.0.0.1:7380" placeholder:"ADDRESS" help:"Where to listen (default 127.0.0.1:7380). TLS is for a server before it."`
	Examiner []string      `required:"" sep:"none" placeholder:"KEY" help:"Public key of an examiner whose cases are cosigned: a file, or the key itself. May be repeated; files are read anew for each request."`
	Seen     string        `placeholder:"DIR" type:"path" help:"Folder in which is kept what this key has cosigned. Default: NAME.seen beside the key, as constat countersign has it."`
	Patience time.Duration `default:"1m" placeholder:"D" help:"Cut a request off that is not there whole after so long (default 1m)."`
	keyFlag
	langFlag
}

// Help is shown by --help.
func (*witnessServeCmd) Help() string {
	return `Example:

  constat witness serve --key keys/witness.example.key --examiner examiner.example.pub

It answers add-checkpoint of https://c2sp.org/tlog-witness until it is interrupted, and says on standard error what it answered whom. Whoever loses the folder of --seen must make a new key: a witness without its memory would cosign a fork.`
}

// Run serves until it is interrupted.
func (c *witnessServeCmd) Run(ctx context.Context, s *streams) error {
	if _, err := publicKeys("--examiner", c.Examiner); err != nil {
		return err
	}
	k, err := c.load(s.said, "")
	if err != nil {
		return err
	}
	seen, err := c.seen(c.Seen)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	s.note("witness %s listens at %s", k.Public().WitnessText(), "http://"+l.Addr().String())
	return witness.Serve(ctx, l, &witness.Handler{
		Key:       k,
		Examiners: func() ([]caselog.PublicKey, error) { return publicKeys("--examiner", c.Examiner) },
		Seen:      seen,
		Now:       func() moment.Time { return moment.FromTime(time.Now().Truncate(time.Second)) },
		Told: func(from string, status int, err error) {
			if err == nil {
				s.note("%s: cosigned", from)
				return
			}
			s.note("%s: %d, %v", from, status, err)
		},
	}, c.Patience)
}
