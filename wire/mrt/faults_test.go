package mrt_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"constat/moment"
	"constat/wire/mrt"
	"constat/wire/mrt/text"
)

// lines gives every element of a stream in the form of constat cat, without
// time, next hop and origin, and what could not be read.
func lines(t testing.TB, data []byte, f *mrt.Filter) (out, damage []string, w *mrt.Walker) {
	t.Helper()
	w = new(mrt.Walker)
	w.SetFilter(f)
	var form text.Line
	r := mrt.NewReader(bytes.NewReader(data))
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return out, damage, w
		}
		if err != nil {
			damage = append(damage, err.Error())
			continue
		}
		w.Record(rec)
		for w.Next() {
			s := string(form.Append(nil, &rec, w.Elem()))
			_, s, _ = strings.Cut(s, " ")
			s, _, _ = strings.Cut(s, " origin ")
			out = append(out, strings.TrimSpace(s))
		}
		if err := w.Err(); err != nil {
			damage = append(damage, err.Error())
		}
	}
}

// TestFaults: each kind of input that other programs, and this one, have read
// wrongly, by records of our own.
func TestFaults(t *testing.T) {
	const peer = "192.0.2.1 AS64500 "
	const path = " path 64500 4837 131279"
	two := []string{"announce " + peer + "175.45.176.0/24" + path, "announce " + peer + "175.45.177.0/24" + path}
	other := []string{"announce " + peer + "175.45.176.0/24" + path, "announce " + peer + "210.52.109.0/24" + path}
	for _, c := range []struct {
		name   string
		want   []string
		damage string // in the one that is said; none if empty
	}{
		// RFC 6793 §4.2.3.
		{"as4 and one aggregator", two[:1], ""},
		{"as4 stale", two, ""}, // an AGGREGATOR alone
		{"as4 confederation leads", []string{"announce " + peer + "175.45.176.0/24 path (65001) 131279"}, ""},
		{"as4 confederation within", []string{"announce " + peer + "175.45.176.0/24 path 64500 (65001) 4837 131279"}, ""},
		// RFC 8050 and its writers.
		{"plain in add-path", two[:1], ""},
		{"two plain in add-path", two, ""},
		{"either in add-path", []string{"announce " + peer + "210.52.109.0/24 path-id 414133680" + path}, ""},
		{"either over ipv6", []string{strings.Replace(other[0], "192.0.2.1", "2001:db8::1", 1), strings.Replace(other[1], "192.0.2.1", "2001:db8::1", 1)}, ""},
		// State changes of writers that do not name the peer.
		{"state of frr", []string{"state ? AS64500 Established to Idle"}, ""},
		{"state with interface", []string{"state ? AS64500 Established to Idle"}, ""},
		{"state of zebra", []string{"state ? AS64500 Active to Connect"}, ""},
		{"state of bird", []string{"state 0.0.0.0 AS64500 Established to Idle"}, ""},
		// Tables.
		{"no count", nil, "it counts no entries, and 36 bytes follow"},
		{"path of two bytes", []string{"rib " + peer + "175.45.176.0/24 since 2014-12-22T15:15:07Z",
			"rib 2001:db8::2 AS64501 175.45.176.0/24 since 2014-12-22T15:15:07Z" + path}, "AS_PATH: malformed segment"},
		{"AS 0 in a table", []string{"rib " + peer + "175.45.176.0/24 since 2014-12-22T15:15:07Z path 64500 0 131279"}, "holds the AS number 0"},
		// RFC 7606, RFC 7607.
		{"AS 0", []string{"withdraw " + peer + "175.45.176.0/24 announced-malformed", "withdraw " + peer + "175.45.177.0/24 announced-malformed"}, "holds the AS number 0"},
		{"withdrawn runs on", nil, "withdrawn routes run past the end of the message (500): routes unreadable"},
		{"withdrawn too long", nil, "attributes run past the end of the message"},
		{"bad ipv6 community", []string{"withdraw " + peer + "175.45.176.0/24 announced-malformed", "withdraw " + peer + "175.45.177.0/24 announced-malformed"},
			"IPV6 EXTENDED COMMUNITIES: length is not a multiple of 20 (19)"},
		{"ipv6 community", two, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, damage, _ := lines(t, handMade()[c.name], nil)
			wantElems(t, got, c.want...)
			if c.damage == "" && len(damage) > 0 || c.damage != "" && (len(damage) != 1 || !strings.Contains(damage[0], c.damage)) {
				t.Errorf("damage %q, want %q", damage, c.damage)
			}
		})
	}
}

