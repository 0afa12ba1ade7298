package report

import (
	"fmt"
	"math/rand"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/moment"
)

// The cases below are findings as an examination would fill them. They are
// made, not measured: small simulated peers lose and regain the prefixes of a
// subject, and every number of the findings is then counted from these peers.

type simPeer struct {
	collector string
	addr      netip.Addr
	as        uint32
	runs      []finding.Run
}

func ts(s string) moment.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return moment.FromTime(t)
}

func ptr[T any](v T) *T { return &v }

// sim builds findings whose prefixes all fare alike at a peer.
type sim struct {
	f     *finding.Findings
	peers []*simPeer
	n     int // prefixes
}

func newSim(subject, kind, from, until string, prefixes []string, origin uint32) *sim {
	f := &finding.Findings{Format: finding.Format, Answer: finding.AnswerOutage}
	f.Question = finding.Question{Subject: subject, From: ts(from), Until: ts(until)}
	f.Subject = finding.Subject{Name: subject, Kind: kind, Origins: []uint32{origin}, Networks: map[string]string{}}
	for _, p := range prefixes {
		f.Subject.Prefixes = append(f.Subject.Prefixes, finding.Prefix{Prefix: netip.MustParsePrefix(p),
			Reasons: []finding.OnList{finding.NewOnList("announced by AS" + strconv.Itoa(int(origin)))}, Origins: []uint32{origin}})
	}
	f.Subject.Reasons = []finding.Reason{finding.NewReason("AS"+strconv.Itoa(int(origin)), "asked for")}
	return &sim{f: f, n: len(prefixes)}
}

func (s *sim) peer(collector, addr string, as uint32) *simPeer {
	p := &simPeer{collector: collector, addr: netip.MustParseAddr(addr), as: as}
	p.runs = []finding.Run{{At: s.f.Question.From, State: finding.Seen, Held: s.n}}
	s.peers = append(s.peers, p)
	return p
}

// set gives a peer a state in [from, until); what it held after stays.
func (s *sim) set(p *simPeer, from, until moment.Time, state string) {
	after := p.runs[0]
	var out []finding.Run
	for _, r := range p.runs {
		if r.At <= until {
			after = r
		}
		if r.At < from || r.At > until {
			out = append(out, r)
		}
	}
	held := 0
	if state == finding.Part {
		held = max(1, s.n/3)
	}
	if state == finding.Seen {
		held = s.n
	}
	out = append(out, finding.Run{At: from, State: state, Held: held})
	if until < s.f.Question.Until {
		after.At = until
		out = append(out, after)
	}
	slices.SortStableFunc(out, func(a, b finding.Run) int { return int(a.At - b.At) })
	p.runs = out[:0]
	for i, r := range out {
		if i > 0 && p.runs[len(p.runs)-1].State == r.State {
			continue
		}
		p.runs = append(p.runs, r)
	}
}

func lowerMedian(ts []moment.Time) *moment.Time {
	if len(ts) == 0 {
		return nil
	}
	slices.Sort(ts)
	return &ts[(len(ts)-1)/2]
}

