package lab

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"constat/wire/mrt"
)

// TruthFile lies beside a recording and says what is true about it
// (docs/formats/recording.md).
const TruthFile = "truth.json"

// TruthFormat names the version of truth.json.
const TruthFormat = "constat-truth/1"

// stable is how long a path has to be held to be a path that a peer had, and
// not one that it tried while routes moved.
const stable = 30 * time.Second

// settled is how long after a step of the script its consequences are over.
const settled = 45 * time.Second

// Stops is the content of truth.json: what was done, and of every peer that had
// no route for a while, over which session the route was no longer passed. It
// follows from the scenario's topology and script, and from the path that the
// recording has last, and from nothing else: no list of what can break.
type Stops struct {
	Format         string `json:"format"`
	Scenario       string `json:"scenario"`
	ScenarioSHA256 string `json:"scenario_sha256"`
	// Act is the kind of act in a word, or empty.
	Act  string      `json:"act"`
	Acts []PlayedAct `json:"acts"`
	// Lost are the peers that had no route, one entry for each origin and
	// stretch of time; prefixes of which the same is true share one. A network
	// that announced the subject's prefixes, as a hijacker does, is an origin
	// of its own.
	Lost []LostRoute `json:"lost"`
	// Displaced are peers that had a route of another origin while one of the
	// subject's origins was within reach.
	Displaced []DisplacedRoute `json:"displaced"`
	// Down are the networks that were down for everything.
	Down []DownNetwork `json:"down"`
}

// PlayedAct is one step of the script, in the recording's time.
type PlayedAct struct {
	At time.Time `json:"at"`
	Do string    `json:"do"`
}

// LostRoute is a stretch of time in which a peer had no route of some prefixes.
type LostRoute struct {
	Collector string         `json:"collector"`
	Peer      netip.Addr     `json:"peer"`
	AS        ASN            `json:"as"`
	Origin    ASN            `json:"origin"` // of the last path
	Prefixes  []netip.Prefix `json:"prefixes"`
	From      time.Time      `json:"from"`
	Until     *time.Time     `json:"until"` // nil: not before the end
	// Path is the last that the peer is known to have held for half a minute
	// before From, the peer first, each network once. If the recording has
	// none, it is the one that follows from the topology, and Derived is true.
	Path    []ASN `json:"path"`
	Derived bool  `json:"derived,omitempty"`
	// Covered is true if the peer held all addresses of the prefixes in other
	// prefixes of the subject all the while.
	Covered bool     `json:"covered,omitempty"`
	Stops   []StopAt `json:"stops"` // the first from From on; each until the next
}

// StopAt is the first session, from the origin outward along the last path, over
// which the route was no longer passed.
type StopAt struct {
	From time.Time `json:"from"`
	Near ASN       `json:"near"`
	Far  ASN       `json:"far"` // a collector's AS if the peer itself told it nothing
	// Announced is true while the origin announced the prefixes to somebody.
	Announced bool `json:"announced"`
}

// DisplacedRoute is a stretch of time in which a peer had another origin's route
// instead of the subject's.
type DisplacedRoute struct {
	Collector string       `json:"collector"`
	Peer      netip.Addr   `json:"peer"`
	AS        ASN          `json:"as"`
	Origin    ASN          `json:"origin"` // whose route it was
	Prefix    netip.Prefix `json:"prefix"`
	From      time.Time    `json:"from"`
	Until     *time.Time   `json:"until"`
}

// DownNetwork is a network that was down for everything.
type DownNetwork struct {
	AS    ASN        `json:"as"`
	From  time.Time  `json:"from"`
	Until *time.Time `json:"until"`
}

// At is the stop at a moment; ok is false if the peer had a route then.
func (l *LostRoute) At(t time.Time) (s StopAt, ok bool) {
	if t.Before(l.From) || l.Until != nil && !t.Before(*l.Until) {
		return StopAt{}, false
	}
	for _, x := range l.Stops {
		if !x.From.After(t) {
			s, ok = x, true
		}
	}
	return s, ok
}

