package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// patient is a client that waits for nothing long.
func patient() *Client {
	return &Client{Agent: "constat-test", Backoff: time.Millisecond, MaxBackoff: 2 * time.Millisecond, Stall: 10 * time.Second}
}

func body(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

// serve starts a server on loopback; handler gets the number of the request,
// from 1.
func serve(t *testing.T, handler func(w http.ResponseWriter, r *http.Request, n int)) (*httptest.Server, *atomic.Int64) {
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(w, r, int(n.Add(1)))
	}))
	t.Cleanup(s.Close)
	return s, &n
}

func fetchOne(t *testing.T, c *Client, r Request) (Result, error) {
	t.Helper()
	return c.Get(context.Background(), r)
}

func TestWhole(t *testing.T) {
	data := body(100_000)
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if ua := r.Header.Get("User-Agent"); ua != "constat-test" {
			t.Errorf("User-Agent %q", ua)
		}
		w.Header().Set("Last-Modified", "Mon, 22 Dec 2014 16:20:00 GMT")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	})
	path := filepath.Join(t.TempDir(), "a", "b", "file")
	res, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: path, Size: int64(len(data))})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, data) || res.Size != int64(len(data)) || res.LastModified.Year() != 2014 {
		t.Errorf("%d bytes, %+v", len(got), res)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	// What is there is not asked for again.
	if _, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: path}); err != nil || n.Load() != 1 {
		t.Errorf("asked %d times, %v", n.Load(), err)
	}
}

// TestCutAndResumed: each answer is cut after a part; the next goes on there.
func TestCutAndResumed(t *testing.T) {
	data := body(100_000)
	var ranges []string
	s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		ranges = append(ranges, r.Header.Get("Range"))
		w.Header().Set("ETag", `"v1"`)
		start := 0
		if rg := r.Header.Get("Range"); rg != "" {
			if r.Header.Get("If-Range") != `"v1"` {
				t.Errorf("If-Range %q", r.Header.Get("If-Range"))
			}
			fmt.Sscanf(rg, "bytes=%d-", &start)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, len(data)-1, len(data)))
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(data)-start))
		if start > 0 {
			w.WriteHeader(http.StatusPartialContent)
		}
		w.Write(data[start:min(start+30_000, len(data))])
		if start+30_000 < len(data) {
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
	})
	path := filepath.Join(t.TempDir(), "file")
	if _, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: path}); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, data) {
		t.Error("the pieces do not make the file")
	}
	if want := "[ bytes=30000- bytes=60000- bytes=90000-]"; fmt.Sprint(ranges) != want {
		t.Errorf("ranges %v, want %v", ranges, want)
	}
}

// TestResumedLater: another process goes on where the first was stopped, unless
// the file has changed in between.
func TestResumedLater(t *testing.T) {
	for _, changed := range []bool{false, true} {
		data := body(50_000)
		etag := `"v1"`
		cutting := true
		s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("ETag", etag)
			if cutting {
				w.Header().Set("Content-Length", strconv.Itoa(len(data)))
				w.Write(data[:20_000])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
		})
		path := filepath.Join(t.TempDir(), "file")
		c := patient()
		c.Tries = 1
		if _, err := fetchOne(t, c, Request{URL: s.URL + "/file", Path: path}); err == nil {
			t.Fatal("a cut transfer was taken for whole")
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Fatal("a part got the name of the whole")
		}
		cutting = false
		if changed {
			data, etag = bytes.ToUpper(body(40_000)), `"v2"`
		}
		if _, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: path}); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); !bytes.Equal(got, data) {
			t.Errorf("changed %v: a mixture of two files", changed)
		}
	}
}

