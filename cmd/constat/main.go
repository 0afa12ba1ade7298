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
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"constat/internal/locale"
)

// cli is the one table of verbs.
type cli struct {
	Cat     catCmd     `cmd:"" help:"Print the elements of MRT files."`
	Subject subjectCmd `cmd:"" help:"Resolve a subject into prefixes and origins, with a reason on every line."`
	Examine examineCmd `cmd:"" help:"Find when a subject left the Internet, for how long, seen by whom."`
	Demo    demoCmd    `cmd:"" help:"Examine the recording in the box: a night like 22-23 December 2014."`
	Atlas   atlasCmd   `cmd:"" help:"Fetch delegations and AS names for a date."`
	Trace   traceCmd   `cmd:"" help:"Say where an attack's facilities stood: prefix, origin, operator, country of registration."`
	Read    readCmd    `cmd:"" help:"Propose statements from a press article: who said what, about when."`
	Weigh   weighCmd   `cmd:"" help:"Weigh competing hypotheses by what people rated, under a standard of proof."`
	Lab     labCmd     `cmd:"" help:"Make recordings and large inputs with known truth."`

	Case        caseCmd        `cmd:"" help:"Keep a case: what was asked, measured, said and concluded, in a signed log."`
	Verify      verifyCmd      `cmd:"" help:"Verify a case, or name the first thing in it that does not hold."`
	Export      exportCmd      `cmd:"" help:"Write a case for others to work with: STIX 2.1, ClaimReview or Markdown."`
	Pack        packCmd        `cmd:"" help:"Pack a case into one file to send."`
	Unpack      unpackCmd      `cmd:"" help:"Unpack a packed case into a new folder."`
	Countersign countersignCmd `cmd:"" help:"Verify a case and sign that you have seen it."`
	Dissent     dissentCmd     `cmd:"" help:"Sign that you disagree with a case, and why."`
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
}

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	var c cli
	code := -1
	k, err := kong.New(&c,
		kong.Name("constat"),
		kong.Description("Examines Internet cut-offs as an independent third party would."),
		kong.UsageOnError(),
		kong.Vars{"languages": locale.Codes(), "language": string(locale.Default)},
		kong.Exit(func(n int) { code = n }),
		kong.Writers(os.Stdout, os.Stderr),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(&streams{out: os.Stdout, err: os.Stderr}),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "constat:", err)
		return exitFailed
	}
	kc, err := k.Parse(os.Args[1:])
	if code >= 0 { // --help was asked for and printed
		return code
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "constat:", err)
		fmt.Fprintln(os.Stderr, "constat: see constat --help")
		return exitUsage
	}
	if os.Getenv("GOGC") == "" { // not before: it would be collecting its own grammar
		debug.SetGCPercent(50) // memory is promised, a little time is not
	}
	err = kc.Run()
	var ee *exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ee):
		if ee.err != nil {
			fmt.Fprintln(os.Stderr, "constat:", ee.err)
		}
		return ee.code
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "constat: interrupted; nothing half-written was left")
		return exitSignals
	default:
		fmt.Fprintln(os.Stderr, "constat:", err)
		return exitFailed
	}
}