// outage records an outage from the peers' own times. A peer without a time
// kept the routes (lost) or was not seen to return (back).
func (s *sim) outage(scope, name string, lost, back map[*simPeer]moment.Time, censored string) *finding.Outage {
	o := finding.Outage{Scope: scope, Name: name}
	var ls, bs []moment.Time
	ases := map[uint32]bool{}
	for _, p := range s.peers {
		t := finding.Tick{Collector: p.collector, Peer: p.addr, AS: p.as}
		if v, ok := lost[p]; ok {
			t.Lost = &v
			ls = append(ls, v)
			ases[p.as] = true
		}
		if v, ok := back[p]; ok {
			t.Back = &v
			bs = append(bs, v)
		}
		o.Peers = append(o.Peers, t)
	}
	slices.Sort(ls)
	slices.Sort(bs)
	o.From = ls[0]
	o.Onset = finding.Moments{First: &ls[0], Median: lowerMedian(ls), Last: &ls[len(ls)-1]}
	if len(bs) > 0 {
		m := &finding.Moments{First: &bs[0]}
		if med := (len(ls) - 1) / 2; med < len(bs) {
			m.Median = &bs[med]
			d := int64((*m.Median - *o.Onset.Median) / moment.Second)
			o.DurationS = &d
		}
		if len(bs) == len(ls) {
			m.Last = &bs[len(bs)-1]
			o.Until = m.Last
		}
		o.Recovery = m
		o.Total = []finding.Span{{From: *o.Onset.Last, Until: m.First}}
	}
	if censored != "" {
		o.Censored = &censored
	}
	if len(bs) == 0 && len(ls) >= len(s.peers)-1 {
		o.Total = []finding.Span{{From: *o.Onset.Last}}
	}
	o.Lost = finding.Lost{Prefixes: s.n, Of: s.n}
	var ps []netip.Prefix
	for _, p := range s.f.Subject.Prefixes {
		ps = append(ps, p.Prefix)
	}
	o.Lost.V4, o.Lost.V6 = size(ps)
	o.Witnesses = finding.Witnesses{Carried: len(s.peers), Lost: len(ls), ASes: len(ases), ZombieSuspects: []finding.PeerName{}}
	for _, p := range s.peers {
		if _, ok := lost[p]; ok {
			from, until := lost[p], s.f.Question.Until
			if b, ok := back[p]; ok {
				until = b
			}
			s.set(p, from, until, finding.Gone)
		} else if scope == "subject" {
			o.Witnesses.ZombieSuspects = append(o.Witnesses.ZombieSuspects, finding.PeerName{Collector: p.collector, Peer: p.addr})
		}
	}
	s.f.Outages = append(s.f.Outages, o)
	return &s.f.Outages[len(s.f.Outages)-1]
}

func (s *sim) blind(collector string, p *simPeer, from, until moment.Time, reason string) {
	b := finding.Blind{Collector: collector, From: from, Until: until, Reason: reason}
	for _, x := range s.peers {
		if x == p || p == nil && x.collector == collector {
			s.set(x, from, until, finding.Unknown)
		}
	}
	if p != nil {
		b.Peer = &p.addr
	}
	s.f.Watch.Blind = append(s.f.Watch.Blind, b)
}

