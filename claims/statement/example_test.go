package statement_test

import (
	"fmt"

	"constat/claims/statement"
)

// Two papers pass on one denial and name its source differently.
func ExampleRelabelled() {
	ss, err := statement.ParseText([]byte(`constat-statements/1

statement agency
speaker: a spokesman
for: Ministry of Posts
role: official
outlets: Northern Agency
kind: denial
published: 2014-12-22/2014-12-23
words: the ministry has cut no line to the north
lang: en

statement paper
speaker: an unnamed source
role: source
outlets: Evening Paper < Northern Agency
kind: denial
published: 2014-12-23/2014-12-24
words: the ministry cut no lines to the north yesterday evening
lang: en
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range statement.Relabelled(ss) {
		fmt.Printf("%s, %q, is in %s %q; %.0f %% of the words are the same\n", r.First, r.FirstAs, r.Later, r.LaterAs, 100*r.Alike)
	}
	// Output:
	// agency, "a spokesman", is in paper "an unnamed source"; 80 % of the words are the same
}
