package proof

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// hashes of the standards that ship. Cases are bound to them: whoever changes
// a standard writes the new hash here, knowingly.
var hashes = map[string]string{
	"balance":    "792267f97a6ff2a3f318f3b12d77328c44dfab7f1f7903cf72c3f6a61e0e1b7f",
	"clear":      "87da13dbf9b0baf1b98589e8dab0216c0cf00e1e77d209e2c1a3ea42cf3537f7",
	"conclusive": "8c7ba24f4357ca8ad0c8a39af5cd4e0be69f035dbd49e0f5d9ff380f5783038d",
}

func TestHashes(t *testing.T) {
	if len(Names()) != len(hashes) {
		t.Errorf("%d standards ship, %d have a hash here", len(Names()), len(hashes))
	}
	for _, n := range Names() {
		s, hash, err := Load(n)
		if err != nil {
			t.Fatal(err)
		}
		if s.Name != n {
			t.Errorf("%s.toml calls itself %q", n, s.Name)
		}
		if hash != hashes[n] {
			t.Errorf("the standard %s has changed: its hash is %s, and was %s", n, hash, hashes[n])
		}
	}
	if s, _, err := Load("claer"); err == nil || !strings.Contains(err.Error(), "balance, clear, conclusive") {
		t.Errorf("Load of an unknown name = %v, %v; want an error that lists what ships", s, err)
	}
	if Clear().Name != "clear" || Default != "clear" {
		t.Error("the default is not clear")
	}
}

// TestOrder holds that each standard that ships demands at least what the one
// before it demands, and more of the witnesses.
func TestOrder(t *testing.T) {
	b := func(v bool) float64 {
		if v {
			return 1
		}
		return 0
	}
	demands := func(s Standard) map[string]float64 {
		return map[string]float64{
			"fact_witnesses": float64(s.FactWitnesses), "place_witnesses": float64(s.PlaceWitnesses),
			"carrier_share": s.CarrierShare, "near_controls": float64(s.NearControls), "collectors": float64(s.Collectors),
			"zombie": s.Noise.Zombie, "zombie_v6": s.Noise.ZombieV6, "churn": s.Noise.Churn, "stuck": s.Noise.Stuck, "alpha": -s.Noise.Alpha,
			"vantage": b(s.Sensitivity.Vantage), "collector": b(s.Sensitivity.Collector), "file": b(s.Sensitivity.File), "transit": b(s.Sensitivity.Transit),
			"timing": -b(s.Timing),
			"items":  float64(s.Analysts.Items), "raters": float64(s.Analysts.Raters), "sources": float64(s.Analysts.Sources), "margin": float64(s.Analysts.Margin),
			"grade": -float64(s.Analysts.Grade[0]) - float64(s.Analysts.Grade[1]), "item": b(s.Analysts.Sensitivity.Item), "source": b(s.Analysts.Sensitivity.Source),
		}
	}
	var before map[string]float64
	for _, n := range Names() {
		s, _, err := Load(n)
		if err != nil {
			t.Fatal(err)
		}
		now := demands(s)
		for k, v := range now {
			if before != nil && v < before[k] {
				t.Errorf("%s: %s = %v is less demanding than %v of the standard before it", n, k, v, before[k])
			}
		}
		if before != nil && !(now["fact_witnesses"] > before["fact_witnesses"]) {
			t.Errorf("%s demands no more fact witnesses than the standard before it", n)
		}
		before = now
	}
}

