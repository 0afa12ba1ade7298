package place

import (
	"encoding/json"
	"slices"
	"testing"
)

// every break of one kind each, with the text and the JSON that are kept in cases
// and statements for ever.
var every = []struct {
	b          Break
	text, json string
	over, not  []Session
	cross, no  []uint32
}{
	{Break{Kind: Origin, A: 1}, "origin(AS1)", `{"kind":"origin","a":1}`,
		[]Session{{1, 2}, {1, 3}}, []Session{{2, 1}}, []uint32{3, 2, 1}, []uint32{1, 2, 3}},
	{Break{Kind: Adjacency, A: 2, B: 1}, "adjacency(AS2, AS1)", `{"kind":"adjacency","a":2,"b":1}`,
		[]Session{{1, 2}, {2, 1}}, []Session{{1, 3}}, []uint32{3, 2, 1}, []uint32{2, 3, 1}},
	{Break{Kind: TransitImport, A: 2}, "transit-import(AS2)", `{"kind":"transit-import","a":2}`,
		[]Session{{1, 2}, {9, 2}}, []Session{{2, 3}}, []uint32{2, 1}, []uint32{3, 1, 2}},
	{Break{Kind: TransitExport, A: 2}, "transit-export(AS2)", `{"kind":"transit-export","a":2}`,
		[]Session{{2, 3}}, []Session{{1, 2}}, []uint32{3, 2, 1}, []uint32{2, 1}},
	{Break{Kind: Export, A: 2, S: []uint32{3, 4}}, "export(AS2, {AS3, AS4})", `{"kind":"export","a":2,"s":[3,4]}`,
		[]Session{{2, 3}, {2, 4}}, []Session{{2, 5}, {3, 2}}, []uint32{9, 4, 2, 1}, []uint32{9, 5, 2, 1}},
	{Break{Kind: Node, A: 2, Wide: true}, "node(AS2)", `{"kind":"node","a":2,"wide":true}`,
		[]Session{{1, 2}, {2, 3}}, []Session{{1, 3}}, []uint32{2, 1}, []uint32{3, 1}},
	{Break{Kind: Observer}, "observer", `{"kind":"observer","a":0}`, nil, []Session{{1, 2}}, nil, []uint32{2, 1}},
	{Break{Kind: Replaced}, "replaced", `{"kind":"replaced","a":0}`, nil, []Session{{1, 2}}, nil, []uint32{2, 1}},
	{Break{Kind: Renumbered}, "renumbered", `{"kind":"renumbered","a":0}`, nil, []Session{{1, 2}}, nil, []uint32{2, 1}},
	{Break{Kind: Adjacency, A: 2, B: 1, Wide: true}, "adjacency(AS2, AS1) for everything", `{"kind":"adjacency","a":2,"b":1,"wide":true}`,
		[]Session{{1, 2}}, nil, []uint32{2, 1}, nil},
}

func TestBreaks(t *testing.T) {
	kinds := map[Kind]bool{}
	for _, x := range every {
		kinds[x.b.Kind] = true
		if got := x.b.String(); got != x.text {
			t.Errorf("%s is written %q", x.text, got)
		}
		b, err := json.Marshal(x.b)
		if err != nil || string(b) != x.json {
			t.Errorf("%s is kept as %s, %v; want %s", x.text, b, err, x.json)
		}
		var back Break
		if err := json.Unmarshal(b, &back); err != nil || !back.Same(x.b) {
			t.Errorf("%s is read as %v, %v", b, back, err)
		}
		for _, s := range x.over {
			if !x.b.Over(s) || !(Hypothesis{[][]Break{{{Kind: Observer}}, {x.b}}}).Over(s) {
				t.Errorf("%s does not stop %v", x.text, s)
			}
		}
		for _, s := range x.not {
			if x.b.Over(s) {
				t.Errorf("%s stops %v", x.text, s)
			}
		}
		if x.cross != nil && !x.b.Crosses(x.cross) || x.b.Crosses(x.no) || x.b.Crosses(nil) {
			t.Errorf("%s crosses %v or %v", x.text, x.cross, x.no)
		}
		for _, y := range every {
			if x.b.Same(y.b) != (x.text == y.text) {
				t.Errorf("%s and %s", x.text, y.text)
			}
		}
	}
	if len(kinds) != len(kindNames) {
		t.Errorf("%d of %d kinds were looked at", len(kinds), len(kindNames))
	}
	var k Kind
	if err := k.UnmarshalText([]byte("import")); err == nil {
		t.Errorf("%q is a kind", k)
	}
}

