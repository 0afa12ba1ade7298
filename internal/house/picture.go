package house

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Text draws the house as lines: each wing with its rooms, floor by floor, and
// the wings that it imports.
func Text(rooms []Room) string {
	var b strings.Builder
	height := heights(rooms)
	for w, wing := range Wings {
		var mine []Room
		var below []string
		top := 0
		for _, r := range rooms {
			if WingOf(r.Name) != w {
				continue
			}
			mine = append(mine, r)
			top = max(top, height[r.Name])
			for _, to := range r.Imports {
				if v := WingOf(to); v >= 0 && v != w && !slices.Contains(below, Wings[v].Name) {
					below = append(below, Wings[v].Name)
				}
			}
		}
		if len(mine) == 0 {
			continue
		}
		slices.SortFunc(below, func(a, b string) int { return WingOf(a) - WingOf(b) })
		fmt.Fprintf(&b, "%-9s %s\n", wing.Name, wing.Is)
		for f := top; f >= 0; f-- {
			var names []string
			for _, r := range mine {
				if height[r.Name] == f {
					names = append(names, short(r.Name))
				}
			}
			fmt.Fprintf(&b, "          %s\n", strings.Join(names, "  "))
		}
		if len(below) > 0 {
			fmt.Fprintf(&b, "          imports %s\n", strings.Join(below, ", "))
		}
	}
	return b.String()
}

// short leaves out the wing from a room's name.
func short(name string) string {
	if _, rest, ok := strings.Cut(name, "/"); ok {
		return rest
	}
	return name
}

// SVG draws the house with every import between rooms of different wings, and
// within them, as a line. The wing internal is left out, since everybody imports it.
// Lines that point upwards are red.
func SVG(rooms []Room) string {
	const (
		width, margin, label = 1240, 16, 120
		high, gap, pad       = 26, 14, 12
	)
	type box struct{ x, y, w int }
	at := map[string]box{}
	height := heights(rooms)
	var b strings.Builder
	var bands strings.Builder
	y := margin
	for w, wing := range Wings {
		if wing.Name == "internal" {
			continue
		}
		var mine []Room
		top := 0
		for _, r := range rooms {
			if WingOf(r.Name) == w {
				mine = append(mine, r)
				top = max(top, height[r.Name])
			}
		}
		if len(mine) == 0 {
			continue
		}
		from := y
		y += pad
		for f := top; f >= 0; f-- {
			var row []Room
			for _, r := range mine {
				if height[r.Name] == f {
					row = append(row, r)
				}
			}
			room := width - label - 2*margin
			step := room / len(row)
			for i, r := range row {
				bw := max(56, 8*len(short(r.Name))+20)
				x := label + margin + i*step + (step-bw)/2
				if len(row) == 1 { // not all in one column, or their lines lie on each other
					x += (f%3 - 1) * 150
				}
				at[r.Name] = box{x, y, bw}
			}
			y += high + gap
		}
		y += pad - gap
		fmt.Fprintf(&bands, `<rect class="wing" x="%d" y="%d" width="%d" height="%d" rx="4"/><text class="name" x="%d" y="%d">%s</text>`+"\n",
			margin, from, width-2*margin, y-from, margin+12, from+(y-from)/2+5, wing.Name)
		y += 10
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="Liberation Sans, Arial, sans-serif" font-size="13">
<style>
.wing{fill:#f3f1ea}.name{font-weight:bold;fill:#14171a}.room{fill:#fcfbf8;stroke:#14171a}.room+text{fill:#14171a;text-anchor:middle}
path{fill:none;stroke:#3a5f8a;stroke-opacity:.35}path.up{stroke:#b3261e;stroke-opacity:1;stroke-width:2}
@media (prefers-color-scheme:dark){.wing{fill:#20252a}.name,.room+text{fill:#ece8df}.room{fill:#14171a;stroke:#ece8df}path{stroke:#8fb3dd}}
</style>
<title>The wings of the house and every import between their rooms</title>
`, width, y+margin-10)
	b.WriteString(bands.String())
	for _, r := range rooms {
		f, ok := at[r.Name]
		if !ok {
			continue
		}
		for _, to := range r.Imports {
			t, ok := at[to]
			if !ok {
				continue
			}
			class := ""
			if WingOf(to) < WingOf(r.Name) {
				class = ` class="up"`
			}
			x1, y1, x2, y2 := f.x+f.w/2, f.y+high, t.x+t.w/2, t.y
			fmt.Fprintf(&b, `<path%s d="M%d %dC%d %d %d %d %d %d"/>`+"\n", class, x1, y1, x1, (y1+y2)/2, x2, (y1+y2)/2, x2, y2)
		}
	}
	for _, r := range rooms {
		if p, ok := at[r.Name]; ok {
			fmt.Fprintf(&b, `<rect class="room" x="%d" y="%d" width="%d" height="%d" rx="3"/><text x="%d" y="%d">%s</text>`+"\n",
				p.x, p.y, p.w, high, p.x+p.w/2, p.y+high/2+5, html.EscapeString(short(r.Name)))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}
