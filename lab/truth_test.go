package lab

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestDeriveScratch is for looking.
func TestDeriveScratch(t *testing.T) {
	dirs, _ := filepath.Glob(os.Getenv("REC") + "/*/" + RecordingFile)
	for _, d := range dirs {
		d = filepath.Dir(d)
		fsys := os.DirFS(d)
		rec := must(ReadRecording(fsys))(t)
		src := must(os.ReadFile(filepath.Join(d, ScenarioFile)))(t)
		s := must(Parse(d, src))(t)
		st, odd, err := Derive(s, rec, fsys)
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		for _, o := range odd {
			t.Errorf("%s: %s", filepath.Base(d), o)
		}
		b, _ := json.Marshal(st)
		sum := map[string]int{}
		for _, l := range st.Lost {
			for _, x := range l.Stops {
				sum[x.From.Format("15:04:05 ")+x.Near.String()+">"+x.Far.String()]++
			}
		}
		t.Logf("%s: %d bytes, %d lost, %d down %v", filepath.Base(d), len(b), len(st.Lost), len(st.Down), sum)
		_ = bytes.Equal
	}
}
