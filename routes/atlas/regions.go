package atlas

import "strings"

// regions are the countries that each registry serves, by the registries' own lists of
// their regions.
var regions = map[string]string{
	"afrinic": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
	"apnic":   "AF AS AU BD BN BT CC CK CN CX FJ FM GU HK ID IN IO JP KH KI KP KR LA LK MH MM MN MO MP MV MY NC NF NP NR NU NZ PF PG PH PK PN PW SB SG TF TH TK TL TO TV TW VN VU WF WS",
	"arin":    "AG AI AQ BB BL BM BS BV CA DM GD GP HM JM KN KY LC MF MQ MS PM PR SH TC UM US VC VG VI",
	"lacnic":  "AR AW BO BQ BR BZ CL CO CR CU CW DO EC FK GF GS GT GY HN HT MX NI PA PE PY SR SV SX TT UY VE",
	"ripencc": "AD AE AL AM AT AX AZ BA BE BG BH BY CH CY CZ DE DK EE ES EU FI FO FR GB GE GG GI GL GR HR HU IE IL IM IQ IR IS IT JE JO KG KW KZ LB LI LT LU LV MC MD ME MK MT NL NO OM PL PS PT QA RO RS RU SA SE SI SJ SK SM SY TJ TM TR UA UZ VA XK YE",
}

// HomeRegistry is the registry that serves a country, as delegation files write it
// ("ripencc"); empty of a code that no region has. Others delegate there too: the list of
// that registry alone is needed to know the country.
//
// Example: RIPE NCC's list has a /24 registered to Canada; all else of Canada is in ARIN's.
func HomeRegistry(country string) string {
	for _, r := range registries {
		for cc := range strings.FieldsSeq(regions[r]) {
			if cc == country {
				return r
			}
		}
	}
	return ""
}