func TestMisbehaviour(t *testing.T) {
	data := body(5000)
	good := func(w http.ResponseWriter) { w.Write(data) }
	for _, tc := range []struct {
		name    string
		handler func(w http.ResponseWriter, r *http.Request, n int)
		size    int64
		want    error  // errors.Is
		words   string // in the error
		asked   int64
	}{
		{"not there", func(w http.ResponseWriter, r *http.Request, n int) { http.NotFound(w, r) }, 0, ErrNotFound, "404", 1},
		{"gone", func(w http.ResponseWriter, r *http.Request, n int) { http.Error(w, "", 410) }, 0, ErrNotFound, "410", 1},
		{"forbidden", func(w http.ResponseWriter, r *http.Request, n int) { http.Error(w, "", 403) }, 0, nil, "403", 1},
		{"500 for ever", func(w http.ResponseWriter, r *http.Request, n int) { http.Error(w, "", 500) }, 0, nil, "given up after 4 tries: the server says 500", 4},
		{"500 at first", func(w http.ResponseWriter, r *http.Request, n int) {
			if n < 3 {
				http.Error(w, "", 502)
				return
			}
			good(w)
		}, 0, nil, "", 3},
		{"a web page", func(w http.ResponseWriter, r *http.Request, n int) {
			io.WriteString(w, "\n<!DOCTYPE HTML><html><body>Down for maintenance</body></html>")
		}, 0, ErrWebPage, "web page", 4},
		{"a web page at first", func(w http.ResponseWriter, r *http.Request, n int) {
			if n < 2 {
				io.WriteString(w, "<html>login</html>")
				return
			}
			good(w)
		}, 0, nil, "", 2},
		{"less than listed", func(w http.ResponseWriter, r *http.Request, n int) { good(w) }, 6000, ErrSize, "the listing says 6000", 4},
		{"less than announced", func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Length", "6000")
			good(w)
		}, 0, nil, "cut short", 4},
		{"nothing", func(w http.ResponseWriter, r *http.Request, n int) { panic(http.ErrAbortHandler) }, 0, nil, "EOF", 4},
		{"resumes elsewhere", func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("ETag", `"x"`)
			if r.Header.Get("Range") != "" {
				w.Header().Set("Content-Range", "bytes 0-4999/5000")
				w.WriteHeader(http.StatusPartialContent)
				good(w)
				return
			}
			if n == 1 {
				w.Header().Set("Content-Length", "5000")
				w.Write(data[:1000])
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			good(w)
		}, 0, nil, "", 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, n := serve(t, tc.handler)
			path := filepath.Join(t.TempDir(), "file")
			c := patient()
			c.Tries = 4
			_, err := fetchOne(t, c, Request{URL: s.URL + "/file", Path: path, Size: tc.size})
			if tc.words == "" {
				if got, rerr := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%v, %v", err, rerr)
				}
			} else {
				if err == nil || tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.words) {
					t.Errorf("error %v, want %q", err, tc.words)
				}
				if _, err := os.Stat(path); !os.IsNotExist(err) {
					t.Error("a file appeared")
				}
			}
			if n.Load() != tc.asked {
				t.Errorf("asked %d times, want %d", n.Load(), tc.asked)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	var first time.Time
	s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		switch n {
		case 1:
			first = time.Now()
			w.Header().Set("Retry-After", "1")
			http.Error(w, "", http.StatusTooManyRequests)
		default:
			if d := time.Since(first); d < 900*time.Millisecond {
				t.Errorf("came back after %v", d)
			}
			io.WriteString(w, "data")
		}
	})
	if _, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: filepath.Join(t.TempDir(), "file")}); err != nil {
		t.Fatal(err)
	}
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header().Set("Retry-After", "86400")
		http.Error(w, "", http.StatusServiceUnavailable)
	})
	_, err := fetchOne(t, patient(), Request{URL: s.URL + "/file", Path: filepath.Join(t.TempDir(), "file")})
	if err == nil || !strings.Contains(err.Error(), "asks to wait 24h") || n.Load() != 1 {
		t.Errorf("%v after %d", err, n.Load())
	}
	now := time.Date(2014, 12, 22, 16, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{"120": 2 * time.Minute, "Mon, 22 Dec 2014 16:00:30 GMT": 30 * time.Second,
		"Mon, 22 Dec 2014 15:00:00 GMT": 0, "soon": -1, "": -1, "-5": -1} {
		if d, ok := retryAfter(v, now); ok != (want >= 0) || ok && d != want {
			t.Errorf("%q: %v %v", v, d, ok)
		}
	}
}

