package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"

	"constat/lab/sim"
	"constat/routes/live"
	"constat/wire/mrt"
)

// fullTable fills a [live.State] with what a thousand peers carry and measures it. The
// paths are those that networks of a real graph choose: so the tree has the shape that
// it has on the Internet, which attributes laid out as tiles do not give it. Records
// are made in memory and read by the walker as those of a file.
type fullTable struct {
	graph        string
	peers        int
	v4, v6       int
	full         int // of a hundred peers, those with a full table; the others have a twenty-fifth
	check        string
	only         int
	world        *sim.Graph
	vantages     []int32
	providers    map[int32][]int32
	sources      []origin
	state        *live.State
	feed         *live.Collector
	walker       mrt.Walker
	making, read time.Duration // of the processor
	feeding      time.Duration
	elements     int64
	sampled      int64 // elements that were read without feeding them
	seq          uint32
	buf          []byte // of the record at hand
	spare        [][]byte
	next4        uint32
	next6        uint64
}

// origin is a network with its prefixes.
type origin struct {
	as             int32
	v4, v6, policy int
}

func beFullTable(args []string) error {
	t := &fullTable{}
	fs := flag.NewFlagSet("full", flag.ContinueOnError)
	fs.StringVar(&t.graph, "graph", "", "CAIDA relationships (serial-1) `file`")
	fs.IntVar(&t.peers, "peers", 1000, "peers")
	fs.IntVar(&t.v4, "v4", 1_000_000, "prefixes of IPv4")
	fs.IntVar(&t.v6, "v6", 200_000, "prefixes of IPv6")
	fs.IntVar(&t.full, "full", 100, "of a hundred peers, those that send a full table")
	fs.IntVar(&t.only, "origins", 0, "only so many of the networks announce anything, for a quick look")
	fs.StringVar(&t.check, "checkpoint", "", "`file` to write a checkpoint to, and read it again")
	profile := fs.String("profile", "", "`file` for a profile of the processor")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	return t.run(os.Stdout)
}

func (t *fullTable) run(w io.Writer) error {
	runtime.LockOSThread() // the times are this thread's
	debug.SetGCPercent(10) // what is resident is measured, and what makes the table is not part of it
	g, err := sim.OpenGraph(t.graph)
	if err != nil {
		return err
	}
	t.world = g
	t.place()
	t.share()
	if t.only > 0 {
		t.sources = t.sources[:min(t.only, len(t.sources))]
	}
	t.state = live.New(live.Options{})
	t.feed = t.state.Collector("made", nil)
	t.walker.Record(t.indexTable())
	if err := t.fill(); err != nil {
		return err
	}
	v := t.state.View()
	fmt.Fprintf(w, "load %s\n", load())
	fmt.Fprintf(w, "%d peers, %d prefixes, %d routes, %d nodes\n", v.NumPeers(), v.NumPrefixes(), t.elements, v.NumNodes())
	per := func(d time.Duration, n int64) float64 { return float64(d.Nanoseconds()) / float64(max(1, n)) }
	fmt.Fprintf(w, "made %.1f s; read %.1f ns, read and fed %.1f ns an element, of one processor\n", t.making.Seconds(), per(t.read, t.sampled), per(t.feeding, t.elements))
	memory(w, "filled", t.elements)
	runtime.GC()
	debug.FreeOSMemory()
	memory(w, "after a collection", t.elements)
	t.ask(w, v)
	if t.check == "" {
		return nil
	}
	return t.again(w)
}

// place chooses the peers: a fifth are the largest networks, the others any with two
// neighbours or more.
func (t *fullTable) place() {
	g := t.world
	degree := map[int32]int{}
	var all []int32
	t.providers = map[int32][]int32{}
	for i := range int32(g.Len()) {
		all = append(all, i)
		customers := g.Customers(g.AS(i))
		degree[i] = len(customers)
		for _, as := range customers {
			c, _ := g.Index(as)
			t.providers[c] = append(t.providers[c], i)
		}
	}
	slices.SortStableFunc(all, func(a, b int32) int { return degree[b] - degree[a] })
	t.vantages = append(t.vantages, all[:t.peers/5]...)
	rest := all[t.peers/5:]
	for k := uint64(0); len(t.vantages) < t.peers; k++ {
		if i := rest[spread(k)%uint64(len(rest))]; !slices.Contains(t.vantages, i) {
			t.vantages = append(t.vantages, i)
		}
	}
}

// spread is a number for a number (splitmix64).
func spread(k uint64) uint64 {
	k += 0x9e3779b97f4a7c15
	k = (k ^ k>>30) * 0xbf58476d1ce4e5b9
	k = (k ^ k>>27) * 0x94d049bb133111eb
	return k ^ k>>31
}

