package bot

import (
	"context"
	"slices"
	"strings"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// draws says how each kind of notice looks, from the state of the moment: which messages are posted, and which are brought up to date. No
// parcels means that there is nothing to tell any more. To add a kind: its function, a row.
var draws = map[engine.NoticeKind]func(*Bot, context.Context, engine.Notice) ([]parcel, error){
	engine.NoticeOutput:    (*Bot).drawPiece,
	engine.NoticeThread:    (*Bot).drawThread,
	engine.NoticeResult:    (*Bot).drawResult,
	engine.NoticeException: (*Bot).drawException,
	engine.NoticeStorm:     (*Bot).drawStorm,
	engine.NoticeReminder:  (*Bot).drawReminder,
	engine.NoticeLevel:     (*Bot).drawLevel,
	engine.NoticeRenewed:   (*Bot).drawRenewed,
	engine.NoticeControl:   (*Bot).drawControl,
	engine.NoticeBudget:    (*Bot).drawAlert,
	engine.NoticeWeekly:    (*Bot).drawWeekly,
	engine.NoticeMonthly:   (*Bot).drawMonthly,
	engine.NoticeBaseline:  (*Bot).drawBaseline,
	engine.NoticeDaily:     (*Bot).drawDaily,
	engine.NoticeLog:       (*Bot).drawLog,
	engine.NoticeNear:      (*Bot).drawNear,
	engine.NoticeRequest:   (*Bot).drawRequest,
	engine.NoticeAway:      (*Bot).drawAway,
	engine.NoticeWelcome:   (*Bot).drawWelcome,
	engine.NoticeReturn:    (*Bot).drawReturn,
	engine.NoticeWeek:      (*Bot).drawWeek,
	engine.NoticeOffer:     (*Bot).drawOffer,
	engine.NoticeLook:      (*Bot).drawLook,
}

// drawRequest posts what waits for a signature where problems are looked for, at any time of day, and edits it there once that has ended.
func (b *Bot) drawRequest(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Request(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && v.State != engine.RequestPending {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Exceptions, blocks.Request(v), nil), nil
}

// drawException posts to the exceptions room, at any time of day, and edits there once it is settled.
func (b *Bot) drawException(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Exception(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && !v.ClosedAt.IsZero() {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Exceptions, blocks.Exception(v), nil), nil
}

// drawStorm keeps the one card of many exceptions up to date.
func (b *Bot) drawStorm(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Storm(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) == 0 && len(v.Open) == 0 {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Exceptions, blocks.Storm(v), nil), nil
}

// drawReminder rings once more, in the day, about what is still open; it is a message of its own, since an edit does not ring.
func (b *Bot) drawReminder(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Exception(ctx, n.Subject)
	if err != nil || !v.ClosedAt.IsZero() {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) > 0 {
		return nil, err
	}
	return b.once(n, nil, b.Rooms.Exceptions, blocks.Reminder(v), &v.Frame), nil
}

func (b *Bot) drawLevel(ctx context.Context, n engine.Notice) ([]parcel, error) {
	d, err := b.Report.Decision(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	t, err := b.Report.Task(ctx, d.Task)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	return b.once(n, standing, b.Rooms.Reports, blocks.Level(d, t), &d.Frame), err
}

// drawRenewed posts whose record began anew by one change, once: what is true of it later stands with each task.
func (b *Bot) drawRenewed(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Renewed(ctx, n.Subject)
	if err != nil || len(v.Tasks) == 0 {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) > 0 {
		return nil, err
	}
	return b.once(n, nil, b.Rooms.Reports, blocks.Renewed(v, n.Subject), &v.Frame), nil
}

// drawWeekly posts the report in words and then puts its chart onto it.
func (b *Bot) drawWeekly(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Weekly(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil {
		return nil, err
	}
	ps := b.once(n, standing, b.Rooms.Reports, blocks.Weekly(v), &v.Frame)
	if len(standing) == 0 && len(v.Near) > 0 {
		ps[0].Follow = []engine.Notice{{Kind: engine.NoticeNear, Subject: n.Subject, Due: b.Clock.Now()}}
	}
	p, ok := blocks.Chart(v)
	if !ok {
		return ps, nil
	}
	return ps, b.illustrate(ctx, n, ps, p, func(file string) blocks.Message { return blocks.WeeklyWithChart(v, p, file) })
}

// drawNear puts the pieces that came near a limit into the weekly report's thread, once.
func (b *Bot) drawNear(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Weekly(ctx, n.Subject)
	if err != nil || len(v.Near) == 0 {
		return nil, err
	}
	reports, err := b.standing(ctx, engine.NoticeWeekly, n.Subject)
	if err != nil || len(reports) == 0 {
		return nil, err
	}
	there, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(there) > 0 {
		return nil, err
	}
	return []parcel{{Room: reports[0].Channel, Thread: reports[0].TS, Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: blocks.NearLimits(v)}}, nil
}

func (b *Bot) drawMonthly(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Monthly(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	return b.once(n, standing, b.Rooms.Reports, blocks.Monthly(v), &v.Frame), err
}

// drawBaseline posts how a task did by itself, once; later looks are asked for.
func (b *Bot) drawBaseline(ctx context.Context, n engine.Notice) ([]parcel, error) {
	task, _, _ := strings.Cut(n.Subject, "|")
	v, err := b.Report.Baseline(ctx, task)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) > 0 {
		return nil, err
	}
	return b.once(n, standing, b.Rooms.Reports, blocks.BaselineCard(v, n.Subject), &v.Frame), nil
}

// drawDaily posts the morning note of its own day only: yesterday's says nothing this morning.
func (b *Bot) drawDaily(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Daily(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(standing) > 0 || !engine.DayStart(v.AsOf, v.Zone).Equal(v.Day) {
		return nil, err
	}
	ps := b.once(n, standing, b.Rooms.Reports, blocks.Daily(v), &v.Frame)
	if len(blocks.DailyLog(v).Blocks) > 0 {
		ps[0].Follow = []engine.Notice{{Kind: engine.NoticeLog, Subject: n.Subject, Due: b.Clock.Now()}}
	}
	return ps, nil
}

// drawLog puts the head of the log into the thread under the morning note, once.
func (b *Bot) drawLog(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Daily(ctx, n.Subject)
	if err != nil {
		return nil, err
	}
	notes, err := b.standing(ctx, engine.NoticeDaily, n.Subject)
	if err != nil || len(notes) == 0 {
		return nil, err
	}
	there, err := b.standing(ctx, n.Kind, n.Subject)
	if err != nil || len(there) > 0 || len(blocks.DailyLog(v).Blocks) == 0 {
		return nil, err
	}
	return []parcel{{Room: notes[0].Channel, Thread: notes[0].TS, Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: blocks.DailyLog(v)}}, nil
}

// retired is the version of a card that shows nothing to act on any more, or that people removed: it is left alone. No digest looks like it.
const retired = "retired"

// standing are the cards about a subject that are kept up to date, oldest first.
func (b *Bot) standing(ctx context.Context, kind engine.NoticeKind, subject string) ([]engine.Card, error) {
	cards, err := b.Store.Cards(ctx, kind, subject)
	return slices.DeleteFunc(cards, func(c engine.Card) bool { return c.Version == retired }), err
}

// once posts m to room, or brings what stands there up to date. day, when given, is whose day a new message waits for.
func (b *Bot) once(n engine.Notice, standing []engine.Card, room string, m blocks.Message, day *report.Frame) []parcel {
	if len(standing) == 0 {
		return []parcel{{Room: room, Day: day, Card: engine.Card{Kind: n.Kind, Subject: n.Subject}, Message: m}}
	}
	ps := make([]parcel, len(standing))
	for i, c := range standing {
		ps[i] = parcel{Card: c, Message: m}
	}
	return ps
}

// everything is the subject of the cards of a stop: there is one control.
const everything = "everything"

// drawControl tells of a stop in two rooms: at once where problems are looked for, and in the day where reports are. Each stop is a new message,
// since an edit does not ring; its end is told by an edit.
func (b *Bot) drawControl(ctx context.Context, n engine.Notice) ([]parcel, error) {
	v, err := b.Report.Stopped(ctx)
	if err != nil {
		return nil, err
	}
	standing, err := b.standing(ctx, n.Kind, everything)
	if err != nil {
		return nil, err
	}
	m, version := blocks.Stopped(v), ""
	if v.Control.Stopped {
		version = "stopped " + v.Control.StoppedAt.UTC().Format("2006-01-02T15:04:05.999999999")
	}
	var ps []parcel
	told := map[string]bool{}
	for _, c := range standing {
		if c.Version == version {
			told[c.Channel] = true
			ps = append(ps, parcel{Card: c, Message: m})
			continue
		}
		c.Version = retired
		ps = append(ps, parcel{Card: c, Message: blocks.Stopped(over(v))})
	}
	if version == "" {
		return ps, nil
	}
	for _, to := range []parcel{{Room: b.Rooms.Exceptions}, {Room: b.Rooms.Reports, Day: &v.Frame}} {
		if at := b.openRooms(to.Room)[0]; !told[at] {
			told[at] = true
			to.Card, to.Message = engine.Card{Kind: n.Kind, Subject: everything, Version: version}, m
			ps = append(ps, to)
		}
	}
	return ps, nil
}

// over is how a stop that ended looks.
func over(v report.Stopped) report.Stopped {
	v.Control = engine.Control{}
	return v
}
