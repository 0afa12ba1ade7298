// Package tomlfile decodes the TOML files that people write, strictly: a key
// that nothing has a use for is an error, and every error is one bounded line
// that says where.
//
// It promises nothing about what the values mean. Whoever calls it bounds the
// size of the input: the decoder's time grows with the square of the number of
// keys.
package tomlfile

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Unknown says which keys the file has and should not have.
type Unknown struct {
	Keys []string // "fact_witnesess (line 7)", of large files without the line; at most three, and then how many more
}

func (u *Unknown) Error() string { return "unknown key " + strings.Join(u.Keys, ", ") }

// strictSize is up to which size the decoder itself may look for unknown keys.
// It says on which line they are, but at 120 kB of them it was measured to take
// over ten seconds, where looking for them in the tree takes one.
const strictSize = 16 << 10

// Decode reads all of b into v, a pointer to a struct with toml tags.
func Decode(b []byte, v any) error {
	d := toml.NewDecoder(bytes.NewReader(b))
	if len(b) <= strictSize {
		d.DisallowUnknownFields()
		return explain(d.Decode(v))
	}
	if err := d.Decode(v); err != nil {
		return explain(err)
	}
	tree, err := Tree(b)
	if err != nil {
		return err
	}
	u := &Unknown{}
	more := 0
	unknown(reflect.TypeOf(v), tree, nil, func(key []string) {
		if len(u.Keys) < 3 {
			u.Keys = append(u.Keys, clip(key))
		} else {
			more++
		}
	})
	if more > 0 {
		u.Keys = append(u.Keys, fmt.Sprintf("and %d more", more))
	}
	if len(u.Keys) > 0 {
		return u
	}
	return nil
}

// unknown calls found for every key of a tree that a type has no field for.
func unknown(t reflect.Type, tree any, under []string, found func([]string)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	switch v := tree.(type) {
	case []any:
		for _, x := range v {
			unknown(t, x, under, found)
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return // a map takes any key
		}
		fields := map[string]reflect.Type{}
		collect(t, fields)
		for _, k := range slices.Sorted(maps.Keys(v)) {
			key := append(slices.Clip(under), k)
			if f, ok := fields[k]; ok {
				unknown(f, v[k], key, found)
			} else {
				found(key)
			}
		}
	}
}

// collect gathers the fields of a struct by their keys.
func collect(t reflect.Type, into map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		if key, _, _ := strings.Cut(f.Tag.Get("toml"), ","); key != "" {
			into[key] = f.Type
		} else if f.Anonymous && f.Type.Kind() == reflect.Struct {
			collect(f.Type, into)
		}
	}
}

// Tree reads b as it stands, to see which keys are there.
func Tree(b []byte) (map[string]any, error) {
	var m map[string]any
	return m, explain(toml.Unmarshal(b, &m))
}

// explain puts the decoder's errors into one line with key and place.
func explain(err error) error {
	if err == nil {
		return nil
	}
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		u := &Unknown{}
		for i, e := range strict.Errors {
			if i == 3 {
				u.Keys = append(u.Keys, fmt.Sprintf("and %d more", len(strict.Errors)-i))
				break
			}
			row, _ := e.Position()
			u.Keys = append(u.Keys, fmt.Sprintf("%s (line %d)", clip(e.Key()), row))
		}
		return u
	}
	var de *toml.DecodeError
	if errors.As(err, &de) {
		row, col := de.Position()
		if k := clip(de.Key()); k != "" {
			return fmt.Errorf("%s (line %d): %s", k, row, strings.TrimPrefix(de.Error(), "toml: "))
		}
		return fmt.Errorf("line %d, column %d: %s", row, col, strings.TrimPrefix(de.Error(), "toml: "))
	}
	return errors.New(strings.TrimPrefix(err.Error(), "toml: "))
}

// clip writes a key, however long somebody made it, into a line of an error.
func clip(key []string) string {
	k := strings.Join(key, ".")
	if len(k) > 60 {
		return strings.ToValidUTF8(k[:60], "") + "…"
	}
	return k
}
