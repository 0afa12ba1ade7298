package lab

import (
	"context"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// How long nothing must be written before a moment counts as over.
const (
	calm     = 700 * time.Millisecond
	patience = 20 * time.Second // for a change that has to show somewhere
)

// play performs the scenario on a world that has converged.
func (w *world) play(ctx context.Context, progress func(done, of int, what string)) (*take, error) {
	ms := w.s.moments()
	t := &take{updates: map[string][]string{}, snapshots: map[string]map[int64]string{}}
	for _, c := range w.s.Collectors {
		t.snapshots[c.Name] = map[int64]string{}
	}
	if err := w.quiet(ctx, time.Now().Add(patience), 2*time.Second, nil); err != nil {
		return nil, err
	}
	began := time.Now()
	for i := range ms {
		m := &ms[i]
		if progress != nil {
			progress(i, len(ms), m.describe())
		}
		if err := w.nextSecond(ctx); err != nil {
			return nil, err
		}
		start := time.Now()
		t.segments = append(t.segments, segment{m.at.Unix(), start.Unix(), m})
		latest := start.Add(time.Hour) // by when the next moment has to begin
		if i+1 < len(ms) {
			if gap := ms[i+1].at.Sub(m.at); gap < latest.Sub(start) {
				latest = start.Add(gap)
			}
		}
		if err := w.perform(ctx, t, m, start, latest); err != nil {
			return nil, fmt.Errorf("at %s, %s: %w", m.at.Format(time.RFC3339), m.describe(), err)
		}
		if i+1 < len(ms) && ms[i+1].at.Sub(m.at) <= w.s.Idle && (m.event == nil || !m.event.Background) {
			// A pause this short is played as it stands.
			if err := sleep(ctx, time.Until(start.Truncate(time.Second).Add(ms[i+1].at.Sub(m.at)-50*time.Millisecond))); err != nil {
				return nil, err
			}
		}
		if err := w.fault(); err != nil {
			return nil, err
		}
	}
	t.seconds = time.Since(began).Seconds()
	for _, c := range w.s.Collectors {
		t.updates[c.Name] = w.nodes[c.Name].mrts
	}
	return t, nil
}

// nextSecond waits for the beginning of a second, so that the whole seconds of
// MRT count from the event's own beginning.
func (w *world) nextSecond(ctx context.Context) error {
	now := time.Now()
	return sleep(ctx, now.Truncate(time.Second).Add(time.Second+30*time.Millisecond).Sub(now))
}

// perform does what a moment asks for and waits until its consequences are
// over, or the next moment is due.
func (w *world) perform(ctx context.Context, t *take, m *moment, start, latest time.Time) error {
	before := w.written()
	if m.snapshot {
		for i := range w.s.Collectors {
			n := w.nodes[w.s.Collectors[i].Name]
			if !w.alive(n) {
				continue
			}
			file := filepath.Join(w.dir, fmt.Sprintf("%s.%d.rib", n.name, m.at.Unix()))
			if err := w.dump(ctx, n, file); err != nil {
				return err
			}
			t.snapshots[n.name][m.at.Unix()] = file
		}
	}
	if m.event == nil {
		return w.quiet(ctx, latest, calm, nil)
	}
	if m.event.Background {
		if err := w.do(ctx, m.event.Do[0].Cmd); err != nil {
			return err
		}
		return w.quiet(ctx, latest, calm, before)
	}
	p := w.pace(start, m.at.Unix())
	defer p.stop()
	var hold time.Duration
	var waking []string // whose sessions have to come up before anything is seen
	for _, st := range m.event.Do {
		if err := sleep(ctx, time.Until(start.Add(st.After))); err != nil {
			return err
		}
		switch c := st.Cmd; {
		case c.Verb == Lose && c.N > 0:
			// Nothing is seen until the hold time is over; it begins anew with
			// whatever comes through.
			hold = max(hold, st.After+w.s.Links[w.s.link(c.Who, c.Whom.AS)].Hold*3/2)
		case c.Verb == Mend || c.Verb == Lose:
			waking = append(waking, c.Who.String())
		case c.Verb == Start && c.Name != "":
			waking = append(waking, c.Name)
		case c.Verb == Start:
			waking = append(waking, c.Who.String())
		}
		if err := p.awake(func() error { return w.do(ctx, st.Cmd) }, st.Cmd.Who, st.Cmd.Whom.AS); err != nil {
			return err
		}
	}
	if err := sleep(ctx, time.Until(start.Add(hold))); err != nil {
		return err
	}
	until := start.Add(patience)
	if latest.Before(until) {
		until = latest
	}
	if err := w.converge(ctx, waking, until); err != nil && (ctx.Err() != nil || w.fault() != nil) {
		return err // but a session may have reasons not to come up
	}
	// The slowest router may still sit on the last news.
	if err := w.quiet(ctx, latest, p.slowest+calm, nil); err != nil {
		return err
	}
	p.stop()
	return w.quiet(ctx, latest, calm, nil)
}

// quiet waits until no collector has written anything for a while; if before is
// given, each has to have written something since first.
func (w *world) quiet(ctx context.Context, latest time.Time, still time.Duration, before []int64) error {
	begun := time.Now()
	last, since := w.written(), begun
	for {
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		if err := w.fault(); err != nil {
			return err
		}
		now := w.written()
		if !slices.Equal(now, last) {
			last, since = now, time.Now()
		}
		silent := false
		for i := range before {
			silent = silent || now[i] == before[i] && w.alive(w.nodes[w.s.Collectors[i].Name])
		}
		if silent && time.Since(begun) < patience {
			since = time.Now()
		}
		if time.Since(since) >= still || time.Now().After(latest.Add(-50*time.Millisecond)) {
			return nil
		}
	}
}

// pacer lets each paced router work only for an instant now and then. What a
// neighbour sent in between waits in the router's sockets, as it waits for a
// timer in a real one.
type pacer struct {
	w       *world
	start   time.Time
	slowest time.Duration
	routers []*paced
	mu      sync.Mutex
	quit    chan struct{}
	once    sync.Once
	done    chan struct{}
}

type paced struct {
	n      *node
	every  time.Duration
	phase  time.Duration
	asleep bool
	held   time.Time // awake until then, to do as it was told
}

// instant is how long a paced router works at a time; it is ample for a router
// with a few hundred routes.
const instant = 150 * time.Millisecond

func (w *world) pace(start time.Time, seed int64) *pacer {
	p := &pacer{w: w, start: start, quit: make(chan struct{}), done: make(chan struct{})}
	for _, r := range w.s.Routers {
		if r.Pace == 0 {
			continue
		}
		h := fnv.New64a()
		fmt.Fprintf(h, "%d %d", seed, r.AS)
		p.routers = append(p.routers, &paced{n: w.nodes[r.AS.String()], every: r.Pace, phase: time.Duration(h.Sum64() % uint64(r.Pace))})
		p.slowest = max(p.slowest, r.Pace)
	}
	p.step()
	go func() {
		defer close(p.done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-p.quit:
				return
			case <-tick.C:
				p.step()
			}
		}
	}()
	return p
}

