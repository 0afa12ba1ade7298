package finding

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/internal/strictjson"
	"constat/judge/place"
)

// Formats 1 and 2 have sentences where format 3 has identifiers, and lists of texts
// where it has typed fields; everything else is the same. So a file is turned from
// the one into the other as JSON, in its own order, and what is named nowhere below
// is carried over as it is. A member that is added to format 3 must be left out
// again on the way to format 2: a case of format 2 is computed to its own bytes for
// ever.

// former gives the text that formats 1 and 2 have for an identifier; a value that
// has one form in all formats is its own.
func (w words) former(id string) string {
	for text, x := range w {
		if x == id {
			return text
		}
	}
	return id
}

// id gives the identifier of a text of formats 1 and 2.
func (w words) id(text string) string {
	if id, ok := w[text]; ok {
		return id
	}
	return text
}

// Blindness gives the identifier of a reason of blindness as watch.json has it. Of a
// reason that is none of the program's it is not known why nobody was watching.
func Blindness(reason string) string {
	if id, ok := blindnessOf2[reason]; ok {
		return id
	}
	if reason == Stale {
		return Stale
	}
	return MissingFile
}

// CurrentAnswer gives the identifier of an answer, however it is written: a case's
// log has it as the findings of the time had it.
func CurrentAnswer(answer string) string { return answersOf2.id(answer) }

// Older reports whether the findings were read from a format before 3.
func (f *Findings) Older() bool { return f.Format == Format1 || f.Format == Format2 }

// WrittenAnswer is the answer as findings.json of these findings has it: files that
// cite it cite it so.
func (f *Findings) WrittenAnswer() string {
	if f.Older() {
		return answersOf2.former(f.Answer)
	}
	return f.Answer
}

// WrittenCensor is [Findings.WrittenAnswer] for why an end was not seen.
func (f *Findings) WrittenCensor(why string) string {
	if f.Older() {
		return censorsOf2.former(why)
	}
	return why
}

// WrittenVerdict is the verdict as findings.json of these findings has it.
func (f *Findings) WrittenVerdict() (json.RawMessage, error) {
	b, err := strictjson.Compact(f.Verdict)
	if err != nil || !f.Older() {
		return b, err
	}
	return convert(b, verdictShape, &older{down: true, subject: f.Subject.Name, origins: f.origins()})
}

func (f *Findings) origins() []uint32 {
	var out []uint32
	for i := range f.Cause {
		out = append(out, f.Cause[i].Origin)
	}
	return out
}

// InFormat2 gives the findings without the members that format 2 has not, and format 3
// at first had not.
func (f *Findings) InFormat2() *Findings {
	old := *f
	old.Outages = slices.Clone(f.Outages)
	for i := range old.Outages {
		o := &old.Outages[i]
		o.Gone, o.Left, o.Bare, o.Witnesses.Stopped, o.Brief = nil, nil, nil, 0, false
	}
	old.Watched.Absent, old.Below, old.Folded = 0, nil, nil
	old.Others = slices.Clone(f.Others)
	for i := range old.Others {
		o := &old.Others[i]
		o.Delegated, o.Aside, o.Holder.Table, o.Holder.Gone = nil, false, nil, nil
		if o.Own != nil {
			own := *o.Own
			own.Table, own.Gone = nil, nil
			o.Own = &own
		}
	}
	old.Cause = slices.Clone(f.Cause)
	for i := range old.Cause {
		old.Cause[i].Elsewhere = nil
	}
	return &old
}

