package workspace

// RoomState is how a channel stands to the app. The zero RoomState is a public channel of which the bot is a member and in which it may post.
type RoomState struct {
	Gone      bool // there is no such channel any more
	Private   bool // nobody sees it who is not a member
	NotMember bool // the bot was never invited, or was removed
	Archived  bool
	ReadOnly  bool // only some people may post
}

// SetRoom changes how a channel stands to the app. It reports false when there is no such channel.
func (w *Workspace) SetRoom(id string, s RoomState) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.room(id)
	if r == nil {
		return false
	}
	r.state = s
	w.bump()
	return true
}

// hidden reports whether the app is told that there is no such channel.
func (r *room) hidden() bool { return r.state.Gone || r.state.Private && r.state.NotMember }

// enter refuses what the app may not put into a room. A public channel may be posted to from outside with a scope of its own.
func (w *Workspace) enter(r *room) error {
	switch {
	case r.state.Archived:
		return refuse("is_archived")
	case r.state.NotMember && !w.app.allows([]string{"chat:write.public"}):
		return refuse("not_in_channel")
	case r.state.ReadOnly:
		return refuse("restricted_action")
	}
	return nil
}

// readScopes are the scopes of which an app needs one to look at any channel at all.
var readScopes = []string{"channels:read", "groups:read", "mpim:read", "im:read"}

// scopeOf is the scope for reading what is of a room: its settings ("read"), or what stands in it ("history").
func (r *room) scopeOf(what string) string {
	switch {
	case r.User != "":
		return "im:" + what
	case r.state.Private:
		return "groups:" + what
	}
	return "channels:" + what
}
