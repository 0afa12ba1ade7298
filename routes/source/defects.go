package source

import (
	_ "embed"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"constat/internal/tomlfile"
	"constat/moment"
)

//go:embed defects.toml
var defectsFile []byte

// Defect is a fault of an archive that those who keep it have published.
type Defect struct {
	Collector string
	During    moment.Interval
	Updates   bool   // update files have it
	Tables    bool   // table snapshots have it
	What      string // the kind of fault: "states", "flood", "stuck"
	Peer      netip.Addr
	AS        uint32 // of the peer; both zero: not one peer's
	Source    string
}

// Where names the collector, the peer and the time, as in "rrc12, 2026-02-10 18:50 –
// 2026-02-10 21:45 UTC".
func (d Defect) Where() string {
	s := d.Collector
	if d.Peer.IsValid() {
		s += fmt.Sprintf(" %s AS%d", d.Peer, d.AS)
	}
	const minute = "2006-01-02 15:04"
	return s + ", " + d.During.From.Std().UTC().Format(minute) + " – " + d.During.Until.Std().UTC().Format(minute) + " UTC"
}

// defects reads the list that the program brings along.
var defects = sync.OnceValues(func() ([]Defect, error) { return parseDefects(defectsFile) })

func parseDefects(b []byte) ([]Defect, error) {
	var file struct {
		Defect []struct {
			Collector string    `toml:"collector"`
			From      time.Time `toml:"from"`
			Until     time.Time `toml:"until"`
			Updates   bool      `toml:"updates"`
			Tables    bool      `toml:"tables"`
			What      string    `toml:"what"`
			Peer      string    `toml:"peer"`
			AS        uint32    `toml:"as"`
			Source    string    `toml:"source"`
		} `toml:"defect"`
	}
	if err := tomlfile.Decode(b, &file); err != nil {
		return nil, fmt.Errorf("known defects: %w", err)
	}
	var out []Defect
	for i, d := range file.Defect {
		x := Defect{Collector: d.Collector, During: moment.Interval{From: moment.Unix(d.From.Unix(), 0), Until: moment.Unix(d.Until.Unix(), 0)},
			Updates: d.Updates, Tables: d.Tables, What: d.What, AS: d.AS, Source: d.Source}
		if d.Peer != "" {
			a, err := netip.ParseAddr(d.Peer)
			if err != nil {
				return nil, fmt.Errorf("known defects: entry %d: %w", i+1, err)
			}
			x.Peer = a
		}
		if x.Collector == "" || x.What == "" || x.Source == "" || x.During.From >= x.During.Until || !x.Updates && !x.Tables {
			return nil, fmt.Errorf("known defects: entry %d: collector, from before until, updates or tables, what and source are needed", i+1)
		}
		out = append(out, x)
	}
	return out, nil
}

// Defects lists the known faults of the archives that files of the set have.
//
// Example: a table of rrc00 of March 2024 is in the set. Routes of a peer that was
// removed in August 2023 are in it, and nobody had them.
func (s *Set) Defects() ([]Defect, error) {
	all, err := defects()
	if err != nil {
		return nil, err
	}
	var out []Defect
	for _, d := range all {
		for i := range s.Files {
			if d.touches(&s.Files[i]) {
				out = append(out, d)
				break
			}
		}
	}
	return out, nil
}

func (d Defect) touches(f *File) bool {
	if f.Collector != d.Collector || f.Kind == RIB && !d.Tables || f.Kind == Updates && !d.Updates {
		return false
	}
	return f.Start < d.During.Until && max(f.End, f.Start+1) > d.During.From
}
