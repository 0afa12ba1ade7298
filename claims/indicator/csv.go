package indicator

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"constat/internal/plain"
	"constat/internal/worded"
)

// maxRecord bounds a record of CSV. A quotation mark that is never closed would
// otherwise take the rest of the file with it.
const maxRecord = 64 << 10

// columns are the names under which files have what is looked for.
var columns = map[string][]string{
	"address": {"ip", "ip_address", "ipaddress", "ip address", "address", "addr", "ipv4", "ipv6", "ioc", "ioc_value", "indicator", "value", "dst_ip", "src_ip", "ip_dst", "ip_src", "dest_ip", "c2", "c2_ip", "host", "observable"},
	"time":    {"time", "timestamp", "first_seen", "first seen", "firstseen", "first_seen_utc", "seen", "date", "datetime", "observed", "observed_at", "first_observed", "at"},
	"port":    {"port", "ports", "dst_port", "dest_port", "dport"},
	"by":      {"first_named_by", "named_by", "source", "by", "reporter", "feed", "reference"},
	"note":    {"note", "notes", "comment", "comments", "description", "info"},
}

// layout says which column holds what; -1 for none.
type layout struct{ address, time, port, by, note int }

// readCSV reads lines of comma-, semicolon- or tab-separated values. Without a
// header the column is that in which the first lines have addresses.
func (r *reader) readCSV(data []byte) error {
	r.Form = FormCSV
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	comma := delimiter(data)
	var l *layout
	records := 0
	for line := 1; len(data) > 0; {
		rec, fields, lines, err := cutRecord(data, comma)
		place := fmt.Sprintf("line %d", line)
		data = data[len(rec):]
		line += lines
		if err != nil {
			r.damage(place, "%v", err)
			continue
		}
		if text := bytes.TrimSpace(rec); len(text) == 0 || text[0] == '#' || text[0] == ';' {
			continue
		}
		records++
		if l == nil {
			var header bool
			if l, header = findLayout(fields); l == nil {
				if records > 50 {
					return worded.Errorf("no column of addresses: neither a header that names one (%s) nor an address in its first lines", strings.Join(columns["address"][:4], ", "))
				}
				r.damage(place, "no column of addresses so far: %q", plain.Clip(string(rec), 80))
				continue
			}
			if header {
				continue
			}
		}
		get := func(i int) string {
			if i >= 0 && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
			return ""
		}
		cell := get(l.address)
		if cell == "" {
			r.damage(place, "no address in column %d", l.address+1)
			continue
		}
		addr, port, err := parseAddress(cell)
		if err != nil {
			r.damage(place, "%q: %v", plain.Clip(cell, 80), err)
			continue
		}
		r.add(addr, get(l.port)+" "+port, r.ownTime(place, get(l.time)), TimeSeen, Mention{place, get(l.by), get(l.note)})
	}
	if l == nil {
		return worded.Errorf("no address in it: neither CSV with a column of addresses, nor a STIX bundle, nor an event of MISP")
	}
	return nil
}

// delimiter is the one that the first line of text has most of.
func delimiter(data []byte) rune {
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		if t := bytes.TrimSpace(line); len(t) == 0 || t[0] == '#' || t[0] == ';' {
			continue
		}
		best, most := ',', 0
		for _, c := range ",;\t" {
			if n := bytes.Count(line, []byte(string(c))); n > most {
				best, most = c, n
			}
		}
		return best
	}
	return ','
}

// cutRecord takes the first record off data: its bytes with the line end, its
// fields, and how many lines it takes. On an error the record is one line.
func cutRecord(data []byte, comma rune) (rec []byte, fields []string, lines int, err error) {
	// A quotation mark opens a field only where one begins.
	quoted, begins, end := false, true, -1
	window := data[:min(len(data), maxRecord)]
	closed, wrong := false, false // just behind a closing mark; something else than a delimiter stood there
	for i := 0; i < len(window) && end < 0 && !wrong; i++ {
		c := window[i]
		wrong = wrong || closed && c != byte(comma) && c != '\r' && c != '\n' && c != ' '
		closed = closed && c == ' '
		switch {
		case quoted && c == '"' && i+1 < len(window) && window[i+1] == '"':
			i++
		case quoted:
			quoted = c != '"'
			closed = !quoted
		case c == '\n':
			end = i + 1
		case c == '"' && begins:
			quoted, begins = true, false
		case c == byte(comma):
			begins = true
		case c != ' ':
			begins = false
		}
	}
	first := bytes.IndexByte(data, '\n') + 1
	if first == 0 {
		first = len(data)
	}
	if wrong {
		return data[:first], nil, 1, worded.Errorf("quotation marks that do not match: %q", plain.Clip(string(data[:min(first, 200)]), 80))
	}
	if end < 0 {
		if len(data) <= maxRecord && !quoted {
			end = len(data)
		} else if quoted {
			return data[:first], nil, 1, worded.Errorf("a quotation mark that is not closed: %q", plain.Clip(string(data[:min(first, 200)]), 80))
		} else {
			return data[:first], nil, 1, worded.Errorf("longer than any real line: over %d bytes", maxRecord)
		}
	}
	rec = data[:end]
	if text := bytes.TrimSpace(rec); len(text) == 0 || text[0] == '#' {
		return rec, nil, bytes.Count(rec, []byte("\n")), nil
	}
	c := csv.NewReader(bytes.NewReader(rec))
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.TrimLeadingSpace = comma, -1, true, comma != '\t'
	fields, err = c.Read()
	if err != nil {
		return data[:first], nil, 1, worded.Errorf("no record of CSV: %v", err)
	}
	if rest := rec[min(int(c.InputOffset()), len(rec)):]; len(bytes.TrimSpace(rest)) > 0 {
		return data[:first], nil, 1, fmt.Errorf("quotation marks that do not match: %q", plain.Clip(string(data[:min(first, 200)]), 80))
	}
	return rec, fields, max(1, bytes.Count(rec, []byte("\n"))), nil
}

// findLayout reads a header, or finds the first column that holds an address;
// nil where the record is neither.
func findLayout(fields []string) (l *layout, header bool) {
	l = &layout{-1, -1, -1, -1, -1}
	for i, f := range fields {
		if _, _, err := parseAddress(f); err == nil {
			l.address = i
			return l, false
		}
	}
	pick := func(what string) int {
		for _, name := range columns[what] {
			for i, f := range fields {
				if strings.ToLower(strings.TrimSpace(f)) == name {
					return i
				}
			}
		}
		return -1
	}
	*l = layout{pick("address"), pick("time"), pick("port"), pick("by"), pick("note")}
	if l.address < 0 {
		return nil, false
	}
	return l, true
}
