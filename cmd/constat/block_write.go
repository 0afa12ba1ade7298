package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"constat/internal/worded"
	"constat/judge/block"
	"constat/moment"
	"constat/report/filter"
	"constat/report/impact"
	"constat/routes/atlas"
)

// blockOutput are the flags of the filters. Embed it.
type blockOutput struct {
	Filter      []string `sep:"," placeholder:"DIALECT" help:"Write the filters in these dialects, or all: bird, frr, openbgpd, iosxr, junos, eos, rtbh-bird, rtbh-frr, rtbh-openbgpd, rtbh-exabgp, flowspec-bird, flowspec-exabgp, flowspec-bgp, nftables, ipset, nginx."`
	Out         string   `placeholder:"DIR" help:"New folder for the filters and their undoing." type:"path"`
	Acknowledge string   `placeholder:"HASH" help:"Hash of the impact that was read: without it nothing is written."`
	Expires     string   `placeholder:"T" help:"When the block is to be undone."`
	Case        string   `placeholder:"PATH" help:"Case or findings.json that the block belongs to; its hash is in every file." type:"path"`
	Match       string   `enum:"exact,within" default:"exact" help:"Routes that are stopped: exact, the target's as they are announced; within, every route inside its addresses too."`
	ByOrigin    bool     `help:"Also stop whatever the target's origins announce, by their AS paths."`
	MaxEntries  int      `placeholder:"N" help:"At most so many lines: the largest are kept, and what is left out is said."`
	Policy      string   `placeholder:"NAME" help:"Name of the policy at the neighbours that the filters are hung into."`
	Neighbor    []string `sep:"," placeholder:"ADDR" help:"Addresses of the applier's neighbours and next hops: a target that holds one is refused."`
	Discard     []string `sep:"," placeholder:"ADDR" help:"Next hop that the applier's routers discard, for blackhole routes (default: 192.0.2.1, 100::1)."`
}

// wanted reports whether filters were asked for.
func (c *blockOutput) wanted() bool {
	return len(c.Filter) > 0 || c.Out != "" || c.Acknowledge != ""
}

// checkOutput refuses what is incomplete before anything is read.
func (c *blockOutput) checkOutput() error {
	if !c.wanted() {
		return nil
	}
	for _, d := range c.Filter {
		if err := filter.Known(d); err != nil && d != "all" {
			return usage("--filter: %w", err)
		}
	}
	switch {
	case len(c.Filter) == 0:
		return usage("--filter says in which dialects the filters are written")
	case c.Out == "":
		return usage("--out names a new folder for the filters and their undoing")
	case c.Acknowledge == "":
		return usage("nothing is written of an impact that nobody has acknowledged: run without --filter, read, and give its hash with --acknowledge")
	case c.Expires == "":
		return usage("--expires says when the block is to be undone: there is none without an end")
	case c.MaxEntries < 0:
		return usage("--max-entries %d: want a number of lines", c.MaxEntries)
	}
	for _, a := range slices.Concat(c.Neighbor, c.Discard) {
		if _, err := netip.ParseAddr(a); err != nil {
			return usage("%q is no address", a)
		}
	}
	return nil
}

