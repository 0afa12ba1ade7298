package report

import (
	"fmt"
	"net/netip"
	"strconv"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/judge/timing"
	"constat/moment"
)

// What follows gives the made cases their causes, as cause and examine would
// word them: the same kinds of hypotheses, records and demands.

const clearHash = "33ed582dbc80b257f4ec197e32141e2485f051284bca92c6ffbd542444dff10a"

func hyp(kind place.Kind, a uint32, b ...uint32) place.Hypothesis {
	x := place.Break{Kind: kind, A: a, Wide: kind == place.Node}
	if len(b) > 0 {
		x.B = b[0]
	}
	return place.Single(x)
}

func wide(h place.Hypothesis) place.Hypothesis {
	b := h.Parts[0][0]
	b.Wide = true
	return place.Single(b)
}

// behind is the class of an origin behind one network: four places, five
// hypotheses.
func behind(origin, u uint32) []place.Hypothesis {
	link := hyp(place.Adjacency, u, origin)
	return []place.Hypothesis{hyp(place.Origin, origin), link, wide(link), hyp(place.TransitImport, u), hyp(place.TransitExport, u)}
}

func weighed(h place.Hypothesis, crossing int) finding.Hypothesis {
	return finding.Hypothesis{Hypothesis: h, Crossing: crossing, ControlsSurvive: []string{}, ControlsLost: []string{}}
}

func excluded(h finding.Hypothesis, by string) finding.Hypothesis {
	h.Excluded, h.By = true, by
	return h
}

// demands are the lines of the standard "clear" beside what was found.
func demands(c *finding.Cause, collectors, inferred, weakest int) {
	d := func(what string, demanded, found float64, met bool, why string) {
		c.Demands = append(c.Demands, cause.Demand{What: what, Demanded: demanded, Found: found, Met: met})
		if !met {
			c.Reasons = append(c.Reasons, why)
		}
	}
	d("vantages-that-lost", 8, float64(c.Lost), c.Lost >= 8, cause.FewVantages)
	d("single-act", 1, 1, true, cause.NoSingleAct)
	d("no-other-acts", 1, 1, true, cause.NothingGrows)
	d("networks-acting-together", 3, 3, true, "")
	land := acts(c, "countries")
	if land == nil {
		d("countries-acting-together", 2, 0, false, cause.CountriesUnknown)
	} else {
		d("countries-acting-together", 2, float64(land.AtLeast), land.AtLeast >= 2, cause.OneCountry)
	}
	d("rule-of-large-networks", 1, 1, true, cause.OneRule)
	d("place-witnesses", 3, float64(c.PlaceWitnesses), c.PlaceWitnesses >= 3, cause.FewPlaces)
	d("place-witnesses-leave-one-out", 2, float64(weakest), weakest >= 2, cause.Fragile)
	d("fact-witnesses", 3, float64(c.FactWitnesses), c.FactWitnesses >= 3, cause.FewFacts)
	d("collectors", 2, float64(collectors), collectors >= 2, cause.OneCollector)
	d("inferred-baselines", float64(c.Noise), float64(inferred), inferred <= c.Noise, cause.InferredOnly)
}

// stretch is a region from an origin over networks, each of which passes the
// routes on to the neighbours given.
func stretch(origin uint32, u uint32, to ...uint32) cause.Region {
	r := cause.Region{Networks: []uint32{origin, u}, Sessions: []place.Session{{Near: origin, Far: u}}}
	for _, as := range to {
		r.Sessions = append(r.Sessions, place.Session{Near: u, Far: as})
	}
	return r
}

