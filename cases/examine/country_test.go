package examine

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"constat/cases/page"
	"constat/internal/realdata"
	"constat/judge/finding"
	"constat/moment"
	"constat/report"
	"constat/report/plain"
	"constat/routes/atlas"
	"constat/routes/source"
)

// summarise writes what a terminal shows of findings.
func summarise(t *testing.T, w io.Writer, f *finding.Findings, lang report.Lang) {
	t.Helper()
	s, err := report.Summary(f, lang)
	if err != nil {
		t.Fatal(err)
	}
	if err := plain.Write(w, s, 0); err != nil {
		t.Fatal(err)
	}
}

// withinWhole checks what holds of the events of any findings: no part exceeds
// its whole, and the trough lies within the event.
func withinWhole(t *testing.T, f *finding.Findings) {
	t.Helper()
	fits := func(what string, k, n finding.Size) {
		if k.Prefixes > n.Prefixes || k.V4 > n.V4 || k.V6 > n.V6 {
			t.Errorf("%s: %+v of %+v", what, k, n)
		}
	}
	for i, e := range f.Events {
		fits("trough", e.Trough.Lost, e.Of.Size)
		if n := len(e.Trough.Out) + len(e.Trough.Partly); n == 0 || n > e.Of.Operators {
			t.Errorf("event %d: %d operators of %d", i, n, e.Of.Operators)
		}
		if e.Trough.At < e.From || e.Until != nil && e.Trough.At > *e.Until || e.Trough.Until <= e.Trough.At {
			t.Errorf("event %d from %s: trough %s to %s", i, e.From, e.Trough.At, e.Trough.Until)
		}
		if (e.Until == nil) != (e.Censored != nil) || len(e.Stages) == 0 || e.Stages[0].From != e.From {
			t.Errorf("event %d: %+v", i, e)
		}
		for _, s := range e.Stages {
			fits("stage", s.Lost, e.Of.Size)
		}
		for _, g := range e.Groups {
			fits(g.Group, g.Lost, g.Of)
			fits(g.Group, g.Of, e.Of.Size)
		}
		if i > 0 && e.From < f.Events[i-1].From {
			t.Errorf("event %d begins before the one before", i)
		}
	}
}

// TestCountryNights: losses in stages are one event, of all operators and of all
// of what was announced; the same at once is one stage.
func TestCountryNights(t *testing.T) {
	for _, x := range []struct {
		folder   string
		stages   []string
		from     string
		until    string
		trough   string
		size     finding.Size
		snapshot string
	}{
		{"country-staged-gateways-200", []string{"14:05:24", "14:12:04", "14:19:33"}, "14:05:24", "14:54:57", "14:19:35", finding.Size{Prefixes: 60, V4: 18944}, "12:30:00"},
		{"country-all-gateways-200", []string{"14:06:31"}, "14:06:31", "14:55:17", "14:07:30", finding.Size{Prefixes: 55, V4: 17664}, "12:35:00"},
	} {
		t.Run(x.folder, func(t *testing.T) {
			f := askCommand(t, realdata.Path(t, "adversary/"+x.folder))
			withinWhole(t, f)
			if len(f.Events) != 1 {
				t.Fatalf("%d events", len(f.Events))
			}
			e := f.Events[0]
			day := func(s string) moment.Time { return instant(t, "2016-03-10T"+s) }
			var stages []string
			for _, s := range e.Stages {
				stages = append(stages, s.From.Std().Format("15:04:05"))
			}
			if !slices.Equal(stages, x.stages) || e.From != day(x.from) || e.Until == nil || *e.Until != day(x.until) {
				t.Errorf("stages %v, from %s until %v", stages, e.From, e.Until)
			}
			if e.Trough.At != day(x.trough) || e.Trough.Lost != x.size || len(e.Trough.Out) != 27 || len(e.Trough.Partly) != 0 {
				t.Errorf("trough %+v", e.Trough)
			}
			if e.Of.By != finding.BaseSnapshot || *e.Of.Snapshot != day(x.snapshot) || e.Of.Size != x.size || e.Of.Operators != 27 {
				t.Errorf("of %+v", e.Of)
			}
			if f.Space.Delegated == nil || f.Space.Delegated.V4 != 27*1024 || len(f.Space.Lists) != 1 || f.Space.Lists[0] != (finding.DelegationList{Registry: "APNIC", Date: "2016-03-09"}) {
				t.Errorf("space %+v", f.Space)
			}
			if e.Trough.Recovered == nil || *e.Trough.Recovered < day("14:54:00") || len(e.Total) != 1 || e.Total[0].Until == nil {
				t.Errorf("recovered %v, total %v", e.Trough.Recovered, e.Total)
			}
			for _, n := range f.Notes {
				if n.Key == finding.NoteStaleLists {
					t.Errorf("a list of the day before is not of another time: %v", n)
				}
			}
		})
	}
}

