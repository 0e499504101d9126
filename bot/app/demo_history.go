package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/desk"
)

// historyLength is how many weeks are played before the page opens: enough for a task to have earned its level.
const historyLength = 28 * 24 * time.Hour

// history plays the weeks before, with the real engine and simulated reviewers, and lets the owner allow what the record has earned. Of all
// that there was to tell, only what is still open becomes a card.
func (d *demo) history(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // it is over in a moment, and a context that can end costs the database driver a goroutine a query
	if d.dir == "" {                 // each step waits for the disk
		fmt.Fprintf(d.o.Out, "Playing the four weeks before, into %s; on a slow disk that takes a while.\n", d.path)
	}
	staff := newStaff(d)
	for d.clock.Now().Before(demoStart) {
		if err := d.core.Loop.Tick(ctx); err != nil {
			return err
		}
		if err := staff.review(ctx); err != nil {
			return err
		}
		if err := staff.allow(ctx); err != nil {
			return err
		}
		if err := d.forget(ctx); err != nil {
			return err
		}
		step, err := d.stride(ctx)
		if err != nil {
			return err
		}
		d.clock.Advance(min(step, demoStart.Sub(d.clock.Now())))
	}
	if err := staff.leave(ctx); err != nil {
		return err
	}
	if err := d.forget(ctx); err != nil {
		return err
	}
	return d.tellOpen(ctx)
}

// longest is the longest stride of the weeks before: often enough for reviewers, and for a curve of results.
const longest = 5 * time.Hour

// stride is how long nothing is due: until the next planned time, at most longest, and the whole night after nine in the evening.
func (d *demo) stride(ctx context.Context) (time.Duration, error) {
	now := d.clock.Now()
	if now.In(d.config.zone()).Hour() >= 21 {
		return now.Truncate(time.Hour).Add(9 * time.Hour).Sub(now), nil
	}
	near, err := d.core.DB.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StateScheduled, engine.StateHanded}, SlotTo: now.Add(longest), Bare: true,
	})
	if err != nil {
		return 0, err
	}
	step := longest
	for _, o := range near {
		if wait := o.Slot.Sub(now); wait > 0 {
			step = min(step, wait)
		}
	}
	return step, nil
}

// forget takes what there was to tell as told.
func (d *demo) forget(ctx context.Context) error {
	for {
		due, err := d.core.DB.DueNotices(ctx, d.clock.Now().AddDate(1, 0, 0), 200)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, n := range due {
			card, err := d.delivered(ctx, n)
			if err != nil {
				return err
			}
			if err := d.core.DB.SentNotice(ctx, n, card...); err != nil {
				return err
			}
		}
	}
}

// past is where the cards stood of which nobody sees more than that they were told: people's time to look at a piece begins with one.
const past = "C0000PAST"

// delivered is the card of a piece that goes out unless stopped.
func (d *demo) delivered(ctx context.Context, n engine.Notice) ([]engine.Card, error) {
	if n.Kind != engine.NoticeOutput {
		return nil, nil
	}
	id, _, _ := strings.Cut(n.Subject, "|")
	v, err := d.core.Report.Piece(ctx, id)
	if err != nil || !v.Window {
		return nil, err
	}
	c := engine.Card{Kind: n.Kind, Subject: id, Version: string(v.Output.Digest), Channel: past, TS: n.ID, PostedAt: d.clock.Now(), ShownAt: d.clock.Now()}
	there, err := d.core.DB.Cards(ctx, n.Kind, id)
	if slices.ContainsFunc(there, func(x engine.Card) bool { return x.Version == c.Version }) {
		return nil, err
	}
	return []engine.Card{c}, err
}

// anew takes back that a piece was told of, so that the page shows its card.
func (d *demo) anew(ctx context.Context, o engine.Output) error {
	return d.retire(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: o.ID}, func(c engine.Card) bool { return c.Channel == past })
}

// retire takes the cards of n that which chooses as no longer standing.
func (d *demo) retire(ctx context.Context, n engine.Notice, which func(engine.Card) bool) error {
	cards, err := d.core.DB.Cards(ctx, n.Kind, n.Subject)
	for _, c := range cards {
		if err == nil && which(c) {
			c.Version = "retired"
			err = d.core.DB.SaveCard(ctx, c)
		}
	}
	return err
}