// Encode is the content of truth.json: an entry a line, so that two of them can
// be compared.
func (s *Stops) Encode() []byte {
	var b bytes.Buffer
	line := func(v any) string {
		j, err := json.Marshal(v)
		if err != nil {
			panic(err) // there is nothing in it that cannot be written
		}
		return string(j)
	}
	list := func(name, end string, n int, at func(int) any) {
		fmt.Fprintf(&b, "%q: [", name)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("\n " + line(at(i)))
		}
		b.WriteString("]" + end + "\n")
	}
	fmt.Fprintf(&b, "{\"format\": %s, \"scenario\": %s, \"scenario_sha256\": %s, \"act\": %s,\n", line(s.Format), line(s.Scenario), line(s.ScenarioSHA256), line(s.Act))
	list("acts", ",", len(s.Acts), func(i int) any { return s.Acts[i] })
	list("lost", ",", len(s.Lost), func(i int) any { return s.Lost[i] })
	list("displaced", ",", len(s.Displaced), func(i int) any { return s.Displaced[i] })
	list("down", "}", len(s.Down), func(i int) any { return s.Down[i] })
	return b.Bytes()
}

// ReadStops reads the truth of a recording's folder.
func ReadStops(dir fs.FS) (*Stops, error) {
	s := new(Stops)
	if err := readFormat(dir, TruthFile, TruthFormat, s, &s.Format); err != nil {
		return nil, err
	}
	return s, nil
}

// step is what a script does at one moment of the recording.
type step struct {
	at  time.Time
	cmd Command
}

// steps dates the script's commands as they were played.
func steps(s *Scenario, rec *Recording) ([]step, error) {
	if len(s.Script) != len(rec.Events) {
		return nil, fmt.Errorf("the scenario has %d events, its recording %d", len(s.Script), len(rec.Events))
	}
	var out []step
	for i, e := range s.Script {
		for _, st := range e.Do {
			out = append(out, step{rec.Events[i].At.Add(st.After), st.Cmd})
		}
	}
	return out, nil
}

// subjectRoutes lists the prefixes of a scenario's subject that its origins ever
// announce, and of each who does.
func (s *Scenario) subjectRoutes() (ps []netip.Prefix, by map[netip.Prefix][]ASN) {
	by = map[netip.Prefix][]ASN{}
	add := func(as ASN, x netip.Prefix) {
		if !slices.Contains(s.Subject.Origins, as) {
			return
		}
		if len(s.Subject.Prefixes) > 0 && !slices.ContainsFunc(s.Subject.Prefixes, func(p netip.Prefix) bool { return p.Overlaps(x) && p.Bits() <= x.Bits() }) {
			return
		}
		if _, ok := by[x]; !ok {
			ps = append(ps, x)
		}
		if !slices.Contains(by[x], as) {
			by[x] = append(by[x], as)
		}
	}
	for _, r := range s.Routers {
		for _, x := range r.Announces {
			add(r.AS, x)
		}
	}
	for _, e := range s.Script {
		for _, st := range e.Do {
			if st.Cmd.Verb == Announce {
				for _, x := range st.Cmd.Prefixes {
					add(st.Cmd.Who, x)
				}
			}
		}
	}
	return ps, by
}

// others lists who announces a prefix besides some origins.
func (s *Scenario) others(p netip.Prefix, origins []ASN) []ASN {
	var out []ASN
	add := func(as ASN, ps []netip.Prefix) {
		if slices.Contains(ps, p) && !slices.Contains(origins, as) && !slices.Contains(out, as) {
			out = append(out, as)
		}
	}
	for _, r := range s.Routers {
		add(r.AS, r.Announces)
	}
	for _, e := range s.Script {
		for _, st := range e.Do {
			if st.Cmd.Verb == Announce {
				add(st.Cmd.Who, st.Cmd.Prefixes)
			}
		}
	}
	return out
}

