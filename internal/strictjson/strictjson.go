// Package strictjson writes the program's JSON in its one form, and reads JSON so
// that no two readers see different things in it.
//
// [Indented] and [Write] promise the same bytes for the same value: indented by one
// space, a line feed at the end, and nothing escaped for HTML. [Compact] is the same
// in one line. [Read] refuses what
// encoding/json lets pass: a member under another case of its name, a member that
// is there twice (the last would count), a member that nobody knows, one that is
// missing, and whatever follows the end. Its errors name the place by members, and
// say "a number where a text is expected" instead of the names of Go's types.
//
// It does not check values: what a text may hold is the format's business.
package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Indented gives the bytes of a value.
func Indented(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := Write(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Write writes a value as [Indented] gives it.
func Write(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(v)
}

// Compact gives the bytes of a value in one line, without a line feed at the end.
func Compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Shape says which members the objects of a format have. An object goes by the
// members that lead to it, joined by dots, and a list adds nothing to that: in
// {"items": [{"at": {}}]} the innermost is "items.at", the outermost "".
type Shape struct {
	Known    map[string][]string // what an object may have
	Required map[string][]string // what it must have
	Free     []string            // objects whose members are named by the data
	Depth    int                 // how deep values may lie within each other
}

// Read checks b against a shape and decodes it into v.
func Read(b []byte, s Shape, v any) error {
	if err := s.check(b); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return Plain(err)
	}
	return nil
}

func (s Shape) check(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := s.value(d, "", 0); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the JSON ends too early")
		}
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("something follows the end, at byte %d", d.InputOffset())
	}
	return nil
}

// value walks the tokens of one value.
func (s Shape) value(d *json.Decoder, path string, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if depth > s.Depth {
		return fmt.Errorf("nested too deeply, at byte %d", d.InputOffset())
	}
	switch t {
	case json.Delim('['):
		for d.More() {
			if err := s.value(d, path, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	case json.Delim('{'):
		return s.object(d, path, depth)
	}
	return nil
}

func (s Shape) object(d *json.Decoder, path string, depth int) error {
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		switch {
		case !slices.Contains(s.Known[path], name) && !slices.Contains(s.Free, path):
			return fmt.Errorf("%s: unknown member %.40q, at byte %d", where(path), name, d.InputOffset())
		case seen[name]:
			return fmt.Errorf("%s: member %.40q is there twice, at byte %d", where(path), name, d.InputOffset())
		}
		seen[name] = true
		if err := s.value(d, strings.TrimPrefix(path+"."+name, "."), depth+1); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	for _, name := range s.Required[path] {
		if !seen[name] {
			return fmt.Errorf("%s: member %q is missing, at byte %d", where(path), name, d.InputOffset())
		}
	}
	return nil
}

func where(path string) string {
	if path == "" {
		return "top"
	}
	return path
}

// Plain words an error of encoding/json without the names of Go's types, which say
// nothing to who wrote the file and change when code is moved. Other errors come
// back as they are.
func Plain(err error) error {
	var u *json.UnmarshalTypeError
	if !errors.As(err, &u) {
		return err
	}
	what, ok := map[string]string{"object": "an object", "array": "a list", "string": "a text", "bool": "true or false", "number": "a number"}[u.Value]
	if !ok {
		what = u.Value // "number 300", which does not fit
	}
	if u.Field != "" {
		return fmt.Errorf("%s: %s where %s is expected", u.Field, what, expected(u.Type))
	}
	return fmt.Errorf("%s where %s is expected", what, expected(u.Type))
}

var textual = reflect.TypeFor[encoding.TextUnmarshaler]()

// expected words what is decoded into a type.
func expected(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(textual) {
		return "a text"
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0 up"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "something else"
}
