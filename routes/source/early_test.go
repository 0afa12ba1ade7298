package source

import (
	"slices"
	"testing"
	"time"

	"constat/moment"
)

// TestEarly: the updates that end where the snapshot begins are taken if that is asked
// for, and no others.
func TestEarly(t *testing.T) {
	day := moment.FromTime(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	at := func(minutes int) moment.Time { return day + dur(time.Duration(minutes)*time.Minute) }
	var files []File
	for m := 0; m <= 10; m += 5 {
		files = append(files, File{Collector: "rrc92", Name: "updates." + at(m).Std().Format("20060102.1504"), Kind: Updates, Start: at(m)})
	}
	files = append(files, File{Collector: "rrc92", Name: "bview.20150101.0010", Kind: RIB, Start: at(10)})
	for early, want := range map[bool][]string{
		false: {"updates.20150101.0010", "bview.20150101.0010"},
		true:  {"updates.20150101.0005", "updates.20150101.0010", "bview.20150101.0010"},
	} {
		c := choose(files, moment.Interval{From: at(10), Until: at(15)}, before{early: early}, NotGiven, "")
		var got []string
		for _, f := range c.keep {
			got = append(got, f.Name)
		}
		if !slices.Equal(got, want) || len(c.missing) != 0 {
			t.Errorf("early %v: %v, want %v; missing %v", early, got, want, c.missing)
		}
	}
}

// TestBegins: of archives it is told with which tables the reading begins shortly before a question.
func TestBegins(t *testing.T) {
	day := moment.FromTime(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	at := func(minutes int) moment.Time { return day + dur(time.Duration(minutes)*time.Minute) }
	q := moment.Interval{From: at(500), Until: at(600)}
	file := func(kind Kind, url string, from, until int) File {
		f := File{Collector: "rrc92", Name: kind.String() + at(from).Std().Format(".1504"), Kind: kind, Start: at(from), URL: url}
		if kind == Updates {
			f.End = at(until)
		}
		return f
	}
	const url = "https://archive.example/x"
	for name, c := range map[string]struct {
		files []File
		want  int
	}{
		"a table shortly before":       {[]File{file(RIB, url, 480, 0), file(Updates, url, 480, 485)}, 1},
		"and an update file around it": {[]File{file(RIB, url, 482, 0), file(Updates, url, 480, 485)}, 1},
		"and updates before it":        {[]File{file(RIB, url, 480, 0), file(Updates, url, 475, 480), file(Updates, url, 480, 485)}, 0},
		"two hours before":             {[]File{file(RIB, url, 380, 0), file(Updates, url, 380, 385)}, 0},
		"the files were given":         {[]File{file(RIB, "", 480, 0), file(Updates, "", 480, 485)}, 0},
		"no table before the question": {[]File{file(RIB, url, 520, 0), file(Updates, url, 480, 485)}, 0},
		"a table before that, and it":  {[]File{file(RIB, url, 300, 0), file(RIB, url, 480, 0), file(Updates, url, 480, 485)}, 0},
	} {
		if got := (&Set{Files: c.files}).Begins(q); len(got) != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestGivenLead: of files that were given the updates of two hours before the question are taken, too,
// though a snapshot is nearer, with the snapshots in them; a file that is missing ends them.
func TestGivenLead(t *testing.T) {
	day := moment.FromTime(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC))
	at := func(minutes int) moment.Time { return day + dur(time.Duration(minutes)*time.Minute) }
	for name, c := range map[string]struct {
		lead    time.Duration
		lacks   int   // the file of this minute is not there
		tables  []int // minutes
		first   int   // the first file of updates that is read
		read    []int // the tables that are
		nothing int   // holes
	}{
		"an archive's":                       {0, -1, []int{0, 480, 600}, 600, []int{600}, 0},
		"two hours":                          {2 * time.Hour, -1, []int{0, 480, 600}, 485, []int{600}, 0},
		"two hours, and a table in them":     {2 * time.Hour, -1, []int{0, 485, 540, 600}, 485, []int{485, 540, 600}, 0},
		"a file is missing":                  {2 * time.Hour, 550, []int{0, 540, 600}, 555, []int{600}, 0},
		"the snapshot is three hours before": {2 * time.Hour, -1, []int{0, 420}, 420, []int{420}, 0},
	} {
		var files []File
		for m := 0; m <= 700; m += 5 {
			if m != c.lacks {
				files = append(files, File{Collector: "rrc92", Name: "updates." + at(m).Std().Format("20060102.1504"), Kind: Updates, Start: at(m)})
			}
		}
		for _, m := range c.tables {
			files = append(files, File{Collector: "rrc92", Name: "bview." + at(m).Std().Format("20060102.1504"), Kind: RIB, Start: at(m)})
		}
		got := choose(files, moment.Interval{From: at(604), Until: at(690)}, before{lead: dur(c.lead)}, NotGiven, "")
		first, tables := moment.Time(-1), []moment.Time{}
		for _, f := range got.keep {
			switch {
			case f.Kind == RIB:
				tables = append(tables, f.Start)
			case first < 0 || f.Start < first:
				first = f.Start
			}
		}
		var want []moment.Time
		for _, m := range c.read {
			want = append(want, at(m))
		}
		if first != at(c.first) || !slices.Equal(tables, want) || len(got.missing) != c.nothing {
			t.Errorf("%s: updates from %v, tables %v, missing %v", name, first, tables, got.missing)
		}
	}
}
