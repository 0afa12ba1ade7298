// Command constat examines Internet cut-offs as an independent third party
// would. Each verb has one short file here that turns flags into calls.
//
// Results go to standard output, everything else to standard error. Exit codes
// are in exit.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"constat/cases/caselog"
	"constat/internal/locale"
	"constat/internal/plain"

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// cli is the one table of verbs, in the order in which a person needs them.
type cli struct {
	ShowVersion versionFlag `name:"version" help:"Print the version and end."`

	Demo        demoCmd        `cmd:"" group:"examine" help:"Examine the recording in the box: a night like 22-23 December 2014."`
	Examine     examineCmd     `cmd:"" group:"examine" help:"Find when a subject left the Internet, for how long, seen by whom, and where it was cut."`
	Scan        scanCmd        `cmd:"" group:"examine" help:"Find what went down in the files of a time, without naming a subject."`
	State       stateCmd       `cmd:"" group:"examine" help:"Say what was announced at a moment: by whom, carried by how many, through whom."`
	Cat         catCmd         `cmd:"" group:"examine" help:"Print the elements of MRT files, and of other formats that people keep."`
	Chokepoints chokepointsCmd `cmd:"" group:"examine" help:"Say on whom a subject depends, and whose refusal would cut it off."`
	Block       blockCmd       `cmd:"" group:"examine" help:"Say what a block of a target at some networks would do, write its filters and their undoing, or detect one."`
	Subject     subjectCmd     `cmd:"" group:"examine" help:"Resolve a subject into prefixes and origins, with a reason on every line."`
	Atlas       atlasCmd       `cmd:"" group:"examine" help:"Fetch delegations and AS names for a date."`

	Read  readCmd  `cmd:"" group:"claims" help:"Propose statements from a press article: who said what, about when."`
	Trace traceCmd `cmd:"" group:"claims" help:"Say where an attack's facilities stood: prefix, origin, operator, country of registration."`
	Weigh weighCmd `cmd:"" group:"claims" help:"Weigh competing hypotheses by what people rated, under a standard of proof."`

	Case        caseCmd        `cmd:"" group:"case" help:"Keep a case: what was asked, measured, said and concluded, in a signed log."`
	Verify      verifyCmd      `cmd:"" group:"case" help:"Verify a case, or name the first thing in it that does not hold."`
	Export      exportCmd      `cmd:"" group:"case" help:"Write a case for others to work with: STIX 2.1, ClaimReview, Markdown, CSV, SVG or PNG."`
	Pack        packCmd        `cmd:"" group:"case" help:"Pack a case into one file to send."`
	Unpack      unpackCmd      `cmd:"" group:"case" help:"Unpack a packed case into a new folder."`
	Countersign countersignCmd `cmd:"" group:"case" help:"Verify a case and sign that you have seen it."`
	Witness     witnessCmd     `cmd:"" group:"case" help:"Ask witnesses to cosign a case's checkpoint, or be one: no rollback and no fork without them."`
	Dissent     dissentCmd     `cmd:"" group:"case" help:"Sign that you disagree with a case, and why."`

	Lab        labCmd        `cmd:"" group:"more" help:"Make recordings and large inputs with known truth."`
	Version    versionCmd    `cmd:"" group:"more" help:"Print the version, and what it was built from."`
	Completion completionCmd `cmd:"" group:"more" help:"Print what a shell needs to complete verbs and flags."`
	Man        manCmd        `cmd:"" group:"more" help:"Print the manual page."`
}

// groups are the headings of the verbs.
var groups = map[string]string{
	"examine": "What happened to routes:",
	"claims":  "What people say, and what they hold as evidence:",
	"case":    "A case that the other side can check:",
	"more":    "More:",
}

const description = `Examines Internet cut-offs as an independent third party would.

  constat demo                                    a night in the box, its report in constat-demo/report.html
  constat examine AS22047 --from 2010-02-27T16:00 --for 15m --source ris:rrc15
  constat cat --prefix 175.45.176.0/22 updates.20141222.1600.gz

constat VERB --help has examples of each verb.
Exit codes: 0 answered, 1 failed, 2 wrong usage; of an examination also 3 nobody was watching, 4 no claim, 5 stayed, but watched for less than nine tenths, or not known whether they stayed.`

