package app

import (
	"fmt"
	"time"

	"koira/engine"
	"koira/engine/channel/sandbox"
	"koira/engine/channel/wordpress"
	meter "koira/engine/meter/wordpress"
)

// doors builds the channels and meters of a config. All sandboxes share one simulated audience, which is nil when there is none.
func (c Config) doors(env Env, clock engine.Clock, seed uint64) (map[string]engine.Channel, map[string]engine.Meter, *sandbox.World, error) {
	channels, meters := map[string]engine.Channel{}, map[string]engine.Meter{}
	var rooms []sandbox.Door
	for _, ch := range c.Channels {
		switch ch.Type {
		case "sandbox":
			rooms = append(rooms, sandbox.Door{Name: ch.Name, Label: ch.Label, Kind: engine.Kind(ch.Kind), Audience: ch.Audience, CostPerPiece: c.cost(ch.Name), Counts: engine.Kind(ch.Kind) == engine.KindEmail})
		case "wordpress":
			door, err := c.wordpress(env, ch)
			if err != nil {
				return nil, nil, nil, err
			}
			channels[ch.Name], meters[ch.Name] = door.channel, door.meter
		}
	}
	if len(rooms) == 0 {
		return channels, meters, nil, nil
	}
	world := sandbox.New(sandbox.Options{Seed: seed, Clock: clock, Zone: c.zone(), Doors: rooms})
	for _, r := range rooms {
		channels[r.Name], meters[r.Name] = world.Channel(r.Name), world.Meter()
	}
	return channels, meters, world, nil
}

// cost is what a simulated piece spends: half of what its dearest task allows.
func (c Config) cost(channel string) engine.Money {
	var most engine.Money
	for _, t := range c.Tasks {
		if t.Channel == channel {
			most = max(most, sum(t.CostMax))
		}
	}
	return most / 2
}

type wordpressDoor struct {
	channel engine.Channel
	meter   engine.Meter
}

func (c Config) wordpress(env Env, ch ChannelConfig) (wordpressDoor, error) {
	password, err := env.Secret(ch.Password)
	if err != nil {
		return wordpressDoor{}, fmt.Errorf("channel %s: %w", ch.Name, err)
	}
	w, err := wordpress.New(wordpress.Options{
		Name: ch.Name, Label: ch.Label, URL: ch.URL, User: ch.User, Password: password, Account: ch.Account, Timeout: publishTimeout - 5*time.Second,
	})
	if err != nil {
		return wordpressDoor{}, fmt.Errorf("channel %s: %w", ch.Name, err)
	}
	m, err := meter.New(meter.Options{Name: ch.Name, URL: ch.URL, User: ch.User, Password: password})
	if err != nil {
		return wordpressDoor{}, fmt.Errorf("meter of channel %s: %w", ch.Name, err)
	}
	return wordpressDoor{w, m}, nil
}
