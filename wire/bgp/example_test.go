package bgp_test

import (
	"encoding/hex"
	"fmt"

	"constat/wire/bgp"
)

// An UPDATE takes one prefix back and announces another, by way of two networks.
func Example() {
	body, err := hex.DecodeString("0004" + "18c63364" + // withdrawn: 198.51.100.0/24
		"0018" + // attributes
		"40010100" + // ORIGIN: IGP
		"40020a" + "0202" + "0000fbf0" + "0000fbf1" + // AS_PATH: 64496 64497
		"400304" + "c0000201" + // NEXT_HOP: 192.0.2.1
		"18cb0071") // announced: 203.0.113.0/24
	if err != nil {
		fmt.Println(err)
		return
	}
	var u bgp.Update
	u.Parse(body, true)
	if fault, n := u.Err(); n > 0 {
		fmt.Println(fault)
	}
	for _, list := range []struct {
		what string
		b    []byte
	}{{"withdrawn", u.Withdrawn}, {"announced", u.Announced}} {
		nlri := bgp.NLRI{AFI: bgp.AFIv4, SAFI: 1}
		for p, _, rest, ok := nlri.Next(list.b); ok; p, _, rest, ok = nlri.Next(rest) {
			fmt.Println(list.what, p)
		}
	}
	origin, _ := u.Path().Origin()
	fmt.Println("path", u.Path(), "from", origin)
	// Output:
	// withdrawn 198.51.100.0/24
	// announced 203.0.113.0/24
	// path 64496 64497 from 64497
}
