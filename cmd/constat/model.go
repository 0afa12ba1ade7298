package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"constat/judge/proof"
)

// completionCmd writes a completion script. It knows verbs and flags, and leaves
// files to the shell.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says how the scripts are used.
func (*completionCmd) Help() string {
	return `Examples:

  constat completion bash > /etc/bash_completion.d/constat
  constat completion zsh > "${fpath[1]}/_constat"
  constat completion fish > ~/.config/fish/completions/constat.fish`
}

func (c *completionCmd) Run(k *kong.Kong, s *streams) error {
	switch c.Shell {
	case "bash":
		return bashCompletion(s.out, k.Model.Node)
	case "zsh":
		if _, err := io.WriteString(s.out, "#compdef constat\nautoload -U +X bashcompinit && bashcompinit\n"); err != nil {
			return err
		}
		if err := bashCompletion(s.out, k.Model.Node); err != nil {
			return err
		}
		// The shell reads this file when it completes constat for the first time, and takes
		// it for the function that does. Without this line that first time gives nothing.
		_, err := io.WriteString(s.out, "[[ -n ${compstate[context]-} ]] && _bash_complete -o default -F _constat\n")
		return err
	default:
		return fishCompletion(s.out, k.Model.Node)
	}
}

// verbs calls f for a node and all verbs below it, with the words that lead there.
func verbs(n *kong.Node, words []string, f func(words []string, n *kong.Node) error) error {
	if err := f(words, n); err != nil {
		return err
	}
	for _, c := range n.Children {
		if c.Type != kong.CommandNode || c.Hidden {
			continue
		}
		if err := verbs(c, append(words[:len(words):len(words)], c.Name), f); err != nil {
			return err
		}
	}
	return nil
}

// flagsOf are the flags of a verb.
func flagsOf(n *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	for _, f := range n.Flags {
		if !f.Hidden {
			out = append(out, f)
		}
	}
	return out
}

