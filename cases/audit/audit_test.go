package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/cases/examine"
	"constat/cases/page"
	"constat/internal/locale"
	"constat/internal/mrttest"
	"constat/judge/assess"
	"constat/judge/proof"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// world is a small archive: a collector with five-minute files, three peers, an
// outage of two prefixes.
func world(t testing.TB) string {
	dir := t.TempDir()
	noon := moment.FromTime(time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC))
	at := func(s int) moment.Time { return noon + moment.Time(s)*moment.Second }
	beacon := mrttest.P("192.0.2.99", 64599)
	peers := []mrttest.Peer{mrttest.P("192.0.2.1", 64501), mrttest.P("192.0.2.2", 64502), mrttest.P("192.0.2.3", 64503)}
	for s := -300; s < 1200; s += 300 {
		f := new(mrttest.File).Keepalive(at(s), beacon)
		for i, p := range peers {
			switch s {
			case -300:
				f.Announce(at(s+10+i), p, []uint32{p.AS, 64510, 64496}, "10.0.0.0/24", "10.0.1.0/24")
			case 0:
				f.Withdraw(at(100+i), p, "10.0.0.0/24")
				f.Withdraw(at(100+i), p, "10.0.1.0/24")
			case 300:
				f.Announce(at(400+i), p, []uint32{p.AS, 64510, 64496}, "10.0.0.0/24", "10.0.1.0/24")
			}
		}
		f.Keepalive(at(s+299), beacon)
		name := filepath.Join(dir, "rrc00", "2020.03", "updates."+at(s).Std().Format("20060102.1504"))
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, f.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

type desk struct {
	testing.TB
	*caselog.Case
	key  *caselog.Key
	from moment.Time
	src  string
}

func open(t testing.TB, src string) *desk {
	t.Helper()
	k, err := caselog.NewKey(rand.Reader, "examiner.example")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := proof.Source(proof.Default)
	from := moment.FromTime(time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC))
	c, err := caselog.New(filepath.Join(t.TempDir(), "case"), caselog.Opening{Question: "?", Standard: caselog.Standard{Name: "clear"}}, text, k, from)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, c, k, from, src}
}

func (d *desk) set(src string) (*source.Set, error) {
	return source.Open(context.Background(), []string{src}, moment.Interval{From: d.from, Until: d.from + 900*moment.Second}, source.Options{})
}

func (d *desk) request() examine.Request {
	d.Helper()
	a, err := atlas.Open("")
	if err != nil {
		d.Fatal(err)
	}
	s, err := a.Resolve("AS64496")
	if err != nil {
		d.Fatal(err)
	}
	return examine.Request{Asked: "AS64496", Subject: s, Atlas: a, From: d.from, Until: d.from + 900*moment.Second, Extra: page.Writer("en")}
}

