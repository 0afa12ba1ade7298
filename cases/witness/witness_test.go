package witness

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"constat/cases/caselog"
	"constat/moment"
)

const noon = moment.Time(1419249600) * moment.Second

func key(t *testing.T, name string) *caselog.Key {
	t.Helper()
	k, err := caselog.NewKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

type desk struct {
	t   *testing.T
	c   *caselog.Case
	k   *caselog.Key
	dir string
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, k: key(t, "examiner.example"), dir: filepath.Join(t.TempDir(), "case")}
	var err error
	d.c, err = caselog.New(d.dir, caselog.Opening{Question: "Who could have cut it off?", Standard: caselog.Standard{Name: "clear"}}, []byte("demand = 1\n"), d.k, noon)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) add(what string) {
	d.t.Helper()
	a, err := d.c.NewAct(caselog.KindDocument, noon)
	if err != nil {
		d.t.Fatal(err)
	}
	defer a.Discard()
	if err := a.WriteFile("a.txt", "", []byte(what)); err != nil {
		d.t.Fatal(err)
	}
	if _, _, err := d.c.Add(context.Background(), d.k, a); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) log() *caselog.Log {
	d.t.Helper()
	l, err := caselog.ReadLog(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

// station is a witness that listens.
func station(t *testing.T, d *desk) (w *caselog.Key, url string) {
	w = key(t, "witness.example")
	s := httptest.NewServer(&Handler{Key: w, Examiners: func() ([]caselog.PublicKey, error) { return []caselog.PublicKey{d.k.Public()}, nil },
		Seen: filepath.Join(t.TempDir(), "seen"), Now: func() moment.Time { return noon }})
	t.Cleanup(s.Close)
	return w, s.URL
}

// TestAsk: a witness that is asked over HTTP follows a case, is asked once more from
// where it is, and its word counts.
func TestAsk(t *testing.T) {
	d := open(t)
	w, url := station(t, d)
	c := &Client{Agent: "constat/test", Patience: 10 * time.Second}
	first, err := c.Ask(context.Background(), url, d.log(), w.Public(), 0)
	if err != nil {
		t.Fatal(err)
	}
	early := d.log()
	d.add("a")
	d.add("b")
	second, err := c.Ask(context.Background(), url+"/", d.log(), w.Public(), 0) // it says 1, and is asked again
	if err != nil {
		t.Fatal(err)
	}
	a, err := caselog.Check(context.Background(), d.dir, caselog.CheckOptions{Witnesses: []caselog.PublicKey{w.Public()},
		Checkpoints: []caselog.Held{{Name: "first", Bytes: first}, {Name: "second", Bytes: second}}})
	if err != nil || a.Witnessed.Size != 3 || len(a.Unknown) != 0 {
		t.Errorf("%+v %v", a, err)
	}
	if _, err := c.Ask(context.Background(), url, early, w.Public(), 1); err == nil || !strings.Contains(err.Error(), "cosigned 3 entries of this case, and here it has 1") {
		t.Errorf("a rollback: %v", err)
	}
	if _, err := c.Ask(context.Background(), url, d.log(), key(t, "witness.example").Public(), 3); err == nil || !strings.Contains(err.Error(), "no cosignature by the key") {
		t.Errorf("another key: %v", err)
	}
	other := open(t)
	var no *Refused
	if _, err := c.Ask(context.Background(), url, other.log(), w.Public(), 0); !errors.As(err, &no) || no.Status != 403 || !strings.Contains(err.Error(), "none of the examiners' keys") {
		t.Errorf("a stranger's case: %v", err)
	}
	for _, address := range []string{"", "witness.example", "ftp://witness.example", "http://user@witness.example", "http://witness.example/?q"} {
		if _, err := c.Ask(context.Background(), address, d.log(), w.Public(), 0); err == nil || !strings.Contains(err.Error(), "want an address") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// TestAtOnce: of two forks that ask at once one is cosigned.
func TestAtOnce(t *testing.T) {
	d := open(t)
	w, url := station(t, d)
	base := d.log()
	logs := []*caselog.Log{base}
	d.add("a")
	logs = append(logs, d.log())
	var wg sync.WaitGroup
	var mu sync.Mutex
	sizes := map[int64]int{}
	for i := range 16 {
		wg.Go(func() {
			l := logs[i%2]
			c := &Client{}
			if _, err := c.Ask(context.Background(), url, l, w.Public(), 0); err == nil {
				mu.Lock()
				sizes[l.Checkpoint.Size]++
				mu.Unlock()
			} else if !strings.Contains(err.Error(), "cosigned 2 entries of this case, and here it has 1") && !strings.Contains(err.Error(), "conflict") && !strings.Contains(err.Error(), "Conflict") {
				t.Errorf("size %d: %v", l.Checkpoint.Size, err)
			}
		})
	}
	wg.Wait()
	if sizes[2] == 0 {
		t.Errorf("%v", sizes)
	}
}

// TestHostile: whatever a witness answers, nothing is taken for a cosignature that is
// none, and nobody is waited for.
func TestHostile(t *testing.T) {
	d := open(t)
	w := key(t, "witness.example")
	for name, h := range map[string]struct {
		f    http.HandlerFunc
		want string
	}{
		"nothing":  {func(http.ResponseWriter, *http.Request) {}, "empty, or cut off"},
		"a page":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "<html>Sign in</html>") }, "no cosignature"},
		"too much": {func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) }, "more than 65536 bytes"},
		"a new text": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "\nother\n\n— witness.example AAAAAAAA\n")
		}, "no cosignature"},
		"a redirect":   {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", 307) }, "307"},
		"odd conflict": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(409); fmt.Fprint(w, "007\n") }, "not with the number of entries"},
		"escapes":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500); fmt.Fprint(w, "\x1b[2Jbusy\n") }, "500 Internal Server Error): [2Jbusy"},
		"endless ping": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(409); fmt.Fprint(w, "1\n") }, "409"},
		"a longer log": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(409); fmt.Fprint(w, "9\n") }, "rolled back"},
		"it hangs": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // else the server does not see that the client has gone
			<-r.Context().Done()
		}, "no answer for 300ms"},
		"it drips": {drip, "no answer for 300ms"},
		"it cuts it off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			fmt.Fprint(w, "— w")
		}, "EOF"},
		"a forged answer": {forged(t, w), "forged"},
	} {
		s := httptest.NewServer(h.f)
		c := &Client{Patience: 300 * time.Millisecond}
		if b, err := c.Ask(context.Background(), s.URL, d.log(), w.Public(), 0); err == nil || !strings.Contains(err.Error(), h.want) {
			t.Errorf("%s: %q %v, want %q", name, b, err, h.want)
		}
		s.CloseClientConnections()
		s.Close()
	}
	c := &Client{Patience: time.Second}
	if _, err := c.Ask(context.Background(), "http://127.0.0.1:1", d.log(), w.Public(), 0); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("nobody listens: %v", err)
	}
}

