package mrt_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"

	"constat/wire/mrt"
)

// A file of two records, of which the second is cut off: what could be read is
// given, and what could not is said.
func Example() {
	record := "4b893f80" + "0010" + "0004" + "0000004b" + // time, BGP4MP, MESSAGE_AS4, length
		"0000fbf0" + "0000fbff" + "0000" + "0001" + "c0000201" + "c00002fe" + // session: AS64496 with the collector, over IPv4
		"ffffffffffffffffffffffffffffffff" + "0037" + "02" + // BGP: UPDATE
		"0004" + "18c63364" + // withdrawn: 198.51.100.0/24
		"0018" + "40010100" + "40020a" + "0202" + "0000fbf0" + "0000fbf1" + "400304" + "c0000201" + // attributes
		"18cb0071" // announced: 203.0.113.0/24
	file, err := hex.DecodeString(record + record[:60])
	if err != nil {
		fmt.Println(err)
		return
	}
	var w mrt.Walker
	for r := mrt.NewReader(bytes.NewReader(file)); ; {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil { // a *mrt.Damage: the reader goes on behind it, if it can
			fmt.Println(err)
			continue
		}
		w.Record(rec)
		for w.Next() {
			switch e := w.Elem(); e.Kind {
			case mrt.Announce:
				fmt.Println(e.Time, e.PeerAddr, "announces", e.Prefix, "by", e.Path())
			case mrt.Withdraw:
				fmt.Println(e.Time, e.PeerAddr, "withdraws", e.Prefix)
			}
		}
		if err := w.Err(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// 2010-02-27T15:51:28Z 192.0.2.1 withdraws 198.51.100.0/24
	// 2010-02-27T15:51:28Z 192.0.2.1 announces 203.0.113.0/24 by 64496 64497
	// offset 87: file ends inside a record (BGP4MP/MESSAGE_AS4): 30 of 87 bytes are there
}