// finish counts timeline, strip and watch from the peers.
func (s *sim) finish() *finding.Findings {
	f := s.f
	var at []moment.Time
	seen := map[string]bool{}
	for _, p := range s.peers {
		f.Strip = append(f.Strip, finding.Row{Collector: p.collector, Peer: p.addr, AS: p.as, Routes: s.n, Exact: true, Runs: p.runs})
		for _, r := range p.runs {
			at = append(at, r.At)
		}
		if !seen[p.collector] {
			seen[p.collector] = true
			f.Watch.Collectors = append(f.Watch.Collectors, p.collector)
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	f.Timeline = finding.Timeline{Height: len(s.peers) * s.n, Exact: true}
	next := make([]int, len(s.peers))
	for _, t := range at {
		st := finding.Step{At: t}
		for i, p := range s.peers {
			for next[i]+1 < len(p.runs) && p.runs[next[i]+1].At <= t {
				next[i]++
			}
			switch r := p.runs[next[i]]; r.State {
			case finding.Seen:
				st.Seen += s.n
			case finding.Part:
				st.Seen += r.Held
				st.Gone += s.n - r.Held
			case finding.Gone:
				st.Gone += s.n
			case finding.Unknown:
				st.Unknown += s.n
			}
		}
		f.Timeline.Steps = append(f.Timeline.Steps, st)
	}
	for i := range f.Subject.Prefixes {
		f.Subject.Prefixes[i].Carriers = len(s.peers)
	}
	slices.Sort(f.Watch.Collectors)
	f.Watch.Peers = len(s.peers)
	for i, c := range f.Watch.Collectors {
		f.Watch.Sources = append(f.Watch.Sources, finding.Source{Name: fmt.Sprintf("updates.%02d.gz", i), Collector: c,
			SHA256: fmt.Sprintf("%064x", 0xc0ffee+i*7919), Size: 81234 + int64(i)*5117, Kind: "updates", Records: 31904 + int64(i),
			First: ptr(f.Question.From), Last: ptr(f.Question.Until - moment.Second)})
		f.Watch.Records += 31904 + int64(i)
	}
	f.Watch.Files = len(f.Watch.Sources)
	f.Watched = finding.Watched{Of: int64((f.Question.Until - f.Question.From) / moment.Second)}
	for _, st := range f.Timeline.Steps { // all prefixes fare alike: watched while two peers are
		if st.Seen+st.Gone >= min(2*s.n, f.Timeline.Height) {
			f.Watched.Seconds = f.Watched.Of
		}
	}
	slices.SortStableFunc(f.Outages, func(a, b finding.Outage) int { return int((a.From - b.From) / moment.Second) })
	return f
}

var transits = []struct {
	as    uint32
	name  string
	peers int
}{{1239, "Sprint", 13}, {3356, "Level 3", 9}, {6453, "Tata", 8}, {174, "Cogent", 6}, {701, "Verizon", 4}, {1299, "Telia", 2}, {6939, "Hurricane Electric", 2}}

// night is a case like 22–23 December 2014: 44 peers, a day of instability,
// total loss from 16:15:07 to 01:46:14 between the medians, one zombie, and
// blindness; a reconstruction.
func night() *finding.Findings {
	s := newSim("KP", "country", "2014-12-21T12:00:00Z", "2014-12-23T12:00:00Z",
		[]string{"175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"}, 131279)
	rnd := rand.New(rand.NewSource(1))
	names := s.f.Subject.Networks
	names["131279"], names["4837"] = "Star JV", "China Unicom"
	k := 0
	for _, t := range transits {
		names[strconv.Itoa(int(t.as))] = t.name
		for range t.peers {
			s.peer([]string{"rrc00", "rrc03", "route-views2"}[k%3], fmt.Sprintf("192.0.2.%d", k+1), t.as)
			k++
		}
	}
	zombie := s.peers[24]
	for i := range 21 { // instability
		at := ts("2014-12-21T14:26:00Z") + moment.Time(i)*74*minute + moment.Time(rnd.Intn(1800))*moment.Second
		length := moment.Time(120+rnd.Intn(700)) * moment.Second
		lost, back := map[*simPeer]moment.Time{}, map[*simPeer]moment.Time{}
		for _, p := range s.peers {
			lost[p] = at + moment.Time(rnd.Intn(30))*moment.Second
			back[p] = at + length + moment.Time(rnd.Intn(40))*moment.Second
		}
		s.outage("subject", "KP", lost, back, "")
	}
	lost, back := map[*simPeer]moment.Time{}, map[*simPeer]moment.Time{}
	for i, p := range s.peers {
		if p == zombie {
			continue
		}
		x := moment.Time(i) * 38 * moment.Second / 43
		lost[p] = ts("2014-12-22T16:15:03Z") + x*x/(38*moment.Second)
		lost[p] -= lost[p] % moment.Second
		back[p] = ts("2014-12-23T01:46:09Z") + x*x/(26*moment.Second)
		back[p] -= back[p] % moment.Second
	}
	lost, back = shiftMedian(lost, ts("2014-12-22T16:15:07Z")), shiftMedian(back, ts("2014-12-23T01:46:14Z"))
	o := s.outage("subject", "KP", lost, back, "")
	s.set(zombie, ts("2014-12-22T17:52:00Z"), ts("2014-12-23T01:46:30Z"), finding.Gone)
	paths := func(drop bool) (out []finding.Path) {
		for _, t := range transits {
			n := t.peers
			if drop && t.as != zombie.as {
				continue
			}
			if drop {
				n = 1
			}
			out = append(out, finding.Path{Path: []uint32{t.as, 4837, 131279}, Peers: n, Routes: 4 * n})
		}
		return out
	}
	o.Paths = &finding.Paths{Before: paths(false), Trough: paths(true), After: paths(false)}
	s.blind("rrc03", s.peers[4], ts("2014-12-21T12:00:00Z"), ts("2014-12-21T17:10:00Z"), finding.SessionDown)
	s.blind("rrc03", s.peers[7], ts("2014-12-21T12:00:00Z"), ts("2014-12-21T17:10:00Z"), finding.SessionDown)
	s.blind("route-views2", s.peers[41], ts("2014-12-22T05:31:00Z"), ts("2014-12-22T05:34:10Z"), finding.TableTransfer)
	s.blind("route-views2", s.peers[29], ts("2014-12-22T12:00:00Z"), ts("2014-12-23T06:00:00Z"), finding.Stale)
	s.blind("rrc00", nil, ts("2014-12-23T10:00:00Z"), ts("2014-12-23T10:15:00Z"), finding.MissingFile)
	for _, o := range s.f.Outages { // all prefixes fare alike
		o.Paths = nil
		o.Scope, o.Name = "origin", "AS131279"
		s.f.Outages = append(s.f.Outages, o)
		for _, p := range s.f.Subject.Prefixes {
			o.Scope, o.Name, o.Total, o.Lost = "prefix", p.Prefix.String(), nil, finding.Lost{Prefixes: 1, Of: 1, V4: 256}
			s.f.Outages = append(s.f.Outages, o)
		}
	}
	f := s.finish()
	f.Subject.Origins = []uint32{131279}
	for i := range f.Subject.Prefixes {
		f.Subject.Prefixes[i].Reasons = []finding.OnList{finding.NewOnList("delegated to KP by apnic (175.45.176.0, 1024 addresses)"), finding.NewOnList("origin AS131279 seen")}
	}
	f.Subject.Reasons = []finding.Reason{finding.NewReason("AS131279", "delegated to KP by apnic"), finding.NewReason("175.45.176.0/22", "delegated to KP by apnic, 18 December 2009")}
	f.Subject.NamesOf = "written by hand for this case"
	f.Notes = []finding.Note{{Key: finding.NoteReconstruction, Title: "the published times of the night of 22 December 2014"}}
	f.Operators = []finding.Operator{{AS: 131279, Prefixes: 4, Outages: 22, Lost: finding.Lost{Prefixes: 4, Of: 4, V4: 1024}, LongestS: o.DurationS}}
	nightCause(f, s.peers, zombie)
	f.Watch.Unreadable = 3
	f.Watch.Unread = []finding.Unread{{File: "updates.01.gz", Collector: "route-views2", Count: 3, Offset: 211980, Reason: "record cut short"}}
	return f
}

// shiftMedian moves all times so that their lower median is at.
func shiftMedian(m map[*simPeer]moment.Time, at moment.Time) map[*simPeer]moment.Time {
	var all []moment.Time
	for _, t := range m {
		all = append(all, t)
	}
	d := at - *lowerMedian(all)
	out := map[*simPeer]moment.Time{}
	for p, t := range m {
		out[p] = t + d
	}
	return out
}

// chile is AS22047 on 27 February 2010: six outages of about 28 s in fifteen
// minutes, a hole of five minutes, the third's last return hidden by it.
func chile() *finding.Findings {
	var prefixes []string
	for i := range 98 {
		prefixes = append(prefixes, fmt.Sprintf("190.%d.%d.0/24", 20+i/32, i%32*8))
	}
	s := newSim("AS22047", "as", "2010-02-27T16:00:00Z", "2010-02-27T16:15:00Z", prefixes, 22047)
	s.f.Subject.Networks["22047"] = "VTR BANDA ANCHA S.A., CL"
	s.f.Subject.Networks["3549"] = "Global Crossing"
	for i, as := range []uint32{22548, 16735, 1916, 27664} {
		s.peer("rrc15", fmt.Sprintf("187.16.216.%d", 20+i), as)
	}
	at := func(hms string) moment.Time { return ts("2010-02-27T" + hms + "Z") }
	for i, x := range [][6]string{
		{"16:00:47", "16:00:48", "16:00:57", "16:01:16", "16:01:16", "16:01:27"},
		{"16:02:49", "16:02:50", "16:02:58", "16:03:19", "16:03:19", "16:03:28"},
		{"16:04:22", "16:04:22", "16:04:30", "16:04:50", "16:04:50", ""},
		{"16:10:57", "16:10:58", "16:11:08", "16:11:27", "16:11:27", "16:11:39"},
		{"16:12:29", "16:12:30", "16:12:40", "16:12:59", "16:13:00", "16:13:11"},
		{"16:14:02", "16:14:02", "16:14:12", "16:14:30", "16:14:30", "16:14:43"},
	} {
		lost := map[*simPeer]moment.Time{s.peers[0]: at(x[0]), s.peers[1]: at(x[1]), s.peers[2]: at(x[1]) + moment.Second, s.peers[3]: at(x[2])}
		back := map[*simPeer]moment.Time{s.peers[0]: at(x[3]), s.peers[1]: at(x[4]), s.peers[2]: at(x[4]) + 2*moment.Second}
		censored := "blind"
		if x[5] != "" {
			back[s.peers[3]] = at(x[5])
			censored = ""
		}
		o := s.outage("subject", "AS22047", lost, back, censored)
		if i == 2 { // the hole ends what is known of it
			s.set(s.peers[3], at("16:05:00"), s.f.Question.Until, finding.Seen)
		}
		if i == 4 {
			var before []finding.Path
			for _, p := range s.peers {
				before = append(before, finding.Path{Path: []uint32{p.as, 3549, 22047}, Peers: 1, Routes: 98})
			}
			o.Paths = &finding.Paths{Before: slices.Clone(before), After: before}
			o.Paths.Before[0].Inferred = true // not seen before the loss
			x := *o
			x.Scope, x.Name, x.Paths = "origin", "AS22047", nil
			s.f.Outages = append(s.f.Outages, x)
		}
	}
	s.blind("rrc15", nil, at("16:05:00"), at("16:10:00"), finding.MissingFile)
	f := s.finish()
	chileCause(s, originOutages(f)[0])
	f.Notes = []finding.Note{{Key: finding.NoteOneCollector, Collector: "rrc15"}, {Key: finding.NoteNoSnapshot}, {Key: finding.NoteInferred}}
	return f
}

// stayed is a quiet network.
func stayed() *finding.Findings {
	s := newSim("2001:db8::/32", "prefix", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", []string{"2001:db8::/32"}, 64500)
	for i := range 6 {
		s.peer("rrc04", fmt.Sprintf("2001:db8:ffff::%d", i+1), 64510+uint32(i/2))
	}
	f := s.finish()
	f.Answer = finding.AnswerStayed
	f.Learned = []finding.Path{{Path: []uint32{64510, 64499, 64500}, Peers: 4, Routes: 4}, {Path: []uint32{64511, 64501, 64499, 64500}, Peers: 2, Routes: 2}}
	return f
}

// glimpse is a day of which ten minutes were watched.
func glimpse() *finding.Findings {
	s := newSim("AS132215", "as", "2022-02-09T00:00:00Z", "2022-02-10T00:00:00Z", []string{"103.102.1.0/24", "103.102.2.0/24"}, 132215)
	for i := range 4 {
		s.peer("rrc04", fmt.Sprintf("192.65.185.%d", 20+i), 64510+uint32(i))
	}
	from, until := ts("2022-02-09T10:35:00Z"), ts("2022-02-09T10:45:00Z")
	s.blind("rrc04", nil, s.f.Question.From, from, finding.FileNotGiven)
	s.blind("rrc04", nil, until, s.f.Question.Until, finding.FileNotGiven)
	f := s.finish()
	f.Answer = finding.AnswerStayed
	f.Watched.Seconds, f.Watched.Spans = 600, []finding.Span{{From: from, Until: &until}}
	return f
}

// fewLost is a loss at two of five peers, with routes that stood in, and another
// of one prefix.
func fewLost() *finding.Findings {
	s := newSim("AS64500", "as", "2020-06-01T08:00:00Z", "2020-06-01T12:00:00Z", []string{"198.51.100.0/24", "203.0.113.0/24"}, 64500)
	for i := range 5 {
		s.peer([]string{"rrc00", "rrc01"}[i%2], fmt.Sprintf("192.0.2.%d", i+1), 64510+uint32(i))
	}
	lost := map[*simPeer]moment.Time{s.peers[0]: ts("2020-06-01T09:00:02Z"), s.peers[1]: ts("2020-06-01T09:00:05Z")}
	back := map[*simPeer]moment.Time{s.peers[0]: ts("2020-06-01T09:45:02Z"), s.peers[1]: ts("2020-06-01T09:45:09Z")}
	o := s.outage("subject", "AS64500", lost, back, "")
	o.Partial, o.Total, o.Witnesses.ZombieSuspects = true, nil, []finding.PeerName{}
	o.Trough = ts("2020-06-01T09:00:05Z")
	o.Lost.Touched = o.Lost.Prefixes
	x := *o
	x.Scope, x.Name, x.Lost = "prefix", "198.51.100.0/24", finding.Lost{Prefixes: 1, Touched: 1, Of: 1, V4: 256}
	s.f.Outages = append(s.f.Outages, x)
	f := s.finish()
	f.Answer, f.Head = finding.AnswerPartial, ptr(0)
	f.Subject.Prefixes[0].Standing = 1
	f.Subject.Prefixes[0].StandIns = []finding.OtherRoute{{Kind: finding.LostUnder, Prefix: netip.MustParsePrefix("198.51.0.0/16"), Origin: 64499, Peers: 1, From: f.Question.From, Until: f.Question.Until,
		Exhibit: "rrc00.updates.00.mrt", Offset: 2900}, {Kind: "a kind of the future", Prefix: netip.MustParsePrefix("198.51.0.0/17"), Peers: 2, From: f.Question.From, Until: f.Question.Until}}
	return f
}

// noClaim is one peer in a table transfer: a path to learn from, no claim.
func noClaim() *finding.Findings {
	s := newSim("KP", "country", "2015-10-23T00:00:00Z", "2015-10-24T00:00:00Z", []string{"175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"}, 131279)
	p := s.peer("suite", "192.0.2.1", 2914)
	s.set(p, s.f.Question.From, s.f.Question.Until, finding.Unknown)
	s.blind("suite", p, ts("2015-10-23T08:00:00Z"), ts("2015-10-23T08:00:37Z"), finding.TableTransfer)
	f := s.finish()
	f.Answer = finding.AnswerNoClaim
	f.Learned = []finding.Path{{Path: []uint32{2914, 1239, 4837, 131279}, Peers: 1, Routes: 4}}
	f.Notes = []finding.Note{{Key: finding.NoteOneCollector, Collector: "suite"}, {Key: "something new", Other: []string{"a", "b"}}}
	return f
}

// nobody is a question at whose every moment no peer was watching.
func nobody() *finding.Findings {
	s := newSim("AS64500", "as", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", nil, 64500)
	f := s.finish()
	f.Answer = finding.AnswerNobodyWatching
	f.Watch.Collectors = []string{"rrc04"}
	f.Watch.Blind = []finding.Blind{{Collector: "rrc04", From: f.Question.From, Until: f.Question.Until, Reason: finding.MissingFile}}
	return f
}

// open is a partial outage that the data end in, with covered prefixes.
func open() *finding.Findings {
	var prefixes []string
	for i := range 31 {
		prefixes = append(prefixes, fmt.Sprintf("177.137.%d.0/24", i))
	}
	s := newSim("AS53225", "as", "2022-02-09T10:35:00Z", "2022-02-09T10:45:00Z", prefixes, 53225)
	for i, as := range []uint32{61568, 53062, 28329, 263009} {
		s.peer("rrc04", fmt.Sprintf("192.65.185.%d", 10+i), as)
	}
	lost := map[*simPeer]moment.Time{s.peers[0]: ts("2022-02-09T10:37:15Z"), s.peers[1]: ts("2022-02-09T10:37:15Z"), s.peers[2]: ts("2022-02-09T10:37:16Z")}
	o := s.outage("subject", "AS53225", lost, nil, "end-of-data")
	o.Total, o.Lost = nil, finding.Lost{Prefixes: 12, Of: 31, V4: 3072}
	o.Witnesses = finding.Witnesses{Carried: 4, Lost: 3, ASes: 3, ZombieSuspects: []finding.PeerName{}}
	p := *o
	p.Scope, p.Name, p.Lost = "prefix", "177.137.18.0/24", finding.Lost{Prefixes: 1, Of: 1, V4: 256}
	s.f.Outages = append(s.f.Outages, p)
	for _, q := range s.peers[:3] {
		for i := range q.runs {
			if q.runs[i].State == finding.Gone {
				q.runs[i] = finding.Run{At: q.runs[i].At, State: finding.Part, Held: 19}
			}
		}
	}
	f := s.finish()
	f.Subject.Prefixes[0].Covered, f.Subject.Prefixes[1].Unknown = 3, 2
	return f
}

// hidden is a total outage whose end falls into blindness.
func hidden() *finding.Findings {
	s := newSim("AS64500", "as", "2020-12-31T18:00:00Z", "2021-01-01T06:00:00Z", []string{"198.51.100.0/24", "2001:db8::/32"}, 64500)
	lost := map[*simPeer]moment.Time{}
	for i := range 5 {
		p := s.peer("route-views2", fmt.Sprintf("203.0.113.%d", i+1), 64510+uint32(i))
		lost[p] = ts("2020-12-31T23:10:04Z") + moment.Time(i*3)*moment.Second
	}
	o := s.outage("subject", "AS64500", lost, nil, "blind")
	o.Until = ptr(ts("2021-01-01T02:00:00Z"))
	o.Total[0].Until = o.Until
	s.blind("route-views2", nil, ts("2021-01-01T02:00:00Z"), ts("2021-01-01T06:00:00Z"), finding.MissingFile)
	return s.finish()
}

// nation is a country of 300 operators, 10,000 prefixes, 500 peers and 2,000
// steps: what a page must survive. Names are hostile.
func nation() *finding.Findings {
	var prefixes []string
	for i := range 10000 {
		prefixes = append(prefixes, fmt.Sprintf("%d.%d.%d.0/24", 100+i/4096, i/16%256, i%16*16))
	}
	s := newSim("EG", "country", "2011-01-27T00:00:00Z", "2011-02-03T00:00:00Z", prefixes, 8452)
	rnd := rand.New(rand.NewSource(2))
	for i := range 500 {
		s.peer(fmt.Sprintf("rrc%02d", i%16), fmt.Sprintf("10.%d.%d.1", i/250, i%250), 1000+uint32(rnd.Intn(180)))
	}
	lost, back := map[*simPeer]moment.Time{}, map[*simPeer]moment.Time{}
	for i, p := range s.peers {
		if i%97 == 5 {
			continue
		}
		lost[p] = ts("2011-01-27T22:12:43Z") + moment.Time(rnd.Intn(900))*moment.Second
		back[p] = ts("2011-02-02T09:30:00Z") + moment.Time(rnd.Intn(1500))*moment.Second
		if i%3 == 0 {
			at := s.f.Question.From + moment.Time(rnd.Intn(60000))*moment.Second
			s.set(p, at, at+moment.Time(rnd.Intn(4000)+1)*moment.Second, finding.Part)
		}
	}
	o := s.outage("subject", "EG", lost, back, "")
	o.Lost = finding.Lost{Prefixes: 9300, Of: 10000, V4: 9300 * 256}
	var before, after []finding.Path
	for i := range 400 {
		x := finding.Path{Path: []uint32{1000 + uint32(rnd.Intn(180)), 6453 + uint32(rnd.Intn(20)), 8452 + uint32(rnd.Intn(300))}, Peers: 1 + rnd.Intn(3), Routes: 9}
		before = append(before, x)
		if i%2 == 0 {
			after = append(after, x)
		}
	}
	o.Paths = &finding.Paths{Before: before, After: after}
	for i := range 300 {
		as := 8452 + uint32(i)
		s.f.Subject.Networks[strconv.Itoa(int(as))] = fmt.Sprintf(`<script>alert(%d)</script> "Net" & Söhne`, i)
		d := int64(486000 + i)
		s.f.Operators = append(s.f.Operators, finding.Operator{AS: as, Prefixes: 33, Outages: i % 4, Lost: finding.Lost{Prefixes: 30, Of: 33, V4: 256 * int64(i)}, LongestS: &d, Open: i%7 == 0})
		if i%4 > 0 {
			q := *o
			q.Paths, q.Peers, q.Scope, q.Name = nil, nil, "origin", "AS"+strconv.Itoa(int(as))
			s.f.Outages = append(s.f.Outages, q)
		}
	}
	for i := range 700 {
		q := *o
		q.Paths, q.Peers, q.Scope, q.Name = nil, nil, "prefix", prefixes[i]
		s.f.Outages = append(s.f.Outages, q)
	}
	for range 180 {
		p := s.peers[rnd.Intn(len(s.peers))]
		at := s.f.Question.From + moment.Time(rnd.Intn(500000))*moment.Second
		s.blind(p.collector, p, at, at+moment.Time(rnd.Intn(9000)+1)*moment.Second, finding.SessionDown)
	}
	s.f.Space = &finding.Space{Delegated: &finding.Size{Prefixes: 90, V4: 9_000_000, V6: 65536}, Lists: []finding.DelegationList{{Registry: "AFRINIC", Date: "2011-01-01"}}, Heard: finding.Size{Prefixes: 10000, V4: 2_560_000}, Operators: 300}
	for k := range 60 {
		from := o.From + moment.Time(k)*6000*moment.Second
		back := from + 5000*moment.Second
		e := finding.Event{From: from, Until: &back, Stages: []finding.Stage{}, Total: []finding.Span{}, Course: []finding.EventStep{}, Exact: k%2 == 0,
			Of: finding.EventBase{By: finding.BaseHeard, Operators: 300, Size: finding.Size{Prefixes: 10000, V4: 2_560_000}}}
		for i := range 80 {
			e.Stages = append(e.Stages, finding.Stage{From: from + moment.Time(i*40)*moment.Second, Latest: from + moment.Time(i*40+9)*moment.Second, Until: &back,
				Lost: finding.Size{Prefixes: 100, V4: 25600}, Operators: []uint32{8452, 8453}})
			e.Course = append(e.Course, finding.EventStep{At: from + moment.Time(i*40)*moment.Second, Out: finding.Size{Prefixes: 100 * (i + 1), V4: 25600 * int64(i+1)}})
		}
		at := from + 79*40*moment.Second
		e.Trough = finding.Trough{At: at, Until: back, Lost: finding.Size{Prefixes: 8000, V4: 2_048_000 + int64(k)}, Delegated: &finding.Size{Prefixes: 8000, V4: 2_048_000 + int64(k)}, Out: []uint32{}, Partly: []uint32{8452}}
		for i := range 250 {
			e.Trough.Out = append(e.Trough.Out, 8453+uint32(i))
		}
		for i := range 150 {
			e.Groups = append(e.Groups, finding.GroupLoss{Grouping: `<b>"region"`, Group: fmt.Sprintf("<script>alert(%d)</script>", i), Operators: 2,
				Of: finding.Size{Prefixes: 66, V4: 66 * 256}, Lost: finding.Size{Prefixes: 60, V4: 60 * 256}, At: &at})
		}
		s.f.Events = append(s.f.Events, e)
	}
	f := s.finish()
	for len(f.Watch.Sources) < 400 {
		x := f.Watch.Sources[0]
		x.Name = fmt.Sprintf("updates.%04d.gz", len(f.Watch.Sources))
		f.Watch.Sources = append(f.Watch.Sources, x)
	}
	f.Watch.Files = 400
	return f
}

var cases = []struct {
	name string
	make func() *finding.Findings
}{{"night", night}, {"chile", chile}, {"stayed", stayed}, {"glimpse", glimpse}, {"partial", fewLost}, {"noclaim", noClaim}, {"nobody", nobody}, {"open", open}, {"hidden", hidden}, {"nation", nation},
	{"dual", dual}, {"observer", rival(place.Observer, cause.ResetOfPeers)}, {"replaced", rival(place.Replaced, cause.OtherRoutes)}, {"renumbered", rival(place.Renumbered, cause.OtherPrefixes)},
	{"standing", lostUnder}, {"restarted", restarted}, {"egypt", egypt}}

func options(l Lang) Options {
	o := Options{Lang: l, CaseName: "KP-2014-12-22", Findings: fmt.Sprintf("%064x", 1), Others: []Other{{French, "report.fr.html"}},
		Exhibits: []Exhibit{{"findings.json", -1, fmt.Sprintf("%064x", 1)}, {"exhibits/rrc00/updates.00.gz", 31904, fmt.Sprintf("%064x", 2)}}}
	if l == French {
		o.Others = []Other{{English, "report.html"}}
	}
	return o
}
