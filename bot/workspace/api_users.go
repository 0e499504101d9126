package workspace

import (
	"strings"
)

func (w *Workspace) userInfo(a args) (result, error) {
	if a["user"] == w.bot {
		return result{"user": w.wireUser(w.itself())}, nil
	}
	p, ok := w.person(a["user"])
	if !ok {
		return nil, refuse("user_not_found")
	}
	return result{"user": w.wireUser(p)}, nil
}

func (w *Workspace) userList(a args) (result, error) {
	all := []result{w.wireUser(w.itself())}
	for _, p := range w.o.People {
		all = append(all, w.wireUser(p))
	}
	part, next, err := page(all, a, 1000)
	return result{"members": part, "response_metadata": result{"next_cursor": next}}, err
}

// itself is the bot as a user.
func (w *Workspace) itself() Person {
	return Person{ID: w.bot, Name: w.app.botName, RealName: w.app.name}
}

func (w *Workspace) wireUser(p Person) result {
	name, offset := w.o.Stamp().In(w.o.Zone).Zone()
	first, last, _ := strings.Cut(p.RealName, " ")
	return result{
		"id": p.ID, "team_id": w.teamOf(p), "name": p.Name, "real_name": p.RealName, "deleted": false,
		"tz": w.o.Zone.String(), "tz_label": name, "tz_offset": offset,
		"is_bot": p.ID == w.bot, "is_app_user": false, "is_admin": false, "is_owner": false, "is_primary_owner": false,
		"is_restricted": p.Guest, "is_ultra_restricted": false, "is_stranger": p.Team != "" && p.Team != w.o.TeamID,
		"profile": result{
			"real_name": p.RealName, "real_name_normalized": p.RealName, "display_name": p.Name, "display_name_normalized": p.Name,
			"first_name": first, "last_name": last, "team": w.teamOf(p),
		},
	}
}
