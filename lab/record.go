package lab

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/internal/strictjson"
)

// The files of a recording beside its collectors' folders.
const (
	RecordingFile = "constat-recording.json" // see docs/formats/recording.md
	SubjectFile   = "subject.txt"            // what to ask about it
	ScenarioFile  = "scenario.lab"
	SumsFile      = "SHA256SUMS"
)

// RecordingFormat names the version of constat-recording.json.
const RecordingFormat = "constat-recording/1"

// Recording is the content of constat-recording.json: what a folder of MRT
// files is, how it was made and what is true about it.
type Recording struct {
	Format string `json:"format"`
	// Note says what kind of thing this is. "reconstruction": made in a
	// laboratory, never seen on the Internet.
	Note string `json:"note"`
	// Text says what was played in one sentence without its stop, in English;
	// TextFR in French, or empty. Notes is what else to know, a paragraph each.
	Text   string   `json:"text"`
	TextFR string   `json:"text_fr"`
	Notes  []string `json:"notes"`

	Scenario       string `json:"scenario"`
	ScenarioSHA256 string `json:"scenario_sha256"`
	Title          string `json:"title"`

	Subject RecordedSubject `json:"subject"`
	From    time.Time       `json:"from"`
	Until   time.Time       `json:"until"`

	Software   []string            `json:"software"` // of the routers, with versions
	Routers    []RecordedRouter    `json:"routers"`
	Collectors []RecordedCollector `json:"collectors"`

	FilesEveryS     int64   `json:"files_every_s"`
	SnapshotsEveryS int64   `json:"snapshots_every_s"` // 0: none
	Restamped       bool    `json:"restamped"`         // times of records were rewritten
	PlayedS         float64 `json:"played_s"`          // how long the performance took

	Truth      []RecordedTruth `json:"truth"`
	Settled    []Settled       `json:"settled"`
	Events     []RecordedEvent `json:"events"`
	Background int             `json:"background"` // changes of other networks, not listed
}

// RecordedSubject is the subject of a recording.
type RecordedSubject struct {
	Name     string         `json:"name"`
	Origins  []ASN          `json:"origins"`
	Prefixes []netip.Prefix `json:"prefixes"`
}

// RecordedRouter is one AS of a recording.
type RecordedRouter struct {
	AS    ASN    `json:"as"`
	Label string `json:"label"`
}

// RecordedCollector is a collector and its peers.
type RecordedCollector struct {
	Name  string         `json:"name"`
	AS    ASN            `json:"as"`
	Peers []RecordedPeer `json:"peers"`
	// Software is what the collector ran; SkewS by how many seconds its clock
	// was ahead.
	Software string `json:"software"`
	AddPath  bool   `json:"add_path,omitempty"`
	SkewS    int64  `json:"skew_s,omitempty"`
	Partial  []ASN  `json:"partial,omitempty"` // peers that told their customers' routes only
}

// RecordedPeer is a peer of a collector.
type RecordedPeer struct {
	Addr netip.Addr `json:"peer"`
	AS   ASN        `json:"as"`
}

