package score

import (
	"context"
	"reflect"
	"testing"

	"constat/judge/proof"
	"constat/lab/sim"
)

func options(n int, vantages ...int) Options {
	std, _, err := proof.Load(proof.Default)
	if err != nil {
		panic(err)
	}
	return Options{Graph: sim.Generate(3000, 1), Vantages: vantages, N: n, Seed: 1, Odd: 0.1, Conditions: sim.UsualConditions, Standard: std}
}

// TestNobodyAccused is the fixed two hundred: whatever else a change to the
// examiner or the simulator does, nobody may be accused falsely in them.
func TestNobodyAccused(t *testing.T) {
	for _, hard := range []bool{false, true} {
		o := options(100, 60)
		if hard {
			o.Conditions, o.Seed = sim.Conditions{Zombie: 0.06, Churn: 0.04, Stuck: 0.3}, 2
		}
		s, err := Run(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Worst(FalselyAccused) {
			t.Errorf("%s: %s, %v: established %v, %d of %d stopped outside", x.Name, x.Kind, x.Truth, x.Region, x.Outside, x.Stopped)
		}
		established := 0
		for _, x := range s.Outcomes {
			if x.Level == proof.Established.String() {
				established++
			}
		}
		if !hard && established < 10 {
			t.Errorf("only %d established of 100: an examiner that never speaks is never wrong", established)
		}
	}
}

// TestSameOnAnyCores wants the same outcomes from one worker and from three.
func TestSameOnAnyCores(t *testing.T) {
	o := options(24, 30, 60)
	o.Workers = 1
	a, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Workers = 3
	b, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Outcomes, b.Outcomes) {
		t.Error("the score depends on the number of workers")
	}
	lines, err := One(o, a.Outcomes[3].Name)
	if err != nil || len(lines) < 5 {
		t.Errorf("%s cannot be played again: %v", a.Outcomes[3].Name, err)
	}
}

// TestFiles examines nights of all kinds from files.
func TestFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it writes and examines archives")
	}
	for _, kind := range []string{"", sim.AllActs, "IPv6", "de-aggregation", "clocks and restarts"} {
		n := 4
		if kind == "" || kind == sim.AllActs {
			n = 8
		}
		o := options(n, 40)
		o.Kind = kind
		xs, err := Files(context.Background(), o, n, t.TempDir(), false)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range xs {
			t.Logf("%+v", x)
			if x.Trouble != "" {
				t.Errorf("%s, %s: %s", x.Name, x.Kind, x.Trouble)
			}
			if x.Expected && !x.Found {
				t.Errorf("%s, %s, %v: an outage was missed", x.Name, x.Kind, x.Truth)
			}
			if x.Found && !x.Expected && !x.Brief {
				t.Errorf("%s, %s, %v: an outage was found where none was", x.Name, x.Kind, x.Truth)
			}
			if x.FileFalse && x.FileLevel == proof.Established.String() {
				t.Errorf("%s, %s, %v: a false claim from files", x.Name, x.Kind, x.Truth)
			}
		}
	}
}

func TestValidate(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no graph":     func(o *Options) { o.Graph = nil },
		"no cases":     func(o *Options) { o.N = 0 },
		"too many":     func(o *Options) { o.Vantages = []int{2000} },
		"a rate":       func(o *Options) { o.Conditions.Churn = 2 },
		"unknown kind": func(o *Options) { o.Kind = "sharks" },
	} {
		o := options(1, 10)
		change(&o)
		if _, err := Run(context.Background(), o); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

func TestUpperBound(t *testing.T) {
	// Three in n, and a value of Clopper and Pearson's tables.
	if x := UpperBound(0, 1000); x < 0.00298 || x > 0.003 {
		t.Errorf("0 of 1000: %v", x)
	}
	if x := UpperBound(1, 20); x < 0.2160 || x > 0.2162 {
		t.Errorf("1 of 20: %v", x)
	}
	if UpperBound(0, 0) != 1 || UpperBound(3, 3) != 1 {
		t.Error("nothing proves nothing")
	}
}
