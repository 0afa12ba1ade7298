package scan

import (
	"cmp"
	"slices"

	"constat/moment"
	"constat/routes/vantage"
)

// A session that is reset without a word in the log sends its whole table again. Its length tells
// that only of a large one ([joined.transfers]). A small one is told by the End-of-RIB behind
// it, which a router sends when the first update of a session is complete, and at no other
// time (RFC 4724 §2); and if most sessions of a collector are so told within minutes, it is the
// collector that restarted, and with it the others.
//
// Example: a collector of 30 peers is silent from 14:06:39 to 14:07:39. Then each of them sends 34
// of the 36 prefixes of its table, and an End-of-RIB. The two that it does not send it does not
// have, though nobody withdrew them.

// markedMost is how many such marks are believed of a peer of which no snapshot tells the size of its
// table: an empty update is the same, and may be sent for another reason.
const markedMost = 6

// markedTransfers adds the tables that ended with an End-of-RIB behind no opening that is logged. A dense
// burst that is one of them is used.
func (j *joined) markedTransfers(used map[*denseBurst]bool) {
	eors := slices.Clone(j.eors)
	slices.SortStableFunc(eors, func(a, b eor) int { return cmp.Compare(a.at, b.at) })
	covered, unexplained := moment.Time(-1), 0
	var found []vantage.Transfer
	for _, e := range eors {
		if j.openedWithin(e.at-3600*moment.Second, e.at) {
			continue
		}
		if unexplained++; e.at <= covered {
			continue
		}
		t, ok := j.markedTransfer(e)
		if !ok {
			continue
		}
		// Of another family there may be one more.
		covered = e.at + openingWait
		found = append(found, t)
	}
	if j.table == 0 && unexplained > markedMost {
		return
	}
	for _, t := range found {
		for _, d := range j.dense {
			if d.from <= t.Until && t.From <= d.last+openingWait {
				used[d] = true
			}
		}
	}
	j.Transfers = append(j.Transfers, found...)
}

// openedWithin reports whether a session was seen to come up between two moments.
func (j *joined) openedWithin(from, until moment.Time) bool {
	return slices.ContainsFunc(j.States, func(s vantage.StateChange) bool {
		return s.New == vantage.Established && s.At >= from && s.At <= until
	})
}

// markedTransfer is what was sent before an End-of-RIB: what came without a pause of [runPause] or, if that
// is less than half of the table that the peer had in a snapshot, of [quietPause], or a dense burst. It is
// not ok if all of these are less, or nothing.
func (j *joined) markedTransfer(e eor) (vantage.Transfer, bool) {
	t := vantage.Transfer{From: e.from, Until: e.at, Announced: e.announced, EndOfRIB: true}
	whole := func() bool { return t.Announced > 0 && 2*max(t.Announced, t.Distinct) >= j.table }
	since := e.before
	if k := slices.IndexFunc(j.bursts, func(b burst) bool { return b.from <= e.at && e.at <= b.last }); !whole() && k >= 0 && e.at-j.bursts[k].from <= openingWithout {
		t.From, t.Announced, since = j.bursts[k].from, j.bursts[k].announced, 0
	}
	for _, d := range j.dense {
		if !whole() && d.from <= e.at && e.at <= d.last+openingWait {
			t.From, t.Announced, t.Distinct, since = min(t.From, d.from), d.announced, d.size(), 0
		}
	}
	if !whole() {
		return t, false
	}
	if since == 0 || since > t.From {
		since = j.heardBefore(t.From)
	}
	t.Since = &since
	return t, true
}

// heardBefore is when a peer was last heard before a moment, or listed in a snapshot; that
// moment if it never was.
func (j *joined) heardBefore(at moment.Time) moment.Time {
	last := moment.Time(-1)
	for _, b := range j.bursts {
		switch {
		case b.last < at:
			last = max(last, b.last)
		case b.from < at:
			last = max(last, at-1)
		}
	}
	for _, t := range j.listed {
		if t < at {
			last = max(last, t)
		}
	}
	if last < 0 {
		return at
	}
	return last
}

// Restarts of collectors: so many peers sent their tables again within so long a time, of
// so many that were heard before.
const (
	restartPeers  = 3
	restartWithin = 300 * moment.Second
)

