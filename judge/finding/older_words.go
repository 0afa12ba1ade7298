package finding

import "constat/judge/cause"

// words are the texts that formats 1 and 2 have where format 3 has identifiers: a
// text and its identifier. What is in no list has one form in all of them
// ("outage", "indicated"). A list may not change: files have both forms for ever.
type words map[string]string

// What package cause names.
var (
	reasonsOf2   = words(cause.FormerReasons)
	demandsOf2   = words(cause.FormerDemands)
	excludersOf2 = words(cause.FormerExcluders)
)

var answersOf2 = words{
	"no claim":        "no-claim",
	"nobody watching": "nobody-watching",
}

var blindnessOf2 = words{
	"missing file":            "missing-file",
	"file not given":          "file-not-given",
	"file not in the cache":   "file-not-in-cache",
	"file not in the archive": "file-not-in-archive",
	"not asked":               "not-asked",
	"gap in file":             "gap-in-file",
	"truncated file":          "truncated-file",
	"unreadable records":      "unreadable-records",
	"session down":            "session-down",
	"table transfer":          "table-transfer",
	"silence of all":          "silence-of-all",
	"silent together":         "silent-together",
}

var censorsOf2 = words{
	"end of data": "end-of-data",
}

var levelsOf2 = words{
	"not established": "not-established",
}

var offsOf2 = words{
	"times re-stamped":             "times-re-stamped",
	"not admitted by the standard": "not-admitted-by-standard",
}

var shapesOf2 = words{
	"one origin": "one-origin",
}

var clocksOf2 = words{
	"on the hour":       "on-the-hour",
	"on the half-hour":  "on-the-half-hour",
	"on neither":        "on-neither",
	"too near to tell":  "too-near-to-tell",
	"no local time":     "no-local-time",
	"time zones differ": "time-zones-differ",
}

var sidesOf2 = words{
	"both ways": "both-ways",
}

var signsOf2 = words{
	"on the hour":          "on-the-hour",
	"on the half-hour":     "on-the-half-hour",
	"on neither":           "on-neither",
	"too near to tell":     "too-near-to-tell",
	"no local time":        "no-local-time",
	"time zones differ":    "time-zones-differ",
	"one origin":           "one-origin",
	"exactly 1 day":        "exactly-1-day",
	"exactly 2 days":       "exactly-2-days",
	"exactly 3 days":       "exactly-3-days",
	"exactly 4 days":       "exactly-4-days",
	"not after whole days": "not-after-whole-days",
	"none earlier seen":    "none-earlier-seen",
	"Sunday":               "sunday",
	"Monday":               "monday",
	"Tuesday":              "tuesday",
	"Wednesday":            "wednesday",
	"Thursday":             "thursday",
	"Friday":               "friday",
	"Saturday":             "saturday",
	"shorter than 2 h":     "under-2-h",
	"2 h to 5.5 h":         "2-h-to-5-h-30",
	"5.5 h or longer":      "5-h-30-or-longer",
	"steady before":        "steady-before",
	"unstable before":      "unstable-before",
	"in one burst":         "in-one-burst",
	"in several bursts":    "in-several-bursts",
}

var whysOf2 = words{
	"timing evidence is off":                                  "timing-off",
	"nobody has measured how often this is seen of either":    "not-measured",
	"the published difference does not hold when recomputed":  "not-held-when-recomputed",
	"measured in three countries; it does not hold elsewhere": "not-held-elsewhere",
	"seen nearly as often of either":                          "as-often-of-either",
	"too near to the border to tell":                          "near-the-border",
	"not known here":                                          "not-known-here",
	"only its presence was measured":                          "only-presence-measured",
}

var notesOf2 = words{
	"one collector":  "one-collector",
	"stale lists":    "stale-lists",
	"no snapshot":    "no-snapshot",
	"as from paths":  "as-from-paths",
	"as unknown":     "as-unknown",
	"not mrt":        "not-mrt",
	"defect.states":  "defect-states",
	"defect.flood":   "defect-flood",
	"defect.stuck":   "defect-stuck",
	"reconstruction": "reconstruction",
	"inferred":       "inferred",
	"answers":        "answers",
	"order":          "order",
	"copies":         "copies",
}

var standInsOf2 = words{
	"less specific":  "less-specific",
	"more specifics": "more-specifics",
	"other origin":   "other-origin",
}
