// Package stamp reads and writes the messages of time-stamping authorities
// (RFC 3161): a request over a SHA-256, and the reply with its token, which is
// signed data (RFC 5652) by one signer.
//
// It promises to accept no token whose signature does not cover its time and its
// imprint, and to say nothing about whom to trust: that is for the certificates
// that a reader gives to [Token.Verify]. It needs no network: nothing asks
// whether a certificate was revoked.
package stamp

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"slices"
	"time"

	"constat/moment"
)

// MaxReply is the most bytes that a reply may have.
const MaxReply = 1 << 20

var (
	oidSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}

	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}

	oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}

	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECKey   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
)

type messageImprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

// Request asks an authority to stamp a SHA-256, and to put its certificate into
// the reply. It has no nonce: an earlier reply to the same request says more, not
// less.
func Request(sum [sha256.Size]byte) []byte {
	b, err := asn1.Marshal(struct {
		Version int
		Imprint messageImprint
		CertReq bool
	}{1, messageImprint{pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue}, sum[:]}, true})
	if err != nil {
		panic(err) // the values have one form
	}
	return b
}

// Token is a time stamp.
type Token struct {
	Time   moment.Time // when the authority saw the imprint
	SHA256 [sha256.Size]byte

	certs  []*x509.Certificate // that the token brings along
	signer signerInfo
	attrs  []byte // what is signed
	ess    func(*x509.Certificate) bool
}

type response struct {
	Status struct {
		Status int
		Text   []asn1.RawValue `asn1:"optional"`
		Fail   asn1.BitString  `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
}

type signedData struct {
	Version      int
	Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
	Content      contentInfo
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version       int
	ID            asn1.RawValue
	Digest        pkix.AlgorithmIdentifier
	SignedAttrs   asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm     pkix.AlgorithmIdentifier
	Signature     []byte
	UnsignedAttrs asn1.RawValue `asn1:"optional,tag:1"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue
}

type tstInfo struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  messageImprint
	Serial   *big.Int
	Time     asn1.RawValue
	Accuracy asn1.RawValue    `asn1:"optional"`
	Ordering bool             `asn1:"optional"`
	Nonce    *big.Int         `asn1:"optional"`
	TSA      asn1.RawValue    `asn1:"optional,tag:0"`
	Exts     []pkix.Extension `asn1:"optional,tag:1"`
}

// unmarshal reads a value of which nothing is left over.
func unmarshal(b []byte, v any, params string) error {
	rest, err := asn1.UnmarshalWithParams(b, v, params)
	if err == nil && len(rest) > 0 {
		err = errors.New("something is left over behind it")
	}
	return err
}

// Parse reads a reply. It must grant the request, have one signer, and be signed
// by the certificate that it names if it brings that along.
func Parse(b []byte) (*Token, error) {
	if len(b) > MaxReply {
		return nil, fmt.Errorf("a reply of an authority has at most %d bytes, this has %d", MaxReply, len(b))
	}
	var r response
	if err := unmarshal(b, &r, ""); err != nil {
		return nil, fmt.Errorf("not a reply of a time-stamping authority (RFC 3161): %w", err)
	}
	if s := r.Status.Status; s != 0 && s != 1 {
		return nil, fmt.Errorf("the authority refused the request (status %d)", s)
	}
	t, err := parseToken(r.Token.FullBytes)
	if err != nil {
		return nil, fmt.Errorf("the token of the reply: %w", err)
	}
	return t, nil
}

func parseToken(b []byte) (*Token, error) {
	var ci contentInfo
	if err := unmarshal(b, &ci, ""); err != nil {
		return nil, err
	}
	var sd signedData
	if !ci.Type.Equal(oidSignedData) {
		return nil, errors.New("it is no signed data")
	}
	if err := unmarshal(ci.Content.Bytes, &sd, ""); err != nil {
		return nil, err
	}
	var content []byte
	if !sd.Content.Type.Equal(oidTSTInfo) {
		return nil, errors.New("what is signed is no time stamp")
	}
	if err := unmarshal(sd.Content.Content.Bytes, &content, ""); err != nil {
		return nil, err
	}
	if len(sd.Signers) != 1 {
		return nil, fmt.Errorf("it has %d signers, and a time stamp has one", len(sd.Signers))
	}
	t := &Token{signer: sd.Signers[0]}
	if err := t.readInfo(content); err != nil {
		return nil, err
	}
	for rest := sd.Certificates.Bytes; len(rest) > 0; {
		var raw asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &raw); err != nil {
			return nil, fmt.Errorf("its certificates: %w", err)
		}
		// Other forms of certificates may be there, and one may be too odd to read: what
		// counts is that the signer's is.
		if c, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			t.certs = append(t.certs, c)
		}
	}
	if err := t.readAttributes(content); err != nil {
		return nil, err
	}
	if c := t.Signer(); c != nil {
		return t, t.signedBy(c)
	}
	return t, nil
}

