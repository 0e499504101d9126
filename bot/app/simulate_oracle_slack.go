package app

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"koira/blocks"
	"koira/engine"
)

// Bounds of what people wait for their cards while Slack is up: a look after the card of a week has waited for the rest of it, and one after the longest
// that a notice is put off.
const (
	simGather = 16 * time.Minute
	simPatch  = 31 * time.Minute
	ownCardBy = 24 * time.Hour // before its time a piece has a card of its own, whatever week it came with
)

// board holds what people see in Slack against what is: whatever asks for them, or goes out unless they stop it, has been told on a message that was
// delivered, on a card of its own or on that of its week; a day before its time on its own; on one card and no more; and the card of a week says of each
// of its pieces what is true.
func (o *oracle) board(ctx context.Context, b *board) error {
	now := o.s.clock.Now()
	own, weeks := map[string]int{}, map[string][]*post{}
	for _, p := range b.posts {
		switch {
		case engine.NoticeKind(p.kind) == engine.NoticeOutput && p.version != "":
			own[p.subject+" "+p.version]++
		case engine.NoticeKind(p.kind) == engine.NoticeWeek:
			weeks[p.subject] = append(weeks[p.subject], p)
		}
	}
	for key, n := range own {
		id, _, _ := strings.Cut(key, " ")
		if n > 1+b.lost[string(engine.NoticeOutput)+" "+id] {
			return o.s.breach("%s has %d cards of its own in one version", id, n)
		}
	}
	settled := !b.behind(now)     // what was put off has been tried again since
	inWeek := map[string]string{} // piece and version → week, of those that a card lists
	soon, err := o.s.core.DB.DueNotices(ctx, now.Add(simGather), 10_000)
	if err != nil {
		return err
	}
	for week, cards := range weeks {
		if len(cards) > 1+b.lost[string(engine.NoticeWeek)+" "+week] {
			return o.s.breach("%d cards tell of the week %s", len(cards), week)
		}
		pieces, err := o.s.core.DB.WeekPieces(ctx, week)
		if err != nil {
			return err
		}
		for _, p := range pieces {
			inWeek[p.Output+" "+string(p.Digest)] = week
		}
		gathers := slices.ContainsFunc(soon, func(n engine.Notice) bool { return n.Kind == engine.NoticeWeek && n.Subject == week })
		if settled && !gathers && week >= engine.Week(now, o.s.config.zone()) { // not while it waits for what is being written; one that is over is told as it was
			if err := o.weekIsTrue(ctx, week, pieces, cards[len(cards)-1]); err != nil {
				return err
			}
		}
	}
	out, err := o.s.core.DB.Outputs(ctx, engine.OutputFilter{States: []engine.State{engine.StateWaiting, engine.StateHanded, engine.StateScheduled}, Limit: 10_000, Bare: true})
	if err != nil {
		return err
	}
	h := now.In(o.s.config.zone()).Hour()
	day := h >= 8 && h < 20
	asks := map[string]time.Time{}
	for _, x := range out {
		if x.State == engine.StateScheduled && !o.goesUnlessStopped(x) || x.Origin == engine.OriginHand {
			continue
		}
		key := x.ID + " " + string(x.Digest)
		first, known := b.met[key]
		if !known {
			asks[key] = now
			continue
		}
		asks[key] = first
		if !day || !settled || now.Sub(first) < simGather {
			continue
		}
		switch week, listed := inWeek[key]; {
		case own[key] == 0 && !listed:
			return o.s.breach("%s (%s, slot %s) has asked for people since %s, and no message tells of it", x.ID, x.State, x.Slot.Format(time.DateTime), first.Format(time.DateTime))
		case own[key] == 0 && !now.Before(x.Slot.Add(-ownCardBy)):
			return o.s.breach("%s (%s, slot %s) came with %s, and has no card of its own", x.ID, x.State, x.Slot.Format(time.DateTime), week)
		case listed && own[key] > 0:
			o.s.count("a card of its own after that of its week")
		case listed:
			o.s.count("told by the card of its week")
		default:
			o.s.count("told by a card of its own")
		}
	}
	b.met = asks
	return nil
}

// goesUnlessStopped reports whether a cleared piece goes out at L4, unless somebody stops it. While an owner is away it may not, as they said.
func (o *oracle) goesUnlessStopped(x engine.Output) bool {
	_, said := o.yes[x.ID][x.Digest]
	return !said && o.left == nil && o.granted[x.Task] == engine.L4 && !o.asked[x.ID]
}

// weekIsTrue: of each of its pieces the card of a week says what it would say if it were drawn now.
func (o *oracle) weekIsTrue(ctx context.Context, week string, pieces []engine.WeekPiece, p *post) error {
	v, err := o.s.core.Report.Week(ctx, week, pieces)
	if err != nil {
		return err
	}
	is, err := json.Marshal(blocks.Week(v).Blocks)
	if err != nil {
		return err
	}
	if said, want := rowsOf(p.blocks), rowsOf(is); said != want {
		return o.s.breach("the card of %s says\n%s\ninstead of\n%s", week, said, want)
	}
	o.s.count("the card of a week is true")
	return nil
}

// datesInWords are what a date is for a Slack that draws none: there it is as it was called on the day on which it was written.
var datesInWords = regexp.MustCompile(`\|[^>]*>`)

// rowsOf are the lines of the card of a week, one for each piece.
func rowsOf(card []byte) string {
	var parts []struct {
		Text struct {
			Text string `json:"text"`
		} `json:"text"`
	}
	if err := json.Unmarshal(card, &parts); err != nil {
		return err.Error()
	}
	for _, p := range parts {
		if strings.HasPrefix(p.Text.Text, "*One line each*") {
			return strings.ReplaceAll(datesInWords.ReplaceAllString(p.Text.Text, ">"), ", results final", "") // which its own card tells
		}
	}
	return ""
}
