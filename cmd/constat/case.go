package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"constat/cases/caselog"
	"constat/internal/durable"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/worded"
	"constat/moment"
)

// caseCmd are the verbs with which an examiner keeps a case.
type caseCmd struct {
	Key      caseKeyCmd      `cmd:"" help:"Make a key to sign with, print its public part, or hand a case to another."`
	Open     caseOpenCmd     `cmd:"" help:"Open a case: the question and the standard of proof, before anything is read."`
	Add      caseAddCmd      `cmd:"" help:"Add documents, evidence, parties' keys, and what parties signed."`
	State    caseStateCmd    `cmd:"" help:"Add a statement, signed by whom it is from if they wish."`
	Withdraw caseWithdrawCmd `cmd:"" help:"Withdraw an entry: it stays, and nothing is concluded from it any more."`
	Examine  caseExamineCmd  `cmd:"" help:"Examine a routing question as part of the case."`
	Conclude caseConcludeCmd `cmd:"" help:"Write the verdict; refused while something demanded is missing."`
	Index    caseIndexCmd    `cmd:"" help:"Write index.html: what is in a case, its reports, and how to check it."`
	Stamp    caseStampCmd    `cmd:"" help:"Write the request to a time-stamping authority for a case as it is."`
	Show     caseShowCmd     `cmd:"" help:"Show what is in a case."`
	Prove    caseProveCmd    `cmd:"" help:"Print the proof that an entry or a file is in the case, to be checked without the case."`
	Sign     caseSignCmd     `cmd:"" help:"Sign a statement with a party's own key, for the examiner to add."`
}

// keyFlag names a private key. Embed it.
type keyFlag struct {
	Key            string `required:"" env:"CONSTAT_KEY" placeholder:"KEY" help:"Private key: a file, or the name of one made with constat case key new."`
	PassphraseFile string `env:"CONSTAT_PASSPHRASE_FILE" placeholder:"FILE" help:"File whose first line is the key's passphrase. Default: it is asked for on the terminal."`
}

// passphrase gives a key's passphrase: the first line of a file, or what a person
// types.
func passphrase(said tongue, file string, prompt worded.Phrase) ([]byte, error) {
	if file != "" {
		b, err := readUpTo(file, 4096)
		if err != nil {
			return nil, fmt.Errorf("--passphrase-file: %w", err)
		}
		line, _, _ := bytes.Cut(b, []byte("\n"))
		if line = bytes.TrimSuffix(line, []byte("\r")); len(line) == 0 {
			return nil, worded.Errorf("--passphrase-file %s: its first line is empty", file)
		}
		return line, nil
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, worded.Errorf("%w, and there is no terminal to ask for it: give --passphrase-file", caselog.ErrPassphrase)
	}
	fmt.Fprint(os.Stderr, plain.Line(said.Say(prompt))+": ")
	b, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	return b, err
}

// load reads the key, which must not lie in the case.
func (f *keyFlag) load(said tongue, caseDir string) (*caselog.Key, error) {
	name, err := f.file()
	if err != nil {
		return nil, err
	}
	return caselog.LoadKeyWith(name, caseDir, func(name string) ([]byte, error) {
		return passphrase(said, f.PassphraseFile, worded.Phrasef("Passphrase of %s", filepath.Base(name)))
	})
}

// file is where the key lies.
func (f *keyFlag) file() (string, error) {
	name := f.Key
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(name, ".key") {
		dir, err := keyDir("")
		if err != nil {
			return "", err
		}
		kept := filepath.Join(dir, caselog.SafeName(name)+".key")
		if _, err := os.Stat(kept); err != nil {
			return "", worded.Errorf("--key %s: no such file, and no key of that name in %s (constat case key new makes one)", name, dir)
		}
		name = kept
	}
	return name, nil
}

// keyDir is where keys are kept unless said otherwise.
func keyDir(said string) (string, error) {
	if said != "" {
		return said, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", worded.Errorf("%w; --dir says where keys are kept", err)
	}
	return filepath.Join(dir, "constat", "keys"), nil
}

// timeFlag is the time of an act. Embed it.
type timeFlag struct {
	Time string `placeholder:"T" help:"Time of the act, for a case that shall come out the same again. Default: now."`
}

func (f *timeFlag) at() (moment.Time, error) {
	if f.Time == "" {
		return moment.FromTime(time.Now().Truncate(time.Second)), nil
	}
	t, err := moment.ParseTime(f.Time)
	if err != nil {
		return 0, usage("--time: %w", err)
	}
	return t, nil
}

