package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"constat/internal/decompress"
	"constat/wire/mrt"

	"github.com/klauspost/compress/gzip"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	gobgpmrt "github.com/osrg/gobgp/v4/pkg/packet/mrt"
)

// be is one of the programs that are libraries, or Constat without its verbs.
func be(what string, args []string) error {
	switch what {
	case "klauspost": // unpack a gzip file to nowhere
		return eachFile(args, func(f *os.File) error {
			z, err := gzip.NewReader(f)
			if err != nil {
				return err
			}
			_, err = z.WriteTo(io.Discard)
			return err
		})
	case "unpack": // the same with internal/decompress
		return eachFile(args, func(f *os.File) error {
			d, err := decompress.NewReader(f)
			if err != nil {
				return err
			}
			defer d.Close()
			_, err = d.WriteTo(io.Discard)
			return err
		})
	case "gobgp": // print the elements of a prefix
		prefix := netip.MustParsePrefix(args[0])
		w := bufio.NewWriter(os.Stdout)
		defer w.Flush()
		return eachFile(args[1:], func(f *os.File) error {
			z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<17))
			if err != nil {
				return err
			}
			return gobgp(bufio.NewReaderSize(z, 1<<20), prefix, w)
		})
	case "peak": // the most memory that a program has, in bytes; what it says is nobody's
		cmd := exec.Command(args[0], args[1:]...)
		if err := cmd.Run(); cmd.ProcessState == nil {
			return err
		}
		fmt.Println(peak(cmd.ProcessState))
		return nil
	case "full": // fill a state of everything
		return beFullTable(args)
	case "countries": // ask a state of everything who could cut off each country
		return beCountries(args)
	case "elements": // nanoseconds an element and allocations a file
		return elements(args[0])
	}
	return fmt.Errorf("no such program")
}

func eachFile(names []string, use func(*os.File) error) error {
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = use(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// gobgp prints a line for every element of a prefix or of those within it, the
// way a program on gobgp's packet library does.
func gobgp(r io.Reader, prefix netip.Prefix, w io.Writer) error {
	within := func(p netip.Prefix) bool { return p.Bits() >= prefix.Bits() && prefix.Contains(p.Addr()) }
	var head [12]byte
	var body []byte
	for {
		if _, err := io.ReadFull(r, head[:]); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		h, err := gobgpmrt.ParseHeader(head[:])
		if err != nil {
			return err
		}
		body = slices.Grow(body[:0], int(h.Len))[:h.Len]
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		m, err := gobgpmrt.ParseBody(body, h)
		if err != nil {
			return err
		}
		switch b := m.Body.(type) {
		case *gobgpmrt.Rib:
			if p, err := netip.ParsePrefix(b.Prefix.String()); err == nil && within(p) {
				for _, e := range b.Entries {
					fmt.Fprintln(w, "R", h.Timestamp, e.PeerIndex, p, e.PathAttributes)
				}
			}
		case *gobgpmrt.BGP4MPMessage:
			u, ok := b.BGPMessage.Body.(*bgp.BGPUpdate)
			if !ok {
				continue
			}
			print := func(kind string, p string) {
				if q, err := netip.ParsePrefix(p); err == nil && within(q) {
					fmt.Fprintln(w, kind, h.Timestamp, b.PeerIpAddress, q, u.PathAttributes)
				}
			}
			for _, n := range u.WithdrawnRoutes {
				print("W", n.NLRI.String())
			}
			for _, n := range u.NLRI {
				print("A", n.NLRI.String())
			}
			for _, a := range u.PathAttributes {
				switch a := a.(type) {
				case *bgp.PathAttributeMpReachNLRI:
					for _, n := range a.Value {
						print("A", n.NLRI.String())
					}
				case *bgp.PathAttributeMpUnreachNLRI:
					for _, n := range a.Value {
						print("W", n.NLRI.String())
					}
				}
			}
		}
	}
}

// libraries names the versions of those that are built in.
func libraries() (out []string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, m := range info.Deps {
		for _, want := range []string{"klauspost/compress", "osrg/gobgp"} {
			if strings.Contains(m.Path, want) {
				out = append(out, strings.TrimPrefix(m.Path, "github.com/")+" "+m.Version)
			}
		}
	}
	return out
}

// elements walks a plain file, all of it in memory: prefix, peer, time and
// path of every element.
func elements(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var best time.Duration
	var n int
	var allocs uint64
	var sink uint64
	for range 5 {
		var m0, m1 runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m0)
		start := time.Now()
		n = 0
		r := mrt.NewReader(bytes.NewReader(data))
		var w mrt.Walker
		var path []uint32
		for {
			rec, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
			w.Record(rec)
			for w.Next() {
				e := w.Elem()
				path = e.AppendPath(path[:0])
				for _, as := range path {
					sink += uint64(as)
				}
				sink += uint64(e.Prefix.Bits()) + uint64(e.Time) + uint64(e.PeerAS)
				n++
			}
			if err := w.Err(); err != nil {
				return err
			}
		}
		took := time.Since(start)
		runtime.ReadMemStats(&m1)
		if best == 0 || took < best {
			best = took
		}
		allocs = m1.Mallocs - m0.Mallocs
	}
	fmt.Printf("%d %d %d %d\n", n, best.Nanoseconds(), allocs, sink&1)
	return nil
}
