package blocks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

// factValue is what a fact's buttons carry: its number in the list of a version of the strategy.
func factValue(version, number int) Value { return Value{ID: fmt.Sprintf("%d:%d", version, number)} }

// factNew is the value that opens FactWindow for a fact that is not there yet.
const factNew = "new"

// ParseFact reads which fact a button or a window is about; false for a new one. Code invalid for anything that koira did not write.
func ParseFact(id string) (desk.FactRef, bool, error) {
	if id == factNew {
		return desk.FactRef{}, false, nil
	}
	version, number, ok := strings.Cut(id, ":")
	v, err := strconv.Atoi(version)
	n, err2 := strconv.Atoi(number)
	if !ok || err != nil || err2 != nil || factValue(v, n).ID != id {
		return desk.FactRef{}, false, malformed(id)
	}
	return desk.FactRef{Version: v, Number: n}, true, nil
}

// factsValue is the same for several facts of one version.
func factsValue(refs []desk.FactRef) Value {
	id := ""
	for i, r := range refs {
		if id += ","; i == 0 {
			id = fmt.Sprintf("%d:", r.Version)
		}
		id += strconv.Itoa(r.Number)
	}
	return Value{ID: id}
}

// ParseFacts reads which facts a button is about, one or more. Code invalid for anything that koira did not write.
func ParseFacts(id string) ([]desk.FactRef, error) {
	version, numbers, _ := strings.Cut(id, ":")
	var refs []desk.FactRef
	for n := range strings.SplitSeq(numbers, ",") {
		ref, is, err := ParseFact(version + ":" + n)
		if err != nil || !is || len(refs) == FactsMost {
			return nil, malformed(id)
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// FactsMost is how many facts are asked about at once: each is quoted.
const FactsMost = 10

// FactsAsk quotes the facts that somebody named by their numbers, and does nothing: the list may have changed since they read it, and a number may be
// another's now. The button is about what is quoted. off asks whether to take them off the list, else whether they are still so; more is how many
// are left to ask about after these, and tried what a yes would do.
func FactsAsk(v report.StrategyView, refs []desk.FactRef, off bool, more int, tried engine.Tried) Message {
	var bs []slack.Block
	for _, r := range refs {
		f := v.Facts[r.Number-1]
		bs = append(bs, section(lines(md(fmt.Sprintf("*%d.* ", f.Number))+says(f.Text, textMax), factState(f, v.Frame))))
	}
	bs = append(bs, triedSections(tried)...)
	if off {
		return message("Take this off the list?", slices.Concat(
			[]slack.Block{section("*Take this off the list?* What quotes it is stopped from then on.")}, bs,
			[]slack.Block{actions(button(IDFactOff, "Take it off", factsValue(refs))), note("If you do nothing, it stays on the list.")},
		)...)
	}
	label, ask, silence := "Still true", md("*Is this still so?* Its age begins anew with your yes."), md("If you do nothing, it stays as it is and grows older.")
	if len(refs) > 1 {
		label = fmt.Sprintf("All %d still true", len(refs))
		ask, silence = "*Are these still so?* Their age begins anew with your yes.", "If you do nothing, they stay as they are and grow older."
	}
	return message("Still so?", slices.Concat(
		[]slack.Block{section(ask)}, bs,
		[]slack.Block{actions(button(IDFactTrue, label, factsValue(refs))), note(dots(silence,
			where(more > 0, md(fmt.Sprintf("%d more after these: `/koira facts confirm all` again.", more)))))},
	)...)
}

// triedSections says what a change would have done to what is on record, and to what.
func triedSections(t engine.Tried) []slack.Block {
	return []slack.Block{section(triedLines(t.Lines)), section(upTo(8, "Among them:", triedPieces(t.Pieces)))}
}

// FactWanted answers a change of the facts that an owner asks for: what it is, what it would do, and the button that puts it in force. Until that is
// pressed, nothing has changed.
func FactWanted(w desk.FactWanted) Message {
	what := md("looked at today")
	if len(w.Changes) > 0 {
		what = short(w.Changes)
	}
	return message("To apply: "+what, slices.Concat(factSections(w), []slack.Block{
		section("If you do nothing, nothing changes."),
		actions(primary(button(IDFactApply, "Apply", Value{ID: w.ID})), button(IDCancel, "Cancel", Value{ID: w.ID})),
	})...)
}

// FactApplyWindow is the same in the window in which it was typed.
func FactApplyWindow(w desk.FactWanted, at Place) slack.ModalViewRequest {
	return window("Change the facts?", "Apply", CallbackFactApply, Meta{ID: w.ID, Channel: at.Channel, TS: at.TS},
		append(factSections(w), section("It counts at once for everything that has not gone out. If you close this, nothing changes."))...)
}

func factSections(w desk.FactWanted) []slack.Block {
	changes := section(upTo(changesMost, "*What changes*:", changeLines(w.Changes)))
	if len(w.Changes) == 0 {
		changes = section("*Its words and dates stay as they are*; with your yes it counts as looked at today.")
	}
	return append([]slack.Block{changes}, triedSections(w.Effects)...)
}

// Facts answers what may be said and how old it is, a page of it, for a viewer of that role.
func Facts(v report.StrategyView, p report.Page, role engine.Role) Message {
	owner := role >= engine.RoleOwner
	add := actions()
	if owner {
		add = actions(button(IDFactAdd, "Add a fact…", Value{ID: factNew}))
	}
	if len(v.Facts) == 0 {
		return message("No fact yet", section("*No fact yet*, so no price, date or number can be said. Owners add them: `/koira facts add \"Buns cost €3.20.\"`"), add)
	}
	head := md(fmt.Sprintf("*What I may say*: %s.", plural(len(v.Facts), "fact", "facts")))
	if v.MaxAge > 0 {
		head += md(fmt.Sprintf(" A person looks at each again within %d days; what needs one that is older is stopped.", v.MaxAge))
	}
	bs := []slack.Block{section(head)}
	from := min(p.Offset, len(v.Facts))
	shown := v.Facts[from:min(from+p.Size, len(v.Facts))]
	for _, f := range shown {
		bs = append(bs, section(lines(md(fmt.Sprintf("*%d.* ", f.Number))+says(f.Text, textMax), factState(f, v.Frame))))
		if owner {
			value := factValue(v.Strategy.Version, f.Number)
			var still slack.BlockElement
			if f.Days != 0 {
				still = button(IDFactTrue, "Still true", value)
			}
			bs = append(bs, actions(still, button(IDFact, "Change…", value)))
		}
	}
	p.More = from+p.Size < len(v.Facts)
	change := md("Owners change them: " + mentions(v.Owners, "or") + ".")
	if owner {
		change = "In words: `/koira facts confirm 2`, `/koira facts remove 2`."
	}
	bs = append(bs, note(dots("If you do nothing, they stay as they are and grow older. "+change, rowsShown(p, len(shown), len(v.Facts)))), add)
	bs = append(bs, queuePages(ListFacts, p)...)
	return message("What I may say", bs...)
}

// factState says since when nobody looked at a fact, and when it may be said.
func factState(f report.FactRow, fr report.Frame) md {
	age := md("nobody has looked at it yet")
	switch {
	case f.Days == 0:
		age = "looked at today"
	case f.Days > 0:
		age = "looked at " + md(plural(f.Days, "day", "days")) + " ago"
	}
	if f.TooOld {
		age = "*Too old*, what needs it is stopped: " + age
	}
	day := func(t time.Time) md { return md(t.In(zoneOf(fr)).Format("2 Jan 2006")) }
	return dots(age,
		where(!f.From.IsZero(), "from "+day(f.From)), where(!f.Until.IsZero(), "until "+day(f.Until.Add(-time.Second))),
		where(!f.Said, "not said today"),
	)
}

// FactsSaid answers what came of a change of the facts; how is "is on the list". Beside a fact that counts as looked at now stands what mends a slip.
func FactsSaid(d desk.FactDone, how string) Message {
	var rows []md
	for _, f := range d.Facts {
		rows = append(rows, says(f.Text, 200))
	}
	var apart []md
	for _, t := range d.Apart {
		apart = append(apart, says(t, nameMax))
	}
	slices.Sort(apart)
	var change slack.BlockElement
	if len(d.Numbers) == 1 {
		change = button(IDFact, "Change…", factValue(d.Version, d.Numbers[0]))
	}
	return message("Facts: "+md(how)+".",
		section(upTo(changesMost, md("✅ "+how+"."), rows), change),
		section(upTo(8, "These themes name their own facts, and not this one (Change… beside it in `/koira facts`):", slices.Compact(apart))),
		note(stoppedBy(d.Stopped)+where(d.Looked, " Not so after all? Change… or `/koira facts` corrects it or takes it off, and stops at once what quotes it.")+where(!d.Looked, md(fmt.Sprintf(" Back to how it was: `/koira strategy revert %d`.", d.Version-1)))),
	)
}

// FactFields is what stands in FactWindow, as it was typed.
type FactFields struct {
	Text, From, Until string // days as "2025-12-24"
	Themes            []string
	Off               bool
}

// FactWindow asks an owner for a fact: a new one for the zero ref. typed fills it in with what was typed before somebody else changed the fact to
// what now says; both are nil where nobody did.
func FactWindow(v report.StrategyView, ref desk.FactRef, typed *FactFields, now *engine.Fact, at Place) slack.ModalViewRequest {
	f, title, id := FactFields{}, "A new fact", factNew
	lead := md("One true sentence with its prices, dates and numbers, as they may be said.")
	if ref.Number > 0 {
		if ref.Version != v.Strategy.Version || ref.Number > len(v.Facts) {
			return SayWindow("A fact", "The facts changed since that was drawn. Open /koira facts again. Nothing changed.")
		}
		title, id, lead = "A fact", factValue(ref.Version, ref.Number).ID, "What quotes the old words or numbers and not the new ones is stopped. With your yes it counts as looked at today."
		f = factFields(v, v.Facts[ref.Number-1])
	}
	if typed != nil {
		f = *typed
	}
	if now != nil {
		lead = "⚠️ This fact changed while you typed. It says now: “" + says(now.Text, 600) + "”. Below is what you typed: save again, and yours takes its place."
	}
	day := func(id, label, initial string) *slack.InputBlock {
		e := slack.NewDatePickerBlockElement(id)
		e.InitialDate = initial
		return slack.NewInputBlock(id, plainText(label), nil, e).WithOptional(true)
	}
	bs := []slack.Block{
		section(lead), field(FieldFact, "The fact", f.Text, 500, true, false),
		day(FieldFrom, "May be said from", f.From), day(FieldUntil, "Until, that day too", f.Until), factThemes(v, f.Themes),
	}
	if ref.Number > 0 {
		bs = append(bs, boxes(FieldOff, "Or", true, option("off", "Take it off the list: what quotes it is stopped")))
	}
	return window(title, "Save", CallbackFact, Meta{ID: id, Channel: at.Channel, TS: at.TS}, append(bs, note("Save shows first what it would do. If you close this, nothing changes."))...)
}

func factFields(v report.StrategyView, row report.FactRow) FactFields {
	zone := zoneOf(v.Frame)
	f := FactFields{Text: row.Text, Themes: row.Themes}
	if !row.From.IsZero() {
		f.From = row.From.In(zone).Format(time.DateOnly)
	}
	if !row.Until.IsZero() {
		f.Until = row.Until.Add(-time.Second).In(zone).Format(time.DateOnly)
	}
	return f
}

// factThemes asks which of the themes that name their own facts use this one; nil where none names any.
func factThemes(v report.StrategyView, on []string) slack.Block {
	var opts, chosen []*slack.OptionBlockObject
	for i, t := range v.Strategy.Themes {
		if len(t.Facts) == 0 || len(opts) == optionsMost {
			continue
		}
		o := option(strconv.Itoa(i)+":"+plain(t.Key, 60), t.Text)
		opts = append(opts, o)
		if slices.Contains(on, t.Key) {
			chosen = append(chosen, o)
		}
	}
	if len(opts) == 0 {
		return nil
	}
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("Choose"), FieldThemes, opts...)
	e.InitialOptions = chosen
	return hint(slack.NewInputBlock(FieldThemes, plainText("Themes that use it"), nil, e).WithOptional(true), "Of those that name their own facts. The others may use every fact.")
}

// ReadFact reads FactWindow.
func ReadFact(v slack.View) FactFields {
	f := FactFields{
		Text: entry(v, FieldFact).Value, From: entry(v, FieldFrom).SelectedDate, Until: entry(v, FieldUntil).SelectedDate,
		Off: len(entry(v, FieldOff).SelectedOptions) > 0,
	}
	for _, o := range entry(v, FieldThemes).SelectedOptions {
		_, key, _ := strings.Cut(o.Value, ":")
		f.Themes = append(f.Themes, key)
	}
	return f
}
