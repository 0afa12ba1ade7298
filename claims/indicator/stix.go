package indicator

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"constat/internal/plain"
	"constat/internal/strictjson"
)

// stixObject is what is looked at of an object of STIX 2.0 or 2.1.
type stixObject struct {
	Type          string                     `json:"type"`
	ID            string                     `json:"id"`
	Name          string                     `json:"name"`
	Description   string                     `json:"description"`
	Pattern       string                     `json:"pattern"`
	PatternType   string                     `json:"pattern_type"`
	ValidFrom     string                     `json:"valid_from"`
	Revoked       bool                       `json:"revoked"`
	FirstObserved string                     `json:"first_observed"`
	ObjectRefs    []string                   `json:"object_refs"`
	Objects       map[string]json.RawMessage `json:"objects"` // observed-data of STIX 2.0
	Value         string                     `json:"value"`
}

// stixObjects reads the objects of a bundle: indicators by their patterns,
// addresses with the times of the observed-data that point at them.
func (r *reader) stixObjects(raw []json.RawMessage) {
	objects := make([]stixObject, len(raw))
	seen := map[string][]int{} // id of an address object → observed-data
	for i, b := range raw {
		o := &objects[i]
		place := func() string { return fmt.Sprintf("object %d (%s)", i+1, plain.Clip(o.ID, 80)) }
		if err := json.Unmarshal(b, o); err != nil {
			r.damage(place(), "not the members that STIX gives it: %v", strictjson.Plain(err))
			o.Type = ""
			continue
		}
		if o.Type == "" {
			r.damage(place(), "no type")
		}
		if o.Type == "observed-data" && !o.Revoked {
			for _, ref := range o.ObjectRefs {
				if strings.HasPrefix(ref, "ipv4-addr--") || strings.HasPrefix(ref, "ipv6-addr--") {
					seen[ref] = append(seen[ref], i)
				}
			}
		}
	}
	found := map[string]bool{}
	for i := range objects {
		o := &objects[i]
		place := fmt.Sprintf("object %d (%s)", i+1, plain.Clip(o.ID, 80))
		m := Mention{Place: place, By: o.Name, Note: o.Description}
		switch o.Type {
		case "":
		case "indicator":
			r.stixIndicator(o, place, m)
		case "ipv4-addr", "ipv6-addr":
			found[o.ID] = true
			addr, port, err := parseAddress(o.Value)
			if err != nil {
				r.damage(place, "%q: %v", plain.Clip(o.Value, 80), err)
				continue
			}
			if len(seen[o.ID]) == 0 {
				r.add(addr, port, nil, "", m)
			}
			for _, j := range seen[o.ID] {
				where := fmt.Sprintf("object %d (%s)", j+1, plain.Clip(objects[j].ID, 80))
				r.add(addr, port, r.ownTime(where, objects[j].FirstObserved), TimeSeen, m)
			}
		case "observed-data":
			if o.Revoked {
				r.passed["observed-data, revoked"]++
				continue
			}
			r.stixObserved(o, place)
		default:
			r.passed[plain.Clip(o.Type, 60)]++
		}
	}
	for ref, by := range seen {
		if !found[ref] {
			r.damage(fmt.Sprintf("object %d (%s)", by[0]+1, plain.Clip(objects[by[0]].ID, 80)), "it points at %s, which the bundle does not have", plain.Clip(ref, 80))
		}
	}
	slices.SortStableFunc(r.Damaged, func(a, b Damage) int { return comparePlaces(a.Place, b.Place) })
}

// comparePlaces orders "object 9" before "object 10".
func comparePlaces(a, b string) int {
	var x, y int
	fmt.Sscanf(a, "object %d", &x)
	fmt.Sscanf(b, "object %d", &y)
	if x != y {
		return x - y
	}
	return strings.Compare(a, b)
}

func (r *reader) stixIndicator(o *stixObject, place string, m Mention) {
	switch {
	case o.Revoked:
		r.passed["indicator, revoked"]++
		return
	case o.PatternType != "" && o.PatternType != "stix":
		r.passed["indicator with a pattern of "+plain.Clip(o.PatternType, 40)]++
		return
	}
	values, err := patternAddresses(o.Pattern)
	if err != nil {
		r.damage(place, "pattern: %v", err)
	}
	if len(values) == 0 && err == nil {
		r.passed["indicator of something else than an address"]++
	}
	for _, v := range values {
		addr, port, err := parseAddress(v)
		if err != nil {
			r.damage(place, "%q: %v", plain.Clip(v, 80), err)
			continue
		}
		r.add(addr, port, r.ownTime(place, o.ValidFrom), TimeValid, m)
	}
}

