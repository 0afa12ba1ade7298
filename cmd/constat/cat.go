package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"constat/internal/decompress"
	"constat/internal/regular"
	"constat/internal/worded"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
	"constat/wire/formats"
	"constat/wire/mrt"
	"constat/wire/mrt/text"
)

type catCmd struct {
	Files []string `arg:"" name:"file" help:"Files, folders, globs or archives (ris:rrc00, with --from and --until), plain or packed with gzip, bzip2 or zstd; - is standard input. MRT, or what people keep instead: answers of RIPEstat, RIS Live JSON, the text of bgpdump -m and bgpreader, BMP."`

	Bgpdump bool `short:"m" name:"bgpdump" xor:"form" help:"Print what bgpdump -m prints, byte for byte (docs/formats/bgpdump-m.md)."`
	JSON    bool `name:"json" xor:"form" help:"Print one JSON object a line (docs/formats/cat-json.md)."`

	Prefix      []prefixArg `sep:"," placeholder:"PREFIX" help:"Only elements of these prefixes."`
	Match       string      `enum:"exact,more,less,any" default:"more" help:"How a prefix must lie to those of --prefix: exact; more, that or more specific; less, that or less specific; any of these."`
	Origin      []asArg     `sep:"," placeholder:"AS" help:"Only routes that one of these ASes originated. Withdrawals do not say who did."`
	PathHas     []asArg     `name:"path-has" sep:"," placeholder:"AS" help:"Only routes whose path has one of these ASes."`
	Peer        []peerArg   `sep:"," placeholder:"PEER" help:"Only elements of these peers, by address or AS."`
	From        *momentArg  `placeholder:"TIME" help:"Only records of this time or later: RFC 3339 or a shorter form, UTC where no zone is named."`
	Until       *momentArg  `placeholder:"TIME" help:"Only records before this time."`
	Withdrawals bool        `help:"Only withdrawals."`
	Offset      *int64      `placeholder:"N" help:"Of one file: only the record that begins at byte N of its unpacked stream, as reports name records."`

	Cache string `help:"Folder for what is fetched from archives. Default: constat in the user's cache folder." placeholder:"DIR" type:"path"`
	patienceFlag
	Offline bool `help:"Of archives use the cache alone."`
	langFlag

	said tongue
	read atomic.Int64 // records, of all files
}

// Help says what flags alone do not.
func (*catCmd) Help() string {
	return `Each element, that is one prefix of one peer announced, withdrawn or kept in a table, or one change of a session's state, is a line. What cannot be read is named on standard error by file, offset in the unpacked stream and reason, of many alike in a file the first and the last; everything else is printed, and the exit code is then 1. The files of a folder or a glob come in the order of their names; what among them holds no records is named and passed over. Of an archive the updates between --from and --until are fetched, and no tables.

Examples:

  constat cat --prefix 175.45.176.0/22 updates.20141222.1600.gz
  constat cat ris:rrc00 --from 2014-12-22T16:00 --until 2014-12-22T17:00 --origin AS131279 --json
  constat cat updates.20141222.1600.gz --offset 29171     the record that a report names by this file and byte`
}

// prefixArg, asArg, peerArg and momentArg read flags.
type (
	prefixArg struct{ netip.Prefix }
	asArg     uint32
	peerArg   struct {
		addr netip.Addr
		as   uint32
	}
	momentArg struct{ moment.Time }
)

func (p *prefixArg) UnmarshalText(b []byte) error {
	v, err := netip.ParsePrefix(string(b))
	if err != nil {
		a, aerr := netip.ParseAddr(string(b))
		if aerr != nil {
			return worded.Errorf("prefix %q: want one such as 175.45.176.0/22 or 2001:db8::/32", b)
		}
		v = netip.PrefixFrom(a, a.BitLen())
	}
	if v != v.Masked() {
		return worded.Errorf("prefix %q has bits set beyond its length; meant is %v?", b, v.Masked())
	}
	p.Prefix = v
	return nil
}

