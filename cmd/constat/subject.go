package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/report"
	"constat/routes/atlas"
)

type subjectCmd struct {
	Subject []string `arg:"" help:"AS22047, 175.45.176.0/22, KP, several of them, or the path of a subject file."`
	Atlas   string   `help:"Folder of delegation files and AS names. Default: of a country, the lists of the day are fetched." placeholder:"DIR" type:"path"`
	At      string   `help:"Day the delegations are to hold for (default: the newest given)." placeholder:"DATE"`
	Cache   string   `help:"Folder for what is fetched. Default: constat in the user's cache folder." placeholder:"DIR" type:"path"`
	Offline bool     `help:"Of lists that are not named by --atlas, use those in the cache."`
	JSON    bool     `name:"json" help:"Print JSON."`
	langFlag
	patienceFlag
}

func (c *subjectCmd) Run(ctx context.Context, s *streams) error {
	var day time.Time
	if c.At != "" {
		var err error
		if day, err = parseDay(c.At); err != nil {
			return &exitError{exitUsage, fmt.Errorf("--at: %w", err)}
		}
	}
	a, sub, err := lists{c.Atlas, c.Cache, c.Offline, c.Patience}.resolve(ctx, s, subjectOf(c.Subject), day)
	if err != nil {
		return err
	}
	if c.JSON {
		return strictjson.Write(s.out, sub)
	}
	// The list is the result. What it could not cover is said beside it, and
	// does not get in the way of a program that reads the list.
	w := tabwriter.NewWriter(s.text(), 0, 8, 2, ' ', 0)
	for _, r := range sub.Reasons {
		what := r.What
		if name, ok := asName(a, what); ok {
			what += " " + name
		}
		plain.Fprintf(w, "%s\t%s\n", what, report.OnList(c.words(), r.Reason))
	}
	for _, r := range sub.Strike.Reasons {
		plain.Fprintf(w, "-%s\t%s\n", r.What, report.OnList(c.words(), r.Reason))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var old []string
	for _, l := range sub.Lists {
		if !day.IsZero() && l.Stale(day, day) {
			old = append(old, l.String())
		}
	}
	if len(old) > 0 {
		s.note("lists of another time than %s: %s", day.Format(time.DateOnly), strings.Join(old, ", "))
	}
	for _, r := range sub.LeftOff {
		s.note("left off, as it is dated later: %s, %s", r.What, r.Reason)
	}
	for _, d := range sub.Damaged {
		s.note("not read: %s", d)
	}
	if more := sub.Unread - len(sub.Damaged); more > 0 {
		s.note("not read: %d more lines", more)
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
