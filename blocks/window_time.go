package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/report"
)

// TimeWindow asks for another time. For a piece that ended without going out it is the time of a new piece with the same words.
func TimeWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	title, says := "Another time", md("A new time makes a new version: it waits for a yes again. If you close this, it keeps its time.")
	if v.Output.State.Final() {
		title, says = "Use as a new draft", "The words become a new piece at that time, and it waits for a yes. The old one stays as it ended."
	}
	return window(title, "Save", CallbackTime, meta(v, at), append(append([]slack.Block{repeats(v)}, timeFields(v)...), note(says))...)
}

// PutBackWindow shows a piece that was stopped and whose time is near or past, and asks for the time at which it goes out after all.
func PutBackWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	bs := []slack.Block{repeats(v)}
	bs = append(bs, preview(v.Output, marked(v, wholeInWindow, jsonBytes), wholeInWindow, jsonBytes, wholeLink)...)
	bs = append(bs, timeFields(v)...)
	bs = append(bs, note("That is your yes to this text at that time. If you close this, it stays stopped."))
	return window("Put it back", "Put back", CallbackPutBack, meta(v, at), bs...)
}

// timeFields ask for a day and a time: v's own, or a little later than now where that has passed.
func timeFields(v report.PieceView) []slack.Block {
	zone := zoneOf(v.Frame)
	start := v.Slot.In(zone)
	if !start.After(v.AsOf) {
		start = v.AsOf.In(zone).Truncate(time.Hour).Add(2 * time.Hour)
	}
	day := slack.NewDatePickerBlockElement(FieldDate)
	day.InitialDate = start.Format(time.DateOnly)
	hour := slack.NewTimePickerBlockElement(FieldTime)
	hour.InitialTime = start.Format("15:04")
	return []slack.Block{
		slack.NewInputBlock(FieldDate, plainText("Day"), nil, day),
		slack.NewInputBlock(FieldTime, plainText("Time in "+plain(city(v.Frame), 40)), nil, hour),
	}
}

// ReadTime returns the time that was chosen in TimeWindow, in the business's zone. Code invalid, with its field, where none was.
func ReadTime(v slack.View, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", entry(v, FieldDate).SelectedDate+" "+entry(v, FieldTime).SelectedTime, zone)
	if err != nil {
		e := engine.Errorf(engine.CodeInvalid, "Choose a day and a time. Nothing changed.")
		e.Field, e.Err = FieldTime, err
		return time.Time{}, e
	}
	return t, nil
}

// NowWindow asks once more before a piece goes out at once.
func NowWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	bs := []slack.Block{repeats(v)}
	bs = append(bs, preview(v.Output, marked(v, wholeInWindow, jsonBytes), wholeInWindow, jsonBytes, wholeLink)...)
	bs = append(bs, section("It goes out now, instead of "+when(v.Slot, v.Frame)+". If you close this, it keeps its time."))
	return window("Publish now?", "Publish now", CallbackNow, meta(v, at), bs...)
}
