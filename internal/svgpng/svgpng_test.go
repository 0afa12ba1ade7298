package svgpng

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

const hatched = `<defs><pattern id="unknown" width="5.66" height="5.66" patternUnits="userSpaceOnUse"><path d="M0 5.66L5.66 0M-1 1L1 -1M4.66 6.66L6.66 4.66" stroke="#7c776c" fill="none"/></pattern></defs>`

func picture(inside string) []byte {
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100" role="img" font-family="Arial">` + hatched + inside + `</svg>`)
}

// pictures have each thing that the package knows.
var pictures = map[string][]byte{
	"rect":      picture(`<rect x="10.5" y="20" width="50" height="30" fill="#16191d"/><rect x="80" y="20" width="50" height="30" fill="none" stroke="#7c776c"/>`),
	"path":      picture(`<path d="M10 90v-60h50v20h-20v40z" fill="#7792ad"/><path d="M100 90L150 10 190 90z M130 80h40l-20-40z" fill="#16191d"/>`),
	"stroke":    picture(`<path d="M20 60v-15h100v15" fill="none" stroke="#16191d" stroke-width="4"/><path d="M20 90h150" stroke="#8f8b82"/>`),
	"hatch":     picture(`<path d="M10 10h80v80h-80z" fill="#fff" stroke="#7c776c"/><path d="M10 10h80v80h-80z" fill="url(#unknown)" stroke="#7c776c"/>`),
	"stretched": picture(`<svg x="20" y="10" width="160" height="40" viewBox="0 0 1000 12" preserveAspectRatio="none"><path fill="#7792ad" d="M0 0H1000V12H0z"/><path fill="#16191d" d="M100 0h200v6h-200zM600 0h5v12h-5zM700 0h3v12h-3z"/><path fill="none" stroke="#fff" vector-effect="non-scaling-stroke" d="M0 6H1000"/></svg>`),
	"text":      picture(`<text x="10" y="30" font-size="18" fill="#16191d" font-weight="bold">9 h 31 min – gone</text><text x="100" y="60" font-size="12" fill="#434a52" text-anchor="middle">Ελλάδα, Україна, été</text><text x="190" y="85" font-size="11" fill="#434a52" text-anchor="end"><tspan font-weight="bold">21 Dec</tspan> 12:00</text>`),
}

