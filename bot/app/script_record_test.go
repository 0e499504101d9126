package app

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// earn gives a task n pieces of koira's that people published by hand as they were, two days ago and read since: reviews, and a baseline.
func (s *script) earn(m []string) error {
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return err
	}
	return s.wentOut(m[1], n, engine.OriginKoira, 50*time.Hour, engine.Clicks)
}

// wentOut lets n pieces of a task have been published by hand that long ago, and 14 of one metric read of each. Nobody is told of them.
func (s *script) wentOut(task string, n int, origin engine.Origin, ago time.Duration, read engine.Metric) error {
	t, err := s.core.DB.Task(s.ctx, task)
	if err != nil {
		return err
	}
	if _, err := s.core.DB.Output(s.ctx, fmt.Sprintf("earned-%s-%s-0", task, origin)); err == nil {
		return nil // they went out already
	}
	by := engine.Actor{ID: id("tomi"), Role: engine.RoleApprover, Surface: engine.SurfaceSlack}
	at := time.Now().Add(-ago)
	for i := range n {
		slot := at.Add(-time.Duration(n-i) * time.Hour)
		o := engine.Output{
			ID: fmt.Sprintf("earned-%s-%s-%d", task, origin, i), Task: t.ID, Origin: origin, State: engine.StatePlanned, Level: t.Level, Channel: t.Channel,
			Account: t.Account, Segment: t.Segment, Kind: t.Kind, Slot: slot, Expires: slot.Add(100 * time.Hour), CreatedAt: slot, Reason: "long ago",
		}
		if err := s.core.DB.AddOutput(s.ctx, o, engine.Koira); err != nil {
			return err
		}
		o.Variants = []engine.Variant{{Name: "A", Body: "Rye bread, as it was on day " + strings.Repeat("i", i+1) + "."}}
		if o.Kind == engine.KindEmail {
			o.Variants[0].Subject = "Rye bread"
		}
		r, err := s.world.Channel(t.Channel).Render(o)
		if err != nil {
			return err
		}
		o.Variants[0].Rendered, o.Variants[0].Shown = r.Variants[0].Bytes, r.Variants[0].Shown
		o.Digest = engine.DigestOf(o)
		for _, move := range []engine.Move{
			{From: engine.StatePlanned, To: engine.StateDrafted, Draft: &o, By: engine.Koira},
			{From: engine.StateDrafted, To: engine.StateHanded, Digest: o.Digest, By: engine.Koira},
			{From: engine.StateHanded, To: engine.StatePublished, Digest: o.Digest, By: by, URL: "https://social.example/" + o.ID},
		} {
			move.Output, move.At = o.ID, at
			if _, err := s.core.DB.Move(s.ctx, move); err != nil {
				return err
			}
		}
		sends, err := s.core.DB.Sends(s.ctx, o.ID)
		if err != nil {
			return err
		}
		reading := engine.Observation{Send: sends[0].ID, Output: o.ID, Metric: read, Value: 14, At: at.Add(time.Hour), Source: "long ago", Simulated: true}
		if err := s.core.DB.SaveReadings(s.ctx, []engine.Observation{reading}, map[string]time.Time{sends[0].ID: {}}); err != nil {
			return err
		}
	}
	due, err := s.core.DB.DueNotices(s.ctx, time.Now().Add(time.Hour), 10_000)
	if err != nil {
		return err
	}
	for _, x := range slices.DeleteFunc(due, func(x engine.Notice) bool { return !strings.HasPrefix(x.Subject, "earned-") }) {
		if err := s.core.DB.SentNotice(s.ctx, x); err != nil {
			return err
		}
	}
	return nil
}
