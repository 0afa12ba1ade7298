// Package house says which wings the program has and which way imports point,
// and draws them. A wing is a folder at the module's root that holds the packages
// of one concern, its rooms. Bytes come in at the ground floor and leave as a case at
// the top: a wing imports wings below it, never one above. Its tests hold the
// rules; the command internal/house/draw draws the picture from what `go list`
// reports. It does not say what belongs into a room: docs/architecture.md does.
package house

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// Wing is one wing of the house.
type Wing struct {
	Name string // the folder, as in "judge"
	Is   string // what it is for, in one line
}

// Wings are all wings, from the top to the ground. What a wing may not import, and
// why, follows from the order. Example: judge decides from values, so that anybody
// can call it with a literal; if it imported cases, it would need a folder.
var Wings = []Wing{
	{"cmd", "flags to calls, nothing else"},
	{"serve", "what runs for long: the watch, the pages, the sweep"},
	{"lab", "recordings by real routers, simulated networks, the score, the benchmarks"},
	{"cases", "what is kept: examinations, the signed log, a case as a whole"},
	{"report", "findings to documents and to other formats"},
	{"claims", "what people said, and what they hold as evidence"},
	{"judge", "what follows from what was measured; pure"},
	{"routes", "what the routing system said: archives, histories, who is who"},
	{"wire", "bytes to values and back"},
	{"internal", "what has no meaning outside the program"},
	{"moment", "time"},
}

// WingOf gives the index of a package's wing in [Wings], counted from the top; -1
// if it has none. Packages are named without the module, as in "judge/cause".
func WingOf(pkg string) int {
	first, _, _ := strings.Cut(pkg, "/")
	return slices.IndexFunc(Wings, func(w Wing) bool { return w.Name == first })
}

// Room is a package with the module's packages that it imports, tests left out.
type Room struct {
	Name    string
	Imports []string
}

// Rooms asks `go list` for the packages below dir, which lies in the module. They
// come sorted by name.
func Rooms(dir string) ([]Room, error) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Module", "./...")
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", dir, err, strings.TrimSpace(errs.String()))
	}
	var rooms []Room
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
			Module     struct{ Path string }
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list in %s: %w", dir, err)
		}
		name, ok := strings.CutPrefix(p.ImportPath, p.Module.Path+"/")
		if !ok {
			continue
		}
		r := Room{Name: name}
		for _, i := range p.Imports {
			if to, own := strings.CutPrefix(i, p.Module.Path+"/"); own {
				r.Imports = append(r.Imports, to)
			}
		}
		slices.Sort(r.Imports)
		rooms = append(rooms, r)
	}
	slices.SortFunc(rooms, func(a, b Room) int { return strings.Compare(a.Name, b.Name) })
	return rooms, nil
}

// Up names the imports that point upwards, as "from -> to", and the rooms
// that stand in no wing.
func Up(rooms []Room) []string {
	var out []string
	for _, r := range rooms {
		at := WingOf(r.Name)
		if at < 0 {
			out = append(out, r.Name+" stands in no wing")
			continue
		}
		for _, to := range r.Imports {
			if w := WingOf(to); w >= 0 && w < at {
				out = append(out, r.Name+" -> "+to)
			}
		}
	}
	return out
}

// heights gives each room its height within its wing: 0 if it imports no room of
// the wing, else one more than the highest that it imports.
func heights(rooms []Room) map[string]int {
	by := map[string]Room{}
	for _, r := range rooms {
		by[r.Name] = r
	}
	height := map[string]int{}
	var of func(string) int
	of = func(name string) int {
		if h, ok := height[name]; ok {
			return h
		}
		height[name] = 0 // the compiler refuses circles
		h := 0
		for _, to := range by[name].Imports {
			if WingOf(to) == WingOf(name) {
				h = max(h, of(to)+1)
			}
		}
		height[name] = h
		return h
	}
	for _, r := range rooms {
		of(r.Name)
	}
	return height
}