// restarted finds where a collector restarted without a word: three quarters of its peers that
// had been heard send their tables again within five minutes, three of them at least with an
// End-of-RIB, and none speaks on that does not. Its sessions were up as long as it heard anybody, and then none was.
func restarted(peers []*joined) {
	type sent struct {
		peer *joined
		n    int // of its transfers
	}
	var all []sent
	for _, j := range peers {
		for n, t := range j.Transfers {
			if t.Since != nil {
				all = append(all, sent{j, n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b sent) int {
		return cmp.Compare(a.peer.Transfers[a.n].From, b.peer.Transfers[b.n].From)
	})
	at := func(s sent) *vantage.Transfer { return &s.peer.Transfers[s.n] }
	for len(all) > 0 {
		first := at(all[0]).From
		n := 0
		mine, last := map[*joined]bool{}, moment.Time(0)
		for n < len(all) && at(all[n]).From <= first+restartWithin {
			mine[all[n].peer] = true
			last = max(last, at(all[n]).Until)
			n++
		}
		before, sentToo, quiet, goesOn := 0, 0, moment.Time(-1), false
		for _, j := range peers {
			if j.First < first {
				before++
				if !mine[j] && j.sentAgain(first, last) {
					sentToo++
				}
				goesOn = goesOn || !mine[j] && j.goesOn(first, last)
				if h := j.heardBefore(first); h < first {
					quiet = max(quiet, h)
				}
			}
		}
		if len(mine) >= restartPeers && 4*(len(mine)+sentToo) >= 3*before && quiet >= 0 && !goesOn {
			for _, s := range all[:n] {
				since := max(*at(s).Since, quiet)
				at(s).Since = &since
			}
			for _, j := range peers {
				if !mine[j] && j.First < first {
					j.withTheOthers(quiet, first, last)
				}
			}
		}
		all = all[n:]
	}
}

// sentAgain reports whether a peer sent, without an End-of-RIB, three quarters as many prefixes as
// its table had in a snapshot in bursts that began between two moments.
func (j *joined) sentAgain(from, until moment.Time) bool {
	n := int64(0)
	for _, b := range j.bursts {
		if b.from >= from && b.from <= until {
			n += b.announced
		}
	}
	return j.table > 0 && 4*n >= 3*j.table
}

// goesOn reports whether a peer, of whose session nothing is logged, speaks on from a moment until minutes
// after another without sending half of its table: its session was not reset, and so the collector did not restart.
//
// Example: six of eight peers send their tables again at 12:40, and had been silent since 12:35. The two others speak every 40
// s all the time. The six were not up until 12:39:58, when one of these two spoke last before that.
func (j *joined) goesOn(from, until moment.Time) bool {
	n, spoke := int64(0), false
	for _, b := range j.bursts {
		if b.last >= from && b.from <= until+openingWithout {
			n, spoke = n+b.announced, true
		}
	}
	return spoke && 2*n < j.table && !slices.ContainsFunc(j.States, func(s vantage.StateChange) bool { return s.At >= from-openingWithout && s.At <= until+openingWithout })
}

// withTheOthers notes that the session of a peer was reset with those of the other peers, if
// nothing is logged of it.
func (j *joined) withTheOthers(quiet, first, last moment.Time) {
	if slices.ContainsFunc(j.States, func(s vantage.StateChange) bool { return s.At >= quiet && s.At <= last }) ||
		slices.ContainsFunc(j.Transfers, func(t vantage.Transfer) bool { return t.From <= last && t.Until >= quiet }) {
		return
	}
	t := vantage.Transfer{From: first, Until: max(last, first+moment.Second), Since: &quiet}
	for _, b := range j.bursts {
		if b.from > quiet && b.from <= last {
			t.Announced += b.announced
			t.Until = max(t.Until, min(b.last, b.from+openingWithout)+moment.Second)
		}
	}
	j.Transfers = append(j.Transfers, t)
	sortTransfers(j.Transfers)
}

func sortTransfers(ts []vantage.Transfer) {
	slices.SortFunc(ts, func(a, b vantage.Transfer) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until))
	})
}