// TestAbsurd changes one line of the default and expects a refusal that names
// the key and what is allowed.
func TestAbsurd(t *testing.T) {
	src, _ := Source("clear")
	base := strings.Replace(string(src), `name = "clear"`, `name = "mine"`, 1)
	if _, _, err := Parse([]byte(base)); err != nil {
		t.Fatalf("a standard of one's own is refused: %v", err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"fact_witnesses = 3", "fact_witnesses = 1", "fact_witnesses = 1; allowed are 2 to 1000"},
		{"fact_witnesses = 3", "fact_witnesses = -3", "fact_witnesses = -3; allowed are 2 to 1000"},
		{"fact_witnesses = 3", "", "missing: fact_witnesses"},
		{"fact_witnesses = 3", "fact_witnesses = 99999999999999999999", "fact_witnesses"},
		{"fact_witnesses = 3", "fact_witnesses = 2.5", "fact_witnesses"},
		{"fact_witnesses = 3", `fact_witnesses = "three"`, "fact_witnesses"},
		{"fact_witnesses = 3", "fact_witnesess = 3", "no standard has the key fact_witnesess (line 7)"},
		{"place_witnesses = 3", "place_witnesses = 1", "place_witnesses = 1; allowed are 2 to 1000"},
		{"near_controls = 3", "near_controls = 0", "near_controls = 0; allowed are 1 to 1000"},
		{"near_controls = 3", "near_controls = 1", "near_controls = 1 with noise.zombie = 0.02"},
		{"collectors = 2", "collectors = 1", "collectors = 1; allowed are 2 to 100 (what rests on one collector is never established)"},
		{"carrier_share = 0.9 ", "carrier_share = 0.5 ", "carrier_share = 0.5; allowed are 0.51 to 0.99"},
		{"carrier_share = 0.9 ", "carrier_share = 1 ", "carrier_share = 1; allowed are 0.51 to 0.99"},
		{"carrier_share = 0.9 ", "carrier_share = 0.98 ", "carrier_share = 0.98 with zombies of 0.03"},
		{"carrier_share = 0.9 ", "carrier_share = nan ", "carrier_share = NaN; allowed are 0.51 to 0.99"},
		{"carrier_share = 0.9 ", "carrier_share = inf ", "carrier_share = +Inf"},
		{"zombie = 0.02 ", "zombie = 0 ", "noise.zombie = 0; allowed are 0.001 to 0.25"},
		{"zombie = 0.02 ", "zombie = 2 ", "noise.zombie = 2; allowed are 0.001 to 0.25"},
		{"zombie_v6 = 0.03", "zombie_v6 = -0.03", "noise.zombie_v6 = -0.03"},
		{"churn = 0.01", "churn = 0.2", "place_witnesses = 3 with noise.churn = 0.2"},
		{"stuck = 0.02", "stuck = 0.9", "noise.stuck = 0.9; allowed are 0.0001 to 0.5"},
		{"alpha = 0.001", "alpha = 0.5", "noise.alpha = 0.5; allowed are 1e-09 to 0.05"},
		{"alpha = 0.001", "alpha = 0", "noise.alpha = 0; allowed are 1e-09 to 0.05"},
		{"vantage = true", "vantage = false", "sensitivity.vantage = false; allowed is true"},
		{"file = true", `file = "yes"`, "sensitivity.file"},
		{"file = true", "", "missing: sensitivity.file"},
		{"timing = true", "", "missing: timing"},
		{`name = "mine"`, `name = ""`, `name = ""; allowed are 1 to 40`},
		{`name = "mine"`, `name = "../clear"`, `name = "../clear"; allowed are`},
		{`name = "mine"`, `name = "balance"`, `name = "balance" is a standard that ships`},
		{`name = "mine"`, "name = \"mine\"\nname = \"mine\"", "name"},
		{`format = "constat-standard/1"`, "", "missing: format"},
		{`format = "constat-standard/1"`, `format = "constat-standard/9"`, `format = "constat-standard/9"; this program reads "constat-standard/1"`},
		{`en = "clear and convincing evidence"`, `en = ""`, "title.en has 0 characters; allowed are 1 to 600"},
		{`en = "clear and convincing evidence"`, `en = "clear\u0007"`, "title.en"},
		{`en = "clear and convincing evidence"`, "", "missing: title.en"},
		{`fr = "preuve claire et convaincante"`, `fr = ""`, "title.fr has 0 characters"},
		{`fr = "preuve claire et convaincante"`, `xx = "?"`, "title.xx is in a language that this program does not have; it has en"},
		{`fr = "preuve claire et convaincante"`, `fr = "Très probable, avec une confiance élevée."`, "title.fr: "},
		{`en = "clear and convincing evidence"`, `en = "Likely, with high confidence."`, "puts likelihood and confidence in one sentence"},
		{"[words.excluded]", "[words.certain]", "words.certain"},
		{"items = 5", "items = 1", "analysts.items = 1; allowed are 3 to 1000"},
		{"raters = 2", "raters = 1", "analysts.raters = 1; allowed are 2 to 100 (what one person rates"},
		{"sources = 3", "sources = 1", "analysts.sources = 1; allowed are 2 to 1000"},
		{"sources = 3", "sources = 9", "analysts.sources = 9 with analysts.items = 5"},
		{"margin = 2", "margin = 0", "analysts.margin = 0; allowed are 1 to 100"},
		{`grade = "C3"`, `grade = "C9"`, "analysts.grade"},
		{`grade = "C3"`, `grade = "F6"`, "analysts.grade = F6"},
		{`grade = "C3"`, "", "missing: analysts.grade"},
		{"item = true", "item = false", "analysts.sensitivity.item = false; allowed is true"},
		{"[noise]", "[noise", "line "},
	} {
		text := strings.Replace(base, c.old, c.new, 1)
		if text == base {
			t.Errorf("%q is not in the standard: this case tests nothing", c.old)
			continue
		}
		s, hash, err := Parse([]byte(text))
		if err == nil {
			t.Errorf("%q is accepted", c.new)
			continue
		}
		if !errors.Is(err, ErrStandard) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: the error is %q; want one line with %q", c.new, err, c.want)
		}
		if hash != "" || !reflect.DeepEqual(s, Standard{}) {
			t.Errorf("%q: a refused standard is given out", c.new)
		}
	}
	if _, _, err := Parse(nil); err == nil || !strings.Contains(err.Error(), "missing: format, name, title.en") {
		t.Errorf("an empty file: %v; want all that is missing", err)
	}
	// Keys without end, in number or in length, do not make an error without end.
	for _, text := range []string{strings.Repeat("[[a]]\n", 2000), strings.Repeat("a.", 8000) + "a = 1", strings.Repeat("a = [\n", 2000), `"` + strings.Repeat("é", 8000) + `" = 1`} {
		if _, _, err := Parse([]byte(text)); err == nil || len(err.Error()) > 500 {
			t.Errorf("%.10q…: an error of %d bytes", text, len(err.Error()))
		}
	}
	if _, _, err := Parse(make([]byte, MaxSize+1)); err == nil || !strings.Contains(err.Error(), "at most 16384") {
		t.Errorf("a file too large: %v", err)
	}
}

