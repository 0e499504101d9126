package blocks

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
	"koira/engine/trust"
)

const (
	mari = "U0MARI0001"
	tomi = "U0TOMI0001"
)

var helsinki = func() *time.Location {
	l, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return l
}()

// day is a moment of the bakery's week in which today is Monday 24 November 2025.
func day(d, hour, minute int) time.Time { return time.Date(2025, 11, d, hour, minute, 0, 0, helsinki) }

// bakery makes values to draw: plausible ones of a small business, or with large the largest that are plausible anywhere.
type bakery struct {
	large bool
	said  string // what people and writers say everywhere; "" for what suits
}

// pick is the plausible value, or the largest plausible one.
func pick[T any](b bakery, small, large T) T {
	if b.large {
		return large
	}
	return small
}

func (b bakery) n(small, large int) int { return pick(b, small, large) }

// s is a text of people's making: up to n characters of Finnish, marks and emoji where it is large.
func (b bakery) s(small string, n int) string {
	if b.said != "" {
		r := []rune(b.said)
		return string(r[:min(len(r), n)])
	}
	if !b.large {
		return small
	}
	if known, ok := longs.Load(n); ok {
		return known.(string)
	}
	long := strings.Repeat("Hääyöaie <!everyone> & `*Ääkköset*` 👩🏽‍🍳🥖 https://paha.example/?a=1&b=2 ", n/20+1)
	s := string([]rune(long)[:n])
	longs.Store(n, s)
	return s
}

var longs sync.Map // number of characters → text of so many

func (b bakery) frame() report.Frame {
	return report.Frame{AsOf: day(24, 9, 41), Zone: helsinki, Business: b.s("Leipä & Co", 60), Currency: "EUR"}
}

const (
	rye  = "Rye bread sells out before noon on Saturdays. We now bake a second batch at 10.\n\nReserve yours → https://leipa.example/reserve?utm_source=bluesky&utm_medium=social&utm_campaign=01K0RYE&utm_content=A"
	link = "https://leipa.example/reserve?utm_source=bluesky&utm_medium=social&utm_campaign=01K0RYE&utm_content=A"
)

func (b bakery) task() engine.Task {
	t := engine.Task{
		ID: pick(b, "daily-social", strings.Repeat("long-task-", 6)+"name"), Name: b.s("Daily social", 60), Channel: "bluesky", Segment: "followers",
		Kind: engine.KindSocial, Level: engine.L3, Cadence: engine.Cadence{Min: 5, Max: 7}, Sensitivity: engine.Low,
	}
	return t
}

func (b bakery) variant(name string) engine.Variant {
	v := engine.Variant{
		Name: name, Body: "Rye bread sells out before noon on Saturdays. We now bake a second batch at 10.", CallToAction: "Reserve yours", Link: link,
		Shown: pick(b, rye, b.s("", 39_000)+link), Subject: b.s("", 300), AltText: b.s("", 1000),
	}
	if b.said != "" {
		v.Body, v.Shown = b.said, b.said+"\n\n"+link
	}
	return v
}

func (b bakery) row(state engine.State, words string) report.Row {
	return report.Row{
		Output: "01K0RYE0000000000000000000", Task: b.task().ID, Name: b.task().Name, Kind: engine.KindSocial, Channel: b.s("Bluesky", 40),
		Title: b.s("Rye bread sells out before noon on Saturdays. We now bake a second batch at 10.", 300), Written: true, State: state, Words: words,
		Slot: day(25, 9, 10), Simulated: b.large,
	}
}

