package formats

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"constat/internal/mrttest"
	"constat/moment"
)

// samples are the beginnings of files, by format.
var samples = map[Format]string{
	RISLive:   `{"type":"ris_message","data":{"timestamp":1419264908,"peer":"192.0.2.1","peer_asn":"64500","host":"rrc00","type":"RIS_PEER_STATE","state":"down"}}` + "\n",
	RIPEstat:  `{"data":{"resource":"AS1","query_starttime":"2014-12-22T16:00:00","query_endtime":"2014-12-22T17:00:00","updates":[]}}`,
	Bgpdump:   "# comment\nBGP4MP|1419264908|STATE|192.0.2.1|64500|6|1\n",
	Bgpreader: "U|W|1419264908.000000|ris|rrc06|||64500|192.0.2.1|10.0.0.0/8||||||\n",
	MRT:       string(new(mrttest.File).Announce(moment.Unix(1419264908, 0), mrttest.P("192.0.2.1", 64500), []uint32{64500}, "10.0.0.0/8").Bytes()),
}

// TestRecognise: what a file is does not depend on how it arrives, and nothing
// of it is lost by looking.
func TestRecognise(t *testing.T) {
	broken := errors.New("broken")
	for want, s := range samples {
		for _, r := range []io.Reader{strings.NewReader(s), iotest.OneByteReader(strings.NewReader(s)), iotest.DataErrReader(strings.NewReader(s))} {
			got, r := Recognise(r)
			b, err := io.ReadAll(r)
			if got != want || string(b) != s || err != nil {
				t.Errorf("%s: %s, %d of %d bytes, %v", want, got, len(b), len(s), err)
			}
		}
		_, r := Recognise(io.MultiReader(strings.NewReader(s), iotest.ErrReader(broken)))
		if b, err := io.ReadAll(r); string(b) != s || err != broken {
			t.Errorf("%s: the error behind %d bytes is %v", want, len(b), err)
		}
	}
	if f, r := Recognise(bytes.NewReader(nil)); f != MRT {
		t.Errorf("nothing is %s", f)
	} else if b, err := io.ReadAll(r); len(b) > 0 || err != nil {
		t.Error(b, err)
	}
}

func TestInspect(t *testing.T) {
	i, err := Inspect(strings.NewReader(samples[RISLive]))
	if err != nil || i.Format != RISLive || len(i.Collectors) != 1 || i.Collectors["rrc00"].From != moment.Unix(1419264908, 0) || !i.Updates || i.Tables || i.Asked != nil {
		t.Errorf("%+v, %v", i, err)
	}
	i, err = Inspect(strings.NewReader(samples[RIPEstat]))
	if err != nil || i.Format != "RIPEstat bgp-updates" || len(i.Collectors) != 0 || i.Asked == nil || len(i.Scope) != 1 {
		t.Errorf("%+v, %v", i, err)
	}
	if i, err = Inspect(strings.NewReader(samples[MRT])); i != nil || err != nil {
		t.Errorf("%+v, %v", i, err)
	}
	if _, err = Inspect(strings.NewReader(`{"data_call_name":"visibility","data":{}}`)); err == nil || !strings.Contains(err.Error(), "visibility, which is not read") {
		t.Error(err)
	}
}
