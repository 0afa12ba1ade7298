package cause

// The texts of findings before format 3, by which reasons, demands and what excludes
// a hypothesis went, each with its identifier. They may not change: findings of
// formats 1 and 2 have them for ever, and impacts of blocks and the tables of the
// score have those of reasons and demands still.
var (
	FormerReasons = map[string]string{
		"few fact witnesses":                       "few-fact-witnesses",
		"few place witnesses":                      "few-place-witnesses",
		"one collector or transit network decides": "one-collector-or-transit-decides",
		"few vantages":                             "few-vantages",
		"no single act explains it":                "no-single-act",
		"other acts explain it as well":            "other-acts-explain-it",
		"partial loss without one place":           "partial-without-one-place",
		"one collector":                            "one-collector",
		"inferred baselines":                       "inferred-baselines",
		"no far controls":                          "no-far-controls",
		"no far controls of one family":            "no-far-controls-of-one-family",
		"no baselines":                             "no-baselines",
		"countries unknown":                        "countries-unknown",
		"one country":                              "one-country",
		"large networks unknown":                   "large-networks-unknown",
		"one rule":                                 "one-rule",
		"a network between the vantages and everything else failed": "network-beyond-failed",
		"peers or collectors were reset":                            "peers-or-collectors-reset",
		"other routes stand in":                                     "other-routes-stand-in",
		"no vantage was without a route":                            "no-vantage-without-a-route",
		"other prefixes were announced instead":                     "other-prefixes-announced",
		"not a total loss":                                          "not-a-total-loss",
		"several classes remain":                                    "several-classes-remain",
		"no hypothesis fits":                                        "no-hypothesis-fits",
		"routes announced after convergence":                        "announced-after-convergence",
		"one vantage, collector or transit network decides":         "one-vantage-collector-or-transit-decides",
	}

	FormerDemands = map[string]string{
		"vantages that lost the routes":                      "vantages-that-lost",
		"a single act that explains all":                     "single-act",
		"a region that other acts do not explain":            "no-other-acts",
		"lost to another origin's routes":                    "displaced-by-another-origin",
		"one place of a partial loss":                        "one-place-of-a-partial-loss",
		"networks that would have to act together":           "networks-acting-together",
		"countries that would have to act together":          "countries-acting-together",
		"a rule applied by all large networks is not enough": "rule-of-large-networks",
		"fact witnesses":                                     "fact-witnesses",
		"inferred baselines":                                 "inferred-baselines",
		"place witnesses":                                    "place-witnesses",
		"place witnesses with any one thing left out":        "place-witnesses-leave-one-out",
		"share lost":   "share-lost",
		"classes left": "classes-left",
		"far controls": "far-controls",
	}

	FormerExcluders = map[string]string{
		"controls survive": "controls-survive",
		"controls lost":    "controls-lost",
		"gone outside":     "gone-outside",
		"kept across":      "kept-across",
		"fresh across":     "fresh-across",
	}
)

// Former gives the text of an identifier; one that has none is its own.
func Former(id string) string {
	for _, m := range []map[string]string{FormerReasons, FormerDemands, FormerExcluders} {
		for text, x := range m {
			if x == id {
				return text
			}
		}
	}
	return id
}
