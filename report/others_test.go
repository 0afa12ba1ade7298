package report

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"constat/judge/finding"
	"constat/moment"
	"constat/report/document"
)

// ofYouTube is what is told of one announcement within another's prefix.
func ofYouTube(f *finding.Findings) finding.OtherOrigin {
	from, until := f.Question.From+60*moment.Second, f.Question.From+600*moment.Second
	return finding.OtherOrigin{Origin: 17557, Prefix: netip.MustParsePrefix("208.65.153.0/24"), Began: finding.OtherNew,
		From: finding.Moments{First: &from, Median: &from, Last: &from}, Until: finding.Moments{First: &until, Median: &until, Last: &until},
		Peers: 42, Networks: 36, Collectors: 1, Exhibit: "rrc00.mrt", Offset: 7,
		Holder: finding.Holder{Origin: 36561, Prefix: netip.MustParsePrefix("208.65.152.0/22"), Subject: true, Stood: finding.HolderBefore, First: f.Question.From}}
}

// TestOthersAreSaid: behind the answer stands the announcement by another network, with
// who stood before, and never who is to blame; what siblings and customers announce,
// and what stood, is in the table alone.
func TestOthersAreSaid(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*finding.OtherOrigin)
		say    []string // what must stand there
		not    []string
	}{
		"a part of the subject's": {func(*finding.OtherOrigin) {},
			[]string{"Another network, AS17557, announced 208.65.153.0/24, which lies within 208.65.152.0/22 of AS36561: 42 peers in 36 networks had it",
				"AS36561 had announced these addresses before."}, []string{"hijack", "No table says"}},
		"without a table": {func(o *finding.OtherOrigin) { o.Began = finding.OtherWave },
			[]string{"No table says whether AS17557 had announced it before it was first seen."}, nil},
		"inferred": {func(o *finding.OtherOrigin) { o.Holder.Stood, o.Holder.Through = finding.HolderInferred, 1239 },
			[]string{"AS36561 had announced these addresses before, as follows from AS1239"}, nil},
		"by the subject": {func(o *finding.OtherOrigin) { o.Subject, o.Holder.Subject = true, false },
			[]string{"AS17557 announced 208.65.153.0/24, which lies within 208.65.152.0/22 of AS36561", "AS36561 had announced these addresses before."},
			[]string{"Another network, AS36561"}},
		"by a neighbour": {func(o *finding.OtherOrigin) { o.Relation = finding.RelationProvider },
			[]string{"AS17557 is a neighbour of AS36561 on its routes, and may announce for it."}, nil},
		"by a sibling":  {func(o *finding.OtherOrigin) { o.Relation = finding.RelationSibling }, nil, []string{"nother network"}},
		"by a customer": {func(o *finding.OtherOrigin) { o.Relation = finding.RelationCustomer }, nil, []string{"nother network"}},
		"it stood":      {func(o *finding.OtherOrigin) { o.Began = finding.OtherStood }, nil, []string{"nother network", "as well"}},
		"it stood with the same prefix": {func(o *finding.OtherOrigin) {
			o.Began, o.Prefix, o.Holder.Peers, o.Holder.Stood, o.Until = finding.OtherStood, o.Holder.Prefix, 5, finding.HolderUnknown, finding.Moments{}
		}, []string{"AS17557 announced 208.65.152.0/22 as well, and stands with it in the table of", "42 peers in 36 networks had its route, and 5 peers that of AS36561."}, []string{"nother network"}},
		"a sibling stood with it": {func(o *finding.OtherOrigin) {
			o.Began, o.Prefix, o.Relation = finding.OtherStood, o.Holder.Prefix, finding.RelationSibling
		}, nil, []string{"as well"}},
		"the holder came later":        {func(o *finding.OtherOrigin) { o.Holder.Stood = finding.HolderLater }, nil, []string{"nother network"}},
		"within its own":               {func(o *finding.OtherOrigin) { h := o.Holder; o.Own = &h }, nil, []string{"nother network"}},
		"a part, at few, and no table": {func(o *finding.OtherOrigin) { o.Began, o.Networks = finding.OtherWave, 1 }, nil, []string{"nother network"}},
		"the last peer is not seen to let go": {func(o *finding.OtherOrigin) { o.Until.Last = nil },
			[]string{"that all of them let it go for good was not seen"}, nil},
	} {
		f := stayed()
		o := ofYouTube(f)
		c.change(&o)
		f.Others = []finding.OtherOrigin{o}
		var b bytes.Buffer
		if err := writeSummary(&b, f, "en"); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(b.String()), " ")
		for _, s := range c.say {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is not in %s", name, s, text)
			}
		}
		for _, s := range c.not {
			if strings.Contains(text, s) {
				t.Errorf("%s: %q is in %s", name, s, text)
			}
		}
		out, err := NewOutline(f, Options{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for _, s := range out.Sections {
			for _, k := range s.Blocks {
				if k.Table != nil && strings.Contains(k.Table.Caption.String(), "by another network") {
					rows += len(k.Table.Rows)
				}
			}
		}
		if rows != 1 {
			t.Errorf("%s: %d rows in the table", name, rows)
		}
		var page bytes.Buffer
		if err := HTML(&page, f, Options{Lang: "en"}); err != nil || !strings.Contains(page.String(), "<code>rrc00.mrt@7</code>") {
			t.Errorf("%s: the page does not have the record; %v", name, err)
		}
	}
}