func TestStall(t *testing.T) {
	release := make(chan struct{})
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			w.Header().Set("Content-Length", "1000")
			w.Write(body(600))
			w.(http.Flusher).Flush()
			select { // silent from here on
			case <-release:
			case <-r.Context().Done():
			}
			return
		}
		w.Write(body(1000))
	})
	defer close(release)
	c := patient()
	c.Stall = 200 * time.Millisecond
	path := filepath.Join(t.TempDir(), "file")
	if _, err := fetchOne(t, c, Request{URL: s.URL + "/file", Path: path}); err != nil || n.Load() != 2 {
		t.Errorf("%v after %d", err, n.Load())
	}
}

func TestPerHost(t *testing.T) {
	var mu sync.Mutex
	now, most := 0, 0
	s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
		io.WriteString(w, "data")
	})
	c := patient()
	c.PerHost = 3
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := fetchOne(t, c, Request{URL: fmt.Sprint(s.URL, "/", i), Path: filepath.Join(dir, fmt.Sprint(i))}); err != nil {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if most > 3 {
		t.Errorf("%d at a time", most)
	}
}

// TestServerDown: a thousand files are not each tried for minutes.
func TestServerDown(t *testing.T) {
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, n int) { http.Error(w, "", 503) })
	c := patient()
	c.Tries = 2
	for i := range 20 {
		_, err := fetchOne(t, c, Request{URL: fmt.Sprint(s.URL, "/", i), Path: filepath.Join(t.TempDir(), "file")})
		if err == nil || !strings.Contains(err.Error(), "503") {
			t.Error(err)
		}
	}
	if n.Load() != 2*hostLost {
		t.Errorf("asked %d times", n.Load())
	}
}

func TestCheck(t *testing.T) {
	bad := errors.New("cannot be unpacked")
	good := body(1000)
	check := func(path string) error {
		if b, _ := os.ReadFile(path); !bytes.Equal(b, good) {
			return bad
		}
		return nil
	}
	// Damaged on the way once: fetched again.
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			w.Write(bytes.ToUpper(good))
			return
		}
		w.Write(good)
	})
	path := filepath.Join(t.TempDir(), "file")
	if res, err := fetchOne(t, patient(), Request{URL: s.URL, Path: path, Check: check}); err != nil || res.Damage != nil || n.Load() != 2 {
		t.Errorf("%+v %v after %d", res, err, n.Load())
	}
	// The archive's own copy is damaged: kept, and said.
	s, n = serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header().Set("Content-Length", "4")
		io.WriteString(w, "junk")
	})
	path = filepath.Join(t.TempDir(), "file")
	if res, err := fetchOne(t, patient(), Request{URL: s.URL, Path: path, Check: check}); err != nil || !errors.Is(res.Damage, bad) || n.Load() != 2 {
		t.Errorf("%+v %v after %d", res, err, n.Load())
	}
	// Different every time: given up.
	s, _ = serve(t, func(w http.ResponseWriter, r *http.Request, n int) { fmt.Fprint(w, "junk", n) })
	path = filepath.Join(t.TempDir(), "file")
	if _, err := fetchOne(t, patient(), Request{URL: s.URL, Path: path, Check: check}); !errors.Is(err, bad) {
		t.Error(err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, _ := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Content-Length", "1000")
		w.Write(body(600))
		w.(http.Flusher).Flush()
		cancel()
		<-r.Context().Done()
	})
	path := filepath.Join(t.TempDir(), "file")
	_, err := patient().Get(ctx, Request{URL: s.URL + "/file", Path: path})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("a part got the name of the whole")
	}
}

