package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"constat/internal/decompress"
	"constat/internal/durable"
	"constat/internal/fetch"
	"constat/internal/worded"
	"constat/moment"
)

// errNoFolder: an archive has no folder for a collector and month.
var errNoFolder = errors.New("no folder in the archive")

// Unavailable is the error for files that an archive has, or may have, and
// that could not be had.
type Unavailable struct {
	Archive string
	What    []string // names of files and listings
	Of      int      // how many were needed
	Have    int      // how many of them are at hand
	Err     error    // of the first
	Cache   string
}

func (e *Unavailable) Error() string {
	shown := e.What
	more := ""
	if len(shown) > 8 {
		more = fmt.Sprintf(" and %d more", len(shown)-8)
		shown = shown[:8]
	}
	kept := "Run the same command again when it can be reached, "
	if e.Have > 0 {
		kept = fmt.Sprintf("The %d that were fetched are kept; run the same command again to go on from there, ", e.Have)
	}
	return fmt.Sprintf("source %s: %d of %d files could not be fetched: %s%s. First: %v. %s"+
		"or add --offline to use the cache alone (what is missing then counts as blindness)",
		e.Archive, len(e.What), e.Of, strings.Join(shown, ", "), more, e.Err, kept)
}

func (e *Unavailable) Unwrap() error { return e.Err }

// remote is one archive while it is asked.
type remote struct {
	*archive
	base    string
	cache   string // the archive's own folder in the cache
	offline bool
	bare    bool // [Options.Bare]
	early   bool // [Options.Early]
	client  *fetch.Client
	q       moment.Interval
	now     time.Time

	checks   *checks
	checking func(done, of int)
}

// openArchives adds the files of archives: plans with the listings, fetches
// what is not in the cache, and names what is missing.
func (s *Set) openArchives(ctx context.Context, archives []*archive, wanted map[string][]string, q moment.Interval, opts Options) error {
	if opts.Cache == "" {
		return errors.New("source: archives need a cache folder (--cache)")
	}
	client := opts.Client
	if client == nil {
		client = &fetch.Client{}
	}
	for _, a := range archives {
		r := &remote{archive: a, base: a.base(opts), cache: filepath.Join(opts.Cache, a.name),
			offline: opts.Offline, bare: opts.Bare, early: opts.Early, client: client, q: q, now: time.Now(),
			checks: newChecks(), checking: opts.Checking}
		if err := r.open(ctx, s, wanted[a.name]); err != nil {
			return err
		}
	}
	return nil
}

// plan is what is to be done for one collector.
type plan struct {
	name   string
	named  bool // asked for by name
	choice choice
	absent string // why there is nothing of it
	blind  string // why all of the question is blindness
	failed []string
	err    error
}

func (r *remote) open(ctx context.Context, s *Set, names []string) error {
	var plans []*plan
	for _, n := range names {
		plans = append(plans, &plan{name: n, named: true})
	}
	if len(names) == 0 {
		all, err := r.everyone(ctx)
		if err != nil {
			return err
		}
		for _, n := range all {
			plans = append(plans, &plan{name: n})
		}
	}
	each(len(plans), func(i int) { r.plan(ctx, plans[i]) })
	if err := ctx.Err(); err != nil {
		return err
	}
	var need, have []*File
	u := &Unavailable{Archive: r.name, Cache: r.cache}
	bytes := int64(0)
	for _, p := range plans {
		if p.err != nil {
			u.What = append(u.What, p.failed...)
			u.Of += len(p.failed)
			if u.Err == nil {
				u.Err = p.err
			}
			continue
		}
		for i := range p.choice.keep {
			f := &p.choice.keep[i]
			u.Of++
			if fetch.Fits(f.Path, f.Size, f.slack) {
				u.Have++
				have = append(have, f)
				continue
			}
			need = append(need, f)
			bytes += f.Size
		}
	}
	defer r.checks.save()
	gone, bad := map[*File]string{}, map[*File]damaged{}
	if len(u.What) == 0 {
		list, err := r.check(ctx, have)
		if err != nil {
			return err
		}
		for _, d := range list {
			if r.offline {
				d.file.Note = fmt.Sprintf(cacheDamaged, d.err)
				continue
			}
			bad[d.file] = d
			need = append(need, d.file)
			bytes += d.file.Size
			u.Have--
		}
	}
	if len(u.What) == 0 && len(need) > 0 {
		if r.offline {
			for _, f := range need {
				gone[f] = "not in the cache, and --offline was asked for"
				if _, err := os.Stat(f.Path); err == nil {
					gone[f] = "what the cache has under its name is not what the archive's listing says, and --offline was asked for"
				}
			}
		} else if err := r.fetch(ctx, need, bad, bytes, gone, u); err != nil {
			return err
		}
	}
	if len(u.What) > 0 {
		return u
	}
	return r.settle(s, plans, gone)
}

