package caselog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	visible "constat/internal/plain"
	"constat/internal/strictjson"
	"constat/moment"
)

// EntryFormat names the version of an entry (docs/formats/case-log.md).
const EntryFormat = "constat-entry/1"

// MaxEntry is the most bytes that an entry may have: the tlog-tiles layout
// gives its length in 16 bits.
const MaxEntry = 1<<16 - 1

// Kinds of entries. The case file knows what an opening, a party and what
// parties sign mean; of other kinds it only keeps what they say and name.
const (
	KindOpened      = "opened"      // the question, the standard of proof, the examiner's key
	KindParty       = "party"       // somebody's public key
	KindAsked       = "asked"       // an examination is about to read its sources
	KindExamined    = "examined"    // what an examination gave
	KindStatement   = "statement"   // what somebody said
	KindEvidence    = "evidence"    // what routing cannot measure
	KindDocument    = "document"    // anything else that is kept
	KindSource      = "source"      // what others wrote of the question
	KindVerdict     = "verdict"     // what was concluded
	KindCosignature = "cosignature" // a party has seen the case up to a size
	KindWithdrawn   = "withdrawn"   // an earlier entry is no longer concluded from
	KindDissent     = "dissent"     // a party disagrees, with its reason
	KindStamp       = "stamp"       // a time stamp of an authority over a checkpoint
)

// Roles of files that the case file itself makes use of.
const (
	RoleStandard  = "standard"
	RoleExhibits  = "exhibits"  // a manifest: the exhibits beside it belong to the entry
	RoleSigned    = "signed"    // what a party's signature beside it is for
	RoleSignature = "signature" // a party's signature of the file with RoleSigned
	RoleNote      = "note"      // a cosignature or a dissent
)

// Entry is one act in a case's log.
type Entry struct {
	Format string      `json:"format"`
	Kind   string      `json:"kind"`
	Time   moment.Time `json:"time"` // as the examiner's clock or --time had it: the log proves order, not time
	Note   string      `json:"note,omitempty"`
	Files  []File      `json:"files,omitempty"`
	// Data are the particulars of the kind, as compact JSON.
	Data json.RawMessage `json:"data,omitempty"`
}

// File is a file of the case by its path, with slashes, from the case's folder.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Role   string `json:"role,omitempty"`
}

// encode gives the one form of an entry: a line of JSON without line feed.
func (e *Entry) encode() ([]byte, error) {
	out, err := strictjson.Compact(e)
	if err != nil {
		return nil, err
	}
	if len(out) > MaxEntry {
		return nil, fmt.Errorf("the entry would have %d bytes, and at most %d are possible: give fewer files or a shorter note", len(out), MaxEntry)
	}
	return out, nil
}

// shown refuses what does something on a terminal instead of being shown, in
// the note and in every text of the data. It is asked of what is written; what is
// read is shown escaped.
func (e *Entry) shown() error {
	if what, _, ok := visible.Find(e.Note, false); ok {
		return fmt.Errorf("the note has %s: give one line of plain text", what)
	}
	d := json.NewDecoder(bytes.NewReader(e.Data))
	for len(e.Data) > 0 {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("data of an entry %q: %w", e.Kind, err)
		}
		if s, ok := t.(string); ok {
			if what, _, ok := visible.Find(s, false); ok {
				return fmt.Errorf("%q has %s: give one line of plain text", s, what)
			}
		}
	}
	return nil
}

// DecodeEntry reads entry n of a log. It accepts nothing but the one form that
// is written, so that no two readers can see different things in it.
func DecodeEntry(n int64, b []byte) (*Entry, error) {
	var e Entry
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return nil, fmt.Errorf("not an entry: %w", err)
	}
	if e.Format != EntryFormat {
		return nil, fmt.Errorf("format %q is not %q", e.Format, EntryFormat)
	}
	if again, err := e.encode(); err != nil || !bytes.Equal(again, b) {
		return nil, errors.New("not in the one form that entries have (spaces, order of fields or escapes differ)")
	}
	return &e, e.check(n)
}

func (e *Entry) check(n int64) error {
	if !validKind(e.Kind) {
		return fmt.Errorf("%q is no kind of entry: a kind is up to 32 letters a-z and hyphens", e.Kind)
	}
	if (n == 0) != (e.Kind == KindOpened) {
		return fmt.Errorf("the kind is %q: the first entry, and no other, opens the case", e.Kind)
	}
	if !utf8.ValidString(e.Note) {
		return errors.New("the note is not UTF-8")
	}
	if len(e.Data) > 0 {
		if err := doubled(e.Data); err != nil {
			return fmt.Errorf("data: %w", err)
		}
	}
	folder := ActFolder(n, e.Kind) + "/"
	seen := map[string]bool{}
	for i, f := range e.Files {
		switch {
		case i > 0 && e.Files[i-1].Path > f.Path:
			return fmt.Errorf("it names %q behind %q: files are sorted by path", f.Path, e.Files[i-1].Path)
		case !strings.HasPrefix(f.Path, folder) || !safePath(f.Path):
			return fmt.Errorf("it names %q, and files of this entry lie in %s under names of letters, digits, '.', '-', '_'", f.Path, folder)
		case seen[strings.ToLower(f.Path)]:
			return fmt.Errorf("it names %q twice (or in two spellings that some systems take for one)", f.Path)
		case len(f.SHA256) != 64 || strings.Trim(f.SHA256, "0123456789abcdef") != "":
			return fmt.Errorf("%q is no SHA-256 (of %s)", f.SHA256, f.Path)
		case f.Size < 0:
			return fmt.Errorf("%s has the size %d", f.Path, f.Size)
		}
		seen[strings.ToLower(f.Path)] = true
	}
	return nil
}

