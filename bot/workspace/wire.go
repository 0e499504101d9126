package workspace

import (
	"slices"
	"strconv"
	"strings"
)

// wire is a message as the Web API and payloads show it.
func (w *Workspace) wire(r *room, m *Message, withMetadata bool) result {
	out := result{"type": "message", "user": m.User, "ts": m.TS, "text": m.Text, "team": w.o.TeamID}
	if m.User == w.bot {
		out["bot_id"], out["app_id"] = botID, appID
	}
	if len(m.Blocks) > 0 {
		out["blocks"] = m.Blocks
	}
	if withMetadata && len(m.Metadata) > 0 {
		out["metadata"] = m.Metadata
	}
	if m.Edited != "" {
		out["edited"] = result{"user": m.User, "ts": m.Edited}
	}
	if m.Broadcast {
		out["subtype"] = "thread_broadcast"
	}
	w.wireFiles(out, m)
	wireThread(out, r, m)
	return out
}

func (w *Workspace) wireFiles(out result, m *Message) {
	var files []result
	for _, f := range m.Files {
		if up, ok := w.files.get(f.ID); ok {
			files = append(files, w.wireFile(up))
		}
	}
	if files != nil {
		out["files"], out["upload"] = files, true
	}
}

func wireThread(out result, r *room, m *Message) {
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if parent := r.find(m.ThreadTS); parent != nil {
			out["parent_user_id"] = parent.User
		}
		return
	}
	replies := r.replies(m.TS)
	if len(replies) == 0 {
		return
	}
	out["thread_ts"], out["reply_count"] = m.TS, len(replies)
	out["latest_reply"] = replies[len(replies)-1].TS
	var users []string
	for _, a := range replies {
		if !slices.Contains(users, a.User) {
			users = append(users, a.User)
		}
	}
	out["reply_users"], out["reply_users_count"] = users, len(users)
}

// page cuts a list to the limit and cursor of a call, and returns the cursor of what is left, "" when nothing is.
func page[T any](all []T, a args, limit int) (part []T, next string, err error) {
	if n, bad := strconv.Atoi(a["limit"]); bad == nil && n > 0 {
		limit = min(n, limit)
	}
	from := 0
	if c := a["cursor"]; c != "" {
		number, ok := strings.CutPrefix(c, "from:")
		if from, err = strconv.Atoi(number); !ok || err != nil || from < 0 || from > len(all) {
			return nil, "", refuse("invalid_cursor")
		}
	}
	to := min(from+limit, len(all))
	if to < len(all) {
		next = "from:" + strconv.Itoa(to)
	}
	return all[from:to], next, nil
}
