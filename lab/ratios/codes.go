package ratios

// codes has the ISO 3166 codes of countries as people spell them, folded by
// [fold]: one a line, code first.
const codes = `
AF afghanistan
AL albania
DZ algeria
AO angola
AI anguilla
AG antigua and barbuda
AR argentina
AM armenia
AW aruba
AU australia
AZ azerbaijan
BS bahamas
BH bahrain
BD bangladesh
BB barbados
BY belarus
BE belgium
BZ belize
BJ benin
BM bermuda
BT bhutan
BO bolivia
BQ bonaire, sint eustatius and saba
BQ bonaire/sint eustatius/saba
BA bosnia and herzegovina
BW botswana
BR brazil
BN brunei darussalam
BG bulgaria
BF burkina faso
BI burundi
KH cambodia
CM cameroon
CA canada
CV cape verde
KY cayman islands
CF central african republic
TD chad
CL chile
CN china
CO colombia
CG congo
CK cook islands
CR costa rica
CU cuba
CW curacao
CZ czech republic
CD democratic republic of (drc)
DJ djibouti
DM dominica
DO dominican republic
EC ecuador
EG egypt
SV el salvador
GQ equatorial guinea
ET ethiopia
FO faroe islands
FM federated states of micronesia
FJ fiji
FI finland
FR france
GF french guiana
PF french polynesia
GA gabon
GM gambia
GE georgia
GH ghana
GI gibraltar
GB great britain
GR greece
GL greenland
GD grenada
GU guam
GT guatemala
GG guernsey
GN guinea
GY guyana
HT haiti
HN honduras
HK hong kong
IN india
ID indonesia
IR iran
IQ iraq
IT italy
CI ivory coast (cote d'ivoire)
JM jamaica
JP japan
JE jersey
JO jordan
KZ kazakhstan
KE kenya
KW kuwait
KG kyrgyz republic (kyrgyzstan)
LA laos
LV latvia
LB lebanon
LS lesotho
LR liberia
LY libya
LT lithuania
MK macedonia
MG madagascar
MW malawi
MV maldives
ML mali
MT malta
MH marshall islands
MQ martinique
MR mauritania
MU mauritius
YT mayotte
MX mexico
MD moldova
MN mongolia
ME montenegro
MA morocco
MZ mozambique
MM myanmar/burma
NA namibia
NP nepal
NL netherlands
NC new caledonia
NZ new zealand
NI nicaragua
NE niger
NG nigeria
MP northern mariana islands
NO norway
OM oman
PK pakistan
PW palau
PS palestine
PS palestinian territories
PA panama
PG papua new guinea
PY paraguay
PH philippines
PL poland
PR puerto rico
RE reunion
RO romania
RU russian federation
RW rwanda
KN saint kitts and nevis
LC saint lucia
MF saint martin
WS samoa
ST sao tome and principe
SA saudi arabia
RS serbia
SC seychelles
SL sierra leone
SG singapore
SI slovenia
SB solomon islands
SO somalia
ZA south africa
KR south korea
SS south sudan
ES spain
SD sudan
SR suriname
SZ swaziland
SE sweden
CH switzerland
SY syria
TW taiwan
TJ tajikistan
TZ tanzania
TH thailand
TL timor leste
TG togo
TO tonga
TN tunisia
TR turkey
TM turkmenistan
TC turks and caicos islands
UG uganda
UA ukraine
AE united arab emirates
US united states
US united states of america (usa)
UY uruguay
UZ uzbekistan
VU vanuatu
VE venezuela
VN vietnam
YE yemen
ZM zambia
ZW zimbabwe
`
