package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"constat/internal/locale"
	"constat/report"
)

// The rules of STIX 2.1 that matter here, written down again from the
// specification (OASIS Standard of 10 June 2021), so that a bundle is held
// against them wherever the tests run. Sections are the specification's.

var (
	idPattern   = regexp.MustCompile(`^([a-z][a-z0-9-]+[a-z0-9])--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	timePattern = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$`)
	hashPattern = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
)

// common are the properties of every domain and relationship object (§3.2).
var common = []string{"type", "spec_version", "id", "created_by_ref", "created", "modified", "labels", "confidence", "lang", "external_references"}

// stixTypes are the types that are written, with what they must and may have
// beyond what is common. A type that is not here is not written: above all no
// threat-actor, intrusion-set, campaign or attack-pattern.
var stixTypes = map[string]struct {
	observable bool
	must, may  []string
}{
	"identity":          {must: []string{"name"}, may: []string{"description", "roles", "identity_class"}},                  // §4.5
	"location":          {must: []string{"country"}, may: []string{"name", "description"}},                                  // §4.9
	"grouping":          {must: []string{"context", "object_refs"}, may: []string{"name", "description"}},                   // §4.4
	"report":            {must: []string{"name", "published", "object_refs"}, may: []string{"description", "report_types"}}, // §4.16
	"note":              {must: []string{"content", "object_refs"}, may: []string{"abstract", "authors"}},                   // §4.13
	"opinion":           {must: []string{"opinion", "object_refs"}, may: []string{"explanation", "authors"}},                // §4.15
	"observed-data":     {must: []string{"first_observed", "last_observed", "number_observed", "object_refs"}},              // §4.14
	"relationship":      {must: []string{"relationship_type", "source_ref", "target_ref"}, may: []string{"description"}},    // §5.1
	"autonomous-system": {observable: true, must: []string{"number"}, may: []string{"name"}},                                // §6.2
	"ipv4-addr":         {observable: true, must: []string{"value"}},                                                        // §6.8
	"ipv6-addr":         {observable: true, must: []string{"value"}},                                                        // §6.9
}

// relations are the relationships that are written, with their ends. Those of
// kind related-to are STIX's common ones (§3.7).
var relations = map[string][]string{
	"belongs-to": {"ipv4-addr>autonomous-system", "ipv6-addr>autonomous-system"},
	"related-to": {"identity>autonomous-system", "autonomous-system>location"},
}

// vocabularies of the specification (§10), open or closed.
var vocabularies = map[string][]string{
	"opinion":        {"strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"},
	"identity_class": {"individual", "group", "system", "organization", "class", "unspecified", "unknown"},
	"context":        {"suspicious-activity", "malware-analysis", "unspecified"},
	"report_types":   {"attack-pattern", "campaign", "identity", "indicator", "intrusion-set", "malware", "observed-data", "threat-actor", "threat-report", "tool", "vulnerability"},
}

// keepsRules names the first rule that a bundle breaks.
func keepsRules(b []byte) error {
	var doc map[string]any
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	if doc["type"] != "bundle" || len(doc) != 3 {
		return fmt.Errorf("not a bundle of type, id and objects: %v", slices.Sorted(maps.Keys(doc)))
	}
	if id, _ := doc["id"].(string); !idPattern.MatchString(id) || !strings.HasPrefix(id, "bundle--") {
		return fmt.Errorf("bundle id %q", id)
	}
	list, _ := doc["objects"].([]any)
	if len(list) == 0 {
		return fmt.Errorf("no objects")
	}
	types := map[string]string{}
	var all []map[string]any
	for _, x := range list {
		o, ok := x.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is no object", x)
		}
		id, _ := o["id"].(string)
		typ, _ := o["type"].(string)
		if m := idPattern.FindStringSubmatch(id); m == nil || m[1] != typ {
			return fmt.Errorf("id %q of type %q", id, typ)
		}
		if types[id] != "" {
			return fmt.Errorf("id %s is there twice", id)
		}
		types[id] = typ
		all = append(all, o)
	}
	reports := 0
	for _, o := range all {
		if err := objectKeepsRules(o, types); err != nil {
			return fmt.Errorf("%s: %w", o["id"], err)
		}
		if o["type"] == "report" {
			reports++
			if n := len(o["object_refs"].([]any)); n != len(all)-1 {
				return fmt.Errorf("the report holds %d of %d objects", n, len(all)-1)
			}
			if text, _ := o["description"].(string); !slices.ContainsFunc(languages, func(l report.Lang) bool { return strings.Contains(text, voiceOf(l).say("author")) }) {
				return fmt.Errorf("the report does not say that the author is not established")
			}
		}
	}
	if reports != 1 {
		return fmt.Errorf("%d reports", reports)
	}
	return nil
}

