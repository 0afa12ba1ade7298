// Package witness speaks https://c2sp.org/tlog-witness over HTTP: [Client.Ask] has a
// witness cosign the checkpoint of a case, [Handler] answers as one.
//
// It promises that what a witness answers is believed only if its signature holds
// with the key that the caller knows, that a witness which cuts, drips or hangs is
// given up, and that nothing is sent of a case but its checkpoint and a proof. It
// follows no redirect. What a witness must refuse is decided by
// [caselog.AddCheckpoint]; who a witness is, and whether it is independent, nobody
// can tell from here.
package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"constat/cases/caselog"
	"constat/internal/plain"
	"constat/internal/worded"
	"constat/moment"
)

const (
	maxAnswer  = 64 << 10 // bytes of an answer; a cosignature has about 150
	maxRequest = 1 << 20  // bytes of a request, as caselog reads it
	path       = "/add-checkpoint"
	sizeType   = "text/x.tlog.size"
)

// Client asks witnesses.
type Client struct {
	Agent     string            // User-Agent
	Patience  time.Duration     // a witness that has not answered for so long is given up; 0: one minute
	Transport http.RoundTripper // default: http.DefaultTransport
}

// Refused is the answer of a witness that did not cosign.
type Refused struct {
	Status int    // of HTTP
	Size   int64  // of a conflict (409): how many entries the witness cosigned last
	Why    string // what the witness says, in one line
}

func (r *Refused) Error() string {
	s := fmt.Sprintf("the witness did not cosign (%d %s)", r.Status, http.StatusText(r.Status))
	if r.Why != "" {
		s += ": " + r.Why
	}
	return s
}

// Ask has the witness at an address, whose key is w, cosign a log as it was read. Old
// is how many entries it cosigned last, as far as the caller knows: a witness that
// knows better says so, and is asked once more. The answer is the checkpoint with the
// cosignature.
func (c *Client) Ask(ctx context.Context, address string, l *caselog.Log, w caselog.PublicKey, old int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, worded.Errorf("witness %q: want an address such as https://witness.example", address)
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), path) + path
	for tries := 0; ; tries++ {
		request, err := l.WitnessRequest(old)
		if err != nil {
			return nil, err
		}
		lines, err := c.post(ctx, u.String(), request)
		var no *Refused
		switch {
		case errors.As(err, &no) && no.Status == http.StatusConflict && no.Size > l.Checkpoint.Size:
			return nil, worded.Errorf("%s: this witness cosigned %d entries of this case, and here it has %d: the case was rolled back, or a longer copy is elsewhere", u.Host, no.Size, l.Checkpoint.Size)
		case errors.As(err, &no) && no.Status == http.StatusConflict && no.Size != old && tries == 0:
			old = no.Size
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", u.Host, err)
		}
		b, err := l.WithCosignature(lines, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.Host, err)
		}
		return b, nil
	}
}

func (c *Client) post(ctx context.Context, address string, body []byte) ([]byte, error) {
	patience := c.Patience
	if patience <= 0 {
		patience = time.Minute
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, worded.Errorf("no answer for %s", patience))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	req.Header.Set("User-Agent", c.Agent)
	h := &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := h.Do(req)
	if err != nil {
		return nil, why(ctx, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, why(ctx, err)
	case len(b) > maxAnswer:
		return nil, worded.Errorf("an answer of more than %d bytes", maxAnswer)
	case resp.StatusCode == http.StatusOK:
		return b, nil
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(b)), "\n")
	no := &Refused{Status: resp.StatusCode, Why: plain.Clip(line, 300)}
	if resp.StatusCode == http.StatusConflict {
		if no.Size, err = strconv.ParseInt(line, 10, 64); err != nil || no.Size < 0 || strconv.FormatInt(no.Size, 10) != line {
			return nil, worded.Errorf("it answered with a conflict, and not with the number of entries that it cosigned last: %q", no.Why)
		}
		no.Why = fmt.Sprintf("it cosigned %d entries last", no.Size)
	}
	return nil, no
}

// why gives the reason for which the context ended, if it did.
func why(ctx context.Context, err error) error {
	if c := context.Cause(ctx); c != nil && !errors.Is(c, context.Canceled) {
		return c
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err // the address is said already
	}
	return err
}

// Handler answers add-checkpoint requests as a witness.
type Handler struct {
	Key       *caselog.Key
	Examiners func() ([]caselog.PublicKey, error) // whose cases are cosigned, read anew for each request
	Seen      string                              // folder in which is kept what the key has cosigned
	Now       func() moment.Time
	Told      func(from string, status int, err error) // of every request; may be nil
}

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, err := h.serve(w, r)
	if h.Told != nil {
		h.Told(r.RemoteAddr, status, err)
	}
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (int, error) {
	fail := func(status int, err error, said string) (int, error) {
		http.Error(w, said, status)
		return status, err
	}
	switch {
	case r.URL.Path != path:
		return fail(http.StatusNotFound, worded.Errorf("%s was asked for", plain.Clip(r.URL.Path, 80)), "there is "+path+" and nothing else here")
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return fail(http.StatusMethodNotAllowed, fmt.Errorf("%s", plain.Clip(r.Method, 20)), "POST an add-checkpoint request of https://c2sp.org/tlog-witness")
	}
	request, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return fail(http.StatusBadRequest, err, "the request was not read whole")
	}
	known, err := h.Examiners()
	if err != nil {
		return fail(http.StatusInternalServerError, err, "this witness cannot read its keys")
	}
	line, _, err := caselog.AddCheckpoint(r.Context(), h.Key, known, request, h.Now(), h.Seen)
	var no *caselog.Refusal
	switch {
	case errors.As(err, &no) && no.Status == http.StatusConflict:
		w.Header().Set("Content-Type", sizeType)
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "%d\n", no.Size)
		return http.StatusConflict, err
	case no != nil:
		return fail(no.Status, err, err.Error())
	case err != nil: // it may name files of this machine
		return fail(http.StatusInternalServerError, err, "this witness cannot keep what it would cosign")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = w.Write(line)
	return http.StatusOK, err
}

// Serve answers on a listener until the context ends. A client that drips is cut off
// after patience.
func Serve(ctx context.Context, l net.Listener, h *Handler, patience time.Duration) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: min(patience, 10*time.Second), ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: patience, MaxHeaderBytes: 16 << 10}
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = s.Shutdown(end) // what is under way is answered
	})
	defer stop()
	err := s.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