func validKind(k string) bool {
	return k != "" && len(k) <= 32 && k[0] != '-' && strings.Trim(k, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// safePath says whether a path can be created on every system and stays where
// it is meant to be.
func safePath(p string) bool {
	if !fs.ValidPath(p) || p == "." || len(p) > 1024 {
		return false
	}
	for part := range strings.SplitSeq(p, "/") {
		if part != clean(part) || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".") || len(part) > 200 {
			return false
		}
	}
	return true
}

// SafeName makes a name that a file in a case can have of any name.
func SafeName(s string) string {
	s = strings.Trim(clean(s), ".")
	if len(s) > 120 {
		s = strings.Trim(s[len(s)-120:], ".")
	}
	if s == "" {
		return "unnamed"
	}
	return s
}

// actsDir holds a folder for every entry that has files.
const actsDir = "acts"

// ActFolder is the folder of entry n's files, from the case's folder. The
// number in it is the entry's place in the log, so what lies there cannot be
// taken for another entry's, and what lies behind the log's end is what an
// interrupted act left.
func ActFolder(n int64, kind string) string { return fmt.Sprintf("%s/%05d-%s", actsDir, n, kind) }

// actNumber reads the number of an act's folder by its base name.
func actNumber(base string) (int64, bool) {
	num, kind, ok := strings.Cut(base, "-")
	n, err := strconv.ParseInt(num, 10, 64)
	return n, ok && err == nil && ActFolder(n, kind) == actsDir+"/"+base && validKind(kind)
}

// Opening is the data of the first entry: what is asked, under which standard
// of proof, and whose key signs the log.
type Opening struct {
	Title    string   `json:"title"`
	Question string   `json:"question"`
	Subject  string   `json:"subject"` // of the routing question, as asked; empty where the case has none
	From     string   `json:"from"`    // RFC 3339; empty where the case has none
	Until    string   `json:"until"`
	Standard Standard `json:"standard"`
	Examiner string   `json:"examiner"` // public key
}

// Standard names the declared standard of proof.
type Standard struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// PartyData are the data of a party's entry.
type PartyData struct {
	Name string `json:"name"`
	Key  string `json:"key"` // public key
	For  string `json:"for"` // whom it speaks for, as the examiner puts it
}

// DecodeData reads the data of an entry. Like an entry they have one form, that
// which is written: encoding/json takes "Examiner" for "examiner" and the last of
// two members, and another reader would see another key.
func (e *Entry) DecodeData(v any) error {
	d := json.NewDecoder(bytes.NewReader(e.Data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("data of an entry %q: %w", e.Kind, err)
	}
	if !bytes.Equal(data(v), e.Data) {
		return fmt.Errorf("data of an entry %q: not in the one form that they have (members, their order, escapes or numbers differ)", e.Kind)
	}
	return nil
}

// Unambiguous refuses JSON in which an object has a member twice.
func Unambiguous(b []byte) error { return doubled(b) }

// doubled finds a member that an object has twice, or in two spellings that some
// readers take for one. Data of kinds that this version does not know are held to
// that alone.
func doubled(raw json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	type object struct {
		members map[string]bool // nil for a list
		value   bool            // a member's name was read, and its value comes
	}
	var stack []object
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if top := len(stack) - 1; top >= 0 && stack[top].members != nil && t != json.Delim('}') {
			if !stack[top].value {
				name := strings.ToLower(strings.ToUpper(fmt.Sprint(t)))
				if stack[top].members[name] {
					return fmt.Errorf("the member %q is there twice (or in two spellings)", t)
				}
				stack[top].members[name], stack[top].value = true, true
				continue
			}
			stack[top].value = false
		}
		switch t {
		case json.Delim('{'):
			stack = append(stack, object{members: map[string]bool{}})
		case json.Delim('['):
			stack = append(stack, object{})
		case json.Delim('}'), json.Delim(']'):
			stack = stack[:len(stack)-1]
		}
	}
}

// data encodes the particulars of an entry.
func data(v any) json.RawMessage {
	b, err := strictjson.Compact(v)
	if err != nil {
		panic(err) // only values of this package come here
	}
	return b
}