// TestCountriesOnRealFiles: two update files tell what moved, and nothing of
// what there is; delegations of 2014 are of another time than 2010 and 2022.
func TestCountriesOnRealFiles(t *testing.T) {
	t.Run("CL", func(t *testing.T) {
		f := askReal(t, "CL", "2010-02-27T16:00", "2010-02-27T16:20", realdata.Path(t, "registry"), realdata.Path(t, "mrt/ris/rrc15"))
		withinWhole(t, f)
		if len(f.Events) != 6 {
			t.Fatalf("%d events", len(f.Events))
		}
		for _, e := range f.Events {
			if e.Trough.Lost != (finding.Size{Prefixes: 98, V4: 179200}) || !slices.Equal(e.Trough.Out, []uint32{22047}) || len(e.Stages) != 1 {
				t.Errorf("%s: %+v", e.From, e.Trough)
			}
			if e.Of.By != finding.BaseHeard || e.Of.Snapshot != nil || e.Of.Prefixes != 246 || e.Of.Operators != 15 {
				t.Errorf("%s: of %+v", e.From, e.Of)
			}
		}
		if f.Space.Delegated.V4 != 4918016 || f.Space.Heard.Prefixes != 246 {
			t.Errorf("space %+v", f.Space)
		}
		stale := slices.IndexFunc(f.Notes, func(n finding.Note) bool { return n.Key == finding.NoteStaleLists })
		if stale < 0 || !slices.Equal(f.Notes[stale].Args(), []string{"LACNIC 2014-06-27"}) {
			t.Errorf("notes %v", f.Notes)
		}
		for _, p := range f.Subject.Prefixes { // what the atlas says is what can be worded in other languages
			for _, r := range p.Reasons {
				if r.Kind != finding.OnListDelegated || r.Country != "CL" {
					t.Errorf("%s is on the list by %v, of which no words are known", p.Prefix, r)
				}
			}
		}
		for _, lang := range []report.Lang{"en", "fr"} {
			var b strings.Builder
			summarise(t, &b, f, lang)
			s := strings.Join(strings.Fields(b.String()), " ")
			want := []string{"all prefixes of 1 of the 15 operators of Chile (CL) that these files speak of", "179,200 of the 338,176 IPv4 addresses heard in them",
				"The delegations of Chile (CL) are 4,918,016 addresses"}
			if lang == "fr" {
				want = []string{"tous les préfixes de 1 des 15 opérateurs du Chili (CL) dont parlent ces fichiers", "Les délégations du Chili (CL) comptent 4 918 016 adresses"}
			}
			for _, w := range want {
				if !strings.Contains(s, w) {
					t.Errorf("%s lacks %q:\n%s", lang, w, b.String())
				}
			}
			// 53.0 % is also the share of the peers' time of which nothing is known.
			if strings.Contains(s, "of 246 prefixes of Chile") || strings.Contains(strings.ReplaceAll(s, "53.0 % of their time", ""), "53.0") {
				t.Errorf("a share of what moved:\n%s", b.String())
			}
		}
	})
	t.Run("BR", func(t *testing.T) {
		f := askReal(t, "BR", "2022-02-09T10:35", "2022-02-09T10:45", realdata.Path(t, "registry"), realdata.Path(t, "mrt/ris/rrc04"))
		withinWhole(t, f)
		row := func(as uint32) string {
			i := slices.IndexFunc(f.Operators, func(o finding.Operator) bool { return o.AS == as })
			if i < 0 {
				return "none"
			}
			o := f.Operators[i]
			s := o.From.Std().Format("15:04:05") + "–"
			if o.Until != nil {
				s += o.Until.Std().Format("15:04:05")
			}
			b, _ := json.Marshal([]any{o.Lost.Prefixes, o.Lost.Of, o.Open})
			return s + " " + string(b)
		}
		for as, want := range map[uint32]string{
			53113: "10:38:30–10:40:15 [6,6,false]", 262612: "10:42:43– [8,8,true]", 53225: "10:37:15– [12,31,true]", 262493: "10:38:37– [2,2,true]"} {
			if got := row(as); got != want {
				t.Errorf("AS%d: %s, want %s", as, got, want)
			}
		}
		var b strings.Builder
		summarise(t, &b, f, "en")
		_, table, _ := strings.Cut(b.String(), "Operators with the largest losses")
		last := -1
		for _, as := range []string{"AS262612", "AS53225", "AS53113", "AS262493"} {
			at := strings.Index(table, as)
			if at <= last {
				t.Errorf("%s is not where it belongs:\n%s", as, table)
			}
			last = at
		}
	})
}

