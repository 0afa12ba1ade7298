package examine

import (
	"maps"
	"testing"

	"constat/routes/atlas"
)

func TestActorsOfACase(t *testing.T) {
	q := &question{}
	if len(q.countryOf()) != 0 || len(q.operatorOf()) != 0 || q.largeASes() != nil {
		t.Error("a case without registers knows nobody")
	}
	q.Countries = map[string]string{"701": "US", "4837": "CN", "x": "KP", "9": ""}
	q.Operators = map[string]string{"703": "MCICS-ARIN", "701": "MCICS-ARIN", "4837": "UNICOM", "x": "UNICOM"}
	q.Registers = []atlas.Register{{What: atlas.RegisterRelations}}
	if got, want := q.countryOf(), map[uint32]string{701: "US", 4837: "CN"}; !maps.Equal(got, want) {
		t.Errorf("countries %v, want %v", got, want)
	}
	if got, want := q.operatorOf(), map[uint32]uint32{701: 701, 703: 701, 4837: 4837}; !maps.Equal(got, want) {
		t.Errorf("operators %v, want %v", got, want)
	}
	if got := q.largeASes(); got == nil || len(got) != 0 {
		t.Errorf("relations were read and nobody is large: %v", got)
	}
	q.Large = []uint32{701}
	if got := q.largeASes(); !maps.Equal(got, map[uint32]bool{701: true}) {
		t.Errorf("large %v", got)
	}
}
