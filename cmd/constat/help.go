package main

// What each verb says of itself after its usage line: an example or two that run
// as they stand when the names in them are yours, and its exit codes. The scripts of
// the tests run the examples that need no network.

// reportLanguage says what depends on the language.
const reportLanguage = `report.html is written in the language of --lang, or else of the environment; findings.json and the records do not depend on it.`

// Help is shown by --help.
func (*demoCmd) Help() string {
	return `Examples:

  constat demo
  constat demo --lang fr --case nuit

The recording was made by real routers; the report says at its top that it is a reconstruction.
` + reportLanguage
}

// Help is shown by --help.
func (*examineCmd) Help() string {
	return `Examples:

  constat examine AS22047 --from 2010-02-27T16:00 --for 15m --source ris:rrc15
  constat examine KP --from 2014-12-22 --until 2014-12-24
  constat examine AS22047 AS3549 --from 1267286400 --until +15m --source archive/
  constat examine --again AS22047-20100227T160000Z-20100227T161500Z

A country is what the registries delegated to it: their lists of the day are fetched into the cache, unless --atlas names a folder of them (constat atlas update).
The summary goes to standard output; the case – findings.json, report.html, the records – into a folder.
` + reportLanguage + `

Exit codes: 0 answered, 1 failed, 2 wrong usage, 3 nobody was watching, 4 no claim (nowhere two networks known to carry a prefix), 5 the routes stayed while somebody watched, which was less than nine tenths of the time, or it is not known whether they stayed.`
}

// Help is shown by --help.
func (*subjectCmd) Help() string {
	return `Examples:

  constat subject AS22047
  constat subject KP --at 2014-12-22
  constat subject networks.subject --json

A subject file has a line for each AS, prefix or country (docs/formats/subject.md).`
}

// Help is shown by --help.
func (*atlasUpdateCmd) Help() string {
	return `Example:

  constat atlas update --date 2014-12-22 --dir registry/`
}

// Help is shown by --help.
func (*readCmd) Help() string {
	return `Examples:

  constat read article.txt --published 2014-12-24 --outlet "Le Monde"
  constat read page.html                          its own day, if it gives one
  constat read article.txt --published 2014-12-24 --proposals model.json
  constat read page.html --check statements.json
  constat read --score gold-texts
  constat read article.txt --published 2014-12-24 --accept 1,3-5 --register statements.txt --by "R. Roe"

A proposal is a proposal: nothing enters a register unless a person accepts it. What it gets right is measured in docs/reading.md.`
}

// Help is shown by --help.
func (*weighCmd) Help() string {
	return `Example:

  constat weigh evidence-of-a.toml evidence-of-b.toml --standard clear

Ranks hypotheses by how little speaks against them, for each rater apart; nothing is averaged (docs/formats/evidence.md).`
}

// Help is shown by --help.
func (*caseCmd) Help() string {
	return `Example, a case from beginning to end:

  constat case key new examiner.example --dir keys
  constat case open kp --question "Who could have cut it off?" --key keys/examiner.example.key
  constat case examine kp --demo --key keys/examiner.example.key
  constat case state kp statements.txt --key keys/examiner.example.key
  constat case conclude kp --key keys/examiner.example.key
  constat verify kp
  constat pack kp -o kp.tar.zst`
}

// Help is shown by --help.
func (*verifyCmd) Help() string {
	return `Examples:

  constat verify kp
  constat verify kp.tar.zst --checkpoint seen.note --examiner examiner.example.pub
  constat verify kp --archives --source ris

Without --checkpoint it shows that the case is whole, not that it is the one you were shown before. Exit codes: 0 everything holds, 1 something does not and is named, 2 wrong usage.`
}

// Help is shown by --help.
func (*exportCmd) Help() string {
	return `Examples:

  constat export kp --as markdown
  constat export kp --as claimreview --url https://example.org/report.html -o claims.json
  constat export night --as csv -o outages.csv
  constat export night --as svg --figure 3 -o who-saw-what.svg
  constat export night --as png -o timeline.png`
}

// Help is shown by --help.
func (*countersignCmd) Help() string {
	return `Example:

  constat countersign kp.tar.zst --key keys/witness.example.key -o seen.note

You sign that you saw this case, whole, up to its last entry; not that you agree. Keep what it writes: it shows later whether the case was changed.`
}

// Help is shown by --help.
func (*dissentCmd) Help() string {
	return `Example:

  constat dissent kp.tar.zst --reason why.txt --key keys/ministry.example.key -o dissent.note`
}
