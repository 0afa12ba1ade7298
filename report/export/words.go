package export

import (
	"strconv"
	"strings"
	"time"

	"constat/claims/statement"
	"constat/judge/proof"
	"constat/moment"
	"constat/report"
)

// words are what this package says itself. All else is worded by report and
// proof.
var words = map[string]proof.Text{
	"standing":         {En: "Standing", Fr: "Situation"},
	"said on":          {En: "said", Fr: "dit"},
	"published on":     {En: "published", Fr: "publié"},
	"about":            {En: "about", Fr: "à propos de"},
	"grade":            {En: "source %s: %s; information %s: %s", Fr: "source %s : %s ; information %s : %s"},
	"document":         {En: "document", Fr: "document"},
	"repeats":          {En: "repeats the statement", Fr: "répète la déclaration"},
	"question":         {En: "Question", Fr: "Question"},
	"examiner":         {En: "Examiner", Fr: "Examinateur"},
	"nobody":           {En: "Examiner (nobody signed this examination)", Fr: "Examinateur (personne n’a signé cet examen)"},
	"standard":         {En: "Standard of proof", Fr: "Niveau de preuve"},
	"log":              {En: "Log", Fr: "Journal"},
	"entries":          {En: "entries", Fr: "entrées"},
	"verify":           {En: "Check the case", Fr: "Vérifier le dossier"},
	"verify.text":      {En: "This file is a copy to work with. The case is what can be checked: this needs nothing but the case, computes every finding again, and names the first thing that does not hold.", Fr: "Ce fichier est une copie de travail. C’est le dossier qui peut être vérifié : la commande n’a besoin que de lui, recalcule chaque constat et nomme la première chose qui ne tient pas."},
	"figures":          {En: "Figures are in the report (report.html).", Fr: "Les figures se trouvent dans le rapport (report.html)."},
	"abstain":          {En: "Abstention: under the declared standard of proof it is not established where the announcements stopped. No network, person or government is named.", Fr: "Abstention : selon le niveau de preuve déclaré, il n’est pas établi où les annonces ont cessé. Aucun réseau, aucune personne et aucun gouvernement n’est mis en cause."},
	"author":           {En: "Who acted, wanted it or ordered it is not established, and routing data cannot establish it. That a network could is not that somebody did.", Fr: "Qui a agi, l’a voulu ou l’a ordonné n’est pas établi, et des données de routage ne peuvent l’établir. Qu’un réseau ait pu le faire ne veut pas dire que quelqu’un l’a fait."},
	"stix.finding":     {En: "Finding", Fr: "Constat"},
	"stix.verdict":     {En: "Verdict", Fr: "Verdict"},
	"stix.losses":      {En: "Other losses that were weighed", Fr: "Autres pertes examinées"},
	"stix.outage":      {En: "Outage", Fr: "Coupure"},
	"stix.outages":     {En: "Outages", Fr: "Coupures"},
	"stix.statement":   {En: "Statement", Fr: "Déclaration"},
	"stix.operator":    {En: "Operator of AS%d as named in the case (%s). Named because its network is on the routes examined: that a network could is not that somebody did.", Fr: "Opérateur de l’AS%d tel que nommé dans le dossier (%s). Nommé parce que son réseau est sur les routes examinées : qu’un réseau ait pu le faire ne veut pas dire que quelqu’un l’a fait."},
	"stix.operates":    {En: "operator of the network, as named in the case", Fr: "opérateur du réseau, tel que nommé dans le dossier"},
	"stix.seen":        {En: "origin seen announcing it within the question’s time", Fr: "origine vue l’annonçant dans l’intervalle de la question"},
	"stix.registered":  {En: "on the subject list of this country, with a reason for each line in the case; registration is not the place of a machine, and neither is its user", Fr: "figure sur la liste de ce pays, avec pour chaque ligne une raison dans le dossier ; l’enregistrement n’est pas le lieu d’une machine, et encore moins son utilisateur"},
	"stix.location":    {En: "Country of registration of the networks examined. It is not where a machine stands and not who acted.", Fr: "Pays d’enregistrement des réseaux examinés. Ce n’est ni le lieu d’une machine, ni celui qui a agi."},
	"stix.examiner":    {En: "Whose key signed the case’s log. A signature proves that a key signed; who holds it, it does not prove.", Fr: "Celui dont la clé a signé le journal du dossier. Une signature prouve qu’une clé a signé ; elle ne prouve pas qui la détient."},
	"stix.unsigned":    {En: "A single examination, which nobody signed. It can be computed again from its exhibits.", Fr: "Un examen isolé que personne n’a signé. Il peut être recalculé à partir de ses pièces."},
	"stix.speaker":     {En: "As the document calls the speaker", Fr: "Tel que le document nomme l’auteur des propos"},
	"stix.times":       {En: "A single examination holds no clock: the created, modified and published times of this bundle are the end of its question.", Fr: "Un examen isolé ne contient pas d’horloge : les dates created, modified et published de ce lot sont la fin de sa question."},
	"stix.limit":       {En: "routing data (BGP) alone: nothing here is about traffic, persons or motives", Fr: "données de routage (BGP) seules : rien ici ne porte sur le trafic, les personnes ou les motifs"},
	"stix.source":      {En: "file read, as stored", Fr: "fichier lu, tel qu’archivé"},
	"stix.subject":     {En: "The subject as it was watched in the question’s time, by %d peers known to carry its routes.", Fr: "Le sujet tel qu’il a été observé dans l’intervalle de la question, par %d pairs connus pour porter ses routes."},
	"stix.largest":     {En: "%d more outages are in findings.json.", Fr: "%d autres coupures figurent dans findings.json."},
	"rating.supported": {En: "Supported by what was measured, under the declared standard of proof. It says nothing about who acted.", Fr: "Étayé par ce qui a été mesuré, selon le niveau de preuve déclaré. Cela ne dit rien de qui a agi."},
	"rating.contra":    {En: "Contradicted by what was measured, under the declared standard of proof.", Fr: "Contredit par ce qui a été mesuré, selon le niveau de preuve déclaré."},
	"rating.none":      {En: "No number is given: this is neither true, nor false, nor something between. It cannot be told from routing data.", Fr: "Aucune note n’est donnée : ce n’est ni vrai, ni faux, ni quelque chose entre les deux. Les données de routage ne permettent pas de le dire."},
}