// TestAgainstBrowser: a browser that has the same letters draws the same.
func TestAgainstBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it draws with Chromium")
	}
	bin := ""
	for _, n := range []string{"chromium", "chromium-browser", "google-chrome", "headless_shell"} {
		if p, err := exec.LookPath(n); err == nil && bin == "" {
			bin = p
		}
	}
	if bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium, and CI=true")
		}
		t.Skip("no Chromium on this machine: nothing draws the pictures beside ours")
	}
	dir := t.TempDir()
	face := func(weight string, ttf []byte) string {
		return fmt.Sprintf("@font-face{font-family:'Go';font-weight:%s;src:url(data:font/ttf;base64,%s)}", weight, base64.StdEncoding.EncodeToString(ttf))
	}
	// All in one page, one under the other, so that the browser starts once.
	var page strings.Builder
	page.WriteString("<!doctype html><meta charset=utf-8><style>" + face("400", goregular.TTF) + face("700", gobold.TTF) +
		"body{margin:0}svg{display:block;font-family:'Go'}text{text-rendering:geometricPrecision}</style>")
	names := []string{"rect", "path", "stroke", "hatch", "stretched", "text"}
	for i, n := range names {
		// A pattern's name counts for the whole page.
		page.WriteString(strings.NewReplacer(` font-family="Arial"`, "", `"unknown"`, fmt.Sprintf(`"u%d"`, i), "#unknown", fmt.Sprintf("#u%d", i)).Replace(string(pictures[n])))
	}
	name := filepath.Join(dir, "page.html")
	if err := os.WriteFile(name, []byte(page.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	shot := filepath.Join(dir, "page.png")
	out, err := exec.CommandContext(t.Context(), bin, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-lcd-text", "--font-render-hinting=none",
		"--hide-scrollbars", "--force-device-scale-factor=2", "--user-data-dir="+filepath.Join(dir, "profile"),
		fmt.Sprintf("--window-size=200,%d", 100*len(names)), "--screenshot="+shot, "file://"+name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := os.Open(shot)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	defer f.Close()
	theirs, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range names {
		ours, err := Draw(pictures[n], 2)
		if err != nil {
			t.Fatal(n, err)
		}
		// How far the pixels are apart, as a share of how far the picture is from white.
		var off, ink float64
		for y := range 200 {
			for x := range 400 {
				a, b := grey(ours.At(x, y)), grey(theirs.At(x, y+200*i))
				off, ink = off+math.Abs(a-b), ink+255-b
			}
		}
		t.Logf("%s: %.4f of its ink", n, off/ink)
		most := 0.03
		switch n {
		case "text":
			most = 0.08 // edges of letters are most of them
		case "hatch":
			most = 0.15 // the browser draws one tile and repeats it at whole pixels
		}
		if ink < 1000 || off > most*ink {
			t.Errorf("%s: %.3f of its ink is drawn otherwise (ink %.0f)", n, off/ink, ink)
		}
	}
}

func grey(c color.Color) float64 { return float64(color.GrayModel.Convert(c).(color.Gray).Y) }

// TestPixels: single pixels that anyone can work out.
func TestPixels(t *testing.T) {
	img, err := Draw(picture(`<rect x="10" y="10" width="10" height="10" fill="#16191d"/><rect x="50" y="10" width="0.5" height="10" fill="#000"/><path d="M100 50h20" stroke="#f00" stroke-width="2"/>`), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		x, y int
		want color.RGBA
	}{
		{9, 15, color.RGBA{255, 255, 255, 255}}, {10, 15, color.RGBA{0x16, 0x19, 0x1d, 255}}, {19, 19, color.RGBA{0x16, 0x19, 0x1d, 255}}, {20, 15, color.RGBA{255, 255, 255, 255}},
		{50, 15, color.RGBA{128, 128, 128, 255}}, // half of it
		{100, 49, color.RGBA{255, 0, 0, 255}}, {119, 50, color.RGBA{255, 0, 0, 255}}, {99, 50, color.RGBA{255, 255, 255, 255}}, {100, 51, color.RGBA{255, 255, 255, 255}},
	} {
		got := img.RGBAAt(x.x, x.y)
		if d := math.Abs(float64(got.R) - float64(x.want.R)); d > 1 || math.Abs(float64(got.G)-float64(x.want.G)) > 1 || got.A != 255 {
			t.Errorf("pixel %d, %d is %v, not %v", x.x, x.y, got, x.want)
		}
	}
}

// TestNarrowed: a line that would leave the picture ends at its edge.
func TestNarrowed(t *testing.T) {
	long := strings.Repeat("W", 40)
	img, err := Draw(picture(`<text x="10" y="50" font-size="20" fill="#000">`+long+`</text>`), 1)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for x := range 200 {
		for y := range 100 {
			if img.RGBAAt(x, y).R < 128 {
				last = x
			}
		}
	}
	if last < 195 {
		t.Errorf("the line ends at %d", last)
	}
	// Forty letters stand in it and not the ten that have room: the line changes often.
	changes := 0
	for x := 1; x < 200; x++ {
		if (img.RGBAAt(x, 42).R < 128) != (img.RGBAAt(x-1, 42).R < 128) {
			changes++
		}
	}
	if changes < 30 {
		t.Errorf("%d changes along the line", changes)
	}
}

// TestRefused: what is not drawn is named.
func TestRefused(t *testing.T) {
	for in, want := range map[string]string{
		`<circle r="3"/>`:                               "<circle>: no such element",
		`<rect rx="3"/>`:                                "no attribute rx",
		`<path d="M0 0C1 1 2 2 3 3"/>`:                  `command 'C'`,
		`<path d="0 0"/>`:                               "command '\\x00'",
		`<path d="M0 0L1e9 0"/>`:                        "no number",
		`<path d="M0 0L9999999999999 0"/>`:              "no number below a trillion",
		`<path fill="red" d="M0 0h1"/>`:                 "no colour",
		`<path fill="url(#none)" d="M0 0h1"/>`:          "no pattern",
		`<text x="1" y="1">a</text>`:                    "font-size",
		`<text font-size="9"><b>a</b></text>`:           "<b> is not known",
		`words`:                                         "text outside",
		`<rect width="x"/>`:                             "width",
		`<svg width="9" height="9" viewBox="0 0 1 1"/>`: "preserveAspectRatio",
	} {
		_, err := Draw(picture(in), 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", in, err, want)
		}
	}
	for _, x := range []struct {
		svg   string
		scale float64
		want  string
	}{
		{"", 1, "no svg element"}, {"<a/>", 1, "outside"}, {"<svg", 1, "unexpected EOF"}, {string(picture("")), 0, "scale"}, {string(picture("")), math.NaN(), "scale"}, {string(picture("")), 1000, "smaller scale"},
	} {
		if _, err := Draw([]byte(x.svg), x.scale); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%.20s at %v: %v, want %q", x.svg, x.scale, err, x.want)
		}
	}
}

// TestSame: the same bytes twice.
func TestSame(t *testing.T) {
	for n, svg := range pictures {
		var a, b bytes.Buffer
		if err := Encode(&a, svg, 1.5); err != nil {
			t.Fatal(n, err)
		}
		if err := Encode(&b, svg, 1.5); err != nil {
			t.Fatal(n, err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs", n)
		}
		if c, err := png.DecodeConfig(&a); err != nil || (image.Point{c.Width, c.Height}) != (image.Point{300, 150}) {
			t.Errorf("%s: %v %v", n, c, err)
		}
	}
}

func FuzzDraw(f *testing.F) {
	for _, svg := range pictures {
		f.Add(svg)
	}
	f.Add(picture(`<svg x="1" y="1" width="-5" height="5" viewBox="0 0 1 1" preserveAspectRatio="none"><path d="M0 0h1v1z"/></svg>`))
	f.Fuzz(func(t *testing.T, svg []byte) {
		if len(svg) > 1<<14 {
			return
		}
		img, err := Draw(svg, 0.25)
		if err == nil && img.Rect.Empty() {
			t.Fatal("an empty picture")
		}
	})
}
