// Package fetch downloads files from public archives the way their operators
// ask for: a bounded number of connections to a host, a name in the
// User-Agent, Retry-After obeyed, back-off between tries, nothing asked for
// twice. A server that does not exist, or that nothing listens for, is not waited
// for, unless it answered before.
//
// It promises that a file appears under its name whole or not at all; that what
// a broken transfer brought is kept beside it and the next try, of this process
// or a later one, goes on from there if the server still has the same file; and
// that a web page sent in place of data, a transfer cut short and a size that
// differs from what was promised are errors, each retried before it is
// reported. [ErrNotFound] means that the server answered and does not have the
// file; every other error means that nobody knows.
//
// It does not know what is in the files: a caller passes a check. A retry
// library was looked at and left: the tries here span cut bodies, resumed
// ranges and failed checks, not requests, and two loops of retries inside each
// other are worse than one.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"constat/internal/worded"
)

var (
	// ErrNotFound says that the server answered that there is no such file.
	ErrNotFound = errors.New("the server does not have it")
	// ErrWebPage says that a web page came where data should be, as captive portals,
	// maintenance notices and wrong addresses give with status 200.
	ErrWebPage = errors.New("a web page came instead of data")
	// ErrNotData says that something else came where data should be, such as an error in
	// JSON with status 200. A [Request.Check] may say so too; what it says of is
	// never kept.
	ErrNotData = errors.New("what came is not the kind of file that was asked for")
	// ErrSize says that the size differs from what the server or its listing promised.
	ErrSize = errors.New("wrong size")
)

// Error is a download that was given up.
type Error struct {
	URL   string
	Tries int
	Err   error // of the last try
}

func (e *Error) Error() string {
	if e.Tries > 1 {
		return fmt.Sprintf("%s: given up after %d tries: %v", e.URL, e.Tries, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.URL, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Progress hears what happens. Its methods are called from several goroutines.
type Progress interface {
	// Plan adds files that are going to be fetched; bytes is 0 if unknown.
	Plan(files int, bytes int64)
	// Received adds bytes that arrived.
	Received(n int64)
	// Finished tells that a planned file is done with, fetched or given up.
	Finished(name string, err error)
	// Waiting tells of a pause before another try.
	Waiting(name string, d time.Duration, why error)
}

// Client downloads. Its fields may be set before the first use; zero values
// stand for the defaults. It is safe for concurrent use.
type Client struct {
	Agent      string            // User-Agent; default "constat"
	PerHost    int               // transfers at a time from one host; default 4
	Tries      int               // tries in a row that bring nothing before giving up; default 6
	Backoff    time.Duration     // before the second try, doubling; default 1 s
	MaxBackoff time.Duration     // default 1 min
	Patience   time.Duration     // a file of which next to nothing comes for so long is given up; default 1 min
	MaxWait    time.Duration     // longest Retry-After that is waited for; default Patience
	Stall      time.Duration     // a transfer that brings next to nothing for so long is cut; default half of Patience
	MaxSize    int64             // of a file whose size nobody says; default 8 GiB
	Transport  http.RoundTripper // default: a clone of http.DefaultTransport
	Progress   Progress          // may be nil

	once  sync.Once
	http  *http.Client
	mu    sync.Mutex
	hosts map[string]*host
}

// host bounds what is asked of one server at a time.
type host struct {
	slots chan struct{}
	mu    sync.Mutex
	until time.Time // the server asked for silence until then
	lost  int       // files given up in a row, with nothing fetched between them
	last  error     // of the latest of them
	spoke bool      // it answered at least once
	none  bool      // there is no such server; see [unreachable]
}

// hostLost is how many files in a row are given up before the rest is not even
// tried: a server that is down would otherwise be asked for each of a thousand
// files, with all the pauses between tries.
const hostLost = 3

// down reports the host's last error if it is to be left alone.
func (h *host) down() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.none:
		return worded.Errorf("not tried: %w", h.last)
	case h.lost < hostLost:
		return nil
	}
	return fmt.Errorf("not tried, as %d files in a row could not be had from there: %w", h.lost, h.last)
}

func (h *host) heard(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last = err; err == nil {
		h.lost = 0
	} else {
		h.lost++
	}
}

// answered notes that there is a server.
func (h *host) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.spoke = true
}

