package blocks

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// week is next week's nine drafts, of which so many wait still.
func (b bakery) week(waiting int) report.WeekView {
	v := report.WeekView{
		Frame: b.frame(), Week: "2025-W49", Waiting: waiting,
		Kinds: []report.KindCount{{Kind: engine.KindSocial, N: 7}, {Kind: engine.KindEmail, N: 1}, {Kind: engine.KindBlog, N: 1}},
	}
	if waiting > 0 {
		v.Minutes, v.First = b.n(6, 600), day(31, 9, 10).Add(time.Duration(9-waiting)*24*time.Hour)
	}
	for i := range b.n(9, 60) {
		it := report.WeekItem{Row: b.row(engine.StateWaiting, "waits for your yes"), Digest: b.waiting().Output.Digest, Waits: true}
		it.Slot = day(31, 9, 10).Add(time.Duration(i) * 19 * time.Hour)
		if i > 0 {
			it.Output = fmt.Sprintf("01K0RYE00000000000000000%02d", i)
		}
		if i >= waiting {
			it.Waits, it.State, it.Words, it.By, it.At = false, engine.StateScheduled, "approved", tomi, day(24, 9, 30)
		}
		if i == 8 && !it.Waits {
			it.State, it.Words = engine.StateRejected, "rejected"
		}
		if it.State == engine.StateScheduled {
			v.Goes++
		}
		v.Items = append(v.Items, it)
	}
	if v.Next = v.First; v.Next.IsZero() {
		v.Next = v.Items[len(v.Items)-1].Slot
	}
	v.From = engine.WeekStart(v.Items[0].Slot, helsinki)
	return v
}

// unaskedWeek is a week of which nothing waits: so many are stopped by a rule, the rest goes out unless somebody stops it.
func (b bakery) unaskedWeek(held int) report.WeekView {
	v := b.week(0)
	v.Goes, v.Held, v.Unasked, v.Minutes, v.Next = 0, held, len(v.Items)-held, b.n(6, 600), v.Items[0].Slot
	for i := range v.Items {
		it := &v.Items[i]
		it.By, it.At, it.State, it.Words, it.Window = "", time.Time{}, engine.StateScheduled, "goes out by itself", true
		if i < held {
			it.State, it.Words, it.Window = engine.StateHeld, "stopped, needs you", false
		}
	}
	return v
}

func (b bakery) atWeek(at Place, page int) AtWeek {
	at.Week, at.Began = "2025-W49", 1764000000000
	return AtWeek{Place: at, Page: page, Viewer: mari}
}

// book is a post of more text than a page of the window of a week holds.
func (b bakery) book() report.PieceView {
	return b.piece(engine.StateWaiting, "waits for your yes", func(v *report.PieceView) {
		v.Output.Variants = []engine.Variant{{Name: "A", Subject: "How we bake", Shown: strings.Repeat("We bake rye on Mondays, oat on Tuesdays.\n\n", 400) + link, Link: link}}
	})
}

func (b bakery) ownEdit() report.PieceView {
	v := b.edited(engine.StateWaiting)
	v.Output.EditedBy, v.MayDecide = mari, []string{tomi}
	return v
}

// All pages of a piece hold all of it, each a part that fits, and only the last one has Approve, which does not stand where the page was turned.
func TestOnlyTheLastPageHasApprove(t *testing.T) {
	b := bakery{}
	v := b.book()
	n := WeekPages(v)
	if n < 3 {
		t.Fatalf("it has %d pages", n)
	}
	var all strings.Builder
	for _, p := range weekPages(v.Output) {
		for _, w := range p {
			all.WriteString(w.Shown)
		}
	}
	if all.String() != v.Output.Variants[0].Shown {
		t.Error("the pages do not add up to the piece")
	}
	for page := range n {
		var ids []string
		for _, blk := range WeekWindow(b.week(7), v, b.atWeek(Place{}, page)).Blocks.BlockSet {
			if a, ok := blk.(*slack.ActionBlock); ok {
				for _, e := range a.Elements.ElementSet {
					ids = append(ids, e.(*slack.ButtonBlockElement).ActionID)
				}
			}
		}
		want := []string{"read_on", "page_back", "edit", "reject", "next"} // a row holds three
		switch page {
		case 0:
			want = []string{"read_on", "edit", "reject", "next"}
		case n - 1:
			want = []string{"page_back", "approve", "edit", "reject", "next"}
		}
		if fmt.Sprint(ids) != fmt.Sprint(want) {
			t.Errorf("page %d has %v, want %v", page, ids, want)
		}
	}
}

// What takes the place of a window that was sent in rides on an acknowledgement, of which Slack drops those of 20 kB.
func TestAWeeksWindowFitsAnAcknowledgement(t *testing.T) {
	b := bakery{large: true}
	for _, v := range []report.PieceView{b.waiting(), b.newsletter(), b.book(), b.edited(engine.StateWaiting)} {
		for page := range WeekPages(v) {
			if raw := asView("", WeekWindow(b.week(7), v, b.atWeek(Place{}, page))).raw; len(raw) > 18_000 && page < WeekPages(v)-1 {
				t.Errorf("page %d of %d has %d bytes", page, WeekPages(v), len(raw))
			}
		}
	}
}
