package stamp

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"constat/internal/tsatest"
)

var noon = time.Date(2014, 12, 22, 12, 0, 0, 0, time.UTC)

func cert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := pem.Decode(b)
	c, err := x509.ParseCertificate(p.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestOpenSSL reads what OpenSSL 3 wrote, with RSA and with ECDSA, with and
// without the certificate in the reply (testdata/make.sh).
func TestOpenSSL(t *testing.T) {
	ca, other := cert(t, "ca.pem"), tsatest.New(t, "other.example").Root
	sum := sha256.Sum256([]byte("words\n"))
	request, err := os.ReadFile("testdata/words.tsq")
	if err != nil {
		t.Fatal(err)
	}
	if got := Request(sum); !bytes.Equal(got, request) {
		t.Errorf("a request is %x, and OpenSSL writes %x", got, request)
	}
	for _, name := range []string{"rsa", "ec", "sha1"} {
		b, err := os.ReadFile("testdata/" + name + ".tsr")
		if err != nil {
			t.Fatal(err)
		}
		tok, err := Parse(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if tok.SHA256 != sum || tok.Time.Std().Year() < 2026 {
			t.Errorf("%s: %+v", name, tok)
		}
		own := tok.Signer()
		if err := tok.Verify([]*x509.Certificate{ca}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := tok.Verify([]*x509.Certificate{own}); err != nil {
			t.Errorf("%s, by the signer's own certificate: %v", name, err)
		}
		if err := tok.Verify([]*x509.Certificate{other}); err == nil {
			t.Errorf("%s: trusted under another root", name)
		}
	}
	b, err := os.ReadFile("testdata/bare.tsr")
	if err != nil {
		t.Fatal(err)
	}
	tok, err := Parse(b)
	if err != nil || tok.Signer() != nil {
		t.Fatalf("%v", err)
	}
	if err := tok.Verify([]*x509.Certificate{ca}); err == nil || !strings.Contains(err.Error(), "neither in the token nor among those given") {
		t.Errorf("%v", err)
	}
	if err := tok.Verify([]*x509.Certificate{ca, cert(t, "ec.pem")}); err != nil {
		t.Error(err)
	}
}

// TestForged: what is not signed is not believed.
func TestForged(t *testing.T) {
	a := tsatest.New(t, "tsa.example")
	sum := sha256.Sum256([]byte("x"))
	good := a.Reply(sum, noon, tsatest.Forge{})
	tok, err := Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := tok.Verify([]*x509.Certificate{a.Root}); err != nil || !tok.Time.Std().Equal(noon) || tok.SHA256 != sum {
		t.Fatalf("%v, %+v", err, tok)
	}
	if _, err := Parse(a.Reply(sum, noon, tsatest.Forge{Signed: noon.Add(time.Second)})); err == nil || !strings.Contains(err.Error(), "not what was signed") {
		t.Errorf("another time: %v", err)
	}
	if _, err := Parse(a.Reply(sum, noon, tsatest.Forge{Status: 2})); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("refused: %v", err)
	}
	if _, err := Parse(append(bytes.Clone(good), 0)); err == nil {
		t.Error("something behind the end")
	}
	late, err := Parse(a.Reply(sum, time.Date(2150, 1, 1, 0, 0, 0, 0, time.UTC), tsatest.Forge{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := late.Verify([]*x509.Certificate{a.Root}); err == nil || !strings.Contains(err.Error(), "the stamp is of 2150-01-01T00:00:00Z, and the certificate of ") || strings.Contains(err.Error(), "current time") {
		t.Errorf("stamped after the certificate had ended: %v", err)
	}
	for name, change := range map[string]func(*x509.Certificate){
		"an authority's own certificate": func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true },
		"one that signs certificates":    func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageCertSign },
		"one that encrypts":              func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageKeyEncipherment },
	} {
		signer := *tok.Signer()
		change(&signer)
		x := *tok
		x.certs = []*x509.Certificate{&signer}
		if err := x.Verify([]*x509.Certificate{a.Root}); err == nil || !strings.Contains(err.Error(), "not for time stamps alone") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A certificate that is not for time stamps.
	ca := tsatest.New(t, "ca.example")
	ca.Cert = ca.Root
	if tok, err := Parse(ca.Reply(sum, noon, tsatest.Forge{})); err == nil && tok.Verify([]*x509.Certificate{ca.Root}) == nil {
		t.Error("a root stamps")
	}
	// Whatever byte is changed, time and imprint are the signed ones or nothing is
	// read, or nobody is believed.
	n := 0
	for i := range good {
		for _, with := range []byte{1, 0x20, 0x80} {
			b := bytes.Clone(good)
			b[i] ^= with
			x, err := Parse(b)
			if err != nil || x.Verify([]*x509.Certificate{a.Root}) != nil {
				continue
			}
			n++
			if x.Time != tok.Time || x.SHA256 != tok.SHA256 {
				t.Errorf("byte %d: %v", i, x)
			}
		}
	}
	t.Logf("%d of %d changes are of what is not signed", n, 3*len(good))
}

// TestLive: OpenSSL reads what is written, and verifies what the authority for
// tests stamps, as this does.
func TestLive(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is absent")
	}
	a := tsatest.New(t, "tsa.example")
	dir := t.TempDir()
	words := []byte("words\n")
	write := func(name string, b []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("words", words)
	write("root.pem", a.RootPEM())
	write("reply.tsr", a.Reply(sha256.Sum256(words), time.Now().Add(-time.Minute), tsatest.Forge{}))
	write("request.tsq", Request(sha256.Sum256(words)))
	for _, args := range [][]string{
		{"ts", "-query", "-in", "request.tsq", "-text"},
		{"ts", "-verify", "-in", "reply.tsr", "-data", "words", "-CAfile", "root.pem"},
	} {
		c := exec.Command("openssl", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

// FuzzParse: whatever comes is read or refused, and nobody unknown is believed.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"rsa.tsr", "ec.tsr", "bare.tsr", "words.tsq"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{0x30, 0x80})
	trusted := []*x509.Certificate{cert(f, "ec.pem")}
	sum := sha256.Sum256([]byte("words\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		tok, err := Parse(b)
		if err == nil && tok.Verify(trusted) == nil && tok.SHA256 != sum {
			t.Errorf("forged: %x", b)
		}
	})
}
