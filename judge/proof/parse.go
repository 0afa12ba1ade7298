package proof

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/internal/tomlfile"
	"constat/internal/worded"
)

// Format names the version of the files that [Parse] reads.
const Format = "constat-standard/1"

// MaxSize is the largest file that is read as a standard, in bytes. Those that
// ship have a quarter of it; the decoder's time grows with the square of the
// number of tables, and at this size it is still a fraction of a second.
const MaxSize = 16 << 10

//go:embed standards
var box embed.FS

// Names lists the standards that ship, from the least to the most demanding.
func Names() []string { return []string{"balance", "clear", "conclusive"} }

// Source gives the bytes of a standard that ships, so that a case can keep
// them, and whether there is one of that name.
func Source(name string) ([]byte, bool) {
	for _, n := range Names() {
		if n == name {
			b, err := box.ReadFile("standards/" + n + ".toml")
			return b, err == nil
		}
	}
	return nil, false
}

// Load gives a standard that ships and the hash of its file. Standards of
// one's own are read by the caller and handed to [Parse].
func Load(name string) (Standard, string, error) {
	b, ok := Source(name)
	if !ok {
		return Standard{}, "", worded.Errorf("standard %q: none of that name ships; there are %s", name, strings.Join(Names(), ", "))
	}
	return Parse(b)
}

// Hash is the SHA-256 of a standard's bytes in lower-case hexadecimal.
func Hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// former are the hashes of standards that shipped under a name before. Cases
// that declared them keep them, and they stay readable; the oldest
// lack the section on analysts' evidence, and all of them that on acts.
var former = map[string]string{
	"5fb011ee8af9e6fd18e975b20686cdda17d1de0b043e4386bfb3d4f0388a1347": "balance",
	"33ed582dbc80b257f4ec197e32141e2485f051284bca92c6ffbd542444dff10a": "clear",
	"b283b349beb960028470031d951b82e80e4910e3076035b88ba0be7c06fc1f9f": "conclusive",
	"9baf20f7eb83281f314400c2ee4d51779a2de092945d12339ceda0c910c82129": "balance",
	"90ef6bbbcbeb815143ff2462ceba8bcc9373c1ca699e3e58c23adbed038e9919": "clear",
	"2f280d54389aa2b8f0d29a0e86021296933f46f61d7d3bc07cb939d5e7960a4a": "conclusive",
}

// ErrStandard is wrapped by every refusal of [Parse].
var ErrStandard = errors.New("not a usable standard of proof")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrStandard}, args...)...)
}

// file is a standard as written.
type file struct {
	Format string `toml:"format"`
	Standard
}

// Parse reads a standard and gives the SHA-256 of exactly these bytes. It
// refuses unknown keys, missing thresholds – nothing has a default, so that a
// reader of the file sees all of it – and absurd ones.
func Parse(b []byte) (Standard, string, error) {
	if len(b) > MaxSize {
		return Standard{}, "", refuse("%d bytes; a standard has at most %d", len(b), MaxSize)
	}
	var f file
	if err := tomlfile.Decode(b, &f); err != nil {
		return Standard{}, "", decodeError(err)
	}
	have, err := tomlfile.Tree(b)
	if err != nil {
		return Standard{}, "", decodeError(err)
	}
	if err := complete(have); err != nil {
		return Standard{}, "", err
	}
	if f.Format != Format {
		return Standard{}, "", refuse("format = %.60q; this program reads %q", f.Format, Format)
	}
	if _, ok := have["acts"]; !ok {
		f.Acts = Acts{Networks: 3}
	}
	if err := f.Standard.check(); err != nil {
		return Standard{}, "", err
	}
	hash := Hash(b)
	// A stranger under the name of a standard that ships would deceive the
	// reader of a report.
	if own, ok := Source(f.Name); ok && !bytes.Equal(own, b) && former[hash] != f.Name {
		return Standard{}, "", refuse("name = %q is a standard that ships, and this file is another (SHA-256 %s, not %s); give it a name of its own", f.Name, hash, Hash(own))
	}
	return f.Standard, hash, nil
}