// write writes the filters of an acknowledged impact, all or none.
func (c *blockOutput) write(s *streams, in *block.Input, im *block.Impact, hash string, hops []netip.Addr, name func(uint32) string, sub *atlas.Subject) (*impact.Measure, error) {
	if c.Acknowledge != hash {
		return nil, usage("--acknowledge %.12s…: this impact has the hash %s; read it (without --filter) and acknowledge that one", c.Acknowledge, hash)
	}
	if im.Empty() {
		return nil, worded.Errorf("%w: no path of %s crosses a network that would apply it, so that nothing is written", filter.ErrEmpty, im.Target)
	}
	for _, x := range im.Critical {
		if x.Never {
			return nil, worded.Errorf("%s holds %s: nothing is written against a root name server", x.What, x.Name)
		}
	}
	for _, n := range c.Neighbor {
		a, _ := netip.ParseAddr(n)
		hops = append(hops, a.Unmap())
	}
	filtered := im.Filtered()
	if len(filtered) == 0 {
		return nil, worded.Errorf("%w: no filter can have any prefix of %s (%s)", filter.ErrEmpty, im.Target, leftOut(im))
	}
	if len(im.LeftOut) > 0 {
		s.note("in no filter: %s", leftOut(im))
	}
	if err := c.own(im); err != nil {
		return nil, err
	}
	if c.ByOrigin && len(im.ByOrigin) == 0 {
		return nil, worded.Errorf("--by-origin: %s names no network as its own, so that a filter by origin would cut whatever else those announce who originate its prefixes", im.Target)
	}
	for _, x := range im.Collateral.Beside {
		for _, p := range x.Routes {
			if p.Bits() == 0 {
				return nil, worded.Errorf("--by-origin would stop %s of AS%d too, which is everybody's route", p, x.AS)
			}
		}
	}
	for _, l := range im.LeftOut {
		if c.ByOrigin && l.Why == block.LeftDefault {
			return nil, worded.Errorf("--by-origin would stop %s too, which is everybody's route", l.Prefix)
		}
	}
	for _, h := range hops {
		if p, ok := inside(filtered, h); ok {
			return nil, worded.Errorf("%s holds %s, a neighbour or next hop of the network that would apply the block: it would cut itself off", p, h)
		}
	}
	o, err := c.order(in, im, hash, name, sub)
	if err != nil {
		return nil, err
	}
	m, err := filter.New(o)
	if err != nil {
		return nil, err
	}
	names := c.dialects()
	for _, l := range m.Left(names) {
		s.note("left out by --max-entries %d: %s", c.MaxEntries, l)
	}
	if o.Expires.Before(time.Now()) {
		s.note("--expires %s is past: rules that end by themselves match nothing", o.Expires.Format(time.RFC3339))
	}
	for _, d := range names {
		if err := filter.Refused(m, d); err != nil {
			return nil, err
		}
	}
	return c.folder(s, m, names)
}

// dialects are the names of those that are written.
func (c *blockOutput) dialects() []string {
	if slices.Contains(c.Filter, "all") {
		return filter.Dialects()
	}
	return slices.Compact(slices.Sorted(slices.Values(c.Filter)))
}

// own refuses lists that would stop prefixes of the applier's own along with the
// target's around or inside them; lists of exactly the target's routes do not.
func (c *blockOutput) own(im *block.Impact) error {
	exact := []string{"bird", "frr", "openbgpd", "iosxr", "junos", "eos"}
	if c.Match == block.MatchExact && !slices.ContainsFunc(c.dialects(), func(d string) bool { return !slices.Contains(exact, d) }) {
		return nil
	}
	if left, p, ok := im.OwnLeft(); ok {
		return worded.Errorf("%s and %s overlap, and the latter is originated by a network that would apply the block: only lists of routes with --match exact (%s) leave its own alone", p, left, strings.Join(exact, ", "))
	}
	for _, x := range im.OwnHit() {
		return worded.Errorf("%s lies in or over the addresses of %s, and a network that would apply the block announces it itself: only lists of routes with --match exact (%s) leave its own alone", x.Prefix, im.Target, strings.Join(exact, ", "))
	}
	return nil
}

// leftOut says which prefixes are in no filter, and why.
func leftOut(im *block.Impact) string {
	why := map[string]string{block.LeftUnheld: "held by nobody who is watching", block.LeftOwn: "originated by a network that would apply the block", block.LeftDefault: "everybody's route",
		block.LeftSpecial: "addresses that are nobody's to announce (RFC 6890)", block.LeftMapped: "IPv4 addresses written as IPv6"}
	var out []string
	for _, l := range im.LeftOut[:min(len(im.LeftOut), 8)] {
		out = append(out, fmt.Sprintf("%s, %s", l.Prefix, why[l.Why]))
	}
	if more := len(im.LeftOut) - len(out); more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, "; ")
}

