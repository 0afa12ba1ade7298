package score

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"constat/cases/examine"
	"constat/judge/cause"
	"constat/judge/finding"
	"constat/judge/place"
	"constat/judge/proof"
	"constat/lab"
	"constat/lab/sim"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// RecordedLoss is one loss found in a recording of real routers, held against
// where the routes stopped.
type RecordedLoss struct {
	Origin      uint32    // 0 for several
	From, Until time.Time // Until is zero if no end was seen
	Cause       *finding.Cause
	Fact        proof.Level // of the proposition that the routes were lost
	// Stops counts the vantages that had lost the routes when states were read,
	// by the session over which they were no longer passed. Stopped is how many
	// vantages that are; a vantage with two stops counts at both.
	Stops   map[place.Session]int
	Stopped int
	// Covered is true if all of them held the addresses in other prefixes of the
	// subject.
	Covered bool
	// Displaced counts the vantages to which another origin's route had come.
	Displaced int
	// Outside is how many of them stopped outside the region that is claimed,
	// OutsidePlaces outside all places where one act would suffice.
	Outside, OutsidePlaces int
	FalseClaim             bool
	FalsePlaces            bool
	// FalselyExcluded are networks excluded as down for everything that were.
	FalselyExcluded []uint32
	// FalseNoCut: it is said that nothing was cut, though the origin announced
	// to somebody and the routes did not get through.
	FalseNoCut bool
	Fault      Fault
}

// RecordingOutcome is one recording.
type RecordingOutcome struct {
	Recording string
	Act       string // the kind of act; of scenarios that name none, the break
	Losses    []RecordedLoss
	Missed    []MissedLoss
}

// MissedLoss is a stretch in which an origin was lost by most peers, and of which
// nothing was found.
type MissedLoss struct {
	Origin uint32
	From   time.Time
}

