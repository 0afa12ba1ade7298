//go:build unix

package caselog

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func init() { mkfifo = syscall.Mkfifo }

// TestMain lets the test run itself as a process that adds entries to a case,
// to be killed or to compete with others.
func TestMain(m *testing.M) {
	if dir := os.Getenv("CASEFILE_CHILD"); dir != "" {
		child(dir)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child adds entries and says on standard output which were acknowledged.
func child(dir string) {
	die := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	n, _ := strconv.Atoi(os.Getenv("CASEFILE_COUNT"))
	at, _ := strconv.Atoi(os.Getenv("CASEFILE_DIE_AT"))
	steps := 0
	stepped = func(string) {
		if steps++; steps == at {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	k, err := LoadKey(os.Getenv("CASEFILE_KEY"), dir)
	die(err)
	c, err := Open(dir)
	die(err)
	if to := os.Getenv("CASEFILE_ROTATE"); to != "" {
		next, err := LoadKey(to, dir)
		die(err)
		cp, _, err := c.Rotate(context.Background(), next, k, nil, "The laptop was replaced.", noon)
		die(err)
		fmt.Printf("%d rotated\n", cp.Size-1)
		return
	}
	for i := 0; n == 0 || i < n; i++ {
		a, err := c.NewAct(KindDocument, noon)
		die(err)
		word := fmt.Sprintf("%s-%d", os.Getenv("CASEFILE_NAME"), i)
		a.Note = word
		die(a.WriteFile("a.txt", "", []byte(word)))
		die(a.WriteFile("b.txt", "", []byte(strings.Repeat(word, 1000))))
		stepped("gathered")
		cp, _, err := c.Add(context.Background(), k, a)
		die(err)
		a.Discard()
		fmt.Printf("%d %s\n", cp.Size-1, word)
	}
}

// start runs a child.
func (d *desk) start(key string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	d.t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "CASEFILE_CHILD="+d.dir, "CASEFILE_KEY="+key)
	c.Env = append(c.Env, env...)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	return c, bufio.NewScanner(out)
}

func (d *desk) saveKey() string {
	d.t.Helper()
	name := filepath.Join(d.t.TempDir(), "k.key")
	if err := d.key.Save(name); err != nil {
		d.t.Fatal(err)
	}
	return name
}

// acknowledged checks that what a child said it wrote is there.
func (d *desk) acknowledged(a *Account, said map[int64]string) {
	d.t.Helper()
	for n, word := range said {
		if n >= a.Checkpoint.Size || a.Entries[n].Note != word {
			d.t.Errorf("entry %d (%s) was acknowledged and is lost", n, word)
			continue
		}
		if b := d.read(ActFolder(n, KindDocument) + "/a.txt"); string(b) != word {
			d.t.Errorf("entry %d: a.txt is %q", n, b)
		}
	}
}

// clean adds an entry and expects that nothing is left over of what came before.
func (d *desk) settle() *Account {
	d.t.Helper()
	d.add(KindDocument, nil, "after.txt=after")
	a := d.must(CheckOptions{})
	if len(a.Leftover) > 0 {
		d.t.Errorf("left over: %v", a.Leftover)
	}
	return a
}

// TestKilledAtRandom kills a process that adds entries at random moments, over
// and over on the same case. Whatever it acknowledged is there, at most one
// entry more is, and the case holds at once and goes on.
func TestKilledAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: processes that are killed")
	}
	d := open(t)
	key := d.saveKey()
	r := rand.New(rand.NewPCG(3, 4))
	size, total, leftovers := int64(1), 0, 0
	for i := range 36 {
		c, out := d.start(key, fmt.Sprintf("CASEFILE_NAME=run%d", i))
		// Some are killed after so many entries, some after so much time.
		after, pause := r.IntN(4), time.Duration(r.IntN(30000))*time.Microsecond
		said := map[int64]string{}
		for len(said) < after && out.Scan() {
			var n int64
			var word string
			fmt.Sscan(out.Text(), &n, &word)
			said[n] = word
		}
		time.Sleep(pause)
		c.Process.Kill()
		for out.Scan() { // what it said before it died
			var n int64
			var word string
			if k, _ := fmt.Sscan(out.Text(), &n, &word); k == 2 {
				said[n] = word
			}
		}
		c.Wait()
		a := d.must(CheckOptions{})
		d.acknowledged(a, said)
		if a.Checkpoint.Size > size+int64(len(said))+1 || a.Checkpoint.Size < size+int64(len(said)) {
			t.Errorf("run %d: %d entries after %d and %d acknowledged", i, a.Checkpoint.Size, size, len(said))
		}
		if len(a.Leftover) > 0 {
			leftovers++
		}
		total += len(said)
		size = a.Checkpoint.Size
		if i%6 == 5 {
			size = d.settle().Checkpoint.Size
		}
	}
	d.settle()
	t.Logf("36 kills, %d entries acknowledged and kept, %d times something was left over", total, leftovers)
	if total < 10 || leftovers < 5 {
		t.Errorf("the kills came at moments that prove little: %d entries, %d leftovers", total, leftovers)
	}
}

// TestKilledAtEachStep kills a process between any two steps of adding, at the
// edge of a tile where the steps are most.
func TestKilledAtEachStep(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: processes that are killed")
	}
	base := open(t)
	key := base.saveKey()
	var acts []*Act
	for range 254 {
		acts = append(acts, &Act{Kind: KindDocument, Time: noon, dir: base.dir})
	}
	if _, _, err := base.Add(context.Background(), base.key, acts...); err != nil {
		t.Fatal(err)
	}
	for step := 1; ; step++ {
		d := base.copy()
		c, out := d.start(key, "CASEFILE_COUNT=3", "CASEFILE_NAME=x", fmt.Sprintf("CASEFILE_DIE_AT=%d", step))
		said := map[int64]string{}
		for out.Scan() {
			var n int64
			var word string
			fmt.Sscan(out.Text(), &n, &word)
			said[n] = word
		}
		err := c.Wait()
		a := d.must(CheckOptions{})
		d.acknowledged(a, said)
		if extra := a.Checkpoint.Size - 255 - int64(len(said)); extra != 0 && extra != 1 {
			t.Errorf("step %d: %d entries, %d acknowledged", step, a.Checkpoint.Size, len(said))
		}
		d.settle()
		if err == nil { // it was never killed: there are no more steps
			if len(said) != 3 || step < 20 {
				t.Errorf("it ended by itself at step %d with %d entries", step, len(said))
			}
			t.Logf("killed at each of %d steps", step-1)
			return
		}
	}
}