// nobody notes that there is no server, unless it answered before: then it is the
// network, or the server, that went away for a moment.
func (h *host) nobody(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.spoke {
		return false
	}
	h.none, h.last = true, err
	return true
}

// unreachable reports whether an error says that waiting will not help: the name
// does not exist or nobody tells its address, nothing listens at the port, or there
// is no way to the network. A time-out is not among them.
func unreachable(err error) bool {
	var d *net.DNSError
	if errors.As(err, &d) {
		return !d.IsTimeout
	}
	return refused(err)
}

// enough is how many bytes are more than next to nothing. A server that drips
// one byte a second is as good as silent.
const enough = 64 << 10

// redirected follows a server to another place of its own, and nowhere else: not
// to another operator's host, which nobody asked for data, and not from https to
// http, where anybody on the way can answer.
func redirected(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	switch {
	case len(via) >= 5:
		return fmt.Errorf("%w: the server sends from one place to the next, five times", errRedirect)
	case from.Scheme == "https" && req.URL.Scheme != "https":
		return fmt.Errorf("%w: the server sends from https to %s", errRedirect, req.URL.Scheme)
	case site(from.Hostname()) != site(req.URL.Hostname()):
		return fmt.Errorf("%w: the server sends to another host, %s", errRedirect, req.URL.Host)
	}
	return nil
}

var errRedirect = errors.New("not followed")

// site is whose a host is: data.ris.example.net and www.example.net are both of
// example.net. An address stands for itself.
func site(host string) string {
	if s, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && net.ParseIP(host) == nil {
		return s
	}
	return host
}

// maxTries bounds the tries of one file even if each brings a few bytes.
const maxTries = 100

func (c *Client) init() {
	c.once.Do(func() {
		def := func(d *time.Duration, v time.Duration) {
			if *d == 0 {
				*d = v
			}
		}
		def(&c.Backoff, time.Second)
		def(&c.MaxBackoff, time.Minute)
		def(&c.Patience, time.Minute)
		def(&c.MaxWait, c.Patience)
		def(&c.Stall, c.Patience/2)
		if c.MaxSize <= 0 {
			c.MaxSize = 8 << 30
		}
		if c.Agent == "" {
			c.Agent = "constat"
		}
		if c.PerHost <= 0 {
			c.PerHost = 4
		}
		if c.Tries <= 0 {
			c.Tries = 6
		}
		tr := c.Transport
		if tr == nil {
			t := http.DefaultTransport.(*http.Transport).Clone()
			t.MaxIdleConnsPerHost = c.PerHost
			t.ResponseHeaderTimeout = c.Stall
			tr = t
		}
		c.http = &http.Client{Transport: tr, CheckRedirect: redirected} // no overall timeout: Stall bounds silence, not size
		c.hosts = map[string]*host{}
	})
}

func (c *Client) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{slots: make(chan struct{}, c.PerHost)}
		c.hosts[name] = h
	}
	return h
}

// enter waits for a slot and for the silence the server asked for.
func (h *host) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		h.mu.Lock()
		d := time.Until(h.until)
		h.mu.Unlock()
		if d <= 0 {
			return nil
		}
		if err := sleep(ctx, d); err != nil {
			h.leave()
			return err
		}
	}
}

func (h *host) leave() { <-h.slots }

