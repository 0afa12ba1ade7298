package scan

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"constat/internal/mrttest"
	"constat/internal/realdata"
	"constat/moment"
	"constat/wire/bgp"
	"constat/wire/mrt"
)

// hearing is what a file says to whoever listens: each prefix with what its list says of it.
type hearing struct {
	b bytes.Buffer
	n int // lists that came by themselves
}

func (o *hearing) list(e *mrt.Elem, l bgp.NLRI) {
	o.n++
	fmt.Fprintf(&o.b, "%v %v %v %v %v %x", e.Time, e.Kind == mrt.Announce, l.AFI, l.SAFI, l.AddPath, l.Bytes)
	if e.Kind == mrt.Announce {
		as, _ := e.OriginAS()
		fmt.Fprint(&o.b, " ", as, e.AppendPath(nil))
	}
	o.b.WriteByte('\n')
}

func (o *hearing) message(m *Message) {
	tell := func(announced bool, b []byte) {
		if len(b) > 0 {
			fmt.Fprintf(&o.b, "%v %v %v %v %v %x", m.Time, announced, bgp.AFIv4, bgp.SAFIUnicast, false, b)
			if announced {
				fmt.Fprint(&o.b, " ", m.Origin(), m.AppendPath(nil))
			}
			o.b.WriteByte('\n')
		}
	}
	tell(false, m.Withdrawn)
	tell(true, m.Announced)
}

func (o *hearing) record(rec *mrt.Record, kind mrt.Kind) error {
	fmt.Fprintln(&o.b, rec.Offset, kind)
	return nil
}

// checkMessages holds what is counted of a file when its plain messages are told by themselves
// against what the walker makes of all. It returns how many lists were and were not told so.
func checkMessages(t *testing.T, name string, open func() (io.ReadCloser, error)) (plain, others int) {
	t.Helper()
	read := func(message bool) (*Scan, *hearing, error) {
		o := new(hearing)
		in := Input{Name: name, Open: open, List: o.list, Record: o.record}
		if message {
			in.Message = o.message
		}
		s, err := Read(context.Background(), in)
		if s != nil {
			for _, p := range s.peers {
				p.current = nil
			}
		}
		return s, o, err
	}
	want, all, err1 := read(false)
	got, some, err2 := read(true)
	if fmt.Sprint(err1) != fmt.Sprint(err2) {
		t.Fatalf("%s: %v, and by itself %v", name, err1, err2)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: %+v is not %+v", name, got, want)
	}
	if some.b.String() != all.b.String() {
		t.Fatalf("%s: other routes were told", name)
	}
	return all.n - some.n, some.n
}

// Plain messages are counted as the walker counts them.
func TestMessages(t *testing.T) {
	plain, others := 0, 0
	err := filepath.WalkDir(realdata.Path(t, "."), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if i, err := d.Info(); err != nil || i.Size() > 3<<19 {
			return err
		}
		if !strings.Contains(path, "mrt") && !strings.Contains(path, "updates.") || strings.Contains(path, "rv2-2008") && !strings.Contains(path, "2156") {
			return nil
		}
		p, o := checkMessages(t, d.Name(), func() (io.ReadCloser, error) { return os.Open(path) })
		plain, others = plain+p, others+o
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if plain < 100_000 || others < 1000 {
		t.Errorf("%d lists were told by themselves, %d not", plain, others)
	}
}

// More sessions than there is room for, of which many have one slot, and a session whose AS
// numbers have two bytes and four in turn.
func TestManySessions(t *testing.T) {
	var f mrttest.File
	at := moment.Time(1_600_000_000 * moment.Second)
	for n := range 4 {
		for i := range 3 * sessionSlots {
			p := mrttest.P(fmt.Sprintf("198.18.%d.%d", i/256, i%256), 64500+uint32(i))
			f.Announce(at, p, []uint32{p.AS, 64500}, fmt.Sprintf("10.%d.%d.0/24", n, i%256))
			if i%3 == 0 {
				f.Withdraw(at, p, fmt.Sprintf("10.%d.%d.0/24", n, i%256))
			}
			at += moment.Second / 4
		}
	}
	b := f.Bytes()
	plain, others := checkMessages(t, "updates", func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil })
	if plain == 0 || others == 0 {
		t.Errorf("%d lists were told by themselves, %d not", plain, others)
	}
}

func FuzzMessages(f *testing.F) {
	var m mrttest.File
	p := mrttest.P("198.18.0.1", 64501)
	for i := range moment.Time(4) {
		m.Announce((1_600_000_000+i)*moment.Second, p, []uint32{p.AS, 64500}, "192.0.2.0/24", "198.51.100.0/25")
		m.Withdraw((1_600_000_000+i)*moment.Second, p, "192.0.2.0/24")
	}
	f.Add(m.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		checkMessages(t, "updates", func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil })
	})
}
