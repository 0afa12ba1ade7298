package plays

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"time"

	"constat/internal/mrttest"
	"constat/moment"
)

// said is one record in the making.
type said struct {
	at    int64
	order int
	put   func(*mrttest.File)
}

// Write writes what the collectors of a world recorded below dir/src, and the registries'
// lists of it to dir/atlas.
func (w *World) Write(dir string) error {
	for c, name := range w.Collectors {
		if w.copied != nil && c > 0 {
			break
		}
		if err := w.collector(filepath.Join(dir, "src", name), c); err != nil {
			return err
		}
	}
	if w.copied != nil {
		if err := w.duplicate(filepath.Join(dir, "src", w.Collectors[0]), filepath.Join(dir, "src", w.Collectors[1])); err != nil {
			return err
		}
	}
	return w.registry(filepath.Join(dir, "atlas"))
}

func fileName(kind string, at int64) string {
	return kind + "." + time.Unix(at, 0).UTC().Format("20060102.1504")
}

func (w *World) collector(dir string, c int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var peers []*Peer
	for _, p := range w.Peers {
		if p.Collector == c {
			peers = append(peers, p)
		}
	}
	for _, t := range w.tables {
		if w.missing(c, t) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, fileName("bview", t)), tableOf(t, c, peers), 0o644); err != nil {
			return err
		}
	}
	var all []said
	for _, p := range peers {
		all = append(all, p.records()...)
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	k := 0
	for from := int64(noon); from < noon+span; from += slot {
		f := new(mrttest.File).At(byte(10 + c))
		for ; k < len(all) && all[k].at < from+slot; k++ {
			all[k].put(f)
		}
		if w.missing(c, from) {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, fileName("updates", from)), f.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// tableOf is a complete dump: of the peers whose session is up, what they hold.
func tableOf(t int64, c int, peers []*Peer) []byte {
	f := new(mrttest.File).At(byte(10 + c))
	at := moment.Unix(t, 0)
	var index []mrttest.Peer
	routes := map[netip.Prefix][]mrttest.Entry{}
	for i, p := range peers {
		index = append(index, mrttest.Peer{Addr: p.Addr, AS: p.AS})
		if p.off(t) {
			continue
		}
		for q, path := range p.at(t) {
			routes[q] = append(routes[q], mrttest.Entry{Peer: i, Path: path, Since: moment.Unix(t-3600, 0)})
		}
	}
	f.PeerIndex(at, index...)
	for _, q := range slices.SortedFunc(maps.Keys(routes), byPrefix) {
		f.RIB(at, q.String(), routes[q]...)
	}
	return f.Bytes()
}

func byPrefix(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// records are what the collector writes of a peer: changes while the session is up, its
// table as it comes up, and now and then a route of others again.
func (p *Peer) records() []said {
	me := mrttest.Peer{Addr: p.Addr, AS: p.AS}
	var out []said
	put := func(t int64, do func(*mrttest.File)) { out = append(out, said{t, len(out), do}) }
	update := func(t int64, q netip.Prefix, path []uint32) {
		u := mrttest.Update{Announce: []netip.Prefix{q}, Path: path}
		if path == nil {
			u = mrttest.Update{Withdraw: []netip.Prefix{q}}
		}
		put(t, func(f *mrttest.File) { f.Update(moment.Unix(t, 0), me, u) })
	}
	for _, c := range p.changes {
		if !c.mute && !p.off(c.at) {
			update(c.at, c.prefix, c.path)
		}
	}
	for _, b := range p.breaks {
		if b.noted {
			put(b.from, func(f *mrttest.File) { f.State(moment.Unix(b.from, 0), me, 6, 1) })
			put(b.until, func(f *mrttest.File) { f.State(moment.Unix(b.until, 0), me, 5, 6) })
		}
		// The table is that of two seconds later, with the changes told that come behind it.
		held := p.at(b.until)
		for _, q := range slices.SortedFunc(maps.Keys(held), byPrefix) {
			update(b.until, q, held[q])
		}
		if b.marked {
			put(b.until, func(f *mrttest.File) { f.EndOfRIB(moment.Unix(b.until, 0), me, false) })
		}
	}
	news := prefix4(60, 35, 0, 0, 16)
	for k, t := 0, int64(noon)+int64(p.Addr.As4()[3])*11%40; t < noon+span; k, t = k+1, t+40 {
		if !p.off(t) {
			update(t, news, []uint32{p.AS, p.transit, uint32(1500 + k%7), 3035})
		}
	}
	return out
}

// duplicate copies a collector's files record by record, with other times.
func (w *World) duplicate(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	es, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, e := range es {
		b, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			return err
		}
		t, err := time.Parse("20060102.1504", e.Name()[len(e.Name())-len("20060102.1504"):])
		if err != nil {
			return err
		}
		if at := t.Unix(); e.Name()[0] == 'u' {
			if at == w.copied.skip {
				continue
			}
			for i := 0; i < len(b); i += 12 + int(binary.BigEndian.Uint32(b[i+8:])) {
				binary.BigEndian.PutUint32(b[i:], uint32(int64(binary.BigEndian.Uint32(b[i:]))+w.copied.shift(at)))
			}
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// registry writes delegations and relations. The holder of the first operator is in UA, with
// the other operators; all others are elsewhere, each a holder of its own.
func (w *World) registry(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	countries := []string{"DE", "FR", "NL", "GB", "IT", "ES", "PL", "SE", "NO", "CH", "AT", "CZ"}
	var lines []string
	as := func(cc string, n, holder uint32) {
		lines = append(lines, fmt.Sprintf("ripencc|%s|asn|%d|1|20050101|allocated|o%d", cc, n, holder))
	}
	ases := []uint32{providerAS, secondAS, strangerAS}
	for k := range uint32(7) {
		ases = append(ases, 1001+k, 1500+k)
	}
	for k := range uint32(36) {
		ases = append(ases, 3000+k)
	}
	for k := range uint32(4) {
		ases = append(ases, 3500+k)
	}
	for _, p := range w.Peers {
		ases = append(ases, p.AS)
	}
	slices.Sort(ases)
	for _, n := range ases {
		as(countries[n%12], n, n)
	}
	for n := uint32(subjectAS); n < subjectAS+4; n++ {
		holder := n
		if slices.Contains(w.same, n) {
			holder = subjectAS
		}
		as("UA", n, holder)
	}
	nas := len(lines)
	for _, b := range w.blocks {
		cc := "UA"
		if b.holder < subjectAS {
			cc = countries[b.holder%12]
		}
		holder := b.holder
		if slices.Contains(w.same, holder) {
			holder = subjectAS
		}
		lines = append(lines, fmt.Sprintf("ripencc|%s|ipv4|%s|%d|20050101|allocated|o%d", cc, b.prefix.Addr(), 1<<(32-b.prefix.Bits()), holder))
	}
	text := fmt.Sprintf("2|ripencc|20160309|%d|19830705|20160309|+0100\nripencc|*|asn|*|%d|summary\nripencc|*|ipv4|*|%d|summary\nripencc|*|ipv6|*|0|summary\n", len(lines), nas, len(lines)-nas)
	for _, l := range lines {
		text += l + "\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "delegated-ripencc-latest"), []byte(text), 0o644); err != nil {
		return err
	}
	rel := "# source: made up\n# serial 1\n"
	for k := range 7 {
		rel += fmt.Sprintf("%d|%d|-1\n%d|%d|-1\n", 1001+k, providerAS, 1001+k, secondAS)
		for n := range 130 {
			rel += fmt.Sprintf("%d|%d|-1\n", 1500+k, 20000+n)
		}
	}
	rel += fmt.Sprintf("%d|%d|-1\n", providerAS, subjectAS)
	for k := 1; k < 4; k++ {
		rel += fmt.Sprintf("%d|%d|-1\n", providerAS, 3500+k)
	}
	return os.WriteFile(filepath.Join(dir, "20160301.as-rel.txt"), []byte(rel), 0o644)
}
