package main

import (
	"io"

	"constat/internal/plain"
	"constat/internal/worded"
)

const (
	// foldAfter is how many complaints of one kind are printed one by one.
	foldAfter = 3
	// foldKinds bounds the kinds that are kept apart: a hostile file has a new one
	// for every record. Beyond it they are printed one by one.
	foldKinds = 1000
)

// folder writes complaints, and of many of one kind the first and how many more there
// are: "… and 37 more of the same".
type folder struct {
	said  tongue
	kinds map[string]*folded
	order []string
}

type folded struct {
	n    int
	last string // the whole line of the last one
	at   string // where that was
}

// say writes a complaint, or keeps it if there were enough of its kind. The line is the
// complaint as it is written alone.
func (f *folder) say(w io.Writer, kind, at, line string) {
	k := f.kinds[kind]
	if k == nil && len(f.kinds) < foldKinds {
		if f.kinds == nil {
			f.kinds = map[string]*folded{}
		}
		k = &folded{}
		f.kinds[kind] = k
		f.order = append(f.order, kind)
	}
	if k != nil {
		if k.n++; k.n > foldAfter {
			k.last, k.at = line, at
			return
		}
	}
	plain.Fprintln(w, line)
}

// end says how many more there were of each kind. prefix is what each line begins with.
func (f *folder) end(w io.Writer, prefix string) {
	for _, kind := range f.order {
		k := f.kinds[kind]
		switch more := k.n - foldAfter; {
		case more == 1:
			plain.Fprintln(w, k.last)
		case more > 1:
			at := worded.Phrasef("")
			if k.at != "" {
				at = worded.Phrasef(", the last at %s", f.said.Text(k.at))
			}
			format, args := f.said.Format("%s… and %d more of the same%s: %s", []any{prefix, more, at, f.said.Text(kind)})
			plain.Fprintf(w, format+"\n", args...)
		}
	}
	*f = folder{said: f.said}
}