// decodeError puts the decoder's errors into the words of a refusal.
func decodeError(err error) error {
	var u *tomlfile.Unknown
	if errors.As(err, &u) {
		return refuse("no standard has the key %s; docs/standards.md lists them all", strings.Join(u.Keys, ", "))
	}
	return refuse("%w", err)
}

// keys are all keys of a standard that it must have. Texts must have the default
// language; a reader in another is shown that where the standard lacks his.
var keys = []string{
	"format", "name", in("title"),
	"fact_witnesses", "place_witnesses", "carrier_share", "near_controls", "collectors", "timing",
	"noise.zombie", "noise.zombie_v6", "noise.churn", "noise.stuck", "noise.alpha",
	"sensitivity.vantage", "sensitivity.collector", "sensitivity.file", "sensitivity.transit",
	in("words.established"), in("words.indicated"), in("words.not_established"), in("words.excluded"),
}

// in is the key of a text in the default language.
func in(text string) string { return text + "." + string(locale.Default) }

// analystKeys are the keys of the section on analysts' evidence. It may be left
// out as a whole: such a standard says nothing about what routing cannot
// measure, and nothing of that kind is weighed under it.
var analystKeys = []string{
	"analysts.items", "analysts.raters", "analysts.sources", "analysts.margin", "analysts.grade",
	"analysts.sensitivity.item", "analysts.sensitivity.source",
}

// actKeys are the keys of the section on acts. Standards from before there was
// one leave it out: a place must then stand against two networks.
var actKeys = []string{"acts.networks", "acts.countries", "acts.rule"}

// complete refuses a standard that lacks a key. The decoder would read the
// lack as zero.
func complete(have map[string]any) error {
	var lack []string
	demanded := keys
	if _, ok := have["analysts"]; ok {
		demanded = slices.Concat(keys, analystKeys)
	}
	if _, ok := have["acts"]; ok {
		demanded = slices.Concat(demanded, actKeys)
	}
	for _, k := range demanded {
		m, parts := have, strings.Split(k, ".")
		for i, p := range parts {
			v, ok := m[p]
			if !ok {
				lack = append(lack, k)
				break
			}
			if i < len(parts)-1 {
				if m, ok = v.(map[string]any); !ok {
					return refuse("%s is not a table", strings.Join(parts[:i+1], "."))
				}
			}
		}
	}
	if len(lack) > 0 {
		return refuse("missing: %s; nothing has a default", strings.Join(lack, ", "))
	}
	return nil
}

