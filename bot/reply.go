package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
)

// asker is who did something in Slack, and how they are answered.
type asker struct {
	actor     engine.Actor
	doubted   bool        // they count as a guest only because Slack could not be asked
	channel   string      // where they did it; "" in App Home
	reply     string      // response_url: the right to answer there, a few times within half an hour; "" in App Home and windows
	trigger   string      // the right to open one window, within three seconds
	ephemeral bool        // what they pressed stands in an answer that only they see
	view      string      // the window in which they pressed, "" for none
	meta      blocks.Meta // of that window
	at        time.Time   // when it came, wall time
}

// here is where a is answered once a window that they opened is sent in.
func (a asker) here() blocks.Place { return blocks.Place{Channel: a.channel} }

// whisper says m to a alone: where they asked, and in their direct messages where that is not possible. The zero Message says nothing.
func (b *Bot) whisper(ctx context.Context, a asker, m blocks.Message) error {
	if m.Text == "" && len(m.Blocks) == 0 {
		return nil
	}
	err := b.whisperAs(ctx, a, m)
	for _, plainer := range []func(blocks.Message) blocks.Message{blocks.Plainer, blocks.Plainest} {
		if !isUnfit(err) {
			return err
		}
		b.Log.Error("Slack does not take an answer as it is drawn; it goes more plainly", "user", a.actor.ID, "err", unfitness(err))
		err = b.whisperAs(ctx, a, plainer(m))
	}
	return err
}

func (b *Bot) whisperAs(ctx context.Context, a asker, m blocks.Message) error {
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	if a.reply != "" {
		_, _, err := b.api.PostMessageContext(ctx, "", append(options(m), slack.MsgOptionResponseURL(a.reply, slack.ResponseTypeEphemeral))...)
		if err == nil {
			return nil
		}
	}
	if a.channel != "" {
		if _, err := b.api.PostEphemeralContext(ctx, a.channel, a.actor.ID, options(m)...); err == nil {
			return nil
		}
	}
	_, _, err := b.api.PostMessageContext(ctx, a.actor.ID, options(m)...)
	return err
}

// show is whisper, but turns a page of an answer in its place.
func (b *Bot) show(ctx context.Context, a asker, m blocks.Message) error {
	if !a.ephemeral || a.reply == "" {
		return b.whisper(ctx, a, m)
	}
	ctx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	_, _, err := b.api.PostMessageContext(ctx, "", append(options(m), slack.MsgOptionReplaceOriginal(a.reply))...)
	return err
}

// fail is where an act's error stops: it is logged once, and a is told. what is the command, button or window.
func (b *Bot) fail(ctx context.Context, a asker, what string, err error) {
	log := b.Log.Info
	if engine.CodeOf(err) == engine.CodeInternal {
		log = b.Log.Error
	}
	log("an act came to nothing", "command", what, "user", a.actor.ID, "code", engine.CodeOf(err), "err", err)
	if err := b.whisper(ctx, a, sorry(ctx, err)); err != nil {
		b.Log.Warn("a person could not be answered", "command", what, "user", a.actor.ID, "err", err)
	}
}

// allowed authorises what bot itself shows or opens; acts are authorised again by desk. A denial is an event.
func (b *Bot) allowed(ctx context.Context, a asker, action desk.Action, subject string) error {
	err := b.Desk.Authorize(a.actor, action, desk.Object{ID: subject})
	if err == nil {
		return nil
	}
	return b.denied(ctx, a, string(action), subject, err)
}

// denied writes a refusal down and returns it. It stands even when it cannot be written: that is logged.
func (b *Bot) denied(ctx context.Context, a asker, action, subject string, refusal error) error {
	e := engine.Event{
		At: b.Clock.Now(), Actor: a.actor.ID, Surface: a.actor.Surface, Action: "denied", Subject: subject,
		Detail: map[string]string{"action": action, "role": a.actor.Role.String(), "team": a.actor.Team},
	}
	if err := b.Store.Act(ctx, "denied", nil, func(ctx context.Context) error { return b.Store.Record(ctx, e) }); err != nil {
		b.Log.Error("a refusal could not be written down", "user", a.actor.ID, "code", engine.CodeOf(err), "err", err)
	}
	return refusal
}

// window opens a window at once, since the right to do so ends after three seconds, and then fills it. What keeps it from being filled is said
// in it. Where the press was in a window, that one is filled anew.
func (b *Bot) window(ctx context.Context, a asker, title string, fill func() (slack.ModalViewRequest, error)) error {
	octx, cancel := context.WithTimeout(ctx, slackCall)
	defer cancel()
	id, hash := a.view, ""
	if id == "" {
		opened, err := b.api.OpenViewContext(octx, a.trigger, blocks.OpeningWindow(title))
		if err != nil {
			return &engine.Error{Code: engine.CodeUpstream, Message: "Slack did not open the window in time. Nothing changed; please press it again.", Err: err}
		}
		id, hash = opened.ID, opened.Hash
	}
	view, refused := fill()
	if refused != nil {
		text, who := explain(ctx, refused)
		view = blocks.SayWindow(title, text, who...)
	}
	if _, err := b.api.UpdateViewContext(octx, view, "", hash, id); err != nil {
		return &engine.Error{Code: engine.CodeUpstream, Message: "Slack did not take the window. Nothing changed; please press it again.", Err: err}
	}
	if refused != nil {
		b.Log.Info("a window was refused", "command", title, "user", a.actor.ID, "code", engine.CodeOf(refused), "err", refused)
	}
	return nil
}

// at writes t for a sentence that only its asker reads: with the zone, since plain text cannot follow the reader's.
func at(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 15:04") + " (" + zone.String() + ")"
}
