package bot

import (
	"context"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
)

// submission is a window that was sent in.
type submission struct {
	asker
	key  string // of the envelope, for the answer that rides on its acknowledgement
	view slack.View
	meta blocks.Meta
}

// submissions has a row for each window that blocks draws and that can be sent in. What is done is authorised by desk. The message, if any,
// is said to the sender when it worked.
var submissions = map[blocks.Callback]func(*Bot, context.Context, submission) (blocks.Message, error){
	blocks.CallbackEdit:       (*Bot).sendEdit,
	blocks.CallbackReject:     (*Bot).sendReject,
	blocks.CallbackTime:       (*Bot).sendTime,
	blocks.CallbackNow:        (*Bot).sendNow,
	blocks.CallbackApprove:    (*Bot).sendApprove,
	blocks.CallbackPosted:     (*Bot).sendPosted,
	blocks.CallbackLive:       (*Bot).sendLive,
	blocks.CallbackResend:     (*Bot).sendResend,
	blocks.CallbackDrop:       (*Bot).sendDrop,
	blocks.CallbackRetract:    (*Bot).sendRetract,
	blocks.CallbackMissed:     (*Bot).sendMissed,
	blocks.CallbackLevel:      (*Bot).sendLevel,
	blocks.CallbackLoosen:     (*Bot).sendLoosen,
	blocks.CallbackResume:     (*Bot).sendResume,
	blocks.CallbackResumeTask: (*Bot).sendResumeTask,
	blocks.CallbackPause:      (*Bot).sendPause,
	blocks.CallbackStop:       (*Bot).sendStop,
	blocks.CallbackOnce:       (*Bot).sendOnce,
	blocks.CallbackLimit:      (*Bot).sendLimit,
}

// submission carries out what was sent in. What is wrong with one field is shown at that field, and the window stays with all that was typed;
// everything else closes it and is said to the sender.
func (b *Bot) submission(ctx context.Context, s submission) error {
	m, err := b.sent(ctx, &s)
	if field := fieldOf(err); field != "" && hasField(s.view, field) {
		text, _ := explain(ctx, err)
		if b.answer.settle(s.key, slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})) {
			b.Log.Info("a window was sent back", "command", s.view.CallbackID, "user", s.actor.ID, "code", engine.CodeOf(err), "err", err)
			return err
		}
	}
	b.answer.settle(s.key, nil)
	if err != nil {
		b.fail(ctx, s.asker, s.view.CallbackID, err)
		return err
	}
	return b.whisper(ctx, s.asker, m)
}

func (b *Bot) sent(ctx context.Context, s *submission) (blocks.Message, error) {
	send, ok := submissions[blocks.Callback(s.view.CallbackID)]
	if !ok {
		return blocks.Message{}, b.denied(ctx, s.asker, "send", short(s.view.CallbackID), foreign("unknown window"))
	}
	var err error
	if s.meta, err = blocks.ParseMeta(s.view.PrivateMetadata); err != nil {
		return blocks.Message{}, b.denied(ctx, s.asker, "send", s.view.CallbackID, err)
	}
	s.channel = s.meta.Channel
	return send(b, ctx, *s)
}

// hasField reports whether a window has an input of that name: Slack shows errors nowhere else.
func hasField(v slack.View, field string) bool {
	for _, block := range v.Blocks.BlockSet {
		if in, ok := block.(*slack.InputBlock); ok && in.BlockID == field {
			return true
		}
	}
	return false
}
