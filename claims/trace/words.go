package trace

import (
	"golang.org/x/text/language"

	"constat/judge/proof"
)

// words are the words of a language.
type words struct {
	tag       language.Tag
	zeroIsOne bool // the singular goes with nought, as in French

	title, all, none                               string
	addresses, files, mentions                     [2]string
	timeOf, routedWord, special                    map[string]string
	cAddress, cAt, cPorts, cCountry, cPrefix       string
	cOrigin, cRouted, cUpstream                    string
	unknownWord, notGivenWord, more, set, noOrigin string
	byCountry, stateOwned                          string
	notKnown, later, several, noCountry, noneHas   string
	notGiven, specials, noOrigins, noRouting       string
	missing, noRelations                           string
	damaged, moreDamaged, damagedList              string
	ofRegistry, and, of, undated, ages             string
	undatedNames, brackets                         string
	days                                           [2]string
	answers, lCountries, lRoutes, lOrigins, lNames string
	lUpstreams, lOwned, duplicates, passed         string
}

func wordsOf(l proof.Lang) *words {
	if l == proof.French {
		return &french
	}
	return &english
}

var english = words{
	tag:   language.English,
	title: "Where the facilities stood: %s from %s", all: "All at %s (%s)", none: "The file names no address.",
	addresses: [2]string{"address", "addresses"}, files: [2]string{"file", "files"}, mentions: [2]string{"mention", "mentions"},
	timeOf:     map[string]string{TimeSeen: "seen then", TimeValid: "date of the indicator or event", TimeAsked: "the time asked about"},
	routedWord: map[string]string{IsRouted: "routed", NotRouted: "not routed", Unknown: "unknown"},
	special: map[string]string{"this-network": "not public: “this network”", "private": "not public: private use", "shared": "not public: shared behind a provider",
		"loopback": "not public: the machine itself", "link-local": "not public: one link", "reserved": "not public: reserved", "documentation": "not public: for documentation",
		"benchmark": "not public: for benchmarks", "multicast": "no machine's: multicast"},
	cAddress: "ADDRESS", cAt: "AT", cPorts: "PORTS", cCountry: "REGISTERED TO", cPrefix: "PREFIX", cOrigin: "ORIGIN AND OPERATOR", cRouted: "ROUTED THEN", cUpstream: "UPSTREAM",
	unknownWord: "unknown", notGivenWord: "none given", more: "and %s more", set: "(one of a set)", noOrigin: "no origin known",
	byCountry: "By country of registration and operator: networks whose facilities were used", stateOwned: "(listed as owned by the state: %s)",
	notKnown: "What could not be known or read", later: "%s: the delegation to %s is dated %s, after the time in question (%s); it decides nothing",
	several:   "%s: the lists name more than one country: %s",
	noCountry: "%s: no country. Unknown: %s", noneHas: "no list given has the address", notGiven: "no list given has it, and no list of %s was given", ofRegistry: "%s’s", and: " or ",
	specials:  "%s at no public place; nothing was looked up",
	noOrigins: "no origins: neither an origin table nor routing data was given", noRouting: "whether the addresses were routed then: no routing data of that time was given",
	missing: "%s of routing data should be there and are not", noRelations: "no upstreams: neither routing data nor relations were given",
	damaged: "%s of the indicators: %s", moreDamaged: "%s more", damagedList: "%s", of: "%s of %s", undated: "%s (undated)", ages: "origins: the table is of %s, %s from the moment in question", days: [2]string{"day", "days"}, brackets: "In brackets: peers that held a route, of those of which it is known whether they did.", undatedNames: "names of networks and owners: %s; they may be of another time than the addresses",
	answers: "The answers are from", lCountries: "countries", lRoutes: "routes", lOrigins: "origins", lNames: "names", lUpstreams: "upstreams", lOwned: "state-owned (CC BY 4.0)",
	duplicates: "%s of what was there already", passed: "passed over:",
}

var french = words{
	tag: language.French, zeroIsOne: true,
	title: "Où se trouvaient les installations : %s tirées de %s", all: "Toutes au %s (%s)", none: "Le fichier ne nomme aucune adresse.",
	addresses: [2]string{"adresse", "adresses"}, files: [2]string{"fichier", "fichiers"}, mentions: [2]string{"mention", "mentions"},
	timeOf:     map[string]string{TimeSeen: "vue alors", TimeValid: "date de l’indicateur ou de l’événement", TimeAsked: "le moment demandé"},
	routedWord: map[string]string{IsRouted: "routée", NotRouted: "non routée", Unknown: "inconnu"},
	special: map[string]string{"this-network": "non publique : « ce réseau »", "private": "non publique : usage privé", "shared": "non publique : partagée derrière un opérateur",
		"loopback": "non publique : la machine elle-même", "link-local": "non publique : un seul lien", "reserved": "non publique : réservée", "documentation": "non publique : pour la documentation",
		"benchmark": "non publique : pour les mesures", "multicast": "d’aucune machine : multidiffusion"},
	cAddress: "ADRESSE", cAt: "MOMENT", cPorts: "PORTS", cCountry: "ENREGISTRÉE", cPrefix: "PRÉFIXE", cOrigin: "ORIGINE ET OPÉRATEUR", cRouted: "ROUTÉE ALORS", cUpstream: "AMONT",
	unknownWord: "inconnu", notGivenWord: "aucun fichier", more: "et %s de plus", set: "(un membre d’un ensemble)", noOrigin: "aucune origine connue",
	byCountry: "Par pays d’enregistrement et opérateur : les réseaux dont les installations ont servi", stateOwned: "(inscrit comme propriété de l’État : %s)",
	notKnown: "Ce qui n’a pu être su ou lu", later: "%s : la délégation à %s est datée du %s, après le moment en question (%s) ; elle ne décide de rien",
	several:   "%s : les listes nomment plusieurs pays : %s",
	noCountry: "%s : aucun pays. Inconnu : %s", noneHas: "aucune liste fournie ne contient l’adresse", notGiven: "aucune liste fournie ne la contient, et aucune n’a été fournie des registres suivants : %s", ofRegistry: "%s", and: ", ",
	specials:  "%s d’aucun lieu public ; rien n’a été cherché",
	noOrigins: "aucune origine : ni table d’origines ni données de routage n’ont été fournies", noRouting: "si les adresses étaient routées alors : aucune donnée de routage de ce moment n’a été fournie",
	missing: "%s de données de routage devraient être là et n’y sont pas", noRelations: "aucun amont : ni données de routage ni relations n’ont été fournies",
	damaged: "%s des indicateurs : %s", moreDamaged: "%s de plus", damagedList: "%s", of: "%s du %s", undated: "%s (sans date)", ages: "origines : la table est du %s, à %s du moment en question", days: [2]string{"jour", "jours"}, brackets: "Entre parenthèses : les pairs qui avaient une route, parmi ceux dont on sait s’ils en avaient une.", undatedNames: "noms des réseaux et propriétaires : %s ; ils peuvent être d’une autre époque que les adresses",
	answers: "Les réponses viennent de", lCountries: "pays", lRoutes: "routes", lOrigins: "origines", lNames: "noms", lUpstreams: "amonts", lOwned: "propriété d’État (CC BY 4.0)",
	duplicates: "%s de ce qui y était déjà", passed: "laissé de côté :",
}
