package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/internal/decompress"
	"constat/internal/regular"
	"constat/internal/worded"
	"constat/moment"
)

// openLocal adds the files that specs name on this machine.
func (s *Set) openLocal(specs []string, q moment.Interval, opts Options) error {
	seen := map[string]bool{}
	byCollector := map[string][]File{}
	var answers []File
	for _, spec := range specs {
		paths, named, err := expand(spec)
		if err != nil {
			return err
		}
		found := 0
		var skipped []Skipped
		for _, p := range paths {
			abs, err := filepath.Abs(p)
			if err != nil {
				return err
			}
			if real, err := filepath.EvalSymlinks(abs); err == nil && seen[real] {
				found++
				continue
			} else if err == nil {
				seen[real] = true
			}
			files, why, err := holds(abs, opts)
			if err != nil {
				return fmt.Errorf("source %s: %w", spec, err)
			}
			if why != "" {
				skipped = append(skipped, Skipped{files[0].Name, why})
				continue
			}
			found++
			for _, f := range files {
				if f.Asked != nil {
					answers = append(answers, f)
				} else {
					byCollector[f.Collector] = append(byCollector[f.Collector], f)
				}
			}
		}
		if found == 0 {
			why := nothing(skipped)
			if len(skipped) == 1 && named {
				why = errors.New(skipped[0].Reason)
			}
			return usage{worded.Errorf("source %s: %w", cmp.Or(opts.Shown[spec], spec), why)}
		}
		s.Skipped = append(s.Skipped, skipped...)
	}
	nameAnswers(answers)
	for _, f := range answers {
		byCollector[f.Collector] = append(byCollector[f.Collector], f)
	}
	names := slices.Sorted(maps.Keys(byCollector))
	choices := make([]choice, len(names))
	some := false
	lead := before{early: opts.Early}
	if !opts.Early && !opts.Bare {
		lead.lead = dur(givenLead)
	}
	for i, name := range names {
		if name == "" {
			return usage{worded.Errorf("source %s: no folder names its collector; --collector does", byCollector[name][0].Path)}
		}
		choices[i] = choose(byCollector[name], q, lead, NotGiven, "not among the files given")
		s.Outside = append(s.Outside, choices[i].outside...)
		some = some || len(choices[i].keep) > 0
	}
	for i, name := range names {
		// A folder of many collectors and years is no promise that each was
		// kept for the question's day. One that has files of that day and none
		// of the hour is blind; so are all if there is no file at all.
		if some && len(choices[i].keep) == 0 && !near(byCollector[name], q) {
			s.Absent = append(s.Absent, Skipped{name, "no file of that day was given"})
			continue
		}
		s.take(name, choices[i])
	}
	return nil
}

// nothing says why a folder or a glob holds nothing to read.
func nothing(skipped []Skipped) error {
	switch len(skipped) {
	case 0:
		return errors.New("no file in it")
	case 1:
		return worded.Errorf("its only file holds no records (%s: %w)", skipped[0].Name, errors.New(skipped[0].Reason))
	}
	return worded.Errorf("none of its %d files holds records (%s: %w)", len(skipped), skipped[0].Name, errors.New(skipped[0].Reason))
}

// near reports whether a file begins within a day of the question.
func near(files []File, q moment.Interval) bool {
	day := dur(24 * time.Hour)
	return slices.ContainsFunc(files, func(f File) bool { return f.Start >= q.From-day && f.Start < q.Until+day })
}

// take adds what was chosen of a collector's files.
func (s *Set) take(collector string, c choice) {
	s.Files = append(s.Files, c.keep...)
	s.Missing = append(s.Missing, c.missing...)
	s.Cadence[collector] = c.cadence
}

// Meant says what somebody may have meant by a name under which there is no file, to
// be put behind an error; false if that is not known.
func Meant(spec string) (worded.Phrase, bool) {
	low := strings.ToLower(spec)
	a := archiveOf(low)
	switch {
	case strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "ftp://"):
		return worded.Phrasef("; what an address names is not fetched: fetch the file first (curl -O), or name an archive's collector, as in %s", "ris:rrc00"), true
	case a != nil:
		return worded.Phrasef("; the collector is meant by %s", a.name+":"+low), true
	case low != spec && slices.Contains(archiveNames(), low):
		return worded.Phrasef("; the archive is meant by %s", low), true
	}
	return worded.Phrasef(""), false
}