func TestBadAddress(t *testing.T) {
	for _, u := range []string{"ftp://host/file", "file", "://", "http:///x"} {
		if _, err := fetchOne(t, patient(), Request{URL: u, Path: filepath.Join(t.TempDir(), "file")}); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", u, err)
		}
	}
}

func TestListing(t *testing.T) {
	apache := `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html><head><title>Index of /rrc15/2010.02</title></head><body>
<h1>Index of /rrc15/2010.02</h1><pre><a href="?C=N;O=D">Name</a> <a href="?C=M;O=A">Last modified</a> <a href="?C=S;O=A">Size</a><hr>
<a href="/rrc15/">Parent Directory</a>                             -
<a href="bview.20100227.1600.gz">bview.20100227.1600.gz</a>  2010-02-27 16:04  8.9M
<a href="updates.20100227.1600.gz">updates.20100227.1600.gz</a>  2010-02-27 16:05  208K
<a href="updates.20100227.1610.gz">updates.20100227.1610.gz</a>  2010-02-27 16:15  36K
</pre></body></html>`
	nginx := "<html>\r\n<head><title>Index of /x/</title></head>\r\n<body><h1>Index of /x/</h1><hr><pre><a href=\"../\">../</a>\r\n" +
		"<a href=\"2014.12/\">2014.12/</a>                 22-Dec-2014 16:20                   -\r\n" +
		"<a href=\"rib.20141222.1600.bz2\">rib.20141222.1600.bz2</a>      22-Dec-2014 16:20            31457280\r\n</pre><hr></body></html>"
	table := `<title>Index of /bgpdata</title><table><tr><td><a href='updates.20141222.1600.bz2'>updates</a></td><td align="right">2014-12-22 16:15  </td><td align="right">1.5M</td><td>&nbsp;</td></tr>
<tr><td><a href="route-views3/bgpdata">route-views3</a></td><td>-</td></tr></table>`
	for name, tc := range map[string]struct {
		page string
		want string
		ok   bool
	}{
		"apache": {apache, "[{bview.20100227.1600.gz false 9332326 1038090} {updates.20100227.1600.gz false 212992 22323} {updates.20100227.1610.gz false 36864 4710}]", true},
		"nginx":  {nginx, "[{2014.12 true 0 0} {rib.20141222.1600.bz2 false 31457280 0}]", true},
		"table":  {table, "[{updates.20141222.1600.bz2 false 1572864 262144} {route-views3/bgpdata false 0 0}]", true},
		"empty":  {"<title>Index of /x</title><a href=\"../\">Parent Directory</a>", "[]", true},
		"case":   {"<table><TR><TD><A HREF=\"a.gz\">\u023a\u023a\u023a a.gz</A><TD>2014-12-22 16:02<TD>1.5M</Tr>x 7K</table>", "[{a.gz false 1572864 262144}]", true},
		"other":  {"<html><body><p>Hello</p></body></html>", "[]", false},
		"text":   {"service unavailable", "[]", false},
	} {
		got, ok := ParseListing([]byte(tc.page))
		if fmt.Sprint(got) != tc.want || ok != tc.ok {
			t.Errorf("%s: %v %v\nwant %s", name, got, ok, tc.want)
		}
	}
}

func FuzzListing(f *testing.F) {
	f.Add([]byte(`<title>Index of /</title><a href="a.gz">a.gz</a> 2010-02-27 16:05 208K`))
	f.Add([]byte(`<a href="a.gz">a.gz</a> 2010-02-27 16:05 99999999T`))
	f.Add([]byte("<a href=b.gz>\xff\xff\u0130\u212a</A> 1K</Tr>")) // lower case is longer than it here
	f.Fuzz(func(t *testing.T, page []byte) {
		entries, _ := ParseListing(page)
		for _, e := range entries {
			if e.Name == "" || e.Name == ".." || strings.HasPrefix(e.Name, "/") || strings.HasPrefix(e.Name, "../") || e.Size < 0 || e.Slack < 0 {
				t.Errorf("%+v", e)
			}
		}
	})
}