// stixObserved reads the objects that stand inside an observed-data of STIX 2.0.
func (r *reader) stixObserved(o *stixObject, place string) {
	if len(o.Objects) == 0 {
		r.passed["observed-data"]++
		return
	}
	keys := make([]string, 0, len(o.Objects))
	for k := range o.Objects {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		var x stixObject
		if err := json.Unmarshal(o.Objects[k], &x); err != nil {
			r.damage(place, "object %q in it: %v", plain.Clip(k, 40), strictjson.Plain(err))
			continue
		}
		if x.Type != "ipv4-addr" && x.Type != "ipv6-addr" {
			r.passed[plain.Clip(x.Type, 60)+" in observed-data"]++
			continue
		}
		addr, port, err := parseAddress(x.Value)
		if err != nil {
			r.damage(place, "%q: %v", plain.Clip(x.Value, 80), err)
			continue
		}
		r.add(addr, port, r.ownTime(place, o.FirstObserved), TimeSeen, Mention{Place: place})
	}
}

// patternAddresses gives the addresses that a STIX pattern compares with by = ,
// IN or ISSUBSET (STIX 2.1 §9.5). What a pattern denies is no address of it; a
// comparison that names none, such as LIKE, is an error.
func patternAddresses(p string) ([]string, error) {
	tokens, err := patternTokens(p)
	if err != nil {
		return nil, err
	}
	var out []string
	var bad error
	for i := 0; i < len(tokens); i++ {
		if !isAddressPath(tokens[i]) {
			continue
		}
		j, not := i+1, false
		if j < len(tokens) && strings.EqualFold(tokens[j], "NOT") {
			not = true
			j++
		}
		if j >= len(tokens) {
			return out, errors.New("it ends behind an object path")
		}
		var values []string
		switch op := strings.ToUpper(tokens[j]); op {
		case "=", "==", "ISSUBSET":
			if j+1 < len(tokens) && strings.HasPrefix(tokens[j+1], "'") {
				values = append(values, tokens[j+1][1:])
			}
		case "IN":
			for j += 2; j < len(tokens) && tokens[j] != ")"; j++ {
				if strings.HasPrefix(tokens[j], "'") {
					values = append(values, tokens[j][1:])
				}
			}
		case "!=", "<>":
			not = true
		default:
			bad = fmt.Errorf("%s names no address: %q", plain.Clip(op, 20), plain.Clip(p, 120))
			continue
		}
		if !not {
			if len(values) == 0 {
				bad = fmt.Errorf("a comparison without a value: %q", plain.Clip(p, 120))
			}
			out = append(out, values...)
		}
		i = j
	}
	return out, bad
}

// isAddressPath reports an object path whose value is an address.
func isAddressPath(t string) bool {
	switch t {
	case "ipv4-addr:value", "ipv6-addr:value", "network-traffic:dst_ref.value", "network-traffic:src_ref.value":
		return true
	}
	return false
}

// patternTokens cuts a pattern: strings keep a leading quotation mark and lose
// their escapes; brackets, commas and operators stand alone.
func patternTokens(p string) ([]string, error) {
	var out []string
	for i := 0; i < len(p); {
		switch c := p[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '\'':
			var b strings.Builder
			b.WriteByte('\'')
			i++
			for i < len(p) && p[i] != '\'' {
				if p[i] == '\\' && i+1 < len(p) {
					i++
				}
				b.WriteByte(p[i])
				i++
			}
			if i >= len(p) {
				return nil, fmt.Errorf("a string that is not closed: %q", plain.Clip(p, 120))
			}
			i++
			out = append(out, b.String())
		case strings.IndexByte("[](),", c) >= 0:
			out = append(out, string(c))
			i++
		case strings.IndexByte("=<>!", c) >= 0:
			n := i
			for n < len(p) && strings.IndexByte("=<>!", p[n]) >= 0 {
				n++
			}
			out = append(out, p[i:n])
			i = n
		default:
			n := i
			for n < len(p) && strings.IndexByte(" \t\n\r'[](),=<>!", p[n]) < 0 {
				n++
			}
			out = append(out, p[i:n])
			i = n
		}
	}
	return out, nil
}