// each runs f for 0 to n-1, a few at a time; what really bounds the traffic is
// the client.
func each(n int, f func(int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i := range n {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			f(i)
		}()
	}
	wg.Wait()
}

// everyone lists the collectors of the archive that may have recorded during
// the question: those of the table, and those its front page names.
func (r *remote) everyone(ctx context.Context) ([]string, error) {
	all := map[string]bool{}
	for _, c := range r.collectors {
		all[c.name] = true
	}
	entries, _, err := r.listing(ctx, "")
	switch {
	case err == nil:
		for _, e := range entries {
			if r.names.MatchString(e.Name) {
				all[e.Name] = true
			}
		}
	case errors.Is(err, errNoFolder):
		// An archive without a front page still has its collectors.
	default:
		return nil, &Unavailable{Archive: r.name, What: []string{"the list of collectors"}, Of: 1, Err: err, Cache: r.cache}
	}
	var out []string
	for n := range all {
		out = append(out, n)
	}
	sort.Strings(out)
	return out, nil
}

// plan finds what the archive has of one collector, and chooses from it.
func (r *remote) plan(ctx context.Context, p *plan) {
	c, inTable := r.known(p.name)
	// Snapshots may be missing; three intervals back one is enough.
	from := r.q.From.Std().Add(-3 * r.snaps)
	until := r.q.Until.Std()
	if r.q.From < distrusted {
		from, until = from.Add(-2*time.Hour), until.Add(2*time.Hour) // names in local time
	}
	var files []File
	folders, sure := 0, false
	unlisted := map[string]bool{} // months of whose updates there is no listing, but only the cache
	for _, month := range months(from, until) {
		surely, not := c.recording(month)
		if not && !p.named {
			continue
		}
		// Blindness needs the question itself to be in the month.
		sure = sure || surely && month >= r.q.From.Std().Format("2006.01")
		for kind, dir := range r.folders(p.name, month) {
			entries, listed, err := r.listing(ctx, dir)
			if !listed && kind != RIB {
				unlisted[month] = true
			}
			if errors.Is(err, errNoFolder) {
				continue
			}
			if err != nil {
				if ctx.Err() != nil {
					p.err = ctx.Err()
					return
				}
				p.failed = append(p.failed, "the listing of "+dir)
				if p.err == nil {
					p.err = err
				}
				continue
			}
			folders++
			for _, e := range entries {
				k, start, ok := parseTimeName(e.Name)
				if !ok || e.Dir || unfinished(e.Name) || kind != Unknown && kind != k ||
					start < moment.FromTime(from) || start >= moment.FromTime(until) {
					continue
				}
				files = append(files, File{Name: e.Name, Collector: p.name, Archive: r.name, Kind: k, Start: start,
					Size: e.Size, slack: e.Slack, dir: dir, URL: r.base + "/" + dir + url.PathEscape(e.Name), Path: filepath.Join(r.cache, filepath.FromSlash(dir), e.Name)})
			}
		}
	}
	if p.err != nil {
		return
	}
	if len(files) == 0 {
		what := "the archive has no folder of it for that time"
		if folders > 0 {
			what = "the archive's folder has no file of it for that time"
		}
		if r.offline {
			what = "nothing of it is in the cache, and --offline was asked for"
		}
		switch {
		case p.named && !inTable && folders == 0 && !r.offline:
			p.absent = "the archive has no such collector, or had none then"
		case p.named || folders > 0 && !r.offline || sure && !r.offline:
			p.blind = what
		default:
			p.absent = what
		}
		return
	}
	files = sameMoment(files)
	p.choice = choose(files, r.q, before{early: r.early}, NotArchived, "not in the archive's listing")
	if r.offline {
		for i := range p.choice.missing {
			notCached(&p.choice.missing[i], unlisted)
		}
	}
	p.choice.outside = nil // of a month's listing, not of what anybody gave
	if r.bare {
		p.choice.bare(r.q)
		return
	}
	p.choice.keep = worthFetching(p.choice.keep, p.choice.missing, r.q)
}

