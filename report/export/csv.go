package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/moment"
)

// csvHead names the columns; they are a format and in no language of people
// (docs/formats/exchange.md).
var csvHead = []string{"examination", "findings_sha256", "subject", "scope", "name", "partial", "from", "until",
	"onset_first", "onset_median", "onset_last", "recovery_first", "recovery_median", "recovery_last", "duration_s", "censored",
	"total_from", "total_until", "prefixes_lost", "prefixes", "ipv4_addresses_lost", "ipv6_48s_lost", "peers_lost", "peers_carried", "networks",
	"losses", "gone_s", "all_gone_s", "most_gone", "most_gone_of",
	"not_back", "not_back_of", "bare_from", "bare_until", "bare_s", "note"}

// CSV lists every outage of every examination, in the order of the findings. The
// report's tables end somewhere; this list does not.
func CSV(c *Case, _ Options) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(csvHead); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	when := func(t *moment.Time) string {
		if t == nil {
			return ""
		}
		return t.String()
	}
	n := func(v int) string { return strconv.Itoa(v) }
	for i := range c.Examinations {
		x := &c.Examinations[i]
		var notes []string
		if x.reconstruction() != nil {
			notes = append(notes, "reconstruction")
		}
		if c.Unchecked {
			notes = append(notes, "unchecked")
		}
		for j := range x.Findings.Outages {
			o := &x.Findings.Outages[j]
			row := []string{word(x.Folder), x.SHA256, word(x.Findings.Question.Subject), o.Scope, word(o.Name), strconv.FormatBool(o.Partial), o.From.String(), when(o.Until),
				when(o.Onset.First), when(o.Onset.Median), when(o.Onset.Last)}
			if r := o.Recovery; r != nil {
				row = append(row, when(r.First), when(r.Median), when(r.Last))
			} else {
				row = append(row, "", "", "")
			}
			length, censored := "", ""
			if o.DurationS != nil {
				length = strconv.FormatInt(*o.DurationS, 10)
			}
			if o.Censored != nil {
				censored = x.Findings.WrittenCensor(*o.Censored)
			}
			var from, until []string
			for _, s := range o.Total {
				from, until = append(from, s.From.String()), append(until, when(s.Until))
			}
			row = append(row, length, censored, strings.Join(from, " "), strings.Join(until, " "), n(o.Lost.Prefixes), n(o.Lost.Of),
				strconv.FormatInt(o.Lost.V4, 10), strconv.FormatInt(o.Lost.V6, 10), n(o.Witnesses.Lost), n(o.Witnesses.Carried), n(o.Witnesses.ASes))
			if g := o.Gone; g != nil {
				row = append(row, n(g.Losses), strconv.FormatInt(g.Seconds, 10), strconv.FormatInt(g.Together, 10), n(g.Most), n(g.Of))
			} else {
				row = append(row, "", "", "", "", "")
			}
			if l := o.Left; l != nil {
				row = append(row, n(l.Gone), n(l.Routes))
			} else {
				row = append(row, "", "")
			}
			if b := o.Bare; b != nil {
				row = append(row, b.From.String(), b.Until.String(), strconv.FormatInt(b.Seconds, 10))
			} else {
				row = append(row, "", "", "")
			}
			row = append(row, strings.Join(notes, " "))
			if err := w.Write(row); err != nil {
				return nil, fmt.Errorf("export: %w", err)
			}
		}
		for _, f := range x.Findings.Folded {
			row := make([]string, len(csvHead))
			copy(row, []string{word(x.Folder), x.SHA256, word(x.Findings.Question.Subject), f.Scope, word(f.Name), strconv.FormatBool(f.Partial), f.From.String(), f.Until.String()})
			for k, v := range map[string]string{"losses": n(f.Losses), "gone_s": strconv.FormatInt(f.Seconds, 10), "most_gone": n(f.Routes.Lost), "most_gone_of": n(f.Routes.Of),
				"note": strings.Join(append(slices.Clone(notes), "folded"), " ")} {
				row[slices.Index(csvHead, k)] = v
			}
			if err := w.Write(row); err != nil {
				return nil, fmt.Errorf("export: %w", err)
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return b.Bytes(), nil
}

// word is a name that somebody else chose, so that no spreadsheet takes it for a
// formula.
func word(s string) string {
	s = oneLine(s)
	if s != "" && strings.ContainsAny(s[:1], "=+-@ ") {
		return "'" + s
	}
	return s
}