// TestHostileServers: what cuts, drips, hangs, sends elsewhere or sends something
// else is given up, and nothing of it stays under the file's name.
func TestHostileServers(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(body(1000)) }))
	t.Cleanup(elsewhere.Close)
	other := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct {
		file    string
		size    int64
		handler func(w http.ResponseWriter, r *http.Request, n int)
		want    string
		most    int64 // requests
	}{
		"an error in JSON": {"x.gz", 0, func(w http.ResponseWriter, r *http.Request, n int) { fmt.Fprint(w, `{"error":"no"}`) }, "not the kind of file", 100},
		"more than promised": {"x", 1879, func(w http.ResponseWriter, r *http.Request, n int) {
			for range 1 << 14 {
				if _, err := w.Write(body(1 << 16)); err != nil {
					return
				}
			}
		}, "more than 1879 bytes came, the listing says 1879", 100},
		"no size and no end": {"x", 0, func(w http.ResponseWriter, r *http.Request, n int) {
			for range 1 << 14 {
				if _, err := w.Write(body(1 << 16)); err != nil {
					return
				}
			}
		}, "whose size nobody says", 100},
		"another host": {"x", 0, func(w http.ResponseWriter, r *http.Request, n int) {
			http.Redirect(w, r, other, http.StatusFound)
		}, "sends to another host, localhost", 1},
		"in circles": {"x", 0, func(w http.ResponseWriter, r *http.Request, n int) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "five times", 5},
		"silence":    {"x", 0, func(w http.ResponseWriter, r *http.Request, n int) { <-r.Context().Done() }, "next to nothing came", 100},
		"a drip": {"x", 1 << 20, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Length", fmt.Sprint(1<<20))
			w.Header().Set("ETag", `"x"`)
			for {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(time.Millisecond):
				}
			}
		}, "next to nothing came", 100},
		"a cut at every few bytes": {"x", 1 << 20, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Length", fmt.Sprint(1<<20-10*(n-1)))
			w.Header().Set("ETag", `"x"`)
			if n > 1 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", 10*(n-1), 1<<20-1, 1<<20))
				w.WriteHeader(http.StatusPartialContent)
			}
			w.Write(body(10))
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
			panic(http.ErrAbortHandler)
		}, "next to nothing came", 60},
		"come back tomorrow": {"x", 0, func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "asks to wait 24h", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, n := serve(t, c.handler)
			path := filepath.Join(t.TempDir(), c.file)
			k := &Client{Backoff: time.Millisecond, MaxBackoff: time.Millisecond, Patience: 500 * time.Millisecond, MaxSize: 1 << 20}
			_, err := fetchOne(t, k, Request{URL: s.URL + "/" + c.file, Path: path, Size: c.size})
			if err == nil || !strings.Contains(err.Error(), c.want) || n.Load() > c.most {
				t.Errorf("after %d requests: %v", n.Load(), err)
			}
			if _, err := os.Lstat(path); err == nil {
				t.Error("it is there under its name")
			}
			if st, err := os.Stat(path + ".part"); err == nil && st.Size() > 2<<20 {
				t.Errorf("%d bytes were written", st.Size())
			}
		})
	}
	for from, want := range map[[2]string]bool{
		{"https://data.example.net/a", "https://www.example.net/a"}:  true,
		{"http://data.example.net/a", "https://data.example.net/a"}:  true,
		{"https://data.example.net/a", "http://data.example.net/a"}:  false,
		{"https://data.example.net/a", "https://data.example.org/a"}: false,
		{"https://a.github.io/a", "https://b.github.io/a"}:           false,
		{"http://192.0.2.1/a", "http://192.0.2.2/a"}:                 false,
		{"http://192.0.2.1/a", "http://192.0.2.1:8080/a"}:            true,
	} {
		a, _ := http.NewRequest("GET", from[0], nil)
		b, _ := http.NewRequest("GET", from[1], nil)
		if err := redirected(b, []*http.Request{a}); (err == nil) != want {
			t.Errorf("%v: %v", from, err)
		}
	}
}

