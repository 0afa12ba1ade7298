// Package formats is the one place where it is decided what a file holds: by
// what stands in it, never by its name alone. Whatever it is, records come out
// (RFC 6396): those that stand in it, or those that a collector would have
// written of what it says.
//
// docs/formats describes each format, and what it cannot tell.
package formats

import (
	"bytes"
	"io"

	"constat/moment"
	"constat/wire/bmp"
	"constat/wire/mrt"
	"constat/wire/mrt/build"
	"constat/wire/mrt/lines"
	"constat/wire/ripestat"
	"constat/wire/rislive"
)

// Format is a format, in the words in which it is shown to people and written
// into watch.json.
type Format string

// The formats that are read. What is none of the others is taken for MRT, whose
// reader says so if it is not.
const (
	MRT      Format = "MRT"
	RISLive  Format = "RIS Live JSON"
	RIPEstat Format = "RIPEstat JSON"

	Bgpdump   Format = "bgpdump -m text"
	Bgpreader Format = "bgpreader text"
	BMP       Format = "BMP"
	Pcap      Format = "BMP in pcap"
)

// NoOrigin reports whether the format has no ORIGIN attribute, so that the one in
// the records is none that a peer sent ([build]).
func (f Format) NoOrigin() bool { return f == RIPEstat || f == Bgpreader }

// Limits says in a line what the format cannot tell; empty for MRT.
func (f Format) Limits() string {
	switch f {
	case RISLive:
		return "RIS Live JSON has no tables, and shows no gap where the service or a filter sent nothing"
	case RIPEstat:
		return "RIPEstat JSON says nothing but what it was asked, and nothing of ORIGIN, next hops or sessions"
	case Bgpdump:
		return "bgpdump -m text has no keepalives, no End-of-RIB, no large communities, and 0 for a MED or local preference that is not there"
	case Bgpreader:
		return "bgpreader text has no keepalives, no End-of-RIB, and of attributes path, next hop and communities"
	case BMP:
		return "a BMP session without a capture does not say when a message was sent: it is dated by the latest time before it"
	case Pcap:
		return "BMP tells what one router had of its peers, before and behind its policy; each view is a collector of its own"
	}
	return ""
}

// Reader gives records, like [mrt.Reader].
type Reader interface {
	Next() (mrt.Record, error)
	ReadRecord(*mrt.Record) error
}

// headLen is how much of a file is looked at: enough for what stands before the
// data of an answer.
const headLen = 4096

// Recognise looks at the first bytes of an unpacked stream and returns what it
// is, with a reader that gives it whole: as UTF-8 if it is a text in UTF-16.
func Recognise(r io.Reader) (Format, io.Reader) {
	f, p := look(r)
	if f == MRT || !isUTF16(p.head) {
		return f, p
	}
	return f, newUTF16(p, p.head)
}

// look reads the first bytes of a stream.
func look(r io.Reader) (Format, *peeked) {
	p := &peeked{r: r}
	for len(p.head) < headLen && p.err == nil {
		b := make([]byte, headLen-len(p.head))
		var n int
		n, p.err = r.Read(b)
		p.head = append(p.head, b[:n]...)
	}
	return recognise(p.head), p
}

func recognise(head []byte) Format {
	if isUTF16(head) {
		text := make([]byte, headLen)
		n, _ := newUTF16(bytes.NewReader(head), head).Read(text)
		switch f := recognise(text[:n]); f {
		case RIPEstat, RISLive, Bgpdump, Bgpreader:
			return f
		}
		return MRT
	}
	switch {
	case bmp.RecognisePcap(head):
		return Pcap
	case bmp.Recognise(head):
		return BMP
	case ripestat.Recognise(head):
		return RIPEstat
	case rislive.Recognise(head):
		return RISLive
	}
	switch lines.Recognise(head) {
	case lines.Bgpdump:
		return Bgpdump
	case lines.Bgpreader:
		return Bgpreader
	}
	return MRT
}

// peeked gives the bytes that were looked at again, then the others, then the
// error that was met.
type peeked struct {
	head []byte
	r    io.Reader
	err  error
}

func (p *peeked) Read(b []byte) (int, error) {
	if len(p.head) > 0 {
		n := copy(b, p.head)
		p.head = p.head[n:]
		return n, nil
	}
	if p.err != nil {
		return 0, p.err
	}
	return p.r.Read(b)
}

