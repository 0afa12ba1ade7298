package source

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"constat/internal/decompress"
	"constat/internal/regular"
	"constat/moment"
	"constat/wire/formats"
)

// Records reads the records of the file's unpacked stream; of a file of several
// collectors, its own collector's.
func (f *File) Records(r io.Reader) formats.Reader {
	rd, _ := formats.NewReader(r, f.Part)
	return rd
}

// mrtName is how names of MRT files end, behind the time.
var mrtName = regexp.MustCompile(`(^[^.]*|\.[0-9]{4,10}|-[0-9]{2}|\.mrt)(\.mrt)?(\.(gz|bz2|zst|Z))?$`)

// kept finds out whether a file is one of the other formats that people keep,
// and makes of it a file for each collector that it speaks of. It returns nil
// for MRT; why is not empty if the file is to be skipped.
func kept(f File) (files []File, why string, err error) {
	in, err := regular.Open(f.Path)
	if err != nil {
		return nil, "", err
	}
	defer in.Close()
	d, err := decompress.NewReader(in)
	if err != nil {
		return nil, "", err
	}
	defer d.Close()
	info, err := formats.Inspect(d)
	switch {
	case err != nil:
		return nil, err.Error(), nil
	case info == nil:
		return nil, "", nil
	case len(info.Collectors) == 0:
		return nil, fmt.Sprintf("%s without a route: no peer is known to have spoken of what was asked for", info.Format), nil
	}
	named := f.Start != 0 && !f.guessed
	for _, part := range slices.Sorted(maps.Keys(info.Collectors)) {
		g, span := f, info.Collectors[part]
		g.Part, g.Format = part, string(info.Format)
		g.Note = cmp.Or(f.Note, info.Odd)
		if part != "" {
			g.Collector, g.Archive = part, ""
		}
		if !named || info.Scope != nil {
			g.Kind = Updates
			if info.Tables && !info.Updates {
				g.Kind = RIB
			}
			g.Start, g.guessed = span.From, true
			if g.Kind == Updates {
				g.End = span.Until
			}
		}
		if info.Scope != nil {
			g.Scope, g.Asked, g.resource = info.Scope, info.Asked, info.Resource
			if g.Asked == nil { // no more is known than what it speaks of
				g.Asked = &span
			}
			g.Start, g.End = g.Asked.From, g.Asked.Until
		}
		files = append(files, g)
	}
	return files, "", nil
}

// nameAnswers gives the collectors of answers their names. A collector's file
// says of every prefix that it was watched while the file lasts; an answer says so
// of what was asked for. So the answers of one name are those to questions that
// were asked of the same time: within them, what is watched at a moment does not
// depend on the prefix. "ripestat-rrc00" is not the collector rrc00 itself, of
// which there may be files beside them.
func nameAnswers(files []File) {
	windows := map[string][]moment.Interval{} // by resource: what its updates were asked of
	moments := map[string][]moment.Interval{} // and its tables
	for _, f := range files {
		m := windows
		if f.Kind == RIB {
			m = moments
		}
		m[f.resource] = append(m[f.resource], *f.Asked)
	}
	span := func(f *File) string {
		// A table of a resource whose updates are there belongs to them; one alone
		// tells of its moment.
		if w := windows[f.resource]; len(w) > 0 {
			return union(w)
		}
		return "~" + union(moments[f.resource]) // behind all others
	}
	var all []string
	for i := range files {
		all = append(all, span(&files[i]))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for i := range files {
		f := &files[i]
		n, _ := slices.BinarySearch(all, span(f))
		name := "ripestat"
		if n > 0 {
			name = fmt.Sprintf("ripestat-%d", n+1)
		}
		f.Collector = name + "-" + f.Part
	}
}

// union writes the time that intervals cover together.
func union(list []moment.Interval) string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b moment.Interval) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
	var out []moment.Interval
	for _, v := range list {
		if n := len(out); n > 0 && v.From <= out[n-1].Until {
			out[n-1].Until = max(out[n-1].Until, v.Until)
			continue
		}
		out = append(out, v)
	}
	var b strings.Builder
	for _, v := range out {
		fmt.Fprintf(&b, "%020d-%020d ", v.From, v.Until)
	}
	return b.String()
}

// chooseAnswers takes the answers that were asked of the question's time or of
// the two days before it.
func chooseAnswers(files []File, q moment.Interval) choice {
	var c choice
	for _, f := range files {
		switch {
		case f.Asked.From >= q.Until:
			c.outside = append(c.outside, Skipped{f.Name, "asked of a time after the question"})
		case f.Asked.Until <= q.From-dur(maxBaseline):
			c.outside = append(c.outside, Skipped{f.Name, "asked of a time more than two days before the question"})
		default:
			c.keep = append(c.keep, f)
		}
	}
	return c
}

// holds looks at one file and what it holds: one file, or one for each collector
// that it speaks of. why is not empty if it is to be skipped.
func holds(abs string, opts Options) (files []File, why string, err error) {
	f, why, err := look(abs, opts)
	if err != nil || why != "" && why != errNotMRT.Error() {
		return []File{f}, why, err
	}
	if why == "" && mrtName.MatchString(f.Name) {
		return []File{f}, "", nil
	}
	other, reason, err := kept(f)
	var pe *os.PathError
	switch {
	case errors.As(err, &pe):
		return []File{f}, "", err
	case err != nil, other == nil && reason == "":
		if what := otherwise(abs); why != "" && what != "" {
			why = what
		}
		return []File{f}, why, nil // MRT, or as unreadable as it was
	case reason != "":
		return []File{f}, reason, nil
	}
	for i := range other {
		if opts.Collector != "" && other[i].Part == "" {
			other[i].Collector = opts.Collector
		}
	}
	return other, "", nil
}

// otherwise says what a file is that holds no records; empty if that is not known.
func otherwise(path string) string {
	f, err := regular.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return ""
	}
	defer d.Close()
	return formats.What(d)
}
