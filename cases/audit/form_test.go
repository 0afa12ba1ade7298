package audit

import (
	"context"
	"errors"
	"strings"
	"testing"

	"constat/cases/caselog"
	"constat/cases/conclude"
	"constat/cases/examine"
	"constat/moment"
)

// gather gathers files for an act: name, role, with the name for content.
func gather(names ...[2]string) func(*caselog.Act) error {
	return func(a *caselog.Act) (err error) {
		for _, n := range names {
			err = errors.Join(err, a.WriteFile(n[0], n[1], []byte(n[0])))
		}
		return err
	}
}

// TestForm: what no program writes into an entry is refused, by an examiner with the key too.
func TestForm(t *testing.T) {
	src := world(t)
	d := open(t, src)
	k, err := caselog.NewKey(strings.NewReader(strings.Repeat("k", 64)), "party.example")
	if err != nil {
		t.Fatal(err)
	}
	party := caselog.PartyData{Name: "party.example", Key: k.Public().Text, For: "itself"}
	signature := func(a *caselog.Act) error {
		b, err := caselog.SignFile(k, d.Origin, []byte("reply.txt"), d.from)
		return errors.Join(err, a.WriteFile("reply.txt", caselog.RoleSigned, []byte("reply.txt")), a.WriteFile("reply.sig", caselog.RoleSignature, b))
	}
	ok := []struct {
		kind string
		data any
		fill func(*caselog.Act) error
	}{
		{caselog.KindParty, party, nil},
		{caselog.KindDocument, nil, gather([2]string{"a.txt", ""})},
		{caselog.KindEvidence, nil, gather([2]string{"a.txt", ""})},
		{caselog.KindSource, nil, gather([2]string{"a.txt", ""})},
		{caselog.KindStatement, nil, gather([2]string{"a.txt", "statement"})},
		{caselog.KindStatement, nil, signature},
		{caselog.KindWithdrawn, caselog.WithdrawnData{Entry: 2, Why: "by mistake"}, nil},
		{"of-another-day", map[string]int{"x": 1}, gather([2]string{"a.txt", "whatever"})},
	}
	for _, e := range ok {
		if err := d.add(e.kind, e.data, e.fill); err != nil {
			t.Fatal(err)
		}
		if _, err := Case(context.Background(), d.Dir(), Options{}); err != nil {
			t.Fatalf("%s as it is written: %v", e.kind, err)
		}
	}
	// Older programs let an entry be withdrawn twice.
	if err := d.add(caselog.KindWithdrawn, caselog.WithdrawnData{Entry: 2, Why: "again"}, nil); err != nil {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil || len(r.Notes) != 1 || r.Notes[0] != (Note{NoteWithdrawn, "9", "2", "7"}) || !r.Notes[0].Strict() {
		t.Errorf("withdrawn twice: %v, %+v", err, r.Notes)
	}
	for name, e := range map[string]struct {
		kind string
		data any
		fill func(*caselog.Act) error
		want string
	}{
		"a document that says that it is signed": {caselog.KindDocument, map[string]string{"signed": "by the minister"}, gather([2]string{"a.txt", ""}), `an entry "document" has no data`},
		"a document with a role":                 {caselog.KindDocument, nil, gather([2]string{"a.txt", caselog.RoleSigned}), `its role is "signed"`},
		"a document of no files":                 {caselog.KindDocument, nil, nil, `an entry "document" has one file, and this one has 0`},
		"a document of two":                      {caselog.KindDocument, nil, gather([2]string{"a.txt", ""}, [2]string{"b.txt", ""}), "and this one has 2"},
		"evidence of no files":                   {caselog.KindEvidence, nil, nil, `an entry "evidence" has one file`},
		"a withdrawal with a file":               {caselog.KindWithdrawn, caselog.WithdrawnData{Entry: 2, Why: "x"}, gather([2]string{"a.txt", ""}), `an entry "withdrawn" has no files`},
		"a party with a file":                    {caselog.KindParty, party, gather([2]string{"a.txt", ""}), `an entry "party" has no files`},
		"a party without data":                   {caselog.KindParty, nil, nil, "party"},
		"signed by nobody":                       {caselog.KindStatement, nil, gather([2]string{"a.txt", caselog.RoleSigned}), "no signature stands beside it"},
		"signed by a file of another role":       {caselog.KindStatement, nil, gather([2]string{"a.txt", caselog.RoleSigned}, [2]string{"b.sig", "sig"}), `its role is "sig"`},
		"a register and a signed file":           {caselog.KindStatement, nil, gather([2]string{"a.txt", caselog.RoleSigned}, [2]string{"b.txt", "statement"}), "no signature stands beside it"},
		"two registers":                          {caselog.KindStatement, nil, gather([2]string{"a.txt", "statement"}, [2]string{"b.txt", "statement"}), "one register, or one signed file"},
		"a statement with data":                  {caselog.KindStatement, map[string]string{"speaker": "x"}, gather([2]string{"a.txt", "statement"}), `an entry "statement" has no data`},
		"a question with a file":                 {caselog.KindAsked, AskedData{Subject: "AS64496", From: d.from, Until: d.from + 1}, gather([2]string{"a.txt", ""}), `an entry "asked" has no files`},
		"a verdict whose files have other roles": {caselog.KindVerdict, VerdictData{Entries: 1}, gather([2]string{VerdictName, "report"}), `its role is "report", and that of such a file is "verdict"`},
	} {
		d := open(t, src)
		if err := d.add(caselog.KindDocument, nil, gather([2]string{"a.txt", ""})); err != nil {
			t.Fatal(err)
		}
		if err := d.add(caselog.KindDocument, nil, gather([2]string{"b.txt", ""})); err != nil {
			t.Fatal(err)
		}
		if err := d.add(e.kind, e.data, e.fill); err != nil {
			t.Fatal(err)
		}
		if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), e.want) {
			t.Errorf("%s: %v, want %q", name, err, e.want)
		}
	}
}

