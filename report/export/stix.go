package export

import (
	"cmp"
	"constat/internal/locale"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/internal/strictjson"
	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
	"constat/report/document"
)

// object is a STIX object of any type that is written here, with the
// properties in the order of the specification. What is empty is left out: STIX
// knows neither null nor empty lists.
type object struct {
	Type         string   `json:"type"`
	SpecVersion  string   `json:"spec_version,omitempty"`
	ID           string   `json:"id"`
	CreatedByRef string   `json:"created_by_ref,omitempty"`
	Created      string   `json:"created,omitempty"`
	Modified     string   `json:"modified,omitempty"`
	Labels       []string `json:"labels,omitempty"`
	Confidence   *int     `json:"confidence,omitempty"`
	Lang         string   `json:"lang,omitempty"`
	External     []extern `json:"external_references,omitempty"`

	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`

	// identity
	Roles         []string `json:"roles,omitempty"`
	IdentityClass string   `json:"identity_class,omitempty"`
	// location
	Country string `json:"country,omitempty"`
	// report, grouping
	ReportTypes []string `json:"report_types,omitempty"`
	Context     string   `json:"context,omitempty"`
	Published   string   `json:"published,omitempty"`
	// observed-data
	FirstObserved  string `json:"first_observed,omitempty"`
	LastObserved   string `json:"last_observed,omitempty"`
	NumberObserved int    `json:"number_observed,omitempty"`
	// note, opinion
	Abstract    string   `json:"abstract,omitempty"`
	Content     string   `json:"content,omitempty"`
	Explanation string   `json:"explanation,omitempty"`
	Authors     []string `json:"authors,omitempty"`
	Opinion     string   `json:"opinion,omitempty"`
	// relationship
	RelationshipType string `json:"relationship_type,omitempty"`
	SourceRef        string `json:"source_ref,omitempty"`
	TargetRef        string `json:"target_ref,omitempty"`
	// autonomous-system, ipv4-addr, ipv6-addr
	Number *uint32 `json:"number,omitempty"`
	Value  string  `json:"value,omitempty"`

	ObjectRefs []string `json:"object_refs,omitempty"`
}

type extern struct {
	SourceName  string            `json:"source_name"`
	Description string            `json:"description,omitempty"`
	URL         string            `json:"url,omitempty"`
	Hashes      map[string]string `json:"hashes,omitempty"`
	ExternalID  string            `json:"external_id,omitempty"`
}

type bundle struct {
	Type    string   `json:"type"`
	ID      string   `json:"id"`
	Objects []object `json:"objects"`
}

// stixTime is a timestamp with milliseconds, as created and modified demand.
// Finer parts are cut; what RFC 3339 cannot write becomes its nearest end.
func stixTime(t moment.Time) string {
	return min(max(t, firstTime), lastTime).Std().Format("2006-01-02T15:04:05.000Z")
}

// stixOutages is how many outages become notes of their own.
const stixOutages = 200

// STIX writes a case as a STIX 2.1 bundle.
func STIX(c *Case, o Options) ([]byte, error) {
	rs := c.reviews()
	outs, err := c.outlines(o.Lang, rs)
	if err != nil {
		return nil, err
	}
	s := &stix{c: c, v: voiceOf(o.Lang), o: o, have: map[string]bool{}, lang: string(o.Lang)}
	examiner := object{Type: "identity", Created: stixTime(c.Opened), Name: cmp.Or(c.Examiner, s.v.say("nobody")), IdentityClass: "unknown",
		Roles: []string{"examiner"}, Description: s.v.say("stix.examiner")}
	if c.Examiner == "" {
		examiner.Description = s.v.say("stix.unsigned")
	}
	s.examiner = s.add(examiner)
	for i := range c.Examinations {
		s.examination(&c.Examinations[i], outs[i])
	}
	for _, r := range rs {
		s.statement(r, outs[r.exam].Statement(r.words()))
	}
	s.report()
	b := bundle{Type: "bundle", Objects: s.objects}
	j, err := strictjson.Compact(b.Objects)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	b.ID = "bundle--" + ownSpace.name(string(j)+"\n").String()
	return strictjson.Indented(b)
}

// stix is a bundle in the making.
type stix struct {
	c        *Case
	o        Options
	v        voice
	lang     string
	objects  []object
	have     map[string]bool
	examiner string

	groups   []string // groupings, in order
	watched  []string // of each examination the observed-data of its subject
	findings []string // paragraphs of the report
	grouped  []string // what the grouping in the making holds
	inGroup  map[string]bool
	title    string
	warned   []string // labels of the report: what no reader may miss
}

// add completes an object, gives it an identifier that is a digest of its
// content, and returns that. Of two equal objects one is kept.
func (s *stix) add(o object) string {
	o.SpecVersion = "2.1"
	switch o.Type {
	case "autonomous-system":
		o.ID = sco(o.Type, "number", *o.Number)
	case "ipv4-addr", "ipv6-addr":
		o.ID = sco(o.Type, "value", o.Value)
	default:
		if s.examiner != "" {
			o.CreatedByRef = s.examiner
		}
		o.Modified, o.Lang = o.Created, s.lang
		j, err := json.Marshal(o) // without identifier
		if err != nil {
			panic(err) // only values of this file come here
		}
		o.ID = o.Type + "--" + ownSpace.name(o.Type+" "+string(j)).String()
	}
	if !s.have[o.ID] {
		s.have[o.ID] = true
		s.objects = append(s.objects, o)
	}
	if s.inGroup != nil && !s.inGroup[o.ID] {
		s.inGroup[o.ID] = true
		s.grouped = append(s.grouped, o.ID)
	}
	return o.ID
}

// sco is the identifier that STIX 2.1 section 2.9 gives an observable: a UUIDv5
// of its ID contributing property as canonical JSON. Numbers and the characters
// of an address have one form in it.
func sco(typ, property string, value any) string {
	j, err := json.Marshal(map[string]any{property: value})
	if err != nil {
		panic(err) // a number or an address
	}
	return typ + "--" + scoSpace.name(string(j)).String()
}

// network is the object of an AS.
func (s *stix) network(f *finding.Findings, as uint32) string {
	return s.add(object{Type: "autonomous-system", Number: &as, Name: f.Subject.Networks[strconv.FormatUint(uint64(as), 10)]})
}

// prefix is the object of a prefix; "" for what is none.
func (s *stix) prefix(p netip.Prefix) string {
	switch {
	case !p.IsValid():
		return ""
	case p.Addr().Is4():
		return s.add(object{Type: "ipv4-addr", Value: p.String()})
	case p.Addr().Is4In6(): // no tool reads the dotted form
		return s.add(object{Type: "ipv6-addr", Value: fmt.Sprintf("%s/%d", hex6(p.Addr()), p.Bits())})
	}
	return s.add(object{Type: "ipv6-addr", Value: p.String()})
}

func hex6(a netip.Addr) string {
	b := a.As16()
	var out []string
	for i := 0; i < len(b); i += 2 {
		out = append(out, strconv.FormatUint(uint64(b[i])<<8|uint64(b[i+1]), 16))
	}
	return strings.Join(out, ":")
}

func (s *stix) relate(at moment.Time, from, kind, to, why string) {
	s.add(object{Type: "relationship", Created: stixTime(at), RelationshipType: kind, SourceRef: from, TargetRef: to, Description: why})
}

// examination adds one examination and its grouping.
func (s *stix) examination(x *Examination, out *report.Outline) {
	f := x.Findings
	at := stixTime(x.At)
	s.grouped, s.inGroup = []string{s.examiner}, map[string]bool{s.examiner: true}
	if s.title == "" {
		s.title = cmp.Or(s.c.Title, out.Title)
	}

	nets := s.operators(x)
	var prefixes []string
	for _, p := range f.Subject.Prefixes {
		id := s.prefix(p.Prefix)
		if id == "" {
			continue
		}
		prefixes = append(prefixes, id)
		for _, as := range p.Origins {
			s.relate(x.At, id, "belongs-to", s.network(f, as), s.v.say("stix.seen"))
		}
	}
	prefixes = compact(prefixes)
	if len(prefixes)+len(nets) == 0 {
		// Observed data must name something; of an empty list there is nothing.
		s.watched = append(s.watched, "")
	} else {
		refs := compact(append(slices.Clone(prefixes), nets...))
		s.watched = append(s.watched, s.observed(x, f.Question.From, f.Question.Until, len(f.Strip), refs, nil))
	}
	about := []string{s.examiner}
	if w := s.watched[len(s.watched)-1]; w != "" {
		about = []string{w}
		s.note(at, out.Title, s.v.say("stix.subject", "n", digits(len(f.Strip))), about, nil, nil)
	}
	s.country(x, nets)
	for _, t := range out.Others {
		s.note(at, s.v.say("stix.finding"), t.String(), about, []string{"announcement"}, nil)
	}
	s.outages(x, out, prefixes)
	s.verdict(x, out, about)
	for _, n := range out.Notes {
		s.note(at, s.v.say("stix.finding"), n.String(), about, []string{"caution"}, nil)
	}
	if out.Band.String() != "" {
		s.warned = append(s.warned, "reconstruction")
		s.note(at, s.v.say("stix.finding"), out.Band.String(), about, []string{"caution", "reconstruction"}, nil)
	}
	for _, sec := range out.Sections {
		if sec.ID == "blind" {
			s.note(at, sec.Heading, plainSection(sec), about, []string{"blindness"}, nil)
		}
	}

	para := []string{locale.Stop(out.Title)}
	for _, t := range append([]document.Text{out.Band, out.Asked}, out.Answer...) {
		if t.String() != "" {
			para = append(para, t.String())
		}
	}
	if abstains(f) {
		para = append(para, s.v.say("abstain"))
	}
	if s.c.Unchecked {
		s.warned = append(s.warned, "unchecked")
		para = append(para, s.v.say("unchecked"))
	}
	if x.Older != "" {
		para = append(para, locale.Stop(x.Older))
	}
	text := strings.Join(para, "\n\n")
	s.findings = append(s.findings, text)
	s.groups = append(s.groups, s.add(object{Type: "grouping", Created: at, Labels: s.warned, Name: out.Title, Description: text, Context: "unspecified",
		External: s.sources(x), ObjectRefs: s.grouped}))
	s.inGroup = nil
}

// abstains says whether a loss was weighed, or could not be, and no place was
// established or indicated for any.
func abstains(f *finding.Findings) bool {
	for i := range f.Cause {
		c := &f.Cause[i]
		if (c.Level == proof.Established || c.Level == proof.Indicated) && (c.Rival || len(c.Region.Sessions) > 0) {
			return false
		}
	}
	return len(f.Outages) > 0
}

// operators adds the networks of the subject and those that the findings
// weighed, with who runs them, as far as the case has a name.
func (s *stix) operators(x *Examination) []string {
	f := x.Findings
	subject := slices.Clone(f.Subject.Origins)
	for _, p := range f.Subject.Prefixes {
		subject = append(subject, p.Origins...)
	}
	slices.Sort(subject)
	subject = slices.Compact(subject)
	all := slices.Clone(subject)
	for i := range f.Cause {
		for _, h := range f.Cause[i].Class {
			for _, part := range h.Parts {
				for _, b := range part {
					all = append(all, b.A, b.B)
				}
			}
		}
		// Who would have had to act instead is in the words, not among the
		// operators: nobody is to read it as a charge.
		all = append(all, f.Cause[i].Region.Networks...)
	}
	slices.Sort(all)
	var nets []string
	for _, as := range slices.Compact(all) {
		if as == 0 {
			continue // a break that names no network, or no second one
		}
		id := s.network(f, as)
		if slices.Contains(subject, as) {
			nets = append(nets, id)
		}
		name := f.Subject.Networks[strconv.FormatUint(uint64(as), 10)]
		if name == "" {
			continue
		}
		of := cmp.Or(f.Subject.NamesOf, "Constat")
		who := s.add(object{Type: "identity", Created: stixTime(x.At), Name: name, IdentityClass: "organization", Roles: []string{"network operator"},
			Description: s.v.say("stix.operator", "as", digits(as), "source", of)})
		s.relate(x.At, who, "related-to", id, s.v.say("stix.operates"))
	}
	return nets
}

// country adds the country whose networks were examined.
func (s *stix) country(x *Examination, nets []string) {
	sub := x.Findings.Subject
	if sub.Kind != "country" || len(sub.Name) != 2 || strings.Trim(sub.Name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return
	}
	where := s.add(object{Type: "location", Created: stixTime(x.At), Name: sub.Name, Country: sub.Name, Description: s.v.say("stix.location")})
	for _, n := range nets {
		s.relate(x.At, n, "related-to", where, s.v.say("stix.registered"))
	}
}

func (s *stix) observed(x *Examination, from, until moment.Time, times int, refs, labels []string) string {
	return s.add(object{Type: "observed-data", Created: stixTime(x.At), Labels: labels, FirstObserved: stixTime(from), LastObserved: stixTime(max(from, until)),
		NumberObserved: min(max(times, 1), 999_999_999), ObjectRefs: refs})
}

func (s *stix) note(created, abstract, content string, refs, labels []string, confidence *int) {
	s.add(object{Type: "note", Created: created, Labels: labels, Confidence: confidence, Abstract: abstract, Content: cmp.Or(content, "–"), ObjectRefs: refs})
}

// outages adds the outages of the whole subject, or where there are none of its
// origins, or else of its prefixes: what was watched, and a note that says that
// it was gone, which observed data cannot say.
func (s *stix) outages(x *Examination, out *report.Outline, all []string) {
	f := x.Findings
	var pick []int
	for _, scope := range []string{"subject", "origin", "prefix"} {
		for i := range f.Outages {
			if f.Outages[i].Scope == scope {
				pick = append(pick, i)
			}
		}
		if len(pick) > 0 {
			break
		}
	}
	if len(all) == 0 || len(pick) == 0 {
		return
	}
	left := len(pick) - stixOutages
	pick = pick[:min(len(pick), stixOutages)]
	ofPrefix := map[string][]*finding.Outage{}
	for i := range f.Outages {
		if o := &f.Outages[i]; o.Scope == "prefix" {
			ofPrefix[o.Name] = append(ofPrefix[o.Name], o)
		}
	}
	var last string
	for _, i := range pick {
		o := &f.Outages[i]
		from, until := o.From, f.Question.Until
		if o.Onset.First != nil {
			from = min(from, *o.Onset.First)
		}
		if o.Until != nil {
			until = *o.Until
		}
		if o.Recovery != nil && o.Recovery.Last != nil {
			until = max(until, *o.Recovery.Last)
		}
		refs := s.touched(f, o, ofPrefix)
		if len(refs) == 0 {
			refs = all
		}
		last = s.observed(x, from, until, o.Witnesses.Carried, refs, []string{"outage"})
		name := o.Name
		if o.Scope == "subject" {
			name = report.Seen(s.v.w, f)
		}
		s.note(stixTime(x.At), s.v.say("stix.outage")+" "+name, name+", UTC: "+strings.ReplaceAll(strings.TrimSpace(out.Outages[i]), "  ", "; "), []string{last}, []string{"outage"}, nil)
	}
	if left > 0 {
		s.note(stixTime(x.At), s.v.say("stix.outages"), s.v.say("stix.largest", "n", digits(left)), []string{last}, []string{"outage"}, nil)
	}
}

// touched are the prefixes that were lost in an outage: those whose own losses began in it, before the
// next of its scope, or were out at its total; or, where all of the scope went, all of the scope.
//
// Example: of a country AS1 goes at 12:32 and is not back, and at 13:13 AS2 goes for a minute. Those
// are two outages; in the first AS1's prefixes were lost alone, though AS2's were out in its time.
func (s *stix) touched(f *finding.Findings, o *finding.Outage, ofPrefix map[string][]*finding.Outage) []string {
	next := lastTime
	for i := range f.Outages {
		if y := &f.Outages[i]; y.Scope == o.Scope && y.Name == o.Name && y.Partial == o.Partial && y.From > o.From {
			next = min(next, y.From)
		}
	}
	lost := func(y *finding.Outage) bool {
		if y.Partial != o.Partial {
			return false
		}
		return y.From >= o.From && y.From < next || slices.ContainsFunc(o.Total, func(t finding.Span) bool {
			return y.From <= t.From && (y.Until == nil || t.From < *y.Until)
		})
	}
	var out []string
	for _, p := range f.Subject.Prefixes {
		in := false
		switch o.Scope {
		case "subject":
			in = o.Lost.Prefixes == o.Lost.Of || slices.ContainsFunc(ofPrefix[p.Prefix.String()], lost)
		case "origin":
			in = slices.ContainsFunc(p.Origins, func(as uint32) bool { return o.Name == "AS"+digits(as) }) &&
				(o.Lost.Prefixes == o.Lost.Of || slices.ContainsFunc(ofPrefix[p.Prefix.String()], lost))
		case "prefix":
			in = o.Name == p.Prefix.String()
		}
		if !in {
			continue
		}
		if id := s.prefix(p.Prefix); id != "" {
			out = append(out, id)
		}
	}
	return compact(out)
}

// confidences are STIX's for the levels of a verdict, on its scale None, Low,
// Med, High (appendix A): how far the evidence behind what a note says can be
// relied on. To abstain is to have none, which is said by leaving it out. No
// likelihood ever becomes a confidence.
var confidences = map[proof.Level]int{proof.Established: 85, proof.Indicated: 50, proof.Excluded: 85}

// verdict adds what may be concluded, a note a level.
func (s *stix) verdict(x *Examination, out *report.Outline, about []string) {
	at := stixTime(x.At)
	for _, v := range out.Verdict {
		var c *int
		if n, ok := confidences[v.Level]; ok {
			c = &n
		}
		label := strings.ReplaceAll(v.Level.String(), " ", "-")
		s.note(at, s.v.colon(s.v.say("stix.verdict"), v.Title), v.Title+".\n- "+strings.Join(verdictLines(v), "\n- "), about, []string{"verdict", label}, c)
	}
	if len(out.Losses) > 0 {
		s.note(at, s.v.say("stix.losses"), "- "+strings.Join(out.Losses, "\n- "), about, []string{"verdict"}, nil)
	}
	if abstains(x.Findings) {
		s.note(at, s.v.colon(s.v.say("stix.verdict"), capital(proof.NotEstablished.In(s.v.lang))), s.v.say("abstain"), about, []string{"verdict", "abstention"}, nil)
	}
	s.note(at, s.v.colon(s.v.say("stix.verdict"), capital(proof.NotEstablished.In(s.v.lang))), s.v.say("author"), about, []string{"verdict", "not-established"}, nil)
}

// verdictLines are what may be said at a level, and how much more there is.
func verdictLines(v document.Verdict) []string {
	var out []string
	for _, l := range v.Lines {
		out = append(out, l.String())
	}
	if v.More != "" {
		out = append(out, v.More)
	}
	return out
}

// sources refers to the findings and to every file that was read.
func (s *stix) sources(x *Examination) []extern {
	out := []extern{{SourceName: "Constat", Description: "findings.json", Hashes: sha256Of(x.SHA256), ExternalID: s.c.Log}}
	if d := x.Findings.Verdict.Standard; d.Name != "" || d.SHA256 != "" {
		out = append(out, extern{SourceName: "Constat", Description: s.v.colon(s.v.say("standard"), d.Name), Hashes: sha256Of(d.SHA256)})
	}
	for _, y := range x.Findings.Watch.Sources {
		out = append(out, extern{SourceName: "BGP " + y.Collector, Description: y.Name + " (" + s.v.say("stix.source") + ")", Hashes: sha256Of(y.SHA256)})
	}
	return out
}

func sha256Of(hex string) map[string]string {
	if len(hex) != 64 || strings.Trim(hex, "0123456789abcdefABCDEF") != "" {
		return nil
	}
	return map[string]string{"SHA-256": hex}
}

// speaker is the identity of who spoke. What kind of somebody it is is said
// only where the role tells.
func (s *stix) speaker(r review) string {
	class := "unknown"
	switch r.statement.Speaker.Role {
	case statement.Company, statement.Outlet:
		class = "organization"
	case statement.Official, statement.Expert, statement.Staff:
		class = "individual"
	}
	who := s.v.say("stix.speaker")
	if s := r.statement.Speaker; s.For != "" {
		who += "; " + s.For
	}
	return s.add(object{Type: "identity", Created: stixTime(s.c.Opened), Name: cmp.Or(r.statement.Speaker.Label(), "–"),
		Description: who, Roles: []string{cmp.Or(string(r.statement.Speaker.Role), "other")}, IdentityClass: class})
}

// statement adds what somebody said, and where it stands. An opinion is STIX's
// word on whether something is correct; where routes cannot tell, or the
// statement is about another time, there is none, and a note says why.
func (s *stix) statement(r review, w report.StatementWords) {
	st := r.statement
	at := stixTime(max(st.At, s.c.Opened))
	refs := []string{s.speaker(r)}
	for _, o := range st.Outlets {
		if o != "" {
			refs = append(refs, s.add(object{Type: "identity", Created: stixTime(s.c.Opened), Name: o, Roles: []string{"outlet"}, IdentityClass: "organization"}))
		}
	}
	watched := s.watched[r.exam]
	if watched != "" {
		refs = append(refs, watched)
	}
	lines := []string{w.Who + " (" + w.WhoNote + ")", locale.Stop(capital(w.Does)), capital(s.v.times(&st.Statement)) + ".", s.v.quote(st.Words) + " [" + st.Lang + "]"}
	if st.Gist != "" {
		lines = append(lines, st.Gist)
	}
	if g := s.v.grade(st.Grade); g != "" {
		lines = append(lines, g)
	}
	if st.Repeats != "" {
		lines = append(lines, s.v.say("repeats")+" "+st.Repeats)
	}
	note := object{Type: "note", Created: at, Labels: []string{"statement", st.ID}, Abstract: s.v.say("stix.statement") + " " + st.ID, Content: strings.Join(lines, "\n"),
		Authors: []string{cmp.Or(st.Speaker.Label(), "–")}, ObjectRefs: compact(refs)}
	if st.Document.Name != "" {
		note.External = []extern{{SourceName: cmp.Or(strings.Join(st.Outlets, " < "), s.v.say("document")), Description: st.Document.Name, Hashes: sha256Of(st.Document.SHA256)}}
	}
	said := s.add(note)

	if s.c.unrated(r.exam) != nil {
		return // what somebody said stands there, and no opinion on it
	}
	why := s.v.colon(w.Stand, w.Why)
	why += "\n" + s.v.say("author")
	label := strings.ReplaceAll(string(r.Standing), " ", "-")
	op := object{Type: "opinion", Created: stixTime(max(st.At, s.c.Examinations[r.exam].At)), Labels: []string{"standing", label}, Explanation: why, ObjectRefs: []string{said}}
	switch r.Standing {
	case standing.Supported:
		op.Opinion = "agree"
	case standing.Contradicted:
		op.Opinion = "disagree"
	case standing.Neither:
		op.Opinion = "neutral"
	default:
		s.note(op.Created, s.v.say("standing"), why, []string{said}, op.Labels, nil)
		return
	}
	s.add(op)
}

// report adds what holds all of it together.
func (s *stix) report() {
	if len(s.objects) == 0 {
		return
	}
	text := strings.Join(append(s.findings, s.v.say("author"), s.v.say("stix.limit")), "\n\n")
	if !s.c.Dated {
		text += "\n\n" + s.v.say("stix.times")
	}
	if s.c.Question != "" {
		text = s.v.colon(s.v.say("question"), s.c.Question) + "\n\n" + text
	}
	refs := make([]string, 0, len(s.objects))
	for i := range s.objects {
		refs = append(refs, s.objects[i].ID)
	}
	r := object{Type: "report", Created: stixTime(s.c.Published), Labels: s.warned, Name: cmp.Or(s.title, s.c.Name, "Constat"), Description: text, ReportTypes: []string{"observed-data"},
		Published: stixTime(s.c.Published), ObjectRefs: refs}
	if s.c.Log != "" {
		r.External = append(r.External, extern{SourceName: "Constat", Description: s.v.say("log"), ExternalID: s.c.Log})
	}
	if s.o.URL != "" {
		r.External = append(r.External, extern{SourceName: "Constat", Description: "report.html", URL: s.o.URL})
	}
	s.add(r)
}

// plainSection is a section as lines of text.
func plainSection(sec document.Flat) string {
	var out []string
	for _, b := range sec.Blocks {
		switch {
		case b.Para != nil:
			out = append(out, b.Para.String())
		case b.Heading != "":
			out = append(out, b.Heading)
		case b.Table != nil:
			for _, r := range b.Table.Rows {
				var row []string
				for _, c := range r {
					row = append(row, c.String())
				}
				out = append(out, "- "+strings.Join(row, "; "))
			}
		}
		for _, l := range b.List {
			out = append(out, "- "+l.String())
		}
	}
	return strings.Join(out, "\n")
}

// compact leaves out what is there already.
func compact(ids []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
