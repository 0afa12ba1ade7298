package source

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"constat/moment"
)

var (
	fileName  = regexp.MustCompile(`^(updates|bview|rib)\.([0-9]{8})\.([0-9]{4})(\.[^/\\]*)?$`)
	monthName = regexp.MustCompile(`^[0-9]{4}\.[0-9]{2}$`)
	caidaName = regexp.MustCompile(`^(ris|routeviews)\.([^/\\]+)\.(updates|ribs)\.([0-9]{9,10})(\.[^/\\]*)?$`)
	pchName   = regexp.MustCompile(`^(route-collector\.[^/\\]+\.pch\.net)-mrt-bgp-updates-([0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2})(\.[^/\\]*)?$`)
	risName   = regexp.MustCompile(`^rrc[0-9]{2}$`)
)

// named is what the name of a file tells.
type named struct {
	kind  Kind
	start moment.Time
	// collector and archive are empty unless the name has them.
	collector, archive string
}

// parseName reads a name of the archives: updates.20100227.1600.gz,
// bview.20000111.0032.gz (RIS), rib.20140523.0600.bz2 (RouteViews); or one that
// names its collector as well: ris.rrc06.updates.1427846400.gz (CAIDA, as BGPStream
// has them), route-collector.ams.pch.net-mrt-bgp-updates-2014-12-22-16-00.gz (PCH).
func parseName(name string) (n named, ok bool) {
	if m := caidaName.FindStringSubmatch(name); m != nil {
		sec, err := strconv.ParseInt(m[4], 10, 64)
		n := named{RIB, moment.Unix(sec, 0), m[2], m[1]}
		if m[3] == "updates" {
			n.kind = Updates
		}
		return n, err == nil
	}
	if m := pchName.FindStringSubmatch(name); m != nil {
		t, err := time.Parse("2006-01-02-15-04", m[2])
		return named{kind: Updates, start: moment.FromTime(t), collector: m[1]}, err == nil
	}
	kind, start, ok := parseTimeName(name)
	return named{kind: kind, start: start}, ok
}

// parseTimeName reads a name as the archives have it: kind and time.
func parseTimeName(name string) (kind Kind, start moment.Time, ok bool) {
	m := fileName.FindStringSubmatch(name)
	if m == nil {
		return Unknown, 0, false
	}
	t, err := time.Parse("200601021504", m[2]+m[3])
	if err != nil {
		return Unknown, 0, false
	}
	kind = RIB
	if m[1] == "updates" {
		kind = Updates
	}
	return kind, moment.FromTime(t), true
}

// collectorOf tells from the folders above a file whose it is. The layouts are
//
//	rrc15/2010.02/updates.20100227.1600.gz                                 RIS
//	route-views.sydney/bgpdata/2014.12/UPDATES/updates.20141222.1600.bz2   RouteViews
//	bgpdata/2014.12/RIBS/rib.20141222.1600.bz2                             route-views2, at the archive's root
//
// and any part of one below the collector's folder may be missing. archive is
// empty if the folder is no archive's; collector is then its bare name.
func collectorOf(abs string) (collector, archive string) {
	parts := strings.Split(filepath.ToSlash(filepath.Dir(abs)), "/")
	last := func() string {
		if len(parts) == 0 {
			return ""
		}
		return parts[len(parts)-1]
	}
	drop := func() { parts = parts[:len(parts)-1] }
	if s := last(); s == "UPDATES" || s == "RIBS" {
		drop()
	}
	if monthName.MatchString(last()) {
		drop()
	}
	if last() == "bgpdata" {
		drop()
		switch s := last(); s {
		case "", "routeviews", "routeviews.org", "archive.routeviews.org", "www.routeviews.org":
			return "route-views2", "routeviews"
		default:
			return s, "routeviews"
		}
	}
	switch s := last(); {
	case risName.MatchString(s):
		return s, "ris"
	case strings.HasPrefix(s, "route-views"):
		return s, "routeviews"
	default:
		return s, ""
	}
}
