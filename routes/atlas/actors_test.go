package atlas

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"constat/internal/realdata"
)

const (
	orgJSON = `{"changed":"20011231","country":"US","name":"One","organizationId":"ONE-ARIN","source":"ARIN","type":"Organization"}
{"changed":"20011231","country":"no","name":"Two","organizationId":"TWO-RIPE","source":"RIPE","type":"Organization"}
{"asn":"64500","changed":"20080125","name":"A","organizationId":"ONE-ARIN","source":"ARIN","type":"ASN"}
{"asn":"64501","changed":"20080125","name":"B","organizationId":"ONE-ARIN","source":"ARIN","type":"ASN"}
{"asn":"64502","changed":"20080125","name":"C","organizationId":"TWO-RIPE","source":"RIPE","type":"ASN"}
{"asn":"x","organizationId":"TWO-RIPE","type":"ASN"}
{"asn":"64503","type":"ASN"}
{"asn":"64504","organizationId":"TWO-RIPE","type":"Person"}
{"asn":
`
	orgText = `# name: AS Org
# format:org_id|changed|org_name|country|source
ONE-ARIN|20011231|One, of | bars|US|ARIN
ONE-ARIN|20011231|One|US|ARIN
TWO-RIPE|20011231|Two|NO|RIPE
# format:aut|changed|aut_name|org_id|opaque_id|source
64500|20080125|A|ONE-ARIN|x|ARIN
64501|20080125|B|ONE-ARIN|x|ARIN
64502|20080125|C|TWO-RIPE|x|RIPE
x|20080125|C|TWO-RIPE|x|RIPE
64503|20080125|C||x|RIPE
`
	actorsRIPE = `2|ripencc|20150101|5|19920101|20150101|+0000
ripencc|SE|asn|64502|1|20100101|allocated
ripencc|EU|asn|64505|1|20100101|allocated
ripencc|DE|asn|64506|2|20100101|allocated
ripencc|FR|asn|64510|1|20150601|allocated
`
	actorsAPNIC = "2|apnic|20150101|1|19920101|20150101|+0000\napnic|JP|asn|64507|1|20100101|allocated\n"
)

func TestActors(t *testing.T) {
	var rel strings.Builder
	rel.WriteString("# source\n")
	rel.WriteString("64500|64502|-1\n64500|64502|-1\n64501|64502|0\n")
	for i := range LargeCustomers {
		rel.WriteString("64500|" + strconv.Itoa(70000+i) + "|-1\n")
		rel.WriteString("64501|" + strconv.Itoa(70000+max(i, 1)) + "|-1\n") // one customer twice
		rel.WriteString("64502|" + strconv.Itoa(70000+i) + "|0\n")          // peers are no customers
	}
	for _, orgs := range []string{orgJSON, orgText} {
		a := folder(t, map[string]string{"20150101.as-org2info.x": orgs, "20150201.as-rel.txt": rel.String(),
			"delegated-ripencc": actorsRIPE, "delegated-apnic": actorsAPNIC})
		day, _ := time.Parse(time.DateOnly, "2015-03-01")
		got, err := a.At(day).Actors([]uint32{64510, 64500, 64501, 64502, 64505, 64506, 64507, 64508, 64500})
		if err != nil {
			t.Fatal(err)
		}
		// 64500 and 64501 have no delegation: the country of their organisation;
		// 64502 has one, which wins. 64507 is given to two countries, 64505 to
		// none, 64510 after the day.
		if want := map[uint32]string{64500: "US", 64501: "US", 64502: "SE", 64506: "DE"}; !maps.Equal(got.Countries, want) {
			t.Errorf("countries %v, want %v", got.Countries, want)
		}
		if want := map[uint32]string{64500: "ONE-ARIN", 64501: "ONE-ARIN", 64502: "TWO-RIPE"}; !maps.Equal(got.Organisations, want) {
			t.Errorf("organisations %v, want %v", got.Organisations, want)
		}
		if !slices.Equal(got.Large, []uint32{64500}) {
			t.Errorf("large %v", got.Large)
		}
		if want := [][2]uint32{{64500, 64502}}; !slices.Equal(got.Customers, want) { // of those asked about, once
			t.Errorf("customers %v, want %v", got.Customers, want)
		}
		if len(got.Registers) != 4 || !HasRegister(got.Registers, RegisterRelations) || got.Registers[0].File != "delegated-apnic" {
			t.Errorf("%+v", got.Registers)
		}
		sum := sha256.Sum256([]byte(orgs))
		wantUnread := 4
		if orgs == orgText {
			wantUnread = 3
		}
		if o := got.Registers[2]; o.SHA256 != hex.EncodeToString(sum[:]) || o.Unread != wantUnread || o.Date != "2015-01-01" || o.What != RegisterOrganisations {
			t.Errorf("%+v", o)
		}
	}
}

func TestActorsOfNothing(t *testing.T) {
	var a *Atlas
	got, err := a.Actors([]uint32{1})
	if err != nil || len(got.Countries)+len(got.Organisations)+len(got.Large)+len(got.Registers) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestRealActors looks up known siblings, countries and large networks.
func TestRealActors(t *testing.T) {
	dir := t.TempDir()
	for _, from := range []string{realdata.Path(t, "events"), realdata.Path(t, "relations"), filepath.Join(realdata.Path(t, "registry"), "delegated-2014-06-30")} {
		es, err := os.ReadDir(from)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			if !e.IsDir() {
				if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(dir, e.Name())); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	a, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	day, _ := time.Parse(time.DateOnly, "2014-12-22")
	got, err := a.At(day).Actors([]uint32{701, 702, 703, 4837, 131279, 3356, 22047})
	if err != nil {
		t.Fatal(err)
	}
	if got.Organisations[701] == "" || got.Organisations[701] != got.Organisations[703] {
		t.Errorf("AS701 and AS703 are siblings: %v", got.Organisations)
	}
	for as, cc := range map[uint32]string{4837: "CN", 131279: "KP", 22047: "CL", 3356: "US"} {
		if got.Countries[as] != cc {
			t.Errorf("AS%d: %q, want %s", as, got.Countries[as], cc)
		}
	}
	if !slices.Contains(got.Large, 3356) || slices.Contains(got.Large, 131279) || slices.Contains(got.Large, 22047) {
		t.Errorf("large: %v", got.Large)
	}
	for _, r := range got.Registers {
		if r.Unread != 0 || len(r.SHA256) != 64 {
			t.Errorf("%+v", r)
		}
	}
}

func FuzzOrganisations(f *testing.F) {
	f.Add([]byte(orgJSON))
	f.Add([]byte(orgText))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := damages{file: "f"}
		n := 0
		readOrganisations(bytes.NewReader(raw), &d, func(o orgRecord) {
			if n++; o.org == "" {
				t.Fatalf("%+v", o)
			}
		})
		if n+d.count > bytes.Count(raw, []byte("\n"))+1 {
			t.Fatal(n, d.count)
		}
	})
}
