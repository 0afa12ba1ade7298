package document

import (
	"constat/claims/standing"
	"constat/judge/proof"
	"constat/report/figure"
)

// Block is a part of a section.
type Block interface{ block() }

// Style is how a paragraph stands in its section.
type Style int

// Styles of paragraphs.
const (
	Numbered Style = iota // has a number and an address of its own
	Prose                 // has none
	Aside                 // goes with what stands before it
	Bare                  // within a fold
)

// Where says which forms have a block.
type Where int

// Forms.
const (
	Everywhere Where = iota
	OnPage           // what speaks of a drawing, or of what a page leaves out
	OffPage          // what a page says in another way
)

// Para is a paragraph.
type Para struct {
	Text  Text
	Style Style
	Where Where
}

// Heading stands above the blocks that follow.
type Heading struct{ Text string }

// List is items; Heading may be empty.
type List struct {
	Heading string
	Items   []Text
	Reasons bool // they say why something before is so
}

// Listing is lines as a machine reads or writes them.
type Listing struct {
	Label    string
	Lines    []string
	Commands bool // to be typed
}

// Quotation is what somebody else wrote, in full.
type Quotation struct {
	Title, Note string
	Words       string // several lines
	More        string // what is missing of it
}

// Fold is what a page shows when it is asked to.
type Fold struct {
	Summary string
	Long    bool // too long for paper
	Blocks  []Block
}

// Answer is what stands first: prose, key figures, the figure that shows it, and a
// sentence to quote.
type Answer struct {
	Paras   []Lead
	Glance  int // how many of them stand beside the key figures; the rest follows them
	Keys    []Key
	Figures []Block
	Quote   *Quote
}

// Lead is a paragraph of an answer; a small one goes with what answers.
type Lead struct {
	Text  Text
	Small bool
}

// Key is a key figure.
type Key struct{ Label, Value, Note string }

// Quote is a sentence that others may print, and where it is from.
type Quote struct{ Heading, Words, Source, Note string }

// Verdicts are what may be said, by level.
type Verdicts []Verdict

// Verdict is what may be said at one level.
type Verdict struct {
	Level proof.Level
	Title string // the same as a heading
	Lines []Text
	More  string // how many more there are
}

// Choices are what would tell several places apart.
type Choices []Choice

// Choice is one of them, with the numbers of the places that would remain if the routes
// were lost there, and if they were kept.
type Choice struct {
	Title, Where string
	Lost, Kept   []int
	Note         string
}

// Records are the records behind numbered rows.
type Records struct {
	Heading string
	Lists   []RecordList
}

// RecordList is the records behind row N.
type RecordList struct {
	N     int
	Parts []Text
}

// Timeline is the figure of what was seen over time. Statements may stand below it.
type Timeline struct {
	figure.Timeline
	Numbers Table
	Said    *Said
}

// Said are statements at the time at which they were said.
type Said struct {
	Label string
	Rows  []SaidRow
	Key   []SaidKey
	Bars  bool
	More  string
}

// SaidRow is one statement.
type SaidRow struct {
	Number        int
	Standing      standing.Standing
	Left          string // in percent
	Side          string // r, l or up: on which side of its mark the text stands
	Off, Off2     string // the date of one that is off the axis, before or after the text
	BarLeft, BarW string
	Who, What     string
	Lang, Label   string
}

// SaidKey is a standing with its word.
type SaidKey struct {
	Standing standing.Standing
	Text     string
}

// Country is the figure of a country's address space.
type Country struct {
	figure.Country
	SeenKey, Note string
	Numbers       Table
}

// Magnified are outages magnified, the headline first.
type Magnified []Magnification

// Magnification is onset and recovery of one outage.
type Magnification struct {
	ID, Title, Sub string
	Panels         []figure.Panel
	Numbers        Table
}

// Strip is the figure of what each peer held.
type Strip struct {
	figure.Strip
	Inexact bool
	Numbers Table
}

// Paths is the figure of the paths. Its numbers are the paths that peers held, which
// every form has.
type Paths struct {
	Title, Sub    string
	Names, Folded string // networks without a name in the figure; how many share a node
	Panels        []PathPanel
	Learned       bool
	Inferred      bool     // some path was inferred
	In, Open, Out []string // numbers drawn: acts that suffice, that do not, excluded
	Region        bool     // the stretch that the verdict names is drawn
	Undrawn       bool     // some numbers had no place
	Controls      bool     // control routes are drawn
	Numbers       Table
}

// Flow is the figure of which way addresses are reached.
type Flow struct{ figure.Flow }

// PathPanel is one drawing, as SVG.
type PathPanel struct{ Title, Sub, SVG string }

// Figures are the figures of a document in the order of their numbers.
func (d *Document) Figures() []Block {
	var out []Block
	add := func(bs []Block) {
		for _, b := range bs {
			switch b.(type) {
			case *Timeline, *Country, Magnified, *Strip, *Paths:
				out = append(out, b)
			}
		}
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if a, ok := b.(Answer); ok {
				add(a.Figures)
			}
		}
		add(s.Blocks)
	}
	return out
}

// Quote is the sentence that others may print; nil if there is none.
func (d *Document) Quote() *Quote {
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if a, ok := b.(Answer); ok && a.Quote != nil {
				return a.Quote
			}
		}
	}
	return nil
}

func (Para) block()      {}
func (Heading) block()   {}
func (List) block()      {}
func (Listing) block()   {}
func (Quotation) block() {}
func (Fold) block()      {}
func (Answer) block()    {}
func (Verdicts) block()  {}
func (Choices) block()   {}
func (Records) block()   {}
func (Table) block()     {}
func (*Timeline) block() {}
func (*Country) block()  {}
func (Magnified) block() {}
func (*Strip) block()    {}
func (*Paths) block()    {}
func (*Flow) block()     {}