// piece is a post in a state; change fits it to a case.
func (b bakery) piece(state engine.State, words string, change ...func(*report.PieceView)) report.PieceView {
	v := report.PieceView{
		Frame: b.frame(), Row: b.row(state, words), Task: b.task(), Theme: b.s("Our rye bread and how it is made", 200), Segment: b.s("Followers", 60),
		Audience: b.n(1240, 2_310_000), Characters: []int{117}, Passed: b.n(9, 14), MayDecide: []string{mari, tomi},
		Traits: engine.Traits{Label: "Bluesky", Kind: engine.KindSocial, Limit: 300, Retract: true, Subject: b.large},
	}
	v.Output = engine.Output{
		ID: v.Row.Output, Task: v.Task.ID, State: state, Origin: engine.OriginKoira, Level: engine.L3, Slot: v.Slot, Expires: day(25, 11, 10),
		Digest: engine.Digest(strings.Repeat("3f2a9c1b", 8)), Reason: b.s("Tuesday 9–10 brought 14 visits a post (11–18), Thursday 10 (7–14): the ranges overlap, so a guess.", 600),
		WaitsFor: b.s("each waits for your yes (L3)", 200), Writer: b.s("built-in template writer, no AI model configured", 80), Variants: []engine.Variant{b.variant("A")},
		UpdatedAt: day(24, 9, 5), GuardrailVersion: 12, StrategyVersion: 3,
		Arms: engine.Arms{Theme: "rye", SubjectStyle: "plain", Slot: "tue-09"},
	}
	if b.large {
		v.Output.Variants = append(v.Output.Variants, b.variant("B"))
		v.Output.EditedBy, v.Output.Changed, v.Characters = tomi, .34, []int{39_120, 39_120}
		v.Warnings, v.Blocks = b.findings(20, engine.Warn), b.findings(20, engine.Block)
		v.Long = true
		for range 12 {
			v.Sends = append(v.Sends, report.SendRow{Send: engine.Send{Variant: "A", Evidence: b.s("", 500), Ref: engine.Ref{URL: "https://bsky.app/profile/leipa/post/" + strings.Repeat("x", 200)}}, Words: "live"})
		}
	}
	v.Silence = report.Silence{Does: report.DoesEnd, At: v.Output.Expires, Text: "If you do nothing, it does not go out; it ends {at}."}
	v.Deadline = v.Output.Expires
	for _, f := range change {
		f(&v)
	}
	return v
}

func (b bakery) findings(n int, outcome engine.Outcome) []engine.Finding {
	var fs []engine.Finding
	for i := range n {
		fs = append(fs, engine.Finding{Rule: "facts", Outcome: outcome, Evidence: b.s(fmt.Sprintf("It says %q, which is not in your facts.", "sells out"), 500+i), Remedy: b.s(`Leave "sells out" out, or add the fact.`, 300)})
	}
	return fs
}

func (b bakery) waiting() report.PieceView {
	return b.piece(engine.StateWaiting, "waits for your yes", func(v *report.PieceView) {
		if !b.large {
			v.Warnings = b.findings(1, engine.Warn)
		}
	})
}

// edited is a post of which a person changed some words.
func (b bakery) edited(state engine.State) report.PieceView {
	return b.piece(state, "", func(v *report.PieceView) {
		v.Output.EditedBy, v.Output.Changed = tomi, .12
		v.Before = map[string]string{"A": pick(b, strings.NewReplacer("sells out before noon on", "is gone by eleven every", "a second", "one more").Replace(rye), b.s("", 38_000))}
	})
}

func (b bakery) newsletter() report.PieceView {
	return b.piece(engine.StateWaiting, "waits for your yes", func(v *report.PieceView) {
		v.Name, v.Channel, v.Segment, v.Audience = b.s("Weekly newsletter", 60), "Newsletter", b.s("Newsletter readers", 60), b.n(2310, 2_310_000)
		v.Kind, v.Slot, v.Output.Slot, v.Output.Expires = engine.KindEmail, day(27, 7, 30), day(27, 7, 30), day(27, 13, 30)
		v.Title, v.Irreversible, v.Long, v.Traits.Subject, v.Traits.Limit = b.s("Advent hours and what we bake", 60), true, true, true, 0
		v.Silence.At, v.Deadline = v.Output.Expires, v.Output.Expires
		body := "The candles are out. From Monday we open at seven and close at nineteen, and on Sundays we bake star pastries.\n\n"
		v.Output.Variants = []engine.Variant{{
			Name: "A", Subject: "Advent hours and what we bake", Body: strings.Repeat(body, 30), CallToAction: "See the hours", Link: "https://leipa.example/hours?utm_source=newsletter",
			Shown: "Subject: Advent hours and what we bake\n\n" + strings.Repeat(body, 30) + "See the hours → https://leipa.example/hours?utm_source=newsletter",
		}}
		v.Characters = []int{3_500}
	})
}

