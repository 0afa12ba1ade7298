package press

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"constat/claims/statement"
)

// byHand are a few sentences a language, written for this test in the manner
// of news; each text is read whole, its first sentence alone, and both as
// parts of a longer one.
var byHand = map[string]string{
	"es": "El ministro negó ayer que su gobierno haya ordenado el corte de la red. «No hemos tocado nada», dijo ante los periodistas, y pidió a los vecinos que esperen hasta el lunes.",
	"pt": "O ministro negou ontem que o seu governo tenha mandado cortar a rede. «Não tocámos em nada», disse aos jornalistas, e pediu à população que espere até segunda-feira.",
	"it": "Il ministro ha negato ieri che il suo governo abbia ordinato il blocco della rete. «Non abbiamo toccato nulla», ha detto ai giornalisti, e ha chiesto ai cittadini di aspettare fino a lunedì.",
	"de": "Der Minister hat am Montag bestritten, dass seine Regierung das Netz abgeschaltet habe. „Wir haben nichts angerührt“, sagte er vor der Presse und bat die Bürger um Geduld.",
	"nl": "De minister ontkende gisteren dat zijn regering het net heeft afgesloten. “We hebben niets aangeraakt”, zei hij tegen de pers, en hij vroeg de burgers om te wachten.",
	"nb": "Ministeren avviste i går at regjeringen har stengt nettet. «Vi har ikke rørt noe», sa han til pressen, og ba innbyggerne om å vente til mandag.",
	"sv": "Ministern förnekade i går att regeringen har stängt av nätet. ”Vi har inte rört något”, sade han till pressen och bad invånarna att vänta till måndag.",
	"tr": "Bakan, hükümetin interneti kestiği yönündeki haberleri dün yalanladı. “Hiçbir şeye dokunmadık” dedi ve halktan pazartesi gününe kadar beklemesini istedi.",
	"pl": "Minister zaprzeczył wczoraj, że jego rząd kazał odciąć sieć. „Niczego nie dotykaliśmy”, powiedział dziennikarzom i poprosił mieszkańców, aby poczekali do poniedziałku.",
	"ro": "Ministrul a negat ieri că guvernul său a oprit rețeaua. „Nu am atins nimic”, a spus el presei și le-a cerut locuitorilor să aștepte până luni.",
	"id": "Menteri membantah bahwa pemerintah telah memutus jaringan itu. “Kami tidak menyentuh apa pun,” katanya kepada wartawan, dan dia meminta warga untuk menunggu.",
	"ru": "Министр вчера опроверг, что правительство отключило сеть. «Мы ничего не трогали», — сказал он журналистам.",
	"ar": "نفى الوزير أمس أن تكون حكومته قد قطعت الشبكة. وقال للصحفيين: «لم نلمس شيئا».",
	"zh": "部长昨天否认政府切断了网络。他对记者说：“我们什么都没有碰。”",
	"ja": "大臣は昨日、政府がネットワークを遮断したことを否定した。「何も触っていない」と記者団に語った。",
	"ko": "장관은 어제 정부가 망을 차단했다는 것을 부인했다. “우리는 아무것도 건드리지 않았다”고 기자들에게 말했다.",
	"el": "Ο υπουργός διέψευσε χθες ότι η κυβέρνηση έκοψε το δίκτυο.",
	"fa": "وزیر دیروز تکذیب کرد که دولت شبکه را قطع کرده است.",
	"uk": "Міністр учора спростував, що уряд вимкнув мережу.",
	"hi": "मंत्री ने कल इस बात से इनकार किया कि सरकार ने नेटवर्क काटा है।",
}

var someDay = time.Date(2031, 5, 14, 0, 0, 0, 0, time.UTC)

