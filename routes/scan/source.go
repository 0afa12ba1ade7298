// Package scan reads files whole for who was looking, once for everybody who does
// so: examinations, traces, the state of everything.
//
// It promises that a file is put to [Read] with the same kind, slot and
// reader whoever asks, and that the files of a collector are joined to a
// [vantage.Watch] with the same holes, in whatever order they were read. What else is
// wanted from the reading, the caller adds to the input. It chooses no file and judges
// nothing.
package scan

import (
	"io"
	"time"

	"constat/moment"
	"constat/routes/source"
	"constat/routes/vantage"
)

// Of is a file as [Read] takes it, without anybody to call.
func Of(f *source.File) Input {
	in := Input{Name: f.Name, Start: f.Start, End: f.End, Format: f.Format, Asked: f.Asked, Scope: f.Scope,
		Open:    func() (io.ReadCloser, error) { return f.Open() },
		Records: func(r io.Reader) Records { return f.Records(r) }}
	if f.Kind != source.Unknown {
		in.Kind = f.Kind.String()
	}
	if f.End == 0 || f.Asked != nil { // an answer says itself what it covers
		in.End = f.Start
	}
	return in
}

// Collector joins what files of a collector tell, with the holes that the source has
// of it. The scans may be some of its files: those of tables can be left out.
func Collector(set *source.Set, name string, scans []*Scan) (vantage.Collector, error) {
	var missing []moment.Interval
	var why []string
	for _, h := range set.Missing {
		if h.Collector == name {
			missing = append(missing, moment.Interval{From: h.From, Until: h.Until})
			if h.Reason != "" {
				why = append(why, h.Reason)
			}
		}
	}
	c, err := join(name, int64(set.Cadence[name].Updates/time.Second), missing, scans)
	c.Why = why
	return c, err
}

// Join makes one account of all collectors. scans[i] is that of set.Files[i]; nil for
// a file that was not looked through.
func Join(set *source.Set, scans []*Scan) (*vantage.Watch, error) {
	w := &vantage.Watch{Format: vantage.WatchFormat, Collectors: []vantage.Collector{}}
	for _, name := range set.Collectors() {
		var of []*Scan
		for i, f := range set.Files {
			if f.Collector == name && scans[i] != nil {
				of = append(of, scans[i])
			}
		}
		c, err := Collector(set, name, of)
		if err != nil {
			return nil, err
		}
		w.Collectors = append(w.Collectors, c)
	}
	w.MarkCopies(set.Partly)
	return w, nil
}

// Copies returns which files have the bytes of another collector's, and the place in
// set.Files of the one that stays ([source.Set.Fullest]). A file without a record is no copy.
func Copies(set *source.Set, scans []*Scan) map[int]int {
	// A file may hold the records of several collectors, each in its part.
	return copies(set, scans, func(i int) (string, bool) { return scans[i].File.SHA256 + " " + set.Files[i].Part, true })
}

// copies finds files of one key at two collectors.
func copies[K comparable](set *source.Set, scans []*Scan, key func(int) (K, bool)) map[int]int {
	first, out := map[K]int{}, map[int]int{}
	for _, i := range set.Fullest() {
		s := scans[i]
		if s == nil || s.File.Records == 0 {
			continue
		}
		name, ok := key(i)
		if !ok {
			continue
		}
		if k, ok := first[name]; !ok {
			first[name] = i
		} else if set.Files[k].Collector != set.Files[i].Collector {
			out[i] = k
		}
	}
	return out
}