// headings are the groups as the parser of flags wants them.
func headings() []kong.Group {
	var out []kong.Group
	for _, k := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, kong.Group{Key: k, Title: groups[k]})
	}
	return out
}

// versionFlag prints which program this is, as the verb of that name does.
type versionFlag bool

// BeforeReset implements a hook of kong: nothing else is looked at.
func (versionFlag) BeforeReset(k *kong.Kong) error {
	fmt.Fprintln(k.Stdout, built())
	k.Exit(0)
	return nil
}

// exitError carries an exit code through the verbs' error returns. A nil
// inner error means that everything worth saying has been said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}
func (e *exitError) Unwrap() error { return e.err }

// streams is where a verb reads and writes; tests run verbs in scripts.
type streams struct {
	out, err io.Writer
	said     tongue   // the language of errors, notes and progress
	atEnd    []func() // called when the verb has ended
}

func (s *streams) end() {
	for _, f := range s.atEnd {
		f()
	}
}

// text is where a verb writes what people read: nothing that a stranger chose
// does anything there but appear. Bytes for programs go to out, which alters them
// only on a terminal.
func (s *streams) text() io.Writer { return plain.NewWriter(s.out) }

// standard gives the streams of the process. What goes to a terminal goes
// through [plain.Writer]: archives, case files and packages of records are
// written by strangers.
func standard() *streams {
	s := &streams{out: os.Stdout, err: plain.NewWriter(os.Stderr)}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		s.out = plain.NewWriter(os.Stdout)
	}
	return s
}

// terminal gives the terminal that a stream goes to, if it goes to one.
func terminal(w io.Writer) (*os.File, bool) {
	if p, ok := w.(*plain.Writer); ok {
		w = p.W
	}
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	var c cli
	s := standard()
	args, lang, texts := chosen(os.Args[1:], os.Getenv)
	args = asksHelp(args)
	s.said = tongueOf(texts)
	code := -1
	k, err := kong.New(&c,
		kong.Name("constat"),
		kong.Description(description),
		kong.ExplicitGroups(headings()),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100, NoExpandSubcommands: true}),
		kong.UsageOnError(),
		kong.Vars{"languages": locale.Codes(), "language": string(lang), "languageHelp": languageHelp},
		kong.Help(narrowed(helpIn(texts), s.columns())),
		kong.Exit(func(n int) { code = n }),
		kong.Writers(s.out, s.err),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s),
	)
	if err != nil {
		s.note("%v", err)
		return exitFailed
	}
	kc, err := k.Parse(args)
	if code >= 0 { // --help was asked for and printed
		return code
	}
	if err != nil {
		s.note("%v", err)
		adviseFiles(s, args, err)
		s.note("see %s --help", verbOf(err))
		return exitUsage
	}
	tuneHeap() // not before: it would be collecting its own grammar
	defer s.end()
	err = kc.Run()
	var ee *exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ee):
		if ee.err != nil {
			s.note("%v", ee.err)
		}
		return ee.code
	case errors.Is(err, context.Canceled):
		s.note("interrupted; nothing half-written was left")
		return exitSignals
	case errors.Is(err, caselog.ErrNoLog):
		s.note("%v", err)
		s.note("constat case open makes a case with a log; a single examination is checked with constat verify or constat examine --again")
		return exitFailed
	default:
		s.note("%v", err)
		return exitFailed
	}
}

// asksHelp turns what people type for help into --help: nothing at all, "help", "help
// examine".
func asksHelp(args []string) []string {
	if len(args) > 0 && args[0] != "help" {
		return args
	}
	return append(slices.Clone(args[min(len(args), 1):]), "--help")
}

// verbOf is the verb that was typed wrongly, as far as it was understood.
func verbOf(err error) string {
	var pe *kong.ParseError
	if !errors.As(err, &pe) || pe.Context == nil || pe.Context.Selected() == nil {
		return "constat"
	}
	return pe.Context.Selected().FullPath()
}
