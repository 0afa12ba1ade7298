package score

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"constat/cases/examine"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/lab/sim"
	"constat/moment"
	"constat/routes/atlas"
	"constat/routes/source"
)

// FileOutcome is a night that was written as files and examined from them, all
// the way that an archive's files go.
type FileOutcome struct {
	Outcome
	Expected bool `json:"expected"` // an outage of 60 s by definition
	// Brief is one by definition, but shorter, or of peers alone that withdrew
	// everything and sent their tables again, or of so many others nothing is known
	// that it is indicated at most: to find it and to see through it are both right.
	Brief bool `json:"brief"`
	Found bool `json:"found"`
	// Errors in seconds, of outages expected and found: of the moment the
	// first prefix was out, of the first record of the onset, of the end.
	FromError  float64 `json:"from_error"`
	FirstError float64 `json:"first_error"`
	UntilError float64 `json:"until_error"`
	FileLevel  string  `json:"file_level"`
	Agrees     bool    `json:"agrees"` // the level on files is that on histories, or an abstention
	FileClaim  bool    `json:"file_claim"`
	FileFalse  bool    `json:"file_false"` // a false claim
	Trouble    string  `json:"trouble,omitempty"`
}

// least is how long an outage must last to be counted, in seconds.
const least = 60

// Files plays n nights of the options, writes each below dir and examines it.
// A night is taken away again unless keep is set.
func Files(ctx context.Context, o Options, n int, dir string, keep bool) ([]FileOutcome, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	text, _ := proof.Source(o.Standard.Name)
	var out []FileOutcome
	for k, v := range o.Vantages {
		w, err := o.world(v, o.Seed*1000)
		if err != nil {
			return nil, err
		}
		p := w.Player(true)
		j := newJudge(o.Graph, w, p, o.Standard)
		for i := k; i < n; i += len(o.Vantages) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			y := o.play(p, j, v, o.Seed*1000, o.Seed<<32|uint64(i))
			if y.night == nil {
				continue
			}
			x := FileOutcome{Outcome: y.Outcome}
			at := filepath.Join(dir, fmt.Sprintf("%d-%d", v, i))
			if err := o.examineFiles(ctx, p, y, at, text, &x); err != nil {
				x.Trouble = err.Error()
			}
			if !keep {
				if err := os.RemoveAll(at); err != nil {
					return nil, err
				}
			}
			out = append(out, x)
			if o.Progress != nil {
				o.Progress(len(out), n)
			}
		}
	}
	return out, nil
}

func (o *Options) examineFiles(ctx context.Context, p *sim.Player, y *examination, dir string, text []byte, x *FileOutcome) error {
	n := y.night
	a, err := p.WriteArchive(n, filepath.Join(dir, "archive"))
	if err != nil {
		return err
	}
	want := p.Expect(n)
	onlyPeers := n.Case.NoCut == sim.Watching && n.Case.Reset == sim.Silent
	x.Expected = want.Out && (want.Until == 0 || want.Until-want.From >= least) && !onlyPeers
	x.Brief = want.Out && !x.Expected
	// The question begins within the hour of updates before the break, so that
	// the dump and some news of it lie before.
	q := moment.Interval{From: moment.Unix(n.First-900, 0), Until: moment.Unix(a.Until, 0)}
	set, err := source.Open(ctx, []string{a.Dir}, q, source.Options{})
	if err != nil {
		return err
	}
	if err := y.writeRegistry(filepath.Join(dir, "registry")); err != nil {
		return err
	}
	at, err := atlas.Open(filepath.Join(dir, "registry"))
	if err != nil {
		return err
	}
	asked := fmt.Sprintf("AS%d", n.Case.Origin)
	subject, err := at.At(q.From.Std()).Resolve(asked)
	if err != nil {
		return err
	}
	f, err := examine.Run(ctx, examine.Request{Asked: asked, Subject: subject, Atlas: at, From: q.From, Until: q.Until, Sources: set, Standard: o.Standard,
		StandardText: text, StandardHash: proof.Hash(text), Dir: filepath.Join(dir, "case")})
	if err != nil {
		return err
	}
	found := func(partial bool) int {
		return slices.IndexFunc(f.Outages, func(y finding.Outage) bool {
			return y.Scope == "origin" && y.Partial == partial && y.From.Sec() <= n.Recovery && (y.Until == nil || y.Until.Sec()-y.From.Sec() >= least)
		})
	}
	k := found(false)
	x.Found = k >= 0
	x.Brief = x.Brief || x.Found && !x.Expected && f.Outages[k].Witnesses.Few()
	if x.Found && x.Expected {
		z := f.Outages[k]
		x.FromError = math.Abs(float64(z.From.Sec() - want.From))
		if z.Onset.First != nil {
			x.FirstError = math.Abs(float64(z.Onset.First.Sec() - want.FirstLoss))
		}
		if z.Until != nil && want.Until > 0 {
			x.UntilError = math.Abs(float64(z.Until.Sec() - want.Until))
		}
	}
	if k < 0 {
		k = found(true)
	}
	for _, c := range f.Cause {
		if c.Outage == k {
			x.FileLevel = c.Level.String()
			x.Agrees = c.Level.String() == x.Level || c.Level == proof.NotEstablished
			if c.Level != proof.NotEstablished && !c.Rival {
				x.FileClaim = true
				x.FileFalse = falseShare(outside(y.stops, inRegion(&c.Region)), len(y.stops))
			}
		}
	}
	return nil
}

// registryDate is that of the lists beside a night: before all nights.
const registryDate = "20140101"

// writeRegistry writes down who is who in a world, as public lists have it: where
// networks are registered, who operates those that have siblings, and the
// customers of the large ones.
func (x *examination) writeRegistry(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	write := func(name string) error {
		defer b.Reset()
		return os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644)
	}
	ases := slices.Sorted(maps.Keys(x.input.Country))
	fmt.Fprintf(&b, "2|ripencc|%s|%d|19830101|%s|+0000\nripencc|*|asn|*|%d|summary\n", registryDate, len(ases), registryDate, len(ases))
	for _, as := range ases {
		fmt.Fprintf(&b, "ripencc|%s|asn|%d|1|19990101|allocated\n", x.input.Country[as], as)
	}
	if err := write("delegated-ripencc-" + registryDate); err != nil {
		return err
	}
	for _, as := range slices.Sorted(maps.Keys(x.input.Operator)) {
		fmt.Fprintf(&b, "{\"type\":\"ASN\",\"asn\":\"%d\",\"organizationId\":\"ORG-%d\"}\n", as, x.input.Operator[as])
	}
	if err := write(registryDate + ".as-org2info.jsonl"); err != nil {
		return err
	}
	for _, as := range slices.Sorted(maps.Keys(x.input.Large)) {
		for _, c := range x.graph.Customers(as) {
			fmt.Fprintf(&b, "%d|%d|-1\n", as, c)
		}
	}
	return write(registryDate + ".as-rel.txt")
}