func TestWithin(t *testing.T) {
	some, nobody := Break{Kind: Export, A: 2, S: []uint32{3}}, Break{Kind: TransitExport, A: 2}
	if !some.Within([]Break{{Kind: Origin, A: 1}, nobody}) {
		t.Error("withholding from one neighbour lies within passing to nobody")
	}
	if some.Within([]Break{some, {Kind: TransitExport, A: 3}}) || nobody.Within([]Break{some, nobody}) {
		t.Error("nothing else lies within another")
	}
}

// TestMeans: whoever names a link says neither its side nor its scope; of every
// other break the scope is part of what is named.
func TestMeans(t *testing.T) {
	link := Single(Break{Kind: Adjacency, A: 4837, B: 131279, Wide: true})
	both := Hypothesis{[][]Break{{{Kind: Origin, A: 1}, {Kind: TransitImport, A: 2}}, {{Kind: TransitImport, A: 3}}}}
	for _, x := range []struct {
		weighed, named Hypothesis
		want           bool
	}{
		{link, Single(Break{Kind: Adjacency, A: 131279, B: 4837}), true},
		{link, Single(Break{Kind: Adjacency, A: 131279, B: 1}), false},
		{Single(Break{Kind: Node, A: 2, Wide: true}), Single(Break{Kind: Node, A: 2}), false},
		{both, Hypothesis{[][]Break{{{Kind: TransitImport, A: 2}}, {{Kind: TransitImport, A: 3}}}}, true},
		{both, Hypothesis{[][]Break{{{Kind: TransitImport, A: 3}}, {{Kind: TransitImport, A: 2}}}}, false},
		{both, Single(Break{Kind: TransitImport, A: 3}), false},
		{both, Hypothesis{}, false},
		{Hypothesis{}, Hypothesis{}, false},
	} {
		if got := x.weighed.Means(x.named); got != x.want {
			t.Errorf("%s by %s: %t", x.weighed, x.named, got)
		}
	}
	if !both.Same(both) || both.Same(link) || both.Same(Hypothesis{[][]Break{both.Parts[0], both.Parts[1][:0]}}) {
		t.Error("Same")
	}
	if !link.Is(Adjacency) || link.Is(Node) || both.Is(Origin) || (Hypothesis{}).Is(Origin) {
		t.Error("Is")
	}
	if !both.Joint() || link.Joint() || !both.Has(Break{Kind: TransitImport, A: 3}) || both.Has(Break{Kind: Origin, A: 3}) {
		t.Error("Joint, Has")
	}
}

// TestPlaces: a reader takes a break for one place whatever its scope, and a
// withholding from some for a part of the passing to nobody beside it.
func TestPlaces(t *testing.T) {
	narrow, wide := Break{Kind: Adjacency, A: 2, B: 1}, Break{Kind: Adjacency, A: 2, B: 1, Wide: true}
	some, nobody := Break{Kind: Export, A: 2, S: []uint32{3}}, Break{Kind: TransitExport, A: 2}
	joint := Hypothesis{[][]Break{{narrow}, {some}}}
	hs := []Hypothesis{Single(narrow), Single(nobody), Single(some), {}, joint, Single(wide)}
	names := func(ps []Place) []string {
		var out []string
		for _, p := range ps {
			switch {
			case p.Joint != nil:
				out = append(out, Hypothesis{p.Joint}.String())
			case p.Narrow && p.Wide:
				out = append(out, p.Break.String()+" at both scopes")
			default:
				out = append(out, p.Break.String())
			}
		}
		return out
	}
	want := []string{"adjacency(AS2, AS1) at both scopes", "transit-export(AS2)", joint.String()}
	if got := names(Places(hs, nil)); !slices.Equal(got, want) {
		t.Errorf("places %q, want %q", got, want)
	}
	// What was weighed on its own stands on its own.
	want = slices.Insert(want, 2, "export(AS2, {AS3})")
	if got := names(Places(hs, []Hypothesis{joint, Single(some)})); !slices.Equal(got, want) {
		t.Errorf("places %q, want %q", got, want)
	}
}