func (t *Token) readInfo(content []byte) error {
	var info tstInfo
	if err := unmarshal(content, &info, ""); err != nil {
		return fmt.Errorf("what is signed: %w", err)
	}
	if info.Version != 1 {
		return fmt.Errorf("its version is %d, and only 1 is known", info.Version)
	}
	if !info.Imprint.Algorithm.Algorithm.Equal(oidSHA256) || copy(t.SHA256[:], info.Imprint.Hash) != sha256.Size || len(info.Imprint.Hash) != sha256.Size {
		return errors.New("what it stamps is no SHA-256")
	}
	if info.Time.Class != asn1.ClassUniversal || info.Time.Tag != asn1.TagGeneralizedTime {
		return errors.New("its time is damaged")
	}
	at, err := time.Parse("20060102150405Z", string(info.Time.Bytes)) // a fraction is read too
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		return errors.New("its time is damaged, or none between 1970 and 2200")
	}
	t.Time = moment.FromTime(at)
	return nil
}

// readAttributes holds what the signer signed against the content: its type, its
// digest, and which certificate signed.
func (t *Token) readAttributes(content []byte) error {
	if len(t.signer.SignedAttrs.FullBytes) == 0 {
		return errors.New("its signer signed no attributes")
	}
	// They are signed as the SET that they are (RFC 5652, 5.4).
	t.attrs = slices.Clone(t.signer.SignedAttrs.FullBytes)
	t.attrs[0] = 0x31
	var attrs []attribute
	if err := unmarshal(t.attrs, &attrs, "set"); err != nil {
		return fmt.Errorf("its attributes: %w", err)
	}
	seen := map[string]bool{}
	for _, a := range attrs {
		name := a.Type.String()
		if seen[name] {
			return fmt.Errorf("its attribute %s is there twice", name)
		}
		seen[name] = true
		var err error
		switch value := a.Values.Bytes; {
		case a.Type.Equal(oidContentType):
			var oid asn1.ObjectIdentifier
			if err = unmarshal(value, &oid, ""); err == nil && !oid.Equal(oidTSTInfo) {
				err = errors.New("it is another content's")
			}
		case a.Type.Equal(oidMessageDigest):
			var sum []byte
			if err = unmarshal(value, &sum, ""); err == nil {
				h := hashOf(t.signer.Digest.Algorithm)
				if h == nil {
					return fmt.Errorf("its digest %s is not known, or too weak", t.signer.Digest.Algorithm)
				}
				x := h()
				x.Write(content)
				if !bytes.Equal(x.Sum(nil), sum) {
					err = errors.New("the time and imprint are not what was signed")
				}
			}
		case a.Type.Equal(oidSigningCert):
			var v struct {
				Certs []struct {
					Hash   []byte
					Issuer asn1.RawValue `asn1:"optional"`
				}
				Policies asn1.RawValue `asn1:"optional"`
			}
			if err = unmarshal(value, &v, ""); err == nil && len(v.Certs) > 0 && t.ess == nil {
				// SHA-1 tells here which of a few certificates it is, no more.
				t.ess = func(c *x509.Certificate) bool {
					sum := sha1.Sum(c.Raw)
					return bytes.Equal(sum[:], v.Certs[0].Hash)
				}
			}
		case a.Type.Equal(oidSigningCertV2):
			var v struct {
				Certs []struct {
					Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
					Hash      []byte
					Issuer    asn1.RawValue `asn1:"optional"`
				}
				Policies asn1.RawValue `asn1:"optional"`
			}
			if err = unmarshal(value, &v, ""); err == nil && len(v.Certs) > 0 {
				h := sha256.New
				if oid := v.Certs[0].Algorithm.Algorithm; len(oid) > 0 {
					if h = hashOf(oid); h == nil {
						return fmt.Errorf("its digest %s is not known", oid)
					}
				}
				t.ess = func(c *x509.Certificate) bool {
					x := h()
					x.Write(c.Raw)
					return bytes.Equal(x.Sum(nil), v.Certs[0].Hash)
				}
			}
		}
		if err != nil {
			return fmt.Errorf("its attribute %s: %w", name, err)
		}
	}
	switch {
	case !seen[oidContentType.String()] || !seen[oidMessageDigest.String()]:
		return errors.New("its signer did not sign what it stamps")
	case t.ess == nil:
		return errors.New("its signer did not sign which certificate is its own")
	}
	return nil
}

