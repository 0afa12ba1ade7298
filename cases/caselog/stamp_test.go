package caselog

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"constat/internal/tsatest"
	"constat/moment"
)

// TestStamps: a time stamp is of the log as it was, and counts for the reader who
// gave its authority.
func TestStamps(t *testing.T) {
	tsa, other := tsatest.New(t, "tsa.example"), tsatest.New(t, "other.example")
	at := time.Date(2014, 12, 23, 0, 0, 0, 0, time.UTC)
	d := open(t)
	d.add(KindDocument, nil, "a.txt=a")
	was := d.must(CheckOptions{}).Checkpoint
	d.add(KindDocument, nil, "b.txt=b")
	reply := tsa.Reply(sha256Sum([]byte(was.text())), at, tsatest.Forge{})
	size, err := mustLog(t, d).Stamped(reply)
	if err != nil || size != 2 {
		t.Fatalf("%d, %v", size, err)
	}
	for what, b := range map[string][]byte{
		"of something else":         tsa.Reply(sha256Sum([]byte("x")), at, tsatest.Forge{}),
		"without its certificate":   tsa.Reply(sha256Sum([]byte(was.text())), at, tsatest.Forge{NoCert: true}),
		"with another time than it": tsa.Reply(sha256Sum([]byte(was.text())), at, tsatest.Forge{Signed: at.Add(time.Second)}),
		"no stamp":                  []byte("x"),
	} {
		if _, err := mustLog(t, d).Stamped(b); err == nil {
			t.Errorf("taken: %s", what)
		}
	}
	bare := d.copy()
	if _, err := d.check(CheckOptions{TSA: []*x509.Certificate{tsa.Root}}); err == nil || !strings.Contains(err.Error(), "it has none") {
		t.Errorf("%v", err)
	}
	d.add(KindStamp, StampData{size}, "stamp.tsr:stamp="+string(reply))
	a := d.must(CheckOptions{TSA: []*x509.Certificate{other.Root, tsa.Root}})
	if x := a.Stamps; len(x) != 1 || !x[0].Trusted || x[0].At != moment.FromTime(at) || x[0].Size != 2 || x[0].Entry != 3 || x[0].Signer != "CN=tsa.example" {
		t.Errorf("%+v", x)
	}
	if a = d.must(CheckOptions{}); a.Stamps[0].Trusted {
		t.Errorf("%+v", a.Stamps)
	}
	if _, err := d.check(CheckOptions{TSA: []*x509.Certificate{other.Root}}); err == nil || !strings.Contains(err.Error(), "no time stamp in the case is by an authority that was given: of the newest: x509") {
		t.Errorf("%v", err)
	}
	for what, try := range map[string]struct {
		data StampData
		file string
		want string
	}{
		"of another state": {StampData{1}, "stamp.tsr:stamp=" + string(reply), "something else than the log of 1"},
		"of a later state": {StampData{4}, "stamp.tsr:stamp=" + string(reply), "it stamps 4 entries, and there were 3"},
		"of nothing":       {StampData{2}, "stamp.tsr:stamp=x", "not a reply"},
		"without a role":   {StampData{2}, "stamp.tsr=" + string(reply), "with the role"},
	} {
		x := bare.copy()
		x.add(KindStamp, try.data, try.file)
		if _, err := x.check(CheckOptions{}); err == nil || !strings.Contains(err.Error(), try.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
