package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/internal/svgpng"
	"constat/report/document"
)

// TestFigureSVG: each figure that can stand alone is whole XML, asks for nothing,
// says the title of the page's figure, and of a reconstruction that it is one.
func TestFigureSVG(t *testing.T) {
	drawn := 0
	for _, c := range cases {
		for _, l := range locale.All() {
			f := c.make()
			p, err := newPrinter(l, f)
			if err != nil {
				t.Fatal(err)
			}
			g := newDocument(p, gather(f), options(l))
			for n := range 7 {
				var b bytes.Buffer
				err := FigureSVG(&b, f, options(l), n)
				if no := (*NoFigure)(nil); errors.As(err, &no) {
					if b.Len() > 0 || no.N != n {
						t.Errorf("%s: %v, and %d bytes", c.name, err, b.Len())
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				drawn++
				// What is exported as PNG is this picture.
				if _, err := svgpng.Draw(b.Bytes(), 0.5); err != nil {
					t.Errorf("%s.%s, figure %d: %v", c.name, l, n, err)
				}
				var words strings.Builder
				for d := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
					tok, err := d.Token()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatalf("%s.%s, figure %d: %v", c.name, l, n, err)
					}
					switch x := tok.(type) {
					case xml.CharData:
						words.Write(x)
						words.WriteByte(' ')
					case xml.StartElement:
						for _, a := range x.Attr {
							if a.Name.Local == "href" || strings.Contains(a.Value, "//") && a.Name.Local != "xmlns" {
								t.Errorf("%s: %s=%q", c.name, a.Name.Local, a.Value)
							}
						}
					}
				}
				said := strings.Join(strings.Fields(words.String()), " ")
				if x, ok := g.Figures()[n-1].(*document.Timeline); ok && !strings.Contains(said, strings.Join(strings.Fields(x.Title), " ")) {
					t.Errorf("%s.%s, figure %d lacks its title: %.200s", c.name, l, n, said)
				}
				if !strings.Contains(said, options(l).Findings) {
					t.Errorf("%s.%s, figure %d lacks the hash of the findings", c.name, l, n)
				}
				if (len(g.Band) > 0) != strings.Contains(said, strings.Join(strings.Fields(strings.TrimSuffix(p.t("band.short"), ".")), " ")) {
					t.Errorf("%s.%s, figure %d: reconstruction %v, said %.200s", c.name, l, n, len(g.Band) > 0, said)
				}
				if *keep != "" {
					if err := os.WriteFile(filepath.Join(*keep, c.name+"."+string(l)+"."+string(rune('0'+n))+".svg"), b.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	if drawn < 60 {
		t.Errorf("%d figures", drawn)
	}
}

// TestFigureSVGHostile: names that others chose stay text, and the picture XML.
func TestFigureSVGHostile(t *testing.T) {
	f := night()
	evil := "</text></svg><script>x</script>\x01\u202e]]>&\"'"
	f.Subject.Name, f.Subject.Kind = evil, "file"
	f.Subject.Networks["1239"], f.Subject.Networks["4837"] = evil, evil
	for i := range f.Notes {
		f.Notes[i].Title, f.Notes[i].Other = evil, []string{evil}
	}
	o := options(English)
	o.CaseName = evil
	for _, n := range []int{1, 3} {
		var b bytes.Buffer
		if err := FigureSVG(&b, f, o, n); err != nil {
			t.Fatal(err)
		}
		if _, err := svgpng.Draw(b.Bytes(), 0.5); err != nil {
			t.Error(err)
		}
		for d := xml.NewDecoder(&b); ; {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("figure %d: %v", n, err)
			}
			if x, ok := tok.(xml.StartElement); ok && x.Name.Local == "script" {
				t.Errorf("figure %d has a script", n)
			}
		}
	}
}