// RecordedTruth is one thing that is true about a recording.
type RecordedTruth struct {
	What    string     `json:"what"`
	Members []ASN      `json:"members,omitempty"`
	From    *time.Time `json:"from,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
	Text    string     `json:"text,omitempty"`
}

// RecordedEvent is what was done to the routers.
type RecordedEvent struct {
	At      time.Time `json:"at"`       // in the recording's time
	PlayedS int64     `json:"played_s"` // after the beginning of the performance
	Do      []string  `json:"do"`
}

// Settled says that an event was moved so that what it did falls on a
// published time.
type Settled struct {
	Event  time.Time `json:"event"` // as the scenario has it
	What   string    `json:"what"`  // "loss" or "return"
	Median time.Time `json:"median"`
	Peers  int       `json:"peers"`
	MovedS int64     `json:"moved_s"`
}

// Options of a run.
type Options struct {
	Out      string // folder to write; must not exist, or Force
	Force    bool
	Progress func(done, of int, what string) // may be nil
}

// Run plays a scenario and writes its recording. Whatever cannot work is
// refused before anything starts; an interrupted or failed run leaves neither
// processes nor namespaces nor half a recording.
func Run(ctx context.Context, s *Scenario, o Options) (*Recording, error) {
	if err := Requirements(s); err != nil {
		return nil, err
	}
	out, err := place(o)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return nil, err
	}
	// The recording takes shape beside its place, and moves there when whole.
	made, err := os.MkdirTemp(filepath.Dir(out), ".constat-lab-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(made)
	if err := os.Chmod(made, 0o755); err != nil {
		return nil, err
	}
	rec, err := perform(ctx, s, made, o.Progress)
	if err != nil {
		return nil, err
	}
	return rec, replace(made, out)
}

// place finds out where a recording may go, before hours are spent on it.
func place(o Options) (string, error) {
	if o.Out == "" {
		return "", errors.New("the folder to write is missing")
	}
	out, err := filepath.Abs(o.Out)
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(out, here); err == nil && filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s is the folder we are in, or holds it; name a new folder", o.Out)
	}
	switch st, err := os.Lstat(out); {
	case errors.Is(err, fs.ErrNotExist):
		return out, nil
	case err != nil:
		return "", err
	case !o.Force:
		return "", fmt.Errorf("%s is there already; it is replaced only when told so (--force)", o.Out)
	case !st.IsDir():
		return "", fmt.Errorf("%s is no folder; name another", o.Out)
	}
	return out, isRecording(out)
}

// replace moves a finished recording to its place; what was there goes only
// when the new one stands.
func replace(made, out string) error {
	old := made + ".old"
	moved := os.Rename(out, old) == nil
	if err := os.Rename(made, out); err != nil {
		if moved {
			err = errors.Join(err, os.Rename(old, out))
		}
		return err
	}
	return os.RemoveAll(old)
}

// isRecording refuses to replace a folder that is not the lab's own.
func isRecording(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, RecordingFile)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s holds no recording (%s), so it is not replaced; name another folder", dir, RecordingFile)
	}
	return nil
}

// ErrOffScript reports a performance after which a peer had a route that the
// script does not let it have, or none that it should have: a machine that was
// too busy to play in time, or a mistake of this package.
var ErrOffScript = errors.New("what was recorded does not follow from the script: play it again on a machine with less to do")

// write turns a take into a recording: it finds the clock, rewrites the times
// and cuts the collectors' updates into files.
func (t *take) write(s *Scenario, software []string, dir string) (*Recording, error) {
	c := clock(t.segments)
	raw := map[string][]byte{}
	var cs []change
	for _, col := range s.Collectors {
		for _, f := range t.updates[col.Name] {
			b, err := os.ReadFile(f)
			if err != nil {
				return nil, err
			}
			raw[col.Name] = append(raw[col.Name], b...)
		}
		of, err := changes(col.Name, raw[col.Name], s.Subject.Prefixes)
		if err != nil {
			return nil, fmt.Errorf("updates of %s: %w", col.Name, err)
		}
		cs = append(cs, of...)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	settled, err := c.settle(cs)
	if err != nil {
		return nil, err
	}
	for _, col := range s.Collectors {
		if err := writeUpdates(s, c, col.Skew, filepath.Join(dir, col.Name), raw[col.Name]); err != nil {
			return nil, fmt.Errorf("updates of %s: %w", col.Name, err)
		}
		for _, at := range sortedKeys(t.snapshots[col.Name]) {
			b, err := os.ReadFile(t.snapshots[col.Name][at])
			if err == nil {
				// It is dumped when the collector's own clock says so; the weather
				// keeps off long enough for that to make no difference.
				err = Restamp(b, c.at)
			}
			if err == nil {
				err = writeArchive(filepath.Join(dir, col.Name), "bview", time.Unix(at, 0).UTC(), b)
			}
			if err != nil {
				return nil, fmt.Errorf("snapshot of %s: %w", col.Name, err)
			}
		}
	}
	rec := s.describe(c, settled, software)
	rec.PlayedS = t.seconds
	truth, odd, err := Derive(s, rec, os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if len(odd) > 0 {
		return nil, fmt.Errorf("%w; %d contradictions, the first: %s", ErrOffScript, len(odd), odd[0])
	}
	j, err := strictjson.Indented(rec)
	if err != nil {
		return nil, err
	}
	for name, b := range map[string][]byte{
		RecordingFile: j,
		SubjectFile:   s.subjectFile(),
		ScenarioFile:  s.Source,
		TruthFile:     truth.Encode(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return nil, err
		}
	}
	return rec, writeSums(dir)
}

func sortedKeys(m map[int64]string) []int64 {
	var ks []int64
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// skewed is the clock as a collector has it whose own is ahead.
func skewed(c clock, by time.Duration) func(uint32) uint32 {
	return func(sec uint32) uint32 { return uint32(int64(c.at(sec)) + int64(by/time.Second)) }
}

// writeUpdates restamps a collector's updates and writes one file for every
// slot of the recording, empty ones too, as an archive does.
func writeUpdates(s *Scenario, c clock, skew time.Duration, dir string, b []byte) error {
	files := map[int64][]byte{}
	if err := walk(b, func(_ int, rec []byte) error {
		if int64(stamp(rec)) < c[0].played {
			return nil // said while the world was being built
		}
		if err := restampRecord(rec, skewed(c, skew)); err != nil {
			return err
		}
		if at := time.Unix(int64(stamp(rec)), 0); at.Before(s.Until) {
			slot := at.Truncate(s.FilesEvery).Unix()
			files[slot] = append(files[slot], rec...)
		}
		return nil
	}); err != nil {
		return err
	}
	for t := s.From.Truncate(s.FilesEvery); t.Before(s.Until); t = t.Add(s.FilesEvery) {
		if err := writeArchive(dir, "updates", t, files[t.Unix()]); err != nil {
			return err
		}
	}
	return nil
}

// writeArchive writes one file where RIPE's archive would have it.
func writeArchive(dir, what string, t time.Time, b []byte) error {
	dir = filepath.Join(dir, t.Format("2006.01"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, what+"."+t.Format("20060102.1504")+".gz"), z.Bytes(), 0o644)
}

func (s *Scenario) describe(c clock, settled []Settled, software []string) *Recording {
	sum := sha256.Sum256(s.Source)
	r := &Recording{
		Format: RecordingFormat, Note: "reconstruction", Text: s.Summary, TextFR: s.SummaryFR, Notes: s.Notes,
		Scenario: s.Name, ScenarioSHA256: hex.EncodeToString(sum[:]), Title: s.Title,
		Subject: RecordedSubject(s.Subject), From: s.From, Until: s.Until,
		Software: software, FilesEveryS: int64(s.FilesEvery / time.Second), SnapshotsEveryS: int64(s.SnapshotsEvery / time.Second),
		Restamped: true, Settled: settled,
	}
	for _, x := range s.Routers {
		r.Routers = append(r.Routers, RecordedRouter{x.AS, x.Label})
	}
	for i := range s.Collectors {
		col := &s.Collectors[i]
		rc := RecordedCollector{Name: col.Name, AS: col.AS, Software: "BIRD", AddPath: col.AddPath, SkewS: int64(col.Skew / time.Second), Partial: col.Partial}
		if col.FRR {
			rc.Software = "FRR"
		}
		for j, p := range col.Peers {
			rc.Peers = append(rc.Peers, RecordedPeer{col.peerAddr(j), p})
		}
		r.Collectors = append(r.Collectors, rc)
	}
	for _, t := range s.Truth {
		rt := RecordedTruth{What: t.What, Members: t.Members, Text: t.Text}
		if !t.From.IsZero() {
			from, until := c.moved(t.From), c.moved(t.Until)
			rt.From, rt.Until = &from, &until
		}
		r.Truth = append(r.Truth, rt)
	}
	for _, seg := range c {
		e := seg.moment.event
		switch {
		case e == nil:
			continue
		case e.Background:
			r.Background++
			continue
		}
		re := RecordedEvent{At: time.Unix(seg.at, 0).UTC(), PlayedS: seg.played - c[0].played}
		for _, st := range e.Do {
			w := st.Cmd.String()
			if st.After > 0 {
				w = fmt.Sprintf("+%v: %s", st.After, w)
			}
			re.Do = append(re.Do, w)
		}
		r.Events = append(r.Events, re)
	}
	return r
}

// subjectFile is the subject in the form of docs/formats/subject.md.
func (s *Scenario) subjectFile() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# The subject of the recording %q, a reconstruction played by routers in a laboratory.\n", s.Name)
	if s.Subject.Name != "" {
		fmt.Fprintf(&b, "name: %s\n", s.Subject.Name)
	}
	for _, o := range s.Subject.Origins {
		label := ""
		if r, ok := s.router(o); ok {
			label = r.Label + ", "
		}
		fmt.Fprintf(&b, "+%-18s # %sorigin in the scenario\n", o, label)
	}
	for _, p := range s.Subject.Prefixes {
		fmt.Fprintf(&b, "+%-18s # networks of the scenario's origin\n", p)
	}
	return []byte(b.String())
}

// writeSums writes the SHA-256 of every file, in the form of sha256sum(1).
func writeSums(dir string) error {
	var b strings.Builder
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(content), path)
		return nil
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, SumsFile), []byte(b.String()), 0o644)
}