// propositions draws them as examine does.
func propositions(f *finding.Findings) {
	f.Verdict = finding.Verdict{Standard: finding.Standard{Name: "clear", SHA256: clearHash}}
	add := func(key string, l proof.Level, c *int, class []place.Hypothesis, origin uint32) {
		q := finding.Proposition{Key: key, Level: l, Cause: c, Class: class, Origin: origin}
		if key == finding.PropNode {
			q.Origin, q.Network = 0, origin
		}
		f.Verdict.Propositions = append(f.Verdict.Propositions, q)
	}
	for i := range f.Cause {
		c := &f.Cause[i]
		if c.Rival {
			key := map[place.Kind]string{place.Observer: finding.PropObserver, place.Replaced: finding.PropReplaced, place.Renumbered: finding.PropRenumber}[c.Class[0].Parts[0][0].Kind]
			add(key, c.Level, &i, c.Class, c.Origin)
			continue
		}
		fact := proof.Indicated
		if len(f.Watch.Collectors) > 1 {
			fact = proof.Established
		}
		add(finding.PropOutage, fact, &i, nil, c.Origin)
		if c.Total {
			add(finding.PropTotal, fact, &i, nil, c.Origin)
		}
		add(finding.PropPlace, c.Level, &i, c.Class, c.Origin)
		if len(c.Class) > 1 {
			add(finding.PropMember, proof.NotEstablished, &i, c.Class, c.Origin)
		}
		for _, h := range c.Hypotheses {
			if b := h.Parts[0][0]; h.Excluded && b.Kind == place.Node && h.By == "controls-survive" {
				add(finding.PropNode, proof.Excluded, &i, []place.Hypothesis{h.Hypothesis}, b.A)
			}
		}
	}
	if len(f.Cause) > 0 {
		add(finding.PropAuthor, proof.NotEstablished, nil, nil, 0)
	}
}

// originOutages are the indexes of the outages of single origins.
func originOutages(f *finding.Findings) []int {
	var out []int
	for i, o := range f.Outages {
		if o.Scope == "origin" {
			out = append(out, i)
		}
	}
	return out
}

// nightCause is the cause of the long night, and of each loss before it.
func nightCause(f *finding.Findings, peers []*simPeer, zombie *simPeer) {
	class := behind(131279, 4837)
	for _, i := range originOutages(f) {
		o := &f.Outages[i]
		c := finding.Cause{Outage: i, Origin: 131279, At: onset(o) + minute, Level: proof.Established, Total: true, Class: class,
			Vantages: 44, Lost: 43, Kept: 1, FactWitnesses: 7, PlaceWitnesses: 7, Screened: true, Blind: []finding.PeerName{}, Noise: 3,
			Acts: []cause.Acts{{By: "networks", AtLeast: 3, Found: 5, Who: []uint32{1239, 3356, 6453, 174, 701}}, {By: "countries", AtLeast: 2, Found: 2, Who: []uint32{1239, 6453}, In: []string{"IN", "US"}}, {By: "rule", AtLeast: 1}}}
		var to []uint32
		for _, t := range transits {
			to = append(to, t.as)
		}
		c.Region = stretch(131279, 4837, to...)
		demands(&c, 3, 0, 6)
		for _, h := range class {
			w := weighed(h, 44)
			c.Hypotheses = append(c.Hypotheses, w)
		}
		node := weighed(hyp(place.Node, 4837), 44)
		for k := range 61 {
			prefix := fmt.Sprintf("10.%d.0.0/16", k)
			node.ControlsSurvive = append(node.ControlsSurvive, prefix)
			c.Near = append(c.Near, finding.Control{Prefix: prefix, Origin: 64600 + uint32(k%27), Kept: 44})
		}
		c.Hypotheses = append(c.Hypotheses, excluded(node, "controls-survive"))
		c.Links = append(c.Links, finding.Link{A: 4837, Before: 61 * 44, Kept: 61 * 44})
		for _, t := range transits {
			w := weighed(hyp(place.Node, t.as), t.peers)
			w.ControlsSurvive = []string{fmt.Sprintf("10.%d.0.0/16", t.peers)}
			c.Hypotheses = append(c.Hypotheses, excluded(w, "controls-survive"))
			n := 61 * t.peers
			c.Links = append(c.Links, finding.Link{A: 0, B: t.as, Before: n, Kept: n}, finding.Link{A: t.as, B: 4837, Before: n, Kept: n})
		}
		c.Settle = []cause.Settle{{AS: 4837, Lost: class[:4], Kept: class[4:]}}
		f.Cause = append(f.Cause, c)
	}
	propositions(f)
	for i := range f.Outages {
		if o := &f.Outages[i]; o.Scope == "subject" && o.DurationS != nil && *o.DurationS > 9*3600 {
			at := int64(onset(o) / 1e6)
			f.How = []finding.How{{Outage: i, Account: timing.Describe(timing.Input{Country: "KP", Origins: []timing.Origin{{AS: 131279, At: at, Prefixes: 4}},
				Onset: at, Duration: *o.DurationS, WatchedFrom: at - 100000, Restamped: true, Admitted: true,
				Before: []timing.Loss{{From: at - 90000, Until: at - 89000}, {From: at - 50000, Until: at - 49000}, {From: at - 5000, Until: at - 4000}},
				Peers:  []timing.Peer{{Name: "a", Losses: []int64{at, at, at + 1, at + 1}}, {Name: "b", Losses: []int64{at, at + 2}}}})}}
		}
	}
}

