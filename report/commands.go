package report

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"time"

	"constat/judge/finding"
	"constat/judge/proof"
	"constat/moment"
	"constat/report/document"
)

// checkCommands are what a reader types to check the examination, and what each does. They
// run as they stand in the folder that holds the case, once the variables that they
// name are set: where a case as a whole lies, and where local files lie, no page
// knows.
func checkCommands(p *printer, c *facts, o Options) (text document.Text, commands []string) {
	said := []document.Text{p.h("check.ours")}
	say := func(key string) { said = append(said, p.h(key)) }
	add := func(words ...string) { commands = append(commands, strings.Join(words, " ")) }
	dir := "" // of the examination, quoted; empty: it is in no folder
	logged := o.Case != nil && o.Case.Log != nil
	switch {
	case logged:
		dir = `"$CASE"/` + shell(o.Case.Folder)
	case o.CaseName != "":
		dir = shell(o.CaseName)
		if strings.HasPrefix(o.CaseName, "-") { // it is no flag
			dir = shell("./" + o.CaseName)
		}
	}
	// Where the records are to be had again.
	q, box, source := c.f.Question, c.fromBox(), ""
	if !box {
		source = publicSource(c.f)
	}
	files := !box && source == ""
	if files {
		source = ` --source "$FILES"`
		if n := c.f.Watch.Collectors; len(n) == 1 && !strings.HasPrefix(n[0], "ripestat-") {
			source += " --collector " + shell(n[0])
		}
	}
	switch {
	case logged:
		add(`constat verify "$CASE"`)
		say("check.case")
		say("check.verify")
	case dir != "":
		add("constat examine --again", dir)
		say("check.again")
	}
	if dir != "" && !box {
		whole, given := dir, source
		if logged {
			whole = `"$CASE"`
		}
		if !files {
			given = "" // of the archives it finds them by the names of the collectors
		}
		add("constat verify --archives", whole+given)
		say("check.archives")
	}
	standard := standardFlag(c.f.Verdict.Standard, dir)
	switch {
	case box:
		add("constat demo" + standard + " --case again")
		say("check.demo")
	case askable(c.f):
		groups, lists := "", ""
		if o.Atlas {
			lists = ` --atlas "$ATLAS"`
		}
		if dir != "" && hasGroups(c.f) {
			groups = " --groups " + dir + "/groups.txt"
		}
		add("constat examine", shell(q.Subject), "--from", q.From.String(), "--until", q.Until.String()+source+lists+standard+groups, "--case again")
		say("check.anew")
		if o.Atlas {
			said = append(said, p.h("check.atlas", "date", q.From.Std().Format(time.DateOnly)))
		}
	}
	if files {
		say("check.files")
	}
	if name := onsetExhibit(c, o.Exhibits); name != "" && dir != "" {
		add("constat cat --json", dir+"/exhibits/"+shell(name))
		say("check.cat")
	}
	return document.Sentences(said...), commands
}

// The recording in the box and the question that constat demo asks of it. A test of
// the command line runs what the report of the demo says.
const boxTitle = "A night like 22-23 December 2014"

var boxFrom, boxUntil = moment.Unix(1419163200, 0), moment.Unix(1419314400, 0)

// fromBox reports whether constat demo asks this question of these records.
func (c *facts) fromBox() bool {
	n, ok := c.note(finding.NoteReconstruction)
	return ok && n.Title == boxTitle && c.f.Subject.Kind == "file" && c.f.Question.From == boxFrom && c.f.Question.Until == boxUntil
}

// publicSource is the flag for the public archives that records are from; empty if
// they are from elsewhere.
func publicSource(f *finding.Findings) string {
	if slices.ContainsFunc(f.Notes, func(n finding.Note) bool { return n.Key == finding.NoteReconstruction }) {
		return ""
	}
	var ris, views []string
	for _, n := range f.Watch.Collectors {
		switch {
		case len(n) == 5 && (strings.HasPrefix(n, "rrc0") || strings.HasPrefix(n, "rrc1") || strings.HasPrefix(n, "rrc2")):
			ris = append(ris, n)
		case strings.HasPrefix(n, "route-views"):
			views = append(views, n)
		default:
			return ""
		}
	}
	// A file of an archive has its time in its name.
	for _, s := range f.Watch.Sources {
		if !strings.HasPrefix(s.Name, "updates.") && !strings.HasPrefix(s.Name, "bview.") && !strings.HasPrefix(s.Name, "rib.") {
			return ""
		}
	}
	out := ""
	if ris != nil {
		out += " --source " + shell("ris:"+strings.Join(ris, ","))
	}
	if views != nil {
		out += " --source " + shell("routeviews:"+strings.Join(views, ","))
	}
	return out
}

// standardFlag is the flag for a standard of proof: its name if it ships, or else the
// file in the examination's folder.
func standardFlag(s finding.Standard, dir string) string {
	if text, ok := proof.Source(s.Name); ok {
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) == s.SHA256 {
			if s.Name == proof.Default {
				return ""
			}
			return " --standard " + shell(s.Name)
		}
	}
	if dir == "" || s.SHA256 == "" {
		return ""
	}
	return " --standard " + dir + "/standard.toml"
}

// askable reports whether the subject can be asked for by what the findings call it.
// That of a subject file, which is not in the case, cannot.
func askable(f *finding.Findings) bool {
	if f.Subject.Kind != "file" {
		return true
	}
	for word := range strings.SplitSeq(f.Question.Subject, ", ") {
		_, err := netip.ParsePrefix(word)
		as, isAS := strings.CutPrefix(word, "AS")
		isAS = isAS && as != "" && strings.Trim(as, "0123456789") == ""
		isCountry := len(word) == 2 && strings.ToUpper(word) == word && strings.ToLower(word) != word
		if err != nil && !isAS && !isCountry {
			return false
		}
	}
	return true
}

// hasGroups reports whether a grouping file was given.
func hasGroups(f *finding.Findings) bool {
	return slices.ContainsFunc(f.Events, func(e finding.Event) bool { return len(e.Groups) > 0 })
}

// shell quotes a word for a POSIX shell where it needs it.
func shell(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/:+,@%=", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