// share gives every network its prefixes: few have many. One with more than one
// announces some of them otherwise than the others, so that a peer has about 1.3 paths
// to an origin.
func (t *fullTable) share() {
	n := t.world.Len()
	weights := make([]float64, n)
	sum := 0.0
	for i := range weights {
		u := float64(spread(uint64(i)<<8)>>11)/(1<<53) + 1e-6
		weights[i] = 1 / (u * 0.98)
		weights[i] = min(weights[i], 3000)
		sum += weights[i]
	}
	for i, x := range weights {
		o := origin{as: int32(i), v4: 1 + int(x/sum*float64(t.v4-n)), v6: int(x / sum * float64(t.v6))}
		o.policy = 1
		if k := o.v4 + o.v6; k > 8 {
			o.policy = min(8, 1+k/16)
		}
		t.sources = append(t.sources, o)
	}
	for t.missing() {
	}
}

// missing gives what rounding left to the largest.
func (t *fullTable) missing() bool {
	s4, s6 := 0, 0
	for _, o := range t.sources {
		s4 += o.v4
		s6 += o.v6
	}
	for i := range t.sources {
		o := &t.sources[i]
		switch {
		case s4 < t.v4:
			o.v4++
			s4++
		case s6 < t.v6:
			o.v6++
			s6++
		}
	}
	return s4 < t.v4 || s6 < t.v6
}

func (t *fullTable) indexTable() mrt.Record {
	b := []byte{192, 0, 2, 1, 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(t.peers))
	for p, i := range t.vantages {
		b = append(b, 2, 198, 18, byte(p>>8), byte(p), 198, 18, byte(p>>8), byte(p))
		b = binary.BigEndian.AppendUint32(b, t.world.AS(i))
	}
	return record(mrt.V2PeerIndexTable, b)
}

func record(subtype uint16, body []byte) mrt.Record {
	return headed(subtype, append(make([]byte, mrt.HeaderLen), body...))
}

// headed fills in the head of a record.
func headed(subtype uint16, raw []byte) mrt.Record {
	binary.BigEndian.PutUint32(raw, 1_700_000_000)
	binary.BigEndian.PutUint16(raw[4:], mrt.TypeTableDumpV2)
	binary.BigEndian.PutUint16(raw[6:], subtype)
	binary.BigEndian.PutUint32(raw[8:], uint32(len(raw)-mrt.HeaderLen))
	return mrt.Record{Raw: raw, Time: 1_700_000_000_000_000, Type: mrt.TypeTableDumpV2, Subtype: subtype}
}

// batch are routes to a stretch of prefixes with the same paths.
type batch struct {
	entries []byte
	count   int
	v4, v6  int
}

// fill makes all records. Those of some origins are made at a time and told in turns,
// a few prefixes each, as in a real table neighbours change their origin.
func (t *fullTable) fill() error {
	router := sim.NewRouter(sim.Usual(t.world))
	const together = 48
	var open []*batch
	flush := func(least int) {
		for k := uint64(0); len(open) > least; k++ {
			i := int(spread(k+uint64(t.seq)) % uint64(len(open)))
			b := open[i]
			run := 1 + int(spread(k*3+uint64(t.seq))%6)
			for ; run > 0 && b.v4+b.v6 > 0; run-- {
				t.tell(b)
			}
			if b.v4+b.v6 == 0 {
				t.spare = append(t.spare, b.entries[:0])
				open = append(open[:i], open[i+1:]...)
			}
		}
	}
	for _, o := range t.sources {
		for k := range o.policy {
			b := &batch{v4: part(o.v4, o.policy, k), v6: part(o.v6, o.policy, k)}
			if b.v4+b.v6 == 0 {
				continue
			}
			if n := len(t.spare); n > 0 {
				b.entries, t.spare = t.spare[n-1], t.spare[:n-1]
			}
			began := threadTime()
			if err := t.paths(router, o, k, b); err != nil {
				return err
			}
			t.making += threadTime() - began
			open = append(open, b)
		}
		if len(open) > 2*together {
			flush(together)
		}
	}
	flush(0)
	return nil
}

func part(n, of, k int) int { return n*(k+1)/of - n*k/of }

// paths computes the routes of all peers to an origin that announces in its k-th way.
func (t *fullTable) paths(router *sim.Router, o origin, k int, b *batch) error {
	a := sim.Announce{AS: o.as}
	if k > 0 {
		a.Prepend = map[int32]int{}
		for i, up := range t.providers[o.as] {
			if spread(uint64(i)*8+uint64(k))%2 == 0 {
				a.Prepend[up] = 3
			}
		}
	}
	if err := router.Run([]sim.Announce{a}, nil, nil); err != nil {
		return err
	}
	var path []uint32
	for p, i := range t.vantages {
		if !router.Has(i) || p%100 >= t.full && spread(uint64(o.as)*1024+uint64(p))%25 != 0 {
			continue
		}
		path = router.AppendPath(path[:0], i)
		e := binary.BigEndian.AppendUint16(b.entries, uint16(p))
		e = binary.BigEndian.AppendUint32(e, 1_699_000_000)
		e = binary.BigEndian.AppendUint16(e, uint16(4+5+4*len(path)+7))
		e = append(e, 0x40, 1, 1, 0, 0x40, 2, byte(2+4*len(path)), 2, byte(len(path)))
		for _, as := range path {
			e = binary.BigEndian.AppendUint32(e, as)
		}
		b.entries = append(e, 0x40, 3, 4, 192, 0, 2, 1)
		b.count++
	}
	return nil
}