// step sends every router to sleep or to work as the clock says.
func (p *pacer) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.routers {
		// The first turn comes one phase after the event began.
		t := time.Since(p.start) - r.phase
		work := t >= 0 && t%r.every < instant || time.Now().Before(r.held)
		if work == r.asleep {
			p.set(r, !work)
		}
	}
}

func (p *pacer) set(r *paced, asleep bool) {
	if !p.w.alive(r.n) { // the script has stopped or frozen it
		r.asleep = false
		return
	}
	sig := syscall.SIGCONT
	if asleep {
		sig = syscall.SIGSTOP
	}
	_ = r.n.proc.Process.Signal(sig)
	r.asleep = asleep
}

// awake runs f while some routers are awake, and leaves them an instant after
// that.
// Nobody else is woken or sent to sleep meanwhile, so f may stop and freeze.
func (p *pacer) awake(f func() error, as ...ASN) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.routers {
		if slices.Contains(as, r.n.as) {
			if r.asleep {
				p.set(r, false)
			}
			defer func() { r.held = time.Now().Add(instant) }()
		}
	}
	return f()
}

// stop wakes everybody up for good.
func (p *pacer) stop() {
	p.once.Do(func() {
		close(p.quit)
		<-p.done
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, r := range p.routers {
			if r.asleep {
				p.set(r, false)
			}
		}
	})
}