// Derive works out a recording's truth by stops, and says where the recording
// does not agree with its own script.
func Derive(s *Scenario, rec *Recording, dir fs.FS) (*Stops, []string, error) {
	sts, err := steps(s, rec)
	if err != nil {
		return nil, nil, err
	}
	heard, err := listen(s, dir)
	if err != nil {
		return nil, nil, err
	}
	out := &Stops{Format: TruthFormat, Scenario: rec.Scenario, ScenarioSHA256: rec.ScenarioSHA256, Act: s.Act, Acts: []PlayedAct{}, Lost: []LostRoute{}, Displaced: []DisplacedRoute{}, Down: downs(s, sts)}
	for _, st := range sts {
		out.Acts = append(out.Acts, PlayedAct{st.at, st.cmd.String()})
	}
	var odd []string
	ps, by := s.subjectRoutes()
	held := map[netip.Prefix][][]stay{} // by peer
	for _, p := range ps {
		lost, had, others, wrong := derive(s, rec, sts, heard, p, by[p])
		out.Lost = append(out.Lost, lost...)
		out.Displaced = append(out.Displaced, others...)
		held[p] = had
		odd = append(odd, wrong...)
	}
	// What others announced of the same prefixes is lost too when they stop.
	for _, p := range ps {
		for _, as := range s.others(p, by[p]) {
			lost, _, _, _ := derive(s, rec, sts, heard, p, []ASN{as})
			out.Lost = append(out.Lost, slices.DeleteFunc(lost, func(l LostRoute) bool { return l.Derived })...)
		}
	}
	for i := range out.Lost {
		l := &out.Lost[i]
		l.Covered = coveredWhile(l, s.peers(), held, rec.Until)
	}
	out.Lost = together(out.Lost)
	return out, odd, nil
}

// peerOf is a peer of a collector.
type peerOf struct {
	c    *Collector
	addr netip.Addr
	as   ASN
}

func (s *Scenario) peers() []peerOf {
	var out []peerOf
	for i := range s.Collectors {
		c := &s.Collectors[i]
		for j, as := range c.Peers {
			out = append(out, peerOf{c, c.peerAddr(j), as})
		}
	}
	return out
}

// stay is an interval in which a peer had a route.
type stay struct{ from, until time.Time }

// coveredWhile reports whether the peer held the addresses of a lost prefix in
// others at every moment of the loss.
func coveredWhile(l *LostRoute, peers []peerOf, held map[netip.Prefix][][]stay, end time.Time) bool {
	who := slices.IndexFunc(peers, func(q peerOf) bool { return q.c.Name == l.Collector && q.addr == l.Peer })
	until := end
	if l.Until != nil {
		until = *l.Until
	}
	moments := []time.Time{l.From}
	for _, by := range held {
		for _, x := range by[who] {
			if x.until.After(l.From) && x.until.Before(until) {
				moments = append(moments, x.until)
			}
		}
	}
	for _, t := range moments {
		var others []netip.Prefix
		for q, by := range held {
			if q != l.Prefixes[0] && slices.ContainsFunc(by[who], func(x stay) bool { return !t.Before(x.from) && t.Before(x.until) }) {
				others = append(others, q)
			}
		}
		if !covered(l.Prefixes[0], others) {
			return false
		}
	}
	return true
}