// TestExaminedTwice: what was asked once is examined once, and files of an examination
// have the roles of their names.
func TestExaminedTwice(t *testing.T) {
	d := open(t, world(t))
	d.forge(func(string) {})
	again := func(role func(string) string) error {
		r := d.request()
		var err error
		if r.Sources, err = d.set(d.src); err != nil {
			t.Fatal(err)
		}
		return d.add(caselog.KindExamined, ExaminedData{Asked: 1, Folder: "AS64496", Answer: "outage"}, func(a *caselog.Act) error {
			to, err := a.Folder()
			if err != nil {
				return err
			}
			r.Dir = to + "/AS64496"
			if _, err := examine.Run(context.Background(), r); err != nil {
				return err
			}
			return a.Include("AS64496", role)
		})
	}
	if err := again(Role); err != nil {
		t.Fatal(err)
	}
	if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), "it answers entry 1, which entry 2 has answered") {
		t.Errorf("examined twice: %v", err)
	}
	d = open(t, d.src)
	if err := d.add(caselog.KindAsked, AskedData{Subject: "AS64496", From: d.from, Until: d.from + 900*moment.Second}, nil); err != nil {
		t.Fatal(err)
	}
	if err := again(func(name string) string {
		return map[string]string{"findings": "report", "report": "findings"}[Role(name)]
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := Case(context.Background(), d.Dir(), Options{}); err == nil || !strings.Contains(err.Error(), "its role is") {
		t.Errorf("roles of files swapped: %v", err)
	}
}

// TestUnlisted: a conclusion of before damaged files were listed holds, and is noted.
func TestUnlisted(t *testing.T) {
	d := open(t, world(t))
	d.examine()
	if err := d.add(caselog.KindStatement, nil, func(a *caselog.Act) error {
		return a.WriteFile("x.json", "statement", []byte(`{"format": "constat-statements/1", "statements": [`))
	}); err != nil {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.Assemble(r.Checkpoint.Size)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Unreadable) != 1 {
		t.Fatalf("%+v", c.Unreadable)
	}
	earlier := func() []byte {
		c, err := r.Assemble(r.Checkpoint.Size)
		if err != nil {
			t.Fatal(err)
		}
		was, err := c.EncodeEarlier()
		if err != nil || was == nil {
			t.Fatal(err)
		}
		return was
	}
	for _, tamper := range []func(map[string][]byte){nil, func(f map[string][]byte) { f[conclude.Name] = earlier() }} {
		if err := d.conclude(r, tamper); err != nil {
			t.Fatal(err)
		}
		if r, err = Case(context.Background(), d.Dir(), Options{}); err != nil {
			t.Fatal(err)
		}
		if tamper == nil && len(r.Notes) != 0 || tamper != nil && (len(r.Notes) != 1 || r.Notes[0].Key != NoteUnlisted) {
			t.Errorf("%q", r.Notes)
		}
	}
	if err := d.conclude(r, func(f map[string][]byte) { f[conclude.Name] = append(earlier(), '\n') }); err != nil {
		t.Fatal(err)
	}
	if _, err = Case(context.Background(), d.Dir(), Options{}); err == nil {
		t.Error("another conclusion holds")
	}
}

// TestKeysGiven: a conclusion is computed from the case alone: keys that a reader gives, of a
// signer whom the case does not know, change nothing of it.
func TestKeysGiven(t *testing.T) {
	d := open(t, world(t))
	d.examine()
	var keys []*caselog.Key
	for _, name := range []string{"party.example", "stranger.example"} {
		k, err := caselog.NewKey(strings.NewReader(strings.Repeat(name, 64)), name)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	p := keys[0].Public()
	if err := d.add(caselog.KindParty, caselog.PartyData{Name: p.Name, Key: p.Text, For: "itself"}, nil); err != nil {
		t.Fatal(err)
	}
	l, err := caselog.ReadLog(d.Dir())
	if err != nil {
		t.Fatal(err)
	}
	one, err := l.Countersign(keys[0], d.from)
	two, err2 := l.Countersign(keys[1], d.from)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	both := append(one, two[strings.LastIndex(string(two[:len(two)-1]), "\n")+1:]...)
	if err := d.add(caselog.KindCosignature, nil, func(a *caselog.Act) error { return a.WriteFile("x.note", caselog.RoleNote, both) }); err != nil {
		t.Fatal(err)
	}
	sig := func(k *caselog.Key) []byte {
		b, err := caselog.SignFile(k, d.Origin, []byte("reply.txt"), d.from)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if err := d.add(caselog.KindStatement, nil, func(a *caselog.Act) error {
		return errors.Join(a.WriteFile("reply.txt", caselog.RoleSigned, []byte("reply.txt")), a.WriteFile("a.sig", caselog.RoleSignature, sig(keys[0])), a.WriteFile("b.sig", caselog.RoleSignature, sig(keys[1])))
	}); err != nil {
		t.Fatal(err)
	}
	r, err := Case(context.Background(), d.Dir(), Options{})
	if err != nil || len(r.Unknown) != 2 {
		t.Fatalf("%v, unknown %+v", err, r.Unknown)
	}
	if err := d.conclude(r, nil); err != nil {
		t.Fatal(err)
	}
	stranger := []caselog.PublicKey{keys[1].Public()}
	for name, o := range map[string]caselog.CheckOptions{"none": {}, "a party": {Parties: stranger}, "both": {Parties: append(stranger, p)}} {
		r, err := Case(context.Background(), d.Dir(), Options{CheckOptions: o})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if len(r.Notes) != 0 {
			t.Errorf("%s: %q", name, r.Notes)
		}
	}
	if l, err = caselog.ReadLog(d.Dir()); err != nil {
		t.Fatal(err)
	}
	b, err := l.Countersign(keys[1], d.from)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Case(context.Background(), d.Dir(), Options{CheckOptions: caselog.CheckOptions{Witnesses: stranger, Checkpoints: []caselog.Held{{Name: "held", Bytes: b}}}}); err != nil {
		t.Errorf("as a witness: %v", err)
	}
}

// TestDated: times that cannot be right are noted, whoever wrote them.
func TestDated(t *testing.T) {
	const day = 24 * 3600 * moment.Second
	d := open(t, world(t))
	k, err := caselog.NewKey(strings.NewReader(strings.Repeat("k", 64)), "party.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.add(caselog.KindParty, caselog.PartyData{Name: "party.example", Key: k.Public().Text, For: "itself"}, nil); err != nil {
		t.Fatal(err)
	}
	now := d.from + day/2
	sign := func(at moment.Time) {
		t.Helper()
		l, err := caselog.ReadLog(d.Dir())
		if err != nil {
			t.Fatal(err)
		}
		one, err := l.Countersign(k, at)
		two, err2 := l.Dissent(k, []byte("no"), at)
		three, err3 := caselog.SignFile(k, d.Origin, []byte("r"), at)
		if err := errors.Join(err, err2, err3,
			d.add(caselog.KindCosignature, nil, func(a *caselog.Act) error { return a.WriteFile("x.note", caselog.RoleNote, one) }),
			d.add(caselog.KindDissent, nil, func(a *caselog.Act) error { return a.WriteFile("x.note", caselog.RoleNote, two) }),
			d.add(caselog.KindStatement, nil, func(a *caselog.Act) error {
				return errors.Join(a.WriteFile("r.txt", caselog.RoleSigned, []byte("r")), a.WriteFile("r.sig", caselog.RoleSignature, three))
			})); err != nil {
			t.Fatal(err)
		}
	}
	notes := func() []Note {
		t.Helper()
		r, err := Case(context.Background(), d.Dir(), Options{CheckOptions: caselog.CheckOptions{Now: now}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Notes
	}
	sign(d.from)
	if n := notes(); len(n) != 0 {
		t.Errorf("%q", n)
	}
	sign(d.from - day)
	before := (d.from - day).String()
	if n := notes(); len(n) != 2 || n[0] != (Note{NoteCosigned, "party.example", "4", before}) || n[1] != n[0] {
		t.Errorf("%+v", n)
	}
	sign(d.from + 9000*day)
	at := (d.from + 9000*day).String()
	if n := notes(); len(n) != 5 || n[3] != (Note{NoteSignedAhead, "party.example", at, ""}) {
		t.Errorf("%+v", n)
	}
	d.from += 9000 * day
	sign(d.from)
	if n := notes(); len(n) != 9 || n[0] != (Note{NoteAhead, "11", at, ""}) {
		t.Errorf("%+v", n)
	}
}
