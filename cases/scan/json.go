package scan

import (
	"fmt"

	"constat/internal/strictjson"
	"constat/judge/finding"
	"constat/moment"
)

// Format names the version of what [Result.Encode] writes (docs/formats/scan.md).
const Format = "constat-scan/1"

type jsonResult struct {
	Format    string          `json:"format"`
	From      moment.Time     `json:"from"`
	Until     moment.Time     `json:"until"`
	Sources   []jsonSource    `json:"sources"`
	Elements  int             `json:"elements"`
	Looked    int             `json:"looked_into"`
	Blind     []jsonBlind     `json:"blind"`
	Countries []jsonCountry   `json:"countries"`
	Absent    []string        `json:"registries_absent,omitempty"`
	Losses    []jsonLoss      `json:"losses"`
	Taken     []jsonTaken     `json:"taken_over"`
	Undecided []jsonUndecided `json:"undecided"`
}

type jsonSource struct {
	Collector string `json:"collector"`
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
	Records   int64  `json:"records"`
	Unread    int64  `json:"unread"`
}

type jsonBlind struct {
	Collector string      `json:"collector"`
	Peer      *string     `json:"peer"`
	AS        uint32      `json:"as,omitempty"`
	From      moment.Time `json:"from"`
	Until     moment.Time `json:"until"`
	Reason    string      `json:"reason"`
}

type jsonCountry struct {
	Code     string      `json:"code"`
	Subjects []string    `json:"subjects"`
	From     moment.Time `json:"from"`
	Until    moment.Time `json:"until"`
	V4       float64     `json:"address_seconds"`
	V6       float64     `json:"block_seconds"`
	Absent   string      `json:"registry_absent,omitempty"`
	Examine  string      `json:"examine"`
}

type jsonTaken struct {
	Subject   string       `json:"subject"`
	With      []string     `json:"with"`
	Name      string       `json:"name,omitempty"`
	Countries []string     `json:"countries"`
	By        []string     `json:"by"`
	Times     []jsonOutage `json:"times"`
	Examine   string       `json:"examine"`
}

type jsonUndecided struct {
	Subject string            `json:"subject"`
	Name    string            `json:"name,omitempty"`
	Times   []finding.Unshown `json:"times"`
	Examine string            `json:"examine"`
}

type jsonLoss struct {
	Subject   string       `json:"subject"`
	With      []string     `json:"with"`
	Name      string       `json:"name,omitempty"`
	Countries []string     `json:"countries"`
	V4        float64      `json:"address_seconds"`
	V6        float64      `json:"block_seconds"`
	Outages   []jsonOutage `json:"outages"`
	Examine   string       `json:"examine"`
}

type jsonOutage struct {
	From      moment.Time  `json:"from"`
	Until     *moment.Time `json:"until"`    // null if it was not seen to end
	Censored  string       `json:"censored"` // "", "end of data", "blind"
	Sight     moment.Time  `json:"sight_until"`
	Duration  *int64       `json:"duration_s"`
	Losses    int          `json:"losses,omitempty"` // how often it was lost, if it was not in one piece
	Gone      int64        `json:"gone_s,omitempty"` // how long it was gone then
	Total     bool         `json:"total"`
	Partial   bool         `json:"partial"`
	Prefixes  int          `json:"prefixes"`
	Of        int          `json:"of_prefixes"`
	Addresses int64        `json:"ipv4_addresses"`
	Blocks    int64        `json:"ipv6_48s"`
	Peers     int          `json:"peers_lost"`
	Carried   int          `json:"peers_carried"`
	Watchers  int          `json:"peers_that_would_tell"`
	Bare      float64      `json:"without_route"`
	V4        float64      `json:"address_seconds"`
	V6        float64      `json:"block_seconds"`
}

// Encode gives the result as JSON. Examine is the command that examines a subject.
func (r *Result) Encode(examine func(subject string) string) ([]byte, error) {
	j := jsonResult{Format: Format, From: r.From, Until: r.Until, Elements: r.Events, Looked: r.Looked,
		Sources: []jsonSource{}, Blind: []jsonBlind{}, Countries: []jsonCountry{}, Losses: []jsonLoss{}, Taken: []jsonTaken{}, Undecided: []jsonUndecided{}, Absent: r.Absent}
	for _, c := range r.Watch.Collectors {
		for _, f := range c.Files {
			n := int64(0)
			for _, u := range f.Unread {
				n += u.Count
			}
			j.Sources = append(j.Sources, jsonSource{c.Name, f.Name, f.SHA256, f.Records, n})
		}
	}
	for _, b := range r.Ledger.Blind {
		if b.Until <= r.From || b.From >= r.Until {
			continue
		}
		x := jsonBlind{Collector: b.Collector, AS: b.AS, From: b.From, Until: b.Until, Reason: b.Reason}
		if b.Peer != nil {
			addr := b.Peer.String()
			x.Peer = &addr
		}
		j.Blind = append(j.Blind, x)
	}
	for _, c := range r.Countries {
		x := jsonCountry{Code: c.Code, From: c.From, Until: c.Until, V4: c.V4, V6: c.V6, Absent: c.RegistryAbsent, Examine: examine(c.Code)}
		for _, i := range c.Losses {
			x.Subjects = append(x.Subjects, r.Losses[i].Subject())
		}
		j.Countries = append(j.Countries, x)
	}
	for i := range r.Losses {
		l := &r.Losses[i]
		x := jsonLoss{Subject: l.Subject(), With: names(l.With), Name: l.Name, Countries: append([]string{}, l.Countries...), V4: l.V4, V6: l.V6, Examine: examine(l.Subject())}
		for k := range l.Outages {
			x.Outages = append(x.Outages, l.Outages[k].encode())
		}
		j.Losses = append(j.Losses, x)
	}
	for i := range r.Taken {
		l := &r.Taken[i]
		x := jsonTaken{Subject: l.Subject(), With: names(l.With), Name: l.Name, Countries: append([]string{}, l.Countries...), By: names(l.By), Examine: examine(l.Subject())}
		for k := range l.Taken {
			x.Times = append(x.Times, l.Taken[k].encode())
		}
		j.Taken = append(j.Taken, x)
	}
	for i := range r.Undecided {
		l := &r.Undecided[i]
		j.Undecided = append(j.Undecided, jsonUndecided{Subject: l.Subject(), Name: l.Name, Times: l.Unshown, Examine: examine(l.Subject())})
	}
	return strictjson.Indented(j)
}

func names(ases []uint32) []string {
	out := []string{}
	for _, as := range ases {
		out = append(out, fmt.Sprintf("AS%d", as))
	}
	return out
}

func (o *Outage) encode() jsonOutage {
	y := jsonOutage{From: o.From, Sight: o.Until, Losses: o.Losses, Gone: o.Seconds, Total: o.Total, Partial: o.Partial, Prefixes: o.Prefixes, Of: o.Of, Addresses: o.Size.V4, Blocks: o.Size.V6,
		Peers: o.Peers, Carried: o.Carried, Watchers: o.Watchers, Bare: o.Bare, V4: o.V4, V6: o.V6}
	switch {
	case o.Ended:
		y.Until = &o.Until
	case o.Blind:
		y.Censored = "blind"
	default:
		y.Censored = "end of data"
	}
	if o.Duration >= 0 {
		y.Duration = &o.Duration
	}
	return y
}
