package workspace

import (
	"slices"
	"strings"
)

// reading checks the scope for reading a room, which differs between channels and direct messages.
func (w *Workspace) reading(r *room, what string) error {
	if scope := r.scopeOf(what); !w.app.allows([]string{scope}) {
		return w.missing(scope)
	}
	return nil
}

// readable finds the room that a call wants to read. Here only an id names it, as in Slack.
func (w *Workspace) readable(a args, what string) (*room, error) {
	r := w.room(a["channel"])
	if r == nil || r.hidden() {
		return nil, refuse("channel_not_found")
	}
	return r, w.reading(r, what)
}

func (w *Workspace) openDirect(a args) (result, error) {
	r := w.room(a["channel"])
	if r == nil {
		users := strings.Split(a["users"], ",")
		i := slices.IndexFunc(w.rooms, func(r *room) bool { return r.User != "" && r.User == users[0] })
		switch {
		case a["users"] == "":
			return nil, refuse("users_list_not_supplied")
		case i < 0:
			return nil, refuse("user_not_found")
		case len(users) > 1:
			return nil, refuse("not_enough_users") // direct messages of several people are not emulated
		}
		r = w.rooms[i]
	}
	channel := result{"id": r.ID}
	if a.yes("return_im") {
		channel = w.wireRoom(r)
	}
	return result{"channel": channel, "no_op": true, "already_open": true}, nil
}

func (w *Workspace) channelList(a args) (result, error) {
	types := a["types"]
	if types == "" {
		types = "public_channel"
	}
	found := []result{}
	for kind := range strings.SplitSeq(types, ",") {
		for _, r := range w.rooms {
			if r.hidden() {
				continue
			}
			if (kind == "public_channel") != (r.User == "") || (kind == "im") != (r.User != "") {
				continue
			}
			if err := w.reading(r, "read"); err != nil {
				return nil, err
			}
			found = append(found, w.wireRoom(r))
		}
	}
	part, next, err := page(found, a, 1000)
	return result{"channels": part, "response_metadata": result{"next_cursor": next}}, err
}

func (w *Workspace) channelInfo(a args) (result, error) {
	if !w.app.allows(readScopes) {
		return nil, w.missing(readScopes...)
	}
	r, err := w.readable(a, "read")
	if err != nil {
		return nil, err
	}
	return result{"channel": w.wireRoom(r)}, nil
}

// channelHistory returns what stands in the channel itself, newest first.
func (w *Workspace) channelHistory(a args) (result, error) {
	r, err := w.readable(a, "history")
	if err != nil {
		return nil, err
	}
	if r.state.NotMember {
		return nil, refuse("not_in_channel")
	}
	var found []*Message
	for _, m := range slices.Backward(r.messages) {
		if (m.ThreadTS == "" || m.Broadcast) && a.within(m.TS) {
			found = append(found, m)
		}
	}
	return w.messagePage(r, found, a, 999)
}

// channelReplies returns a thread's first message and its replies, oldest first.
func (w *Workspace) channelReplies(a args) (result, error) {
	r, err := w.readable(a, "history")
	if err != nil {
		return nil, err
	}
	m := r.find(a["ts"])
	if m == nil {
		return nil, refuse("thread_not_found")
	}
	found := []*Message{m}
	for _, reply := range r.replies(m.TS) {
		if a.within(reply.TS) {
			found = append(found, reply)
		}
	}
	return w.messagePage(r, found, a, 1000)
}

func (w *Workspace) messagePage(r *room, found []*Message, a args, most int) (result, error) {
	if a["limit"] == "" {
		most = 100
	}
	part, next, err := page(found, a, most)
	if err != nil {
		return nil, err
	}
	out := make([]result, len(part))
	for i, m := range part {
		out[i] = w.wire(r, m, a.yes("include_all_metadata"))
	}
	return result{"messages": out, "has_more": next != "", "response_metadata": result{"next_cursor": next}}, nil
}

// within reports whether a message's stamp lies between a call's oldest and latest.
func (a args) within(ts string) bool {
	if o := a["oldest"]; o != "" && o != "0" {
		if c := compareTS(ts, o); c < 0 || c == 0 && !a.yes("inclusive") {
			return false
		}
	}
	if l := a["latest"]; l != "" {
		if c := compareTS(ts, l); c > 0 || c == 0 && !a.yes("inclusive") {
			return false
		}
	}
	return true
}

func (w *Workspace) wireRoom(r *room) result {
	out := result{"id": r.ID, "created": 0, "is_archived": r.state.Archived, "is_org_shared": false, "context_team_id": w.o.TeamID}
	if r.User != "" {
		out["is_im"], out["user"], out["is_open"] = true, r.User, true
		return out
	}
	out["name"], out["name_normalized"], out["is_channel"], out["is_member"] = r.Name, r.Name, true, !r.state.NotMember
	out["is_private"], out["is_read_only"], out["num_members"] = r.state.Private, r.state.ReadOnly, len(w.o.People)+1
	return out
}
