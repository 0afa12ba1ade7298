package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"constat/moment"
	"constat/report"
)

// csvHead names the columns; they are a format and in no language of people
// (docs/formats/exchange.md).
var csvHead = []string{"examination", "findings_sha256", "subject", "scope", "name", "partial", "from", "until",
	"onset_first", "onset_median", "onset_last", "recovery_first", "recovery_median", "recovery_last", "duration_s", "censored",
	"total_from", "total_until", "prefixes_lost", "prefixes", "ipv4_addresses_lost", "ipv6_48s_lost", "peers_lost", "peers_carried", "networks",
	"losses", "gone_s", "all_gone_s", "most_gone", "most_gone_of",
	"not_back", "not_back_of", "bare_from", "bare_until", "bare_s",
	"announced_by", "beside", "beside_prefix", "began", "stood", "set_aside", "note"}

// CSV lists every outage of every examination, in the order of the findings, and every
// announcement of the same addresses by several networks, before them if the report tells it
// first. The report's tables end somewhere; this list does not.
func CSV(c *Case, _ Options) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(csvHead); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	for i := range c.Examinations {
		x := &c.Examinations[i]
		var notes []string
		if x.reconstruction() != nil {
			notes = append(notes, "reconstruction")
		}
		if c.Unchecked {
			notes = append(notes, "unchecked")
		}
		if x.Older != "" {
			notes = append(notes, "older-rules")
		}
		rows := outageRows(x)
		if announced := announcementRows(x); report.OthersFirst(x.Findings) {
			rows = append(announced, rows...)
		} else {
			rows = append(rows, announced...)
		}
		for _, row := range rows {
			if err := w.Write(append(row, strings.Join(notes, " "))); err != nil {
				return nil, fmt.Errorf("export: %w", err)
			}
		}
		for _, f := range x.Findings.Folded {
			row := make([]string, len(csvHead))
			copy(row, []string{word(x.Folder), x.SHA256, word(x.Findings.Question.Subject), f.Scope, word(f.Name), strconv.FormatBool(f.Partial), f.From.String(), f.Until.String()})
			for k, v := range map[string]string{"losses": strconv.Itoa(f.Losses), "gone_s": strconv.FormatInt(f.Seconds, 10), "most_gone": strconv.Itoa(f.Routes.Lost), "most_gone_of": strconv.Itoa(f.Routes.Of),
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

// announcementColumns is how many columns are of announcements alone.
const announcementColumns = 6

func when(t *moment.Time) string {
	if t == nil {
		return ""
	}
	return t.String()
}

// outageRows are the outages of an examination, without the note.
func outageRows(x *Examination) (out [][]string) {
	n := strconv.Itoa
	for j := range x.Findings.Outages {
		o := &x.Findings.Outages[j]
		name := o.Name
		if o.Scope == "subject" {
			name = report.SeenName(x.Findings)
		}
		row := []string{word(x.Folder), x.SHA256, word(x.Findings.Question.Subject), o.Scope, word(name), strconv.FormatBool(o.Partial), o.From.String(), when(o.Until),
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
		lost, networks := o.LostBy()
		row = append(row, length, censored, strings.Join(from, " "), strings.Join(until, " "), n(o.Lost.Prefixes), n(o.Lost.Of),
			strconv.FormatInt(o.Lost.V4, 10), strconv.FormatInt(o.Lost.V6, 10), n(lost), n(o.Witnesses.Carried), n(networks))
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
		out = append(out, append(row, make([]string, announcementColumns)...))
	}
	return out
}

// announcementRows are the announcements of the same addresses by several networks, without
// the note: onset is when the peers came to have them, recovery when they let them go.
func announcementRows(x *Examination) (out [][]string) {
	for _, o := range x.Findings.Others {
		row := make([]string, len(csvHead)-1)
		set := func(name, value string) { row[slices.Index(csvHead, name)] = value }
		for name, value := range map[string]string{
			"examination": word(x.Folder), "findings_sha256": x.SHA256, "subject": word(x.Findings.Question.Subject), "scope": "announcement", "name": o.Prefix.String(),
			"from": when(o.From.First), "until": when(o.Until.Last), "onset_first": when(o.From.First), "onset_median": when(o.From.Median), "onset_last": when(o.From.Last),
			"recovery_first": when(o.Until.First), "recovery_median": when(o.Until.Median), "recovery_last": when(o.Until.Last),
			"peers_carried": strconv.Itoa(o.Peers), "networks": strconv.Itoa(o.Networks), "announced_by": "AS" + digits(o.Origin), "beside": "AS" + digits(o.Holder.Origin),
			"beside_prefix": o.Holder.Prefix.String(), "began": word(o.Began), "stood": word(o.Holder.Stood), "set_aside": strconv.FormatBool(o.Aside),
		} {
			set(name, value)
		}
		out = append(out, row)
	}
	return out
}
