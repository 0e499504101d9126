package workspace

import (
	"context"
	"encoding/json"
	"fmt"
)

// Click uses an element of a message, a modal or a Home tab: it sends block_actions and returns once the envelope was handed to a socket
// or queued. It is an error, and nothing is sent, when the person cannot see such an element or it does not offer the value.
func (w *Workspace) Click(ctx context.Context, c Click) error {
	return w.act(ctx, c.User, func(p Person) error {
		if !w.app.interactive {
			return errNotInteractive
		}
		if c.View != "" {
			return w.clickInView(p, c)
		}
		return w.clickInMessage(p, c)
	})
}

func (w *Workspace) clickInMessage(p Person, c Click) error {
	r := w.room(c.Channel)
	if r == nil || r.User != "" && r.User != c.User {
		return fmt.Errorf("%s has no channel %q", p.Name, c.Channel)
	}
	m := r.seen(c.User, c.TS)
	if m == nil {
		return fmt.Errorf("%s sees no message %s in %s", p.Name, c.TS, r.Name)
	}
	key := r.ID + "/" + m.TS + "/" + c.User
	state, known := w.picked.get(key)
	if !known {
		state = inputs{}
	}
	action, err := w.use(m.Blocks, c, state)
	if err != nil || c.ConfirmDismissed {
		return err
	}
	w.picked.put(key, state)

	reply := &replyURL{user: c.User, room: r, origin: m.TS}
	payload := w.interaction("block_actions", p)
	payload["actions"], payload["trigger_id"] = []result{action}, w.newTrigger(c.User)
	payload["response_url"], payload["state"] = w.newReplyURL(reply), result{"values": w.values(m.Blocks, state)}
	payload["channel"] = result{"id": r.ID, "name": r.Name}
	container := result{"type": "message", "message_ts": m.TS, "channel_id": r.ID, "is_ephemeral": m.Ephemeral != ""}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	payload["container"] = container
	if m.Ephemeral == "" { // Slack sends no message for an ephemeral one
		payload["message"] = w.wire(r, m, true)
	} else {
		m.ReplyURL = text(encode(payload["response_url"]))
	}
	w.enqueue(&envelope{
		kind: "interactive", answerable: true, payload: encode(payload),
		missed: func() { w.notice(r, c.User, m.ThreadTS, w.unanswered()) },
	})
	return nil
}

func (w *Workspace) clickInView(p Person, c Click) error {
	v := w.shown(c.User, c.View)
	if v == nil {
		return fmt.Errorf("%s has no view %s open", p.Name, c.View)
	}
	action, err := w.use(v.blocks(), c, v.state)
	if err != nil || c.ConfirmDismissed {
		return err
	}
	v.Notice = ""
	payload := w.interaction("block_actions", p)
	view := w.wireView(v, w.values(v.blocks(), v.state))
	payload["actions"], payload["trigger_id"] = []result{action}, w.newTrigger(c.User)
	payload["view"], payload["state"] = view, view["state"]
	payload["container"] = result{"type": "view", "view_id": v.ID}
	w.enqueue(&envelope{
		kind: "interactive", answerable: true, payload: encode(payload),
		missed: func() { w.viewUnanswered(v) },
	})
	w.bump()
	return nil
}

// viewUnanswered tells a person in the window, or in their messages with the bot once the window is gone.
func (w *Workspace) viewUnanswered(v *window) {
	v.sending = false
	if w.shown(v.User, v.ID) == nil {
		w.notice(w.direct(v.User), v.User, "", w.unanswered())
		return
	}
	v.Notice = w.unanswered()
	w.bump()
}

// use finds the element that a click is on, keeps what was chosen in state, and returns the entry of the payload's actions.
func (w *Workspace) use(blocks json.RawMessage, c Click, state inputs) (result, error) {
	e, ok := findControl(blocks, c.Block, c.Action)
	if !ok {
		return nil, fmt.Errorf("there is no element %q in block %q", c.Action, c.Block)
	}
	action := result{"type": e.kind, "action_id": e.action, "block_id": e.block, "action_ts": w.stamp()}
	for _, name := range []string{"text", "style", "placeholder", "confirm"} {
		if raw, has := e.raw[name]; has {
			action[name] = raw
		}
	}
	w.keep(blocks, state, c.Values)
	chosen, among := c.Values[c.Block][c.Action]
	if c.Value != "" || !among {
		chosen = c.Value
	}
	switch {
	case e.kind == "overflow":
		option, err := takeOption(w, e, c.Value)
		if err != nil {
			return nil, err
		}
		action["selected_option"] = option
	case holders[e.kind].key == "":
		if value, has := e.raw["value"]; has {
			action["value"] = value
		}
	default:
		value, err := w.fill(e, chosen)
		if err != nil {
			return nil, err
		}
		state.put(e, value)
		for k, v := range value {
			action[k] = v
		}
	}
	return action, nil
}

// keep remembers what the inputs of blocks hold while something else is clicked. What does not fit is not remembered, like a date
// that is half typed.
func (w *Workspace) keep(blocks json.RawMessage, state inputs, given map[string]map[string]any) {
	for _, e := range controlsOf(blocks) {
		if chosen, has := given[e.block][e.action]; has && holders[e.kind].key != "" {
			if value, err := w.fill(e, chosen); err == nil {
				state.put(e, value)
			}
		}
	}
}

func (s inputs) put(e control, value map[string]any) {
	if s[e.block] == nil {
		s[e.block] = map[string]map[string]any{}
	}
	s[e.block][e.action] = value
}

// values is what all the inputs in blocks hold: what was chosen, else what the app put into them.
func (w *Workspace) values(blocks json.RawMessage, chosen inputs) inputs {
	all := inputs{}
	for _, e := range controlsOf(blocks) {
		if holders[e.kind].key == "" {
			continue
		}
		value, touched := chosen[e.block][e.action]
		if !touched {
			value = e.initial()
		}
		all.put(e, value)
	}
	return all
}