// covered reports whether others hold every address of a prefix.
func covered(p netip.Prefix, others []netip.Prefix) bool {
	inside := false
	for _, q := range others {
		if q.Bits() <= p.Bits() && q.Contains(p.Addr()) {
			return true
		}
		inside = inside || p.Contains(q.Addr())
	}
	if !inside {
		return false
	}
	lo := netip.PrefixFrom(p.Addr(), p.Bits()+1)
	b := p.Addr().AsSlice()
	b[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
	a, _ := netip.AddrFromSlice(b)
	return covered(lo, others) && covered(netip.PrefixFrom(a, p.Bits()+1), others)
}

// derive follows one prefix through the script.
func derive(s *Scenario, rec *Recording, sts []step, heard map[vantage]*hearing, p netip.Prefix, origins []ASN) (lost []LostRoute, held [][]stay, others []DisplacedRoute, odd []string) {
	m := newModel(s)
	ours, all := newFlow(m, p, origins), newFlow(m, p, nil)
	peers := s.peers()
	type state struct {
		cur   *LostRoute
		other *DisplacedRoute
		path  []ASN // what the topology says it had last
		ever  bool
	}
	states := make([]state, len(peers))
	held = make([][]stay, len(peers))
	record := func(from time.Time) {
		for i, q := range peers {
			x := &states[i]
			path, ok := ours.holds(q.as, q.c)
			other := ASN(0)
			if p, ok := all.holds(q.as, q.c); ok && !slices.Contains(origins, p[len(p)-1]) {
				other = p[len(p)-1]
			}
			if x.other != nil && (!ok || other != x.other.Origin) {
				t := from
				x.other.Until = &t
				others = append(others, *x.other)
				x.other = nil
			}
			if ok && other != 0 && x.other == nil {
				x.other = &DisplacedRoute{Collector: q.c.Name, Peer: q.addr, AS: q.as, Origin: other, Prefix: p, From: from}
			}
			if m.routers[q.as].run == stopped {
				path, ok = nil, false
			}
			if n := len(held[i]); ok && (n == 0 || !held[i][n-1].until.Equal(rec.Until)) {
				held[i] = append(held[i], stay{from, rec.Until})
			} else if !ok && n > 0 && held[i][n-1].until.Equal(rec.Until) {
				held[i][n-1].until = from
			}
			if ok {
				if x.cur != nil {
					t := from
					x.cur.Until = &t
					lost = append(lost, *x.cur)
					x.cur = nil
				}
				x.path, x.ever = path, true
				continue
			}
			if !x.ever {
				continue // it never had one
			}
			if x.cur == nil {
				x.cur = &LostRoute{Collector: q.c.Name, Peer: q.addr, AS: q.as, Prefixes: []netip.Prefix{p}, From: from}
				h := heard[vantage{q.c.Name, q.addr}]
				x.cur.Path = h.last(p, from.Add(q.c.Skew), origins)
				if x.cur.Path == nil {
					x.cur.Path, x.cur.Derived = once(x.path), true
				}
				x.cur.Origin = x.cur.Path[len(x.cur.Path)-1]
			}
			st, ok := stopOf(ours, x.cur.Path, q)
			if !ok {
				odd = append(odd, fmt.Sprintf("%s, %s of %s (%s): no route by the script, although every session of %v carries it", p, q.addr, q.c.Name, q.as, x.cur.Path))
				continue
			}
			st.From = from
			if n := len(x.cur.Stops); n == 0 || x.cur.Stops[n-1].Near != st.Near || x.cur.Stops[n-1].Far != st.Far || x.cur.Stops[n-1].Announced != st.Announced {
				x.cur.Stops = append(x.cur.Stops, st)
			}
		}
	}
	record(rec.From)
	for i, st := range sts {
		if err := m.apply(st.cmd); err != nil {
			panic(err) // the script was tried when it was read
		}
		ours.suppressed, all.suppressed = suppressions(s.Truth, st.at), suppressions(s.Truth, st.at)
		ours.settle()
		all.settle()
		record(st.at)
		next := rec.Until
		if i+1 < len(sts) {
			next = sts[i+1].at
		}
		for _, t := range ends(s.Truth, st.at, next) { // a suppression that ends by itself
			ours.suppressed, all.suppressed = suppressions(s.Truth, t), suppressions(s.Truth, t)
			ours.settle()
			all.settle()
			record(t)
		}
		// Soon after each step, and right before the next.
		if soon := st.at.Add(settled); next.Sub(st.at) > 2*settled && len(suppressions(s.Truth, st.at)) == 0 {
			odd = append(odd, compare(s, m, all, heard, p, soon)...)
		}
		if next.Sub(st.at) >= settled {
			odd = append(odd, compare(s, m, all, heard, p, next)...)
		}
	}
	for _, x := range states {
		if x.cur != nil {
			lost = append(lost, *x.cur)
		}
		if x.other != nil {
			others = append(others, *x.other)
		}
	}
	return lost, held, others, odd
}

// suppressions are the sessions over which, by what the scenario declares,
// routers themselves pass nothing at a moment: damping depends on penalties that
// the script does not say.
func suppressions(ts []Truth, at time.Time) [][2]ASN {
	var out [][2]ASN
	for _, t := range ts {
		if t.What == "stop" && (t.From.IsZero() || !at.Before(t.From) && at.Before(t.Until)) {
			out = append(out, [2]ASN{t.Members[0], t.Members[1]})
		}
	}
	return out
}

func ends(ts []Truth, after, before time.Time) []time.Time {
	var out []time.Time
	for _, t := range ts {
		if t.What == "stop" && t.Until.After(after) && t.Until.Before(before) && !slices.Contains(out, t.Until) {
			out = append(out, t.Until)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// stopOf walks a path from the origin outward.
func stopOf(f *flow, path []ASN, q peerOf) (StopAt, bool) {
	n := len(path)
	origin := path[n-1]
	s := StopAt{Announced: f.announced(origin)}
	far := func(i int) ASN {
		if i == 0 {
			return q.c.AS
		}
		return path[i-1]
	}
	if f.m.routers[origin].run == stopped || f.m.routers[origin].run == running && f.m.routers[origin].find(f.prefix) < 0 {
		s.Near, s.Far = origin, far(n-1)
		return s, true
	}
	for i := n - 1; i > 0; i-- {
		if !f.passes(path[i], path[i-1]) {
			s.Near, s.Far = path[i], path[i-1]
			return s, true
		}
	}
	if _, ok := f.holds(path[0], q.c); !ok {
		s.Near, s.Far = path[0], q.c.AS
		return s, true
	}
	return s, false
}

// compare holds what the peers had at the end of a stretch against what the
// script lets expect. A peer that was not watched then is passed over.
func compare(s *Scenario, m *model, f *flow, heard map[vantage]*hearing, p netip.Prefix, end time.Time) (odd []string) {
	at := end.Add(-2 * time.Second)
	for _, q := range s.peers() {
		if m.coll[q.c.Name] != running || m.routers[q.as].run != running {
			continue
		}
		h := heard[vantage{q.c.Name, q.addr}]
		has, known := h.has(p, at.Add(q.c.Skew))
		_, should := f.holds(q.as, q.c)
		if known && has != should {
			odd = append(odd, fmt.Sprintf("%s, %s of %s (%s), at %s: the recording says that it has a route: %t; the script: %t",
				p, q.addr, q.c.Name, q.as, at.Format(time.TimeOnly), has, should))
		}
	}
	return odd
}

// together joins entries that differ in the prefix only.
func together(ls []LostRoute) []LostRoute {
	out := []LostRoute{}
	key := func(l LostRoute) string {
		l.Prefixes = nil
		b, err := json.Marshal(l)
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	at := map[string]int{}
	for _, l := range ls {
		k := key(l)
		if i, ok := at[k]; ok {
			out[i].Prefixes = append(out[i].Prefixes, l.Prefixes...)
			continue
		}
		at[k] = len(out)
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b LostRoute) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		if a.Origin != b.Origin {
			return int(int64(a.Origin) - int64(b.Origin))
		}
		if c := strings.Compare(a.Collector, b.Collector); c != 0 {
			return c
		}
		return a.Peer.Compare(b.Peer)
	})
	return out
}

// downs lists the networks that are down for everything.
func downs(s *Scenario, sts []step) []DownNetwork {
	out := []DownNetwork{}
	m := newModel(s)
	open := map[ASN]int{}
	for _, st := range sts {
		if err := m.apply(st.cmd); err != nil {
			panic(err)
		}
		for _, r := range s.Routers {
			i, was := open[r.AS]
			switch is := m.down(r.AS); {
			case is && !was:
				open[r.AS] = len(out)
				out = append(out, DownNetwork{AS: r.AS, From: st.at})
			case !is && was:
				t := st.at
				out[i].Until = &t
				delete(open, r.AS)
			}
		}
	}
	return out
}

// once leaves out what a network repeats of itself.
func once(path []ASN) []ASN { return slices.Compact(slices.Clone(path)) }

// hearing is what one peer told its collector about the subject, in order.
type hearing struct {
	heard []saying
	full  bool // a snapshot or a whole table transfer tells what it had
}

type saying struct {
	at     time.Time
	prefix netip.Prefix
	id     uint32
	path   []ASN // nil: withdrawn
	reset  bool  // the session ended or began: all is gone
}

// listen reads a recording's files.
func listen(s *Scenario, dir fs.FS) (map[vantage]*hearing, error) {
	out := map[vantage]*hearing{}
	for _, q := range s.peers() {
		out[vantage{q.c.Name, q.addr}] = &hearing{}
	}
	ps, _ := s.subjectRoutes()
	filter, err := mrt.NewFilter(mrt.FilterSpec{Prefixes: ps, Match: mrt.MatchExact, Sessions: true})
	if err != nil {
		return nil, err
	}
	for _, c := range s.Collectors {
		for _, kind := range []string{"bview", "updates"} {
			files, err := fs.Glob(dir, path.Join(c.Name, "*", kind+".*.gz"))
			if err != nil {
				return nil, err
			}
			slices.Sort(files)
			if kind == "bview" && len(files) > 1 {
				files = files[:1] // the others lie between updates that say the same
			}
			for _, f := range files {
				if err := listenTo(dir, f, c.Name, filter, out); err != nil {
					return nil, fmt.Errorf("%s: %w", f, err)
				}
			}
			if kind == "bview" && len(files) > 0 {
				for v, h := range out {
					h.full = h.full || v.collector == c.Name
				}
			}
		}
	}
	return out, nil
}

func listenTo(dir fs.FS, name, collector string, filter *mrt.Filter, out map[vantage]*hearing) error {
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return err
	}
	var w mrt.Walker
	w.SetFilter(filter)
	r := mrt.NewReader(z)
	for {
		rec, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Record(rec); err != nil {
			return err
		}
		for w.Next() {
			e := w.Elem()
			h := out[vantage{collector, e.PeerAddr}]
			if h == nil {
				continue
			}
			x := saying{at: e.Time.Std(), prefix: e.Prefix, id: e.PathID}
			switch e.Kind {
			case mrt.Announce, mrt.RIBEntry:
				for _, as := range e.AppendPath(nil) {
					x.path = append(x.path, ASN(as))
				}
				x.path = once(x.path)
			case mrt.Withdraw:
			case mrt.State:
				if (e.OldState == mrt.StateEstablished) == (e.NewState == mrt.StateEstablished) {
					continue
				}
				x.reset = true
			default:
				continue
			}
			h.heard = append(h.heard, x)
		}
		if err := w.Err(); err != nil {
			return err
		}
	}
}

// has reports whether the peer held a route at a moment; known is false if the
// files cannot tell.
func (h *hearing) has(p netip.Prefix, at time.Time) (has, known bool) {
	held := map[uint32]bool{}
	known = h.full
	for _, x := range h.heard {
		switch {
		case x.at.After(at):
			return len(held) > 0, known
		case x.reset:
			clear(held)
			known = true
		case x.prefix != p:
		case x.path != nil:
			held[x.id], known = true, true
		default:
			delete(held, x.id)
			known = true
		}
	}
	return len(held) > 0, known
}

// last is the path that the peer held last before a moment, of those that it
// held for a while and that lead to one of the origins.
func (h *hearing) last(p netip.Prefix, at time.Time, origins []ASN) (best []ASN) {
	var cur []ASN
	var since time.Time
	end := func(t time.Time) {
		if cur != nil && t.Sub(since) >= stable && slices.Contains(origins, cur[len(cur)-1]) {
			best = cur
		}
	}
	for _, x := range h.heard {
		if x.at.After(at) {
			break
		}
		switch {
		case x.reset, x.prefix == p && x.path == nil:
			end(x.at)
			cur = nil
		case x.prefix == p && !slices.Equal(x.path, cur):
			end(x.at)
			cur, since = x.path, x.at
		}
	}
	end(at)
	return best
}