// TestOthersFirst: announcements come first where they are larger than the loss and reached
// as many peers; then the quotation, the key figures and figure 1 begin with them.
func TestOthersFirst(t *testing.T) {
	const hijack = "AS17557 announced 208.65.153.0/24"
	for name, c := range map[string]struct {
		f      *finding.Findings
		change func(*finding.OtherOrigin)
		first  bool
	}{
		"nothing was lost, and all had it":   {stayed(), func(*finding.OtherOrigin) {}, true},
		"nothing was lost, and few had it":   {stayed(), func(o *finding.OtherOrigin) { o.Peers, o.Networks = 1, 1 }, false},
		"a night of a whole network is more": {night(), func(*finding.OtherOrigin) {}, false},
		"as is one that few had": {night(), func(o *finding.OtherOrigin) {
			o.Peers, o.Prefix, o.Until = 1, netip.MustParsePrefix("208.0.0.0/5"), finding.Moments{}
		}, false},
		"a larger one is not": {night(), func(o *finding.OtherOrigin) {
			o.Peers, o.Prefix, o.Until = 5000, netip.MustParsePrefix("208.0.0.0/5"), finding.Moments{}
		}, true},
		"a neighbour's comes after": {stayed(), func(o *finding.OtherOrigin) { o.Relation = finding.RelationProvider }, false},
		"a sibling's is nothing":    {stayed(), func(o *finding.OtherOrigin) { o.Relation = finding.RelationSibling }, false},
	} {
		o := ofYouTube(c.f)
		c.change(&o)
		c.f.Others = []finding.OtherOrigin{o}
		for _, lang := range []Lang{English, French, "de"} {
			d, err := New(c.f, options(lang))
			if err != nil {
				t.Fatal(err)
			}
			a := d.Sections[0].Blocks[0].(document.Answer)
			title := ""
			if tl, ok := a.Figures[0].(*document.Timeline); ok {
				title = tl.Title
			}
			for what, text := range map[string]string{"answer": a.Paras[0].Text.String(), "quotation": a.Quote.Words, "key": a.Keys[0].Note, "title": title} {
				if got := strings.Contains(text[:min(len(text), 90)], "AS17557"); got != c.first {
					t.Errorf("%s, %s: the %s begins with the announcement: %v; %s", name, lang, what, got, text)
				}
			}
			if lang == English && c.first && !strings.Contains(title, "AS17557 announced ") {
				t.Errorf("%s: title %q, want %q", name, title, hijack)
			}
		}
	}
}
