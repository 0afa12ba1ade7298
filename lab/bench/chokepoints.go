package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"constat/cases/chokepoints"
	"constat/lab/sim"
	"constat/routes/atlas"
	"constat/routes/live"
	"constat/routes/vantage"
	"constat/wire/mrt"

	"github.com/klauspost/compress/gzip"
)

// countries fills a state with what peers carry of real prefixes, by the ways that
// networks of a real graph choose, and asks who could cut off each country. With --write
// the table is written as a file instead, for the command to read.
type countries struct {
	graph, origins, atlas, write, profile, kept string
	peers, prefixes, garbage                    int
	relations, only                             bool

	world    *sim.Graph
	vantages []int32
	of       map[uint32][]netip.Prefix
	seq      uint32
}

func beCountries(args []string) error {
	t := &countries{of: map[uint32][]netip.Prefix{}}
	fs := flag.NewFlagSet("countries", flag.ContinueOnError)
	fs.StringVar(&t.graph, "graph", "", "CAIDA relationships (serial-1) `file`")
	fs.StringVar(&t.origins, "origins", "", "prefix-to-origin `file`, packed with gzip")
	fs.StringVar(&t.atlas, "atlas", "", "`folder` of delegations")
	fs.StringVar(&t.write, "write", "", "`file` to write the table to, and no more")
	fs.IntVar(&t.peers, "peers", 1000, "peers")
	fs.IntVar(&t.prefixes, "prefixes", 0, "at least so many prefixes: halves of real ones are added")
	fs.IntVar(&t.garbage, "garbage", 10, "garbage that may stand beside the state, in hundredths of it")
	fs.StringVar(&t.kept, "checkpoint", "", "`file` to keep the state in, and to take it from")
	fs.StringVar(&t.profile, "profile", "", "`file` for a profile of the asking")
	fs.BoolVar(&t.relations, "relations", true, "ask the graph too")
	fs.BoolVar(&t.only, "makeonly", false, "make the checkpoint, and ask nothing")
	if err := fs.Parse(args); err != nil {
		return err
	}
	return t.run(os.Stdout)
}