func objectKeepsRules(o map[string]any, types map[string]string) error {
	typ := o["type"].(string)
	rule, ok := stixTypes[typ]
	if !ok {
		return fmt.Errorf("type %q is not to be written", typ)
	}
	must := append([]string{"type", "id", "spec_version"}, rule.must...)
	known := append(slices.Clone(must), rule.may...)
	if !rule.observable {
		must, known = append(must, "created", "modified"), append(known, common...)
	}
	for _, p := range must {
		if _, ok := o[p]; !ok {
			return fmt.Errorf("%s is missing", p)
		}
	}
	if o["spec_version"] != "2.1" {
		return fmt.Errorf("spec_version %v", o["spec_version"])
	}
	for p, v := range o {
		if !slices.Contains(known, p) {
			return fmt.Errorf("%s has no property %s here", typ, p)
		}
		if err := valueKeepsRules(p, v, types); err != nil {
			return err
		}
	}
	if !rule.observable && o["created"].(string) > o["modified"].(string) {
		return fmt.Errorf("modified before it was created")
	}
	switch typ {
	case "observed-data":
		if o["first_observed"].(string) > o["last_observed"].(string) {
			return fmt.Errorf("last observed before the first time")
		}
		if n := o["number_observed"].(float64); n < 1 || n > 999_999_999 || n != float64(int(n)) {
			return fmt.Errorf("number_observed %v", n)
		}
		for _, r := range o["object_refs"].([]any) {
			if !stixTypes[types[r.(string)]].observable {
				return fmt.Errorf("observed-data refers to %s, which is no observable", r)
			}
		}
	case "relationship":
		ends := types[o["source_ref"].(string)] + ">" + types[o["target_ref"].(string)]
		if !slices.Contains(relations[o["relationship_type"].(string)], ends) {
			return fmt.Errorf("relationship %v of %s", o["relationship_type"], ends)
		}
	case "autonomous-system":
		if o["id"] != fmt.Sprintf("autonomous-system--%s", scoSpace.name(fmt.Sprintf(`{"number":%.0f}`, o["number"]))) {
			return fmt.Errorf("its id is not the one of its number")
		}
	case "ipv4-addr", "ipv6-addr":
		v := o["value"].(string)
		p, err := netip.ParsePrefix(v)
		if err != nil || p.Addr().Is4() != (typ == "ipv4-addr") {
			return fmt.Errorf("value %q", v)
		}
		if o["id"] != fmt.Sprintf("%s--%s", typ, scoSpace.name(`{"value":"`+v+`"}`)) {
			return fmt.Errorf("its id is not the one of its value")
		}
	case "note":
		// Confidence is of verdicts alone, and no likelihood word stands beside it.
		labels, _ := o["labels"].([]any)
		if c, ok := o["confidence"]; ok {
			if !slices.Contains(labels, any("verdict")) || slices.Contains(labels, any("not-established")) || slices.Contains(labels, any("abstention")) {
				return fmt.Errorf("confidence %v with labels %v", c, labels)
			}
		}
	}
	if _, ok := o["confidence"]; ok && typ != "note" {
		return fmt.Errorf("confidence on %s", typ)
	}
	return nil
}

func valueKeepsRules(p string, v any, types map[string]string) error {
	if list, ok := v.([]any); ok && len(list) == 0 {
		return fmt.Errorf("%s is an empty list", p)
	}
	if v == nil {
		return fmt.Errorf("%s is null", p)
	}
	texts := func() []string {
		if s, ok := v.(string); ok {
			return []string{s}
		}
		var out []string
		list, _ := v.([]any)
		for _, x := range list {
			s, _ := x.(string)
			out = append(out, s)
		}
		return out
	}()
	switch p {
	case "created", "modified", "published", "first_observed", "last_observed":
		if !timePattern.MatchString(texts[0]) {
			return fmt.Errorf("%s %q", p, texts[0])
		}
	case "confidence":
		if n := v.(float64); n != 50 && n != 85 {
			return fmt.Errorf("confidence %v is no point of the scale", n)
		}
	case "country":
		if len(texts[0]) != 2 {
			return fmt.Errorf("country %q", texts[0])
		}
	case "lang":
		if _, err := locale.Parse(texts[0]); err != nil {
			return fmt.Errorf("lang %q", texts[0])
		}
	case "relationship_type":
		if relations[texts[0]] == nil {
			return fmt.Errorf("relationship %q is not to be written", texts[0])
		}
	case "external_references":
		for _, x := range v.([]any) {
			r := x.(map[string]any)
			if r["source_name"] == "" || r["source_name"] == nil {
				return fmt.Errorf("an external reference without source_name")
			}
			if r["description"] == nil && r["url"] == nil && r["external_id"] == nil {
				return fmt.Errorf("an external reference that says nothing")
			}
			if h, ok := r["hashes"].(map[string]any); ok {
				if s, _ := h["SHA-256"].(string); len(h) != 1 || !hashPattern.MatchString(s) {
					return fmt.Errorf("hashes %v", h)
				}
			}
		}
	}
	if voc, ok := vocabularies[p]; ok {
		for _, s := range texts {
			if !slices.Contains(voc, s) {
				return fmt.Errorf("%s %q is in no vocabulary", p, s)
			}
		}
	}
	if strings.HasSuffix(p, "_ref") || strings.HasSuffix(p, "_refs") {
		seen := map[string]bool{}
		for _, s := range texts {
			if types[s] == "" {
				return fmt.Errorf("%s refers to %q, which is not in the bundle", p, s)
			}
			if seen[s] {
				return fmt.Errorf("%s refers to %s twice", p, s)
			}
			seen[s] = true
		}
	}
	if p == "created_by_ref" && types[texts[0]] != "identity" {
		return fmt.Errorf("created by %s", texts[0])
	}
	return nil
}
