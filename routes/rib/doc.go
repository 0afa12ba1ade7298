// Package rib knows what each peer carried of chosen prefixes, and when.
//
// A [Table] follows the routes of those prefixes through announcements,
// withdrawals and snapshots ([Feed]); package assess makes of them the histories in
// which outages are found. Who was looking it is told: the resets of package
// vantage.
//
// It promises that unknown is never down: at a hole, a lost session or a table
// transfer every route becomes unknown, and becomes known again only by what
// the peer says afterwards. It opens no file, and does not decide what an outage is.
package rib
