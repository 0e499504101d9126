package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// trouble is what Slack shows when an app's answer to a submission cannot be used.
const trouble = "We had some trouble connecting. Try again?"

// Submit presses a modal's submit button after filling in its inputs: block_id to action_id to the chosen text, the option's value or
// text, a list of them, or a whole state value. Inputs not named keep what they hold. It is an error, the fields are marked in the
// window, and nothing is sent, when a required input is empty or a value does not fit.
func (w *Workspace) Submit(ctx context.Context, user, viewID string, values map[string]map[string]any) error {
	return w.act(ctx, user, func(p Person) error {
		v := w.top(user)
		switch {
		case !w.app.interactive:
			return errNotInteractive
		case v == nil || v.ID != viewID:
			return fmt.Errorf("%s does not see a window %s", p.Name, viewID)
		case v.sending:
			return fmt.Errorf("window %s is being sent already", viewID)
		}
		if err := w.fillIn(v, values); err != nil {
			w.bump()
			return err
		}
		v.Errors, v.Notice, v.Typed, v.sending = nil, "", values, true
		payload := w.interaction("view_submission", p)
		payload["trigger_id"], payload["response_urls"] = w.newTrigger(user), []result{}
		payload["view"], payload["hash"] = w.wireView(v, w.values(v.blocks(), v.state)), v.Hash
		w.enqueue(&envelope{
			kind: "interactive", answerable: true, payload: encode(payload),
			acked:  func(body json.RawMessage) { w.submitted(v, body) },
			missed: func() { w.viewUnanswered(v) },
		})
		w.bump()
		return nil
	})
}

// fillIn puts values into a window's inputs and marks what is wrong with them.
func (w *Workspace) fillIn(v *window, values map[string]map[string]any) error {
	all := controlsOf(v.blocks())
	for block, actions := range values {
		for action := range actions {
			if _, there := findControl(v.blocks(), block, action); !there {
				return fmt.Errorf("the window has no input %q in block %q", action, block)
			}
		}
	}
	faults := map[string]string{}
	for _, e := range all {
		if holders[e.kind].key == "" {
			continue
		}
		if chosen, given := values[e.block][e.action]; given {
			value, err := w.fill(e, chosen)
			if err != nil {
				faults[e.block] = err.Error()
				continue
			}
			v.state.put(e, value)
		}
		if e.required && e.empty(w.values(v.blocks(), v.state)[e.block][e.action]) {
			faults[e.block] = "Please complete this required field."
		}
	}
	if len(faults) > 0 {
		v.Errors, v.Typed = faults, values
		return fmt.Errorf("the window cannot be sent: %v", faults)
	}
	return nil
}

// submitted carries out the app's answer to a submission; an empty one closes the window.
func (w *Workspace) submitted(v *window, body json.RawMessage) {
	v.sending = false
	if !slices.Contains(w.modals[v.User], v) {
		return
	}
	defer w.bump()
	var a struct {
		Action string            `json:"response_action"`
		View   json.RawMessage   `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(body) > 0 && json.Unmarshal(body, &a) != nil {
		v.Notice = trouble
		return
	}
	do, known := submissionAnswers[a.Action]
	if !known || do(w, v, a.View, a.Errors) != nil {
		v.Notice = trouble
	}
}

// submissionAnswers are the values of response_action.
var submissionAnswers = map[string]func(w *Workspace, v *window, view json.RawMessage, errs map[string]string) error{
	"": func(w *Workspace, v *window, _ json.RawMessage, _ map[string]string) error {
		w.closeWindow(v)
		return nil
	},
	"clear": func(w *Workspace, v *window, _ json.RawMessage, _ map[string]string) error {
		delete(w.modals, v.User)
		return nil
	},
	"update": func(w *Workspace, v *window, view json.RawMessage, _ map[string]string) error {
		return w.redraw(v, view)
	},
	"push": func(w *Workspace, v *window, view json.RawMessage, _ map[string]string) error {
		if len(w.modals[v.User]) >= maxStack {
			return refuse("push_limit_reached")
		}
		above, err := w.newWindow(v.User, "modal", view)
		if err == nil {
			w.push(above)
		}
		return err
	},
	"errors": func(_ *Workspace, v *window, _ json.RawMessage, errs map[string]string) error {
		return v.mark(errs)
	},
}

// mark shows the app's errors beneath their inputs. Slack takes only the ids of input blocks.
func (v *window) mark(errs map[string]string) error {
	blocks := map[string]bool{}
	for _, e := range controlsOf(v.blocks()) {
		if e.label != "" {
			blocks[e.block] = true
		}
	}
	for id := range errs {
		if !blocks[id] {
			return fmt.Errorf("block %q is not an input", id)
		}
	}
	if len(errs) == 0 {
		return errors.New("no errors given")
	}
	v.Errors = errs
	return nil
}

// Close presses a modal's close button: the window beneath is seen again, and the app is told if the view asked for it.
func (w *Workspace) Close(ctx context.Context, user, viewID string) error {
	return w.act(ctx, user, func(p Person) error {
		v := w.top(user)
		if v == nil || v.ID != viewID {
			return fmt.Errorf("%s does not see a window %s", p.Name, viewID)
		}
		w.closeWindow(v)
		if !v.notify {
			return nil
		}
		payload := w.interaction("view_closed", p)
		payload["view"], payload["is_cleared"] = w.wireView(v, w.values(v.blocks(), v.state)), false
		w.enqueue(&envelope{kind: "interactive", payload: encode(payload)})
		return nil
	})
}