// expand returns the files a spec stands for, sorted. named is true if the spec
// is itself the name of a file.
func expand(spec string) (paths []string, named bool, err error) {
	info, err := os.Stat(spec)
	switch {
	case err == nil && info.Mode().IsRegular():
		return []string{spec}, true, nil
	case err == nil && info.IsDir():
		paths, err = walk(spec)
		return paths, false, err
	case err == nil:
		return nil, false, usage{worded.Errorf("source %s: neither a file nor a folder", spec)}
	case !errors.Is(err, fs.ErrNotExist) || !strings.ContainsAny(spec, "*?["):
		hint, ok := Meant(spec)
		if !ok && !strings.ContainsAny(spec, `/\`) {
			hint = worded.Phrasef("; the archives are %s", strings.Join(archiveNames(), ", "))
		}
		return nil, false, usage{worded.Errorf("source: %w%s", err, hint)}
	}
	matches, err := filepath.Glob(spec)
	if err != nil {
		return nil, false, usage{fmt.Errorf("source %s: %w", spec, err)}
	}
	if len(matches) == 0 {
		return nil, false, usage{worded.Errorf("source %s: nothing matches", spec)}
	}
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			return nil, false, fmt.Errorf("source %s: %w", spec, err)
		}
		if !info.IsDir() {
			paths = append(paths, m)
			continue
		}
		below, err := walk(m)
		if err != nil {
			return nil, false, err
		}
		paths = append(paths, below...)
	}
	slices.Sort(paths)
	return slices.Compact(paths), false, nil
}

// recordingFile tells a folder that it holds a recording of the lab, and
// beside are the files that lie in such a folder and hold no records
// (docs/formats/recording.md).
const recordingFile = "constat-recording.json"

var beside = []string{recordingFile, "scenario.lab", "subject.txt", "truth.json", "SHA256SUMS"}

// walk lists the files below a folder. Hidden ones, what a transfer left
// unfinished, and what describes a recording are not records of anything.
func walk(root string) (paths []string, err error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(real, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != real && strings.HasPrefix(e.Name(), ".") {
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		if slices.Contains(beside, e.Name()) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), recordingFile)); err == nil {
				return nil
			}
		}
		paths = append(paths, path)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", root, err)
	}
	return paths, nil // WalkDir goes in lexical order
}

// distrusted is until when names are checked against the first record: in 1999
// RIS wrote them in local time (updates.19990903.1041.gz begins at 08:41 UTC).
var distrusted = moment.FromTime(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC))

// look finds out about one file. why is not empty if it is to be skipped.
func look(abs string, opts Options) (f File, why string, err error) {
	f = File{Name: filepath.Base(abs), Path: abs}
	info, err := os.Stat(abs)
	if err != nil {
		return f, "", err
	}
	if !info.Mode().IsRegular() {
		return f, "not a regular file", nil
	}
	f.Size = info.Size()
	f.Collector, f.Archive = collectorOf(abs)
	if opts.Collector != "" && f.Archive == "" {
		f.Collector = opts.Collector
	}
	if strings.HasSuffix(f.Name, ".part") || strings.HasSuffix(f.Name, ".part.json") || strings.HasSuffix(f.Name, ".lock") {
		return f, "left by an unfinished transfer", nil
	}
	if strings.HasPrefix(f.Name, "latest-") {
		return f, "another name for the newest file", nil
	}
	n, ok := parseName(f.Name)
	start := n.start
	if n.collector != "" { // nearer to the file than its folder
		f.Collector, f.Archive = n.collector, n.archive
	}
	if ok {
		f.Kind, f.Start = n.kind, start
		if start >= distrusted {
			return f, "", nil
		}
	}
	first, kind, err := firstRecord(abs)
	switch {
	case err != nil && ok:
		return f, "", nil // its name says that it is ours; what is wrong with it the reader tells
	case err != nil:
		var pe *os.PathError
		if errors.As(err, &pe) {
			return f, "", err
		}
		return f, err.Error(), nil
	case !ok:
		f.Kind, f.Start, f.guessed = kind, first, true
	case first < start-dur(30*time.Minute) || first > start+dur(30*time.Minute):
		f.Note = fmt.Sprintf("its name says %v, its first record %v", start, first)
		f.Start, f.guessed = first, true
	}
	return f, "", nil
}

// errNotMRT is for a file that does not begin with an MRT record.
var errNotMRT = errors.New("does not begin with an MRT record, nor as any other format that is read")

// manyOthers is how many records of other kinds may stand before the first that
// tells what a file holds: a collector's START, or types that are not known here.
const manyOthers = 64

// firstRecord reads the header of the first record (RFC 6396 §2), time, type,
// subtype and length, and if that does not tell what the file holds, those that
// follow.
func firstRecord(path string) (moment.Time, Kind, error) {
	f, err := regular.Open(path)
	if err != nil {
		return 0, Unknown, err
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return 0, Unknown, err
	}
	defer d.Close()
	be := func(b []byte) uint32 {
		return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	var first moment.Time
	sure := true // of all types so far RFC 6396 knows
	for n := range manyOthers {
		var h [12]byte
		got, err := io.ReadFull(d, h[:])
		if err == io.EOF && n > 0 && sure {
			return first, Unknown, nil
		}
		if got == 0 && n == 0 && (err == io.EOF || err == io.ErrUnexpectedEOF) {
			return 0, Unknown, errors.New("empty")
		}
		if err != nil {
			break
		}
		sec, typ, length := be(h[:4]), be(h[4:8])>>16, be(h[8:])
		// Earlier than 1990 or longer than a record can sensibly be: not MRT.
		if sec < 631152000 || length > 1<<26 {
			break
		}
		if n == 0 {
			first = moment.Unix(int64(sec), 0)
		}
		switch typ {
		case 12, 13: // TABLE_DUMP, TABLE_DUMP_V2
			return first, RIB, nil
		case 5, 16, 17: // BGP (deprecated), BGP4MP, BGP4MP_ET
			return first, Updates, nil
		case 0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 32, 33, 48, 49: // RFC 6396 §4 and appendix
		default:
			sure = false
		}
		if _, err := io.CopyN(io.Discard, d, int64(length)); err != nil {
			if sure && n == 0 {
				return first, Unknown, nil // cut short, which its reader will say
			}
			break
		}
	}
	return 0, Unknown, errNotMRT
}
