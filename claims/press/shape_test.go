package press

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestVoices holds the shapes in which a text gives words to somebody without a
// verb of speech. Each line of want is a speaker
// and words; what kind of statement it is is held elsewhere.
func TestVoices(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"post", "The harbour was silent.\n\nAda Quine (@aquine) 14 May 2031: We did not close the bridge. https://example.org/x\n\nThe police said that the bridge was safe.",
			[]string{"Ada Quine: We did not close the bridge.", "The police: the bridge was safe"}},
		{"post without a date", "Ada Quine (@aquine): The bridge is open to everybody.", []string{"Ada Quine: The bridge is open to everybody."}},
		{"embedded post", "The bridge is open and it will stay open. — Port of Exampleland (@portex) May 13, 2031", []string{"Port of Exampleland: The bridge is open and it will stay open."}},
		{"embedded post in two paragraphs", "The bridge is open and it will stay open.\n\n— Ada Quine (@aquine) May 13, 2031", []string{"Ada Quine: The bridge is open and it will stay open."}},
		{"passed on", "Paul Serre (@pserre) 14 mai : RT @navalis: Le pont est ouvert et il le restera.", []string{"@navalis: Le pont est ouvert et il le restera."}},
		{"signed", "“We were never asked about the bridge.” — Ada Quine, mayor of Exampleville", []string{"Ada Quine, mayor of Exampleville: We were never asked about the bridge."}},
		{"signé", "« Le pont est sûr et il le restera. » — Jeanne Roy, préfète", []string{"Jeanne Roy, préfète: Le pont est sûr et il le restera."}},
		{"points", "The mayor made three points:\n\n• The bridge is safe.\n• The road will be closed on Monday.\n• The police should look into it.\n\nThe police said that it was late.",
			[]string{"The mayor: The bridge is safe.", "The mayor: The road will be closed on Monday.", "The mayor: The police should look into it.", "The police: it was late"}},
		{"points, numbered", "Le syndicat a présenté trois exigences :\n1. La digue doit être fermée.\n2. Les ouvriers doivent être payés.\n3. Le préfet doit venir.",
			[]string{"Le syndicat: La digue doit être fermée.", "Le syndicat: Les ouvriers doivent être payés.", "Le syndicat: Le préfet doit venir."}},
		{"a list of things", "The shop sells three things:\n- bread\n- milk\n- salt and pepper", nil},
		{"labels in capitals", "PAUL SERRE: The bridge is safe and open.\n\nTHE GAZETTE: Who closed it?\n\nPAUL SERRE: I do not know who it was.\n\nIt may have been the port.\n\nTHE GAZETTE: Will it open?\n\nPAUL SERRE: It will open on Monday.",
			[]string{"PAUL SERRE: The bridge is safe and open.", "PAUL SERRE: I do not know who it was.", "PAUL SERRE: It may have been the port.", "PAUL SERRE: It will open on Monday."}},
		{"names on their own lines", "PAUL SERRE\nThe bridge is safe and open to all of us.\n\nADA QUINE\nNobody has told the guards about it yet.\n\nPAUL SERRE\nThen I shall tell them about it tomorrow.",
			[]string{"PAUL SERRE: The bridge is safe and open to all of us.", "ADA QUINE: Nobody has told the guards about it yet.", "PAUL SERRE: Then I shall tell them about it tomorrow."}},
		{"questions and answers without labels", "The engineer Ada Quine built the bridge.\n\nIs the bridge safe?\n\nI think that it is safe.\n\nWho closed it?\n\nWe never closed it, and my staff were asleep.\n\nWill it open?\n\nYes, on Monday morning.\n\nThe bridge was built in 1930.",
			[]string{"The engineer Ada Quine: I think that it is safe.", "The engineer Ada Quine: We never closed it, and my staff were asleep.", "The engineer Ada Quine: Yes, on Monday morning."}},
		{"tirets", "L'ingénieure Jeanne Roy a construit le pont.\n\n– Le pont est-il sûr ?\n– Je crois qu'il est sûr.\n– Qui l'a fermé ?\n– Nous ne savons pas qui l'a fermé.\n– Quand ouvrira-t-il ?\n– Mon équipe l'ouvrira lundi.",
			[]string{"L'ingénieure Jeanne Roy: Je crois qu'il est sûr.", "L'ingénieure Jeanne Roy: Nous ne savons pas qui l'a fermé.", "L'ingénieure Jeanne Roy: Mon équipe l'ouvrira lundi."}},
		{"release", "Press release: Navalis Group\n\nThe bridge over the river is old. We did not close the bridge. We ask the police to look into it.\n\nOur staff are safe.\n\nAbout Navalis Group\n\nWe build bridges.",
			[]string{"denial Navalis Group: We did not close the bridge", "request Navalis Group: We ask the police to look into it", "assertion Navalis Group: Our staff are safe"}},
		{"communiqué", "COMMUNIQUÉ DE PRESSE\n\nNous démentons avoir fermé le pont. Le pont est ancien.\n\nNous demandons une enquête.\n\nÀ propos de Navalis : une société de ponts.",
			[]string{"denial Navalis: Nous démentons avoir fermé le pont", "request Navalis: Nous demandons une enquête"}},
		{"no release", "The bridge is old. We went there on Monday to see it. We saw nothing.", nil},
	} {
		r, err := Read([]byte(c.text), Options{Published: someDay, Name: "x"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, s := range r.Proposals {
			line := fmt.Sprintf("%s: %s", s.Speaker.As, s.Words)
			if strings.HasSuffix(c.name, "release") || c.name == "communiqué" {
				line = string(s.Kind) + " " + line
			}
			got = append(got, line)
			if s.Read.Unsure != "" {
				t.Errorf("%s: %s is marked unsure: %s", c.name, s.ID, s.Read.Unsure)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
		}
		checkReading(t, []byte(c.text), r)
	}
}

// TestUnsure holds that words whose speaker the text does not name are marked.
func TestUnsure(t *testing.T) {
	for _, text := range []string{
		"PRESS RELEASE\n\nWe did not close the bridge. We ask the police to look into it",
		"Is the bridge safe?\n\nI think that it is safe.\n\nWho closed it?\n\nWe never closed it.\n\nWill it open?\n\nI hope so, and my staff too.",
	} {
		r, err := Read([]byte(text), Options{Published: someDay, Name: "x"})
		if err != nil || len(r.Proposals) < 2 {
			t.Fatalf("%v, %+v", err, r)
		}
		for _, s := range r.Proposals {
			if s.Read.Unsure == "" {
				t.Errorf("%s by %q is not marked", s.Words, s.Speaker.As)
			}
		}
	}
}

// TestTicker holds that the times of a ticker's lines are those of what they tell.
func TestTicker(t *testing.T) {
	zone := time.FixedZone("X", 2*3600)
	for _, text := range []string{
		"14:32 The mayor said that the bridge was safe.\n\n14:05 The police said that the road was closed.\n\n13:50 The bridge is empty.",
		"14h32 – The mayor said that the bridge was safe.\n14h05 – The police said that the road was closed.\n13h50 – The bridge is empty.",
		"2:32 p.m.\nThe mayor said that the bridge was safe.\n\n2:05 p.m.\nThe police said that the road was closed.\n\n1:50 p.m.\nThe bridge is empty.",
		"[12:32 GMT] The mayor said that the bridge was safe.\n\n[12:05 GMT] The police said that the road was closed.\n\n[11:50 GMT] The bridge is empty.",
	} {
		r, err := Read([]byte(text), Options{Published: time.Date(2031, 5, 14, 0, 0, 0, 0, zone), Name: "x", Lang: "en"})
		if err != nil || len(r.Proposals) != 2 {
			t.Errorf("%.12s: %v, %d proposals", text, err, len(r.Proposals))
			continue
		}
		for i, want := range []string{"2031-05-14T12:02:00Z/2031-05-14T12:33:00Z", "2031-05-14T11:35:00Z/2031-05-14T12:06:00Z"} {
			if s := r.Proposals[i].Said; s == nil || s.String() != want {
				t.Errorf("%.12s: said %v; want %s", text, s, want)
			}
		}
	}
}