// NewReader reads the records of an unpacked stream: what it says of one
// collector, or of all if none is named. What is known to be neither MRT nor another
// format that is read is one place that could not be read, with what it is ([Other]).
func NewReader(r io.Reader, collector string) (Reader, Format) {
	f, r := Recognise(r)
	if src := source(f, r, collector); src != nil {
		return build.NewRecords(src, collector), f
	}
	if p, ok := r.(*peeked); ok {
		if what := Other(p.head); what != "" {
			return &refused{what}, MRT
		}
	}
	return mrt.NewReader(r), MRT
}

// refused says once what a stream is, and ends.
type refused struct{ what string }

// Next implements [Reader].
func (r *refused) Next() (mrt.Record, error) {
	var rec mrt.Record
	return rec, r.ReadRecord(&rec)
}

// ReadRecord implements [Reader].
func (r *refused) ReadRecord(*mrt.Record) error {
	if r.what == "" {
		return io.EOF
	}
	d := &mrt.Damage{Reason: r.what}
	r.what = ""
	return d
}

// What says what a stream is that is in none of the formats ([Other]).
func What(r io.Reader) string {
	_, p := look(r)
	return Other(p.head)
}

func source(f Format, r io.Reader, collector string) build.Source {
	switch f {
	case RISLive:
		return rislive.NewReader(r, collector)
	case RIPEstat:
		return ripestat.NewReader(r, collector)
	case Bgpdump:
		return lines.NewReader(r, lines.Bgpdump, "")
	case Bgpreader:
		return lines.NewReader(r, lines.Bgpreader, collector)
	case BMP:
		return bmp.NewRaw(r)
	case Pcap:
		return bmp.NewPcap(r)
	}
	return nil
}

// Info is what a file that is not MRT says of itself.
type Info struct {
	Format Format
	// Collectors are those that the file speaks of, each with the time from the
	// first thing it says of it to the second behind the last. Where the file names
	// none there is one, with an empty name.
	Collectors map[string]moment.Interval
	Tables     bool // it holds entries of tables
	Updates    bool // it holds messages or changes of state
	// Asked and Scope are set for an answer: the time that was asked for, and the
	// prefixes or AS numbers. The file speaks of nothing else.
	Asked    *moment.Interval
	Scope    []string
	Resource string // what Scope was asked for as
	// Odd is what the file says about itself that its reader should know.
	Odd string
}

// Inspect reads a stream to its end. It returns nil for MRT, of which nothing
// is read. The error is of a file that is recognised and of which nothing can be
// used.
func Inspect(r io.Reader) (*Info, error) {
	f, r := Recognise(r)
	src := source(f, r, "")
	if src == nil {
		return nil, nil
	}
	i := &Info{Format: f, Collectors: map[string]moment.Interval{}}
	if a, ok := src.(*ripestat.Reader); ok {
		answer, err := a.Answer()
		if err != nil {
			return nil, err
		}
		i.answer(answer)
	}
	var first error
	var e build.Event
	for {
		e.Reset()
		err := src.Next(&e)
		if err == nil {
			v, ok := i.Collectors[e.Collector]
			if !ok {
				v.From = e.Time
			}
			i.Collectors[e.Collector] = moment.Interval{From: min(v.From, e.Time), Until: max(v.Until, moment.Unix(e.Time.Sec()+1, 0))}
			i.Tables = i.Tables || e.Kind == build.Entry
			i.Updates = i.Updates || e.Kind != build.Entry
			continue
		}
		if err == io.EOF {
			break
		}
		if first == nil {
			first = err
		}
		if d, ok := err.(*mrt.Damage); !ok || !d.Resumable {
			break
		}
	}
	if len(i.Collectors) == 0 {
		return i, first
	}
	return i, nil
}

func (i *Info) answer(a *ripestat.Answer) {
	i.Format = Format("RIPEstat " + a.Call)
	i.Asked, i.Resource = a.Asked, a.Resource
	for s := range bytes.SplitSeq([]byte(a.Resource), []byte(",")) {
		if s = bytes.TrimSpace(s); len(s) > 0 {
			i.Scope = append(i.Scope, string(s))
		}
	}
	i.Scope = append(i.Scope, a.Targets...)
	if a.Status != "" && a.Status != "ok" {
		i.Odd = "the service says that the answer's status is " + a.Status
	}
}
