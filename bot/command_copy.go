package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"koira/blocks"
	"koira/engine"
	"koira/engine/report"
)

// copyVerbs are what can be done with people's own copy. To add one: its function, a row, a line in a conversation script.
var copyVerbs = map[string]func(*Bot, context.Context, asker, []string) (blocks.Message, error){
	"add":    (*Bot).copyAdd,
	"list":   (*Bot).copyList,
	"move":   (*Bot).copyMove,
	"remove": (*Bot).copyRemove,
}

func (b *Bot) copy(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) < 2 || copyVerbs[strings.ToLower(words[0])] == nil {
		return blocks.Message{}, usage("/koira", "copy").wrong()
	}
	return copyVerbs[strings.ToLower(words[0])](b, ctx, a, words[1:])
}

// copyAdd puts people's own text into a task's calendar.
func (b *Bot) copyAdd(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) < 2 {
		return blocks.Message{}, usage("/koira", "copy").wrong()
	}
	o, err := b.Desk.AddCopy(ctx, a.actor, words[0], strings.Join(words[1:], " "))
	if err != nil {
		return blocks.Message{}, err
	}
	return b.put(ctx, o, "Your text is in the queue and waits for a yes")
}

// put says what became of people's own copy.
func (b *Bot) put(ctx context.Context, o engine.Output, waits string) (blocks.Message, error) {
	switch o.State {
	case engine.StateHeld:
		return blocks.Say("Your text is kept, but a rule stops it: look at /koira exceptions. Nothing goes out."), nil
	case engine.StateScheduled:
		return b.placed(ctx, o, "Your text goes out as it is, at its time; that counts as your yes to it")
	}
	return b.placed(ctx, o, waits)
}

func (b *Bot) copyList(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	return b.lookAtTask(ctx, a, blocks.ListCopy, words)
}

// numbered finds the piece that has a number in a task's calendar.
func (b *Bot) numbered(ctx context.Context, a asker, task, number string) (report.CopyItem, report.Copies, error) {
	if err := b.mayLook(ctx, a, "copy"); err != nil {
		return report.CopyItem{}, report.Copies{}, err
	}
	id, err := b.task(ctx, task)
	if err != nil {
		return report.CopyItem{}, report.Copies{}, err
	}
	v, err := b.Report.Copies(ctx, id, 0, 0)
	if err != nil {
		return report.CopyItem{}, v, err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(v.Items) {
		return report.CopyItem{}, v, engine.Errorf(engine.CodeNotFound, "There is no text %s in the calendar of %s; /koira copy list %s shows their numbers. Nothing changed.",
			short(number), v.Task.Name, id)
	}
	return v.Items[n-1], v, nil
}

// copyMove gives a text another place ("2 to 1") or another time ("2 2025-11-27 14:00", of the business's clock).
func (b *Bot) copyMove(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) != 4 {
		return blocks.Message{}, usage("/koira", "copy").wrong()
	}
	c, v, err := b.numbered(ctx, a, words[0], words[1])
	if err != nil {
		return blocks.Message{}, err
	}
	var o engine.Output
	if strings.EqualFold(words[2], "to") {
		place, perr := strconv.Atoi(words[3])
		if perr != nil {
			return blocks.Message{}, usage("/koira", "copy").wrong()
		}
		o, err = b.Desk.OrderCopy(ctx, a.actor, c.Output, c.Digest, place)
	} else {
		at, perr := time.ParseInLocation("2006-01-02 15:04", words[2]+" "+words[3], v.Zone)
		if perr != nil {
			return blocks.Message{}, usage("/koira", "copy").wrong()
		}
		o, err = b.Desk.MoveCopy(ctx, a.actor, c.Output, c.Digest, at)
	}
	if err != nil {
		return blocks.Message{}, err
	}
	return b.put(ctx, o, fmt.Sprintf("Moved: “%s”. It waits for a yes again", short(c.Title)))
}

// copyRemove takes a text out of the calendar; its card, which is the answer, has the way back.
func (b *Bot) copyRemove(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if len(words) != 2 {
		return blocks.Message{}, usage("/koira", "copy").wrong()
	}
	c, _, err := b.numbered(ctx, a, words[0], words[1])
	if err != nil {
		return blocks.Message{}, err
	}
	o, err := b.Desk.RemoveCopy(ctx, a.actor, c.Output, c.Digest) // worked on again, the number may be another text's
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Piece)(b.Report.Piece(ctx, o.ID))
}
