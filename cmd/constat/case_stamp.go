package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"constat/cases/caselog"
)

type caseStampCmd struct {
	Case    string `arg:"" type:"existingdir" help:"The case."`
	Request string `required:"" placeholder:"FILE" type:"path" help:"Where to write the request."`
	langFlag
}

// Help is shown by --help.
func (*caseStampCmd) Help() string {
	return `Example:

  constat case stamp kp --request kp.tsq
  curl --data-binary @kp.tsq -H "Content-Type: application/timestamp-query" -o kp.tsr https://freetsa.org/tsr
  constat case add kp kp.tsr --as stamp --key keys/examiner.example.key
  constat verify kp --tsa freetsa.pem

The request (RFC 3161) names the SHA-256 of the checkpoint's three lines and nothing of the case. Constat sends nothing: any authority can be asked, and its reply is verified without a network.`
}

// Run writes a request.
func (c *caseStampCmd) Run(s *streams) error {
	l, err := caselog.ReadLog(c.Case)
	if err != nil {
		return err
	}
	if err := writeNew(s, c.Request, l.StampRequest(), "request for a time stamp"); err != nil {
		return err
	}
	s.note("it is of the first %s; add the reply with constat case add --as stamp", count(int(l.Checkpoint.Size), "1 entry", "%d entries"))
	return nil
}

// certificates reads certificates in PEM.
func certificates(flag string, files []string) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for _, name := range files {
		b, err := readSmall(name)
		if err != nil {
			return nil, err
		}
		before := len(out)
		for {
			var p *pem.Block
			if p, b = pem.Decode(b); p == nil {
				break
			}
			if p.Type != "CERTIFICATE" {
				continue
			}
			c, err := x509.ParseCertificate(p.Bytes)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", flag, name, err)
			}
			out = append(out, c)
		}
		if len(out) == before {
			return nil, fmt.Errorf("%s %s: it has no certificate in PEM", flag, name)
		}
	}
	return out, nil
}
