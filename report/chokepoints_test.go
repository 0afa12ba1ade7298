package report

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/judge/transit"
	"constat/report/plain"
)

// chokeAnswer is an answer as the command wrote it, of a made-up country: the golden
// file of docs/formats/chokepoints.md.
func chokeAnswer(t *testing.T) *transit.Answer {
	t.Helper()
	b, err := os.ReadFile("testdata/chokepoints.json")
	if err != nil {
		t.Fatal(err)
	}
	a, err := transit.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, b) {
		t.Error("the golden file is not written again as it was")
	}
	return a
}

func TestChokepointsText(t *testing.T) {
	a := chokeAnswer(t)
	for _, l := range locale.All() {
		for name, all := range map[string]bool{"chokepoints": false, "chokepoints-all": true} {
			var b bytes.Buffer
			if err := writeChokepointsIn(&b, a, l, 0, all); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+"."+string(l)+".txt")
			if *update {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s is not what is said:\n%s", file, b.String())
			}
			for line := range strings.Lines(b.String()) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > plain.Columns {
					t.Errorf("%s: a line of %d columns", l, n)
				}
			}
			if strings.Contains(b.String(), "[choke.") {
				t.Errorf("%s lacks words:\n%s", l, b.String())
			}
		}
	}
}

// TestChokepointsPage: the page needs no script and asks for nothing, its diagram adds
// up, and what the files say is escaped.
func TestChokepointsPage(t *testing.T) {
	a := chokeAnswer(t)
	a.Who[0].Name = `<script>alert(1)</script> & "x"`
	for _, l := range locale.All() {
		var b bytes.Buffer
		if err := ChokepointsHTML(&b, a, 0, "index.html", l); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, no := range []string{"<script", "http:", "https:", "src=", "[choke.", "<nil>", "NaN", "%!"} {
			if strings.Contains(page, no) {
				t.Errorf("%s: the page has %q", l, no)
			}
		}
		if n := strings.Count(page, `<svg class="fw `); n != 4 {
			t.Errorf("%s: %d drawings", l, n)
		}
		if !strings.Contains(page, `href="index.html"`) {
			t.Error("no way to the page of all countries")
		}
		checkDrawings(t, page)
	}
	var b bytes.Buffer
	if err := chokepointsIndex(&b, a, locale.Default); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `<a href="AQ.html">`) {
		t.Error(b.String())
	}
}

// checkDrawings: what leaves a column of bars is as wide as what comes into the next, and
// nothing lies outside the drawing.
func checkDrawings(t *testing.T, page string) {
	t.Helper()
	for _, svg := range regexp.MustCompile(`(?s)<svg class="fw .*?</svg>`).FindAllString(page, -1) {
		var d struct {
			ViewBox string `xml:"viewBox,attr"`
			Paths   []struct {
				D string `xml:"d,attr"`
			} `xml:"path"`
			Texts []struct {
				Y float64 `xml:"y,attr"`
			} `xml:"text"`
		}
		if err := xml.Unmarshal([]byte(svg), &d); err != nil {
			t.Fatalf("%v: %s", err, svg)
		}
		f := strings.Fields(d.ViewBox)
		high, _ := strconv.ParseFloat(f[3], 64)
		sums := map[string]float64{}
		for _, p := range d.Paths {
			var n []float64
			for _, x := range regexp.MustCompile(`[0-9.]+`).FindAllString(p.D, -1) {
				v, err := strconv.ParseFloat(x, 64)
				if err != nil {
					t.Fatal(err)
				}
				n = append(n, v)
			}
			// M x0 y0 C … x1 y1 V y1+h C … x0 y0+h z
			if len(n) != 15 || n[0] != n[13] {
				t.Fatal(p.D)
			}
			wide, narrow := n[14]-n[1], n[8]-n[7]
			if wide < narrow-.2 || wide > narrow+.2 {
				t.Errorf("a lane is %v wide at one end and %v at the other", wide, narrow)
			}
			sums[fmt.Sprint(n[0])] += wide
			for _, y := range []float64{n[1], n[7], n[8], n[14]} {
				if y < -1 || y > high+1 {
					t.Errorf("a lane lies at %v of %v", y, high)
				}
			}
		}
		if len(sums) != 3 {
			t.Fatalf("lanes begin at %v", sums)
		}
		for x, s := range sums {
			if s < 230 || s > 245 {
				t.Errorf("lanes from %s are %v wide together", x, s)
			}
		}
		for _, x := range d.Texts {
			if x.Y < 0 || x.Y > high {
				t.Errorf("words at %v of %v", x.Y, high)
			}
		}
	}
}

func TestChokepointsCSV(t *testing.T) {
	a := chokeAnswer(t)
	for _, all := range []bool{false, true} {
		var b bytes.Buffer
		if err := ChokepointsCSV(&b, a, all); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatal(rows, err)
		}
	}
	if err := ChokepointsCSV(failing{}, a, false); err == nil {
		t.Error("a full disk is no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
