package document

// Summary is a report in short, as a terminal shows it: parts with an empty line between
// them.
type Summary []Part

// Part is lines that belong together.
type Part []Line

// Line is a line, or a paragraph that takes several.
type Line struct {
	Text   Text
	Label  string // stands beside the text; those of a part are as wide as the widest
	Depth  int    // how far it is set in: 0, 1 or 2 steps
	Bullet bool
	Whole  bool // one line, however wide
	Title  bool // one line if it fits
}