// voice words things in one language.
type voice proof.Lang

func voiceOf(l report.Lang) voice { return voice(l) }

func (v voice) say(key string) string { return v.set(words[key].In(proof.Lang(v))) }

// set puts the blanks that must not break where French has blanks.
func (v voice) set(s string) string {
	if v == voice(proof.French) {
		return french.Replace(s)
	}
	return s
}

var french = strings.NewReplacer(" :", "\u00a0:", " ;", "\u202f;", "« ", "«\u00a0", " »", "\u00a0»")

// colon joins a label and what it labels.
func (v voice) colon(label, text string) string {
	if v == voice(proof.French) {
		return label + "\u00a0: " + text
	}
	return label + ": " + text
}

// quote puts words between the marks of the language.
func (v voice) quote(s string) string {
	if v == voice(proof.French) {
		return "«\u00a0" + s + "\u00a0»"
	}
	return "“" + s + "”"
}

func capital(s string) string {
	if s == "" {
		return s
	}
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// stamp is a time as people on both sides of a border read it.
func stamp(t moment.Time) string { return t.Std().Format("2006-01-02 15:04:05 UTC") }

// span is an interval: the day where it is one day of any place on earth.
func span(i moment.Interval) string {
	if d, ok := dayOf(i); ok {
		return d
	}
	return stamp(i.From) + " – " + stamp(i.Until)
}

// dayOf is the date of an interval that is one day of a place. The middle of a
// day of any zone up to twelve hours from Greenwich lies in the UTC day of the
// same date.
func dayOf(i moment.Interval) (string, bool) {
	const day = 24 * 3600 * moment.Second
	if l := i.Until - i.From; l < day || l > day+2*3600*moment.Second {
		return "", false
	}
	t := i.From + (i.Until-i.From)/2
	if !writable(t) {
		return "", false
	}
	return t.Std().Format(time.DateOnly), true
}

// times is when it was said, published, and what time it is about.
func (v voice) times(s *statement.Statement) string {
	var out []string
	if s.Said != nil {
		out = append(out, v.say("said on")+" "+span(*s.Said))
	}
	out = append(out, v.say("published on")+" "+span(s.Published))
	if s.About != nil {
		out = append(out, v.say("about")+" "+stamp(s.About.From)+" – "+stamp(s.About.Until))
	}
	return strings.Join(out, "; ")
}

// grade words the two grades of the Admiralty code, apart.
func (v voice) grade(g statement.Grade) string {
	if g == statement.Ungraded || len(g.Source) != 1 || len(g.Information) != 1 {
		return ""
	}
	l := proof.Lang(v)
	return fill(v.say("grade"), g.Source, proof.Reliability(g.Source[0]).In(l), g.Information, proof.Credibility(g.Information[0]).In(l))
}

// fill puts texts, in their order, where a message has %s or %d.
func fill(m string, with ...string) string {
	i := strings.IndexByte(m, '%')
	if len(with) == 0 || i < 0 || i+2 > len(m) {
		return m
	}
	// What is put in is never searched: the rest is filled first.
	return m[:i] + with[0] + fill(m[i+2:], with[1:]...)
}

func digits[T ~int | ~int64 | ~uint32](n T) string { return strconv.FormatInt(int64(n), 10) }
