package main

import (
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	reportCommands = regexp.MustCompile(`(?s)<pre class="?cmd"?[^>]*><code>(.*?)</code></pre>`)
	reportCommand  = regexp.MustCompile(`(?s)<span>(.*?)</span>`)
)

// TestReportCommands runs what reports print under "Check this case yourself", as it
// stands there: of the demo, of an examination whose paths need quotes, and of a case.
func TestReportCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	dir := t.TempDir()
	var env []string
	sh := func(line string) string {
		t.Helper()
		cmd := exec.Command("sh", "-c", line)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CACHE_HOME="+filepath.Join(dir, ".cache"), "LC_ALL=C", "COLUMNS=")
		for _, name := range archiveURLs {
			cmd.Env = append(cmd.Env, name+"="+nowhere)
		}
		cmd.Env = append(cmd.Env, env...)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("$ %s\n%v\n%s%s", line, err, out, stderr.String())
		}
		return string(out) + stderr.String()
	}
	// check runs the commands of a report; each of want is part of one, in their order.
	check := func(report string, want ...string) {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, report))
		if err != nil {
			t.Fatal(err)
		}
		block := reportCommands.FindStringSubmatch(string(b))
		if block == nil {
			t.Fatalf("%s: no commands", report)
		}
		lines := reportCommand.FindAllStringSubmatch(block[1], -1)
		if len(lines) != len(want) {
			t.Fatalf("%s: %d commands, want %d:\n%s", report, len(lines), len(want), block[1])
		}
		for i, m := range lines {
			line := html.UnescapeString(m[1])
			if !strings.Contains(line, want[i]) {
				t.Errorf("%s: command %d is %s, want %s", report, i, line, want[i])
			}
			sh(line)
		}
		if b, _ := os.ReadFile(filepath.Join(dir, "again", "findings.json")); len(b) > 0 {
			was, err := os.ReadFile(filepath.Join(dir, filepath.Dir(report), "findings.json"))
			if err == nil && string(was) != string(b) {
				t.Errorf("%s: the question asked anew gives other findings", report)
			}
			sh("rm -r again")
		} else {
			t.Errorf("%s: the question was not asked anew", report)
		}
	}

	sh("constat demo")
	check("constat-demo/report.html", "constat examine --again constat-demo", "constat demo --case again", "constat cat --json constat-demo/exhibits/")
	sh("constat demo --standard balance --case balance")
	check("balance/report.html", "--again balance", "constat demo --standard balance --case again", "constat cat")

	// The README's first example: the findings depend on the lists that it was asked with.
	lab, err := filepath.Abs("../../lab")
	if err != nil {
		t.Fatal(err)
	}
	env = []string{"FILES=" + filepath.Join(lab, "demo"), "ATLAS=" + filepath.Join(lab, "nightatlas")}
	sh(`constat examine AS131279 --from 2014-12-22T16:00 --for 12h --source "$FILES" --atlas "$ATLAS" --case night`)
	check("night/report.html", "constat examine --again night", `constat verify --archives night --source "$FILES"`,
		`constat examine AS131279 --from 2014-12-22T16:00:00Z --until 2014-12-23T04:00:00Z --source "$FILES" --atlas "$ATLAS" --case again`, "constat cat --json night/exhibits/")
	sh(`constat export night --as markdown >night.md && grep -q -- '--atlas "$ATLAS"' night.md`)

	if err := writeArchive(filepath.Join(dir, `O'Brien's "files" $HOME`)); err != nil {
		t.Fatal(err)
	}
	// Under this name the collector is none of an archive's.
	sh(`mv 'O'\''Brien'\''s "files" $HOME/rrc00' 'O'\''Brien'\''s "files" $HOME/it'\''s here'`)
	env = []string{`FILES=O'Brien's "files" $HOME`}
	sh(`printf '[region]\nAS64496 North\n' >groups.txt`)
	sh(`constat examine AS64496 10.0.1.0/24 --from 2020-03-01T12:00 --for 10m --source "$FILES" --groups groups.txt --case='-a "b" c'\''s ` + "`d`" + `'`)
	check("-a \"b\" c's `d`/report.html", "constat examine --again './-a", `constat verify --archives './-a "b" c'\''s `+"`d`"+`' --source "$FILES" --collector 'it'\''s here'`,
		"constat examine 'AS64496, 10.0.1.0/24' --from 2020-03-01T12:00:00Z --until 2020-03-01T12:10:00Z --source \"$FILES\"")

	sh("constat case key new examiner.example --dir keys && constat case open 'the case' --question 'Who?' --key keys/examiner.example.key")
	sh("constat case examine 'the case' --demo --key keys/examiner.example.key && constat case conclude 'the case' --key keys/examiner.example.key")
	env = []string{"CASE=the case"}
	check("the case/acts/00003-verdict/report.html", `constat verify "$CASE"`, "constat demo --case again", `constat cat --json "$CASE"/acts/00002-examined/`)
}
