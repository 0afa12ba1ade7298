// Package vantage says who was looking: the sessions over which routers told a
// collector what they carried.
//
// A [Peer] is one of them. A [Watch] is what reading whole files gave of all of a
// collector: sessions, tables, transfers, liveness, damage; package scan makes it. A
// [Ledger] turns it into intervals of blindness, with their reasons.
//
// It promises comparable, printable values, in one order everywhere, and that a watch
// that somebody else wrote is checked before anything is computed from it. It opens no
// file, and does not know what a peer held.
package vantage

import (
	"cmp"
	"net/netip"
)

// Peer is a session that feeds a collector. Its AS is part of its identity: RIS
// has several sessions with one address and different ASes at one collector.
type Peer struct {
	Collector string     `json:"collector"`
	Addr      netip.Addr `json:"peer"`
	AS        uint32     `json:"as"` // 0 if not known
}

// Compare orders peers by collector, then address, then AS.
func (p Peer) Compare(q Peer) int {
	return cmp.Or(cmp.Compare(p.Collector, q.Collector), p.Addr.Compare(q.Addr), cmp.Compare(p.AS, q.AS))
}

func (p Peer) String() string { return p.Collector + " " + p.Addr.String() }