// TestAddPathIsCounted: what is not read as its record says is counted, and so
// is what could be read either way.
func TestAddPathIsCounted(t *testing.T) {
	for name, want := range map[string][3]int64{
		"add-path": {}, "announce": {}, "hidden add-path": {1, 0, 0}, "plain in add-path": {0, 1, 0},
		"two plain in add-path": {0, 1, 0}, "either in add-path": {0, 0, 1}, "either over ipv6": {0, 1, 0},
	} {
		_, _, w := lines(t, handMade()[name], nil)
		if got := [3]int64{w.GuessedAddPath(), w.GuessedPlain(), w.Ambiguous()}; got != want {
			t.Errorf("%s: with identifiers, without, either way: %d, want %d", name, got, want)
		}
	}
}

// TestAddPathIdentifiersStay: lists that their record says have identifiers keep
// them, be they small, counted up, or drawn at random.
func TestAddPathIdentifiersStay(t *testing.T) {
	for _, ids := range [][]int{{0, 0}, {1, 2}, {7, 7}, {255, 256}, {65535, 65536}, {1<<24 - 1, 3}, {0x7fd0fa00, 0x7fd0fa01}, {0xffffffff, 1}, {0x18000001, 2}} {
		data := record(mrt.TypeBGP4MP, mrt.MPMessageAS4AddPath, peerHead(64500), message(2, update(nil, plainAttrs(), prefixes(ids, "175.45.176.0/24", "175.45.177.0/24"))))
		got, _, _ := read(t, data, nil)
		wantElems(t, got, fmt.Sprintf("announce 192.0.2.1 175.45.176.0/24 id %d by 131279", ids[0]), fmt.Sprintf("announce 192.0.2.1 175.45.177.0/24 id %d by 131279", ids[1]))
	}
}

