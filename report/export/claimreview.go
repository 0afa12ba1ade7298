package export

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"constat/claims/standing"
	"constat/claims/statement"
	"constat/report"
)

// thing is an object of schema.org's vocabulary of any type that is written
// here. What is empty is left out.
type thing struct {
	Type   string `json:"@type"`
	ID     string `json:"@id,omitempty"`
	URL    string `json:"url,omitempty"`
	Name   string `json:"name,omitempty"`
	InLang string `json:"inLanguage,omitempty"`

	ClaimReviewed string `json:"claimReviewed,omitempty"`
	ItemReviewed  *thing `json:"itemReviewed,omitempty"`
	ReviewRating  *thing `json:"reviewRating,omitempty"`
	ReviewBody    string `json:"reviewBody,omitempty"`
	IsBasedOn     *thing `json:"isBasedOn,omitempty"`

	Author        *thing `json:"author,omitempty"`
	DatePublished string `json:"datePublished,omitempty"`
	DateCreated   string `json:"dateCreated,omitempty"`
	Text          string `json:"text,omitempty"`

	Appearance []thing `json:"appearance,omitempty"`
	Publisher  *thing  `json:"publisher,omitempty"`
	Provider   *thing  `json:"provider,omitempty"`
	Identifier string  `json:"identifier,omitempty"`
	Affiliated *thing  `json:"affiliation,omitempty"`
	Described  string  `json:"disambiguatingDescription,omitempty"`

	AlternateName string `json:"alternateName,omitempty"`
	RatingValue   int    `json:"ratingValue,omitempty"`
	BestRating    int    `json:"bestRating,omitempty"`
	WorstRating   int    `json:"worstRating,omitempty"`
	Explanation   string `json:"ratingExplanation,omitempty"`
}

// graph is a JSON-LD document of several things.
type graph struct {
	Context string  `json:"@context"`
	Graph   []thing `json:"@graph"`
}

// The two ends of the only scale that is used. What lies between them is not
// "half true", so nothing between them is ever given.
const (
	ratingContradicted = 1
	ratingSupported    = 5
)

// ClaimReview writes a schema.org ClaimReview, as JSON-LD, for each statement
// and each examination that is about its time. Nothing is rated by an examination of a
// reconstruction, or of one whose findings were not checked: if there is no other, the
// error is [ErrReconstruction] or [ErrUnchecked].
func ClaimReview(c *Case, o Options) ([]byte, error) {
	v, rs := voiceOf(o.Lang), c.reviews()
	outs, err := c.outlines(o.Lang, rs)
	if err != nil {
		return nil, err
	}
	g := graph{Context: "https://schema.org", Graph: []thing{}}
	have := map[string]bool{}
	var unrated error
	for _, r := range rs {
		if err := c.unrated(r.exam); err != nil {
			unrated = err
			continue
		}
		if t := claimReview(c, o, v, r, outs[r.exam].Statement(r.words())); !have[t.ID] { // an examination made twice gives no second review
			have[t.ID] = true
			g.Graph = append(g.Graph, t)
		}
	}
	if len(g.Graph) == 0 && unrated != nil {
		return nil, unrated
	}
	return forPages(g, " ")
}

func claimReview(c *Case, o Options, v voice, r review, w report.StatementWords) thing {
	st, x := &r.statement.Statement, &c.Examinations[r.exam]
	t := thing{Type: "ClaimReview", InLang: string(o.Lang), ClaimReviewed: cmp.Or(st.Gist, st.Words, st.Proposition.Text, st.ID),
		Author: &thing{Type: "Organization", Name: cmp.Or(c.Examiner, v.say("nobody"))}}
	if o.URL != "" {
		t.URL = withFragment(o.URL, st.ID)
	}
	if c.Dated && writable(c.Published) {
		t.DatePublished = c.Published.Std().Format("2006-01-02")
	}
	t.ReviewRating = rating(v, r.Standing, w)
	body := []string{v.colon(w.Stand, w.Why)}
	t.ReviewBody = strings.Join(append(body, v.say("author")), " ")
	t.ItemReviewed = claim(v, st, w)
	t.IsBasedOn = &thing{Type: "Dataset", Name: "findings.json", Identifier: "sha256:" + x.SHA256}
	// The same content has the same name, and no other has it.
	if j, err := forPages(t, ""); err == nil {
		t.ID = "urn:uuid:" + ownSpace.name("ClaimReview "+string(j)).String()
	}
	return t
}

// rating is a word for every standing, and a number only for the two that have
// one. A number for "neither refuted nor confirmed" would lie between false and
// true, and be read as half true; it is an abstention.
func rating(v voice, s standing.Standing, w report.StatementWords) *thing {
	t := &thing{Type: "Rating", AlternateName: w.Stand}
	switch s {
	case standing.Supported:
		t.RatingValue, t.Explanation = ratingSupported, w.Why+" "+v.say("rating.supported")
	case standing.Contradicted:
		t.RatingValue, t.Explanation = ratingContradicted, w.Why+" "+v.say("rating.contra")
	default:
		t.Explanation = w.Why + " " + v.say("rating.none")
		return t
	}
	t.WorstRating, t.BestRating = ratingContradicted, ratingSupported
	return t
}

// claim is the statement as the document has it.
func claim(v voice, st *statement.Statement, w report.StatementWords) *thing {
	by := &thing{Type: "Person", Name: cmp.Or(st.Speaker.Label(), "–"), Described: w.WhoNote}
	if st.Speaker.Role == statement.Company || st.Speaker.Role == statement.Outlet {
		by.Type = "Organization"
	}
	if st.Speaker.For != "" && by.Type == "Person" { // schema.org knows an affiliation of persons alone
		by.Affiliated = &thing{Type: "Organization", Name: st.Speaker.For}
	}
	t := &thing{Type: "Claim", InLang: st.Lang, Text: st.Words, Author: by, Name: v.say("stix.statement") + " " + st.ID}
	if st.Said != nil {
		t.DateCreated, _ = dayOf(*st.Said)
	}
	doc := thing{Type: "CreativeWork", Name: cmp.Or(st.Document.Name, st.ID)}
	if sha256Of(st.Document.SHA256) != nil {
		doc.Identifier = "sha256:" + st.Document.SHA256
	}
	if d, ok := dayOf(st.Published); ok {
		t.DatePublished, doc.DatePublished = d, d
	}
	if len(st.Outlets) > 0 {
		doc.Publisher = &thing{Type: "Organization", Name: st.Outlets[0]}
		if n := len(st.Outlets); n > 1 { // where the chain of outlets begins
			doc.Provider = &thing{Type: "Organization", Name: st.Outlets[n-1]}
		}
	}
	t.Appearance = []thing{doc}
	return t
}

// withFragment is an address of a place in a page.
func withFragment(page, id string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	u.Fragment = id
	return u.String()
}

// forPages writes JSON that is pasted into pages: "<" is escaped, so that no text ends
// the script that it stands in. All other JSON is strictjson's.
func forPages(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return b.Bytes(), nil
}