// chileCause is the fifth loss of AS22047 alone: indicated, on one collector and
// inferred routes, its paths changed before; prefixes were announced beside it.
func chileCause(s *sim, outage int) {
	f := s.f
	class := behind(22047, 3549)
	c := finding.Cause{Outage: outage, Origin: 22047, At: onset(&f.Outages[outage]) + 20*1e6, Level: proof.Indicated, Total: true, Class: class,
		Region: stretch(22047, 3549, 1916, 16735, 22548, 27664), Acts: []cause.Acts{{By: "networks", AtLeast: 3, Found: 4, Who: []uint32{1916, 16735, 22548, 27664}}, {By: "countries"}},
		Noise: 1, Changed: &finding.Changed{Vantages: 2, Since: onset(&f.Outages[outage]) - 5*minute, From: []uint32{17379}, To: []uint32{3549}},
		Beside:   []finding.BesideCut{{Key: finding.BesideBegan, Prefixes: []string{"190.96.0.0/24", "190.96.1.0/24", "190.96.2.0/24", "190.96.3.0/24", "190.96.4.0/24"}}},
		Vantages: 4, Lost: 4, FactWitnesses: 4, PlaceWitnesses: 2, Inferred: true, Screened: true, Blind: []finding.PeerName{finding.NewPeerName("rrc15 187.16.216.99")}}
	demands(&c, 1, 3, 1)
	for _, h := range class {
		c.Hypotheses = append(c.Hypotheses, weighed(h, 4))
	}
	open := weighed(hyp(place.TransitImport, 1916), 1)
	node := weighed(hyp(place.Node, 3549), 4)
	node.ControlsSurvive, node.ControlsLost = []string{"10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"}, []string{"10.9.0.0/16"}
	c.Hypotheses = append(c.Hypotheses, open, excluded(node, "controls-survive"))
	c.Settle = []cause.Settle{{AS: 3549, Lost: class[:4], Kept: class[4:]}}
	f.Cause = append(f.Cause, c)
	propositions(f)
	f.Verdict.Propositions = append(f.Verdict.Propositions, finding.Proposition{Key: finding.PropReplaced, Level: proof.Indicated, StandIn: finding.StandInLess, Prefixes: []netip.Prefix{netip.MustParsePrefix("190.20.8.0/24")}})
}

