package desk

import (
	"strings"
	"testing"
	"time"

	"koira/engine"
)

func TestHandPublished(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "by-hand", "Rye.", start.Add(day))
	want(t, w.HandPublished(w.ctx, person(olli), o.ID, o.Digest, "bsky.example/1"), engine.CodeInvalid, "A link looks like")
	must(t, w.HandPublished(w.ctx, person(olli), o.ID, o.Digest, "https://bsky.example/1"))
	if got := w.wantState(t, o.ID, engine.StatePublished); got.URL != "https://bsky.example/1" {
		t.Errorf("url %q", got.URL)
	}
	due, err := w.store.DueReads(w.ctx, w.clock.Now())
	if err != nil || len(due) != 1 || due[0].Output != o.ID || due[0].Ref.URL != "https://bsky.example/1" {
		t.Errorf("to be measured: %+v, %v", due, err)
	}
	said, err := w.store.Reviews(w.ctx, "by-hand", time.Time{})
	if err != nil || len(said) != 1 || said[0].Verdict != engine.ReviewPosted || said[0].By != olli {
		t.Errorf("reviews: %+v, %v", said, err)
	}
	want(t, w.HandPublished(w.ctx, person(olli), o.ID, o.Digest, "https://bsky.example/2"), engine.CodeConflict, "Not recorded.")
}

// One link is one post, however it was recorded, and whichever task of the channel it is recorded for.
func TestOneLinkIsOnePost(t *testing.T) {
	const here = "https://bsky.example/1"
	w := newWorld(t)
	a, b := w.piece(t, "by-hand", "Rye.", start.Add(day)), w.piece(t, "by-hand", "Buns.", start.Add(2*day))
	must(t, w.HandPublished(w.ctx, person(olli), a.ID, a.Digest, here))
	says := []string{"“Rye.” (By hand, ", "One link is one post", "Nothing changed."}
	want(t, w.HandPublished(w.ctx, person(olli), b.ID, b.Digest, here), engine.CodeConflict, says...)
	w.wantState(t, b.ID, engine.StateHanded)
	_, err := w.Posted(w.ctx, person(olli), "daily-social", here)
	want(t, err, engine.CodeConflict, says...)
	if due, err := w.store.DueReads(w.ctx, w.clock.Now()); err != nil || len(due) != 1 {
		t.Errorf("one post is measured as %d, %v", len(due), err)
	}
	_, err = w.Posted(w.ctx, person(olli), "weekly-newsletter", here)
	must(t, err) // what was mailed says where it is read
	must(t, w.HandPublished(w.ctx, person(olli), b.ID, b.Digest, here+"0"))
}

// A piece that people publish by hand stays with them for days after its time, however it came to them; one that koira publishes does not.
func TestWhatPeoplePublishStaysForDays(t *testing.T) {
	for name, c := range map[string]struct {
		gets func(t *testing.T, w *world) engine.Output
		days bool
	}{
		"asked for, at L1": {func(t *testing.T, w *world) engine.Output {
			o, err := w.Ask(w.ctx, person(olli), "by-hand")
			must(t, err)
			return o
		}, true},
		"asked for, at L3": {func(t *testing.T, w *world) engine.Output {
			o, err := w.Ask(w.ctx, person(olli), "daily-social")
			must(t, err)
			return o
		}, false},
		"its task fell to L1": {func(t *testing.T, w *world) engine.Output {
			o := w.piece(t, "daily-social", "Rye.", start.Add(day))
			must(t, w.setLevel(olli, "daily-social", engine.L3, engine.L1))
			return w.wantState(t, o.ID, engine.StateHanded)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.gets(t, newWorld(t))
			if stays := o.Expires.Sub(o.Slot); stays > day != c.days {
				t.Errorf("it ends %s after its time", stays)
			}
		})
	}
}

func TestPosted(t *testing.T) {
	w := newWorld(t)
	_, err := w.Posted(w.ctx, person(venla), "by-hand", "https://bsky.example/1")
	want(t, err, engine.CodeDenied)
	o, err := w.Posted(w.ctx, person(olli), "by-hand", "https://bsky.example/1")
	must(t, err)
	if got := w.wantState(t, o.ID, engine.StatePublished); got.Origin != engine.OriginHand || got.CostMax != 0 {
		t.Errorf("origin %s, cost %d", got.Origin, got.CostMax)
	}
	if due, err := w.store.DueReads(w.ctx, w.clock.Now()); err != nil || len(due) != 1 {
		t.Errorf("to be measured: %+v, %v", due, err)
	}
	_, err = w.Posted(w.ctx, person(olli), "by-hand", "https://bsky.example/1")
	want(t, err, engine.CodeConflict, "recorded already")
}

