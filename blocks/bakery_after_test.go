package blocks

import (
	"fmt"
	"strings"
	"time"

	"koira/engine"
	"koira/engine/report"
)

// edited is a post of which a person changed some words.
func (b bakery) edited(state engine.State) report.PieceView {
	return b.piece(state, "", func(v *report.PieceView) {
		v.Output.EditedBy, v.Output.Changed = tomi, .12
		v.Before = map[string]string{"A": pick(b, strings.NewReplacer("sells out before noon on", "is gone by eleven every", "a second", "one more").Replace(rye), b.s("", 38_000))}
	})
}

// letter is a newsletter that is out; change says what became of it.
func (b bakery) letter(change func(*report.PieceView)) report.PieceView {
	v := b.live()
	v.Name, v.Channel, v.URL, v.Audience, v.Segment = b.s("Weekly newsletter", 60), "Newsletter", "", b.n(2310, 2_310_000), b.s("Newsletter readers", 60)
	v.Title, v.Irreversible, v.CanRetract, v.Traits.Retract, v.Traits.Halt = b.s("Advent hours and what we bake", 60), true, false, false, true
	change(&v)
	return v
}

func (b bakery) halted(reached, all int) func(*report.PieceView) {
	return func(v *report.PieceView) {
		v.Halt = &report.Halt{AskedAt: day(24, 9, 20), AnsweredAt: day(24, 9, 21), Reached: reached, All: all}
	}
}

// notRemoved is a post that was to be taken down and is still there.
func (b bakery) notRemoved() report.PieceView {
	v := b.live()
	x := b.stillLive()
	v.Exception, v.Silence = &x.Exception, x.Silence
	return v
}

// takenDown is a post that people had taken down; looked is how many minutes after that it was looked for, less than zero for never.
func (b bakery) takenDown(state engine.State, looked int) report.PieceView {
	v := b.live()
	v.Output.State, v.State, v.CanRetract, v.Readings[0].Judged = state, state, false, false
	v.Retraction = &engine.Retraction{By: mari, At: day(24, 9, 22), Why: b.s("It names the price of last week.", 1000)}
	if state == engine.StateRetracted {
		v.GoneAt = day(24, 9, 22)
		if looked >= 0 {
			v.LookedAt = v.GoneAt.Add(time.Duration(looked) * time.Minute)
		}
	}
	return v
}

// allowed is a change that an owner made.
func (b bakery) allowed() report.DecisionRow {
	return b.decision(func(d *report.DecisionRow) {
		d.What, d.Words, d.Expected, d.Chance, d.CanUndo = "level", "Daily social: level L4 → L5", "", 0, false
		d.Signal = "allowed by " + mari + ": 30 reviewed, 29 unchanged, at least 85 in 100"
	})
}

// charted is a report whose weeks are those that they are.
func (b bakery) charted() report.Weekly {
	v := b.weekly()
	for i := range v.Series {
		v.Series[i].Week = fmt.Sprintf("2025-W%d", 36+i)
	}
	return v
}

// few is v without enough earlier pieces to hold it against.
func few(v report.PieceView) report.PieceView {
	v.Readings[0].Usual = report.Range{}
	return v
}

// lowest is v of a task that cannot be lowered.
func lowest(v report.PieceView) report.PieceView {
	v.Task.Level = engine.L1
	return v
}

// much is v with words before the change that do not fit beside those after it.
func much(v report.PieceView) report.PieceView {
	v.Before = map[string]string{"A": strings.Repeat("Our oat bread is gone by noon. ", 100)}
	return v
}
