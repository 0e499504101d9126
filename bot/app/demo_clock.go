package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"koira/bot/workspace"
	"koira/engine"
)

const (
	// beatEvery is how often the demo's clock moves, wall time.
	beatEvery = 100 * time.Millisecond
	// stride is the most that the clock moves at once: finer than any deadline that people see.
	stride = 15 * time.Minute
)

// pump moves the demo's clock and runs the loop after each move. It holds by itself while a window is open, and before a deadline on a card
// that somebody is looking at would pass.
type pump struct {
	d      *demo
	stop   context.CancelFunc
	nudge  func()
	wakeup chan struct{}
	story  *player // nil where nobody plays one
	saved  string  // the day on which the demo's state was last kept

	mu       sync.Mutex
	speed    float64
	paused   bool
	owed     time.Duration // steps that were asked for
	window   bool
	deadline time.Time
	held     string
	said     string // the newest line of the story
}

func newPump(d *demo, stop context.CancelFunc) *pump {
	return &pump{d: d, stop: stop, nudge: func() {}, wakeup: make(chan struct{}, 1), speed: d.o.Speed}
}

// wake asks for a tick at the present moment.
func (p *pump) wake() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

func (p *pump) run(ctx context.Context) error {
	if err := p.tick(ctx); err != nil {
		return err
	}
	for {
		move, woken := p.next(), false
		select {
		case <-p.wakeup:
			woken = true
		default:
		}
		for move > 0 {
			step := min(move, stride)
			if p.story != nil {
				step = p.story.until(step)
			}
			p.d.clock.Advance(step)
			move -= step
			if err := p.tick(ctx); err != nil {
				return err
			}
			woken = false
		}
		if woken {
			if err := p.tick(ctx); err != nil {
				return err
			}
		}
		if n := p.d.o.Days; n > 0 && !p.d.clock.Now().Before(p.d.began.AddDate(0, 0, n)) {
			p.stop()
			return nil
		}
		if err := p.d.o.Wall.Wait(ctx, beatEvery); err != nil {
			return err
		}
	}
}

// tick runs the loop; its failures are in the log and the next tick tries again.
func (p *pump) tick(ctx context.Context) error {
	if p.story != nil {
		return p.story.tick(ctx)
	}
	err := p.d.core.Tick(ctx)
	p.nudge()
	if day := p.d.clock.Now().Format(time.DateOnly); day != p.saved { // an end that is no end loses a day at most
		p.saved = day
		err = errors.Join(err, p.d.keep())
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		fmt.Fprintln(p.d.o.Out, "a step failed:", err)
	}
	return nil
}

// say shows a line of the story above the page.
func (p *pump) say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = text
}

// next is how far the clock moves now, and notes why it stands.
func (p *pump) next() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = ""
	if p.owed > 0 {
		d := p.owed
		p.owed = 0
		return d
	}
	if p.paused {
		return 0
	}
	if p.window {
		p.held = "a window is open"
		return 0
	}
	move := time.Duration(float64(beatEvery) * p.speed)
	now := p.d.clock.Now()
	if !p.deadline.IsZero() && p.deadline.After(now) && now.Add(move).After(p.deadline) {
		p.held = "a card in view needs an answer by " + p.deadline.In(p.d.config.zone()).Format("15:04")
		return 0
	}
	return move
}

var _ workspace.Controls = (*pump)(nil)

// speeds are what the page offers, in simulated seconds a second.
var speeds = []struct {
	factor float64
	label  string
}{{360, "1 hour in 10 s"}, {1440, "4 hours in 10 s"}, {8640, "1 day in 10 s"}, {34560, "4 days in 10 s"}}

// ControlState is what the page shows of the clock.
func (p *pump) ControlState() workspace.ControlState {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := workspace.ControlState{Now: p.d.clock.Now(), Paused: p.paused, Held: p.held, Said: p.said, Speed: fmt.Sprintf("%g× life", p.speed)}
	for _, x := range speeds {
		value := strconv.FormatFloat(x.factor, 'f', -1, 64)
		s.Speeds = append(s.Speeds, workspace.ControlSpeed{Value: value, Label: x.label})
		if x.factor == p.speed {
			s.Speed = x.label
		}
	}
	return s
}

// Do carries out what was pressed on the page.
func (p *pump) Do(action string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	word, value, _ := strings.Cut(action, ":")
	switch word {
	case "pause":
		p.paused = true
	case "resume":
		p.paused = false
	case "step":
		p.owed += time.Hour
	case "day":
		p.owed += 24 * time.Hour
	case "speed":
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || f < 1 || f > 1e6 {
			return engine.Errorf(engine.CodeInvalid, "%q is not a speed.", value)
		}
		p.speed = f
	default:
		return engine.Errorf(engine.CodeInvalid, "The clock does not know %q.", action)
	}
	return nil
}

// Holding is told by the page what people are looking at.
func (p *pump) Holding(window bool, deadline time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.window, p.deadline = window, deadline
}