// A grouping file is kept in the case: the same bytes come of it again, and
// another file under its name is refused.
func TestGroupsOfACase(t *testing.T) {
	w := newWorld(t)
	w.keeps("rrc00", -300, 900)
	w.snapshot(-300, own, three, "10.0.0.0/24", "10.0.1.0/24")
	w.dark(100, 200, own, three, "10.0.1.0/24")
	dir := t.TempDir()
	list := filepath.Join(dir, "list.subject")
	if err := os.WriteFile(list, []byte("name: Here\nAS64496\n10.0.1.0/24\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var none *atlas.Atlas
	s, err := none.Resolve(list)
	if err != nil {
		t.Fatal(err)
	}
	set, err := source.Open(context.Background(), []string{w.write()}, moment.Interval{From: at(0), Until: at(900)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("[region]\nAS64496 North\n10.0.1.0/24 South\n[kind]\n10.0.0.0/8 fixed\n")
	cs := filepath.Join(dir, "case")
	f, err := Run(context.Background(), Request{Asked: "list.subject", Subject: s, From: at(0), Until: at(900), Sources: set, Dir: cs, Extra: page.Writer("en"),
		GroupsFile: "here.txt", GroupsText: text})
	if err != nil {
		t.Fatal(err)
	}
	withinWhole(t, f)
	if len(f.Events) != 1 {
		t.Fatalf("%d events", len(f.Events))
	}
	one := finding.Size{Prefixes: 1, V4: 256}
	when := at(101)
	want := []finding.GroupLoss{
		{Grouping: "region", Group: "North", Operators: 1, Of: one},
		{Grouping: "region", Group: "South", Operators: 1, Of: one, Lost: one, At: &when},
		{Grouping: "kind", Group: "fixed", Operators: 1, Of: finding.Size{Prefixes: 2, V4: 512}, Lost: one, At: &when},
	}
	got, _ := json.Marshal(f.Events[0].Groups)
	if exp, _ := json.Marshal(want); string(got) != string(exp) {
		t.Errorf("groups %s\nwant %s", got, exp)
	}
	if _, _, err := Again(context.Background(), cs); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(cs, GroupsName), append(text, "AS1 other\n"...), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Again(context.Background(), cs); err == nil || !strings.Contains(err.Error(), "is not the grouping file that was given") {
		t.Errorf("another grouping file: %v", err)
	}
	if err := os.Remove(filepath.Join(cs, GroupsName)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Again(context.Background(), cs); err == nil {
		t.Error("no grouping file, and the case is whole")
	}
}