// TestKeys holds the list of keys against the fields that are decoded: a field
// added without its key could be left out of a file and be zero.
func TestKeys(t *testing.T) {
	var fields []string
	var walk func(t reflect.Type, under string)
	walk = func(ty reflect.Type, under string) {
		for i := range ty.NumField() {
			f := ty.Field(i)
			key := f.Tag.Get("toml")
			switch {
			case f.Anonymous:
				walk(f.Type, under)
			case key == "":
				t.Errorf("field %s has no key", f.Name)
			case f.Type == reflect.TypeFor[Text]():
				fields = append(fields, in(under+key))
			case f.Type.Kind() == reflect.Struct:
				walk(f.Type, under+key+".")
			default:
				fields = append(fields, under+key)
			}
		}
	}
	walk(reflect.TypeFor[file](), "")
	want := map[string]bool{}
	for _, k := range slices.Concat(keys, analystKeys, actKeys) {
		want[k] = true
	}
	for _, f := range fields {
		if !want[f] {
			t.Errorf("%s is decoded and not demanded", f)
		}
		delete(want, f)
	}
	for k := range want {
		t.Errorf("%s is demanded and not decoded", k)
	}
}

// FuzzParse: no input panics or hangs; what is accepted holds to the ranges,
// and a second reading gives the same.
func FuzzParse(f *testing.F) {
	for _, n := range Names() {
		b, _ := Source(n)
		f.Add(b)
		f.Add([]byte(strings.Replace(string(b), `name = "`, `name = "x`, 1)))
	}
	f.Add([]byte("[[noise]]\n[noise.a]\n"))
	f.Add([]byte("name = 1979-05-27T07:32:00Z\n"))
	f.Add([]byte(strings.Repeat("[", 2000)))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, hash, err := Parse(b)
		if err != nil {
			if !errors.Is(err, ErrStandard) {
				t.Fatalf("a refusal that is not ErrStandard: %v", err)
			}
			return
		}
		if hash != Hash(b) || len(hash) != 64 {
			t.Fatalf("hash %q", hash)
		}
		if again, _, err := Parse(b); err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("a second reading differs: %v", err)
		}
		if err := s.check(); err != nil {
			t.Fatalf("accepted against its own ranges: %v", err)
		}
		if !(s.CarrierShare < 1) || s.FactWitnesses < 2 || s.Collectors < 2 {
			t.Fatalf("absurd and accepted: %+v", s)
		}
	})
}

// TestTextsOfOneLanguage: a standard of one's own need not speak every language;
// a reader of another sees that.
func TestTextsOfOneLanguage(t *testing.T) {
	b, _ := Source(Default)
	text := strings.Replace(string(b), `name = "clear"`, `name = "mine"`, 1)
	text = strings.Replace(text, `fr = "preuve claire et convaincante"`, "", 1)
	text = strings.Replace(text, `en = "clear and convincing evidence"`, `en = "beyond a shadow"`, 1)
	s, _, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Title.In(French); got != "[en] beyond a shadow" {
		t.Errorf("the French title is %q", got)
	}
	if got := s.Title.In(English); got != "beyond a shadow" {
		t.Errorf("the English title is %q", got)
	}
}

// TestFormerStandard: cases that declared a standard as it shipped before a
// section was there are still read, and a stranger under its name is not.
func TestFormerStandard(t *testing.T) {
	for _, name := range Names() {
		second, err := os.ReadFile("testdata/former/" + name + "-2.toml")
		if err != nil {
			t.Fatal(err)
		}
		from := bytes.Index(second, []byte("[analysts]"))
		to := bytes.Index(second, []byte("[words.established]"))
		first := slices.Concat(second[:from], second[to:])
		for i, old := range [][]byte{first, second} {
			s, hash, err := Parse(old)
			if err != nil || s.Name != name || former[hash] != name || s.Analysts.Declared() != (i == 1) || s.Acts != (Acts{Networks: 3}) {
				t.Errorf("%s %d: %v, %s, %+v", name, i+1, err, hash, s)
			}
			if _, _, err := Parse(append(old, '\n')); err == nil {
				t.Errorf("%s %d: a stranger is read", name, i+1)
			}
		}
	}
}