func (b bakery) approved() report.PieceView {
	return b.piece(engine.StateScheduled, "approved", func(v *report.PieceView) {
		v.Approved, v.Approval = true, &engine.Approval{By: mari, Role: engine.RoleOwner, At: day(24, 14, 2)}
		v.Silence, v.Deadline = report.Silence{Does: report.DoesNothing, At: v.Slot, Text: "It goes out {at}. Nothing is needed."}, time.Time{}
	})
}

// doubted is a draft that a model doubts.
func (b bakery) doubted() report.PieceView {
	return b.piece(engine.StateWaiting, "", func(v *report.PieceView) {
		v.Judgement = &engine.Judgement{Judge: "gpt", Opinion: engine.Opinion{Score: .2, Reasons: []engine.Reason{{Words: "sells out", About: engine.AspectTone}}}}
		v.Warnings = append(v.Warnings, engine.Finding{
			Rule: "voice", Outcome: engine.Warn, Evidence: `The model doubts that this sounds like you: "sells out" (the tone).`, Remedy: "See whether it sounds like you.",
		})
	})
}

func (b bakery) notJudged() report.PieceView {
	return b.piece(engine.StateWaiting, "", func(v *report.PieceView) {
		v.Judgement = &engine.Judgement{Judge: "gpt", Missing: b.s("The model's server is busy or failing; it gave no opinion.", 2000)}
	})
}

func (b bakery) byItself() report.PieceView {
	return b.piece(engine.StateScheduled, "goes out by itself", func(v *report.PieceView) {
		v.Slot, v.Output.Slot = day(24, 13, 10), day(24, 13, 10)
		v.Silence, v.Deadline = report.Silence{Does: report.DoesGoOut, At: v.Slot, Text: "If you do nothing, it goes out {at}."}, time.Time{}
	})
}

// unlessStopped goes out by itself once people have had time to look (L4).
func (b bakery) unlessStopped(said ...engine.Remark) report.PieceView {
	v := b.byItself()
	v.Window, v.Remarks, v.Task.Level = true, said, engine.L4
	return v
}

// lookedAtElsewhere goes out unless stopped, too, and those who look live elsewhere than the business.
func (b bakery) lookedAtElsewhere() report.PieceView {
	v := b.unlessStopped()
	v.Review.Zone = "America/New_York"
	return v
}

// stoppedOne would have gone out by itself at 13:10.
func (b bakery) stoppedOne(now time.Time) report.PieceView {
	return b.piece(engine.StateWaiting, "waits for your yes", func(v *report.PieceView) {
		v.AsOf, v.Slot, v.Output.Slot = now, day(24, 13, 10), day(24, 13, 10)
		v.Remarks = []engine.Remark{{Verdict: engine.ReviewStopped, By: tomi, At: day(24, 11, 5)}}
		v.Silence = report.Silence{Does: report.DoesEnd, At: day(24, 15, 10), Text: "If you do nothing, it does not go out; it ends {at}."}
	})
}

