package source

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"constat/internal/worded"
)

// archive is one of the public archives.
type archive struct {
	name string
	url  string // without a slash at the end
	env  string // variable that overrides url
	// collectors are those known to have existed. Others may be asked for by
	// name: the archive's listing decides.
	collectors []collector
	// folders are where a collector's files of a month lie, below url.
	folders func(collector, month string) map[Kind]string
	names   *regexp.Regexp
	// links finds collectors in the archive's front page.
	links *regexp.Regexp
	snaps time.Duration // between snapshots, to know how far back to look
}

// collector is when one was recording, by month. Zero times are unknown.
// Where they are known, a month without a folder inside them is blindness;
// where not, the collector counts as absent.
type collector struct {
	name         string
	since, until string // "2005.12"; empty: unknown, or still recording
}

// The collectors of RIS. Names, places, and which are historic (02, 08, 09):
// RIS's own documentation, ris.ripe.net/docs/route-collectors; there never was
// an rrc17. The months of birth and death are common knowledge of the field
// that could be checked in part only: rrc00 of September 1999 and rrc01 of
// November 2000 exist as files, and the first beacons of rrc21, rrc23 and rrc24
// (November 2015, December 2017, February 2019) agree. They keep us from asking
// for what cannot be there and from calling a collector blind before it was
// born; in all else the listings decide.
var risCollectors = []collector{
	{"rrc00", "1999.09", ""},
	{"rrc01", "2000.07", ""},
	{"rrc02", "2001.03", "2008.10"},
	{"rrc03", "2001.01", ""},
	{"rrc04", "2001.04", ""},
	{"rrc05", "2001.06", ""},
	{"rrc06", "2001.08", ""},
	{"rrc07", "2002.04", ""},
	{"rrc08", "2002.05", "2004.09"},
	{"rrc09", "2003.05", "2004.02"},
	{"rrc10", "2003.11", ""},
	{"rrc11", "2004.02", ""},
	{"rrc12", "2004.07", ""},
	{"rrc13", "2005.04", ""},
	{"rrc14", "2004.12", ""},
	{"rrc15", "2005.12", ""},
	{"rrc16", "2008.02", ""},
	{"rrc18", "2015.11", ""},
	{"rrc19", "2015.11", ""},
	{"rrc20", "2015.11", ""},
	{"rrc21", "2015.11", ""},
	{"rrc22", "2017.11", ""},
	{"rrc23", "2017.11", ""},
	{"rrc24", "2019.02", ""},
	{"rrc25", "2021.02", ""},
	{"rrc26", "2021.10", ""},
}

// The collectors of RouteViews that write MRT, by the folders of its archive.
// Its own interface (api.routeviews.org/collector) has dates of installation
// and removal; only those that could be checked are here, and the listing
// decides for the rest.
var routeViewsCollectors = []collector{
	{"route-views2", "2001.10", ""},
	{"route-views3", "", ""},
	{"route-views4", "", ""},
	{"route-views5", "", ""},
	{"route-views6", "", ""},
	{"route-views7", "", ""},
	{"route-views8", "2025.03", ""},
	{"route-views.amsix", "", ""},
	{"route-views.bdix", "", ""},
	{"route-views.bknix", "", ""},
	{"route-views.chicago", "", ""},
	{"route-views.chile", "2018.01", ""},
	{"route-views.eqix", "", ""},
	{"route-views.flix", "", ""},
	{"route-views.fortaleza", "", ""},
	{"route-views.gixa", "", ""},
	{"route-views.gorex", "", ""},
	{"route-views.isc", "", ""},
	{"route-views.jinx", "", ""},
	{"route-views.kixp", "", ""},
	{"route-views.linx", "", ""},
	{"route-views.mwix", "", ""},
	{"route-views.napafrica", "", ""},
	{"route-views.nwax", "", ""},
	{"route-views.ny", "", ""},
	{"route-views.perth", "", ""},
	{"route-views.peru", "", ""},
	{"route-views.phoix", "", ""},
	{"route-views.rio", "", ""},
	{"route-views.saopaulo", "", ""},
	{"route-views2.saopaulo", "", ""},
	{"route-views.sfmix", "", ""},
	{"route-views.sg", "", ""},
	{"route-views.siex", "", ""},
	{"route-views.soxrs", "", ""},
	{"route-views.sydney", "", ""},
	{"route-views.telxatl", "", ""},
	{"route-views.uaeix", "", ""},
	{"route-views.wide", "", ""},
	{"cix.atl", "", ""},
	{"crix.sjo", "", ""},
	{"decix.jhb", "", ""},
	{"hkix.hkg", "", ""},
	{"iraq-ixp.bgw", "", ""},
	{"pacwave.lax", "", ""},
	{"pit.scl", "", ""},
	{"pitmx.qro", "", ""},
}

