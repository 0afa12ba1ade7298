package source

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"constat/observe"
)

var (
	fileName  = regexp.MustCompile(`^(updates|bview|rib)\.([0-9]{8})\.([0-9]{4})(\.[^/\\]*)?$`)
	monthName = regexp.MustCompile(`^[0-9]{4}\.[0-9]{2}$`)
	risName   = regexp.MustCompile(`^rrc[0-9]{2}$`)
)

// parseName reads a name of the archives: updates.20100227.1600.gz,
// bview.20000111.0032.gz (RIS) or rib.20140523.0600.bz2 (RouteViews).
func parseName(name string) (kind Kind, start observe.Time, ok bool) {
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
	return kind, observe.FromTime(t), true
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
