package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"koira/engine"
)

// AuditGroup is a corner of how often × how sensitive, in the order in which work is handed over.
type AuditGroup int

const (
	AuditFirst  AuditGroup = iota // often, and little can go wrong
	AuditNext                     // often, but sensitive
	AuditThen                     // seldom, and little can go wrong
	AuditLast                     // seldom and sensitive
	AuditPeople                   // stays with people: L1 at most
)

// AuditGroups lists all groups in their order.
var AuditGroups = []AuditGroup{AuditFirst, AuditNext, AuditThen, AuditLast, AuditPeople}

// Words names g.
func (g AuditGroup) Words() string {
	return [...]string{
		"Often, and little can go wrong: hand over first", "Often, but sensitive: next, with every piece read", "Seldom, and little can go wrong: then",
		"Seldom and sensitive: last", "Stays with you: I draft, you publish",
	}[g]
}

// AuditRow is one piece of weekly work.
type AuditRow struct {
	ID          string // of a task, or of the work
	Number      int    // by which people name work that they do by hand; 0 for a task
	Name        string
	Minutes     int // a week, as people say; of a task: before koira. 0 where nobody said
	Often       bool
	HowOften    string // "5 a week", "" where nobody said
	Sensitivity engine.Degree
	Group       AuditGroup
	Mine        bool         // a task of koira's
	Level       engine.Level // of a task
	Top         engine.Level // as far as its nature says
	Caps        []string     // why not higher
	Guessed     bool         // Caps rest on words of its name
	TookOver    []string     // names of the work that a task took over
}

// AuditView is what to hand over first.
type AuditView struct {
	Frame
	Market   engine.Market
	Rows     []AuditRow // in the order of their groups, most time first
	First    []AuditRow // the first candidates, three at most
	Before   int        // minutes a week that people said koira's tasks took before
	ByHand   int        // and that the rest takes now
	Unsaid   int        // rows of which nobody has said how long they take
	Proposed []engine.ProposedWork
	Full     bool // the list takes no more
}

// firstMost is how many candidates are named: two or three tasks first.
const firstMost = 3

// Audit reads every weekly piece of work by frequency and sensitivity.
func (r *Reader) Audit(ctx context.Context) (AuditView, error) {
	s, err := r.scene(ctx)
	if err != nil {
		return AuditView{}, err
	}
	v := AuditView{Frame: s.Frame}
	works, err := r.store.Works(ctx)
	if err != nil {
		return v, fmt.Errorf("reading the audit's list: %w", err)
	}
	market, err := r.store.Setting(ctx, engine.SettingMarket)
	if err != nil {
		return v, fmt.Errorf("reading whom the business sells to: %w", err)
	}
	v.Market, v.Full = engine.Market(market), len(works) >= engine.MostWorks
	for _, t := range s.tasks {
		v.Rows = append(v.Rows, taskAudit(t, works))
	}
	number := 0
	for _, w := range works {
		if w.ID == w.Task {
			continue
		}
		number++
		if w.Task != "" && slices.ContainsFunc(s.tasks, func(t engine.Task) bool { return t.ID == w.Task }) {
			continue // it stands with its task
		}
		v.Rows = append(v.Rows, workAudit(w, number))
	}
	slices.SortStableFunc(v.Rows, func(a, b AuditRow) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.Name, b.Name))
	})
	for _, row := range v.Rows {
		switch {
		case row.Minutes == 0:
			v.Unsaid++
		case row.Mine:
			v.Before += row.Minutes
		default:
			v.ByHand += row.Minutes
		}
		// What runs by itself already, and what stays with people, is no candidate.
		if row.Group < AuditLast && row.Level < engine.L4 && len(v.First) < firstMost {
			v.First = append(v.First, row)
		}
	}
	for _, p := range engine.Proposed(v.Market) {
		if !slices.ContainsFunc(works, func(w engine.Work) bool { return strings.EqualFold(w.Name, p.Work.Name) }) &&
			!slices.ContainsFunc(s.tasks, func(t engine.Task) bool { return strings.EqualFold(t.Name, p.Work.Name) || t.ID == p.Key }) {
			v.Proposed = append(v.Proposed, p)
		}
	}
	return v, nil
}

// Work finds what stands on the audit's list under a number that AuditView gave, or a task's own hours by its id. Code not_found.
func (r *Reader) Work(ctx context.Context, number int) (engine.Work, error) {
	works, err := r.store.Works(ctx)
	if err != nil {
		return engine.Work{}, fmt.Errorf("reading the audit's list: %w", err)
	}
	works = slices.DeleteFunc(works, func(w engine.Work) bool { return w.ID == w.Task })
	if number < 1 || number > len(works) {
		return engine.Work{}, engine.Errorf(engine.CodeNotFound, "There is no work %d on the list; /koira audit shows the numbers. Nothing changed.", number)
	}
	return works[number-1], nil
}

// AuditItem is one thing that the audit's windows can change.
type AuditItem struct {
	engine.Work
	Mine bool // a task of koira's: its hours alone are kept
}

// AuditItems lists what the audit's windows can change: koira's tasks, and all work on the list.
func (r *Reader) AuditItems(ctx context.Context) ([]AuditItem, error) {
	tasks, err := r.store.Tasks(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the tasks: %w", err)
	}
	works, err := r.store.Works(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the audit's list: %w", err)
	}
	var items []AuditItem
	for _, w := range works {
		if w.ID != w.Task {
			items = append(items, AuditItem{Work: w})
		}
	}
	for _, t := range tasks {
		w := engine.Work{ID: t.ID, Task: t.ID, Name: t.Name}
		if i := slices.IndexFunc(works, func(x engine.Work) bool { return x.ID == t.ID }); i >= 0 {
			w.Minutes = works[i].Minutes
		}
		items = append(items, AuditItem{Work: w, Mine: true})
	}
	return items, nil
}

func taskAudit(t engine.Task, works []engine.Work) AuditRow {
	row := AuditRow{
		ID: t.ID, Name: t.Name, Often: t.Frequency == engine.High, Sensitivity: t.Sensitivity, Mine: true, Level: t.Level, HowOften: cadence(t.Cadence),
	}
	for _, w := range works {
		if w.Task != t.ID {
			continue
		}
		row.Minutes += w.Minutes
		if w.ID != t.ID {
			row.TookOver = append(row.TookOver, w.Name)
		}
	}
	row.Top, row.Caps = engine.Work{Nature: t.Nature}.Top()
	row.Group = groupOf(row)
	return row
}

func workAudit(w engine.Work, number int) AuditRow {
	row := AuditRow{
		ID: w.ID, Number: number, Name: w.Name, Minutes: w.Minutes, Often: w.Often(), Sensitivity: w.Sensitivity, Guessed: w.Guessed,
	}
	if w.Times > 0 {
		row.HowOften = fmt.Sprintf("%d a week", w.Times)
	}
	row.Top, row.Caps = w.Top()
	row.Group = groupOf(row)
	return row
}

func groupOf(r AuditRow) AuditGroup {
	sensitive := r.Sensitivity == engine.High || r.Top < engine.L5
	switch {
	case r.Top <= engine.L1:
		return AuditPeople
	case r.Often && !sensitive:
		return AuditFirst
	case r.Often:
		return AuditNext
	case !sensitive:
		return AuditThen
	}
	return AuditLast
}

// cadence is how often a task may run: "2–4 a week".
func cadence(c engine.Cadence) string {
	switch {
	case c.Max == 0:
		return ""
	case c.Min == c.Max:
		return fmt.Sprintf("%d a week", c.Max)
	}
	return fmt.Sprintf("%d–%d a week", c.Min, c.Max)
}