func (d *desk) examine() *Examined {
	d.Helper()
	x, err := Examine(context.Background(), d.Case, d.key, d.from, d.request(), "AS64496", "", func(r *examine.Request) (err error) {
		r.Sources, err = d.set(d.src)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return x
}

// add logs an act of any kind, as an examiner with a key can.
func (d *desk) add(kind string, data any, fill func(*caselog.Act) error) error {
	a, err := d.NewAct(kind, d.from)
	if err != nil {
		d.Fatal(err)
	}
	defer a.Discard()
	a.Data = data
	if fill != nil {
		if err := fill(a); err != nil {
			d.Fatal(err)
		}
	}
	_, _, err = d.Add(context.Background(), d.key, a)
	return err
}

// forge logs an examination that was tampered with before it was logged, and
// whose findings were computed again where that can be done: everything in the
// case fits together.
func (d *desk) forge(tamper func(dir string)) {
	d.Helper()
	if err := d.forgeAs("AS64496", tamper); err != nil {
		d.Fatal(err)
	}
}

// forgeAs is forge of what was asked under a name.
func (d *desk) forgeAs(name string, tamper func(dir string)) error {
	d.Helper()
	asked := AskedData{Subject: name, From: d.from, Until: d.from + 900*moment.Second}
	if err := d.add(caselog.KindAsked, asked, nil); err != nil {
		d.Fatal(err)
	}
	a, err := d.NewAct(caselog.KindExamined, d.from)
	if err != nil {
		d.Fatal(err)
	}
	defer a.Discard()
	folder, err := a.Folder()
	if err != nil {
		d.Fatal(err)
	}
	r := d.request()
	if r.Sources, err = d.set(d.src); err != nil {
		d.Fatal(err)
	}
	r.Dir = filepath.Join(folder, "AS64496")
	f, err := examine.Run(context.Background(), r)
	if err != nil {
		d.Fatal(err)
	}
	tamper(r.Dir)
	if err := a.Include("AS64496", Role); err != nil {
		d.Fatal(err)
	}
	l, err := caselog.ReadLog(d.Dir())
	if err != nil {
		d.Fatal(err)
	}
	a.Data = ExaminedData{Asked: l.Checkpoint.Size - 1, Folder: "AS64496", Answer: f.Answer}
	_, _, err = d.Add(context.Background(), d.key, a)
	return err
}

// again computes the findings and the report of a tampered folder anew.
func again(t testing.TB, dir string) {
	t.Helper()
	c, err := examine.Recompute(context.Background(), dir)
	var diff *examine.Difference
	if err != nil && !errors.As(err, &diff) {
		t.Fatal(err)
	}
	html, err := page.Render(dir, filepath.Base(dir), c.Findings, "en")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, examine.FindingsName), c.Bytes, 0o666), os.WriteFile(filepath.Join(dir, page.Name), html, 0o666)); err != nil {
		t.Fatal(err)
	}
}

func edit(t testing.TB, name, from, to string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	n := bytes.Replace(b, []byte(from), []byte(to), 1)
	if bytes.Equal(n, b) {
		t.Fatalf("%s does not hold %q", name, from)
	}
	if err := os.WriteFile(name, n, 0o666); err != nil {
		t.Fatal(err)
	}
}

// exhibit rewrites an exhibit with its manifest: f takes its bytes and records
// and gives others.
func exhibit(t testing.TB, dir, name string, f func([]byte, [][2]int64) ([]byte, [][2]int64)) {
	t.Helper()
	m, err := caselog.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Exhibits {
		x := &m.Exhibits[i]
		if x.Name != name {
			continue
		}
		p := filepath.Join(dir, caselog.ExhibitDir, name)
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		b, list := f(b, x.Records.List())
		x.Records = caselog.RecordsOf(list)
		h := sha256.Sum256(b)
		x.SHA256, x.Size = hex.EncodeToString(h[:]), int64(len(b))
		var j bytes.Buffer // in the form of a manifest: an exhibit a line
		fmt.Fprintf(&j, "{\"format\":%q,\"exhibits\":[", m.Format)
		for i, x := range m.Exhibits {
			line, _ := json.Marshal(x)
			fmt.Fprintf(&j, "%s\n%s", strings.Repeat(",", min(i, 1)), line)
		}
		j.WriteString("\n]}\n")
		if err := errors.Join(os.WriteFile(p, b, 0o666), os.WriteFile(filepath.Join(dir, caselog.ManifestName), j.Bytes(), 0o666)); err != nil {
			t.Fatal(err)
		}
		again(t, dir)
		return
	}
	t.Fatalf("no exhibit %s", name)
}

func (d *desk) archives(src string) Options {
	return Options{Sources: func(context.Context, *examine.Asked) (*source.Set, error) { return d.set(src) }}
}

