package bot

import (
	"context"

	"koira/blocks"
)

// timeline answers where this business stands on the path of the first 90 days.
func (b *Bot) timeline(ctx context.Context, a asker, _ []string) (blocks.Message, error) {
	if err := b.mayLook(ctx, a, "timeline"); err != nil {
		return blocks.Message{}, err
	}
	return drawn(blocks.Timeline)(b.Report.Timeline(ctx))
}
