package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"constat/internal/mrttest"
	"constat/lab/gen"
	"constat/moment"

	"github.com/klauspost/compress/gzip"
)

// An examination is held against cat, which prints what the same files say of the
// same prefix: it has to read them too, and keeps nothing.
const (
	stays = "203.0.113.0/24"  // announced by every peer at the start
	goes  = "198.51.100.0/24" // that too, and gone for a quarter of an hour in the middle
	slot  = 15 * time.Minute
)

// archive is update files of a collector for some hours.
type archive struct {
	hours       int
	dir         string
	from, until moment.Time
}

// lengths are the hours that are measured.
var lengths = []int{1, 6, 24, 144}

// makeArchive lays an archive down in a folder, one file for a slot. Files that are
// there are taken as they are.
func makeArchive(ctx context.Context, dir string, pool *gen.Pool, hours, elements int) (*archive, error) {
	const peers = 40
	n := int(time.Duration(hours) * time.Hour / slot)
	a := &archive{hours: hours, dir: dir, from: startTime, until: startTime + moment.Time(n)*moment.Time(slot/time.Microsecond)}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at := startTime + moment.Time(i)*moment.Time(slot/time.Microsecond)
		name := filepath.Join(dir, "updates."+at.Std().Format("20060102.1504")+".gz")
		if _, err := os.Stat(name); err == nil {
			continue
		}
		var own mrttest.File
		for p := range peers {
			peer := mrttest.P(fmt.Sprintf("198.18.0.%d", p), 4_200_000_000+uint32(p))
			switch i {
			case 0:
				own.Announce(at, peer, []uint32{peer.AS, 64510, 64496}, stays, goes)
			case n / 2:
				own.Withdraw(at, peer, goes)
			case n/2 + 1:
				own.Announce(at, peer, []uint32{peer.AS, 64510, 64496}, goes)
			}
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(own.Bytes()); err != nil {
			return nil, err
		}
		s := gen.Shape{Seed: uint64(i + 1), V4: 100_000, V6: 20_000, Peers: peers, Elements: elements, Start: at}
		if _, err := gen.Updates(z, pool, s); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name+".part", b.Bytes(), 0o644); err != nil {
			return nil, err
		}
		if err := os.Rename(name+".part", name); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func costTitle(hours int) string { return fmt.Sprintf("Examine against cat, %d hours", hours) }

// costTables compare examinations with cat.
func costTables(p *programs, as []*archive, scratch string) []*table {
	var all []*table
	for _, a := range as {
		t := &table{key: fmt.Sprintf("cost %d", a.hours), title: costTitle(a.hours), memory: true}
		t.add(p.constat, "cat --prefix", nil, "cat", "--prefix", stays, a.dir)
		for _, q := range [][2]string{{"examine, nothing lost", stays}, {"examine, a loss", goes}} {
			t.add(p.constat, q[0], nil, "examine", q[1], "--from", a.from.String(), "--until", a.until.String(), "--source", a.dir,
				"--collector", "bench", "--case", filepath.Join(scratch, "case"), "--force").answers = true
		}
		all = append(all, t)
	}
	return all
}