// valuesOf are what a flag may be, if that is one of a few words.
func valuesOf(f *kong.Flag) []string {
	switch {
	case f.Name == "standard":
		return proof.Names()
	case f.Enum == "":
		return nil
	}
	var out []string
	for v := range f.EnumMap() {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

func bashCompletion(w io.Writer, root *kong.Node) error {
	var b strings.Builder
	b.WriteString(`# Completion of constat: verbs, flags and their values; files are left to the shell.
_constat() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at= word i
  # --flag=value is three words.
  [[ $cur == = ]] && { prev=${COMP_WORDS[COMP_CWORD-1]}; cur=; }
  [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$at $word" in
`)
	var paths []string
	cases, values := "", ""
	err := verbs(root, nil, func(words []string, n *kong.Node) error {
		at := strings.Join(words, " ")
		if at != "" {
			paths = append(paths, fmt.Sprintf("%q", strings.TrimSpace(" "+at)))
		}
		var can []string
		for _, c := range n.Children {
			if c.Type == kong.CommandNode && !c.Hidden {
				can = append(can, c.Name)
			}
		}
		for _, f := range flagsOf(n) {
			can = append(can, "--"+f.Name)
			if !f.IsBool() {
				names := fmt.Sprintf("%q", at+" --"+f.Name)
				if f.Short != 0 {
					names += fmt.Sprintf("|%q", at+" -"+string(f.Short))
				}
				values += fmt.Sprintf("    %s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", names, strings.Join(valuesOf(f), " "))
			}
		}
		if !strings.Contains(strings.Join(can, " "), "--help") {
			can = append(can, "--help")
		}
		cases += fmt.Sprintf("    %q) words=%q ;;\n", at, strings.Join(can, " "))
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(&b, "      %s) at=${at:+$at }$word ;;\n", strings.Join(spaced(paths), "|"))
	b.WriteString("    esac\n  done\n  case \"$at $prev\" in\n" + values + "  esac\n  local words=\n  case \"$at\" in\n" + cases + `  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _constat constat
`)
	_, err = io.WriteString(w, b.String())
	return err
}

// spaced puts a space before the first word of a path of one word, since the
// pattern is matched against what came before, a space, and the word.
func spaced(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		if p = strings.Trim(p, `"`); !strings.Contains(p, " ") {
			p = " " + p
		}
		out[i] = fmt.Sprintf("%q", p)
	}
	return out
}

func fishCompletion(w io.Writer, root *kong.Node) error {
	var b strings.Builder
	b.WriteString(`# Completion of constat: verbs, flags and their values; files are left to the shell.
# __constat_at says whether the words so far lead to a verb: examine is one, and case examine another.
function __constat_at
    set -l at
    for word in (commandline -opc)[2..-1]
        if contains -- (string join ' ' $at $word) $__constat_verbs
            set -a at $word
        end
    end
    test "$at" = "$argv"
end
set -g __constat_verbs`)
	if err := verbs(root, nil, func(words []string, _ *kong.Node) error {
		if len(words) > 0 {
			b.WriteString(" " + quote(strings.Join(words, " ")))
		}
		return nil
	}); err != nil {
		return err
	}
	b.WriteString("\n")
	err := verbs(root, nil, func(words []string, n *kong.Node) error {
		when := strings.TrimSpace("__constat_at " + strings.Join(words, " "))
		for _, c := range n.Children {
			if c.Type == kong.CommandNode && !c.Hidden {
				fmt.Fprintf(&b, "complete -c constat -n %s -a %s -d %s\n", quote(when), c.Name, quote(c.Help))
			}
		}
		for _, f := range flagsOf(n) {
			takes := ""
			if v := valuesOf(f); v != nil {
				takes = " -x -a " + quote(strings.Join(v, " "))
			} else if !f.IsBool() {
				takes = " -r"
			}
			fmt.Fprintf(&b, "complete -c constat -n %s -l %s%s -d %s\n", quote(when), f.Name, takes, quote(f.Help))
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// quote is a word in single quotes for a shell.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// manCmd writes the manual page.
type manCmd struct{}

// Help says how the page is used.
func (*manCmd) Help() string {
	return `Example: constat man > /usr/local/share/man/man1/constat.1`
}

func (*manCmd) Run(k *kong.Kong, s *streams) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH CONSTAT 1 \"\" \"constat %s\" \"User commands\"\n.SH NAME\nconstat \\- examines Internet cut\\-offs as an independent third party would\n", roff(built().Version))
	b.WriteString(".SH SYNOPSIS\n.B constat\n.I verb\n.RI [ flags ]\n.SH DESCRIPTION\n")
	paragraphs(&b, description)
	b.WriteString(".SH VERBS\n")
	err := verbs(k.Model.Node, nil, func(words []string, n *kong.Node) error {
		if len(words) == 0 || !n.Leaf() {
			return nil
		}
		fmt.Fprintf(&b, ".SS %s\n%s\n", roff(strings.Join(words, " ")+arguments(n)), roff(n.Help))
		if n.Detail != "" {
			b.WriteString(".PP\n")
			paragraphs(&b, n.Detail)
		}
		for _, a := range n.Positional {
			fmt.Fprintf(&b, ".TP\n.I %s\n%s\n", roff(strings.ToUpper(a.Name)), roff(a.Help))
		}
		for _, f := range flagsOf(n) {
			name := "--" + f.Name
			if f.Short != 0 {
				name = "-" + string(f.Short) + ", " + name
			}
			if !f.IsBool() {
				name += " " + f.FormatPlaceHolder()
			}
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(name), roff(f.Help))
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.out, b.String())
	return err
}

// arguments are a verb's arguments as its usage line has them.
func arguments(n *kong.Node) string {
	out := ""
	for _, a := range n.Positional {
		out += " " + a.Summary()
	}
	return out
}

// paragraphs writes text as roff: indented lines stay as they are.
func paragraphs(b *strings.Builder, text string) {
	verbatim := false
	for _, l := range strings.Split(text, "\n") {
		indented := strings.HasPrefix(l, "  ")
		switch {
		case indented && !verbatim:
			b.WriteString(".nf\n")
		case !indented && verbatim:
			b.WriteString(".fi\n")
		}
		verbatim = indented
		if l == "" {
			b.WriteString(".PP\n")
			continue
		}
		b.WriteString(roff(l) + "\n")
	}
	if verbatim {
		b.WriteString(".fi\n")
	}
}

// roff escapes what the formatter would take for its own.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
