package examine

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"constat/cases/caselog"
	"constat/cases/page"
	"constat/judge/assess"
	"constat/judge/finding"
	"constat/routes/vantage"
)

// FuzzCase gives "examine --again" the files of a case as somebody hostile may
// have written them. It must refuse or compute; it must not panic, hang, or
// grow with a number that it was told.
func FuzzCase(f *testing.F) {
	w := busy(f)
	_, dir := ask(f, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{w.write()}})
	files := tree(f, dir)
	delete(files, page.Name)
	const exhibit = "exhibits/rrc00.updates.20200301.1200.mrt"
	f.Add([]byte(files[QuestionName]), []byte(files[WatchName]), []byte(files[caselog.ManifestName]), []byte(files[FindingsName]), []byte(files[exhibit]))
	for _, evil := range hostile {
		q, wt := files[QuestionName], files[WatchName]
		if evil.question != "" {
			q = evil.question
		}
		if evil.watch != "" {
			wt = evil.watch
		}
		f.Add([]byte(q), []byte(wt), []byte(files[caselog.ManifestName]), []byte("{}"), []byte(files[exhibit]))
	}
	f.Fuzz(func(t *testing.T, question, watch, manifest, findings, records []byte) {
		dir := t.TempDir()
		put := func(name string, b []byte) {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Mkdir(filepath.Join(dir, caselog.ExhibitDir), 0o777); err != nil {
			t.Fatal(err)
		}
		for n, b := range files {
			put(n, []byte(b))
		}
		put(QuestionName, question)
		put(WatchName, watch)
		put(caselog.ManifestName, manifest)
		put(FindingsName, findings)
		put(exhibit, records)
		// Without the check of the digests, which stops nearly everything.
		ev, err := load(context.Background(), dir)
		if err == nil {
			if _, err := assess.Findings(ev).Encode(); err != nil {
				t.Errorf("what was computed cannot be written: %v", err)
			}
		}
		Again(context.Background(), dir)
	})
}

// hostile are files that are well formed and mean mischief.
var hostile = []struct{ name, question, watch string }{
	{"a question of ten thousand years", `{"format":"constat-question/1","question":{"subject":"x","from":"0000-01-01T00:00:00Z","until":"9999-12-31T23:59:59Z"},"subject":{"name":"x","kind":"as","origins":[64496]}}`, ""},
	{"a subject of nonsense", `{"format":"constat-question/1","question":{"subject":"x","from":"2020-03-01T12:00:00Z","until":"2020-03-01T12:10:00Z"},"subject":{"name":"x","kind":"prefix","blocks":["","10.0.0.0/24","0.0.0.0/0","::/0"]}}`, ""},
	{"a kind that is none", `{"format":"constat-question/1","question":{"subject":"x","from":"2020-03-01T12:00:00Z","until":"2020-03-01T12:10:00Z"},"subject":{"name":"x","kind":"galaxy","origins":[4,3,2,1,64496]},"networks":null}`, ""},
	{"times that are none", "", `{"format":"constat-watch/1","collectors":[{"name":"rrc00","cadence_s":-9223372036854775808,"files":[{"kind":"updates","start":"2020-03-01T12:05:00Z","end":"2020-03-01T12:00:00Z","first":"2020-03-01T12:04:00Z"}],"missing":[{"from":"9999-01-01T00:00:00Z","until":"0000-01-01T00:00:00Z"}],"peers":[{"peer":"","as":[],"alive":[{"from":"9999-01-01T00:00:00Z","until":"0000-01-01T00:00:00Z"}],"states":[{"at":"0000-01-01T00:00:00Z","old":9,"new":6}],"transfers":[{"from":"9999-01-01T00:00:00Z","until":"0000-01-01T00:00:00Z","distinct":-5}]}]}]}`},
	{"files without records", "", `{"format":"constat-watch/1","collectors":[{"name":"rrc00","cadence_s":300,"files":[{"kind":"updates","first":null,"last":"2020-03-01T12:04:00Z"},{"kind":"rib","last":null,"tables":[{"peer":"192.0.2.1","v4":-1}]}],"peers":[{"peer":"192.0.2.1"},{"peer":"192.0.2.1"},{"peer":"192.0.2.2"},{"peer":"192.0.2.3"}]},{"name":"rrc00"}]}`},
	{"nobody", "", `{"format":"constat-watch/1"}`},
}

// TestHostileCases: each of them ends, in a refusal or in findings.
func TestHostileCases(t *testing.T) {
	w := busy(t)
	_, dir := ask(t, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{w.write()}})
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			for name, text := range map[string]string{QuestionName: h.question, WatchName: h.watch} {
				if text == "" {
					continue
				}
				old, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
				defer os.WriteFile(filepath.Join(dir, name), old, 0o666)
			}
			_, f, err := Again(context.Background(), dir)
			if err == nil {
				t.Error("the same bytes again")
			}
			if f != nil {
				if _, err := f.Encode(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// FuzzDecoders reads the JSON of a case's files, and writes again what it read.
func FuzzDecoders(f *testing.F) {
	_, dir := ask(f, asked{subject: "AS64496", from: 0, until: 1200, specs: []string{busy(f).write()}})
	for n, b := range tree(f, dir) {
		if filepath.Ext(n) == ".json" {
			f.Add([]byte(b))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if fs, err := finding.Decode(b); err == nil {
			one, err := fs.Encode()
			if err != nil {
				t.Fatal(err)
			}
			fs, err = finding.Decode(one)
			if err != nil {
				t.Fatalf("what was written is not read: %v", err)
			}
			if two, _ := fs.Encode(); string(two) != string(one) {
				t.Error("findings change when read and written")
			}
		}
		var w vantage.Watch
		if json.Unmarshal(b, &w) == nil {
			one, err := encode(&w)
			if err != nil {
				t.Skip("a time that JSON cannot hold")
			}
			var again vantage.Watch
			if err := json.Unmarshal(one, &again); err != nil {
				t.Fatal(err)
			}
			if two, _ := encode(&again); string(two) != string(one) {
				t.Error("the watch changes when read and written")
			}
		}
	})
}