var allArchives = []*archive{
	{
		name: "ris", url: "https://data.ris.ripe.net", env: "CONSTAT_RIS_URL",
		collectors: risCollectors,
		folders: func(c, month string) map[Kind]string {
			return map[Kind]string{Unknown: c + "/" + month + "/"} // both kinds in one folder
		},
		names: regexp.MustCompile(`^rrc[0-9]{2}$`),
		links: regexp.MustCompile(`(?i)href\s*=\s*["']?[^"'> ]*\b(rrc[0-9]{2})/?["'> ]`),
		snaps: 8 * time.Hour,
	},
	{
		name: "routeviews", url: "https://archive.routeviews.org", env: "CONSTAT_ROUTEVIEWS_URL",
		collectors: routeViewsCollectors,
		folders: func(c, month string) map[Kind]string {
			dir := c + "/bgpdata/" + month + "/"
			if c == "route-views2" { // the first collector lies at the root
				dir = "bgpdata/" + month + "/"
			}
			return map[Kind]string{RIB: dir + "RIBS/", Updates: dir + "UPDATES/"}
		},
		names: regexp.MustCompile(`^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$`),
		links: regexp.MustCompile(`(?i)href\s*=\s*["']?(?:[^"'> ]*/)?([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*)/bgpdata/?["'> ]`),
		snaps: 2 * time.Hour,
	},
}

func archiveNames() []string {
	var out []string
	for _, a := range allArchives {
		out = append(out, a.name)
	}
	return out
}

// parseArchive reads "ris" or "ris:rrc00,rrc21". It returns nil if the spec is
// no archive's.
func parseArchive(spec string) (*archive, []string, error) {
	name, list, some := strings.Cut(spec, ":")
	i := slices.IndexFunc(allArchives, func(a *archive) bool { return a.name == name })
	if i < 0 {
		return nil, nil, nil
	}
	a := allArchives[i]
	if !some {
		return a, nil, nil
	}
	var names []string
	for c := range strings.SplitSeq(list, ",") {
		c = strings.TrimSpace(c)
		o := archiveOf(c)
		if !a.names.MatchString(c) && o == nil {
			return nil, nil, worded.Errorf("source %s: %q is no name of a collector of %s; they are named as in %s",
				spec, c, a.name, a.name+":"+a.collectors[0].name)
		}
		if o != nil && o != a {
			if _, own := a.known(c); !own {
				return nil, nil, worded.Errorf("source %s: %s is a collector of %s: %s", spec, c, o.name, o.name+":"+c)
			}
		}
		if !slices.Contains(names, c) {
			names = append(names, c)
		}
	}
	return a, names, nil
}

// archiveOf is the archive that is known to have a collector; nil if none is.
func archiveOf(collector string) *archive {
	for _, a := range allArchives {
		if _, ok := a.known(collector); ok {
			return a
		}
	}
	return nil
}

// base is where the archive is: as the options, the environment or the
// archive's owner say.
func (a *archive) base(opts Options) string {
	u := a.url
	if v := os.Getenv(a.env); v != "" {
		u = v
	}
	if v := opts.URLs[a.name]; v != "" {
		u = v
	}
	return strings.TrimRight(u, "/")
}

// known returns what the table says of a collector.
func (a *archive) known(name string) (collector, bool) {
	for _, c := range a.collectors {
		if c.name == name {
			return c, true
		}
	}
	return collector{}, false
}

// recording reports whether the table says that a collector was recording
// through all of a month, and whether it says that it was not at all.
func (c collector) recording(month string) (surely, not bool) {
	if c.since != "" && month < c.since || c.until != "" && month > c.until {
		return false, true
	}
	// Neither first nor last month need be whole, and an open end is not
	// known to be open.
	return c.since != "" && month > c.since && (c.until == "" || month < c.until), false
}
