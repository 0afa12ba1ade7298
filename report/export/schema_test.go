package export

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSchemas holds bundles against OASIS's own JSON schemas for STIX 2.1,
// which are not ours to keep here: STIX_SCHEMAS names the folder "schemas" of a
// copy of their repository cti-stix2-json-schemas.
func TestSchemas(t *testing.T) {
	dir := os.Getenv("STIX_SCHEMAS")
	if dir == "" {
		t.Skip("STIX_SCHEMAS names no folder of the OASIS schemas for STIX 2.1; rules_test.go holds bundles against the specification's rules")
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, sub := range []string{"sdos", "sros", "observables"} {
		files, err := filepath.Glob(filepath.Join(dir, sub, "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no schemas in %s (%v)", dir, sub, err)
		}
		for _, f := range files {
			typ := strings.TrimSuffix(filepath.Base(f), ".json")
			if _, ours := stixTypes[typ]; ours {
				schemas[typ] = compileSchema(t, dir, sub+"/"+typ+".json")
			}
		}
	}
	if len(schemas) != len(stixTypes) {
		t.Fatalf("schemas for %d of the %d types that are written", len(schemas), len(stixTypes))
	}
	var bundles [][]byte
	for _, l := range languages {
		for _, c := range []*Case{madeCase(t, night(t)), Alone("undecided", Examination{SHA256: madeFinding, Findings: undecided(t)}, said(t))} {
			b, err := STIX(c, Options{Lang: l, URL: "https://example.org/report.html"})
			if err != nil {
				t.Fatal(err)
			}
			bundles = append(bundles, b)
		}
	}
	// Bundles that were written by the program can be given too.
	for _, f := range strings.Fields(os.Getenv("STIX_BUNDLES")) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		bundles = append(bundles, b)
	}
	for _, b := range bundles {
		validateObjects(t, schemas, b)
	}
	// And the schemas do refuse what is wrong.
	var o any
	if err := json.Unmarshal([]byte(`{"type":"opinion","spec_version":"2.1","id":"opinion--28bb3599-77cd-5a82-a950-b5bc3caf07c4","created":"2015-01-01T00:00:00.000Z","modified":"2015-01-01T00:00:00.000Z","opinion":"undetermined","object_refs":["note--28bb3599-77cd-5a82-a950-b5bc3caf07c4"]}`), &o); err != nil {
		t.Fatal(err)
	}
	if schemas["opinion"].Validate(o) == nil {
		t.Error("the schema of an opinion takes a word that is not in its vocabulary")
	}
}

func validateObjects(t *testing.T, schemas map[string]*jsonschema.Schema, b []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, x := range doc.(map[string]any)["objects"].([]any) {
		o := x.(map[string]any)
		s := schemas[o["type"].(string)]
		if s == nil {
			t.Fatalf("no schema of %s", o["type"])
		}
		if err := s.Validate(o); err != nil {
			t.Errorf("%s: %v", o["id"], err)
		}
		n++
	}
	if n < 5 {
		t.Errorf("only %d objects", n)
	}
}

// compileSchema compiles one schema. Their own addresses in "$id" are not
// fetched: references among them are found beside one another in the folder.
func compileSchema(t *testing.T, dir, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(folder{dir})
	s, err := c.Compile("oasis:///schemas/" + name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

// folder finds a schema by the end of its address.
type folder struct{ dir string }

func (f folder) Load(url string) (any, error) {
	_, name, ok := strings.Cut(url, "/schemas/")
	if !ok {
		return nil, os.ErrNotExist
	}
	r, err := os.Open(filepath.Join(f.dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return jsonschema.UnmarshalJSON(r)
}