func (a *asArg) UnmarshalText(b []byte) error {
	v, err := atlas.ParseAS(string(b))
	if err != nil {
		return worded.Errorf("AS %q: want a number of at most 32 bits, such as 131279 or AS131279", b)
	}
	*a = asArg(v)
	return nil
}

func (p *peerArg) UnmarshalText(b []byte) error {
	if a, err := netip.ParseAddr(string(b)); err == nil {
		p.addr = a
		return nil
	}
	var as asArg
	if as.UnmarshalText(b) != nil {
		return worded.Errorf("peer %q: want an address or an AS number", b)
	}
	p.as = uint32(as)
	return nil
}

func (m *momentArg) UnmarshalText(b []byte) (err error) {
	m.Time, err = moment.ParseTime(string(b))
	return err
}

// filter compiles the flags; nil if everything is wanted.
func (c *catCmd) filter() (*mrt.Filter, error) {
	var s mrt.FilterSpec
	any := false
	for _, p := range c.Prefix {
		s.Prefixes = append(s.Prefixes, p.Prefix)
	}
	s.Match = map[string]mrt.Match{
		"exact": mrt.MatchExact,
		"more":  mrt.MatchExact | mrt.MatchMore,
		"less":  mrt.MatchExact | mrt.MatchLess,
		"any":   mrt.MatchAny,
	}[c.Match]
	for _, as := range c.Origin {
		s.Origins = append(s.Origins, uint32(as))
	}
	for _, as := range c.PathHas {
		s.PathHas = append(s.PathHas, uint32(as))
	}
	for _, p := range c.Peer {
		if p.addr.IsValid() {
			s.Peers = append(s.Peers, p.addr)
		} else {
			s.PeerASes = append(s.PeerASes, p.as)
		}
	}
	if c.From != nil {
		s.From, any = c.From.Time, true
	}
	if c.Until != nil {
		s.Until, any = c.Until.Time, true
	}
	if c.Withdrawals {
		if len(c.Origin)+len(c.PathHas) > 0 {
			return nil, errors.New("a withdrawal names neither origin nor path: --withdrawals with --origin or --path-has finds nothing")
		}
		s.Kinds, any = mrt.Withdrawals, true
	}
	if !any && len(s.Prefixes)+len(s.Origins)+len(s.PathHas)+len(s.Peers)+len(s.PeerASes) == 0 {
		return nil, nil
	}
	if c.From != nil && c.Until != nil && c.Until.Time <= c.From.Time {
		return nil, worded.Errorf("--until %v is not after --from %v", c.Until.Time, c.From.Time)
	}
	return mrt.NewFilter(s)
}

// heavyFiles is how many files may be read at once whose unpacking takes much
// memory: up to 20 MB for bzip2, whose blocks are unpacked on all cores anyway.
const heavyFiles = 2

// workers is how many files are read at once.
func (c *catCmd) workers() int {
	if slices.Contains(c.Files, "-") {
		return 1 // named twice, it ends where it was left
	}
	return min(runtime.GOMAXPROCS(0), 16)
}

// Run prints the files in the order given. They are read at once, on all cores.
func (c *catCmd) Run(ctx context.Context, s *streams) error {
	c.said = s.said
	f, err := c.filter()
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if c.Offset != nil && *c.Offset < 0 {
		return usage("--offset %d: bytes are counted from 0", *c.Offset)
	}
	if c.Files, err = c.files(ctx, s); err != nil {
		return err
	}
	if c.Offset != nil && len(c.Files) != 1 {
		return usage("--offset is of one file, and %d were named", len(c.Files))
	}
	places := make([]int, len(c.Files)) // that could not be read, by file
	heavy := make(chan struct{}, heavyFiles)
	read := func(v *voice, begun func()) (err error) {
		places[v.file], err = c.file(ctx, c.Files[v.file], f, v, heavy, begun)
		return err
	}
	damaged, file := 0, 0
	err = inOrder(ctx, len(c.Files), c.workers(), s.out, s.err, read, func(err error) error {
		damaged += places[file]
		file++
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		s.note("%v", err)
		damaged++
		return nil
	})
	if errors.Is(err, syscall.EPIPE) { // whoever read us has had enough
		return &exitError{exitFailed, nil}
	}
	if err != nil {
		return err
	}
	if damaged > 0 && c.Offset != nil {
		return &exitError{exitFailed, nil} // that it is not there has been said
	}
	if damaged > 0 {
		if c.read.Load() == 0 {
			return &exitError{exitFailed, worded.Errorf("nothing could be read")}
		}
		return &exitError{exitFailed, worded.Errorf("%s could not be read; everything else was printed", count(damaged, "1 place", "%d places"))}
	}
	return nil
}