func TestWhole(t *testing.T) {
	d := open(t, world(t))
	if r, err := Case(context.Background(), d.Dir(), Options{}); err != nil || len(r.Demanded()) != 1 {
		t.Fatalf("%v", err)
	}
	x := d.examine()
	if x.Findings.Answer != "outage" {
		t.Fatalf("answer %q", x.Findings.Answer)
	}
	r, err := Case(context.Background(), d.Dir(), d.archives(d.src))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Examinations) != 1 || !r.Archives || len(r.Notes)+len(r.Open)+len(r.Demanded()) != 0 || r.Examinations[0].Dir != x.Folder {
		t.Errorf("%+v", r)
	}
	if _, _, err := examine.Again(context.Background(), filepath.Join(d.Dir(), filepath.FromSlash(x.Folder))); err != nil {
		t.Errorf("constat examine --again on the folder in the case: %v", err)
	}
	if err := d.conclude(r, nil); err != nil {
		t.Fatal(err)
	}
	if r, err = Case(context.Background(), d.Dir(), Options{}); err != nil || len(r.Verdicts) != 1 {
		t.Errorf("%v", err)
	}
	demand := func(*Report) []Missing { return []Missing{{"a notice to the operator", "norm 13(c)"}} }
	if m := r.Demanded(demand); len(m) != 1 || m[0].Why != "norm 13(c)" {
		t.Errorf("%v", m)
	}
}

// TestUnanswered: what was asked and never answered stays to be seen, and a
// case is not concluded over it.
func TestUnanswered(t *testing.T) {
	d := open(t, world(t))
	gone := errors.New("the archive does not answer")
	if _, err := Examine(context.Background(), d.Case, d.key, d.from, d.request(), "AS64496", "", func(*examine.Request) error { return gone }); !errors.Is(err, gone) {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil || len(r.Open) != 1 || len(r.Leftover) > 0 {
		t.Fatalf("%v %+v", err, r)
	}
	if m := r.Demanded(); len(m) != 2 || !strings.Contains(m[1].What, "entry 1 asked for: AS64496 from 2020-03-01T12:00:00Z") {
		t.Errorf("%v", m)
	}
	d.examine()
	if r, err = Case(context.Background(), d.Dir(), Options{}); err != nil || len(r.Open)+len(r.Demanded()) != 0 {
		t.Errorf("%v %+v", err, r)
	}
}

// TestLyingExaminer: an examiner with the key can log what it likes. What the
// findings, the standard and the question give away is found from the case
// alone; what was done to the exhibits and to watch.json, by the archives.
func TestLyingExaminer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: a case for each lie")
	}
	src := world(t)
	const where = "acts/00002-examined/AS64496/"
	const trouble = "rrc00.updates.20200301.1200.mrt"
	for _, c := range []struct {
		name     string
		tamper   func(t *testing.T, dir string)
		case_    string // what verifying the case alone says; "" if it holds
		archives string // what the archives say
	}{
		{"honest", func(*testing.T, string) {}, "", ""},
		{"findings", func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "findings.json"), "10.0.0.0/24", "10.0.9.0/24")
		},
			where + "findings.json (entry 2): the findings computed from the case differ", ""},
		{"standard", func(t *testing.T, dir string) {
			b, _ := proof.Source("balance")
			os.WriteFile(filepath.Join(dir, "standard.toml"), b, 0o666)
			h := sha256.Sum256(b)
			var q map[string]any
			j, _ := os.ReadFile(filepath.Join(dir, "question.json"))
			json.Unmarshal(j, &q)
			q["standard"] = map[string]string{"name": "balance", "sha256": hex.EncodeToString(h[:])}
			j, _ = json.Marshal(q)
			os.WriteFile(filepath.Join(dir, "question.json"), j, 0o666)
			again(t, dir)
		}, where + "standard.toml (entry 2): it is not the standard of proof that the case declared", ""},
		{"question", func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "question.json"), "2020-03-01T12:15:00Z", "2020-03-01T12:10:00Z")
			again(t, dir)
		}, where + "question.json (entry 2): it is not the question that entry 1 logged", ""},
		{"a file is taken away", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "watch.json")) },
			where[:len(where)-1] + " (entry 2): not a whole case", ""},
		{"record left out", func(t *testing.T, dir string) {
			exhibit(t, dir, trouble, func(b []byte, r [][2]int64) ([]byte, [][2]int64) { return b[r[0][1]:], r[1:] })
		}, "", where + "exhibits/" + trouble + " (entry 2): the record at "},
		{"last record left out", func(t *testing.T, dir string) {
			exhibit(t, dir, trouble, func(b []byte, r [][2]int64) ([]byte, [][2]int64) {
				n := len(r) - 1
				return b[:int64(len(b))-r[n][1]], r[:n]
			})
		}, "", "was left out"},
		{"record made up", func(t *testing.T, dir string) {
			exhibit(t, dir, trouble, func(b []byte, r [][2]int64) ([]byte, [][2]int64) {
				n := len(r) - 1
				return append(b, b[int64(len(b))-r[n][1]:]...), append(r, [2]int64{r[n][0] + 1000, r[n][1]})
			})
		}, "", "is none of the source's that belong here"},
		{"record altered", func(t *testing.T, dir string) {
			exhibit(t, dir, trouble, func(b []byte, r [][2]int64) ([]byte, [][2]int64) {
				b[r[0][1]+3]++ // the second record, a second later
				return b, r
			})
		}, "", "its record 1 is not verbatim what lies at "},
		{"watch altered", func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "watch.json"), `"records": 8`, `"records": 9`)
			again(t, dir)
		}, "", where + "watch.json (entry 2): it is not what the archives give, first in line "},
		{"other source", func(t *testing.T, dir string) {
			b, _ := os.ReadFile(filepath.Join(dir, "watch.json"))
			i := bytes.Index(b, []byte(`"sha256": "`)) + 11
			for _, n := range []string{"watch.json", "exhibits/manifest.json"} {
				w, _ := os.ReadFile(filepath.Join(dir, n))
				os.WriteFile(filepath.Join(dir, n), bytes.ReplaceAll(w, b[i:i+64], []byte(strings.Repeat("0", 64))), 0o666)
			}
			again(t, dir)
		}, "", "is not the file that the examination read: its SHA-256 is "},
		{"controls altered", func(t *testing.T, dir string) {
			edit(t, filepath.Join(dir, "controls.json"), `"near": []`, `"near": [{"prefix":"10.9.0.0/16","as":[64510]}]`)
			again(t, dir)
		}, "", where + "controls.json (entry 2): it is not what the archives give"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, src)
			d.forge(func(dir string) { c.tamper(t, dir) })
			expect := func(what string, o Options, want string) {
				t.Helper()
				_, err := Case(context.Background(), d.Dir(), o)
				switch {
				case want == "" && err != nil:
					t.Errorf("%s: %v", what, err)
				case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !caselog.IsFault(err)):
					t.Errorf("%s: got %v\nwant %s", what, err, want)
				}
			}
			expect("the case alone", Options{}, c.case_)
			if c.case_ == "" {
				expect("the archives", d.archives(src), c.archives)
			}
		})
	}
}