func drip(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	for {
		select {
		case <-r.Context().Done():
			return
		case <-time.After(20 * time.Millisecond):
			fmt.Fprint(w, "x")
			w.(http.Flusher).Flush()
		}
	}
}

// forged answers with a cosignature of another case.
func forged(t *testing.T, w *caselog.Key) http.HandlerFunc {
	d := open(t)
	request, err := d.log().WitnessRequest(0)
	if err != nil {
		t.Fatal(err)
	}
	line, _, err := caselog.AddCheckpoint(context.Background(), w, []caselog.PublicKey{d.k.Public()}, request, noon, filepath.Join(t.TempDir(), "seen"))
	if err != nil {
		t.Fatal(err)
	}
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(line) }
}

// TestServe: the server answers what the protocol has, cuts off who drips, and ends
// when it is told to.
func TestServe(t *testing.T) {
	d := open(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	var told sync.Map
	h := &Handler{Key: key(t, "witness.example"), Examiners: func() ([]caselog.PublicKey, error) { return []caselog.PublicKey{d.k.Public()}, nil },
		Seen: filepath.Join(t.TempDir(), "seen"), Now: func() moment.Time { return noon }, Told: func(_ string, status int, _ error) { told.Store(status, true) }}
	go func() { done <- Serve(ctx, l, h, 300*time.Millisecond) }()
	base := "http://" + l.Addr().String()
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/", "", 404}, {"GET", path, "", 405}, {"POST", path, "", 400}, {"POST", path, strings.Repeat("x", 2<<20), 400}, {"POST", path + "/", "", 404},
	} {
		req, err := http.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if _, ok := told.Load(c.status); resp.StatusCode != c.status || !ok {
			t.Errorf("%s %s: %d", c.method, c.path, resp.StatusCode)
		}
	}
	slow, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(slow, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")
	_ = slow.SetReadDeadline(time.Now().Add(10 * time.Second))
	for b := make([]byte, 512); err == nil; { // an answer or none, and then the end
		_, err = slow.Read(b)
	}
	if errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "timeout") {
		t.Error("a client that drips was waited for")
	}
	slow.Close()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
