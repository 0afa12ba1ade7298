// Package rib knows what each peer carried, and when nobody can know.
//
// It has three parts. [ScanFile] reads whole files and keeps who was looking:
// sessions, tables, transfers, liveness, damage ([Watch]). A [Ledger] turns
// that into intervals of blindness. A [Table] follows the routes of the
// prefixes that matter through announcements, withdrawals and snapshots; package
// assess makes of them the histories in which outages are found.
//
// It promises that unknown is never down: at a hole, a lost session or a table
// transfer every route becomes unknown, and becomes known again only by what
// the peer says afterwards. It does not decide what an outage is.
package rib
