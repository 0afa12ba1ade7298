package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"constat/internal/plain"
	"constat/routes/atlas"
)

type subjectCmd struct {
	Subject []string `arg:"" help:"AS22047, 175.45.176.0/22, KP, several of them, or the path of a subject file."`
	Atlas   string   `help:"Folder of delegation files and AS names." placeholder:"DIR" type:"path"`
	At      string   `help:"Day the delegations are to hold for (default: the newest given)." placeholder:"DATE"`
	JSON    bool     `name:"json" help:"Print JSON."`
}

func (c *subjectCmd) Run(_ context.Context, s *streams) error {
	a, err := atlas.Open(c.Atlas)
	if err != nil {
		return err
	}
	if c.At != "" {
		day, err := parseDay(c.At)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		a = a.At(day)
	}
	sub, err := resolve(a, subjectOf(c.Subject))
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(sub)
	}
	// The list is the result. What it could not cover is said beside it, and
	// does not get in the way of a program that reads the list.
	w := tabwriter.NewWriter(s.text(), 0, 8, 2, ' ', 0)
	for _, r := range sub.Reasons {
		what := r.What
		if name, ok := asName(a, what); ok {
			what += " " + name
		}
		plain.Fprintf(w, "%s\t%s\n", what, r.Reason)
	}
	for _, r := range sub.Strike.Reasons {
		plain.Fprintf(w, "-%s\t%s\n", r.What, r.Reason)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range sub.LeftOff {
		plain.Fprintf(s.err, "left off, as it is dated later: %s, %s\n", r.What, r.Reason)
	}
	if len(sub.Absent) > 0 {
		plain.Fprintf(s.err, "not covered: what %s delegated; no such list was given\n", strings.Join(sub.Absent, ", "))
	}
	for _, d := range sub.Damaged {
		plain.Fprintf(s.err, "not read: %s\n", d)
	}
	if more := sub.Unread - len(sub.Damaged); more > 0 {
		plain.Fprintf(s.err, "not read: %d more lines\n", more)
	}
	return nil
}

// asName is the name of the AS in "AS131279".
func asName(a *atlas.Atlas, what string) (string, bool) {
	var asn uint32
	if n, _ := fmt.Sscanf(what, "AS%d", &asn); n != 1 {
		return "", false
	}
	return a.Name(asn)
}
