package bot

import (
	"context"
	"strconv"
	"strings"

	"koira/blocks"
	"koira/engine"
)

// Days that a replay goes back.
const (
	replayDays = 30
	replayMost = 365
)

// levelReplay shows what would have become of a task's pieces at another level: "daily-social L5 since 60d".
func (b *Bot) levelReplay(ctx context.Context, a asker, words []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "replay"); err != nil {
		return blocks.Message{}, err
	}
	words, days, ok := sinceOf(words)
	if !ok || len(words) < 2 {
		return blocks.Message{}, usage("/autonomy", "replay").wrong()
	}
	last := len(words) - 1
	level, err := engine.ParseLevel(words[last])
	if err != nil {
		return blocks.Message{}, err
	}
	task, err := b.task(ctx, strings.Join(words[:last], " "))
	if err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.LevelReplay)(b.Report.LevelReplay(ctx, task, level, days))
}

// sinceOf takes "since 30d" off the end of words; without it, it is the usual number of days. False for what is no such number.
func sinceOf(words []string) (rest []string, days int, ok bool) {
	at := len(words) - 2
	if at < 0 || !strings.EqualFold(words[at], "since") {
		return words, replayDays, true
	}
	days, err := strconv.Atoi(strings.TrimSuffix(strings.ToLower(words[at+1]), "d"))
	return words[:at], days, err == nil && days >= 1 && days <= replayMost
}
