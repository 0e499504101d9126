package report

import (
	"fmt"
	"testing"
	"time"

	"koira/engine"
)

// A reading is held against what the task's earlier pieces had brought at the same age, and against nothing while those are few.
func TestUsualByThen(t *testing.T) {
	for name, c := range map[string]struct {
		pieces int
		read   time.Duration // after it went out
		known  bool
	}{"too few": {5, 3 * time.Hour, false}, "enough": {8, 3 * time.Hour, true}, "read too long before": {8, time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			f.outputs = []engine.Output{post("now", "2025-11-24 05:41")} // four hours old
			f.brought = []brought{{"now", engine.Clicks, 17, today}, {"now", engine.Engagements, 3, today}}
			for n := range c.pieces {
				id, out := fmt.Sprint(n), at(fmt.Sprintf("2025-11-%02d 09:00", 10+n))
				o := post(id, "2025-11-10 09:00")
				o.Slot, o.PublishedAt = out, out
				f.outputs = append(f.outputs, o)
				f.brought = append(f.brought, brought{id, engine.Clicks, 14, out.Add(c.read)}, brought{id, engine.Clicks, 100, out.Add(5 * time.Hour)})
			}
			f.outputs = append(f.outputs, in(engine.StateWaiting, post("draft", "2025-11-24 09:00")))
			v := view(reader(f, today).Piece(t.Context(), "now"))(t)
			same(t, "judged", []bool{true, false}, []bool{v.Readings[0].Judged, v.Readings[1].Judged})
			u := v.Readings[0].Usual
			same(t, "known", c.known, u.Known)
			if c.known && (u.Low > 14 || u.High < 14 || u.High > 30) {
				t.Errorf("usual %.0f to %.0f", u.Low, u.High)
			}
		})
	}
}

func TestWhatCanBecomeOfAPiece(t *testing.T) {
	sent := engine.Send{Output: "p", Variant: "A", State: engine.SendPublished}
	hand := engine.Send{Output: "p", State: engine.SendPublished}
	for name, c := range map[string]struct {
		task, channel string
		state         engine.State
		send          engine.Send
		out           string
		retract, halt bool
	}{
		"a post":                      {"daily-social", "bluesky", engine.StatePublished, sent, "2025-11-24 09:10", true, false},
		"a post that is settled":      {"daily-social", "bluesky", engine.StateSettled, sent, "2025-11-10 09:10", true, false},
		"a post being taken down":     {"daily-social", "bluesky", engine.StateRetracting, sent, "2025-11-24 09:10", false, false},
		"a person's post":             {"daily-social", "bluesky", engine.StatePublished, hand, "2025-11-24 09:10", false, false},
		"an e-mail on its way":        {"newsletter", "mail", engine.StatePublished, sent, "2025-11-24 09:10", false, true},
		"an e-mail of the day before": {"newsletter", "mail", engine.StatePublished, sent, "2025-11-23 09:10", false, false},
		"a channel that is gone":      {"newsletter", "old", engine.StatePublished, sent, "2025-11-24 09:10", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := bakery()
			o := post("p", c.out)
			o.Task, o.Channel, o.State = c.task, c.channel, c.state
			f.outputs, f.sends = []engine.Output{o}, []engine.Send{c.send}
			v := view(reader(f, today).Piece(t.Context(), "p"))(t)
			same(t, "can be taken down, stopped", []bool{c.retract, c.halt}, []bool{v.CanRetract, v.CanHalt})
		})
	}
}

func TestWhatBecameOfAPiece(t *testing.T) {
	f := bakery()
	o := post("p", "2025-11-24 09:10")
	o.EditedBy = "tomi"
	f.outputs = []engine.Output{o}
	f.sends = []engine.Send{
		{Output: "p", Variant: "A", State: engine.SendPublished, HaltAsked: today, HaltedAt: today, Reached: 200, All: 1000},
		{Output: "p", Variant: "B", State: engine.SendPublished, HaltAsked: today, Reached: 31, All: 310, GoneAt: at("2025-11-24 09:20"), LookedAt: at("2025-11-24 09:21")},
	}
	f.retracted = []engine.Retraction{{Output: "p", By: "mari", Why: "wrong price"}}
	f.before = map[string]map[string]string{"p": {"A": "Rye at 9"}}
	f.exceptions = []engine.Exception{{ID: "e", Kind: engine.ExceptionMissed, Output: "p"}}
	v := view(reader(f, today).Piece(t.Context(), "p"))(t)
	same(t, "stopped", &Halt{AskedAt: today, AnsweredAt: today, Reached: 231, All: 1310}, v.Halt)
	same(t, "who took it down", "mari", v.Retraction.By)
	same(t, "gone, looked", []time.Time{at("2025-11-24 09:20"), at("2025-11-24 09:21")}, []time.Time{v.GoneAt, v.LookedAt})
	same(t, "before", map[string]string{"A": "Rye at 9"}, v.Before)
	same(t, "silence while it could not be removed", "If you do nothing, it stays live.", v.Silence.Text)
}
