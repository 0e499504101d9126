package bot

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/enginetest"
)

// directory is what Slack says of people.
type directory struct {
	user  slack.User
	err   error
	asked int
}

func (d *directory) GetUserInfoContext(context.Context, string, ...slack.GetUserInfoOption) (*slack.User, error) {
	d.asked++
	return &d.user, d.err
}

func TestActor(t *testing.T) {
	cases := map[string]struct {
		who     string
		says    directory
		bot     bool
		guest   bool
		doubted bool
		asked   int
	}{
		"a listed member":              {who: "U1", asked: 1},
		"nobody's acquaintance":        {who: "U9", asked: 0},
		"an app":                       {who: "U1", says: directory{user: slack.User{IsBot: true}}, bot: true, asked: 1},
		"a guest":                      {who: "U1", says: directory{user: slack.User{IsRestricted: true}}, guest: true, asked: 1},
		"a guest of one channel":       {who: "U1", says: directory{user: slack.User{IsUltraRestricted: true}}, guest: true, asked: 1},
		"somebody of another company":  {who: "U1", says: directory{user: slack.User{IsStranger: true}}, guest: true, asked: 1},
		"somebody at home here":        {who: "U1", says: directory{user: slack.User{TeamID: "T1"}}, asked: 1},
		"somebody at home elsewhere":   {who: "U1", says: directory{user: slack.User{TeamID: "T2"}}, guest: true, asked: 1},
		"a member of several teams":    {who: "U1", says: directory{user: slack.User{TeamID: "T2", Enterprise: slack.EnterpriseUser{Teams: []string{"T3", "T1"}}}}, asked: 1},
		"somebody who left":            {who: "U1", says: directory{user: slack.User{Deleted: true}}, guest: true, asked: 1},
		"Slack cannot say: doubt says": {who: "U1", says: directory{err: errors.New("down")}, guest: true, doubted: true, asked: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := &Bot{Options: Options{People: engine.People{Owners: []string{"U1"}}, Log: slog.New(slog.DiscardHandler)}}
			b.faces = &faces{api: &c.says, wall: enginetest.NewClock(time.Unix(0, 0)), known: map[string]face{}}
			a, doubted := b.actor(t.Context(), c.who, "T1")
			want := engine.Actor{ID: c.who, Team: "T1", Role: b.People.Role(c.who), Bot: c.bot, Guest: c.guest, Surface: engine.SurfaceSlack}
			if d := cmp.Diff(want, a); d != "" || doubted != c.doubted || c.says.asked != c.asked {
				t.Errorf("%s doubted %v, asked %d times", d, doubted, c.says.asked)
			}
		})
	}
}

func TestWhoSomebodyIsIsRememberedForTenMinutes(t *testing.T) {
	clock, says := enginetest.NewClock(time.Unix(0, 0)), &directory{}
	f := &faces{api: says, wall: clock, known: map[string]face{}}
	for _, step := range []struct {
		after time.Duration
		asked int
	}{{0, 1}, {9 * time.Minute, 1}, {2 * time.Minute, 2}} {
		clock.Advance(step.after)
		if _, err := f.look(t.Context(), "U1"); err != nil || says.asked != step.asked {
			t.Errorf("after %v more: asked %d times, %v", step.after, says.asked, err)
		}
	}
}

func TestHomesAreDrawnAnewForThoseWhoLookedLately(t *testing.T) {
	var h homes
	now := time.Unix(0, 0)
	h.open(viewer{engine.Actor{ID: "U2"}, now})
	h.open(viewer{engine.Actor{ID: "U1"}, now})
	if got := h.due(now); got != nil {
		t.Errorf("nobody did anything, and %v are drawn", got)
	}
	h.outdate()
	if got := h.due(now.Add(lately)); len(got) != 2 || got[0].ID != "U1" {
		t.Errorf("got %v", got)
	}
	if got := h.due(now); got != nil {
		t.Errorf("drawn twice: %v", got)
	}
	h.outdate()
	if got := h.due(now.Add(lately + time.Second)); got != nil {
		t.Errorf("drawn for %v, who looked long ago", got)
	}
}
