package workspace

import (
	"encoding/json"
	"maps"
	"slices"
)

const maxStack = 3 // windows on top of each other

// inputs are the values of input elements as payloads show them: block_id to action_id to {"type":…, "value":…}.
type inputs map[string]map[string]map[string]any

// window is an open modal or a Home tab.
type window struct {
	View
	kind           string // "modal" or "home"
	root, previous string // ids of the first window of the stack and of the one beneath
	notify         bool   // the app wants to know when the person closes it
	state          inputs // what the person chose in it so far
	sending        bool   // a submission is on its way
}

// newWindow checks a view and makes it a window. Its id and hash are new.
func (w *Workspace) newWindow(user, kind string, raw json.RawMessage) (*window, error) {
	v := &window{View: View{ID: w.id("V"), User: user}, kind: kind, state: inputs{}}
	v.root = v.ID
	return v, w.redraw(v, raw)
}

// redraw checks a view and puts it into a window in the place of what it showed. What the person chose or typed stays, as in Slack,
// as long as block_id and action_id stay.
func (w *Workspace) redraw(v *window, raw json.RawMessage) error {
	if len(raw) == 0 {
		return refuse("invalid_arguments")
	}
	problems := validateView(raw)
	if len(problems) == 0 {
		problems = w.fileProblems("/view", raw)
	}
	if len(problems) > 0 {
		return refuseBlocks(problems)
	}
	var shape struct {
		Type          string          `json:"type"`
		CallbackID    string          `json:"callback_id"`
		ExternalID    string          `json:"external_id"`
		NotifyOnClose bool            `json:"notify_on_close"`
		Blocks        json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(raw, &shape) != nil || shape.Type != v.kind {
		return refuse("invalid_arguments")
	}
	if shape.ExternalID != "" && shape.ExternalID != v.ExternalID && w.byExternalID(shape.ExternalID) != nil {
		return refuse("duplicate_external_id")
	}
	v.CallbackID, v.ExternalID, v.notify = shape.CallbackID, shape.ExternalID, shape.NotifyOnClose
	v.Raw, v.Errors, v.Notice = withBlocks(raw, shape.Blocks, w.nameBlocks(shape.Blocks)), nil, ""
	v.Hash = w.hash()
	return nil
}

// withBlocks returns the view with other blocks, and the very same bytes when they are none other.
func withBlocks(view, old, named json.RawMessage) json.RawMessage {
	if named == nil || string(old) == string(named) {
		return view
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(view, &fields) != nil {
		return view
	}
	fields["blocks"] = named
	return encode(fields)
}

func (v *window) blocks() json.RawMessage {
	var shape struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(v.Raw, &shape) != nil {
		return nil
	}
	return shape.Blocks
}

func (v *window) copy() *View {
	c := v.View
	c.Errors, c.Typed = maps.Clone(v.Errors), maps.Clone(v.Typed)
	return &c
}

// top is the window that a user sees.
func (w *Workspace) top(user string) *window {
	if stack := w.modals[user]; len(stack) > 0 {
		return stack[len(stack)-1]
	}
	return nil
}

// shown finds the window with this id among those that the user can act in: the top of their stack and their Home.
func (w *Workspace) shown(user, id string) *window {
	for _, v := range []*window{w.top(user), w.homes[user]} {
		if v != nil && v.ID == id {
			return v
		}
	}
	return nil
}

// open shows a window as the first one of a new stack.
func (w *Workspace) open(v *window) {
	w.modals[v.User] = []*window{v}
	w.bump()
}

// push shows a window on top of the user's stack, which must have room.
func (w *Workspace) push(v *window) {
	stack := w.modals[v.User]
	if len(stack) > 0 {
		v.root, v.previous = stack[0].ID, stack[len(stack)-1].ID
	}
	w.modals[v.User] = append(stack, v)
	w.bump()
}

// closeWindow takes a window out of its stack; the one beneath is seen again.
func (w *Workspace) closeWindow(v *window) {
	w.modals[v.User] = slices.DeleteFunc(w.modals[v.User], func(o *window) bool { return o == v })
	w.bump()
}

func (w *Workspace) find(match func(*window) bool) *window {
	for _, p := range w.o.People {
		if h := w.homes[p.ID]; h != nil && match(h) {
			return h
		}
		for _, v := range w.modals[p.ID] {
			if match(v) {
				return v
			}
		}
	}
	return nil
}

func (w *Workspace) byExternalID(id string) *window {
	return w.find(func(v *window) bool { return v.ExternalID == id })
}