// dual is an origin with two providers that both lost it at once: one act
// suffices at the origin alone.
func dual() *finding.Findings {
	s := newSim("AS64500", "as", "2020-06-01T08:00:00Z", "2020-06-01T12:00:00Z", []string{"198.51.100.0/24"}, 64500)
	lost, back := map[*simPeer]int{}, map[*simPeer]int{}
	for i := range 8 {
		p := s.peer([]string{"rrc00", "rrc01"}[i%2], fmt.Sprintf("203.0.113.%d", i+1), 64510+uint32(i))
		lost[p], back[p] = i, i
	}
	o := s.outage("subject", "AS64500", times(lost, "2020-06-01T09:00:02Z"), times(back, "2020-06-01T10:00:00Z"), "")
	var before []finding.Path
	for i, p := range s.peers {
		before = append(before, finding.Path{Path: []uint32{p.as, 64498 + uint32(i%2), 64500}, Peers: 1, Routes: 1})
	}
	o.Paths = &finding.Paths{Before: before, Trough: []finding.Path{}, After: before}
	x := *o
	x.Scope, x.Name, x.Paths = "origin", "AS64500", nil
	s.f.Outages = append(s.f.Outages, x)
	f := s.finish()
	class := []place.Hypothesis{hyp(place.Origin, 64500)}
	c := finding.Cause{Outage: originOutages(f)[0], Origin: 64500, At: onset(o) + minute, Level: proof.Established, Total: true, Class: class,
		Region:   cause.Region{Networks: []uint32{64500}, Sessions: []place.Session{{Near: 64500, Far: 64498}, {Near: 64500, Far: 64499}}},
		Acts:     []cause.Acts{{By: "networks", AtLeast: 3}, {By: "countries", AtLeast: 2, Found: 2, In: []string{"FR", "DE"}}, {By: "rule", Found: 1, AtLeast: 1}},
		Beside:   []finding.BesideCut{{Key: finding.BesideReplaced, Prefixes: []string{"198.51.100.0/24"}}},
		Vantages: 8, Lost: 8, FactWitnesses: 8, PlaceWitnesses: 8, Screened: true}
	demands(&c, 2, 0, 7)
	for _, h := range class {
		c.Hypotheses = append(c.Hypotheses, weighed(h, 8))
	}
	for i := range uint32(2) {
		w := weighed(hyp(place.Node, 64498+i), 4)
		w.ControlsSurvive = []string{"10.0.0.0/16"}
		c.Hypotheses = append(c.Hypotheses, excluded(w, "controls-survive"))
	}
	f.Cause = []finding.Cause{c}
	propositions(f)
	return f
}

// times gives peers the time at plus so many seconds.
func times(m map[*simPeer]int, at string) map[*simPeer]moment.Time {
	out := map[*simPeer]moment.Time{}
	for p, s := range m {
		out[p] = ts(at) + moment.Time(s)*1e6
	}
	return out
}

// rival is a loss that is no cut, of each of the three kinds.
func rival(kind place.Kind, why string) func() *finding.Findings {
	return func() *finding.Findings {
		f := open()
		o := f.Outages[0]
		o.Scope, o.Name, o.Paths = "origin", "AS53225", nil
		f.Outages = append(f.Outages, o)
		h := []place.Hypothesis{place.Single(place.Break{Kind: kind})}
		f.Cause = []finding.Cause{{Outage: len(f.Outages) - 1, Origin: 53225, At: o.From, Level: proof.Indicated, Rival: true, Class: h,
			Vantages: 4, Lost: 3, Kept: 1, FactWitnesses: 3, Screened: true, Reasons: []string{why}}}
		if kind == place.Observer {
			f.Cause[0].Blind = []finding.PeerName{finding.NewPeerName("rrc04 192.65.185.10"), finding.NewPeerName("rrc04 192.65.185.11"), finding.NewPeerName("rrc04 192.65.185.12")}
		}
		propositions(f)
		return f
	}
}

// lostUnder is a partial loss that nobody can place, while prefixes of it were
// replaced by a less specific.
func lostUnder() *finding.Findings {
	f := open()
	o := f.Outages[0]
	o.Scope, o.Name, o.Paths = "origin", "AS53225", nil
	f.Outages = append(f.Outages, o)
	f.Cause = []finding.Cause{{Outage: len(f.Outages) - 1, Origin: 53225, At: o.From, Vantages: 3, Lost: 2, Kept: 1, FactWitnesses: 2,
		Reasons: []string{cause.FewFacts, cause.NoSingleAct, "a reason of the future"}, Demands: []cause.Demand{{What: "fact-witnesses", Demanded: 3, Found: 2}, {What: "something new", Demanded: 1}}}}
	propositions(f)
	f.Verdict.Standard = finding.Standard{Name: "clear", SHA256: "not the one in the box"}
	f.Verdict.Propositions = append(f.Verdict.Propositions,
		finding.Proposition{Key: finding.PropReplaced, Level: proof.Indicated, StandIn: finding.StandInLess, Prefixes: []netip.Prefix{netip.MustParsePrefix("177.137.1.0/24"), netip.MustParsePrefix("177.137.2.0/24")}},
		finding.Proposition{Key: finding.PropReplaced, Level: proof.Established, StandIn: finding.StandInOrigin, Prefixes: []netip.Prefix{netip.MustParsePrefix("177.137.3.0/24")}},
		finding.Proposition{Key: "something new", Level: proof.Indicated, Other: []string{"a", "b"}})
	return f
}