// TestOtherLanguages holds that a text in another language is refused, whole
// and by its first sentence, and that its name is given.
func TestOtherLanguages(t *testing.T) {
	for code, text := range byHand {
		first, _, _ := strings.Cut(text, ". ")
		for _, s := range []string{text, first + ".", strings.Repeat(text+"\n\n", 20)} {
			_, err := Read([]byte(s), Options{Published: someDay})
			var f *ForeignError
			if !errors.As(err, &f) {
				t.Errorf("%s: %.50s: %v; want it refused", code, s, err)
				continue
			}
			want := code
			switch code { // written alike
			case "fa":
				want = "ar"
			case "nb":
				want = f.Lang
				if f.Lang != "da" && f.Lang != "nb" {
					want = "nb"
				}
			case "uk":
				want = "ru"
			}
			if f.Lang != want {
				t.Errorf("%s taken for %s: %.50s", code, f.Lang, s)
			}
			if !strings.Contains(err.Error(), f.Lang) && !strings.Contains(err.Error(), tongueName(f.Lang)) {
				t.Errorf("%s: the refusal does not name it: %v", code, err)
			}
		}
		// Whoever says the language has the last word.
		if _, err := Read([]byte(text), Options{Published: someDay, Lang: "en"}); err != nil {
			t.Errorf("%s as English: %v", code, err)
		}
	}
	for _, s := range []string{"Bridge closed, minister says.", "The mayor denied it.", "Le maire dément.", "« Non », a dit le maire.", "L'Élysée dément."} {
		if _, err := Read([]byte(s), Options{Published: someDay}); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// TestMixedLanguages holds that each paragraph is read in its own language, and
// that those in a third are named.
func TestMixedLanguages(t *testing.T) {
	r := read(t, "The mayor said that the bridge was safe and that nobody was in danger.\n\n"+
		"La préfète a affirmé que le pont était sûr et que personne n'était en danger.\n\n"+
		byHand["es"]+"\n\n"+
		"Le ministère dément avoir fermé le pont, comme il était écrit dans ce journal.\n\n"+
		"The guards denied that they had closed the gate to the bridge.")
	var got []string
	for _, s := range r.Proposals {
		got = append(got, s.Lang+" "+s.Speaker.As)
	}
	if want := "en The mayor; fr La préfète; fr Le ministère; en The guards"; strings.Join(got, "; ") != want {
		t.Errorf("%q; want %q", got, want)
	}
	if len(r.Foreign) != 1 || r.Foreign[0].Lang != "es" || r.Foreign[0].Name() != "Spanish" || r.Foreign[0].Words < 20 {
		t.Errorf("foreign: %+v", r.Foreign)
	}
}

// TestQuotedTongue holds that a French text which quotes English reads the
// quotation as English, and the other way round.
func TestQuotedTongue(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Le ministère a publié mardi les conclusions de son enquête sur la coupure.\n\n« There is no evidence of sabotage, and we did not cut the cable », a déclaré la porte-parole Ida Roux à la presse.\n\nLa préfète a affirmé que le pont était sûr.", "en denial Ida Roux; fr assertion La préfète"},
		{"The ministry published its report on the outage on Tuesday.\n\n“Nous n'avons pas coupé le câble, et il n'y a pas de sabotage,” said its spokeswoman Ida Roux.\n\nThe mayor said that the bridge was safe.", "fr denial Ida Roux; en assertion The mayor"},
	} {
		var got []string
		for _, s := range read(t, c.text).Proposals {
			who := s.Speaker.Name
			if who == "" {
				who = s.Speaker.As
			}
			got = append(got, s.Lang+" "+string(s.Kind)+" "+who)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q; want %q", got, c.want)
		}
	}
}

// TestNotText holds that what is no text is refused with what to do.
func TestNotText(t *testing.T) {
	var pic, arc bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 40, 40))); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&arc)
	if _, err := z.Create("word/document.xml"); err != nil {
		t.Fatal(err)
	}
	z.Close()
	wide := func(big bool) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune("Le maire a démenti. The mayor said so.")) {
			if big {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return b
	}
	noise := make([]byte, 4000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for _, c := range []struct {
		in   []byte
		want string
	}{
		{pic.Bytes(), "PNG"}, {arc.Bytes(), "ZIP"}, {[]byte("%PDF-1.7\n%\xe2\xe3"), "pdftotext -layout"}, {wide(false), "iconv -f UTF-16LE"}, {wide(true), "iconv -f UTF-16BE"},
		{noise, "binary"}, {[]byte("{\\rtf1\\ansi The mayor said so.}"), "RTF"}, {[]byte("\xff\xfe\x00\x00A\x00\x00\x00"), "UTF-32"}, {[]byte("\x1f\x8b\x08"), "gunzip"},
	} {
		_, err := Read(c.in, Options{Published: someDay})
		var n *NotTextError
		if !errors.As(err, &n) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.10q: %v; want %q", c.in, err, c.want)
		}
	}
	for _, s := range []string{"BZh is what the file begins with, the mayor said.", "RIFF, the mayor said, was the name of the file.", "The mayor said\x01 that it was\x02 so."} {
		if _, err := Read([]byte(s), Options{Published: someDay}); err != nil {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

// TestNormal holds that decomposed accents, soft hyphens, blanks without width
// and ligatures change no proposal, and that each place leads back.
func TestNormal(t *testing.T) {
	text := "Le préfet Éric Fénelon a déclaré que l'officier a refusé l'entrée.\n\nLa société Zéphyr dément avoir coupé l'accès à la forêt."
	base := read(t, text)
	if len(base.Proposals) != 2 {
		t.Fatal(base.Proposals)
	}
	for name, s := range map[string]string{
		"NFD":         norm.NFD.String(text),
		"soft hyphen": strings.ReplaceAll(strings.ReplaceAll(text, "déclaré", "dé\u00adcla\u00adré"), "Fénelon", "Fé\u00adnelon"),
		"zero width":  strings.ReplaceAll(text, " ", " \u200b"),
		"joiners":     strings.ReplaceAll(text, "é", "\u2060é\u200d"),
		"ligature":    strings.ReplaceAll(text, "ffi", "ﬃ"),
		"direction":   "\u200e" + strings.ReplaceAll(text, "a ", "a\u200f "),
		"mark":        "\ufeff" + norm.NFD.String(text),
	} {
		r := read(t, s)
		if len(r.Proposals) != len(base.Proposals) {
			t.Errorf("%s: %d proposals", name, len(r.Proposals))
			continue
		}
		for i, p := range r.Proposals {
			b := base.Proposals[i]
			if p.Words != b.Words || p.Speaker != b.Speaker || p.Kind != b.Kind {
				t.Errorf("%s: %q by %v; want %q by %v", name, p.Words, p.Speaker, b.Words, b.Speaker)
			}
		}
		checkReading(t, []byte(s), r)
	}
}

// leadsBack holds that the words of a proposal are what the document has at the
// place that the proposal names.
func leadsBack(t testing.TB, data []byte, ps []statement.Statement) {
	t.Helper()
	d, err := OpenDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range ps {
		if got := d.At(ps[i].Read.Words); got != ps[i].Words {
			t.Fatalf("%s: the document has %q at its place; the words are %q", ps[i].ID, got, ps[i].Words)
		}
	}
}

// TestSheets holds that text of printed pages reads as if it had none.
func TestSheets(t *testing.T) {
	text := "                    The Gazette                    Monday\n\nThe mayor said on Monday that the re-\npair of the bridge over the river would take a\nyear. The well-\nknown engineer Ada Quine, who is well known, said that the trade\n" +
		"\n                              3\n\fThe Gazette                    Monday\n\nunion had denied the negoti-\nations.\n\nThe police said that the bridge was closed.\n\n                              4\n\fThe Gazette                    Monday\n\nThe minister denied that she had closed it.\n\n                              5\n"
	r := read(t, text)
	var got []string
	for _, p := range r.Proposals {
		got = append(got, p.Speaker.As+": "+p.Words)
	}
	want := []string{
		"The mayor: the repair of the bridge over the river would take a year",
		"The well-known engineer Ada Quine: the trade union had denied the negotiations",
		"the trade union: the negotiations",
		"The police: the bridge was closed",
		"The minister: she had closed it",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if len(r.Dropped) != 6 {
		t.Errorf("%d lines of heads and feet left out; want 6", len(r.Dropped))
	}
	checkReading(t, []byte(text), r)
	// Without page breaks nothing is a head; a hyphen without a word is none.
	plain := "The mayor said -\nand nobody heard it - that the bridge was safe.\n\n3\n\nThe mayor said that it was safe.\n\n3\n"
	if s := sheets(decode([]byte(plain))); s.text != plain {
		t.Errorf("%q", s.text)
	}
}