// tell makes the record of the next prefix of a batch, and feeds it.
func (t *fullTable) tell(b *batch) {
	began := threadTime()
	body := append(t.buf[:0], make([]byte, mrt.HeaderLen)...)
	body = binary.BigEndian.AppendUint32(body, t.seq)
	subtype := uint16(mrt.V2IPv4Unicast)
	if b.v4 > 0 {
		b.v4--
		a := 0x01000000 + t.next4<<8
		t.next4++
		body = append(body, 24, byte(a>>24), byte(a>>16), byte(a>>8))
	} else {
		b.v6--
		a := uint64(0x2001_0000_0000)<<16 + t.next6<<16
		t.next6++
		body = append(body, 48)
		body = append(body, byte(a>>56), byte(a>>48), byte(a>>40), byte(a>>32), byte(a>>24), byte(a>>16))
		subtype = mrt.V2IPv6Unicast
	}
	if t.seq++; t.seq%100_000 == 0 {
		memory(os.Stderr, fmt.Sprintf("%d prefixes", t.seq), t.elements)
	}
	body = binary.BigEndian.AppendUint16(body, uint16(b.count))
	t.buf = append(body, b.entries...)
	rec := headed(subtype, t.buf)
	t.making += threadTime() - began
	if t.seq%64 == 0 { // reading alone, for comparison
		began = threadTime()
		t.walker.Start(&rec)
		for t.walker.Next() {
			if t.walker.Elem().Path().IsValid() {
				t.sampled++
			}
		}
		t.read += threadTime() - began
	}
	began = threadTime()
	t.walker.Start(&rec)
	t.feed.Record(&t.walker)
	t.elements += int64(b.count)
	t.feeding += threadTime() - began
}

// ask measures what others do with a state.
func (t *fullTable) ask(w io.Writer, v *live.View) {
	timed := func(what string, f func() int64) {
		began := time.Now()
		n := f()
		d := time.Since(began)
		fmt.Fprintf(w, "%s: %s, %d\n", what, d.Round(time.Microsecond), n)
	}
	big := t.world.AS(t.vantages[0])
	timed("nodes on whose path the largest network stands", func() int64 {
		n := int64(0)
		in := v.Crossing(big)
		for i := 1; i <= v.NumNodes(); i++ {
			if in.Has(live.Node(i)) {
				n++
			}
		}
		return n
	})
	timed("rows of all peers", func() int64 {
		n := int64(0)
		for p := range v.NumPeers() {
			for range v.Row(live.PeerID(p)) {
				n++
			}
		}
		return n
	})
	timed("visibility of all prefixes", func() int64 {
		n := int64(0)
		for q := range v.NumPrefixes() {
			held, _ := v.Visibility(live.PrefixID(q))
			n += int64(held)
		}
		return n
	})
	timed("ten peers down and up", func() int64 {
		for p := range 10 {
			t.state.Down(live.PeerID(p), 2_000_000_000_000_000, "session down")
			t.state.Resume(live.PeerID(p), 2_000_000_001_000_000)
		}
		return 10
	})
	t.elements = 0
	for p := range v.NumPeers() {
		x := t.state.View().Peer(live.PeerID(p))
		t.elements += int64(x.Held4 + x.Held6)
	}
}

// again writes a checkpoint, forgets everything and reads it.
func (t *fullTable) again(w io.Writer) error {
	began := time.Now()
	if err := t.state.Write(t.check); err != nil {
		return err
	}
	f, err := os.Stat(t.check)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "checkpoint written: %.1f s, %.2f GB\n", time.Since(began).Seconds(), float64(f.Size())/1e9)
	n := t.elements
	t.state, t.feed = nil, nil
	runtime.GC()
	debug.FreeOSMemory()
	began = time.Now()
	processor := threadTime()
	s, err := live.Read(t.check, live.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "checkpoint read: %.1f s, %.1f s of one processor\n", time.Since(began).Seconds(), (threadTime() - processor).Seconds())
	memory(w, "restarted", n)
	v := s.View()
	held := int64(0)
	for p := range v.NumPeers() {
		x := v.Peer(live.PeerID(p))
		held += int64(x.Held4 + x.Held6)
	}
	if held != n {
		return fmt.Errorf("%d routes were read of %d", held, n)
	}
	return os.Remove(filepath.Clean(t.check))
}

// threadTime is the time that this thread has had of a processor.
func threadTime() time.Duration {
	var u syscall.Rusage
	const thread = 1 // RUSAGE_THREAD
	if err := syscall.Getrusage(thread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory prints what is resident.
func memory(w io.Writer, when string, routes int64) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			fmt.Fprintf(w, "%s: %.2f GB resident, %.2f bytes a route\n", when, float64(kb)*1024/1e9, float64(kb)*1024/float64(max(1, routes)))
		}
	}
}