// Recordings examines every recording below dir, as a person would who has only
// its files, and compares with the truth that lies beside them.
func Recordings(ctx context.Context, dir string, std proof.Standard) ([]RecordingOutcome, error) {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == lab.RecordingFile {
			folders = append(folders, filepath.Dir(path))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(folders) == 0 {
		return nil, fmt.Errorf("%s: no folder below it holds a %s: %w", dir, lab.RecordingFile, ErrOptions)
	}
	tmp, err := os.MkdirTemp("", "constat-recordings-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	var out []RecordingOutcome
	for i, f := range folders {
		name, err := filepath.Rel(dir, f)
		if err != nil {
			return nil, err
		}
		rec, found, err := ExamineRecording(ctx, f, filepath.Join(tmp, fmt.Sprint(i)), std, true)
		if err != nil {
			return nil, fmt.Errorf("recording %s: %w", name, err)
		}
		truth, err := TruthOf(f, rec)
		if err != nil {
			return nil, fmt.Errorf("recording %s: %w", name, err)
		}
		x := RecordingOutcome{Recording: name, Act: truth.Act}
		if x.Act == "" {
			x.Act = WordKinds(rec.Truth)
		}
		x.Losses, x.Missed = JudgeRecording(rec, truth, found)
		out = append(out, x)
	}
	return out, nil
}

// ExamineRecording examines a recording as a person would who has only its
// files, with or without its snapshots, and writes the case into a folder.
func ExamineRecording(ctx context.Context, dir, into string, std proof.Standard, snapshots bool) (*lab.Recording, *finding.Findings, error) {
	rec, err := lab.ReadRecording(os.DirFS(dir))
	if err != nil {
		return nil, nil, err
	}
	q := moment.Interval{From: moment.FromTime(rec.From), Until: moment.FromTime(rec.Until)}
	set, err := source.Open(ctx, []string{dir}, q, source.Options{})
	if err != nil {
		return nil, nil, err
	}
	if !snapshots {
		set.Files = slices.DeleteFunc(set.Files, func(f source.File) bool { return f.Kind == source.RIB })
	}
	known, err := atlas.Open(atlasOf(dir))
	if err != nil {
		return nil, nil, err
	}
	subject, err := known.At(rec.From).Resolve(filepath.Join(dir, lab.SubjectFile))
	if err != nil {
		return nil, nil, err
	}
	text, _ := proof.Source(std.Name)
	f, err := examine.Run(ctx, examine.Request{Asked: rec.Subject.Name, Subject: subject, Atlas: known, From: q.From, Until: q.Until, Sources: set,
		Standard: std, StandardText: text, StandardHash: proof.Hash(text), Dir: into, Workers: 1})
	return rec, f, err
}

// atlasOf is the folder named "atlas" beside a recording, or beside the folder
// in which several lie; empty if there is none.
func atlasOf(dir string) string {
	for _, up := range []string{"..", "../.."} {
		a := filepath.Join(dir, up, "atlas")
		if st, err := os.Stat(a); err == nil && st.IsDir() {
			return a
		}
	}
	return ""
}

// TruthOf reads where the routes of a recording stopped. A recording that was
// made before this was written down has it derived from its scenario.
func TruthOf(dir string, rec *lab.Recording) (*lab.Stops, error) {
	at := os.DirFS(dir)
	t, err := lab.ReadStops(at)
	if !errors.Is(err, fs.ErrNotExist) {
		return t, err
	}
	src, err := fs.ReadFile(at, lab.ScenarioFile)
	if err != nil {
		return nil, err
	}
	s, err := lab.Parse(lab.ScenarioFile, src)
	if err != nil {
		return nil, err
	}
	t, _, err = lab.Derive(s, rec, at)
	return t, err
}

// JudgeRecording sets the losses that were weighed against where the routes of
// their moment stopped. It knows no hypotheses: what it has comes from topology,
// script and last paths.
func JudgeRecording(rec *lab.Recording, truth *lab.Stops, f *finding.Findings) (losses []RecordedLoss, missed []MissedLoss) {
	losses = []RecordedLoss{}
	for i := range f.Cause {
		c := &f.Cause[i]
		o := &f.Outages[c.Outage]
		l := RecordedLoss{Origin: c.Origin, From: o.From.Std(), Cause: c}
		if o.Until != nil {
			l.Until = o.Until.Std()
		}
		for _, p := range f.Verdict.Propositions {
			if p.Key == finding.PropOutage && p.Cause != nil && *p.Cause == i {
				l.Fact = p.Level
			}
		}
		l.judge(rec, truth, prefixesOf(f, o))
		losses = append(losses, l)
	}
	for _, x := range lostByMost(rec, truth) {
		if !slices.ContainsFunc(losses, func(l RecordedLoss) bool {
			return (l.Origin == 0 || l.Origin == x.Origin) && l.From.Before(x.until.Add(skew)) && (l.Until.IsZero() || l.Until.After(x.From.Add(-skew)))
		}) {
			missed = append(missed, x.MissedLoss)
		}
	}
	return losses, missed
}

// skew is by how much a record's time may be off what happened: the slowest
// clock, and the time that routers take.
const skew = 2 * time.Minute

// prefixesOf are the prefixes that one outage is about: those that were lost, as
// is said of each by itself, while it set in. Nil if nothing is said of them.
func prefixesOf(f *finding.Findings, o *finding.Outage) map[string]bool {
	from, until := o.From, o.From
	if o.Onset.First != nil {
		from = min(from, *o.Onset.First)
	}
	if o.Onset.Last != nil {
		until = max(until, *o.Onset.Last)
	}
	var out map[string]bool
	for _, p := range f.Outages {
		if p.Scope != "prefix" || p.From < from-settingIn || p.From > until+settingIn {
			continue
		}
		if out == nil {
			out = map[string]bool{}
		}
		out[p.Name] = true
	}
	return out
}

// settingIn is by how much the losses of single prefixes may lie before and after
// the onset of a loss of them together.
const settingIn = 30 * moment.Second

// returning is how long routes take to come back once they may.
const returning = 15 * time.Second

// judge holds one verdict against the stops.
func (l *RecordedLoss) judge(rec *lab.Recording, truth *lab.Stops, of map[string]bool) {
	c := l.Cause
	at := c.At.Std()
	l.Stops = map[place.Session]int{}
	ahead := map[string]time.Duration{}
	for _, col := range rec.Collectors {
		ahead[col.Name] = time.Duration(col.SkewS) * time.Second
	}
	ours := func(o lab.ASN) bool { return slices.Contains(rec.Subject.Origins, o) }
	type lost struct {
		who  string
		from time.Time
		stop lab.StopAt
		all  bool // covered
	}
	last := map[string]lost{} // by vantage and prefix: what it lost last
	for i := range truth.Lost {
		x := &truth.Lost[i]
		if l.Origin != 0 && uint32(x.Origin) != l.Origin && ours(x.Origin) && ours(lab.ASN(l.Origin)) {
			continue // another of the subject's origins
		}
		then := at.Add(-ahead[x.Collector])
		s, ok := x.At(then)
		if !ok && x.Until != nil && !then.Before(*x.Until) && then.Sub(*x.Until) < returning {
			// The routes were on their way back, and the peer had none yet.
			s, ok = x.At(x.Until.Add(-time.Second))
		}
		if !ok {
			continue
		}
		who := x.Collector + " " + x.Peer.String()
		for _, p := range x.Prefixes {
			key := who + " " + p.String()
			if y, had := last[key]; (of == nil || of[p.String()]) && (!had || y.from.Before(x.From)) {
				last[key] = lost{who, x.From, s, x.Covered}
			}
		}
	}
	stops := map[string][]place.Session{} // by vantage
	announced, covered := 0, true
	for _, key := range slices.Sorted(maps.Keys(last)) {
		x := last[key]
		covered = covered && x.all
		session := place.Session{Near: uint32(x.stop.Near), Far: uint32(x.stop.Far)}
		if len(stops[x.who]) == 0 && x.stop.Announced {
			announced++
		}
		if !slices.Contains(stops[x.who], session) {
			stops[x.who] = append(stops[x.who], session)
			l.Stops[session]++
		}
	}
	l.Stopped = len(stops)
	l.Covered = covered && l.Stopped > 0
	displaced := map[string]bool{}
	for _, x := range truth.Displaced {
		if then := at.Add(-ahead[x.Collector]); !then.Before(x.From) && (x.Until == nil || then.Before(*x.Until)) {
			displaced[x.Collector+" "+x.Peer.String()] = true
		}
	}
	l.Displaced = len(displaced)
	beyond := func(in func(sim.Session) bool) (n int) {
		for _, ss := range stops {
			if slices.ContainsFunc(ss, func(s place.Session) bool { return !in(sim.Session{Near: s.Near, Far: s.Far}) }) {
				n++
			}
		}
		return n
	}
	for _, h := range c.Hypotheses {
		if !h.Excluded || h.Joint() || h.Parts[0][0].Kind != place.Node {
			continue
		}
		a := h.Parts[0][0].A
		if slices.ContainsFunc(truth.Down, func(d lab.DownNetwork) bool {
			return uint32(d.AS) == a && !at.Before(d.From) && (d.Until == nil || at.Before(*d.Until))
		}) {
			l.FalselyExcluded = append(l.FalselyExcluded, a)
		}
	}
	l.Fault = Abstained
	switch {
	case c.Level == proof.NotEstablished:
	case c.Rival:
		l.Fault = Right
		if l.FalseNoCut = l.Stopped > 0 && falseShare(announced, l.Stopped); l.FalseNoCut {
			l.Fault = Missed
		}
	default:
		l.Outside = beyond(inRegion(&c.Region))
		l.FalseClaim = falseShare(l.Outside, l.Stopped)
		if len(c.Class) > 0 {
			l.OutsidePlaces = beyond(inPlaces(c.Class))
			l.FalsePlaces = falseShare(l.OutsidePlaces, l.Stopped)
		}
		switch {
		case l.Stopped == 0 && l.Displaced == 0 && c.Level != proof.Established:
			l.Fault = Unfounded
		case l.FalseClaim && c.Level == proof.Established:
			l.Fault = FalselyAccused
		case l.FalseClaim || l.FalsePlaces:
			l.Fault = FalselyPointed
		default:
			l.Fault = Right
		}
	}
	if (l.Stopped == 0 && l.Displaced == 0 || l.Covered) && l.Fault == Abstained {
		l.Fault = Unfounded
	}
}

// stretch is a loss that must be found.
type stretch struct {
	MissedLoss
	until time.Time
}

// lostByMost lists the stretches of a minute and more in which more than half of
// the peers that ever had an origin had none of its routes, unless its addresses
// were announced by it in other prefixes.
func lostByMost(rec *lab.Recording, truth *lab.Stops) (out []stretch) {
	peers := 0
	for _, c := range rec.Collectors {
		peers += len(c.Peers)
	}
	for _, o := range rec.Subject.Origins {
		var moments []time.Time
		for _, x := range truth.Lost {
			if x.Origin == o {
				moments = append(moments, x.From)
			}
		}
		slices.SortFunc(moments, time.Time.Compare)
		moments = slices.CompactFunc(moments, time.Time.Equal)
		for _, t := range moments {
			lost := map[string]bool{}
			until := time.Time{}
			for i := range truth.Lost {
				x := &truth.Lost[i]
				if _, ok := x.At(t); !ok || x.Origin != o || x.Covered {
					continue
				}
				lost[x.Collector+" "+x.Peer.String()] = true
				u := rec.Until
				if x.Until != nil {
					u = *x.Until
				}
				if until.IsZero() || u.Before(until) {
					until = u
				}
			}
			if 2*len(lost) > peers && until.Sub(t) >= time.Minute && !slices.ContainsFunc(out, func(y stretch) bool {
				return y.Origin == uint32(o) && t.Before(y.until)
			}) {
				out = append(out, stretch{MissedLoss{uint32(o), t}, until})
			}
		}
	}
	return out
}

// Said is a verdict in one line: what is claimed, how few acts elsewhere would
// explain the same, and where one act would suffice.
func Said(c *finding.Cause) string {
	var b strings.Builder
	b.WriteString(c.Level.String())
	switch {
	case c.Level == proof.NotEstablished:
	case c.Rival:
		b.WriteString(": no cut, " + c.Class[0].Parts[0][0].Kind.String())
	default:
		b.WriteString(": inside")
		for _, a := range c.Region.Networks {
			fmt.Fprintf(&b, " %d", a)
		}
		or := ", unless"
		for _, a := range c.Acts {
			if a.AtLeast > 0 && a.By != "rule" {
				fmt.Fprintf(&b, "%s %d %s", or, a.AtLeast, a.By)
				or = " or"
			}
		}
		var hs []string
		for _, h := range c.Class {
			for _, p := range h.Parts {
				for _, x := range p {
					if s := short(x); !slices.Contains(hs, s) {
						hs = append(hs, s)
					}
				}
			}
		}
		if len(hs) > 0 {
			b.WriteString("; one act: " + strings.Join(hs, ", "))
		}
	}
	if len(c.Reasons) > 0 {
		b.WriteString(" (" + strings.Join(former(c.Reasons), ", ") + ")")
	}
	return b.String()
}

// WordStops lists where routes stopped, the most vantages first.
func WordStops(m map[place.Session]int) string {
	if len(m) == 0 {
		return "nowhere"
	}
	ss := slices.SortedFunc(maps.Keys(m), func(a, b place.Session) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a.Near, b.Near), cmp.Compare(a.Far, b.Far))
	})
	var out []string
	for i, s := range ss {
		if i == 5 && len(ss) > 6 {
			out = append(out, fmt.Sprintf("%d more", len(ss)-i))
			break
		}
		out = append(out, fmt.Sprintf("%d→%d: %d", s.Near, s.Far, m[s]))
	}
	return strings.Join(out, ", ")
}

