package scan

import (
	"bytes"
	"context"
	"io"
	"net/netip"
	"strings"
	"testing"

	"constat/internal/mrttest"
)

// TestTooManyPeers: a file that names more peers than a collector can have is
// refused with the reason, whether they send routes or only change state.
func TestTooManyPeers(t *testing.T) {
	p := func(i int) mrttest.Peer {
		return mrttest.Peer{Addr: netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), AS: uint32(64496 + i)}
	}
	for what, add := range map[string]func(f *mrttest.File, i int){
		"announcements":    func(f *mrttest.File, i int) { f.Announce(sec(int64(i)), p(i), []uint32{p(i).AS}, "192.0.2.0/24") },
		"changes of state": func(f *mrttest.File, i int) { f.State(sec(int64(i)), p(i), 6, 1) },
	} {
		f := &mrttest.File{}
		for i := range MaxPeers - 1 {
			add(f, i)
		}
		read := func() error {
			_, err := Read(context.Background(), Input{Name: "updates", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Bytes())), nil }})
			return err
		}
		if err := read(); err != nil {
			t.Errorf("%s of %d peers: %v", what, MaxPeers-1, err)
		}
		for i := range 3 {
			add(f, MaxPeers+i)
		}
		if err := read(); err == nil || !strings.Contains(err.Error(), "names more than 20000 peers") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