// check refuses thresholds that make no sense. Each range has its reason in
// docs/standards.md.
func (s *Standard) check() error {
	if err := checkName(s.Name); err != nil {
		return err
	}
	for _, c := range []struct {
		key      string
		got      int
		low, top int
		why      string
	}{
		{"fact_witnesses", s.FactWitnesses, 2, 1000, "the definition of an outage asks for two distinct ASes"},
		{"place_witnesses", s.PlaceWitnesses, 2, 1000, "what one witness says, one stuck router can say"},
		{"near_controls", s.NearControls, 1, 1000, "without a control that survives, no wide break can be excluded"},
		{"acts.networks", s.Acts.Networks, 2, 4, "below two any single act would do, above four the claim becomes empty"},
		{"acts.countries", s.Acts.Countries, 0, 3, "more than two buy no safety"},
		{"collectors", s.Collectors, 2, 100, "what rests on one collector is never established"},
	} {
		if c.got < c.low || c.got > c.top {
			return refuse("%s = %d; allowed are %d to %d (%s)", c.key, c.got, c.low, c.top, c.why)
		}
	}
	for _, c := range []struct {
		key      string
		got      float64
		low, top float64
		why      string
	}{
		{"carrier_share", s.CarrierShare, 0.51, 0.99, "more than half, and never all: some withdrawals are missed"},
		{"noise.zombie", s.Noise.Zombie, 0.001, 0.25, "1.8 % of IPv4 withdrawals are missed; no rate of zero was ever measured"},
		{"noise.zombie_v6", s.Noise.ZombieV6, 0.001, 0.25, "2.7 % of IPv6 withdrawals are missed; no rate of zero was ever measured"},
		{"noise.churn", s.Noise.Churn, 0.0001, 0.25, "routes are lost for reasons of their own every minute"},
		{"noise.stuck", s.Noise.Stuck, 0.0001, 0.5, "transit networks do get stuck"},
		{"noise.alpha", s.Noise.Alpha, 1e-9, 0.05, "above 5 % a coincidence would pass for a contradiction"},
	} {
		if !(c.got >= c.low && c.got <= c.top) { // also refuses what is not a number
			return refuse("%s = %v; allowed are %v to %v (%s)", c.key, c.got, c.low, c.top, c.why)
		}
	}
	if z := max(s.Noise.Zombie, s.Noise.ZombieV6); s.CarrierShare > 1-z+1e-9 {
		return refuse("carrier_share = %v with zombies of %v: more carriers would have to lose the routes than zombies allow; allowed is at most %v", s.CarrierShare, z, 1-z)
	}
	if !s.Sensitivity.Vantage {
		return refuse("sensitivity.vantage = false; allowed is true (a conclusion that one item flips is none)")
	}
	// Chance alone must not put the demanded witnesses together.
	for _, c := range []struct {
		n, rate     string
		of          int
		p, atOdds   float64
		consequence string
	}{
		{"place_witnesses", "noise.churn", s.PlaceWitnesses, s.Noise.Churn, s.Noise.Alpha, "chance alone would find them"},
		{"near_controls", "noise.zombie", s.NearControls, s.Noise.Zombie, s.Noise.Alpha, "zombies alone would pass for surviving controls"},
		{"near_controls", "noise.zombie_v6", s.NearControls, s.Noise.ZombieV6, s.Noise.Alpha, "zombies alone would pass for surviving controls"},
	} {
		if p := power(c.p, c.of); p > c.atOdds*(1+1e-9) {
			return refuse("%s = %d with %s = %v: %s at odds of %.2g, above noise.alpha = %v; demand more of them", c.n, c.of, c.rate, c.p, c.consequence, p, c.atOdds)
		}
	}
	if s.Analysts.Declared() {
		if err := s.Analysts.check(); err != nil {
			return err
		}
	}
	return s.checkTexts()
}

func power(p float64, n int) float64 {
	r := 1.0
	for range n {
		r *= p
	}
	return r
}

func checkName(n string) error {
	ok := n != "" && len(n) <= 40
	for i, r := range n {
		ok = ok && (r >= 'a' && r <= 'z' || i > 0 && (r >= '0' && r <= '9' || r == '-'))
	}
	if !ok {
		return refuse("name = %.60q; allowed are 1 to 40 of a-z, 0-9 and -, beginning with a letter", n)
	}
	return nil
}

func (s *Standard) checkTexts() error {
	for _, t := range []struct {
		key string
		Text
	}{
		{"title", s.Title},
		{"words.established", s.Words.Established}, {"words.indicated", s.Words.Indicated},
		{"words.not_established", s.Words.NotEstablished}, {"words.excluded", s.Words.Excluded},
	} {
		for _, l := range t.Langs() {
			if err := checkText(t.key+"."+string(l), t.Text[l], l); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkText(key, text string, l Lang) error {
	const most = 600
	switch n := utf8.RuneCountInString(text); {
	case !slices.Contains(locale.All(), l):
		return refuse("%.60s is in a language that this program does not have; it has %s", key, locale.Codes())
	case strings.TrimSpace(text) == "" || n > most:
		return refuse("%s has %d characters; allowed are 1 to %d", key, n, most)
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' }):
		return refuse("%s = %.80q; allowed is one line of printable text", key, text)
	}
	if bad := Mixed(text); len(bad) > 0 {
		return refuse("%s: %.120q puts likelihood and confidence in one sentence (ICD 203)", key, bad[0])
	}
	return nil
}