// encode2 gives the bytes of findings.json in format 2.
func (f *Findings) encode2() ([]byte, error) {
	b, err := strictjson.Compact(f.InFormat2())
	if err != nil {
		return nil, err
	}
	if b, err = convert(b, findingsShape, &older{down: true, subject: f.Subject.Name, origins: f.origins()}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", " "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// fromOlder turns findings.json of formats 1 and 2 into one with the values of
// format 3. The name of the format stays.
func fromOlder(b []byte) ([]byte, error) {
	var f struct {
		Subject struct {
			Name string `json:"name"`
		} `json:"subject"`
		Cause []struct {
			Origin uint32 `json:"origin"`
		} `json:"cause"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	x := &older{subject: f.Subject.Name}
	for _, c := range f.Cause {
		x.origins = append(x.origins, c.Origin)
	}
	return convert(b, findingsShape, x)
}

// older is a conversion: up to format 3 unless it is down to format 2. Some
// propositions of format 2 name the subject, others the origin of their loss.
type older struct {
	down    bool
	subject string
	origins []uint32          // of the losses, by their index
	lists   map[string]OnList // reasons that were taken apart: many are the same
}

// shape says what of a value differs between the formats. A list has the shape of
// its elements.
type shape struct {
	words   words            // of a text
	members map[string]shape // of an object
	whole   func(x *older, b []byte) (any, error)
}

func text(w words) shape { return shape{words: w} }

func object(members map[string]shape) shape { return shape{members: members} }

var (
	verdictShape = object(map[string]shape{"propositions": {whole: (*older).proposition}})

	findingsShape = object(map[string]shape{
		"answer": text(answersOf2),
		"subject": object(map[string]shape{
			"reasons":  {whole: (*older).reason},
			"prefixes": object(map[string]shape{"reasons": {whole: (*older).onList}}),
		}),
		"watch": object(map[string]shape{"blind": object(map[string]shape{"reason": text(blindnessOf2)})}),
		"outages": object(map[string]shape{
			"censored":  text(censorsOf2),
			"witnesses": object(map[string]shape{"zombie_suspects": {whole: (*older).peer}}),
		}),
		"events": object(map[string]shape{"censored": text(censorsOf2)}),
		"notes":  {whole: (*older).note},
		"cause": object(map[string]shape{
			"level":      text(levelsOf2),
			"demands":    object(map[string]shape{"what": text(demandsOf2)}),
			"reasons":    text(reasonsOf2),
			"blind":      {whole: (*older).peer},
			"hypotheses": object(map[string]shape{"by": text(excludersOf2)}),
		}),
		"how": object(map[string]shape{
			"off":     text(offsOf2),
			"shape":   text(shapesOf2),
			"clock":   text(clocksOf2),
			"local":   object(map[string]shape{"clock": text(clocksOf2)}),
			"signs":   object(map[string]shape{"value": text(signsOf2), "for": text(sidesOf2), "why": text(whysOf2)}),
			"overall": object(map[string]shape{"for": text(sidesOf2)}),
		}),
		"verdict": verdictShape,
	})
)

// convert turns a JSON value of a shape into its other form. What has no shape is
// copied as it is, so that a large file costs one copy of itself.
func convert(b []byte, s shape, x *older) ([]byte, error) {
	if !json.Valid(b) {
		var v json.RawMessage
		return nil, json.Unmarshal(b, &v)
	}
	w := walk{x: x, in: b, out: make([]byte, 0, len(b))}
	if err := w.value(s); err != nil {
		return nil, err
	}
	return w.out, nil
}

// walk goes through valid JSON and writes its other form.
type walk struct {
	x       *older
	in, out []byte
	at      int // in in
}

// next is the next byte that is no space.
func (w *walk) next() byte {
	for w.in[w.at] == ' ' || w.in[w.at] == '\n' || w.in[w.at] == '\t' || w.in[w.at] == '\r' {
		w.at++
	}
	return w.in[w.at]
}

// skip returns the value at the next byte, and goes behind it.
func (w *walk) skip() []byte {
	start, depth := w.at, 0
	for w.at < len(w.in) {
		switch c := w.in[w.at]; c {
		case '"':
			for w.at++; w.in[w.at] != '"'; w.at++ {
				if w.in[w.at] == '\\' {
					w.at++
				}
			}
			w.at++
		case '{', '[':
			depth++
			w.at++
		case '}', ']':
			depth--
			w.at++
		default: // a number or a word, or between the values of a list
			if depth > 0 {
				w.at++
				continue
			}
			for w.at < len(w.in) && !bytes.ContainsRune([]byte(",]} \n\t\r"), rune(w.in[w.at])) {
				w.at++
			}
		}
		if depth == 0 {
			break
		}
	}
	return w.in[start:w.at]
}

func (w *walk) value(s shape) error {
	switch c := w.next(); {
	case c == 'n' || s.words == nil && s.members == nil && s.whole == nil:
		w.out = append(w.out, w.skip()...)
	case c == '[':
		return w.list(s)
	case s.whole != nil:
		v, err := s.whole(w.x, w.skip())
		if err != nil {
			return err
		}
		return w.write(v)
	case c == '{' && s.members != nil:
		return w.object(s)
	case c == '"' && s.words != nil:
		var was string
		if err := json.Unmarshal(w.skip(), &was); err != nil {
			return err
		}
		if w.x.down {
			return w.write(s.words.former(was))
		}
		return w.write(s.words.id(was))
	default:
		w.out = append(w.out, w.skip()...)
	}
	return nil
}

func (w *walk) write(v any) error {
	b, err := strictjson.Compact(v)
	w.out = append(w.out, b...)
	return err
}

// take copies a bracket, a comma or a colon.
func (w *walk) take() {
	w.out = append(w.out, w.next())
	w.at++
}

func (w *walk) list(s shape) error {
	w.take()
	for w.next() != ']' {
		switch w.in[w.at] {
		case ',':
			w.take()
		case '[': // a list in a list is of no shape here
			w.out = append(w.out, w.skip()...)
		default:
			if err := w.value(s); err != nil {
				return err
			}
		}
	}
	w.take()
	return nil
}

func (w *walk) object(s shape) error {
	w.take()
	for w.next() != '}' {
		if w.in[w.at] == ',' {
			w.take()
			w.next()
		}
		quoted := w.skip()
		w.out = append(w.out, quoted...)
		w.take() // its colon
		var name string
		if err := json.Unmarshal(quoted, &name); err != nil {
			return err
		}
		if err := w.value(s.members[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	w.take()
	return nil
}

// note2 is a note of formats 1 and 2.
type note2 struct {
	Key  string   `json:"key"`
	Args []string `json:"args"`
}

// OlderNotes reads the notes of a file that has them as formats 1 and 2 do.
func OlderNotes(b []byte) ([]Note, error) {
	var was []note2
	if err := json.Unmarshal(b, &was); err != nil {
		return nil, err
	}
	out := []Note{}
	for _, n := range was {
		out = append(out, NewNote(n.Key, n.Args))
	}
	return out, nil
}

func (x *older) note(b []byte) (any, error) {
	if x.down {
		var n Note
		if err := json.Unmarshal(b, &n); err != nil {
			return nil, err
		}
		key, args := n.older()
		return note2{key, args}, nil
	}
	var n note2
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, err
	}
	return NewNote(n.Key, n.Args), nil
}

func (x *older) peer(b []byte) (any, error) {
	if x.down {
		var p PeerName
		err := json.Unmarshal(b, &p)
		return p.String(), err
	}
	var s string
	err := json.Unmarshal(b, &s)
	return NewPeerName(s), err
}

func (x *older) onList(b []byte) (any, error) {
	if x.down {
		var o OnList
		err := json.Unmarshal(b, &o)
		return o.String(), err
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, err
	}
	o, ok := x.lists[s]
	if !ok {
		o = NewOnList(s)
		if x.lists == nil {
			x.lists = map[string]OnList{}
		}
		x.lists[s] = o
	}
	return o, nil
}

func (x *older) reason(b []byte) (any, error) {
	type reason2 struct {
		What   string `json:"what"`
		Reason string `json:"reason"`
	}
	if x.down {
		var r Reason
		err := json.Unmarshal(b, &r)
		return reason2{r.Name(), r.String()}, err
	}
	var r reason2
	err := json.Unmarshal(b, &r)
	return NewReason(r.What, r.Reason), err
}

// proposition2 is a proposition of formats 1 and 2.
type proposition2 struct {
	Key   string          `json:"key"`
	Level string          `json:"level"`
	Cause *int            `json:"cause"`
	Class json.RawMessage `json:"class"`
	Args  []string        `json:"args"`
}

// fewFullFeeds is the second argument of an outage of format 2.
const fewFullFeeds = "few full feeds"

func (x *older) proposition(b []byte) (any, error) {
	if x.down {
		var q Proposition
		if err := json.Unmarshal(b, &q); err != nil {
			return nil, err
		}
		return x.older(&q)
	}
	var was proposition2
	if err := json.Unmarshal(b, &was); err != nil {
		return nil, err
	}
	q := Proposition{Key: was.Key, Cause: was.Cause}
	if err := q.Level.UnmarshalText([]byte(levelsOf2.id(was.Level))); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(was.Class, &q.Class); len(was.Class) > 0 && err != nil {
		return nil, err
	}
	if q.Class == nil {
		q.Class = []place.Hypothesis{}
	}
	x.read(&q, was.Args)
	if p, err := x.older(&q); err != nil || p.Key != was.Key || !slices.Equal(p.Args, was.Args) {
		q = Proposition{Key: PropOther, Level: q.Level, Cause: q.Cause, Class: q.Class, Other: append([]string{was.Key}, was.Args...)}
	}
	return &q, nil
}

// read takes the arguments of a proposition of format 2 apart, as far as they are of
// its key's form.
func (x *older) read(q *Proposition, args []string) {
	whole := q.Cause == nil
	switch {
	case len(args) == 0:
	case whole && q.Key == PropObserver && len(args) == 2:
		q.Reset, _ = strconv.Atoi(args[0])
		q.Carriers, _ = strconv.Atoi(args[1])
	case whole && q.Key == PropReplaced:
		q.StandIn = standInsOf2.id(args[0])
		for _, a := range args[1:] {
			p, _ := netip.ParsePrefix(a)
			q.Prefixes = append(q.Prefixes, p)
		}
	case q.Key == PropNode:
		q.Network = asNumber(args[0])
	default:
		if !x.together(q) {
			q.Origin = asNumber(args[0])
		}
		q.FewFullFeeds = q.Key == PropOutage && len(args) == 2 && args[1] == fewFullFeeds
	}
}

// together reports whether a proposition speaks of several origins lost together.
func (x *older) together(q *Proposition) bool {
	return q.Cause != nil && *q.Cause >= 0 && *q.Cause < len(x.origins) && x.origins[*q.Cause] == 0
}

// asNumber reads "AS64496"; 0 if it is none.
func asNumber(name string) uint32 {
	n, err := strconv.ParseUint(strings.TrimPrefix(name, "AS"), 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// older gives the form that a proposition has in formats 1 and 2.
func (x *older) older(q *Proposition) (*proposition2, error) {
	level, err := q.Level.MarshalText()
	if err != nil {
		return nil, err
	}
	class, err := strictjson.Compact(q.Class)
	if err != nil {
		return nil, err
	}
	p := &proposition2{Key: q.Key, Level: levelsOf2.former(string(level)), Cause: q.Cause, Class: class, Args: []string{}}
	switch {
	case q.Key == PropOther && len(q.Other) > 0:
		p.Key, p.Args = q.Other[0], append(p.Args, q.Other[1:]...)
	case q.Key == PropAuthor:
	case q.Network != 0:
		p.Args = append(p.Args, asName(q.Network))
	case q.Carriers != 0:
		p.Args = append(p.Args, strconv.Itoa(q.Reset), strconv.Itoa(q.Carriers))
	case q.StandIn != "":
		p.Args = append(p.Args, standInsOf2.former(q.StandIn))
		for _, prefix := range q.Prefixes {
			p.Args = append(p.Args, prefix.String())
		}
	case q.Origin != 0:
		p.Args = append(p.Args, asName(q.Origin))
	case x.together(q):
		p.Args = append(p.Args, x.subject)
	}
	if q.FewFullFeeds {
		p.Args = append(p.Args, fewFullFeeds)
	}
	return p, nil
}