// file has v say what is in one file and returns how many places of it could
// not be read. It calls begun when it has what it needs to go on to the end;
// heavy has room for those that need much memory.
func (c *catCmd) file(ctx context.Context, name string, filter *mrt.Filter, v *voice, heavy chan struct{}, begun func()) (damaged int, err error) {
	in := os.Stdin
	shown := name
	if name == "-" {
		shown = c.said.Text("standard input")
	} else {
		in, err = regular.Open(name)
		if hint, ok := source.Meant(name); ok && errors.Is(err, os.ErrNotExist) {
			return 0, worded.Errorf("%w%s", err, hint)
		}
		if err != nil {
			return 0, err
		}
		defer in.Close()
	}
	d, err := decompress.NewReader(in)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", shown, err)
	}
	defer d.Close()
	if d.Format() == decompress.Bzip2 || d.Format() == decompress.Zstd {
		select {
		case heavy <- struct{}{}:
			defer func() { <-heavy }()
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	begun()
	return c.elements(ctx, d, name, shown, filter, v)
}

// elements has v say what is in one unpacked stream.
func (c *catCmd) elements(ctx context.Context, in io.Reader, name, shown string, filter *mrt.Filter, v *voice) (damaged int, err error) {
	alike := folder{said: c.said}
	damage := func(err error) {
		damaged++
		var dm *mrt.Damage
		if errors.As(err, &dm) {
			alike.say(&v.errs, dm.Reason, dm.Place(), c.said.line("%s: %s: %s", shown, c.said.Text(dm.Place()), c.said.Text(dm.Reason)))
		} else {
			alike.say(&v.errs, err.Error(), "", c.said.line("%s: %v", shown, err))
		}
	}
	var w mrt.Walker
	w.SetFilter(filter)
	r, kind := formats.NewReader(in, "")
	form := c.form(name, kind)
	short, read := 0, 0
	var sought *seeker
	if c.Offset != nil {
		sought = newSeeker(*c.Offset, kind)
	}
	var rec mrt.Record
	for n := 1; ; n++ {
		err := r.ReadRecord(&rec)
		if err == io.EOF {
			break
		}
		if err != nil && sought != nil && !sought.in(err) {
			continue
		}
		if err != nil {
			damage(err)
			if v.full() {
				if err := v.pass(); err != nil {
					return damaged, err
				}
			}
			continue
		}
		if n&1023 == 0 && ctx.Err() != nil {
			return damaged, ctx.Err()
		}
		if sought != nil {
			if sought.past(&rec) {
				break
			}
			if !sought.at(&rec) {
				if peerIndex(&rec) { // the records behind it name peers by their places in it
					w.Start(&rec)
				}
				continue
			}
		}
		read++
		if rec.Short > 0 {
			short++
		}
		elements := len(v.out)
		w.Start(&rec)
		for w.Next() {
			v.out = form.Append(v.out, &rec, w.Elem())
		}
		if err := w.Err(); err != nil {
			damage(err)
		} else if sought != nil && len(v.out) == elements {
			c.said.note(&v.errs, "%s: note: the record at byte %d, %s, has no element that is asked for", shown, rec.Offset, mrt.TypeName(rec.Type, rec.Subtype))
		}
		if v.full() {
			if err := v.pass(); err != nil {
				return damaged, err
			}
		}
	}
	alike.end(&v.errs, "constat: "+shown+": ")
	if sought != nil && damaged == 0 {
		if err := sought.missing(); err != nil {
			return damaged, fmt.Errorf("%s: %w", shown, err)
		}
	}
	c.read.Add(int64(read))
	c.about(kind, shown, read, damaged, &v.errs)
	c.notes(&w, shown, short, &v.errs)
	return damaged, nil
}

// about says what a file of its format cannot tell, or that there is nothing in it.
func (c *catCmd) about(kind formats.Format, shown string, read, damaged int, stderr io.Writer) {
	if read == 0 && damaged == 0 {
		c.said.note(stderr, "%s: note: %s", shown, worded.Phrasef("it holds no records"))
	}
	if l := kind.Limits(); l != "" && read > 0 {
		c.said.note(stderr, "%s: note: %s", shown, c.said.Text(l))
	}
}

// form writes elements as the flags say.
func (c *catCmd) form(name string, kind formats.Format) interface {
	Append([]byte, *mrt.Record, *mrt.Elem) []byte
} {
	untold := text.Untold{Origin: kind.NoOrigin(), NextHop: kind != formats.MRT}
	switch {
	case c.Bgpdump:
		return new(text.Bgpdump)
	case c.JSON:
		f := text.NewJSON(name)
		f.Untold = untold
		return f
	}
	return &text.Line{Untold: untold}
}

// notes says what was read in a way worth knowing, or passed over on purpose.
func (c *catCmd) notes(w *mrt.Walker, shown string, short int, stderr io.Writer) {
	note := func(format string, args ...any) {
		c.said.note(stderr, "%s: note: %s", shown, worded.Phrasef(format, args...))
	}
	if short > 0 {
		note("the length fields of %s leave out 4 bytes each; they were read whole", count(short, "1 record", "%d records"))
	}
	if n := w.GuessedAddPath(); n > 0 {
		note("%s with path identifiers in records that do not announce any (RFC 8050); read with them", count(int(n), "1 list of prefixes", "%d lists of prefixes"))
	}
	if n := w.GuessedPlain(); n > 0 {
		note("%s without path identifiers in records that announce them (RFC 8050); read without", count(int(n), "1 list of prefixes", "%d lists of prefixes"))
	}
	if n := w.Ambiguous(); n > 0 {
		note("%s would make as much sense without the path identifiers that their records announce (RFC 8050); read with them", count(int(n), "1 list of prefixes", "%d lists of prefixes"))
	}
	order := func(a, b [2]uint16) int { return slices.Compare(a[:], b[:]) }
	for _, k := range slices.SortedFunc(maps.Keys(w.Skipped()), order) {
		n, name := count(int(w.Skipped()[k]), "1 record", "%d records"), mrt.TypeName(k[0], k[1])
		if strings.HasPrefix(name, "type ") { // it has none
			note("passed over %s of the unknown type %d, subtype %d", n, k[0], k[1])
			continue
		}
		note("passed over %s of type %s", n, name)
	}
	for _, k := range slices.SortedFunc(maps.Keys(w.OtherFamilies()), order) {
		note("passed over %s of the address family %s", count(int(w.OtherFamilies()[k]), "1 list of prefixes", "%d lists of prefixes"), text.FamilyName(k[0], uint8(k[1])))
	}
}

// count says how many there are: one, or many, whose format has the number.
func count(n int, one, many string) worded.Phrase {
	if n == 1 {
		return worded.Phrasef(one)
	}
	return worded.Phrasef(many, n)
}

// writeError is a failure of the place that results go to.
type writeError struct{ err error }

func (e *writeError) Error() string { return "writing the results: " + e.err.Error() }
func (e *writeError) Unwrap() error { return e.err }
