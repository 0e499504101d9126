package workspace

import (
	"encoding/json"
	"time"
)

const triggerLife = 3 * time.Second

// trigger is the right to open one window for the person who did something.
type trigger struct {
	user string
	end  time.Time
	used bool
}

// newTrigger makes a trigger_id that counts from now.
func (w *Workspace) newTrigger(user string) string {
	id := w.draw(12, "123456789") + "." + w.draw(12, "123456789") + "." + w.hex(32)
	w.triggers.put(id, &trigger{user: user, end: w.o.Wall.Now().Add(triggerLife)})
	return id
}

// redeemable finds the trigger of a call. It is used up only by the caller, after everything else was found right.
func (w *Workspace) redeemable(a args) (*trigger, error) {
	t, ok := w.triggers.get(a["trigger_id"])
	switch {
	case !ok:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case !w.o.Wall.Now().Before(t.end):
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

func (w *Workspace) viewsOpen(a args) (result, error) {
	t, err := w.redeemable(a)
	if err != nil {
		return nil, err
	}
	v, err := w.newWindow(t.user, "modal", json.RawMessage(a["view"]))
	if err != nil {
		return nil, err
	}
	t.used = true
	w.open(v)
	return w.viewResult(v), nil
}

func (w *Workspace) viewsPush(a args) (result, error) {
	t, err := w.redeemable(a)
	if err != nil {
		return nil, err
	}
	switch n := len(w.modals[t.user]); {
	case n == 0:
		return nil, refuse("not_found")
	case n >= maxStack:
		return nil, refuse("push_limit_reached")
	}
	v, err := w.newWindow(t.user, "modal", json.RawMessage(a["view"]))
	if err != nil {
		return nil, err
	}
	t.used = true
	w.push(v)
	return w.viewResult(v), nil
}

func (w *Workspace) viewsUpdate(a args) (result, error) {
	id, external := a["view_id"], a["external_id"]
	v := w.find(func(v *window) bool {
		return id != "" && v.ID == id || id == "" && external != "" && v.ExternalID == external
	})
	switch {
	case v == nil:
		return nil, refuse("not_found")
	case a["hash"] != "" && a["hash"] != v.Hash:
		return nil, refuse("hash_conflict")
	}
	if err := w.redraw(v, json.RawMessage(a["view"])); err != nil {
		return nil, err
	}
	w.bump()
	return w.viewResult(v), nil
}

func (w *Workspace) viewsPublish(a args) (result, error) {
	user, raw := a["user_id"], json.RawMessage(a["view"])
	_, known := w.person(user)
	v := w.homes[user]
	switch {
	case !known:
		return nil, refuse("user_not_found")
	case !w.app.homeTab:
		return nil, refuse("not_enabled")
	case a["hash"] != "" && (v == nil || a["hash"] != v.Hash):
		return nil, refuse("hash_conflict")
	}
	if v != nil {
		if err := w.redraw(v, raw); err != nil {
			return nil, err
		}
	} else {
		fresh, err := w.newWindow(user, "home", raw)
		if err != nil {
			return nil, err
		}
		v, w.homes[user] = fresh, fresh
	}
	w.bump()
	return w.viewResult(v), nil
}

func (w *Workspace) viewResult(v *window) result {
	return result{"view": w.wireView(v, w.values(v.blocks(), v.state))}
}

// wireView is a view as the Web API and payloads show it: what the app sent, and what the workspace knows of it.
func (w *Workspace) wireView(v *window, state inputs) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if json.Unmarshal(v.Raw, &out) != nil {
		return nil // validated when it was opened
	}
	more := result{
		"id": v.ID, "team_id": w.o.TeamID, "app_id": appID, "app_installed_team_id": w.o.TeamID, "bot_id": botID,
		"hash": v.Hash, "external_id": v.ExternalID, "callback_id": v.CallbackID,
		"root_view_id": v.root, "previous_view_id": nil, "state": result{"values": state},
	}
	if v.previous != "" {
		more["previous_view_id"] = v.previous
	}
	for k, val := range more {
		out[k] = encode(val)
	}
	return out
}
