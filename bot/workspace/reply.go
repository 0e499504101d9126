package workspace

import (
	"net/http"
	"time"
)

const (
	replyUses = 5
	replyLife = 30 * time.Minute
)

// replyURL is a response_url: the right to answer where something was done, five times within half an hour.
type replyURL struct {
	user   string
	room   *room
	origin string // ts of the message that was clicked; "" for a command
	end    time.Time
	uses   int
}

// newReplyURL gives a reply its address and its half hour.
func (w *Workspace) newReplyURL(r *replyURL) string {
	token := w.letters(24)
	r.end = w.o.Wall.Now().Add(replyLife)
	w.replies.put(token, r)
	return w.base + "/reply/" + token
}

func (w *Workspace) serveReply(rw http.ResponseWriter, r *http.Request) {
	a := args{}
	if err := a.readJSON(http.MaxBytesReader(rw, r.Body, maxCall)); err != nil {
		answer(rw, http.StatusBadRequest, failed(err))
		return
	}
	w.mu.Lock()
	status, err := w.useReply(r.PathValue("token"), a)
	w.mu.Unlock()
	if err != nil {
		answer(rw, status, failed(err))
		return
	}
	rw.Header().Set("Content-Type", "text/html")
	rw.Write([]byte("ok"))
}

// useReply answers through a response_url. An answer that is refused does not count as a use.
func (w *Workspace) useReply(token string, a args) (status int, err error) {
	to, ok := w.replies.get(token)
	switch {
	case !ok || !w.o.Wall.Now().Before(to.end):
		return http.StatusNotFound, refuse("expired_url")
	case to.uses >= replyUses:
		return http.StatusNotFound, refuse("used_url")
	}
	c, err := w.read(a)
	if err != nil {
		return http.StatusOK, err
	}
	original := to.room.seen(to.user, to.origin)
	switch {
	case a.yes("delete_original") && original != nil:
		to.room.remove(original)
		w.bump()
	case a.yes("replace_original") && original != nil:
		c.hasText = true // here an answer without a text empties the text
		c.apply(original)
		original.Edited = w.stamp()
		w.bump()
	case a.yes("delete_original"):
		return http.StatusOK, refuse("message_not_found")
	case !c.hasText && len(c.blocks) == 0:
		return http.StatusOK, refuse("no_text")
	default:
		w.say(to.room, to.user, a, c)
	}
	to.uses++
	return http.StatusOK, nil
}

// say posts an answer to a person's doing: for them alone unless it asks for the channel.
func (w *Workspace) say(r *room, user string, a args, c content) {
	if !c.hasText && len(c.blocks) == 0 {
		return
	}
	m := &Message{Channel: r.ID, User: w.bot, Text: c.text, Blocks: c.blocks, Metadata: c.metadata, ThreadTS: a["thread_ts"]}
	if a["response_type"] != "in_channel" {
		m.Ephemeral = user
	}
	w.post(r, m)
}