// notCached says of a hole for which no listing vouches that the cache has not its
// files: the archive may.
func notCached(h *Hole, unlisted map[string]bool) {
	for _, m := range months(h.From.Std(), h.Until.Std()) {
		if unlisted[m] {
			h.Reason, h.Detail = NotCached, "not in the cache, and --offline was asked for"
			return
		}
	}
}

// worthFetching leaves out the snapshots inside a question that nothing asks
// for: tables are most of an archive's bytes, and with a baseline and every
// update since they repeat what is known. One is worth its transfer where no
// baseline precedes it, and after a hole, which makes every route unknown.
func worthFetching(files []File, missing []Hole, q moment.Interval) []File {
	known := moment.Time(-1) // when the table was last known from a snapshot
	for _, f := range files {
		if f.Kind == RIB && f.Start <= q.From {
			known = max(known, f.Start)
		}
	}
	var out []File
	for _, f := range files { // in order of time within a kind
		if f.Kind == RIB && f.Start > q.From && known >= 0 &&
			!slices.ContainsFunc(missing, func(h Hole) bool { return h.Until > known && h.From <= f.Start }) {
			continue
		}
		if f.Kind == RIB {
			known = f.Start
		}
		out = append(out, f)
	}
	return out
}

// sameMoment drops second copies of one file: some folders of the early years
// hold it packed in two ways.
func sameMoment(files []File) []File {
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(files, func(a, b File) bool {
		return a.Kind == b.Kind && a.Start == b.Start && stem(a.Name) == stem(b.Name)
	})
}

func stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

// months lists the months of an interval in the archives' form.
func months(from, until time.Time) []string {
	var out []string
	for t := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); t.Before(until); t = t.AddDate(0, 1, 0) {
		out = append(out, t.Format("2006.01"))
	}
	return out
}

// cachedListing is a folder of the archive as it was seen.
type cachedListing struct {
	URL     string        `json:"url"`
	Seen    time.Time     `json:"seen"`
	None    bool          `json:"none,omitempty"` // the archive has no such folder
	Entries []fetch.Entry `json:"entries"`
}

const (
	listingName = ".listing.json"
	// settled is how long after a question's end a listing is believed to be
	// complete: collectors deliver late.
	settled = 24 * time.Hour
	maxPage = 32 << 20
)

// listing returns the entries of a folder of the archive, from the cache if
// what is there cannot have changed for this question. listed is false if it is only
// what the cache has.
func (r *remote) listing(ctx context.Context, dir string) (entries []fetch.Entry, listed bool, err error) {
	l, err := r.load(dir)
	if r.offline {
		if err != nil {
			entries, err = r.fromFiles(dir)
			return entries, false, err
		}
	} else if err != nil || l.URL != r.base+"/"+dir || l.Seen.Before(r.q.Until.Std().Add(settled)) {
		if l, err = r.ask(ctx, dir); err != nil {
			return nil, true, err
		}
	}
	if l.None {
		return nil, true, errNoFolder
	}
	return l.Entries, true, nil
}

