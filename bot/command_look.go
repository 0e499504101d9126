package bot

import (
	"context"
	"strings"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
)

// page is how many rows an answer shows.
const page = 8

// mayLook refuses whoever is on no list: strangers see nothing.
func (b *Bot) mayLook(ctx context.Context, a asker, what string) error {
	return b.allowed(ctx, a, desk.ActionLook, what)
}

// look is mayLook, then one of the lists from its beginning.
func (b *Bot) look(ctx context.Context, a asker, v blocks.PageValue) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, string(v.List)); err != nil {
		return blocks.Message{}, err
	}
	return b.list(ctx, a, v)
}

func (b *Bot) status(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "status"); err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Status)(b.Report.Status(ctx))
}

func (b *Bot) queue(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListQueue})
}

func (b *Bot) exceptions(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	return b.look(ctx, a, blocks.PageValue{List: blocks.ListExceptions})
}

func (b *Bot) log(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.lookAtTask(ctx, a, blocks.ListLog, words)
}

func (b *Bot) decisions(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.lookAtTask(ctx, a, blocks.ListDecisions, words)
}

func (b *Bot) lookAtTask(ctx context.Context, a asker, list blocks.List, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, string(list)); err != nil {
		return blocks.Message{}, err
	}
	v := blocks.PageValue{List: list}
	if len(words) > 0 {
		var err error
		if v.Task, err = b.task(ctx, strings.Join(words, " ")); err != nil {
			return blocks.Message{}, err
		}
	}
	return b.list(ctx, a, v)
}

func (b *Bot) budget(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "budget"); err != nil {
		return blocks.Message{}, err
	}
	return drawn(b.budgetFor(a))(b.Report.Budget(ctx, first(words)))
}

func (b *Bot) report(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "report"); err != nil {
		return blocks.Message{}, err
	}
	if when := first(words); len(when) == len("2025-11") && !strings.Contains(when, "W") {
		return drawn(blocks.Monthly)(b.Report.Monthly(ctx, when))
	}
	return drawn(blocks.Weekly)(b.Report.Weekly(ctx, first(words)))
}

func (b *Bot) baseline(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "baseline"); err != nil {
		return blocks.Message{}, err
	}
	if len(words) == 0 {
		return blocks.Message{}, usage("/koira", "baseline").wrong()
	}
	task, err := b.task(ctx, strings.Join(words, " "))
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Baseline)(b.Report.Baseline(ctx, task))
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// whyNot takes a piece's id, or words of its first line.
func (b *Bot) whyNot(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "why-not"); err != nil {
		return blocks.Message{}, err
	}
	if len(words) == 0 {
		return blocks.Message{}, usage("/koira", "why-not").wrong()
	}
	id, err := b.piece(ctx, strings.Join(words, " "))
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.WhyNot)(b.Report.WhyNot(ctx, id))
}

// recent is how many pieces are searched for words of a first line.
const recent = 300

// piece is the id of the piece that words name: its id, or the newest one whose first line holds them. Code not_found.
func (b *Bot) piece(ctx context.Context, words string) (string, error) {
	v, err := b.Report.OutputLog(ctx, "", 0, recent)
	if err != nil {
		return "", err
	}
	for _, row := range v.Rows {
		if strings.EqualFold(row.Output, words) {
			return row.Output, nil
		}
	}
	for _, row := range v.Rows {
		if strings.Contains(strings.ToLower(row.Title), strings.ToLower(words)) {
			return row.Output, nil
		}
	}
	if _, err := b.Report.WhyNot(ctx, words); err == nil { // older than those searched
		return words, nil
	}
	return "", engine.Errorf(engine.CodeNotFound, "There is no piece %q. Write words of its first line, or its id from Details.", short(words))
}

// task is the id of the task that words name: its id or its name. Code not_found with the nearest.
func (b *Bot) task(ctx context.Context, words string) (string, error) {
	v, err := b.Report.Autonomy(ctx)
	if err != nil {
		return "", err
	}
	var known []string
	for _, row := range v.Tasks {
		if strings.EqualFold(row.Task.ID, words) || strings.EqualFold(row.Task.Name, words) {
			return row.Task.ID, nil
		}
		known = append(known, row.Task.ID)
	}
	if near := nearest(words, known); near != "" {
		return "", engine.Errorf(engine.CodeNotFound, "There is no task %q. Did you mean %s?", short(words), near)
	}
	return "", engine.Errorf(engine.CodeNotFound, "There is no task %q. There is: %s.", short(words), strings.Join(known, ", "))
}
