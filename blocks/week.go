package blocks

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// rowsOfWeek is how many pieces the card of a week lists.
const rowsOfWeek = 25

// Week is the one card of the drafts that were made ahead for one week: one line each, and who decided what so far.
func Week(v report.WeekView) Message {
	all, which := len(v.Items), weekName(v)
	head, push := "✅ "+which+" is decided", md(which+" is decided: "+plural(all, "piece", "pieces")+".")
	said := words(weekCounts(v)+".", settled(v))
	if v.Held > 0 {
		head, push = "⚠️ "+which+": "+plural(v.Held, "piece is", "pieces are")+" stopped", md(which+": "+plural(v.Held, "piece is", "pieces are")+" stopped by a rule.")
	}
	does := md("")
	open := button(IDWeek, "Look at them…", Value{ID: v.Week})
	switch {
	case v.Waiting > 0:
		head = "🔎 " + which + " waits for you"
		push = md(which + " is ready to read: " + plural(v.Waiting, "piece", "pieces") + ", about " + plural(v.Minutes, "minute", "minutes") + ". First needed by " + clock(v.First, v.Frame) + ".")
		said = words(weekCounts(v)+",", md("about "+plural(v.Minutes, "minute", "minutes")+" to read."), "First needed by "+onDay(v.First, v.Frame)+".")
		does = ifNobody(v)
		open = primary(button(IDWeek, "Read them…", Value{ID: v.Week}))
	case v.Unasked > 0:
		head = "⏳ " + which + " goes out unless stopped"
		push = md(which + " goes out unless stopped: " + plural(v.Unasked, "piece", "pieces") + ", about " + plural(v.Minutes, "minute", "minutes") + " to read.")
		said = words(weekCounts(v)+",", md("about "+plural(v.Minutes, "minute", "minutes")+" to read."), where(v.Held > 0, settled(v)))
		does = words(where(v.Held == 0, "Nothing is needed."), stays(v))
		open = button(IDWeek, "Read them…", Value{ID: v.Week})
	}
	rows := make([]md, all)
	for i, it := range v.Items {
		rows[i] = weekRow(it, v.Frame)
	}
	m := message(push, header(head), section(said), section(upTo(rowsOfWeek, "*One line each*", rows)), section(does), actions(open))
	return m.about(string(engine.NoticeWeek), v.Week).until(v.Next)
}

// weekName calls a week as people do on the day: next week, this week, or by its Monday.
func weekName(v report.WeekView) string {
	zone := zoneOf(v.Frame)
	this := engine.WeekStart(v.AsOf, zone)
	switch {
	case v.From.Equal(this):
		return "This week"
	case v.From.Equal(engine.WeekStart(this.AddDate(0, 0, 8), zone)):
		return "Next week"
	}
	return "The week of " + v.From.In(zone).Format("2 Jan")
}

// weekCounts counts a week's pieces by kind: "*7 posts, 1 e-mail*".
func weekCounts(v report.WeekView) md {
	kinds := make([]string, len(v.Kinds))
	for i, k := range v.Kinds {
		kinds[i] = k.Words()
	}
	return md("*" + strings.Join(kinds, ", ") + "*")
}

// settled says what is to come of a week of which nothing waits for a yes.
func settled(v report.WeekView) md {
	held := where(v.Held > 0, md(plural(v.Held, "piece is", "pieces are")+" stopped by a rule: the problem card of each says what to do."))
	return words(where(v.Held == 0, "Nothing is needed."), where(v.Goes > 0, "What was decided goes out at its time."), held)
}

// stays says what silence does to those that go out unless stopped: each has a card of its own before, from which on people have time to look.
func stays(v report.WeekView) md {
	switch v.Unasked {
	case 0:
		return ""
	case 1:
		return "One goes out by itself unless somebody stops it: a card of its own tells of it a day before, or earlier, and leaves time to look."
	}
	return md(number(int64(v.Unasked)) + " go out by themselves unless somebody stops them: a card of its own tells of each a day before, or earlier, and leaves time to look.")
}

// ifNobody says what silence does.
func ifNobody(v report.WeekView) md { return words(unread(v), stays(v)) }

// unread says what silence does to those that wait.
func unread(v report.WeekView) md {
	switch {
	case v.Waiting == len(v.Items):
		return "If you do nothing, none of them goes out."
	case v.Waiting == 1:
		return "If you do nothing, the one that waits does not go out."
	}
	return md("If you do nothing, the " + number(int64(v.Waiting)) + " that wait do not go out.")
}

func weekRow(it report.WeekItem, f report.Frame) md {
	return dots(when(it.When(), f), channel(it.Row), "“"+says(it.Title, 40)+"”", weekVerdict(it))
}

// weekVerdict says who decided what of a piece.
func weekVerdict(it report.WeekItem) md {
	switch {
	case it.Waits:
		return ""
	case it.Window:
		return "goes out unless stopped"
	case it.By == "":
		return says(it.Words, nameMax)
	case it.State == engine.StateRejected || it.State == engine.StateScheduled:
		return says(it.Words, nameMax) + " by " + mention(it.By)
	}
	return says(it.Words, nameMax) + ", approved by " + mention(it.By)
}

// pageOfWeek is how many bytes of text one page of WeekWindow holds: few enough for the whole window to ride on an acknowledgement.
const pageOfWeek = 3000

// weekPages are a piece's wordings cut into pages; a piece that fits is one page.
func weekPages(o engine.Output) [][]engine.Variant {
	pages, room := [][]engine.Variant{nil}, pageOfWeek
	for _, w := range o.Variants {
		rest := engine.StripHidden(w.Shown)
		for {
			part := head(rest, room, jsonBytes)
			if i := strings.LastIndexAny(part, "\n "); len(part) < len(rest) && i > len(part)/2 {
				part = part[:i+1]
			}
			if part != "" || rest == "" {
				shown := w
				shown.Shown = part
				pages[len(pages)-1] = append(pages[len(pages)-1], shown)
			}
			room -= size(part, jsonBytes)
			if rest = rest[len(part):]; rest == "" {
				break
			}
			pages, room = append(pages, nil), pageOfWeek
		}
	}
	return pages
}

