package indicator

import (
	"encoding/json"
	"fmt"
	"strings"

	"constat/internal/plain"
	"constat/internal/strictjson"
	"constat/internal/worded"
	"constat/moment"
)

// mispEvent is what is looked at of an event in MISP's core format. Values are
// strings there, but some exporters write numbers and booleans.
type mispEvent struct {
	Info      string            `json:"info"`
	Date      string            `json:"date"`
	Attribute []json.RawMessage `json:"Attribute"`
	Object    []json.RawMessage `json:"Object"`
	Orgc      struct {
		Name string `json:"name"`
	} `json:"Orgc"`
}

type mispAttribute struct {
	UUID      string `json:"uuid"`
	Type      string `json:"type"`
	Value     string `json:"value"`
	Comment   string `json:"comment"`
	FirstSeen string `json:"first_seen"`
	Deleted   any    `json:"deleted"`
}

func (r *reader) misp(top map[string]json.RawMessage) error {
	if top["Event"] != nil {
		r.mispEvent("event", top["Event"])
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(top["response"], &list) == nil {
		r.mispList(list)
		return nil
	}
	var inner map[string]json.RawMessage
	if json.Unmarshal(top["response"], &inner) == nil && inner["Attribute"] != nil {
		r.mispEvent("response", top["response"])
		return nil
	}
	return worded.Errorf("MISP: response holds neither events nor attributes")
}

func (r *reader) mispList(list []json.RawMessage) {
	for i, b := range list {
		place := fmt.Sprintf("event %d", i+1)
		var e struct{ Event json.RawMessage }
		if err := json.Unmarshal(b, &e); err != nil || e.Event == nil {
			r.damage(place, "no event")
			continue
		}
		r.mispEvent(place, e.Event)
	}
}

func (r *reader) mispEvent(place string, b json.RawMessage) {
	var e mispEvent
	if err := json.Unmarshal(b, &e); err != nil {
		r.damage(place, "not the members that MISP gives it: %v", strictjson.Plain(err))
		return
	}
	date := r.ownTime(place, e.Date)
	for i, a := range e.Attribute {
		r.mispAttribute(fmt.Sprintf("%s, attribute %d", place, i+1), a, &e, date)
	}
	for i, b := range e.Object {
		where := fmt.Sprintf("%s, object %d", place, i+1)
		var o struct {
			Attribute []json.RawMessage `json:"Attribute"`
			Deleted   any               `json:"deleted"`
		}
		if err := json.Unmarshal(b, &o); err != nil {
			r.damage(where, "not the members that MISP gives it: %v", strictjson.Plain(err))
			continue
		}
		if isTrue(o.Deleted) {
			r.passed["object, deleted"]++
			continue
		}
		for j, a := range o.Attribute {
			r.mispAttribute(fmt.Sprintf("%s, attribute %d", where, j+1), a, &e, date)
		}
	}
}

func (r *reader) mispAttribute(place string, b json.RawMessage, e *mispEvent, date *moment.Time) {
	var a mispAttribute
	if err := json.Unmarshal(b, &a); err != nil {
		r.damage(place, "not the members that MISP gives it: %v", strictjson.Plain(err))
		return
	}
	if isTrue(a.Deleted) {
		r.passed[plain.Clip(a.Type, 60)+", deleted"]++
		return
	}
	value := a.Value
	switch a.Type {
	case "ip-src", "ip-dst", "ip-src|port", "ip-dst|port":
	case "domain|ip":
		_, value, _ = strings.Cut(a.Value, "|")
	default:
		r.passed[plain.Clip(a.Type, 60)]++
		return
	}
	addr, port, err := parseAddress(value)
	if err != nil {
		r.damage(place, "%q: %v", plain.Clip(a.Value, 80), err)
		return
	}
	at, of := r.ownTime(place, a.FirstSeen), TimeSeen
	if at == nil {
		at, of = date, TimeValid // when the event was, not when the address was seen
	}
	by := e.Orgc.Name
	if e.Info != "" {
		by = strings.TrimPrefix(by+": "+e.Info, ": ")
	}
	r.add(addr, port, at, of, Mention{Place: place, By: by, Note: a.Comment})
}

func isTrue(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v == "1" || v == "true"
	}
	return false
}
