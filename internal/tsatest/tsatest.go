// Package tsatest is a time-stamping authority for tests (RFC 3161): a root, a
// certificate under it, and replies over any SHA-256 at any time.
package tsatest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

// Authority stamps.
type Authority struct {
	t    testing.TB
	key  *ecdsa.PrivateKey
	Cert *x509.Certificate // of the signer
	Root *x509.Certificate
}

// New makes an authority with keys of its own, valid from 2000 to 2100.
func New(t testing.TB, name string) *Authority {
	t.Helper()
	from, until := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	make := func(c, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if parent == nil {
			parent, by = c, k
		}
		b, err := x509.CreateCertificate(rand.Reader, c, parent, &k.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(b)
		if err != nil {
			t.Fatal(err)
		}
		return out, k
	}
	root, rootKey := make(&x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name + " root"}, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, nil, nil)
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	cert, key := make(&x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}}}, root, rootKey)
	return &Authority{t, key, cert, root}
}

// RootPEM is the root as it is given to others.
func (a *Authority) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
}

var (
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidTST    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
)

// Forge says what of a reply is false.
type Forge struct {
	Signed time.Time // the time that is signed, if another than the one that is said
	NoCert bool      // the certificate is left out
	Status int
}

// Reply stamps a SHA-256.
func (a *Authority) Reply(sum [sha256.Size]byte, at time.Time, f Forge) []byte {
	a.t.Helper()
	marshal := func(v any, params string) []byte {
		b, err := asn1.MarshalWithParams(v, params)
		if err != nil {
			a.t.Fatal(err)
		}
		return b
	}
	raw := func(b []byte) asn1.RawValue { return asn1.RawValue{FullBytes: b} }
	tagged := func(tag int, b []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: b}
	}
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	type imprint struct {
		A pkix.AlgorithmIdentifier
		H []byte
	}
	info := func(at time.Time) []byte {
		return marshal(struct {
			V int
			P asn1.ObjectIdentifier
			I imprint
			S int
			T time.Time `asn1:"generalized"`
		}{1, asn1.ObjectIdentifier{1, 2, 3}, imprint{sha, sum[:]}, 7, at.UTC()}, "")
	}
	content := info(at)
	signedContent := content
	if !f.Signed.IsZero() {
		signedContent = info(f.Signed)
	}
	digest, cert := sha256.Sum256(signedContent), sha256.Sum256(a.Cert.Raw)
	type attribute struct {
		T asn1.ObjectIdentifier
		V asn1.RawValue
	}
	set := func(b []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSet, IsCompound: true, Bytes: b}
	}
	type ess struct{ H []byte }
	attrs := marshal([]attribute{
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}, set(marshal(oidTST, ""))},
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}, set(marshal(digest[:], ""))},
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, set(marshal(struct{ C []ess }{[]ess{{cert[:]}}}, ""))},
	}, "set")
	h := sha256.Sum256(attrs)
	sig, err := a.key.Sign(rand.Reader, h[:], crypto.SHA256)
	if err != nil {
		a.t.Fatal(err)
	}
	type issuerAndSerial struct {
		I asn1.RawValue
		S *big.Int
	}
	type signer struct {
		V    int
		ID   issuerAndSerial
		D    pkix.AlgorithmIdentifier
		Attr asn1.RawValue
		A    pkix.AlgorithmIdentifier
		Sig  []byte
	}
	signed := append([]byte{0xa0}, attrs[1:]...)
	type contentInfo struct {
		T asn1.ObjectIdentifier
		C asn1.RawValue
	}
	s := signer{1, issuerAndSerial{raw(a.Cert.RawIssuer), a.Cert.SerialNumber}, sha, raw(signed), pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}, sig}
	encap := contentInfo{oidTST, tagged(0, marshal(content, ""))}
	var sd []byte
	if f.NoCert {
		sd = marshal(struct {
			V int
			D []pkix.AlgorithmIdentifier `asn1:"set"`
			E contentInfo
			S []signer `asn1:"set"`
		}{3, []pkix.AlgorithmIdentifier{sha}, encap, []signer{s}}, "")
	} else {
		sd = marshal(struct {
			V int
			D []pkix.AlgorithmIdentifier `asn1:"set"`
			E contentInfo
			C asn1.RawValue
			S []signer `asn1:"set"`
		}{3, []pkix.AlgorithmIdentifier{sha}, encap, tagged(0, a.Cert.Raw), []signer{s}}, "")
	}
	type status struct{ S int }
	return marshal(struct {
		S status
		T contentInfo
	}{status{f.Status}, contentInfo{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, tagged(0, sd)}}, "")
}
