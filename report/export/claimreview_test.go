package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"constat/internal/locale"
	"constat/judge/finding"
)

// reviewsKeepRules holds JSON-LD against what schema.org documents for
// ClaimReview, Claim and Rating, and against our rule for numbers.
func reviewsKeepRules(b []byte) error {
	var doc struct {
		Context string           `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	if doc.Context != "https://schema.org" || doc.Graph == nil {
		return fmt.Errorf("context %q", doc.Context)
	}
	ids := map[any]bool{}
	for _, r := range doc.Graph {
		if ids[r["@id"]] || !strings.HasPrefix(fmt.Sprint(r["@id"]), "urn:uuid:") {
			return fmt.Errorf("@id %v", r["@id"])
		}
		ids[r["@id"]] = true
		if err := hasProperties(r, "ClaimReview", []string{"claimReviewed", "reviewRating", "author", "itemReviewed"},
			[]string{"url", "inLanguage", "datePublished", "reviewBody", "isBasedOn"}); err != nil {
			return err
		}
		claim, _ := r["itemReviewed"].(map[string]any)
		if err := hasProperties(claim, "Claim", []string{"author", "appearance"}, []string{"name", "text", "inLanguage", "datePublished", "dateCreated"}); err != nil {
			return err
		}
		for _, who := range []any{r["author"], claim["author"]} {
			w, _ := who.(map[string]any)
			if t := w["@type"]; t != "Person" && t != "Organization" || w["name"] == nil {
				return fmt.Errorf("author %v", w)
			}
		}
		rating, _ := r["reviewRating"].(map[string]any)
		if err := hasProperties(rating, "Rating", []string{"alternateName", "ratingExplanation"}, []string{"ratingValue", "bestRating", "worstRating"}); err != nil {
			return err
		}
		// A number is given for two standings and comes with its scale.
		word := rating["alternateName"]
		var want any
		for _, l := range languages {
			switch w := locale.Must(l); word {
			case capital(w.T("stand.sup")):
				want = 5.0
			case capital(w.T("stand.con")):
				want = 1.0
			}
		}
		if rating["ratingValue"] != want || (want != nil) != (rating["bestRating"] == 5.0 && rating["worstRating"] == 1.0) {
			return fmt.Errorf("%v is rated %v", word, rating)
		}
	}
	return nil
}

func hasProperties(o map[string]any, typ string, must, may []string) error {
	if o["@type"] != typ {
		return fmt.Errorf("type %v, want %s", o["@type"], typ)
	}
	for _, p := range must {
		if o[p] == nil || o[p] == "" {
			return fmt.Errorf("%s has no %s", typ, p)
		}
	}
	for p := range o {
		if !strings.HasPrefix(p, "@") && !slices.Contains(must, p) && !slices.Contains(may, p) {
			return fmt.Errorf("%s has %s, which nothing here writes", typ, p)
		}
	}
	return nil
}

func TestClaimReview(t *testing.T) {
	c := madeCase(t, night(t))
	for _, url := range []string{"", "https://example.org/night.html"} {
		b, err := ClaimReview(c, Options{Lang: "en", URL: url})
		if err != nil {
			t.Fatal(err)
		}
		if err := reviewsKeepRules(b); err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Graph []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Graph) != len(c.Statements) {
			t.Fatalf("%d reviews of %d statements", len(doc.Graph), len(c.Statements))
		}
		for _, r := range doc.Graph {
			if r["datePublished"] != "2015-01-09" {
				t.Errorf("published %v", r["datePublished"])
			}
			switch got := fmt.Sprint(r["url"]); {
			case url == "" && r["url"] != nil:
				t.Errorf("an address %s, though none was given", got)
			case url != "" && !strings.HasPrefix(got, url+"#"):
				t.Errorf("address %s", got)
			}
		}
		if url == "" && strings.Count(string(b), "http") != 3 { // the context, and what an expert said, in two places
			t.Errorf("an address came from somewhere:\n%s", b)
		}
		if strings.Contains(string(b), "<") {
			t.Error("a page's script could be ended by what somebody said")
		}
	}
	// A single examination was published by nobody, at no time.
	b, err := ClaimReview(Alone("x", Examination{Findings: night(t)}, said(t)), Options{Lang: "fr"})
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Graph []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(b, &doc); err != nil || len(doc.Graph) == 0 {
		t.Fatal(err, len(doc.Graph))
	}
	for _, r := range doc.Graph {
		if r["datePublished"] != nil {
			t.Errorf("published %v", r["datePublished"])
		}
	}
}

// TestReviewsOfExaminations: a statement is reviewed beside every examination
// about its time, and what routes cannot show is said once.
func TestReviewsOfExaminations(t *testing.T) {
	c := madeCase(t, night(t))
	other := night(t)
	other.Question.From, other.Question.Until = at(t, "2014-12-26"), at(t, "2014-12-29")
	other.Outages, other.Cause, other.Answer = nil, nil, finding.AnswerStayed
	c.Examinations = append(c.Examinations, c.Examinations[0])
	c.Examinations[1].Findings, c.Examinations[1].Folder = other, "night/acts/00004-examined/kp"
	got := map[string][]string{}
	for _, r := range c.reviews() {
		got[r.statement.ID] = append(got[r.statement.ID], fmt.Sprint(r.exam, " ", r.Standing))
	}
	for id, want := range map[string]string{
		"ministry-denial": "0 neither refuted nor confirmed",
		"asks-block":      "0 not testable by routing data",
	} {
		if g := strings.Join(got[id], "; "); g != want {
			t.Errorf("%s: %s, want %s", id, g, want)
		}
	}
	if g := got["week-after"]; len(g) != 1 || strings.HasPrefix(g[0], "0") {
		t.Errorf("a statement about the week after is held against %v", g)
	}
}
