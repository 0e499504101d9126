package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
)

// Part is one thing that Doctor looked at.
type Part struct {
	Name  string
	Words string // what was found, or what to do
	Err   error
}

// Doctor looks at every part that `koira run` needs, tells each, and changes and sends nothing.
func Doctor(ctx context.Context, path string, m Machine, tell func(Part)) {
	c, err := Load(path)
	if err != nil {
		tell(Part{"config", message(err), err})
		return
	}
	tell(Part{"config", path + " is complete", nil})
	for _, check := range []struct {
		name string
		run  func(context.Context, Config, Machine) (string, error)
	}{{"storage", checkStorage}, {"clock", checkClock}, {"slack", checkSlack}, {"model", checkModel}} {
		words, err := check.run(ctx, c, m)
		if err != nil {
			words = message(err)
		}
		tell(Part{check.name, words, err})
		if check.name == "slack" && err == nil {
			checkRooms(ctx, c, m, tell)
		}
	}
	for _, ch := range c.Channels {
		words, err := checkChannel(ctx, c, m, ch)
		if err != nil {
			words = message(err)
		}
		tell(Part{"channel " + ch.Name, words, err})
	}
}

func message(err error) string {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func checkStorage(_ context.Context, c Config, _ Machine) (string, error) {
	dir := filepath.Dir(c.Storage.Path)
	if i, err := os.Stat(dir); err != nil || !i.IsDir() {
		return "", &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("The folder %s does not exist. Create it, readable by koira alone (chmod 700).", dir), Err: err}
	}
	i, err := os.Stat(c.Storage.Path)
	if errors.Is(err, os.ErrNotExist) {
		return c.Storage.Path + " will be made at the first start", nil
	}
	if err != nil {
		return "", &engine.Error{Code: engine.CodeInvalid, Message: c.Storage.Path + " cannot be looked at.", Err: err}
	}
	if i.Mode().Perm()&0o077 != 0 {
		return "", engine.Errorf(engine.CodeInvalid, "Others may read %s (mode %o). Run: chmod 600 %s", c.Storage.Path, i.Mode().Perm(), c.Storage.Path)
	}
	return fmt.Sprintf("%s is there, %d kB, readable by its owner alone", c.Storage.Path, i.Size()/1024), nil
}

func checkClock(_ context.Context, c Config, m Machine) (string, error) {
	now := m.Clock.Now()
	if now.Year() < 2025 {
		return "", engine.Errorf(engine.CodeInvalid, "The machine's clock says %s. Set it.", now.Format(time.RFC1123))
	}
	return fmt.Sprintf("it is %s in %s", now.In(c.zone()).Format("Monday 2 January 15:04"), c.Business.Zone), nil
}

func checkSlack(ctx context.Context, _ Config, m Machine) (string, error) {
	l, err := m.line()
	if err != nil {
		return "", err
	}
	api, _ := l.clients(m.Wall)
	me, err := api.AuthTestContext(ctx)
	if away := unreached(err); away != nil {
		return "", away
	}
	if err != nil {
		return "", &engine.Error{Code: engine.CodeDenied, Message: "Slack refuses the bot token: install the app in your workspace and copy the token that begins with xoxb- into " + SlackBotToken + ".", Err: err}
	}
	_, _, err = api.StartSocketModeContext(ctx)
	if away := unreached(err); away != nil {
		return "", away
	}
	if err != nil {
		return "", &engine.Error{Code: engine.CodeDenied, Message: "Slack refuses the app token: switch Socket Mode on and put a token with the scope connections:write (xapp-…) into " + SlackAppToken + ".", Err: err}
	}
	return fmt.Sprintf("%s is installed in %s, and Socket Mode is on", me.User, me.Team), nil
}

// unreached is what to do when err is not Slack's own answer, nil when it is or there is no error.
func unreached(err error) error {
	var said slack.SlackErrorResponse
	if err == nil || errors.As(err, &said) {
		return nil
	}
	return &engine.Error{
		Code: engine.CodeUpstream, Message: fmt.Sprintf("Slack was not reached (%v). Check this machine's network, its name server and its proxy; the tokens were not looked at.", err), Err: err,
	}
}

// checkRooms asks Slack how the channels are that cards go to. Each is looked at; nothing is posted.
func checkRooms(ctx context.Context, c Config, m Machine, tell func(Part)) {
	l, err := m.line()
	if err != nil {
		tell(Part{"slack channels", message(err), err})
		return
	}
	api, _ := l.clients(m.Wall)
	for _, room := range c.rooms().All() {
		name, err := room.Look(ctx, api)
		words := "I am in #" + name + " and may post there"
		if err != nil {
			words = message(err)
		}
		tell(Part{"slack " + room.Name, words, err})
	}
}

func checkModel(_ context.Context, c Config, m Machine) (string, error) {
	if c.Model.Name == "" {
		return "none configured: the built-in template writer writes (no AI)", nil
	}
	if _, err := c.modelKey(m.Env); err != nil {
		return "", err
	}
	does := "it writes, and says of each draft whether that sounds like you"
	if !c.Model.Judge {
		does = "it writes, and does not judge drafts (model.judge is off)"
	}
	if !m.Env.Has(ModelKey) {
		return fmt.Sprintf("%s at %s, without a key (%s is not set); %s", c.Model.Name, c.Model.BaseURL, ModelKey, does), nil
	}
	return fmt.Sprintf("%s at %s; %s; it is not called here, since a call costs money", c.Model.Name, c.Model.BaseURL, does), nil
}

// checkChannel logs in by asking for something that is not there: reading is all that it does.
func checkChannel(ctx context.Context, c Config, m Machine, ch ChannelConfig) (string, error) {
	if ch.Type == "sandbox" {
		return "simulated: nothing goes out", nil
	}
	door, err := c.wordpress(m.Env, ch)
	if err != nil {
		return "", err
	}
	_, err = door.channel.Probe(ctx, engine.Intent{Key: "koira-doctor"}, engine.Ref{})
	if engine.CodeOf(err) == engine.CodeNotFound {
		return "reached and logged in to " + ch.URL, nil
	}
	return "", &engine.Error{Code: engine.CodeOf(err), Message: fmt.Sprintf("%s could not be asked: check url, user and %s. %s", ch.URL, ch.Password, message(err)), Err: err}
}
