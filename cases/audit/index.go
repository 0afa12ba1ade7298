package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/internal/regular"
	"constat/report"
	"constat/report/html"
)

// Index gives the first page of a case's folder, of its first entries: what was found,
// where the reports are, the log, and how to check all of it. It is no part of what is
// signed: every act would change it. It is a function of the entries, the name of the
// folder and the language.
func (r *Report) Index(name string, size int64, lang report.Lang) ([]byte, error) {
	at, err := r.At(size)
	if err != nil {
		return nil, err
	}
	x := &report.CaseIndex{Title: r.Opening.Title, Question: r.Opening.Question, Origin: r.Origin, Size: size, Root: at.Root.String(), Folder: name, Verdict: -1}
	withdrawn := map[int64]int64{}
	for i, e := range r.Entries[:size] {
		n := int64(i)
		out := report.IndexedEntry{Time: e.Time, Kind: e.Kind, Note: e.Note}
		for _, f := range e.Files {
			out.Files = append(out.Files, report.IndexedFile{Name: path.Base(f.Path), Path: href(f.Path)})
		}
		x.Entries = append(x.Entries, out)
		switch e.Kind {
		case caselog.KindStatement:
			x.Statements++
		case caselog.KindWithdrawn:
			var d caselog.WithdrawnData
			if err := e.DecodeData(&d); err != nil {
				return nil, &caselog.Fault{Entry: n, Err: err}
			}
			withdrawn[d.Entry] = n
		case caselog.KindVerdict:
			x.Verdict, x.Reports = n, nil
			for _, l := range locale.All() {
				for _, f := range e.Files {
					if f.Path == caselog.ActFolder(n, e.Kind)+"/"+conclude.ReportName(l) {
						x.Reports = append(x.Reports, report.IndexedFile{Name: locale.Must(l).Format.Name, Path: href(f.Path)})
					}
				}
			}
		}
	}
	for _, e := range r.Examinations {
		if e.Entry >= size {
			continue
		}
		y := report.IndexedExamination{Entry: e.Entry, Findings: e.Findings, Report: href(e.Dir + "/" + page.Name), Withdrawn: -1}
		if by, ok := withdrawn[e.Entry]; ok {
			y.Withdrawn = by
		}
		x.Examinations = append(x.Examinations, y)
	}
	d, err := report.NewCaseIndex(x, lang)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := html.WriteSurvey(&b, d, ""); err != nil {
		return nil, err
	}
	mark := fmt.Sprintf("<!-- constat-index %d %s -->\n", size, lang)
	head, rest, ok := bytes.Cut(b.Bytes(), []byte("\n"))
	if !ok {
		return nil, errors.New("a page without lines")
	}
	return slices.Concat(head, []byte("\n"+mark), rest), nil
}

// href is a path in a case as an address: no part of it is a scheme, a query or a
// fragment.
func href(p string) string {
	return strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", ":", "%3A", " ", "%20").Replace(p)
}

// indexMark is what the page says of itself: how many entries, in which language.
var indexMark = regexp.MustCompile(`\A[^\n]*\n<!-- constat-index (\d{1,18}) ([a-z]{2,8}) -->\n`)

// WriteIndex writes the page of the case as it is into its folder.
func (r *Report) WriteIndex(dir string, lang report.Lang) error {
	b, err := r.Index(folder(dir), r.Checkpoint.Size, lang)
	if err != nil {
		return err
	}
	return r.Account.WriteIndex(b)
}

func folder(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return filepath.Base(abs)
	}
	return filepath.Base(filepath.Clean(dir))
}

// checkIndex makes the page of a case again, if there is one. One that this version does
// not write is a note: nothing vouches for it, and it is what people open first.
func (r *Report) checkIndex(dir string) error {
	// No digest is known of it, so it is read past what the case is pinned to.
	f, err := regular.Open(filepath.Join(dir, caselog.IndexName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxIndex))
	if err != nil {
		return err
	}
	if m := indexMark.FindSubmatch(b); m != nil {
		size, err := strconv.ParseInt(string(m[1]), 10, 64)
		if lang, err2 := locale.Parse(string(m[2])); err == nil && err2 == nil && size >= 1 && size <= r.Checkpoint.Size {
			for _, name := range append([]string{folder(dir)}, indexNames(b)...) {
				if want, err := r.Index(name, size, lang); err == nil && bytes.Equal(b, want) {
					return nil
				}
			}
		}
	}
	r.Notes = append(r.Notes, Note{Key: NoteIndex, A: caselog.IndexName})
	return nil
}

// maxIndex bounds what is read of the page; a longer one is none that was written here.
const maxIndex = 64 << 20

// indexNames finds what the folder was called when the page was written: folders are
// renamed.
func indexNames(b []byte) []string {
	m := indexCommand.FindSubmatch(b)
	if m == nil {
		return nil
	}
	return []string{string(m[1])}
}

var indexCommand = regexp.MustCompile(`constat verify ([A-Za-z0-9._/:+,@%=-]+)<`)