// tellAgain is tellOpen on a page that is new while the file is not: the messages of the page before are gone with it.
func (d *demo) tellAgain(ctx context.Context) error {
	open, err := d.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StateHanded, engine.StateScheduled}, Bare: true})
	if err != nil {
		return err
	}
	list, err := d.core.DB.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	var gone []engine.Notice
	for _, o := range open {
		gone = append(gone, engine.Notice{Kind: engine.NoticeOutput, Subject: o.ID})
	}
	for _, e := range list {
		gone = append(gone, noticeOf(e))
	}
	for _, n := range gone {
		if err := d.retire(ctx, n, func(engine.Card) bool { return true }); err != nil {
			return err
		}
	}
	return d.tellOpen(ctx)
}

// noticeOf is the notice of an open exception.
func noticeOf(e engine.Exception) engine.Notice {
	if e.Storm != "" {
		return engine.Notice{Kind: engine.NoticeStorm, Subject: e.Storm}
	}
	return engine.Notice{Kind: engine.NoticeException, Subject: e.ID}
}

// tellOpen queues a card for everything that waits for somebody. What is needed first is told last, so that it stands where people look.
func (d *demo) tellOpen(ctx context.Context) error {
	open, err := d.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StateHanded, engine.StateScheduled}, Bare: true})
	if err != nil {
		return err
	}
	open, err = d.unlessStopped(ctx, open)
	if err != nil {
		return err
	}
	list, err := d.core.DB.OpenExceptions(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(open, func(x, y engine.Output) int { return y.Slot.Compare(x.Slot) })
	var first []engine.Notice
	for _, o := range open {
		if early := o.Slot.AddDate(0, 0, -7); early.After(d.clock.Now()) { // its card comes a week ahead: the first look is not a wall of cards
			if err := d.core.DB.AddNotice(ctx, engine.Notice{Kind: engine.NoticeOutput, Subject: o.ID, Due: early}); err != nil {
				return err
			}
			continue
		}
		first = append(first, engine.Notice{Kind: engine.NoticeOutput, Subject: o.ID})
	}
	for _, e := range list {
		first = append(first, noticeOf(e))
	}
	for i, n := range first {
		n.Due = d.clock.Now().Add(time.Duration(i-len(first)) * time.Millisecond)
		if err := d.core.DB.AddNotice(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// unlessStopped leaves of what is cleared only what goes out unless stopped, which is told anew.
func (d *demo) unlessStopped(ctx context.Context, open []engine.Output) ([]engine.Output, error) {
	kept := open[:0]
	for _, o := range open {
		if o.State == engine.StateScheduled {
			v, err := d.core.Report.Piece(ctx, o.ID)
			if err != nil {
				return nil, err
			}
			if !v.Window {
				continue
			}
			if err := d.anew(ctx, o); err != nil {
				return nil, err
			}
		}
		kept = append(kept, o)
	}
	return kept, nil
}

// staff are the simulated reviewers of the weeks before and of a headless run.
type staff struct {
	d        *demo
	dice     *rand.Rand
	owner    engine.Actor
	approver engine.Actor
	links    int
	picky    bool      // the approver has turned a newsletter down
	asked    time.Time // the day on which the owner last looked at what is earned
}

func newStaff(d *demo) *staff {
	who := func(id string) engine.Actor {
		return engine.Actor{ID: id, Team: demoTeam, Role: d.core.People.Role(id), Surface: engine.SurfaceSlack}
	}
	return &staff{d: d, dice: rand.New(rand.NewPCG(d.o.Seed, 0x7374616666)), owner: who("U0MARI0001"), approver: who("U0TOMI0001")}
}

// left is from when on pieces are left to whoever opens the page: the first one needed is for that afternoon.
var left = demoStart.Add(4 * time.Hour)

// review goes through what goes out within a day and a half: nearly all of it is approved as it is.
func (s *staff) review(ctx context.Context) error {
	now := s.d.clock.Now()
	if h := now.In(s.d.config.zone()).Hour(); h < 8 || h >= 20 {
		return nil
	}
	open, err := s.d.core.DB.Outputs(ctx, engine.OutputFilter{
		States: []engine.State{engine.StateWaiting, engine.StateHanded}, SlotTo: now.Add(36 * time.Hour),
	})
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.CreatedAt.After(now.Add(-20*time.Minute)) || now.Before(demoStart) && o.Slot.After(left) {
			continue
		}
		if err := s.decide(ctx, o); err != nil && engine.CodeOf(err) != engine.CodeConflict && engine.CodeOf(err) != engine.CodeBlocked {
			return err
		}
	}
	return nil
}

func (s *staff) decide(ctx context.Context, o engine.Output) error {
	k := s.d.core.Desk
	if o.State == engine.StateHanded {
		if s.d.clock.Now().Before(o.Slot) {
			return nil
		}
		s.links++
		link := fmt.Sprintf("https://leipa.example/%s/%s", o.Channel, o.ID)
		if err := s.d.world.PostedByHand(link, o.Variants[0].Shown, s.d.clock.Now()); err != nil {
			return err
		}
		return k.HandPublished(ctx, s.approver, o.ID, o.Digest, link)
	}
	// The first newsletter is turned down whatever the dice say: who never turns anything down has not been seen to read, and no task would come to L5.
	if dull := s.dice.IntN(30) == 0 && o.Task != "daily-social"; dull || !s.picky && o.Task == "weekly-newsletter" {
		s.picky = true
		return k.Reject(ctx, s.approver, desk.No{Output: o.ID, Digest: o.Digest, Reason: "dull", Note: "Say what is different about it."})
	}
	return k.Approve(ctx, s.approver, desk.Click{Output: o.ID, Digest: o.Digest, Audience: o.Audience, Looked: 40 * time.Second, Whole: true})
}

// rungs are what the owner allows, each once so many pieces of the task were reviewed and nothing that koira asks for is missing.
var rungs = []struct {
	task  string
	to    engine.Level
	after int
}{
	{"daily-social", engine.L4, 12}, {"daily-social", engine.L5, 20}, {"shop-notes", engine.L4, 10},
}

// allow is the owner's look once a day, and their click on each next rung that is earned.
func (s *staff) allow(ctx context.Context) error {
	day := engine.DayStart(s.d.clock.Now(), s.d.config.zone())
	if day.Equal(s.asked) {
		return nil
	}
	s.asked = day
	for _, r := range rungs {
		p, err := s.d.core.Desk.ProposeLevel(ctx, s.owner, r.task, r.to)
		if code := engine.CodeOf(err); code == engine.CodeInvalid || code == engine.CodeConflict { // not the next rung
			continue
		}
		if err != nil {
			return fmt.Errorf("looking at %s: %w", r.task, err)
		}
		if !p.Raises || p.Record.Reviewed < r.after || len(p.Missing) > 0 {
			continue
		}
		waits, err := s.d.core.Desk.SetLevel(ctx, s.owner, r.task, p.From, r.to)
		if err == nil && waits != nil {
			_, err = s.d.core.Desk.Sign(ctx, s.approver, waits.ID)
		}
		if err != nil {
			return fmt.Errorf("allowing %s %s: %w", r.task, r.to, err)
		}
	}
	return nil
}

// leave is what the reviewers did last before the page opens: they asked for a blog post, and queued a text of their own whose price is not in
// the facts, so that the exception queue is seen at work.
func (s *staff) leave(ctx context.Context) error {
	if _, err := s.d.core.Desk.Ask(ctx, s.approver, "blog"); err != nil {
		return fmt.Errorf("asking for a post: %w", err)
	}
	if _, err := s.d.core.Desk.AddCopy(ctx, s.approver, "shop-notes", "20 % off all rye bread. Come early."); err != nil && engine.CodeOf(err) != engine.CodeBlocked {
		return fmt.Errorf("queueing a text: %w", err)
	}
	return s.d.core.Loop.Tick(ctx)
}

// savedDemo is what stands beside a kept file: the moment and the simulated world.
type savedDemo struct {
	Now   time.Time       `json:"now"`
	World json.RawMessage `json:"world"`
}

func (d *demo) saved() (*savedDemo, error) {
	b, err := os.ReadFile(d.path + ".world")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the simulated audience: %w", err)
	}
	var s savedDemo
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, engine.Errorf(engine.CodeInvalid, "%s.world cannot be read; remove it and the file beside it to begin anew.", d.path)
	}
	return &s, nil
}

// keep saves the demo's state where its file is kept.
func (d *demo) keep() error {
	if d.dir != "" {
		return nil
	}
	return d.save()
}

func (d *demo) save() error {
	w, err := d.world.Snapshot()
	if err != nil {
		return err
	}
	b, err := json.Marshal(savedDemo{Now: d.clock.Now(), World: w})
	if err != nil {
		return err
	}
	if err := os.WriteFile(d.path+".world.new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(d.path+".world.new", d.path+".world")
}