func (h *host) quiet(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := time.Now().Add(d); t.After(h.until) {
		h.until = t
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Request asks for one file.
type Request struct {
	URL  string
	Path string // where it goes; its folder is made
	// Size is what a listing promises, within Slack bytes; 0 if it is unknown.
	Size, Slack int64
	// Check looks at the complete file before it gets its name. A file that
	// fails it is fetched afresh; if the same bytes come again and are as many
	// as the server said, the archive's own copy is damaged: it is kept, and
	// Result.Damage says so.
	Check func(path string) error
	// Replaces is the file under Path that was found to be damaged and is to be
	// replaced; nil if one that is there and fits will do.
	Replaces os.FileInfo
}

// damaged reports whether what is there is still the file that is to be replaced.
func (r *Request) damaged(st os.FileInfo) bool {
	return r.Replaces != nil && os.SameFile(st, r.Replaces) && st.ModTime().Equal(r.Replaces.ModTime())
}

// Result tells of a file that was fetched.
type Result struct {
	Size         int64
	LastModified time.Time // zero if the server does not say
	Damage       error     // what Check found in the archive's own copy
}

// temporary is an error worth another try.
type temporary struct {
	error
	after time.Duration // the server's wish
}

func (t temporary) Unwrap() error { return t.error }

// Get fetches one file.
func (c *Client) Get(ctx context.Context, r Request) (Result, error) {
	c.init()
	if err := os.MkdirAll(filepath.Dir(r.Path), 0o777); err != nil {
		return Result{}, err
	}
	unlock, err := lock(ctx, r.Path+".lock")
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	if st, err := os.Stat(r.Path); err == nil && !r.damaged(st) && Fits(r.Path, r.Size, r.Slack) { // another process was faster
		return Result{Size: st.Size()}, nil
	}
	g := &get{Client: c, Request: r}
	err = c.tries(ctx, r.URL, g.try)
	return g.result, err
}

// Fits says whether a file that is there can be the one that a listing promises:
// an ordinary file, of its size within slack (0: unknown), and packed if its name
// says so. One that cannot is fetched again, and replaced when the right one has
// come.
func Fits(path string, size, slack int64) bool {
	st, err := os.Stat(path)
	if err != nil || !st.Mode().IsRegular() || size > 0 && (st.Size() < size-slack || st.Size() > size+slack) {
		return false
	}
	if !packedName(path) {
		return true
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 8)
	n, _ := io.ReadFull(f, head)
	return n == 0 || packed(head[:n]) // what is empty was empty in the archive
}

// packedName says whether a name promises a packed file; packed, whether a file
// begins as one. Which packing it is is not compared: some files of the archives
// have the wrong name.
func packedName(path string) bool {
	switch filepath.Ext(path) {
	case ".gz", ".bz2", ".zst":
		return true
	}
	return false
}

func packed(head []byte) bool {
	for _, magic := range []string{"\x1f\x8b", "BZh", "\x28\xb5\x2f\xfd"} {
		if strings.HasPrefix(string(head), magic) {
			return true
		}
	}
	return false
}

// Bytes fetches a small document, such as a listing, of at most max bytes. It
// may be a web page.
func (c *Client) Bytes(ctx context.Context, url string, max int64) ([]byte, error) {
	c.init()
	var out []byte
	err := c.tries(ctx, url, func(ctx context.Context) (int64, error) {
		resp, done, err := c.do(ctx, url, nil)
		if err != nil {
			return 0, err
		}
		defer done()
		if resp.StatusCode != http.StatusOK {
			return 0, status(resp)
		}
		out, err = io.ReadAll(io.LimitReader(resp.Body, max+1))
		if err != nil {
			return 0, temporary{error: cut(err)}
		}
		if int64(len(out)) > max {
			return 0, fmt.Errorf("%w: more than %d bytes", ErrSize, max)
		}
		return int64(len(out)), nil
	})
	return out, err
}

// tries runs one try after another. A try reports how many bytes it brought that
// the next can go on from.
func (c *Client) tries(ctx context.Context, address string, try func(context.Context) (int64, error)) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
		err = errors.New("not an http or https address")
	}
	if err != nil {
		return &Error{address, 1, err}
	}
	h := c.host(u.Host)
	if err := h.down(); err != nil {
		return &Error{address, 0, err}
	}
	name := path.Base(u.Path)
	inVain := 0
	since, brought := time.Now(), int64(0) // when next to nothing began to come, and what came since
	for n := 1; ; n++ {
		gained, err := try(ctx)
		if err == nil || errors.Is(err, ErrNotFound) {
			h.heard(nil)
		}
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var tmp temporary
		if !errors.As(err, &tmp) {
			return &Error{address, n, err}
		}
		if brought += gained; brought >= enough {
			since, brought = time.Now(), 0
		}
		if gained > 0 {
			inVain = 0
		}
		inVain++
		if inVain >= c.Tries || n >= maxTries {
			h.heard(tmp.error)
			return &Error{address, n, tmp.error}
		}
		if tmp.after > c.MaxWait {
			err := fmt.Errorf("%w; the server asks to wait %v", tmp.error, tmp.after)
			h.heard(err)
			return &Error{address, n, err}
		}
		if err := h.down(); err != nil {
			return &Error{address, n, tmp.error}
		}
		d := c.Backoff << (inVain - 1)
		if d > c.MaxBackoff || d <= 0 {
			d = c.MaxBackoff
		}
		// Jitter keeps clients that failed together from coming back together.
		d = d/2 + time.Duration(rand.Int64N(int64(d/2)+1))
		d = max(d, tmp.after)
		if waited := time.Since(since); waited+d > c.Patience {
			h.heard(tmp.error)
			return &Error{address, n, fmt.Errorf("%w; next to nothing came in %v (--patience is %v)", tmp.error, waited.Round(time.Second), c.Patience)}
		}
		if c.Progress != nil {
			c.Progress.Waiting(name, d, tmp.error)
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
	}
}

// do sends a request within the host's bounds. done must be called when the
// body has been read. Reading is cut when nothing arrives for c.Stall.
func (c *Client) do(ctx context.Context, address string, header http.Header) (*http.Response, func(), error) {
	ctx, cancel := context.WithCancelCause(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		cancel(nil)
		return nil, nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", c.Agent)
	// The stored bytes are wanted as they are, not what a server makes of them.
	req.Header.Set("Accept-Encoding", "identity")
	h := c.host(req.URL.Host)
	if err := h.enter(ctx); err != nil {
		cancel(nil)
		return nil, nil, err
	}
	stall := worded.Errorf("next to nothing came for %v", c.Stall)
	watch := time.AfterFunc(c.Stall, func() { cancel(stall) })
	resp, err := c.http.Do(req)
	if errors.Is(err, errRedirect) {
		watch.Stop()
		cancel(nil)
		h.leave()
		return nil, nil, err // it will send there again
	}
	if err != nil {
		if cause := context.Cause(ctx); cause == stall {
			err = stall
		}
		watch.Stop()
		cancel(nil)
		h.leave()
		// The address stands before every error of ours.
		if u := new(url.Error); errors.As(err, &u) {
			err = u.Err
		}
		if unreachable(err) && h.nobody(err) {
			return nil, nil, err
		}
		return nil, nil, temporary{error: err}
	}
	h.answered()
	resp.Body = &watched{ReadCloser: resp.Body, ctx: ctx, timer: watch, stall: c.Stall}
	done := func() {
		watch.Stop()
		resp.Body.Close()
		cancel(nil)
		h.leave()
	}
	if d, ok := retryAfter(resp.Header.Get("Retry-After"), time.Now()); ok && resp.StatusCode >= 400 && d <= c.MaxWait {
		h.quiet(d)
	}
	return resp, done, nil
}

// watched restarts the stall timer whenever enough has come.
type watched struct {
	io.ReadCloser
	ctx   context.Context
	timer *time.Timer
	stall time.Duration
	came  int
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if w.came += n; w.came >= enough {
		w.came = 0
		w.timer.Reset(w.stall)
	}
	if err != nil && err != io.EOF {
		if cause := context.Cause(w.ctx); cause != nil && cause != context.Canceled {
			err = cause
		}
	}
	return n, err
}

// status turns an HTTP status that is no success into an error.
func status(resp *http.Response) error {
	err := worded.Errorf("the server says %s", resp.Status)
	switch code := resp.StatusCode; {
	case code == http.StatusNotFound || code == http.StatusGone:
		return fmt.Errorf("%w (%s)", ErrNotFound, resp.Status)
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly,
		code == http.StatusTooManyRequests, code >= 500:
		after, _ := retryAfter(resp.Header.Get("Retry-After"), time.Now())
		return temporary{err, after}
	default:
		return err
	}
}

// retryAfter reads both forms of the header (RFC 9110 §10.2.3).
func retryAfter(v string, now time.Time) (time.Duration, bool) {
	if v == "" {
		return 0, false
	}
	if s, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(s) * time.Second, true
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, t.Sub(now)), true
	}
	return 0, false
}