// order is what is to be written.
func (c *blockOutput) order(in *block.Input, im *block.Impact, hash string, name func(uint32) string, sub *atlas.Subject) (filter.Order, error) {
	expires, err := moment.ParseTime(c.Expires)
	if err != nil {
		return filter.Order{}, usage("--expires: %w", err)
	}
	if t, err := moment.ParseTime(im.Moment); err == nil && expires <= t {
		return filter.Order{}, usage("--expires %s is not after the routes that were read (%s)", expires, im.Moment)
	}
	o := filter.Order{Target: im.Target, At: im.At, Direction: in.Direction, Within: im.Match == "within", Impact: hash, Expires: expires.Std().UTC(), Policy: c.Policy, Most: c.MaxEntries}
	if im.Country != "" {
		o.At = im.On
	}
	for _, x := range im.Filtered() {
		why := []string{}
		for _, as := range x.Origins {
			r := fmt.Sprintf("%s: announced by AS%d", x.Prefix, as)
			if n := name(as); n != "" {
				r += " " + n
			}
			if w := sub.Why(x.Prefix, as); len(w) > 0 {
				r += ", " + strings.TrimPrefix(w[0], fmt.Sprintf("announced by AS%d, ", as))
			}
			why = append(why, r)
		}
		o.Routes = append(o.Routes, filter.Route{Prefix: x.Prefix, Reason: strings.Join(why, "; ")})
	}
	o.Blocks = stripped(o.Routes, sub.Strike.Blocks)
	for _, as := range im.ByOrigin {
		o.Origins = append(o.Origins, filter.Origin{AS: as, Reason: strings.TrimSpace(fmt.Sprintf("AS%d %s", as, name(as)))})
	}
	for _, d := range c.Discard {
		a, _ := netip.ParseAddr(d)
		if a = a.Unmap(); a.Is4() {
			o.Discard[0] = a
		} else {
			o.Discard[1] = a
		}
	}
	if c.Case != "" {
		if o.Case, err = caseHash(c.Case); err != nil {
			return o, err
		}
	}
	o.Norms = norms(im)
	return o, nil
}

// stripped are the addresses of routes without those that a subject file strikes; nil
// if it strikes none.
func stripped(routes []filter.Route, struck []netip.Prefix) []filter.Route {
	if len(struck) == 0 {
		return nil
	}
	out := []filter.Route{}
	for _, r := range routes {
		for _, p := range block.Without([]netip.Prefix{r.Prefix}, struck) {
			out = append(out, filter.Route{Prefix: p, Reason: r.Reason})
		}
	}
	return out
}

