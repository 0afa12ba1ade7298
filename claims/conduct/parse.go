package conduct

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"constat/internal/locale"
	"constat/internal/tomlfile"
	"constat/internal/worded"
	"constat/judge/proof"
)

// Format names the version of files of rules (docs/codes.md).
const Format = "constat-code/1"

// MaxSize is the largest file of rules that is read, in bytes.
const MaxSize = 64 << 10

//go:embed codes
var box embed.FS

// Names lists the codes that ship.
func Names() []string { return []string{"un-gge-2015", "sco-2015"} }

// Source gives the bytes of a code that ships, so that a case can keep them.
func Source(name string) ([]byte, bool) {
	if !slices.Contains(Names(), name) {
		return nil, false
	}
	b, err := box.ReadFile("codes/" + name + ".toml")
	return b, err == nil
}

// Load gives a code that ships. Codes of one's own are read by the caller and
// handed to [Parse].
func Load(name string) (*Code, error) {
	b, ok := Source(name)
	if !ok {
		return nil, worded.Errorf("code %.60q: none of that name ships; there are %s", name, strings.Join(Names(), ", "))
	}
	return Parse(b)
}

// Code is a file of rules.
type Code struct {
	Format string     `toml:"format"`
	Name   string     `toml:"name"`
	Title  proof.Text `toml:"title"`
	Status proof.Text `toml:"status"` // what the document is, and whom it binds
	Rules  []Rule     `toml:"rule"`
}

// Rule is one rule of a code.
type Rule struct {
	ID     string     `toml:"id"`
	Source string     `toml:"source"` // document and paragraph
	Quote  string     `toml:"quote"`  // the document's own words, exact; empty where they were not at hand
	Text   proof.Text `toml:"text"`   // what it says, in our words
	// Engaged are sets of facts; a case in which all of one set are true
	// engages the rule.
	Engaged [][]string   `toml:"engaged"`
	Demands []RuleDemand `toml:"demand"`
}

// RuleDemand is what a rule demands of a case that engages it.
type RuleDemand struct {
	Kind string     `toml:"kind"`
	What string     `toml:"what"` // the section; for a notice the fact whose networks are due one
	Text proof.Text `toml:"text"`
}

// ErrCode is wrapped by every refusal of [Parse].
var ErrCode = errors.New("not a usable code of conduct")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrCode}, args...)...)
}

// Parse reads a file of rules.
func Parse(b []byte) (*Code, error) {
	if len(b) > MaxSize {
		return nil, refuse("%d bytes; at most %d are read", len(b), MaxSize)
	}
	c := &Code{}
	if err := tomlfile.Decode(b, c); err != nil {
		var u *tomlfile.Unknown
		if errors.As(err, &u) {
			return nil, refuse("no code has the key %s; docs/codes.md lists them all", strings.Join(u.Keys, ", "))
		}
		return nil, refuse("%w", err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Code) check() error {
	if c.Format != Format {
		return refuse("format = %.60q; this program reads %q", c.Format, Format)
	}
	if err := checkID("name", c.Name); err != nil {
		return err
	}
	if err := errors.Join(checkText("title", c.Title, 300), checkText("status", c.Status, 1000)); err != nil {
		return err
	}
	if len(c.Rules) == 0 || len(c.Rules) > 200 {
		return refuse("%d rules; allowed are 1 to 200", len(c.Rules))
	}
	seen := map[string]bool{}
	for i := range c.Rules {
		r := &c.Rules[i]
		if err := checkID(fmt.Sprintf("rule %d: id", i+1), r.ID); err != nil {
			return err
		}
		if seen[r.ID] {
			return refuse("rule %s is there twice", r.ID)
		}
		seen[r.ID] = true
		if err := r.check("rule " + r.ID); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rule) check(what string) error {
	if err := checkLine(what+": source", r.Source, 200); err != nil {
		return err
	}
	if r.Quote != "" {
		if err := checkLine(what+": quote", r.Quote, 600); err != nil {
			return err
		}
	}
	if err := checkText(what+": text", r.Text, 1000); err != nil {
		return err
	}
	if len(r.Engaged) == 0 || len(r.Engaged) > 50 {
		return refuse("%s: engaged has %d sets of facts; allowed are 1 to 50", what, len(r.Engaged))
	}
	for _, all := range r.Engaged {
		if len(all) == 0 || len(all) > 10 {
			return refuse("%s: engaged holds a set of %d facts; allowed are 1 to 10", what, len(all))
		}
		for _, f := range all {
			if _, ok := facts[f]; !ok {
				return refuse("%s: engaged by %.40q, which is no fact; docs/codes.md lists them all", what, f)
			}
		}
	}
	if len(r.Demands) == 0 || len(r.Demands) > 50 {
		return refuse("%s demands %d things; allowed are 1 to 50", what, len(r.Demands))
	}
	for i, d := range r.Demands {
		what := fmt.Sprintf("%s, demand %d", what, i+1)
		switch d.Kind {
		case KindSection:
			if !slices.Contains(sections, d.What) {
				return refuse("%s: section %.40q; there are %s", what, d.What, strings.Join(sections, ", "))
			}
		case KindNotice:
			if !facts[d.What] {
				return refuse("%s: notice to the networks of %.40q; want %s, %s or %s", what, d.What, FactFacilities, FactPlace, FactStateOwned)
			}
		case KindCaution:
			if d.What != "" {
				return refuse("%s: a caution has no what", what)
			}
		default:
			return refuse("%s: kind = %.40q; want %s, %s or %s", what, d.Kind, KindSection, KindNotice, KindCaution)
		}
		if err := checkText(what+": text", d.Text, 600); err != nil {
			return err
		}
	}
	return nil
}

func checkID(what, id string) error {
	ok := id != "" && len(id) <= 40
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	if !ok {
		return refuse("%s = %.60q; allowed are 1 to 40 of a-z, 0-9 and -", what, id)
	}
	return nil
}

func checkText(what string, t proof.Text, most int) error {
	if _, ok := t[locale.Default]; !ok {
		return refuse("%s.%s is missing", what, locale.Default)
	}
	for _, l := range t.Langs() {
		if !slices.Contains(locale.All(), l) {
			return refuse("%s.%.20s is in a language that this program does not have; it has %s", what, l, locale.Codes())
		}
		if err := checkLine(what+"."+string(l), t[l], most); err != nil {
			return err
		}
		if bad := proof.Mixed(t[l]); len(bad) > 0 {
			return refuse("%s.%s: %.120q puts likelihood and confidence in one sentence (ICD 203)", what, l, bad[0])
		}
	}
	return nil
}

func checkLine(what, s string, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case strings.TrimSpace(s) == "" || n > most:
		return refuse("%s has %d characters; allowed are 1 to %d", what, n, most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' || unicode.Is(unicode.Bidi_Control, r)
	}):
		return refuse("%s: allowed is one line of printable text", what)
	}
	return nil
}