func (r *remote) listingPath(dir string) string {
	return filepath.Join(r.cache, filepath.FromSlash(dir), listingName)
}

func (r *remote) load(dir string) (cachedListing, error) {
	var l cachedListing
	b, err := os.ReadFile(r.listingPath(dir))
	if err == nil {
		err = json.Unmarshal(b, &l)
	}
	return l, err
}

// ask fetches a listing and keeps it.
func (r *remote) ask(ctx context.Context, dir string) (cachedListing, error) {
	l := cachedListing{URL: r.base + "/" + dir, Seen: r.now.UTC()}
	if p := r.client.Progress; p != nil {
		p.Plan(1, 0)
		defer p.Finished(l.URL, nil)
	}
	page, err := r.client.Bytes(ctx, l.URL, maxPage)
	switch {
	case errors.Is(err, fetch.ErrNotFound):
		l.None = true
	case err != nil:
		return l, err
	case dir == "":
		// The front page is written by people, and need not be a listing.
		seen := map[string]bool{}
		for _, m := range r.links.FindAllSubmatch(page, -1) {
			if name := string(m[1]); !seen[name] {
				seen[name] = true
				l.Entries = append(l.Entries, fetch.Entry{Name: name, Dir: true})
			}
		}
	default:
		entries, ok := fetch.ParseListing(page)
		if !ok {
			return l, worded.Errorf("%s: no listing of a folder, but some other page", l.URL)
		}
		for _, e := range entries {
			if _, _, is := parseTimeName(e.Name); is {
				l.Entries = append(l.Entries, e)
			}
		}
		if len(l.Entries) == 0 && len(entries) > 0 && !anyDir(entries) {
			return l, worded.Errorf("%s: a page of links, none to a file of records", l.URL)
		}
	}
	return l, r.store(dir, l)
}

func anyDir(entries []fetch.Entry) bool {
	return slices.ContainsFunc(entries, func(e fetch.Entry) bool { return e.Dir })
}

func (r *remote) store(dir string, l cachedListing) error {
	b, err := json.Marshal(l)
	if err != nil {
		return err
	}
	path := r.listingPath(dir)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return durable.WriteFile(path, b, 0o666)
}

// unfinished says whether a name is that of a transfer under way, not of a file.
// An archive that is another's cache lists such names too.
func unfinished(name string) bool {
	switch filepath.Ext(name) {
	case ".part", ".json", ".lock":
		return true
	}
	return false
}

// fromFiles stands in for a listing that is not in the cache: the files are.
func (r *remote) fromFiles(dir string) ([]fetch.Entry, error) {
	des, err := os.ReadDir(filepath.Join(r.cache, filepath.FromSlash(dir)))
	if err != nil {
		return nil, errNoFolder
	}
	var out []fetch.Entry
	for _, d := range des {
		if _, _, ok := parseTimeName(d.Name()); ok && d.Type().IsRegular() && !unfinished(d.Name()) {
			out = append(out, fetch.Entry{Name: d.Name()})
		}
	}
	return out, nil
}

