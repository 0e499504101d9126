package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
)

// faces knows what Slack says of the people who act: bots, guests and deleted accounts may do nothing, whatever list they stand on.
type faces struct {
	api interface {
		GetUserInfoContext(ctx context.Context, id string, o ...slack.GetUserInfoOption) (*slack.User, error)
	}
	wall engine.Clock

	mu    sync.Mutex
	known map[string]face
}

type face struct {
	bot, guest bool
	names      []string // that people call them by
	teams      []string // where they are at home; none where Slack does not say
	at         time.Time
}

// remembered is how long an answer of Slack's counts.
const remembered = 10 * time.Minute

func newFaces(api *slack.Client, wall engine.Clock) *faces {
	return &faces{api: api, wall: wall, known: map[string]face{}}
}

// actor says who acts. When Slack cannot be asked about a listed person, they count as a guest for now, and doubted is true: doubt denies
// everything but a stop. People who are on no list are not asked about, since they may do nothing anyhow.
func (b *Bot) actor(ctx context.Context, user, team string) (a engine.Actor, doubted bool) {
	a = engine.Actor{ID: user, Team: team, Role: b.People.Role(user), Surface: engine.SurfaceSlack}
	if a.Role == engine.RoleNone {
		return a, false
	}
	f, err := b.faces.look(ctx, user)
	if err != nil {
		b.Log.Warn("Slack could not be asked who acts, so they may only stop", "user", user, "err", err)
		a.Guest = true
		return a, true
	}
	// A stranger in a shared channel acts under a team of ours, and Slack says where they are at home.
	away := len(f.teams) > 0 && !slices.Contains(f.teams, team)
	a.Bot, a.Guest = f.bot, f.guest || away
	return a, false
}

func (f *faces) look(ctx context.Context, user string) (face, error) {
	f.mu.Lock()
	k, ok := f.known[user]
	f.mu.Unlock()
	if ok && f.wall.Now().Sub(k.at) < remembered {
		return k, nil
	}
	u, err := f.api.GetUserInfoContext(ctx, user)
	if err != nil {
		return face{}, err
	}
	k = face{bot: u.IsBot, guest: u.IsRestricted || u.IsUltraRestricted || u.IsStranger || u.Deleted, at: f.wall.Now()}
	k.names = []string{u.Name, u.Profile.DisplayName, u.RealName}
	if u.TeamID != "" {
		k.teams = append(slices.Clone(u.Enterprise.Teams), u.TeamID)
	}
	f.mu.Lock()
	f.known[user] = k
	f.mu.Unlock()
	return k, nil
}