// restarted is a quiet night in which collectors were restarted.
func restarted() *finding.Findings {
	f := stayed()
	f.Verdict = finding.Verdict{Standard: finding.Standard{Name: "clear", SHA256: clearHash},
		Propositions: []finding.Proposition{{Key: finding.PropObserver, Level: proof.Established, Class: []place.Hypothesis{place.Single(place.Break{Kind: place.Observer})}, Reset: 5, Carriers: 6}}}
	return f
}

// egypt is five origins that went one by one; timing may weigh.
func egypt() *finding.Findings {
	s := newSim("EG", "country", "2011-01-27T20:00:00Z", "2011-01-28T02:00:00Z", []string{"196.1.0.0/16", "196.2.0.0/16", "196.3.0.0/16", "196.4.0.0/16", "196.5.0.0/16"}, 8452)
	origins := []uint32{8452, 24835, 24863, 36992, 5536}
	at := []string{"22:12:43", "22:13:26", "22:17:10", "22:19:02", "22:25:10"}
	s.f.Subject.Origins = origins
	lost := map[*simPeer]int{}
	for i := range 6 {
		lost[s.peer([]string{"rrc00", "rrc04"}[i%2], fmt.Sprintf("192.0.2.%d", i+1), 3000+uint32(i))] = i
	}
	o := *s.outage("subject", "EG", times(lost, "2011-01-27T22:12:43Z"), nil, "end-of-data")
	in := timing.Input{Country: "EG", Duration: -1, Admitted: true, Offsets: []timing.Offset{{Zone: "Africa/Cairo", Seconds: 7200}}, WatchedFrom: int64(s.f.Question.From / 1e6)}
	in.Onset = int64(onset(&o) / 1e6)
	for i, as := range origins {
		x := *s.outage("origin", "AS"+strconv.Itoa(int(as)), times(lost, "2011-01-27T"+at[i]+"Z"), nil, "end-of-data")
		x.Lost = finding.Lost{Prefixes: 1, Of: 1, V4: 65536}
		s.f.Outages[len(s.f.Outages)-1] = x
		in.Origins = append(in.Origins, timing.Origin{AS: as, At: int64(onset(&x) / 1e6), Prefixes: 1})
	}
	f := s.finish()
	for i := range f.Outages {
		if f.Outages[i].Scope == "subject" {
			f.How = []finding.How{{Outage: i, Account: timing.Describe(in)}}
		}
	}
	for _, i := range originOutages(f) {
		as, err := strconv.Atoi(f.Outages[i].Name[2:])
		if err != nil {
			panic(err)
		}
		class := behind(uint32(as), 20928)
		c := finding.Cause{Outage: i, Origin: uint32(as), At: onset(&f.Outages[i]) + minute, Level: proof.Indicated, Total: true, Class: class,
			Region: cause.Region{Networks: []uint32{uint32(as)}, Sessions: []place.Session{{Near: uint32(as), Far: 20928}}}, Acts: []cause.Acts{{By: "networks", AtLeast: 3, Found: 3, Who: []uint32{3000, 3001, 3002}}},
			Vantages: 6, Lost: 6, FactWitnesses: 6, PlaceWitnesses: 2, Screened: true}
		demands(&c, 2, 0, 1)
		for _, h := range class {
			c.Hypotheses = append(c.Hypotheses, weighed(h, 6))
		}
		f.Cause = append(f.Cause, c)
	}
	propositions(f)
	return f
}