// TestKilledHandover kills a handover between any two of its steps. The case holds at
// once, and goes on under the key that signs it: the examiner's as long as the log has
// no entry that says otherwise.
func TestKilledHandover(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: processes that are killed")
	}
	base := open(t)
	key := base.saveKey()
	next := newKey(t, "examiner.example/2")
	to := filepath.Join(t.TempDir(), "next.key")
	if err := next.Save(to); err != nil {
		t.Fatal(err)
	}
	before := 0
	for step := 1; ; step++ {
		d := base.copy()
		c, out := d.start(key, "CASEFILE_ROTATE="+to, fmt.Sprintf("CASEFILE_DIE_AT=%d", step))
		for out.Scan() {
		}
		err := c.Wait()
		a := d.must(CheckOptions{})
		if a.Checkpoint.Size == base.must(CheckOptions{}).Checkpoint.Size {
			before++
			if a.Signer().Text != d.key.public.Text {
				t.Errorf("step %d: signed by %s", step, a.Signer().Text)
			}
		} else {
			d.key = next
		}
		d.settle() // another act, with the key that signs
		d.must(CheckOptions{Examiner: &base.key.public})
		if err == nil {
			if before < 3 || step-1-before < 2 {
				t.Errorf("killed %d times before the checkpoint and %d after", before, step-1-before)
			}
			return
		}
	}
}

// TestTwoProcesses: processes and goroutines that add at once all get their
// entries in, each once.
func TestTwoProcesses(t *testing.T) {
	d := open(t)
	key := d.saveKey()
	const each = 20
	var wg sync.WaitGroup
	var mu sync.Mutex
	all := map[int64]string{}
	for i := range 3 {
		c, out := d.start(key, fmt.Sprintf("CASEFILE_NAME=p%d", i), fmt.Sprintf("CASEFILE_COUNT=%d", each))
		wg.Add(1)
		go func() {
			defer wg.Done()
			for out.Scan() {
				var n int64
				var word string
				fmt.Sscan(out.Text(), &n, &word)
				mu.Lock()
				if was, ok := all[n]; ok {
					t.Errorf("entry %d was given to %s and to %s", n, was, word)
				}
				all[n] = word
				mu.Unlock()
			}
			if err := c.Wait(); err != nil {
				t.Error(err)
			}
		}()
	}
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 10 {
				a, err := d.NewAct(KindEvidence, noon)
				if err != nil {
					t.Error(err)
					return
				}
				if _, _, err := d.Add(context.Background(), d.key, a); err != nil {
					t.Error(err)
				}
				a.Discard()
				if _, err := d.check(CheckOptions{}); err != nil {
					t.Errorf("while others write: %v", err)
				}
			}
		}()
	}
	wg.Wait()
	a := d.must(CheckOptions{})
	d.acknowledged(a, all)
	if len(all) != 3*each || a.Checkpoint.Size != 1+3*each+20 || len(a.Leftover) > 0 {
		t.Errorf("%d entries, %d acknowledged by processes; left over: %v", a.Checkpoint.Size, len(all), a.Leftover)
	}
}