func (t *countries) run(w io.Writer) error {
	var err error
	if _, err := os.Stat(t.kept); err != nil || t.write != "" {
		if t.world, err = sim.OpenGraph(t.graph); err != nil {
			return err
		}
		if err := t.read(); err != nil {
			return err
		}
		t.place()
	}
	if t.write != "" {
		f, err := os.Create(t.write)
		if err != nil {
			return err
		}
		z := gzip.NewWriter(f)
		err = t.each(func(rec mrt.Record) error {
			_, err := z.Write(rec.Raw)
			return err
		})
		return errors.Join(err, z.Close(), f.Close())
	}
	state, err := t.state(w)
	if err != nil {
		return err
	}
	v := state.View()
	runtime.GC()
	fmt.Fprintf(w, "%d peers, %d prefixes, %d routes, %d nodes; %s\n", v.NumPeers(), v.NumPrefixes(), held(v), v.NumNodes(), resident())
	if t.only {
		return nil
	}
	a, err := atlas.Open(t.atlas)
	if err != nil {
		return err
	}
	req := chokepoints.Request{All: true, View: v, Watch: &vantage.Watch{}, Atlas: a}
	if t.relations {
		l, err := atlas.OpenRelations(t.graph)
		if err != nil {
			return err
		}
		req.Lists = append(req.Lists, l)
	}
	debug.SetGCPercent(t.garbage)
	began, processor := time.Now(), processorTime()
	if t.profile != "" {
		f, err := os.Create(t.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	answer, err := chokepoints.Ask(context.Background(), req)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d countries asked in %.1f s, %.1f s of the processor, load %s; %s\n", len(answer.Subjects), time.Since(began).Seconds(), (processorTime() - processor).Seconds(), load(), resident())
	return nil
}

// held counts routes.
func held(v *live.View) (n int64) {
	for i := range v.NumPeers() {
		p := v.Peer(live.PeerID(i))
		n += int64(p.Held4) + int64(p.Held6)
	}
	return n
}

// state makes the state, or reads the checkpoint that was kept of it.
func (t *countries) state(w io.Writer) (*live.State, error) {
	began := time.Now()
	if t.kept != "" {
		if _, err := os.Stat(t.kept); err == nil {
			s, err := live.Read(t.kept, live.Options{})
			fmt.Fprintf(w, "read in %.1f s, %.1f s of the processor, load %s\n", time.Since(began).Seconds(), processorTime().Seconds(), load())
			return s, err
		}
	}
	state := live.New(live.Options{})
	feed := state.Collector("made", nil)
	var walker mrt.Walker
	err := t.each(func(rec mrt.Record) error {
		if _, err := walker.Start(&rec); err != nil {
			return err
		}
		feed.Record(&walker)
		return walker.Err()
	})
	feed.Close()
	if err != nil {
		return nil, err
	}
	state.Moment(1_400_000_000_000_000)
	v := state.View()
	for i := range v.NumPeers() {
		state.Complete(live.PeerID(i), false, v.At())
	}
	fmt.Fprintf(w, "made and fed in %.0f s\n", time.Since(began).Seconds())
	if t.kept != "" {
		return state, state.Write(t.kept)
	}
	return state, nil
}

// read reads the prefixes of the networks that the graph has.
func (t *countries) read() error {
	f, err := os.Open(t.origins)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	n := 0
	s := bufio.NewScanner(z)
	for s.Scan() {
		p, as, ok := strings.Cut(s.Text(), "\t")
		prefix, err1 := netip.ParsePrefix(p)
		num, err2 := strconv.ParseUint(as, 10, 32)
		if !ok || err1 != nil || err2 != nil || prefix.Bits() == 0 {
			continue
		}
		if _, has := t.world.Index(uint32(num)); has {
			t.of[uint32(num)] = append(t.of[uint32(num)], prefix)
			n++
		}
	}
	if err := s.Err(); err != nil {
		return err
	}
	t.halve(n)
	return nil
}

// halve adds halves of prefixes, and halves of these, until there are enough.
func (t *countries) halve(n int) {
	ases := t.ases()
	from := map[uint32]int{} // of a network: the first that was not halved
	for more := true; more; {
		more = false
		for _, as := range ases {
			whole := t.of[as][from[as]:]
			from[as] = len(t.of[as])
			for _, p := range whole {
				if n >= t.prefixes {
					return
				}
				if b := p.Addr().As4(); p.Bits() < 24 {
					t.of[as] = append(t.of[as], netip.PrefixFrom(netip.AddrFrom4(b), p.Bits()+1))
					b[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
					t.of[as] = append(t.of[as], netip.PrefixFrom(netip.AddrFrom4(b), p.Bits()+1))
					n += 2
					more = true
				}
			}
		}
	}
}

func (t *countries) ases() []uint32 {
	var out []uint32
	for as := range t.of {
		out = append(out, as)
	}
	slices.Sort(out)
	return out
}

// place chooses the peers: a fifth are the largest networks, the others any that have
// customers.
func (t *countries) place() {
	g := t.world
	var all []int32
	degree := map[int32]int{}
	for i := range int32(g.Len()) {
		if degree[i] = len(g.Customers(g.AS(i))); degree[i] > 0 {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int32) int { return degree[b] - degree[a] })
	t.vantages = slices.Clone(all[:t.peers/5])
	rest := all[t.peers/5:]
	for k := 0; len(t.vantages) < t.peers; k++ {
		if i := rest[k*len(rest)/t.peers]; !slices.Contains(t.vantages, i) {
			t.vantages = append(t.vantages, i)
		} else {
			t.vantages = append(t.vantages, rest[(k*7919+13)%len(rest)])
		}
	}
}

// each makes the records of the table.
func (t *countries) each(do func(mrt.Record) error) error {
	b := []byte{192, 0, 2, 1, 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(t.peers))
	for p, i := range t.vantages {
		b = append(b, 2, 198, 18, byte(p>>8), byte(p), 198, 18, byte(p>>8), byte(p))
		b = binary.BigEndian.AppendUint32(b, t.world.AS(i))
	}
	if err := do(tableRecord(mrt.V2PeerIndexTable, b)); err != nil {
		return err
	}
	router := sim.NewRouter(sim.Usual(t.world))
	var path []uint32
	for _, as := range t.ases() {
		i, _ := t.world.Index(as)
		if err := router.Run([]sim.Announce{{AS: i}}, nil, nil); err != nil {
			return err
		}
		var entries []byte
		count := 0
		for p, v := range t.vantages {
			if !router.Has(v) {
				continue
			}
			path = router.AppendPath(path[:0], v)
			e := binary.BigEndian.AppendUint16(entries, uint16(p))
			e = binary.BigEndian.AppendUint32(e, 1_399_000_000)
			e = binary.BigEndian.AppendUint16(e, uint16(4+5+4*len(path)+7))
			e = append(e, 0x40, 1, 1, 0, 0x40, 2, byte(2+4*len(path)), 2, byte(len(path)))
			for _, as := range path {
				e = binary.BigEndian.AppendUint32(e, as)
			}
			entries = append(e, 0x40, 3, 4, 192, 0, 2, 1)
			count++
		}
		for _, p := range t.of[as] {
			body := binary.BigEndian.AppendUint32(nil, t.seq)
			t.seq++
			body = append(body, byte(p.Bits()))
			a := p.Addr().As4()
			body = append(body, a[:(p.Bits()+7)/8]...)
			body = binary.BigEndian.AppendUint16(body, uint16(count))
			if err := do(tableRecord(mrt.V2IPv4Unicast, append(body, entries...))); err != nil {
				return err
			}
		}
	}
	return nil
}

func tableRecord(subtype uint16, body []byte) mrt.Record {
	raw := binary.BigEndian.AppendUint32(nil, 1_400_000_000)
	raw = binary.BigEndian.AppendUint16(raw, mrt.TypeTableDumpV2)
	raw = binary.BigEndian.AppendUint16(raw, subtype)
	raw = binary.BigEndian.AppendUint32(raw, uint32(len(body)))
	return mrt.Record{Raw: append(raw, body...), Time: 1_400_000_000_000_000, Type: mrt.TypeTableDumpV2, Subtype: subtype}
}

// resident is the memory that the process has and had at most, where the system tells.
func resident() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "memory not known"
	}
	out := ""
	for l := range strings.Lines(string(b)) {
		if strings.HasPrefix(l, "VmRSS:") || strings.HasPrefix(l, "VmHWM:") {
			out += " " + strings.Join(strings.Fields(l), " ")
		}
	}
	return strings.TrimSpace(out)
}