// TestCacheHeals: what lies under a file's name and cannot be it – another size,
// or no packed file – is fetched again; what can be it is not.
func TestCacheHeals(t *testing.T) {
	data := append([]byte("\x1f\x8b"), body(1000)...)
	s, n := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) { w.Write(data) })
	for was, again := range map[string]bool{
		`{"error":"quota exceeded"}`: true,
		string(data[:500]):           true,
		string(data):                 false,
	} {
		path := filepath.Join(t.TempDir(), "updates.20141222.0910.gz")
		if err := os.WriteFile(path, []byte(was), 0o666); err != nil {
			t.Fatal(err)
		}
		before := n.Load()
		if _, err := fetchOne(t, patient(), Request{URL: s.URL + "/x.gz", Path: path, Size: int64(len(data))}); err != nil {
			t.Error(err)
		}
		if b, _ := os.ReadFile(path); !bytes.Equal(b, data) || (n.Load() > before) != again {
			t.Errorf("%.20q: %d requests, and %d bytes are there", was, n.Load()-before, len(b))
		}
	}
	path := filepath.Join(t.TempDir(), "x.gz")
	os.WriteFile(path, []byte("{}"), 0o666)
	if Fits(path, 0, 0) {
		t.Error("JSON was taken for a packed file whose size nobody says")
	}
}

// TestUnreachable: who is not there is not waited for, and who was there a moment
// ago is.
func TestUnreachable(t *testing.T) {
	refusal := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for name, c := range map[string]struct {
		err   error
		tries int64
	}{
		"refused":         {refusal, 1},
		"no such name":    {&net.DNSError{Err: "no such host", Name: "archive.example", IsNotFound: true}, 1},
		"no name server":  {&net.DNSError{Err: "server misbehaving", Name: "archive.example", IsTemporary: true}, 1},
		"name time-out":   {&net.DNSError{Err: "i/o timeout", Name: "archive.example", IsTimeout: true}, 3},
		"reset":           {&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, 3},
		"dial timed out":  {&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, 3},
		"network is down": {&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}, 1},
	} {
		var n atomic.Int64
		p := patient()
		p.Tries = 3
		p.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { n.Add(1); return nil, c.err }}
		_, err := p.Bytes(context.Background(), "http://archive.example/one", 1000)
		if err == nil || n.Load() != c.tries {
			t.Errorf("%s: %d tries, %v", name, n.Load(), err)
			continue
		}
		if strings.Count(err.Error(), "http://archive.example/one") != 1 {
			t.Errorf("%s: the address is not named once: %v", name, err)
		}
		_, err = p.Bytes(context.Background(), "http://archive.example/two", 1000)
		if c.tries == 1 && (n.Load() != 1 || err == nil || !strings.Contains(err.Error(), "not tried: ")) {
			t.Errorf("%s: the second file: %d tries in all, %v", name, n.Load(), err)
		}
	}

	// A server that has answered is worth another try.
	s, _ := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { fmt.Fprint(w, "here") })
	var n atomic.Int64
	p := patient()
	p.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if n.Add(1) == 2 {
			return nil, refusal
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	for range 2 {
		if _, err := p.Bytes(context.Background(), s.URL+"/x", 1000); err != nil {
			t.Error(err)
		}
	}
	if n.Load() != 3 {
		t.Errorf("%d dials, want 3", n.Load())
	}
}
