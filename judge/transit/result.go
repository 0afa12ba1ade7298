package transit

// Format names the version of the answer in JSON (docs/formats/chokepoints.md).
const Format = "constat-chokepoints/1"

// Result is what the routes of one moment say of one subject.
type Result struct {
	Subject string `json:"subject"` // "KP", "AS22047"
	Kind    string `json:"kind"`    // "country", "as", "prefix", "file"
	// Origins are the networks that announce the subject's addresses, Inside those of
	// the subject's own networks that stand on any path, sorted.
	Origins []uint32 `json:"origins"`
	Inside  []uint32 `json:"inside"`
	// RegistryAbsent is the registry that serves the country, if its list was not among
	// those that were read: what is known is the part that others delegated.
	RegistryAbsent string     `json:"registry_absent"`
	Frontier       *Frontier  `json:"frontier"` // null if the subject is one network
	Families       []InFamily `json:"families"` // of which anything was announced
	// Both are the cuts of IPv4 and IPv6 together: who is cut off has no way in either.
	// Empty if ways were seen in one family alone.
	Both         []Joint    `json:"both"`
	Graphs       []ByGraph  `json:"graphs"`   // what lists of relations say
	Possible     []Possible `json:"possible"` // other ways that lists have and no path shows
	MorePossible int        `json:"more_possible"`
	// Could are the networks each of which could cut the subject off alone, as far as
	// was seen, with what that rests on.
	Could []Could `json:"could"`
	CTI   []Score `json:"cti"` // country-level transit influence; empty without relations
	// CountryHegemony is the mean of the hegemony for the subject's origins, each origin
	// counting alike; empty if it was not asked for.
	CountryHegemony []Score `json:"country_hegemony"`
}

// Score is a network with a number.
type Score struct {
	AS    uint32  `json:"as"`
	Value float64 `json:"value"`
}

// Classes of risk by the number of frontier networks, as Renesys drew them.
const (
	Severe      = "severe"
	Significant = "significant"
	Low         = "low"
	Resistant   = "resistant"
	NoClass     = "none" // no way out was seen
)

// Class is the class of a number of frontier networks: 1–2 severe, below 10
// significant, 10–40 low, above that resistant.
func Class(n int) string {
	switch {
	case n == 0:
		return NoClass
	case n <= 2:
		return Severe
	case n < 10:
		return Significant
	case n <= 40:
		return Low
	}
	return Resistant
}

// Frontier are the networks of a subject that pass its routes to networks that are not
// its own.
type Frontier struct {
	Networks []FrontierNetwork `json:"networks"`
	Count    int               `json:"count"`
	Class    string            `json:"class"`
	// Sure is the class by those networks alone that at least two vantage networks showed.
	// If it is another, the class hangs on what one of them shows.
	Sure string `json:"class_by_two"`
	// Listed is the number by each list of relations, in the order of Graphs.
	Listed []int `json:"listed"`
}

// FrontierNetwork is one of them.
type FrontierNetwork struct {
	AS       uint32 `json:"as"`
	Vantages int    `json:"vantages"` // vantage networks that show it, in either family
}

// InFamily is what was seen in one address family.
type InFamily struct {
	Family   string `json:"family"`
	Prefixes int    `json:"prefixes"` // of the subject that a peer holds
	// Space is their IPv4 addresses, or IPv6 /48s, each counted once.
	Space int64 `json:"space"`
	Peers int   `json:"peers"` // that hold any
	// Vantages are the vantage networks among them outside the subject, Within those
	// inside it, which say nothing of ways out. Full are the peer networks that send full
	// tables: hegemony is over them. If there is none, Partial is set, and shares are of
	// what peers announced.
	Vantages int `json:"vantages"`
	Within   int `json:"within"`
	// Seers are all of them, rising. Direct are those outside that are connected with the
	// subject themselves, on nobody else's path, and by no list a provider of one of its
	// networks: they are who looks, and are not among those who could be asked to refuse.
	// OnlyDirect of them show nothing else.
	Seers      []uint32 `json:"vantage_networks"`
	Direct     []uint32 `json:"direct"`
	OnlyDirect int      `json:"only_direct"`
	// Voices are the vantage networks outside that shares are means of: those that send
	// full tables, or all if none does.
	Voices  int  `json:"voices"`
	Full    int  `json:"full"`
	Partial bool `json:"partial"`
	// Hegemony and Ways have the largest; More… count those that are left out.
	Hegemony     []Hegemony `json:"hegemony"`
	MoreHegemony int        `json:"more_hegemony"`
	Ways         []Way      `json:"ways"`
	MoreWays     int        `json:"more_ways"`
	Cuts         []Observed `json:"cuts"`
}

// Kinds of those who might refuse.
const (
	Networks  = "networks"
	Operators = "operators"
	Countries = "countries"
)

// Observed is how few would have to refuse so that every path that was seen is hit.
type Observed struct {
	By string `json:"by"` // "networks", "operators", "countries"
	// Abroad says that the subject's own networks are not among them.
	Abroad bool `json:"abroad"`
	Cut
	// Best are the one, two and three whose refusal would hit most; exact if no others
	// could hit more.
	Best      []Set `json:"best"`
	BestExact bool  `json:"best_exact"`
}

// Joint is how few would have to refuse so that every path of both families is hit.
// Its sets have no shares: the families are never added up.
type Joint struct {
	By     string `json:"by"`
	Abroad bool   `json:"abroad"`
	Cut
}

// ByGraph is the same over all paths of a list of relations by which routes may go: from
// customers to all, from peers and providers to customers only.
type ByGraph struct {
	List    string     `json:"list"`
	Missing int        `json:"missing"` // origins that the list does not have
	Core    int        `json:"core"`    // networks of the core outside the subject
	Cuts    []GraphCut `json:"cuts"`
	sole    uint32     // the core, if it is one network
}

// GraphCut is one such cut: the subject's routes reach no network of the core.
type GraphCut struct {
	By     string `json:"by"`
	Abroad bool   `json:"abroad"`
	NoPath bool   `json:"no_path"` // the list has no way to the core in the first place
	Cut
}

// Possible is a connection out of the subject that a list of relations has and that no
// path shows.
type Possible struct {
	AS       uint32   `json:"as"`
	Of       uint32   `json:"of"`       // the network of the subject
	Relation string   `json:"relation"` // what AS is to it
	Lists    []string `json:"lists"`
}

// Could is a network that all ways cross.
type Could struct {
	AS uint32 `json:"as"`
	// Observed are the families in which every path outside the subject that was seen
	// crosses it, but those on which one of [InFamily.Direct] hears the subject directly.
	Observed []string `json:"observed"`
	Vantages int      `json:"vantages"` // vantage networks that showed these paths
	// OneVantage says that these paths are those of a single vantage network.
	OneVantage bool `json:"one_vantage"`
	// Lists are the lists of relations by which every way to the core crosses it, Partly
	// those of them that lack some of the subject's networks, Against those by which
	// there is another.
	Lists   []string `json:"lists"`
	Partly  []string `json:"partly"`
	Against []string `json:"against"`
	// Direct says that it is a neighbour of the subject on the paths that were seen.
	Direct bool `json:"direct"`
}
