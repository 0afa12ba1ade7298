package statement

import (
	"slices"
	"strings"

	"constat/internal/worded"
	"constat/moment"
)

// Accept lets proposals into the world: it returns those with the given ids,
// marked with who accepted them and when. A proposal that nobody said when it
// was learned of was learned at that moment. Where one repeats, or was told
// within, a proposal that is neither among them nor known, the link becomes a
// note: a register holds nothing that nobody accepted.
func Accept(proposals []Statement, ids []string, by string, at moment.Time, known func(id string) bool) ([]Statement, error) {
	if strings.TrimSpace(by) == "" {
		return nil, worded.Errorf("accepting needs the name of who accepts")
	}
	var out []Statement
	taken := map[string]bool{}
	for _, id := range ids {
		i := slices.IndexFunc(proposals, func(s Statement) bool { return s.ID == id })
		switch {
		case i < 0:
			return nil, worded.Errorf("there is no proposal %.80q", id)
		case taken[id]:
			return nil, worded.Errorf("proposal %q is named twice", id)
		}
		taken[id] = true
		out = append(out, proposals[i])
	}
	for i := range out {
		s := &out[i]
		if s.Accepted == nil {
			s.Accepted = &Accepted{By: by, At: at}
		}
		if s.Learned == 0 {
			s.Learned = at
		}
		for _, l := range []struct {
			id   *string
			what string
		}{{&s.Repeats, "repeats"}, {&s.Through, "told within"}} {
			if *l.id == "" || taken[*l.id] || known != nil && known(*l.id) {
				continue
			}
			note := l.what + " " + *l.id + ", which was not accepted"
			if k := slices.IndexFunc(proposals, func(p Statement) bool { return p.ID == *l.id }); k >= 0 {
				note = l.what + " what " + proposals[k].Speaker.Label() + " said, which was not accepted"
			}
			s.Note, *l.id = strings.TrimPrefix(s.Note+"; "+note, "; "), ""
		}
		if err := s.Validate(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Add puts accepted statements into a register; an id that is there already is
// an error, and then nothing is added.
func (r *Register) Add(ss ...Statement) error {
	for i := range ss {
		if r.ByID(ss[i].ID) != nil {
			return worded.Errorf("statement %q is in the register already", ss[i].ID)
		}
	}
	c := &Register{Format: Format, Statements: append(slices.Clone(r.Statements), ss...)}
	c = c.normal()
	if err := c.Validate(); err != nil {
		return err
	}
	*r = *c
	return nil
}
