package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"constat/cases/caselog"
	"constat/internal/worded"
)

// witnessCmd are the verbs of C2SP's witness protocol, by file and over HTTP.
type witnessCmd struct {
	Ask     witnessAskCmd     `cmd:"" help:"Ask a witness over HTTP to cosign a case's checkpoint."`
	Serve   witnessServeCmd   `cmd:"" help:"As a witness: answer such requests over HTTP."`
	Request witnessRequestCmd `cmd:"" help:"Write the request to a witness to cosign a case's checkpoint."`
	Sign    witnessSignCmd    `cmd:"" help:"As a witness: cosign the checkpoint of a request, unless it is of a case that was rolled back or forked."`
}

// Help is shown by --help.
func (*witnessCmd) Help() string {
	return `Example, a case and its witness:

  constat witness request kp -o request
  constat witness sign request --key keys/witness.example.key --examiner examiner.example.pub -o seen.note
  constat verify kp --checkpoint seen.note --witness witness.example.pub

Requests and cosignatures are those of https://c2sp.org/tlog-witness and tlog-cosignature. Over HTTP ask and serve do the same.`
}

type witnessRequestCmd struct {
	Case string `arg:"" type:"existingdir" help:"The case."`
	Old  int64  `placeholder:"N" help:"How many entries the witness cosigned last; 0 if it never did. A witness that refuses says the number."`
	Last string `placeholder:"FILE" help:"Instead of --old: the checkpoint that it cosigned last."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the request. Default: standard output."`
	langFlag
}

func (c *witnessRequestCmd) Run(s *streams) error {
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	if c.Last != "" {
		if c.Old != 0 {
			return usage("--old and --last exclude each other")
		}
		b, err := readSmall(c.Last)
		if err != nil {
			return err
		}
		if c.Old, err = l.Earlier(b); err != nil {
			return fmt.Errorf("%s: %w", c.Last, err)
		}
	}
	b, err := l.WitnessRequest(c.Old)
	if err != nil {
		return err
	}
	if c.Out != "" {
		return writeNew(s, c.Out, b, "request")
	}
	_, err = s.out.Write(b)
	return err
}

type witnessSignCmd struct {
	Request  string   `arg:"" optional:"" default:"-" help:"The request; - is standard input."`
	Examiner []string `required:"" sep:"none" placeholder:"KEY" help:"Public key of an examiner whose cases are cosigned: a file, or the key itself. May be repeated."`
	Out      string   `short:"o" placeholder:"FILE" type:"path" help:"Where to write the cosigned checkpoint too."`
	Seen     string   `placeholder:"DIR" type:"path" help:"Folder in which is kept what this key has cosigned. Default: NAME.seen beside the key, as constat countersign has it."`
	keyFlag
	timeFlag
	langFlag
}

// Run cosigns, and prints the line as a witness answers it.
func (c *witnessSignCmd) Run(ctx context.Context, s *streams) error {
	known, err := publicKeys("--examiner", c.Examiner)
	if err != nil {
		return err
	}
	var request []byte
	if c.Request == "-" {
		request, err = io.ReadAll(io.LimitReader(os.Stdin, maxSmall))
	} else {
		request, err = readSmall(c.Request)
	}
	if err != nil {
		return err
	}
	k, err := c.load(s.said, "")
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	seen, err := c.seen(c.Seen)
	if err != nil {
		return err
	}
	line, cosigned, err := caselog.AddCheckpoint(ctx, k, known, request, at, seen)
	var no *caselog.Refusal
	if errors.As(err, &no) {
		more := worded.Phrasef("")
		if no.Status == 409 {
			more = worded.Phrasef("; ask again with --old %d", no.Size)
		}
		return worded.Errorf("not cosigned (%d): %w%s", no.Status, err, more)
	}
	if err != nil {
		return err
	}
	if _, err := s.out.Write(line); err != nil {
		return err
	}
	if c.Out != "" {
		return writeNew(s, c.Out, cosigned, "cosigned checkpoint, for the examiner to add and for verifying")
	}
	return nil
}

// seen is where a key remembers what it cosigned.
func (f *keyFlag) seen(said string) (string, error) {
	if said != "" {
		return said, nil
	}
	name, err := f.file()
	return strings.TrimSuffix(name, ".key") + ".seen", err
}

// witnessKeys reads the keys of witnesses, each given as a file or as itself.
func witnessKeys(flag string, given []string) ([]caselog.PublicKey, error) {
	return keysGiven(flag, given, caselog.ParseWitnessKey)
}