// fetch brings what is needed into the cache, in place of what is bad there. Files that the archive turns out
// not to have go to gone; those that could not be had go to u.
func (r *remote) fetch(ctx context.Context, need []*File, bad map[*File]damaged, bytes int64, gone map[*File]string, u *Unavailable) error {
	if p := r.client.Progress; p != nil {
		p.Plan(len(need), bytes)
	}
	errs := make([]error, len(need))
	damage := make([]error, len(need))
	each(len(need), func(i int) {
		f := need[i]
		if errs[i] = ctx.Err(); errs[i] != nil {
			return
		}
		var res fetch.Result
		res, errs[i] = r.client.Get(ctx, fetch.Request{URL: f.URL, Path: f.Path, Size: f.Size, Slack: f.slack, Replaces: bad[f].was,
			Check: func(path string) error { return unpacks(ctx, path) }})
		damage[i] = res.Damage
		if errs[i] == nil {
			r.checks.note(f.Path, res.Damage)
		}
		if p := r.client.Progress; p != nil {
			p.Finished(f.Name, errs[i])
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, f := range need {
		switch err := errs[i]; {
		case err == nil:
			u.Have++
			if damage[i] != nil {
				f.Note = fmt.Sprintf(ownDamaged, damage[i])
			} else if d, ok := bad[f]; ok {
				f.Note = fmt.Sprintf(damagedFetched, d.err)
			}
		case errors.Is(err, fetch.ErrNotFound):
			// Listed, perhaps in an old listing, and not there.
			l, lerr := r.ask(ctx, f.dir)
			if lerr == nil && !slices.ContainsFunc(l.Entries, func(e fetch.Entry) bool { return e.Name == f.Name }) {
				gone[f] = "no longer in the archive's listing"
				continue
			}
			fallthrough
		default:
			u.What = append(u.What, f.Collector+" "+f.Name)
			if u.Err == nil {
				u.Err = err
			}
		}
	}
	return nil
}

// unpacks checks that a file can be unpacked to its end.
func unpacks(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return err
	}
	defer d.Close()
	if d.Format() == decompress.Plain {
		return nil // nothing to check it by; the size was checked
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := d.Next(); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
	}
}

// settle turns the plans into the set.
func (r *remote) settle(s *Set, plans []*plan, gone map[*File]string) error {
	for _, p := range plans {
		switch {
		case p.absent != "":
			if p.named && !r.offline {
				return usage{worded.Errorf("source %s: %w", r.name+":"+p.name, errors.New(p.absent))}
			}
			s.Absent = append(s.Absent, Skipped{p.name, p.absent})
			continue
		case p.blind != "":
			step := nominal(r.name, r.q.From)
			s.Cadence[p.name] = step
			s.Missing = append(s.Missing, Hole{Collector: p.name, From: r.q.From, Until: r.q.Until,
				Reason: r.absent(), Detail: p.blind})
			continue
		}
		var keep []File
		for i := range p.choice.keep {
			f := &p.choice.keep[i]
			why, missing := gone[f]
			if !missing {
				if st, err := os.Stat(f.Path); err != nil {
					return err
				} else {
					f.Size = st.Size()
				}
				if f.Start < distrusted {
					r.distrust(f)
				}
				keep = append(keep, *f)
				continue
			}
			if f.Kind == Updates && f.End > 0 {
				p.choice.missing = append(p.choice.missing, Hole{Collector: p.name, From: f.Start, Until: f.End,
					Files: 1, Reason: r.absent(), Detail: why})
			} else {
				s.Absent = append(s.Absent, Skipped{p.name + " " + f.Name, why})
			}
		}
		p.choice.keep = keep
		p.choice.missing = joinHoles(p.choice.missing)
		s.take(p.name, p.choice)
	}
	return nil
}

// absent is the reason of a hole that was found after the listings were read.
func (r *remote) absent() string {
	if r.offline {
		return NotCached
	}
	return NotArchived
}

// distrust replaces a start in local time.
func (r *remote) distrust(f *File) {
	first, _, err := firstRecord(f.Path)
	if err != nil {
		return
	}
	if d := first - f.Start; d < -dur(30*time.Minute) || d > dur(30*time.Minute) {
		f.Note = fmt.Sprintf("its name says %v, its first record %v", f.Start, first)
		f.Start, f.End, f.guessed = first, 0, true
	}
}

// joinHoles sorts holes and joins those that touch and have the same cause.
func joinHoles(hs []Hole) []Hole {
	slices.SortFunc(hs, func(a, b Hole) int { return cmp.Compare(a.From, b.From) })
	var out []Hole
	for _, h := range hs {
		if n := len(out); n > 0 && out[n-1].Until >= h.From && out[n-1].Detail == h.Detail {
			out[n-1].Until = max(out[n-1].Until, h.Until)
			out[n-1].Files += h.Files
			continue
		}
		out = append(out, h)
	}
	return out
}