// TestRecordsReadTheSame: what comes before a record, and what a filter leaves
// out, make no difference to how it is read. An index table is the exception:
// table entries mean nothing without it.
func TestRecordsReadTheSame(t *testing.T) {
	made := handMade()
	odd := updateRecord(nil, plainAttrs(), []byte{200, 1, 2, 3, 8, 10}) // makes sense only with an identifier
	filter := func(s mrt.FilterSpec) *mrt.Filter {
		f, err := mrt.NewFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	withdrawals := filter(mrt.FilterSpec{Kinds: mrt.Withdrawals})
	later := filter(mrt.FilterSpec{From: moment.Unix(when, 0)})
	v4 := prefixes(nil, "198.51.100.0/24", "198.51.101.0/24")
	made["withdraws two"] = updateRecord(v4, nil, nil)
	made["withdraws a default"] = updateRecord(prefixes(nil, "170.187.0.0/16", "0.0.0.0/0", "198.51.100.0/24"), nil, nil)
	for name, data := range made {
		alone, _, _ := lines(t, data, nil)
		behind, _, _ := lines(t, cat(odd, odd, data), nil)
		if len(behind) < 2 || !slices.Equal(behind[2:], alone) {
			t.Errorf("%s: %q behind odd records, %q alone", name, behind, alone)
		}
		if got, _, _ := lines(t, data, later); !slices.Equal(got, alone) {
			t.Errorf("%s: %q with a beginning, %q without", name, got, alone)
		}
		var want []string
		for _, s := range alone {
			if strings.HasPrefix(s, "withdraw ") {
				want = append(want, s)
			}
		}
		if got, _, _ := lines(t, cat(odd, data), withdrawals); !slices.Equal(got, want) {
			t.Errorf("%s: withdrawals alone %q, among others %q", name, got, want)
		}
	}
}

// TestNoPathIsNotEmpty: an entry whose path cannot be read, one that has none
// and one whose path is empty are three different things, and asking for the
// path is enough to hear of the first.
func TestNoPathIsNotEmpty(t *testing.T) {
	for _, c := range []struct {
		name  string
		valid bool
		said  string
	}{
		{"empty path in a table", true, ""},
		{"no path in a table", false, ""},
		{"path of two bytes", false, "AS_PATH: malformed segment"},
		{"path runs on", false, "AS_PATH: attribute runs past the end"},
	} {
		for _, way := range []string{"Path", "OriginAS", "AppendPath", "CheckAttrs"} {
			r := mrt.NewReader(bytes.NewReader(handMade()[c.name]))
			var w mrt.Walker
			first, _ := r.Next() // the index
			w.Record(first)
			rec, _ := r.Next()
			w.Record(rec)
			if !w.Next() {
				t.Fatal(c.name)
			}
			e := w.Elem()
			switch way {
			case "Path":
				if e.Path().IsValid() != c.valid {
					t.Errorf("%s: valid %v", c.name, !c.valid)
				}
			case "OriginAS":
				e.OriginAS()
			case "AppendPath":
				e.AppendPath(nil)
			case "CheckAttrs":
				e.CheckAttrs()
			}
			err := w.Err()
			if (err == nil) != (c.said == "") || err != nil && (!strings.Contains(err.Error(), c.said) || !err.(*mrt.Damage).Attributes) {
				t.Errorf("%s, %s: %v, want %q", c.name, way, err, c.said)
			}
		}
	}
}

// TestDamageOfAttributes: that an entry's attributes are at fault is told apart
// from entries that are lost.
func TestDamageOfAttributes(t *testing.T) {
	both := cat(indexRecord(), ribRecord(mrt.V2IPv4Unicast, "175.45.176.0/24", entry(0, cat(originAttr(), []byte{0x40, 2, 9})), entry(9, plainAttrs())))
	for name, want := range map[string]bool{"path of two bytes": true, "list runs on": true, "strange peer": false, "no count": false, "both": false} {
		data := handMade()[name]
		if name == "both" {
			data = both
		}
		r := mrt.NewReader(bytes.NewReader(data))
		var w mrt.Walker
		for {
			rec, err := r.Next()
			if err != nil {
				break
			}
			w.Record(rec)
			for w.Next() {
				w.Elem().Attrs()
			}
		}
		if err := w.Err(); err == nil || err.(*mrt.Damage).Attributes != want {
			t.Errorf("%s: %+v, want attributes alone %v", name, err, want)
		}
	}
}

// TestUnknownTypes: records of types unknown to us are passed over by their
// length and counted, at the start, in between and at the end, however many.
func TestUnknownTypes(t *testing.T) {
	one := updateRecord(nil, plainAttrs(), prefixes(nil, "175.45.176.0/24"))
	some := handMade()["unknown types"]
	far := record(40_000, 7, []byte("a type that IANA has not given out"))
	for name, c := range map[string]struct {
		data    []byte
		elems   int
		skipped int64
	}{
		"in between":      {cat(one, one, some, one, one), 4, 3},
		"at the start":    {cat(some, one, one), 2, 3},
		"at the end":      {cat(one, one, some), 2, 3},
		"many":            {cat(one, bytes.Repeat(some, 500), one), 2, 1500},
		"empty ones":      {cat(one, record(64, 0), record(64, 0), one), 2, 2},
		"START and DIE":   {handMade()["start and dead"], 2, 3},
		"strange numbers": {cat(one, far, far, one), 2, 2},
		"nothing else":    {cat(some, some), 0, 6},
	} {
		got, damage, w := lines(t, c.data, nil)
		var n int64
		for _, k := range w.Skipped() {
			n += k
		}
		if len(got) != c.elems || n != c.skipped || len(damage) > 0 {
			t.Errorf("%s: %d elements, %d passed over, damage %q; want %d, %d, none", name, len(got), n, damage, c.elems, c.skipped)
		}
	}
	// Where the length leads nowhere, or the time is far off, nothing is believed.
	bad := slices.Clone(some)
	bad[11]++
	old := slices.Clone(some)
	old[0] = 0
	for name, data := range map[string][]byte{"wrong length": cat(one, bad, one, one, one), "another time": cat(one, old, one, one, one)} {
		if got, damage, _ := lines(t, data, nil); len(got) != 4 || len(damage) != 1 {
			t.Errorf("%s: %d elements, damage %q", name, len(got), damage)
		}
	}
	// One that the file ends in is truncation.
	if _, damage, _ := lines(t, cat(one, some[:18]), nil); len(damage) != 1 || !strings.Contains(damage[0], "file ends inside a record (type 64/1)") {
		t.Errorf("damage %q", damage)
	}
}
