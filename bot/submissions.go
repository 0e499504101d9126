package bot

import (
	"context"
	"encoding/json"
	"strings"

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
	then *slack.ModalViewRequest // set by who carries it out: the window that takes this one's place
}

// submissions has a row for each window that blocks draws and that can be sent in. What is done is authorised by desk. The message, if any,
// is said to the sender when it worked.
var submissions = map[blocks.Callback]func(*Bot, context.Context, submission) (blocks.Message, error){
	blocks.CallbackEdit:       (*Bot).sendEdit,
	blocks.CallbackReject:     (*Bot).sendReject,
	blocks.CallbackTime:       (*Bot).sendTime,
	blocks.CallbackNow:        (*Bot).sendNow,
	blocks.CallbackSendRest:   (*Bot).sendRest,
	blocks.CallbackApprove:    (*Bot).sendApprove,
	blocks.CallbackPosted:     (*Bot).sendPosted,
	blocks.CallbackLive:       (*Bot).sendLive,
	blocks.CallbackResend:     (*Bot).sendResend,
	blocks.CallbackDrop:       (*Bot).sendDrop,
	blocks.CallbackRetract:    (*Bot).sendRetract,
	blocks.CallbackMissed:     (*Bot).sendMissed,
	blocks.CallbackLevel:      (*Bot).sendLevel,
	blocks.CallbackLimit:      (*Bot).sendLimit,
	blocks.CallbackTurnOn:     (*Bot).sendTurnOn,
	blocks.CallbackLoosen:     (*Bot).sendLoosen,
	blocks.CallbackSign:       (*Bot).sendSign,
	blocks.CallbackResume:     (*Bot).sendResume,
	blocks.CallbackResumeTask: (*Bot).sendResumeTask,
	blocks.CallbackPause:      (*Bot).sendPause,
	blocks.CallbackStop:       (*Bot).sendStop,
	blocks.CallbackOnce:       (*Bot).sendOnce,
	blocks.CallbackPutBack:    (*Bot).sendPutBack,
	blocks.CallbackAway:       (*Bot).sendAway,
	blocks.CallbackWorkAdd:    (*Bot).sendWork,
	blocks.CallbackWorkChange: (*Bot).sendWorkChange,
	blocks.CallbackFirst:      (*Bot).sendFirst,
	blocks.CallbackDraft:      (*Bot).sendDraft,
	blocks.CallbackBenchmarks: (*Bot).sendGood,
	blocks.CallbackMarket:     (*Bot).sendMarket,
	blocks.CallbackStrategy:   (*Bot).sendStrategy,
	blocks.CallbackFact:       (*Bot).sendFact,
	blocks.CallbackFactApply:  (*Bot).sendFactApply,
	blocks.CallbackApply:      (*Bot).sendStrategyApply,
}

// submission carries out what was sent in. What is wrong with one field is shown at that field, and the window stays with all that was typed;
// everything else closes it and is said to the sender.
func (b *Bot) submission(ctx context.Context, s submission) error {
	s.then = &slack.ModalViewRequest{}
	m, err := b.sent(ctx, &s)
	if field := fieldIn(s.view, fieldOf(err)); field != "" {
		text, _ := explain(ctx, err)
		if b.answer.settle(s.key, slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})) {
			b.Log.Info("a window was sent back", "command", s.view.CallbackID, "user", s.actor.ID, "code", engine.CodeOf(err), "err", err)
			return err
		}
	}
	if err == nil && fits(s.then) && b.answer.settle(s.key, slack.NewUpdateViewSubmissionResponse(s.then)) {
		return nil
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

// mostAnswered is how large a window may be that rides on an acknowledgement: Slack drops those of 20 kB without a word.
const mostAnswered = 18_000

// fits reports whether there is a window to take this one's place, and whether an acknowledgement holds it.
func fits(v *slack.ModalViewRequest) bool {
	if v.Type == "" {
		return false
	}
	raw, err := json.Marshal(v)
	return err == nil && len(raw) <= mostAnswered
}

// fieldIn is the input of a window that is called field, or the first of several that make it up ("quiet.from" of "quiet"); "" for none: Slack
// shows errors nowhere else.
func fieldIn(v slack.View, field string) string {
	part := ""
	for _, block := range v.Blocks.BlockSet {
		in, ok := block.(*slack.InputBlock)
		switch {
		case !ok || field == "":
		case in.BlockID == field:
			return field
		case part == "" && strings.HasPrefix(in.BlockID, field+"."):
			part = in.BlockID
		}
	}
	return part
}
