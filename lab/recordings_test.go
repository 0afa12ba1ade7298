package lab_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"constat/judge/assess"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/lab"
	"constat/lab/score"
)

var update = flag.Bool("update", false, "write docs/recordings.md anew")

const recordings = "recordings"

// night is one recording with what an examiner made of it, with and without its
// snapshots.
type night struct {
	name          string
	act           string
	rec           *lab.Recording
	with, without judged
	noCut         string // what is said beside losses: that peers were reset, or another route stood in
}

type judged struct {
	losses []score.RecordedLoss
	missed []score.MissedLoss
	digest [sha256.Size]byte // of findings.json
}

func folders(t testing.TB) []string {
	t.Helper()
	es, err := os.ReadDir(recordings)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range es {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// examined examines a recording as a person would who has only its files.
func examined(t testing.TB, dir string, snapshots bool) (*lab.Recording, *finding.Findings, judged) {
	t.Helper()
	rec, f, err := score.ExamineRecording(context.Background(), dir, filepath.Join(t.TempDir(), "case"), proof.Clear(), snapshots)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	truth, err := score.TruthOf(dir, rec)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	losses, missed := score.JudgeRecording(rec, truth, f)
	b, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return rec, f, judged{losses, missed, sha256.Sum256(b)}
}

// leastPlaced is in how many recordings it has to be established where the
// routes stopped.
const leastPlaced = 30

// pardon is a goal that is not met in a recording, and why. One that is met
// after all fails the test, lest the list age.
type pardon struct{ what, why string }

var pardons = map[string]pardon{
	"act-country-links": {"**false places** (20 of 20 outside)",
		"Two operators are behind two gateways each, whose links were cut: of single acts only their own would have sufficed, and that was not what happened. What is established of them, the region, holds the gateways."},
	"act-country-staged": {"**false places** (20 of 20 outside) without snapshots",
		"The same, of an operator that lost its second way out with the last stage."},
	"act-country-staged-frr": {"**false places** (20 of 20 outside) without snapshots", "The same."},
	"aggregated": {"finds a loss though every address was announced (established) without snapshots",
		"Nobody announces the covering network all night, so without a snapshot nobody knows of it: to a reader of updates alone the networks are gone."},
}

// TestRecordings examines every recording, with and without its snapshots, and
// compares with the truth that lies beside it.
func TestRecordings(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it examines each recording")
	}
	var (
		nights []*night
		mu     sync.Mutex
		all    sync.WaitGroup
	)
	limit := make(chan struct{}, 4)
	for _, name := range folders(t) {
		all.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			dir := filepath.Join(recordings, name)
			rec, f, with := examined(t, dir, true)
			n := &night{name: name, rec: rec, with: with}
			if sc, err := lab.Load(name); err == nil {
				n.act = sc.Act
			}
			for _, p := range f.Verdict.Propositions {
				switch p.Key {
				case finding.PropObserver, finding.PropReplaced, finding.PropRenumber:
					if p.Cause == nil {
						n.noCut += fmt.Sprintf("; %s: %s", p.Level, p.Key)
					}
				}
			}
			if rec.SnapshotsEveryS > 0 {
				_, _, n.without = examined(t, dir, false)
			}
			mu.Lock()
			nights = append(nights, n)
			mu.Unlock()
		})
	}
	all.Wait()
	slices.SortFunc(nights, func(a, b *night) int { return strings.Compare(a.name, b.name) })
	placed := 0
	for _, n := range nights {
		var wrong []string
		for _, way := range []struct {
			how string
			judged
		}{{"", n.with}, {" without snapshots", n.without}} {
			for i := range way.losses {
				l := &way.losses[i]
				switch v := l.Word(); {
				case v == "right", v == "abstains":
				case l.Fault == score.Unfounded:
					wrong = append(wrong, fmt.Sprintf("%s (%s)%s", v, l.Fact, way.how))
				default:
					wrong = append(wrong, v+way.how)
				}
			}
			if len(way.missed) > 0 {
				wrong = append(wrong, "misses the loss"+way.how)
			}
		}
		for i := range n.with.losses {
			if l := &n.with.losses[i]; l.Cause.Level == proof.Established && !l.Cause.Rival && l.Fault == score.Right {
				placed++
				break
			}
		}
		slices.Sort(wrong)
		got := strings.Join(slices.Compact(wrong), ", ")
		if want := pardons[n.name].what; got != want {
			t.Errorf("%s: %q, expected %q\nplayed: %s\nwith snapshots:    %s\nwithout snapshots: %s", n.name, got, want, n.played(), line(n.with), line(n.without))
		}
	}
	numbered(t, nights)
	if placed < leastPlaced {
		t.Errorf("in %d recordings it is established where the routes stopped; at least %d can be", placed, leastPlaced)
	}
	page := table(nights)
	t.Logf("\n%s", page)
	if *update {
		if err := os.WriteFile("../docs/recordings.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// numbered holds the digest of all findings against what the rules of this number gave:
// other findings from the same recordings are those of other rules.
func numbered(t *testing.T, nights []*night) {
	t.Helper()
	const name = "testdata/rules.txt"
	h := sha256.New()
	for _, n := range nights {
		fmt.Fprintf(h, "%s %x %x\n", n.name, n.with.digest, n.without.digest)
	}
	got := fmt.Sprintf("%d %x", assess.Rules, h.Sum(nil))
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if lines[len(lines)-1] != got {
		t.Errorf("the findings of the recordings are not those of %s: if rules changed, raise assess.Rules, say in docs/rules.md what changed, and add the line; if recordings did, replace the last:\n%s", name, got)
	}
}

func line(j judged) string {
	var out []string
	for i := range j.losses {
		l := &j.losses[i]
		out = append(out, fmt.Sprintf("AS%d from %s: %s [%s]", l.Origin, l.From.Format("15:04:05"), score.Said(l.Cause), l.Word()))
	}
	if len(out) == 0 {
		return "no loss"
	}
	return strings.Join(out, "; ")
}

// agree says whether two examinations of one night say the same, or why not.
func agree(n *night) string {
	with, without := n.with.losses, n.without.losses
	switch {
	case n.rec.SnapshotsEveryS == 0:
		return "there are none"
	case len(with) != len(without):
		return fmt.Sprintf("%d losses found instead of %d", len(without), len(with))
	}
	var out []string
	for i := range with {
		switch a, b := with[i].Cause, without[i].Cause; {
		case score.Said(a) == score.Said(b):
		case a.Level == b.Level:
			out = append(out, "the same level, another set")
		default:
			why := ""
			if len(b.Reasons) > 0 {
				why = ": " + strings.Join(b.Reasons, ", ")
			}
			out = append(out, b.Level.String()+why)
		}
	}
	if len(out) == 0 {
		return "the same"
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "; ")
}

// played names the act, or the break of a scenario that names none.
func (n *night) played() string {
	if n.act != "" {
		return n.act
	}
	return score.WordTruth(n.rec.Truth)
}

const intro = "# What the examiner says of the recordings\n\n" +
	"`lab/recordings` holds %d nights, each played by BIRD and FRR routers from the scenario of the same name. This page is written by\n" +
	"`go test ./lab -run TestRecordings -update`: every night is examined under the standard *clear*, with the countries and operators in\n" +
	"`lab/atlas`, once with and once without its snapshots, and held against where the routes stopped (`truth.json` beside each). All of\n" +
	"them are remade by `constat lab run --all --out lab/recordings --force` (root, BIRD 2, FRR 8).\n\n" +
	"Of %d losses found, %d are established, %d indicated, %d not established, %d called no cut. False claims: %d; false places: %d; false\n" +
	"exclusions: %d; cuts called none: %d; losses found where nobody lost the routes: %d; losses of most peers that were not found: %d.\n\n" +
	"A claim is false if more than a tenth of the vantages that had lost the routes stopped outside the region that it names; the places\n" +
	"where one act would suffice are judged alike, all together. A night of six vantages has fewer than the eight that a claim takes.\n\n" +
	"| night | played | routes stopped (from→to: vantages) | verdict | judged | without snapshots |\n| --- | --- | --- | --- | --- | --- |\n"

func table(nights []*night) []byte {
	var b bytes.Buffer
	levels := map[proof.Level]int{}
	var losses, rivals, claims, places, exclusions, noCuts, unfounded, missed int
	for _, n := range nights {
		missed += len(n.with.missed)
		for i := range n.with.losses {
			l := &n.with.losses[i]
			losses++
			if l.Cause.Rival {
				rivals++
			} else {
				levels[l.Cause.Level]++
			}
			exclusions += len(l.FalselyExcluded)
			for _, x := range []struct {
				is bool
				n  *int
			}{{l.FalseClaim && l.Fault != score.Unfounded, &claims}, {l.FalsePlaces && l.Fault != score.Unfounded, &places}, {l.FalseNoCut, &noCuts}, {l.Fault == score.Unfounded, &unfounded}} {
				if x.is {
					*x.n++
				}
			}
		}
	}
	fmt.Fprintf(&b, intro, len(nights), losses, levels[proof.Established], levels[proof.Indicated], levels[proof.NotEstablished], rivals, claims, places, exclusions, noCuts, unfounded, missed)
	for _, n := range nights {
		played := n.played()
		if len(n.with.losses) == 0 {
			j := "right"
			if len(n.with.missed) > 0 {
				j = "**misses the loss**"
			}
			fmt.Fprintf(&b, "| %s | %s | | no loss%s | %s | %s |\n", n.name, played, n.noCut, j, agree(n))
		}
		for i := range n.with.losses {
			l := &n.with.losses[i]
			name, same, who := n.name, agree(n), fmt.Sprintf("AS%d", l.Origin)
			if i > 0 {
				name, played, same = "", "", ""
			}
			if l.Origin == 0 {
				who = "all"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s: %s | %s | %s |\n", name, played, score.WordStops(l.Stops), who, score.Said(l.Cause), l.Word(), same)
		}
	}
	b.WriteString("\n## Goals that are not met\n\n")
	for _, n := range nights {
		if p, ok := pardons[n.name]; ok {
			fmt.Fprintf(&b, "- **%s**: %s. %s\n", n.name, p.what, p.why)
		}
	}
	b.WriteString(observed)
	return b.Bytes()
}

// observed is what the recordings showed beyond their table.
const observed = `
## What else they show

- **Real routers explore the same paths at once.** When a route goes, every network tries what its neighbours have not yet withdrawn, and
  for a second or two most vantages hold a path through one network that had no part in it, the slowest. The first vantages lose the
  route meanwhile, so that such a path "stood when the loss began". Taken for a possible last path it makes that network a suspect, and
  the region grows by it. In four nights that were tried without such paths (act-link-cut, act-origin-stops, act-provider-refuses,
  act-provider-withholds) the region shrank to 64500 and 64510.
- **Twenty vantages are enough if no network beyond the gateway stands on the way to more than two of them.** In a first performance with
  sixteen vantages behind five transit networks nothing could be claimed: the gateway and any one of the five explained the loss together,
  and to take the five into the region left too few vantages outside.
- **Several operators that fail in one second** are each explained by an act of their own. In act-country-links the international links
  of three gateways are cut; for an operator behind two of them the only single act is its own, and the list of places names it although
  the routes stopped at the gateways' links. The regions hold these.
- **A provider that died can still be believed.** In act-stuck-announces one transit network keeps its routes by graceful restart (RFC 4724)
  and tells its peers anew, five minutes later: everybody has a route again, and nothing behind it.
- **A vantage inside the network that withholds** is one kept route among a dozen, within the zombies' rate (night-export-refused,
  night-import-refused).
- **Feeds of customers' routes only** withdraw what they now hear from a peer (trap-10-customer-feed): three of six peers lose a route
  that went round. With six vantages no claim comes of it.
- **Without a word in the log a collector that hangs** is a hole in its files (collector-frozen): nobody was watching, and nothing is
  said of a reset, because none was seen.
- **A route server stands in no path.** Whether it or the network behind it dropped a route cannot be told (route-server,
  route-server-refuses): both are the network's transit-export to who looks at paths, and so the truth of the scenario is written.
`

// TestRecordingsWhole: every scenario of the box has its recording, made from
// the file as it is; its files are those that its sums name; and all of them
// are small.
func TestRecordingsWhole(t *testing.T) {
	names := folders(t)
	for _, n := range lab.Recorded() {
		if !slices.Contains(names, n) {
			t.Errorf("scenario %s has no recording; make it by: constat lab run %s --out lab/recordings/%s", n, n, n)
		}
	}
	var total int64
	for _, name := range names {
		dir := os.DirFS(filepath.Join(recordings, name))
		sc, err := lab.Load(name)
		if err != nil {
			t.Errorf("recording %s: %v", name, err)
			continue
		}
		if played, err := fs.ReadFile(dir, lab.ScenarioFile); err != nil || !bytes.Equal(played, sc.Source) {
			t.Errorf("%s was recorded from another scenario than the one in the box (%v)", name, err)
		}
		sums, err := fs.ReadFile(dir, lab.SumsFile)
		if err != nil {
			t.Error(err)
		}
		listed := map[string]string{}
		for l := range strings.Lines(string(sums)) {
			sum, file, _ := strings.Cut(strings.TrimSpace(l), "  ")
			listed[file] = sum
		}
		var size int64
		err = fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := fs.ReadFile(dir, path)
			size += int64(len(b))
			if path != lab.SumsFile && listed[path] != fmt.Sprintf("%x", sha256.Sum256(b)) {
				t.Errorf("%s: %s is not as its %s has it", name, path, lab.SumsFile)
			}
			delete(listed, path)
			return err
		})
		if err != nil || len(listed) > 0 {
			t.Errorf("%s: %v; missing %v", name, err, listed)
		}
		if size > 110<<10 {
			t.Errorf("%s has %d bytes; 110 kB are allowed", name, size)
		}
		total += size
	}
	if total > 6<<20 {
		t.Errorf("the recordings have %d bytes; 6 MB are allowed", total)
	}
}
