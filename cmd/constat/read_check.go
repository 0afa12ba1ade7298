package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"constat/claims/press"
	"constat/claims/statement"
	"constat/internal/plain"
	"constat/internal/regular"
	"constat/internal/worded"
)

// check compares the words of a register's statements with what the article has at
// the places that they name.
func (c *readCmd) check(w io.Writer) error {
	if c.Article == "" {
		return usage("name the article in which the words of %s are to be looked up", c.Check)
	}
	data, name, err := readArticle(c.Article)
	if err != nil {
		return err
	}
	list, err := regular.ReadFile(c.Check)
	if err != nil {
		return err
	}
	r, err := statement.Decode(list)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Check, err)
	}
	h := sha256.Sum256(data)
	sum := hex.EncodeToString(h[:])
	d, err := press.OpenDocument(data)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Article, err)
	}
	right, wrong, byHand, others := 0, 0, 0, 0
	for i := range r.Statements {
		s := &r.Statements[i]
		switch {
		case s.Document.SHA256 != sum:
			others++
		case s.Read == nil:
			byHand++
		default:
			if has := d.At(s.Read.Words); has != s.Words {
				wrong++
				plain.Fprintf(w, "%s: the words are %.200q; at their places %s has %.200q\n", s.ID, s.Words, name, has)
				continue
			}
			right++
		}
	}
	plain.Fprintf(w, "%s in %s: %d have the words at their places, %d have not, %d were entered by hand, %d are of other documents\n", counted(len(r.Statements), "statement"), c.Check, right, wrong, byHand, others)
	switch {
	case wrong > 0:
		return &exitError{code: exitFailed}
	case right+byHand == 0:
		return worded.Errorf("%s: no statement in it is of %s, whose SHA-256 is %s", c.Check, name, sum)
	}
	return nil
}