func hashOf(oid asn1.ObjectIdentifier) func() hash.Hash {
	switch {
	case oid.Equal(oidSHA256):
		return sha256.New
	case oid.Equal(oidSHA384):
		return sha512.New384
	case oid.Equal(oidSHA512):
		return sha512.New
	}
	return nil
}

// Signer is the certificate of the signer, if the token brings it along.
func (t *Token) Signer() *x509.Certificate { return t.find(t.certs) }

func (t *Token) find(certs []*x509.Certificate) *x509.Certificate {
	if i := slices.IndexFunc(certs, t.ess); i >= 0 {
		return certs[i]
	}
	return nil
}

// signedBy checks the signature.
func (t *Token) signedBy(c *x509.Certificate) error {
	algo, ok := t.algorithm(c)
	if !ok {
		return fmt.Errorf("its signature algorithm %s with the digest %s is not known, or too weak", t.signer.Algorithm.Algorithm, t.signer.Digest.Algorithm)
	}
	if err := c.CheckSignature(algo, t.attrs, t.signer.Signature); err != nil {
		return fmt.Errorf("its signature does not hold: %w", err)
	}
	return nil
}

// algorithm joins what CMS says in two places.
func (t *Token) algorithm(c *x509.Certificate) (x509.SignatureAlgorithm, bool) {
	type family struct{ sha256, sha384, sha512 x509.SignatureAlgorithm }
	var f family
	oid := t.signer.Algorithm.Algorithm
	of := func(prefix asn1.ObjectIdentifier, more ...int) bool {
		return slices.ContainsFunc(more, func(x int) bool { return oid.Equal(append(slices.Clone(prefix), x)) })
	}
	switch {
	case oid.Equal(oidRSAPSS):
		f = family{x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS}
	case oid.Equal(oidRSA), of(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1}, 11, 12, 13):
		f = family{x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA}
	case oid.Equal(oidECKey), of(asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3}, 2, 3, 4):
		f = family{x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512}
	case oid.Equal(oidEd25519):
		return x509.PureEd25519, c.PublicKeyAlgorithm == x509.Ed25519
	}
	// The digest of the attributes and that of the content are one (RFC 5652, 5.4).
	switch d := t.signer.Digest.Algorithm; {
	case d.Equal(oidSHA256):
		return f.sha256, f.sha256 != 0
	case d.Equal(oidSHA384):
		return f.sha384, f.sha384 != 0
	case d.Equal(oidSHA512):
		return f.sha512, f.sha512 != 0
	}
	return 0, false
}

// Verify says whether the token was signed by a certificate that is for time
// stamps and is, or comes from, one of those given, at the time that it says.
func (t *Token) Verify(trusted []*x509.Certificate) error {
	c := t.find(append(slices.Clone(t.certs), trusted...))
	if c == nil {
		return errors.New("the signer's certificate is neither in the token nor among those given")
	}
	if err := t.signedBy(c); err != nil {
		return err
	}
	// A certificate for anything else besides must not stamp (RFC 3161, 2.3).
	if len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping || len(c.UnknownExtKeyUsage) > 0 ||
		!slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidExtKeyUsage) && e.Critical }) {
		return errors.New("the signer's certificate is not for time stamps alone")
	}
	// What signs certificates could stamp under any name (OpenSSL refuses it, too).
	if c.IsCA || c.KeyUsage&^(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0 {
		return errors.New("the signer's certificate signs certificates, or is for other uses beside signatures, and not for time stamps alone")
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, x := range trusted {
		roots.AddCert(x)
	}
	for _, x := range t.certs {
		between.AddCert(x)
	}
	_, err := c.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: t.Time.Std(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired && invalid.Cert != nil {
		// The package's words speak of the current time, which this is not.
		return fmt.Errorf("the stamp is of %s, and the certificate of %q is valid from %s until %s", t.Time, invalid.Cert.Subject, moment.FromTime(invalid.Cert.NotBefore), moment.FromTime(invalid.Cert.NotAfter))
	}
	return err
}