// WeekPages is on how many pages WeekWindow shows a piece.
func WeekPages(v report.PieceView) int { return len(weekPages(v.Output)) }

// AtWeek is where somebody is in the window of a week.
type AtWeek struct {
	Place
	Page   int      // of the piece, from 0 on
	Viewer string   // who reads
	Said   string   // why what they pressed last came to nothing; "" when it did not
	Who    []string // ids of people whom Said names
}

// WeekWindow shows one piece of a week, all of it. A piece that is too long for it has pages, and only the last one has Approve, which never comes to
// stand where the thumb was that turned the page. After a yes, Next stands in its place.
func WeekWindow(w report.WeekView, v report.PieceView, at AtWeek) slack.ModalViewRequest {
	pages := weekPages(v.Output)
	page := min(max(at.Page, 0), len(pages)-1)
	m := meta(v, at.Place)
	m.Week, m.Page = w.Week, page

	of := md("")
	if len(pages) > 1 {
		of = md("page " + number(int64(page+1)) + " of " + number(int64(len(pages))))
	}
	bs := []slack.Block{
		section(where(at.Said != "", "⚠️ "+naming(at.Said, at.Who))),
		note(dots(md(number(int64(w.Place(v.Output.ID)))+" of "+number(int64(len(w.Items)))), says(v.Words, nameMax), of)),
		repeats(v), note(behind(v)),
	}
	shown, changes := v.Output, marks{}
	if shown.Variants = pages[page]; len(pages) == 1 {
		changes = marked(v, pageOfWeek, jsonBytes)
	}
	bs = append(bs, preview(shown, changes, pageOfWeek, jsonBytes, wholeLink)...)
	if page == len(pages)-1 {
		bs = append(bs, looks(v)...)
	}
	return window(weekName(w), "", "", m, append(bs, weekChoices(v, page, len(pages), at.Viewer)...)...)
}

// weekChoices are what can be done about the piece that WeekWindow shows, and what happens if nothing is.
func weekChoices(v report.PieceView, page, pages int, viewer string) []slack.Block {
	value := valueOf(v)
	next := button(IDNext, "Next", value)
	switch {
	case v.Output.State == engine.StateScheduled && v.Approval != nil:
		return []slack.Block{
			section("✅ Approved by " + mention(v.Approval.By) + " " + when(v.Approval.At, v.Frame) + ". It goes out " + when(v.Slot, v.Frame) + ". Nothing is needed."),
			actions(next, button(IDTakeBack, "Take back", value)),
		}
	case v.Window:
		return []slack.Block{
			section(words("Nobody needs to say yes.", silence(v.Silence, v.Frame))), actions(next, button(IDStopOne, "Stop this one", value), button(IDEdit, "Edit…", value)),
		}
	case v.Output.State != engine.StateWaiting:
		return []slack.Block{section(silence(v.Silence, v.Frame)), actions(next)}
	}
	edit, reject, later := button(IDEdit, "Edit…", value), button(IDReject, "Reject…", value), button(IDNext, "Later", value)
	back := button(IDPageBack, "Page before", StepValue{v.Output.ID, v.Output.Digest, page - 1})
	said, first := silence(v.Silence, v.Frame), []slack.BlockElement{primary(button(IDApprove, "Approve", yesTo(v)))}
	switch {
	case page < pages-1:
		said = words(said, "It goes on: Approve stands on its last page.")
		first = []slack.BlockElement{button(IDReadOn, "Read on", StepValue{v.Output.ID, v.Output.Digest, page + 1})}
		if page > 0 {
			first = append(first, back)
		}
	case viewer == v.Output.EditedBy && !slices.Contains(v.MayDecide, viewer):
		said, first = words(said, "You wrote this text last, so somebody else says yes to it: "+mentions(v.MayDecide, "or")+"."), nil
		if pages > 1 {
			first = append(first, back)
		}
	case pages > 1:
		first = append([]slack.BlockElement{back}, first...)
	}
	return []slack.Block{section(said), actions(append(first, edit)...), actions(reject, later)}
}

// WeekOverWindow stands at the end of a week's pieces: what was decided, and what still waits.
func WeekOverWindow(v report.WeekView, at AtWeek) slack.ModalViewRequest {
	rows := make([]md, len(v.Items))
	for i, it := range v.Items {
		verdict := weekVerdict(it)
		if it.Waits {
			verdict = "waits for a yes"
		}
		rows[i] = dots(when(it.When(), v.Frame), channel(it.Row), "“"+says(it.Title, 40)+"”", verdict)
	}
	m := Meta{ID: v.Week, Week: v.Week, Channel: at.Channel, TS: at.TS}
	said, does := words(md("*All "+number(int64(len(v.Items)))+" are decided.*"), settled(v), stays(v)), slack.Block(nil)
	if v.Held+v.Unasked > 0 {
		said = words("*Nothing of it waits for a yes.*", settled(v), stays(v))
	}
	if v.Waiting > 0 {
		said = words(md("*"+plural(v.Waiting, "piece waits", "pieces wait")+" for a yes.*"), ifNobody(v))
		does = actions(button(IDNext, "Read the rest", Value{ID: v.Week}))
	}
	return window(weekName(v), "", "", m, section(where(at.Said != "", "⚠️ "+naming(at.Said, at.Who))), section(said), section(upTo(rowsOfWeek, "*One line each*", rows)), does)
}