// caseHash is the digest of the findings that a block belongs to: of a folder that of
// its findings.json, or of its log's last checkpoint if it has one.
func caseHash(path string) (string, error) {
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		for _, n := range []string{"findings.json", filepath.Join("log", "checkpoint")} {
			if _, err := os.Stat(filepath.Join(path, n)); err == nil {
				path = filepath.Join(path, n)
				break
			}
		}
	}
	b, err := readBounded(path, 1<<30)
	if err != nil {
		return "", fmt.Errorf("--case: %w", err)
	}
	var is struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(b, &is); filepath.Base(path) != "checkpoint" && (err != nil || !strings.HasPrefix(is.Format, "constat-findings/")) {
		return "", usage("--case %s: neither a case nor findings (a folder, or findings.json)", path)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// norms are what whoever writes the filters has acknowledged (UN GGE 2015, 13(b),
// 13(f)).
func norms(im *block.Impact) []string {
	t := im.Totals()
	out := []string{fmt.Sprintf("of %d prefixes that filters have %d would lose every known way, %d some, %d would find another, %d are not touched, of %d nobody can say",
		len(im.Prefixes)-t[block.Kept]-t[block.Unheld], t[block.Lost], t[block.Partly], t[block.Elsewhere], t[block.Stays], t[block.Uncertain])}
	what := map[string]string{block.Exact: "by filters of the target's own prefixes", block.Inside: "by filters of everything inside the target's addresses", block.Addresses: "by address"}
	for _, m := range im.Measures() {
		hit := im.Collateral.HitBy(m)
		if len(hit) == 0 {
			out = append(out, "collateral "+what[m]+": none was found")
			continue
		}
		var names []string
		for _, h := range hit[:min(5, len(hit))] {
			names = append(names, fmt.Sprintf("%s of AS%d", h.Prefix, slices.Concat(h.Origins, []uint32{0})[0]))
		}
		out = append(out, fmt.Sprintf("collateral %s: %d routes of others, %s", what[m], len(hit), strings.Join(names, ", ")))
	}
	for _, x := range im.Collateral.Beside {
		for _, p := range x.Routes[:min(5, len(x.Routes))] {
			out = append(out, fmt.Sprintf("collateral by origin: %s of AS%d, one of %d prefixes that are not the target's", p, x.AS, x.Prefixes))
		}
	}
	for _, x := range im.Collateral.Shared {
		out = append(out, fmt.Sprintf("collateral: AS%d stands in a set at the end of %d routes of the target", x.AS, x.Prefixes))
	}
	if len(im.LeftOut) > 0 {
		what := "in no filter: "
		if len(im.ByOrigin) > 0 {
			what = "in no list of routes or addresses, but stopped by origin: "
		}
		for _, l := range strings.Split(leftOut(im), "; ") {
			out = append(out, what+l)
		}
	}
	if len(im.Critical) == 0 {
		return append(out, "critical infrastructure: none of what was listed is in the target")
	}
	for _, x := range im.Critical {
		out = append(out, fmt.Sprintf("critical infrastructure: %s (%s)", x.Name, x.What))
	}
	return out
}

// folder writes all files into a new folder: it appears whole or not at all.
func (c *blockOutput) folder(s *streams, m *filter.Measure, names []string) (*impact.Measure, error) {
	if _, err := os.Lstat(c.Out); err == nil {
		return nil, worded.Errorf("%s is there already: filters are written into a new folder", c.Out)
	}
	parent := filepath.Dir(filepath.Clean(c.Out))
	tmp, err := os.MkdirTemp(parent, ".constat-block-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	var said []string
	out := &impact.Measure{ID: m.ID(), Expires: moment.FromTime(m.Expires), Case: m.Case}
	for _, d := range names {
		file, undo, err := filter.Files(d)
		if err != nil {
			return nil, err
		}
		var digests []string
		for _, x := range []struct {
			name string
			do   func(*bytes.Buffer) error
		}{{file, func(b *bytes.Buffer) error { return filter.Write(b, m, d) }}, {undo, func(b *bytes.Buffer) error { return filter.Undo(b, m, d) }}} {
			var b bytes.Buffer
			if err := x.do(&b); err != nil {
				return nil, err
			}
			if err := os.WriteFile(filepath.Join(tmp, x.name), b.Bytes(), 0o600); err != nil { // bgpd of OpenBGPD refuses others' eyes
				return nil, err
			}
			sum := sha256.Sum256(b.Bytes())
			digests = append(digests, hex.EncodeToString(sum[:]))
		}
		out.Files = append(out.Files, impact.File{Dialect: d, Name: file, SHA256: digests[0], Undo: undo, UndoSHA: digests[1], EndsByItself: filter.EndsByItself(d)})
		for _, w := range filter.Warnings(m, d) {
			if !slices.Contains(said, w) {
				said = append(said, w)
				s.note("%s: %s", d, w)
			}
		}
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, c.Out); err != nil {
		if errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("%s is there already: filters are written into a new folder", c.Out)
		}
		return nil, err
	}
	s.note("measure %s in %s: %d dialects, each with its undoing; to be undone at %s", m.ID(), c.Out, len(names), m.Expires.Format(time.RFC3339))
	return out, nil
}