func TestAsk(t *testing.T) {
	w := newWorld(t)
	o, err := w.Ask(w.ctx, person(olli), "daily-social")
	must(t, err)
	got := w.wantState(t, o.ID, engine.StatePlanned)
	if got.Origin != engine.OriginAsked || got.Arms.Theme != "" || !got.Slot.Equal(start.Add(time.Hour)) || got.CostMax != 40*engine.Unit {
		t.Errorf("planned: %+v", got)
	}
	again, err := w.Ask(w.ctx, person(olli), "daily-social")
	must(t, err)
	if !again.Slot.Equal(time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC)) {
		t.Errorf("the second stands at %s", again.Slot)
	}
	if got.Audience != 1240 || got.Campaign != "" {
		t.Errorf("for %d people, in the campaign %q", got.Audience, got.Campaign)
	}
	w.level(t, "by-hand", engine.L0)
	_, err = w.Ask(w.ctx, person(olli), "by-hand")
	want(t, err, engine.CodeBlocked, "By hand is at L0 (by hand): I do not write for it.")
	must(t, w.PauseTask(w.ctx, person(olli), "daily-social", "holiday"))
	_, err = w.Ask(w.ctx, person(olli), "daily-social")
	want(t, err, engine.CodeBlocked, "paused: holiday")
}

func TestWhatIsAskedForBelongsToTheCampaignOfItsSlot(t *testing.T) {
	w := newWorld(t)
	s, err := w.store.Strategy(w.ctx)
	must(t, err)
	s.Offers = []engine.Offer{
		{Key: "today", Until: start.Add(day / 2)}, {Key: "tomorrow", From: start.Add(day / 2), Until: start.Add(3 * day / 2)}, {Key: "always"},
	}
	_, err = w.store.SetStrategy(w.ctx, s, person(mari), start, "offers")
	must(t, err)
	for _, campaign := range []string{"today", "tomorrow", "always"} {
		o, err := w.Ask(w.ctx, person(olli), "daily-social")
		must(t, err)
		if got := w.now(t, o.ID); got.Campaign != campaign {
			t.Errorf("at %s: campaign %q, want %q", got.Slot, got.Campaign, campaign)
		}
	}
}

func TestAddCopy(t *testing.T) {
	w := newWorld(t)
	_, err := w.AddCopy(w.ctx, person(olli), "daily-social", "Our own words.")
	want(t, err, engine.CodeDenied, "Only approvers and owners can queue their own text.")
	o, err := w.AddCopy(w.ctx, person(tomi), "daily-social", " Our own words. ")
	must(t, err)
	got := w.wantState(t, o.ID, engine.StateWaiting)
	if got.Origin != engine.OriginCopy || got.Variants[0].Body != "Our own words." || got.Audience != 1240 || got.EditedBy != tomi || got.WaitsFor == "" {
		t.Errorf("queued: %+v", got)
	}
	want(t, w.Approve(w.ctx, person(tomi), yes(got)), engine.CodeDenied, "wrote this text last")
	must(t, w.Approve(w.ctx, person(mari), yes(got)))

	letter, err := w.AddCopy(w.ctx, person(tomi), "weekly-newsletter", "Advent hours\n\nOpen until 19.")
	must(t, err)
	if v := w.now(t, letter.ID).Variants[0]; v.Subject != "Advent hours" || v.Body != "Open until 19." {
		t.Errorf("subject %q, body %q", v.Subject, v.Body)
	}
	for name, c := range map[string]struct {
		task, text string
		code       engine.Code
		part       string
	}{
		"nothing":              {"daily-social", "  ", engine.CodeInvalid, "The text is empty"},
		"too long":             {"daily-social", strings.Repeat("a", 61), engine.CodeInvalid, "takes 60"},
		"a subject alone":      {"weekly-newsletter", "Advent hours", engine.CodeInvalid, "The text of wording A is empty"},
		"where people publish": {"by-hand", "Rye.", engine.CodeBlocked, "/koira posted by-hand <link>"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.AddCopy(w.ctx, person(tomi), c.task, c.text)
			want(t, err, c.code, c.part)
		})
	}
	held, err := w.AddCopy(w.ctx, person(tomi), "daily-social", "Politics.")
	must(t, err)
	w.wantState(t, held.ID, engine.StateHeld)
}

func TestReuse(t *testing.T) {
	w := newWorld(t)
	o := w.piece(t, "daily-social", "Rye.", start.Add(day))
	at := start.Add(4 * day)
	_, err := w.Reuse(w.ctx, person(olli), o.ID, o.Digest, at)
	want(t, err, engine.CodeConflict, "Nothing was queued.")
	must(t, w.Reject(w.ctx, person(tomi), No{Output: o.ID, Digest: o.Digest, Reason: "timing"}))
	n, err := w.Reuse(w.ctx, person(olli), o.ID, o.Digest, at)
	must(t, err)
	got := w.wantState(t, n.ID, engine.StateWaiting)
	if got.ID == o.ID || got.Variants[0].Body != "Rye." || !got.Slot.Equal(at) || got.Digest != engine.DigestOf(got) {
		t.Errorf("reused: %+v", got)
	}
	w.wantState(t, o.ID, engine.StateRejected)
	_, err = w.Reuse(w.ctx, person(olli), o.ID, o.Digest, at)
	want(t, err, engine.CodeConflict, "Another piece")
}
