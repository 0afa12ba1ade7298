package house

import (
	"os"
	"strings"
	"testing"
)

// TestWings: a wing imports wings below it, never one above.
func TestWings(t *testing.T) {
	rooms, err := Rooms("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(rooms) < 30 {
		t.Fatalf("only %d packages were found", len(rooms))
	}
	for _, u := range Up(rooms) {
		t.Errorf("%s points upwards", u)
	}
}

func TestUp(t *testing.T) {
	rooms := []Room{
		{"cases/examine", []string{"judge/cause", "report"}},
		{"judge/cause", []string{"cases/examine", "judge/proof"}},
		{"judge/proof", nil},
		{"report", nil},
		{"cellar", nil},
	}
	if got := strings.Join(Up(rooms), "; "); got != "judge/cause -> cases/examine; cellar stands in no wing" {
		t.Error(got)
	}
}

func TestPicture(t *testing.T) {
	rooms := []Room{
		{"cases/examine", []string{"judge/cause"}},
		{"judge/cause", []string{"judge/proof", "cases/examine"}},
		{"judge/proof", nil},
	}
	svg := SVG(rooms)
	if n, up := strings.Count(svg, "<path"), strings.Count(svg, `<path class="up"`); n != 3 || up != 1 {
		t.Errorf("%d lines are drawn, %d of them upwards", n, up)
	}
	text := Text(rooms)
	cause, proof := strings.Index(text, "\n          cause\n"), strings.Index(text, "\n          proof\n")
	if cause < 0 || proof < cause || !strings.Contains(text, "imports cases\n") {
		t.Error(text)
	}
}

// TestPictureIsCurrent: the picture in the documents is the one that the code draws.
func TestPictureIsCurrent(t *testing.T) {
	rooms, err := Rooms("../..")
	if err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile("../../docs/architecture.svg")
	if err != nil {
		t.Fatal(err)
	}
	if SVG(rooms) != string(was) {
		t.Error("docs/architecture.svg is not what the code draws: go run ./internal/house/draw -svg > docs/architecture.svg")
	}
}