// short names a break in little room.
func short(b place.Break) string {
	switch b.Kind {
	case place.Adjacency:
		return fmt.Sprintf("link %d–%d", b.A, b.B)
	case place.TransitImport:
		return fmt.Sprintf("import %d", b.A)
	case place.TransitExport:
		return fmt.Sprintf("export %d", b.A)
	case place.Export:
		return fmt.Sprintf("export %d to %s", b.A, strings.Trim(fmt.Sprint(b.S), "[]"))
	case place.Observer, place.Replaced, place.Renumbered:
		return b.Kind.String()
	}
	return fmt.Sprintf("%s %d", b.Kind, b.A)
}

// WordTruth names what was played.
func WordTruth(ts []lab.RecordedTruth) string {
	var out []string
	for _, t := range ts {
		if t.What == "note" {
			continue
		}
		s := t.What
		for _, m := range t.Members {
			s += fmt.Sprint(" ", uint32(m))
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, " and ")
}

// WordKinds names the kinds of what was played.
func WordKinds(ts []lab.RecordedTruth) string {
	var out []string
	for _, t := range ts {
		if t.What != "note" && !slices.Contains(out, t.What) {
			out = append(out, t.What)
		}
	}
	return strings.Join(out, " and ")
}

// WriteRecordings prints every loss with its judgement, the count by kind of act,
// and the sum.
func WriteRecordings(w io.Writer, xs []RecordingOutcome) error {
	var b strings.Builder
	type row struct {
		recordings, losses                            int
		established, indicated, rivals, not           int
		claims, places, exclusions, noCuts, unfounded int
		missed                                        int
	}
	rows := map[string]*row{}
	all := &row{}
	for _, x := range xs {
		r := rows[x.Act]
		if r == nil {
			r = &row{}
			rows[x.Act] = r
		}
		for _, y := range []*row{r, all} {
			y.recordings++
			y.missed += len(x.Missed)
		}
		for _, m := range x.Missed {
			fmt.Fprintf(&b, "  %s %s AS%d: nothing was found\n", x.Recording, m.From.Format(time.RFC3339), m.Origin)
		}
		for i := range x.Losses {
			l := &x.Losses[i]
			for _, y := range []*row{r, all} {
				y.losses++
				switch {
				case l.Cause.Level == proof.NotEstablished:
					y.not++
				case l.Cause.Rival:
					y.rivals++
				case l.Cause.Level == proof.Established:
					y.established++
				default:
					y.indicated++
				}
				y.claims += count(l.FalseClaim)
				y.places += count(l.FalsePlaces)
				y.exclusions += len(l.FalselyExcluded)
				y.noCuts += count(l.FalseNoCut)
				y.unfounded += count(l.Fault == Unfounded)
			}
			fmt.Fprintf(&b, "  %s %s AS%d: %s; stopped %s; %s\n", x.Recording, l.From.Format(time.RFC3339), l.Origin, l.Word(), WordStops(l.Stops), Said(l.Cause))
		}
	}
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nact\trecordings\tlosses\testablished\tindicated\tno cut\tnot est.\tfalse claims\tfalse places\tfalse excl.\tfalse no cut\tunfounded\tmissed\t\n")
	line := func(name string, r *row) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, r.recordings, r.losses, r.established, r.indicated, r.rivals, r.not,
			r.claims, r.places, r.exclusions, r.noCuts, r.unfounded, r.missed)
	}
	for _, a := range slices.Sorted(maps.Keys(rows)) {
		line(a, rows[a])
	}
	line("all", all)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Word says how a verdict stands to the truth.
func (l *RecordedLoss) Word() string {
	var out []string
	switch {
	case l.FalseClaim && l.Fault != Unfounded:
		out = append(out, fmt.Sprintf("**false claim** (%d of %d outside)", l.Outside, l.Stopped))
	case l.FalseNoCut:
		out = append(out, "**false no cut**")
	case l.Fault == Unfounded && l.Covered:
		out = append(out, "finds a loss though every address was announced")
	case l.Fault == Unfounded:
		out = append(out, "finds a loss where nobody lost the routes")
	case l.Fault == Abstained:
		out = append(out, "abstains")
	}
	if l.FalsePlaces && l.Fault != Unfounded {
		out = append(out, fmt.Sprintf("**false places** (%d of %d outside)", l.OutsidePlaces, l.Stopped))
	}
	for _, a := range l.FalselyExcluded {
		out = append(out, fmt.Sprintf("**falsely excludes** %d", a))
	}
	if len(out) == 0 {
		return "right"
	}
	return strings.Join(out, ", ")
}

// former are reasons in the words that the table has.
func former(reasons []string) []string {
	out := make([]string, 0, len(reasons))
	for _, r := range reasons {
		out = append(out, cause.Former(r))
	}
	return out
}