// TestOtherArchives: archives that are not those of the examination.
func TestOtherArchives(t *testing.T) {
	src := world(t)
	d := open(t, src)
	d.examine()
	const last = "rrc00/2020.03/updates.20200301.1210"
	for _, c := range []struct {
		name, want string
		do         func(dir string)
	}{
		{"the same elsewhere", "", func(string) {}},
		{"a file is missing", "the examination read updates.20200301.1210 of rrc00, and the archives given do not have it", func(dir string) { os.Remove(filepath.Join(dir, last)) }},
		{"a file differs", "updates.20200301.1210 of rrc00 is not the file that the examination read", func(dir string) {
			f, _ := os.OpenFile(filepath.Join(dir, last), os.O_APPEND|os.O_WRONLY, 0)
			f.Write(new(mrttest.File).Keepalive(d.from+899*moment.Second, mrttest.P("192.0.2.99", 64599)).Bytes())
			f.Close()
		}},
		{"a file more", "the archives have bview.20200301.1155 of rrc00 for this question, and the examination left it out", func(dir string) {
			f := new(mrttest.File)
			p := mrttest.P("192.0.2.1", 64501)
			f.PeerIndex(d.from-300*moment.Second, p)
			f.RIB(d.from-300*moment.Second, "10.0.0.0/24", mrttest.Entry{Peer: 0, Path: []uint32{64501, 64496}})
			os.WriteFile(filepath.Join(dir, "rrc00/2020.03/bview.20200301.1155"), f.Bytes(), 0o666)
		}},
		{"another collector", "", func(dir string) {
			os.CopyFS(filepath.Join(dir, "rrc01"), os.DirFS(filepath.Join(dir, "rrc00")))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(dir, os.DirFS(src)); err != nil {
				t.Fatal(err)
			}
			c.do(dir)
			_, err := Case(context.Background(), d.Dir(), d.archives(dir))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestLyingVerdict: a verdict says what the findings give and nothing else.
func TestLyingVerdict(t *testing.T) {
	src := world(t)
	for name, c := range map[string]struct {
		data VerdictData
		lie  func([]byte) []byte
		want string
	}{
		"honest":           {VerdictData{3}, func(b []byte) []byte { return b }, ""},
		"another level":    {VerdictData{3}, func(b []byte) []byte { return bytes.Replace(b, []byte(`"level": "`), []byte(`"level": "x`), 1) }, "it is not what the findings in the case give"},
		"before the end":   {VerdictData{2}, func(b []byte) []byte { return b }, "it is not what the findings in the case give"},
		"from the future":  {VerdictData{4}, func(b []byte) []byte { return b }, "it concludes from 4 entries, and there are 3 before it"},
		"one that is none": {VerdictData{0}, func(b []byte) []byte { return b }, "it concludes from 0 entries"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, src)
			d.examine()
			r, err := Case(context.Background(), d.Dir(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			b, _ := r.Conclude(3)
			if err := d.add(caselog.KindVerdict, c.data, func(a *caselog.Act) error {
				return errors.Join(a.WriteFile(VerdictName, "verdict", c.lie(b)), joined(r, 3, a))
			}); err != nil {
				t.Fatal(err)
			}
			_, err = Case(context.Background(), d.Dir(), Options{})
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// joined writes the conclusion beside a verdict.
func joined(r *Report, entries int64, a *caselog.Act) error {
	c, err := r.Assemble(entries)
	if err != nil {
		return err
	}
	b, err := c.Encode()
	if err != nil {
		return err
	}
	return a.WriteFile(conclude.Name, "conclusion", b)
}

// conclude logs what the case concludes, as constat case conclude does, but for what
// tamper changes in the files: nil leaves one out.
func (d *desk) conclude(r *Report, tamper func(files map[string][]byte)) error {
	d.Helper()
	n := r.Checkpoint.Size
	c, err := r.Assemble(n)
	if err != nil {
		d.Fatal(err)
	}
	files := map[string][]byte{}
	files[VerdictName], err = r.Conclude(n)
	files[conclude.Name], _ = c.Encode()
	for _, l := range locale.All() {
		files[conclude.ReportName(l)], _ = c.Page(l, locale.All())
	}
	if err != nil {
		d.Fatal(err)
	}
	if tamper != nil {
		tamper(files)
	}
	return d.add(caselog.KindVerdict, VerdictData{Entries: n}, func(a *caselog.Act) (err error) {
		for name, b := range files {
			if b != nil {
				err = errors.Join(err, a.WriteFile(name, verdictRole(name), b))
			}
		}
		return err
	})
}

// TestForgedVerdict: an examiner logs beside a true verdict what no program wrote, or
// leaves out what would say that it is not true.
func TestForgedVerdict(t *testing.T) {
	src := world(t)
	guilty := []byte("<h1>guilty</h1>")
	for name, c := range map[string]struct {
		tamper      func(files map[string][]byte)
		fault, note string
	}{
		"honest":                                 {nil, "", ""},
		"a report of its own, and no conclusion": {func(f map[string][]byte) { f["report.html"], f[conclude.Name] = guilty, nil }, "conclusion.json (entry 3): it is missing", ""},
		"no conclusion":                          {func(f map[string][]byte) { f[conclude.Name] = nil }, "conclusion.json (entry 3): it is missing", ""},
		"another page":                           {func(f map[string][]byte) { f["guilt.html"] = guilty }, "guilt.html (entry 3): it lies in the verdict and is no part of one", ""},
		"a report in no language that there is":  {func(f map[string][]byte) { f["report.xx.html"] = guilty }, "", "report.xx.html is the file that was logged, but not what this version"},
		"a report of its own":                    {func(f map[string][]byte) { f["report.fr.html"] = guilty }, "", "report.fr.html is the file that was logged, but not what this version"},
		"no report": {func(f map[string][]byte) {
			for _, l := range locale.All() {
				f[conclude.ReportName(l)] = nil
			}
		}, "", "report.html is not there"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, src)
			d.examine()
			r, err := Case(context.Background(), d.Dir(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.conclude(r, c.tamper); err != nil {
				t.Fatal(err)
			}
			r, err = Case(context.Background(), d.Dir(), Options{})
			switch {
			case c.fault != "":
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("got %v, want %q", err, c.fault)
				}
			case err != nil:
				t.Error(err)
			case c.note == "" && len(r.Notes) > 0 || c.note != "" && (len(r.Notes) == 0 || !strings.Contains(r.Notes[0].String(), c.note) || !r.Notes[0].Strict()):
				t.Errorf("notes %q, want %q", r.Notes, c.note)
			}
		})
	}
}

// TestForgedExamination: files that no examination writes are no part of one in a case either.
func TestForgedExamination(t *testing.T) {
	src := world(t)
	for name, want := range map[string]string{
		"report.fr.html":      "report.fr.html (entry 2): it lies in the examination and is no part of one",
		"exhibits/guilt.html": "exhibits/guilt.html: it lies in the case, and the log does not have it",
	} {
		d := open(t, src)
		d.forge(func(dir string) {
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte("guilty"), 0o666); err != nil {
				t.Fatal(err)
			}
		})
		if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	d := open(t, src)
	d.forge(func(dir string) { os.Remove(filepath.Join(dir, "report.html")) })
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil || len(r.Notes) != 1 || r.Notes[0].Key != NoteGone || !r.Notes[0].Strict() {
		t.Errorf("%v, notes %q", err, r.Notes)
	}
}

// TestNotes: what is no fault and is said all the same.
func TestNotes(t *testing.T) {
	d := open(t, world(t))
	d.forge(func(dir string) { edit(t, filepath.Join(dir, "report.html"), "</title>", "!</title>") })
	d.from -= 3600 * moment.Second
	if err := d.add(caselog.KindDocument, nil, func(a *caselog.Act) error { return a.WriteFile("letter.txt", "", []byte("x")) }); err != nil {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil || len(r.Notes) != 2 {
		t.Fatalf("%v %q", err, r.Notes)
	}
	for i, want := range []string{"report.html is the file that was logged, but not what this version", "entry 3 gives an earlier time than entry 2"} {
		if !strings.Contains(r.Notes[i].String(), want) {
			t.Errorf("%q", r.Notes[i])
		}
	}
}

// TestFolderElsewhere: an entry cannot have a folder outside the case read.
func TestFolderElsewhere(t *testing.T) {
	d := open(t, world(t))
	x := d.examine()
	outside, err := filepath.Rel(filepath.Join(d.Dir(), "acts", "00003-examined"), filepath.Join(d.Dir(), filepath.FromSlash(x.Folder)))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{filepath.ToSlash(outside), "../../../elsewhere", "", ".", "/etc"} {
		d := open(t, d.src)
		d.examine()
		if err := d.add(caselog.KindExamined, ExaminedData{Asked: 1, Folder: folder, Answer: "outage"}, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), "entry 3: it has no findings in ") {
			t.Errorf("%q: %v", folder, err)
		}
	}
}

// TestSwapped: a case whose files are replaced after they were hashed, by others
// that fit together, does not verify, and nothing is concluded from it.
func TestSwapped(t *testing.T) {
	d := open(t, world(t))
	x := d.examine()
	here := filepath.Join(d.Dir(), filepath.FromSlash(x.Folder))
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	lie := filepath.Join(t.TempDir(), filepath.Base(here))
	if err := os.CopyFS(lie, os.DirFS(here)); err != nil {
		t.Fatal(err)
	}
	const trouble = "rrc00.updates.20200301.1200.mrt"
	exhibit(t, lie, trouble, func(b []byte, r [][2]int64) ([]byte, [][2]int64) { return b[r[0][1]:], r[1:] })
	swap := func() {
		if err := errors.Join(os.RemoveAll(here), os.CopyFS(here, os.DirFS(lie))); err != nil {
			t.Error(err)
		}
	}
	var hashed atomic.Int64
	o := Options{CheckOptions: caselog.CheckOptions{Done: func(n int64) {
		if hashed.Add(n) == r.Bytes {
			swap()
		}
	}}}
	if _, err := Case(context.Background(), d.Dir(), o); err == nil || !strings.Contains(err.Error(), "changed while it was verified") {
		t.Errorf("verified: %v", err)
	}
	if hashed.Load() != r.Bytes {
		t.Fatal("it was never swapped")
	}
	if _, err := r.Assemble(r.Checkpoint.Size); err != nil {
		t.Errorf("what was read before: %v", err)
	}
	release := r.Pin()
	_, err = caselog.ReadFile(here, examine.FindingsName)
	_, err2 := caselog.ReadManifest(here)
	os.WriteFile(filepath.Join(here, examine.GroupsName), []byte("x"), 0o666)
	_, err3 := caselog.ReadFile(here, examine.GroupsName)
	release()
	if err == nil || err2 == nil || !errors.Is(err3, fs.ErrNotExist) {
		t.Errorf("read from a case that was verified: %v; %v; %v", err, err2, err3)
	}
	if _, err := caselog.ReadFile(here, examine.FindingsName); err != nil {
		t.Errorf("released: %v", err)
	}
}

// TestSingle: an examination that is in no case holds with the files of an
// examination and no other, each with one reading; a report that was rewritten is
// said.
func TestSingle(t *testing.T) {
	d := open(t, world(t))
	x := d.examine()
	from := filepath.Join(d.Dir(), filepath.FromSlash(x.Folder))
	for _, c := range []struct {
		name, want, note string
		do               func(dir string)
	}{
		{"as it was", "", "", func(string) {}},
		{"a deleted report", "", "report.html is not there", func(dir string) { os.Remove(filepath.Join(dir, "report.html")) }},
		{"a rewritten report", "", "report.html is not what this version", func(dir string) { os.WriteFile(filepath.Join(dir, "report.html"), []byte("all is well"), 0o666) }},
		{"a stranger", "README: it lies in the examination", "", func(dir string) { os.WriteFile(filepath.Join(dir, "README"), nil, 0o666) }},
		{"a folder", "more: it lies in the examination", "", func(dir string) { os.Mkdir(filepath.Join(dir, "more"), 0o777) }},
		{"a link", "report.html: ", "", func(dir string) {
			os.Remove(filepath.Join(dir, "report.html"))
			os.Symlink("/etc/passwd", filepath.Join(dir, "report.html"))
		}},
		{"a doubled member of the question", "question.json: the member", "", func(dir string) {
			edit(t, filepath.Join(dir, "question.json"), `"format"`, `"Format":"x","format"`)
		}},
		{"a doubled member of the manifest", "not in the one form", "", func(dir string) {
			edit(t, filepath.Join(dir, caselog.ManifestName), `{"name":"`, `{"Name":"x","name":"`)
		}},
		{"an unknown member of the question", "", "question.json has a member that this version of Constat does not know, verdict", func(dir string) {
			edit(t, filepath.Join(dir, "question.json"), `"format"`, `"verdict":"guilty","format"`)
		}},
		{"rules that are not there yet", "", "question.json says that its findings are of rules 99", func(dir string) {
			edit(t, filepath.Join(dir, "question.json"), fmt.Sprintf("\"rules\": %d,", assess.Rules), "\"rules\": 99,")
		}},
		{"spaces in the manifest", "not in the one form", "", func(dir string) {
			edit(t, filepath.Join(dir, caselog.ManifestName), `"exhibits":[`, `"exhibits": [`)
		}},
	} {
		dir := filepath.Join(t.TempDir(), filepath.Base(from))
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		c.do(dir)
		a, err := Single(context.Background(), dir)
		switch {
		case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.name, err)
		case c.want == "" && (len(a.Notes) > 0) != (c.note != ""), c.note != "" && !strings.Contains(a.Notes[0].String(), c.note):
			t.Errorf("%s: %v", c.name, a.Notes)
		}
	}
}