// publicKeys reads public keys, each given as a file or as itself.
func publicKeys(flag string, given []string) ([]caselog.PublicKey, error) {
	return keysGiven(flag, given, caselog.ParsePublicKey)
}

func keysGiven(flag string, given []string, parse func(string) (caselog.PublicKey, error)) ([]caselog.PublicKey, error) {
	var out []caselog.PublicKey
	for _, g := range given {
		k, err := parse(g)
		if err != nil {
			b, err2 := readSmall(g)
			if err2 != nil {
				return nil, usage("%s: neither a public key nor a file that holds one: %w", flag, err2)
			}
			if k, err = parse(string(b)); err != nil {
				return nil, fmt.Errorf("%s %s: %w", flag, g, err)
			}
		}
		out = append(out, k)
	}
	return out, nil
}

// maxSmall bounds the files that are read whole: keys, notes, statements.
const maxSmall = 64 << 20

func readSmall(name string) ([]byte, error) {
	b, err := readUpTo(name, maxSmall+1)
	if err == nil && len(b) > maxSmall {
		err = worded.Errorf("%s has more than %d bytes", name, maxSmall)
	}
	return b, err
}

func readUpTo(name string, max int64) ([]byte, error) {
	f, err := regular.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

type caseKeyCmd struct {
	New      caseKeyNewCmd      `cmd:"" help:"Make a key. The private part stays with you; the public part is for everybody."`
	Show     caseKeyShowCmd     `cmd:"" help:"Print the public part of a key."`
	Rotate   caseKeyRotateCmd   `cmd:"" help:"Hand a case to a new key, which signs it from then on."`
	Guard    caseKeyGuardCmd    `cmd:"" help:"Name a guardian, whose key may hand the case to a new key when yours is lost or stolen."`
	Handover caseKeyHandoverCmd `cmd:"" help:"As a guardian: verify a case and sign that a new key signs it from now on."`
}

// caseAround finds the case whose folder a path is, or lies in, also through a link.
func caseAround(p string) (string, bool) {
	p, err := filepath.Abs(p)
	if err != nil {
		return "", false
	}
	for _, d := range []string{p, reallyAt(p)} {
		for ; ; d = filepath.Dir(d) {
			if caselog.HasLog(d) {
				return d, true
			}
			if d == filepath.Dir(d) {
				break
			}
		}
	}
	return "", false
}

// reallyAt resolves the links of as much of a path as is there.
func reallyAt(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil || p == filepath.Dir(p) {
		return real
	}
	return filepath.Join(reallyAt(filepath.Dir(p)), filepath.Base(p))
}

// outsideCases refuses a path below a case: its folder holds what the log has, and whatever
// else lies there is a fault for whoever verifies it.
func outsideCases(p string) error {
	if d, ok := caseAround(filepath.Dir(p)); ok {
		return worded.Errorf("%s lies in the case %s, which holds what its log has and nothing else: choose another place", p, d)
	}
	return nil
}

type caseKeyNewCmd struct {
	Name string `arg:"" help:"Who signs with it, without spaces, as in examiner.example or ministry.example/spokesman."`
	Dir  string `placeholder:"DIR" type:"path" help:"Where to write NAME.key and NAME.pub. Default: constat/keys in the user's configuration folder."`

	Passphrase     bool   `help:"Protect the private key with a passphrase, asked for on the terminal."`
	PassphraseFile string `placeholder:"FILE" help:"Protect it with the passphrase in the first line of a file."`
	langFlag
}

func (c *caseKeyNewCmd) Run(s *streams) error {
	k, err := caselog.NewKey(rand.Reader, c.Name)
	if err != nil {
		return usage("%w", err)
	}
	dir, err := keyDir(c.Dir)
	if err != nil {
		return err
	}
	if d, ok := caseAround(dir); ok {
		return worded.Errorf("%s is, or lies in, the case %s, and keys never lie in a case: choose another --dir", dir, d)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file := filepath.Join(dir, caselog.SafeName(c.Name)+".key")
	pub := strings.TrimSuffix(file, ".key") + ".pub"
	// It may be another party's, whom somebody trusts under this name.
	if _, err := os.Lstat(pub); err == nil {
		return worded.Errorf("public key %s already exists and is not replaced: choose another name or --dir", pub)
	}
	if err := c.save(s.said, k, file); err != nil {
		return err
	}
	if err := durable.WriteFile(pub, []byte(k.Public().Text+"\n"), 0o644); err != nil {
		return fmt.Errorf("the private key is in %s (constat case key show prints the public one): %w", file, err)
	}
	s.note("private key %s (give it to nobody), public key %s", file, pub)
	_, err = plain.Fprintln(s.out, k.Public().Text)
	return err
}

// save writes the private key, sealed if a passphrase is wanted.
func (c *caseKeyNewCmd) save(said tongue, k *caselog.Key, file string) error {
	if !c.Passphrase && c.PassphraseFile == "" {
		return k.Save(file)
	}
	p, err := passphrase(said, c.PassphraseFile, worded.Phrasef("New passphrase"))
	if err != nil {
		return err
	}
	if c.PassphraseFile == "" {
		again, err := passphrase(said, "", worded.Phrasef("The same again"))
		if err != nil {
			return err
		}
		if !bytes.Equal(p, again) {
			return errors.New("the two passphrases differ: no key was made")
		}
	}
	return k.SaveSealed(file, p)
}

type caseKeyShowCmd struct {
	Witness bool `help:"Print it as witnesses publish theirs: a vkey of cosignatures (c2sp.org/tlog-cosignature)."`
	keyFlag
	langFlag
}

func (c *caseKeyShowCmd) Run(s *streams) error {
	k, err := c.load(s.said, "")
	if err != nil {
		return err
	}
	text := k.Public().Text
	if c.Witness {
		text = k.Public().WitnessText()
	}
	_, err = plain.Fprintln(s.out, text)
	return err
}

type caseOpenCmd struct {
	Case     string `arg:"" type:"path" help:"Folder of the new case."`
	Question string `required:"" help:"What the case shall answer, in a sentence."`
	Title    string `help:"Short name of the case."`
	Subject  string `help:"Subject of the routing question, as constat examine takes it."`
	spanFlags
	standardFlag
	keyFlag
	timeFlag
	langFlag
}

func (c *caseOpenCmd) Run(s *streams) error {
	o := caselog.Opening{Title: c.Title, Question: c.Question, Subject: c.Subject}
	if c.given() {
		q, err := c.span()
		if err != nil {
			return err
		}
		o.From, o.Until = q.From.String(), q.Until.String()
	}
	standard, err := c.standardFlag.load()
	if err != nil {
		return err
	}
	k, err := c.keyFlag.load(s.said, c.Case)
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	o.Standard.Name = standard.Name
	if err := outsideCases(c.Case); err != nil {
		return err
	}
	opened, err := caselog.New(c.Case, o, standard.Text, k, at)
	if err != nil {
		return err
	}
	s.note("case %s opened under the standard of proof %q; signed by %s", c.Case, standard.Name, k.Public().Name)
	_, err = plain.Fprintln(s.out, opened.Origin)
	return err
}

type caseSignCmd struct {
	File string `arg:"" type:"existingfile" help:"The statement, of any kind."`
	Case string `placeholder:"CASE" type:"path" help:"The case it is meant for; without it the signature is good in any case."`
	Out  string `short:"o" placeholder:"FILE" type:"path" help:"Where to write the signature. Default: FILE.sig."`
	keyFlag
	timeFlag
	langFlag
}

func (c *caseSignCmd) Run(s *streams) error {
	origin := caselog.AnyCase
	if c.Case != "" {
		k, err := caselog.Open(c.Case)
		if err != nil {
			return err
		}
		origin = k.Origin
	}
	k, err := c.load(s.said, c.Case)
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	b, err := readSmall(c.File)
	if err != nil {
		return err
	}
	sig, err := caselog.SignFile(k, origin, b, at)
	if err != nil {
		return err
	}
	out := c.Out
	if out == "" {
		out = c.File + ".sig"
	}
	return writeNew(s, out, sig, "signature")
}

// writeNew writes a small file that is given away, and replaces none.
func writeNew(s *streams, name string, b []byte, what string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return worded.Errorf("%s is there already: choose another -o", name)
	}
	if err != nil {
		return err
	}
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = durable.SyncDir(filepath.Dir(name))
	}
	if err != nil {
		os.Remove(name)
		return err
	}
	s.note("%s %s", s.said.Text(what), name)
	return nil
}