// cut words the end of a transfer in the middle.
func cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the transfer was cut short")
	}
	return err
}

// partial is what is remembered of a transfer that may be resumed.
type partial struct {
	URL          string `json:"url"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Size         int64  `json:"size"` // of the whole file; -1 if unknown
}

// validator is what If-Range takes: a strong ETag, or else a date.
func (p partial) validator() string {
	if p.ETag != "" && !strings.HasPrefix(p.ETag, "W/") {
		return p.ETag
	}
	return p.LastModified
}

// get is the state of one file over its tries.
type get struct {
	*Client
	Request
	result Result
	bad    [sha256.Size]byte // of a complete file that failed its check
	failed bool
}

func (g *get) try(ctx context.Context) (gained int64, err error) {
	part, note := g.Path+".part", g.Path+".part.json"
	var p partial
	have := int64(0)
	if b, err := os.ReadFile(note); err == nil && json.Unmarshal(b, &p) == nil && p.URL == g.URL && p.validator() != "" {
		if st, err := os.Stat(part); err == nil {
			have = st.Size()
		}
	}
	if have == 0 || p.Size > 0 && have > p.Size {
		p, have = partial{}, 0
	}
	if p.Size <= 0 || have < p.Size {
		if gained, err = g.transfer(ctx, part, note, p, have); err != nil {
			return gained, err
		}
		b, _ := os.ReadFile(note)
		p = partial{}
		_ = json.Unmarshal(b, &p)
	}
	st, err := os.Stat(part)
	if err != nil {
		return gained, err
	}
	if g.Size > 0 && (st.Size() < g.Size-g.Slack || st.Size() > g.Size+g.Slack) {
		drop(part, note)
		return 0, temporary{error: fmt.Errorf("%w: %d bytes, the listing says %d", ErrSize, st.Size(), g.Size)}
	}
	if g.Check != nil {
		if cerr := g.Check(part); cerr != nil {
			sum, err := sumFile(part)
			if err != nil {
				return gained, err
			}
			if errors.Is(cerr, ErrNotData) {
				drop(part, note)
				return 0, temporary{error: cerr}
			}
			if !g.failed || sum != g.bad || p.Size != st.Size() {
				g.failed, g.bad = true, sum
				drop(part, note)
				return 0, temporary{error: worded.Errorf("what came cannot be read: %w", cerr)}
			}
			g.result.Damage = cerr
		}
	}
	if err := os.Rename(part, g.Path); err != nil {
		return gained, err
	}
	os.Remove(note)
	g.result.Size = st.Size()
	if t, err := http.ParseTime(p.LastModified); err == nil {
		g.result.LastModified = t
	}
	return st.Size(), nil
}

func drop(paths ...string) {
	for _, p := range paths {
		os.Remove(p)
	}
}

func sumFile(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	h.Sum(sum[:0])
	return sum, nil
}

// transfer brings the rest of the file, or all of it, into part.
func (g *get) transfer(ctx context.Context, part, note string, p partial, have int64) (gained int64, err error) {
	header := http.Header{}
	if have > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		header.Set("If-Range", p.validator())
	}
	resp, done, err := g.do(ctx, g.URL, header)
	if err != nil {
		return 0, err
	}
	defer done()
	flags := os.O_WRONLY | os.O_CREATE
	switch resp.StatusCode {
	case http.StatusOK:
		have = 0
		flags |= os.O_TRUNC
	case http.StatusPartialContent:
		start, total, ok := contentRange(resp.Header.Get("Content-Range"))
		if !ok || start != have || total >= 0 && p.Size >= 0 && total != p.Size {
			drop(part, note)
			return 0, temporary{error: errors.New("the server resumed at another place than asked")}
		}
		flags |= os.O_APPEND
	case http.StatusRequestedRangeNotSatisfiable:
		drop(part, note)
		return 0, temporary{error: errors.New("the file changed on the server; starting over")}
	default:
		return 0, status(resp)
	}
	size := int64(-1)
	if resp.ContentLength >= 0 {
		size = have + resp.ContentLength
	}
	// What is longer than promised is not written to its end.
	most, promised := g.MaxSize, fmt.Sprintf("at most %d are fetched of a file whose size nobody says", g.MaxSize)
	if g.Size > 0 {
		most, promised = g.Size+g.Slack, fmt.Sprintf("the listing says %d", g.Size)
	}
	body := io.LimitReader(resp.Body, most-have+1)
	if have == 0 {
		head := make([]byte, 512)
		n, err := io.ReadFull(body, head)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, temporary{error: cut(err)}
		}
		if isWebPage(head[:n]) {
			return 0, temporary{error: ErrWebPage}
		}
		if n > 0 && packedName(g.Path) && !packed(head[:n]) {
			return 0, temporary{error: fmt.Errorf("%w: its name says that it is packed, and it begins with %.20q", ErrNotData, head[:min(n, 20)])}
		}
		if err == io.EOF && size != 0 {
			return 0, temporary{error: cut(io.ErrUnexpectedEOF)}
		}
		body = io.MultiReader(strings.NewReader(string(head[:n])), body)
		p = partial{URL: g.URL, ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"), Size: size}
		b, err := json.Marshal(p)
		if err != nil {
			return 0, err
		}
		drop(part) // before the note: an old part must not be taken for the new one's
		if err := os.WriteFile(note, b, 0o666); err != nil {
			return 0, err
		}
	}
	f, err := os.OpenFile(part, flags, 0o666)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(f, &counted{body, g.Progress})
	// Only what the next try can go on from is a gain.
	if p.validator() != "" {
		gained = n
	}
	if serr := f.Sync(); serr != nil && err == nil {
		f.Close()
		return gained, serr
	}
	if cerr := f.Close(); cerr != nil && err == nil {
		return gained, cerr
	}
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) { // of our disk, not of the network: another try will not help
			return gained, err
		}
		return gained, temporary{error: cut(err)}
	}
	if have+n > most {
		drop(part, note)
		return 0, temporary{error: fmt.Errorf("%w: more than %d bytes came, %s", ErrSize, most, promised)}
	}
	if size >= 0 && have+n != size {
		return gained, temporary{error: fmt.Errorf("%w: %d bytes came of %d", ErrSize, have+n, size)}
	}
	return gained, nil
}

type counted struct {
	r io.Reader
	p Progress
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if n > 0 && c.p != nil {
		c.p.Received(int64(n))
	}
	return n, err
}

// contentRange reads "bytes 100-199/200"; total is -1 for "*".
func contentRange(v string) (start, total int64, ok bool) {
	v, ok = strings.CutPrefix(v, "bytes ")
	if !ok {
		return 0, 0, false
	}
	span, all, ok := strings.Cut(v, "/")
	if !ok {
		return 0, 0, false
	}
	first, _, ok := strings.Cut(span, "-")
	if !ok {
		return 0, 0, false
	}
	start, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	if all == "*" {
		return start, -1, true
	}
	total, err = strconv.ParseInt(all, 10, 64)
	return start, total, err == nil
}

// isWebPage judges by the first bytes. No packing and no MRT record (which
// begins with a time since 1970) begins like this.
func isWebPage(head []byte) bool {
	s := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n"))
	for _, tag := range []string{"<!doctype", "<html", "<head", "<body", "<?xml", "<!--"} {
		if strings.HasPrefix(s, tag) {
			return true
		}
	}
	return false
}
