package report

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/internal/locale"
	"constat/judge/finding"
	"constat/routes/atlas"
)

// unseenNames is how many of those of which nothing was seen a sentence names.
const unseenNames = 3

// unseen lists the networks and prefixes that somebody put on a list and of which nothing
// was read. Nothing that is said is about them. Of a country nothing is listed: many of
// the numbers that are delegated to one are in no routing.
//
// Example: AS22047 and AS53113 are asked about, and no file has a route of AS53113. What
// was lost is that of AS22047.
func unseen(f *finding.Findings) []string {
	if f.Subject.Kind != atlas.KindFile || len(f.Subject.Prefixes) == 0 {
		return nil
	}
	var out []string
	for _, r := range f.Subject.Reasons {
		if r.Kind != finding.OnListAsked && r.Kind != finding.OnListByHand {
			continue
		}
		name, seen := "", true
		switch {
		case r.AS != 0:
			name, seen = "AS"+strconv.FormatUint(uint64(r.AS), 10), announced(f, r.AS)
		case r.Block.IsValid():
			name, seen = r.Block.String(), heardOf(f, r.Block)
		}
		if !seen && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// announced reports whether a network was seen to announce anything.
func announced(f *finding.Findings, as uint32) bool {
	return slices.ContainsFunc(f.Subject.Prefixes, func(p finding.Prefix) bool { return slices.Contains(p.Origins, as) }) ||
		slices.ContainsFunc(f.Others, func(o finding.OtherOrigin) bool {
			return o.Origin == as || o.Holder.Origin == as
		})
}

// heardOf reports whether anything within a block, or holding it, was seen.
func heardOf(f *finding.Findings, block netip.Prefix) bool {
	return slices.ContainsFunc(f.Subject.Prefixes, func(p finding.Prefix) bool { return p.Prefix.Overlaps(block) }) ||
		slices.ContainsFunc(f.Others, func(o finding.OtherOrigin) bool { return o.Prefix.Overlaps(block) })
}

// told is the subject as sentences about what was seen name it: of a list of what was
// asked for those of which anything was.
func (p *printer) told() string {
	if p.f.Subject.Kind != atlas.KindFile {
		return p.subject()
	}
	return Seen(p.w, p.f)
}

// Seen is [Called] of the subject of findings, of a list of what was asked for without that of
// which nothing was seen: whose an outage was.
func Seen(w *locale.Words, f *finding.Findings) string {
	if name := SeenName(f); name != f.Subject.Name {
		return clip(name, 60)
	}
	return Called(w, &f.Subject)
}

// SeenName is the name of the subject of findings, without that of a list of which
// nothing was seen.
func SeenName(f *finding.Findings) string {
	gone := unseen(f)
	parts := slices.DeleteFunc(strings.Split(f.Subject.Name, ", "), func(s string) bool { return slices.Contains(gone, s) })
	if len(parts) == 0 {
		return f.Subject.Name
	}
	return strings.Join(parts, ", ")
}

// named is [printer.called], of a list of what was asked for without that of which nothing
// was seen.
func (p *printer) named() string {
	return Seen(p.w, p.f)
}

// unseenProse says of which of a list nothing was seen.
func unseenProse(p *printer) para {
	gone := unseen(p.f)
	if n := int64(len(gone)); n > unseenNames {
		return say("answer.unseen.many", locale.None, "n", p.n(n))
	} else if n > 0 {
		return say("answer.unseen", locale.None, "names", strings.Join(gone, ", "))
	}
	return nil
}