func (b bakery) live() report.PieceView {
	return b.piece(engine.StatePublished, "live", func(v *report.PieceView) {
		v.Slot, v.PublishedAt = day(24, 5, 10), day(24, 5, 11)
		v.CanRetract, v.Task.Level = true, engine.L4
		v.URL = "https://bsky.app/profile/leipa.example/post/3lbq" + pick(b, "", strings.Repeat("x", 500))
		v.Readings = []report.Reading{
			{Metric: engine.Clicks, Name: "link visits", Value: int64(b.n(17, 2_310_000)), Simulated: true, Judged: true, Usual: report.Range{Low: 8.6, High: 18.2, Known: true}},
			{Metric: engine.Engagements, Name: "reactions", Value: int64(b.n(12, 2_310_000)), Simulated: true},
		}
		if b.large {
			for _, m := range engine.Metrics {
				v.Readings = append(v.Readings, report.Reading{Metric: m, Name: "opens (many are machines')", Value: 2_310_000_000, Money: m == engine.Revenue, Simulated: true})
			}
		}
		v.Silence, v.Deadline = report.Silence{Does: report.DoesNothing, Text: "Nothing is needed."}, time.Time{}
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

// takenDown is a post that people had taken down; looked is how long after that it was looked for, less than zero for never.
func (b bakery) takenDown(state engine.State, looked time.Duration) report.PieceView {
	v := b.live()
	v.Output.State, v.State, v.CanRetract, v.Readings[0].Judged = state, state, false, false
	v.Retraction = &engine.Retraction{By: mari, At: day(24, 9, 22), Why: b.s("It names the price of last week.", 1000)}
	if state == engine.StateRetracted {
		v.GoneAt = day(24, 9, 22)
		if looked >= 0 {
			v.LookedAt = v.GoneAt.Add(looked)
		}
	}
	return v
}

func (b bakery) rejected() report.PieceView {
	return b.piece(engine.StateRejected, "rejected", func(v *report.PieceView) {
		v.Rejection = &engine.Rejection{By: tomi, At: day(24, 9, 20), Reason: "tone", Note: b.s("Too loud for us; say it plainly.", 1000), Severe: b.large}
		v.Silence, v.Deadline = report.Silence{Does: report.DoesNothing, Text: "Nothing is needed."}, time.Time{}
	})
}

// ended is a piece in a state about which nothing more is to be said.
func (b bakery) ended(state engine.State, words string) report.PieceView {
	return b.piece(state, words, func(v *report.PieceView) {
		v.Silence, v.Deadline = report.Silence{Does: report.DoesNothing, Text: "Nothing is needed."}, time.Time{}
	})
}

func (b bakery) ranOutPiece(e engine.Ending) report.PieceView {
	v := b.ended(engine.StateExpired, "")
	v.Ending = e
	return v
}

func (b bakery) unsure() report.PieceView {
	return b.piece(engine.StateUnconfirmed, "not sure it went out", func(v *report.PieceView) {
		v.Exception = &engine.Exception{Evidence: b.s("The line broke before an answer. I looked three times until 09:41: not there.", 2000), Remedy: "Look at Bluesky and say whether it is there."}
		v.Silence, v.Deadline = report.Silence{Does: report.DoesStay, Text: "If you do nothing, I leave it. I never send it again by myself."}, time.Time{}
	})
}

// letThrough is a piece of unknown outcome that an owner let cost more than was free, and name a competitor.
func (b bakery) letThrough() report.PieceView {
	v := b.unsure()
	v.Approval = &engine.Approval{By: "U0MARI", Role: engine.RoleOwner, OverCap: engine.Rise{Week: 4 * engine.Unit}, Waived: []engine.Waiver{{Rule: "topics", What: "x"}}}
	return v
}

// looking is a piece of which koira still finds out by itself what became of it.
func (b bakery) looking() report.PieceView {
	v := b.unsure()
	v.Exception = nil
	v.Silence = report.Silence{Does: report.DoesNothing, At: day(24, 9, 52), Text: "I look again from {at}; only if it is proved absent do I send it. Nothing is needed."}
	return v
}

func (b bakery) givenUp() report.PieceView {
	v := b.ended(engine.StateFailed, "did not go out")
	v.GivenUp, v.Sends = true, []report.SendRow{{Send: engine.Send{State: engine.SendFailed, Evidence: engine.Dropped}}}
	return v
}

func (b bakery) proposal(to engine.Level, missing ...string) desk.Proposal {
	t := b.task()
	return desk.Proposal{
		Task: t, From: t.Level, To: to, Raises: to > t.Level, Missing: missing, Record: trust.Record{Reviewed: 30, Unchanged: 29, Edited: 1},
		Proof: "30 reviewed, 29 unchanged, at least 85 in 100",
	}
}

// down is a wish to lower a task.
func (b bakery) down(from, to engine.Level) desk.Proposal {
	p := b.proposal(to)
	p.From, p.Raises = from, false
	return p
}

// storm is many exceptions of one rule.
func (b bakery) storm(n int, changes ...func(*report.Storm)) report.Storm {
	e := b.exception(engine.ExceptionOutput)
	v := report.Storm{Frame: e.Frame, ID: "x9", Kind: e.Kind, Rule: pick(b, "budget", b.s("", 60)), Who: e.Who}
	for range n {
		v.Open = append(v.Open, e.ExceptionItem)
	}
	for _, c := range changes {
		c(&v)
	}
	return v
}

// raise is koira's offer of L5.
func (b bakery) raise(s engine.OfferState, changes ...func(*report.OfferView)) report.OfferView {
	v := report.OfferView{
		Frame: b.frame(), Task: b.taskView(), Diverged: many(b, 1, 3, report.ReviewRow{Review: engine.Review{By: mari}, Title: b.s("Rye bread sells out before noon", 300), Words: b.s("approved after an edit (12 % of the words)", 100)}),
		RaiseOffer: engine.RaiseOffer{
			ID: "of1", Task: "daily-social", From: engine.L4, To: engine.L5, State: s, At: day(24, 8, 0), MovedAt: day(24, 9, 0), By: engine.Koira.ID,
			Until: day(24, 9, 0).AddDate(0, 0, 14),
		},
	}
	v.Task.Caps = nil
	v.Task.Offer.Bar = 80
	v.Asks = []string{b.s("lawsuit", 40), b.s("price war", 40), "politics", "crisis", "legal"}
	v.Paper = b.s("Of the last 22 drafts I would have sent 21 without asking; you edited 1 of those.", 200)
	switch s {
	case engine.OfferSnoozed:
		v.By, v.Why = mari, "not now"
	case engine.OfferWithdrawn:
		v.Why = "missing now: " + b.s("proof that 80 in 100 pass unchanged (so far at least 78 in 100)", 400)
	case engine.OfferClosed:
		v.Why = "its level moved to L3"
	}
	for _, c := range changes {
		c(&v)
	}
	return v
}

// look asks people to look a week of a task through.
func (b bakery) look(changes ...func(*report.LookView)) report.LookView {
	v := report.LookView{
		Frame: b.frame(), Look: engine.Look{ID: "g1-1", Task: "daily-social", Grant: "g1", From: day(17, 9, 0), At: day(24, 9, 0)}, Name: b.s("Daily social", 60),
		Level: engine.L5, Until: day(24, 9, 0), Out: b.n(7, 700), Unasked: b.n(6, 600), Stopped: b.n(1, 100), Decisions: b.decisions(),
	}
	for _, c := range changes {
		c(&v)
	}
	return v
}

// fresh is the morning note while a task is in its first two weeks, with n problems.
func (b bakery) fresh(n int) report.Daily {
	v := b.daily()
	v.Fresh = many(b, 1, 3, report.Fresh{Name: b.s("Daily social", 60), Level: engine.L5, Since: day(20, 9, 0), Until: day(20, 9, 0).AddDate(0, 0, 14)})
	for range n {
		v.Open = append(v.Open, b.exception(engine.ExceptionOutput).ExceptionItem)
	}
	return v
}

func (b bakery) snoozedTask() report.TaskView {
	v := b.taskView()
	v.Raise = &engine.RaiseOffer{To: engine.L5, State: engine.OfferSnoozed, By: mari, MovedAt: day(20, 9, 0), Until: day(20, 9, 0).AddDate(0, 0, 14)}
	v.Offer.Missing, v.Offer.Opens = many(b, 1, 6, b.s("a voice lock", 200)), []string{"voice"}
	return v
}
