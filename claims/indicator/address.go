package indicator

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"constat/internal/worded"
)

// refang undoes what people do to an address so that nobody follows it by
// accident: 1[.]2[.]3[.]4, 1(dot)2, hxxp://….
var refang = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", `\.`, ".",
	"[:]", ":", "(:)", ":", "[://]", "://", "[/]", "/", "\u200b", "", "\ufeff", "")

var errNoAddress = errors.New("no IP address")

// parseAddress reads an address as indicator lists have it: plain or defanged,
// alone, as /32 or /128, with a port, or as the host of a URL. The port is
// empty where there is none.
func parseAddress(s string) (addr netip.Addr, port string, err error) {
	if len(s) > 2000 {
		return addr, "", errNoAddress
	}
	t := refang.Replace(strings.ToLower(strings.Trim(strings.TrimSpace(s), `"'<>`)))
	if scheme, rest, ok := strings.Cut(t, "://"); ok {
		if scheme == "" || strings.IndexFunc(scheme, func(r rune) bool { return (r < 'a' || r > 'z') && r != '+' }) >= 0 {
			return addr, "", errNoAddress
		}
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			rest = rest[:i]
		}
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			rest = rest[i+1:]
		}
		t = rest
	}
	if host, p, ok := strings.Cut(t, "|"); ok { // MISP's composite types
		t, port = strings.TrimSpace(host), strings.TrimSpace(p)
	}
	if host, bits, ok := strings.Cut(t, "/"); ok {
		a, err := netip.ParseAddr(host)
		n, err2 := strconv.Atoi(bits)
		switch {
		case err != nil || err2 != nil || n < 0 || n > a.BitLen():
			return addr, "", errNoAddress
		case n < a.BitLen():
			return addr, "", worded.Errorf("a block of addresses; the place of one says nothing of the others, give addresses")
		}
		t = host
	}
	if a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(t, "["), "]")); err == nil {
		if a.Zone() != "" {
			return addr, "", fmt.Errorf("an address with a zone has no meaning elsewhere")
		}
		return a.Unmap(), checkPort(port), nil
	}
	if ap, err := netip.ParseAddrPort(t); err == nil && ap.Addr().Zone() == "" {
		return ap.Addr().Unmap(), strconv.Itoa(int(ap.Port())), nil
	}
	if looksOctal(t) {
		return addr, "", worded.Errorf("numbers that begin with 0 are read differently by different programs")
	}
	return addr, "", errNoAddress
}

func checkPort(s string) string {
	if n, err := strconv.ParseUint(s, 10, 16); err == nil && n > 0 {
		return strconv.FormatUint(n, 10)
	}
	return ""
}

// looksOctal reports four numbers of which one begins with a zero.
func looksOctal(s string) bool {
	f := strings.Split(s, ".")
	if len(f) != 4 {
		return false
	}
	zero := false
	for _, x := range f {
		if x == "" || len(x) > 4 || strings.Trim(x, "0123456789") != "" {
			return false
		}
		zero = zero || len(x) > 1 && x[0] == '0'
	}
	return zero
}
