package app

import (
	"strings"
	"sync"
	"testing"

	"koira/blocks"
	"koira/bot"
)

// uses is what the scripts did so far, to be held against the tables.
type uses struct {
	mu       sync.Mutex
	commands map[string]bool
	ids      map[blocks.ID]bool
	windows  map[blocks.Callback]bool
	partial  bool // a script failed, so what it would have used is not known
}

func newUses() *uses {
	return &uses{commands: map[string]bool{}, ids: map[blocks.ID]bool{}, windows: map[blocks.Callback]bool{}}
}

func (u *uses) command(typed string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range bot.Commands() {
		name, _, _ := strings.Cut(strings.Replace(c.Usage, " ", "\x00", 1), " ") // slash and word
		name = strings.Replace(name, "\x00", " ", 1)
		name, _, _ = strings.Cut(name, " [")
		if typed == name || strings.HasPrefix(typed, name+" ") {
			u.commands[c.Usage] = true
		}
	}
}

// press counts a button; a row of a menu counts as the menu and as what it stands for.
func (u *uses) press(c control) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ids[blocks.ID(c.action)] = true
	if id, _, err := blocks.ParseMenu(c.value); err == nil {
		u.ids[id] = true
	}
}

func (u *uses) send(callback string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.windows[blocks.Callback(callback)] = true
}

// complete fails for every command, button and window that no script uses.
func (u *uses) complete(t *testing.T) {
	if u.partial {
		t.Skip("a script failed before its end")
	}
	for _, c := range bot.Commands() {
		if !u.commands[c.Usage] {
			t.Errorf("no script types %s", c.Usage)
		}
	}
	for _, id := range blocks.IDs {
		if !u.ids[id] && id != blocks.IDLink { // what it opens is the browser's doing
			t.Errorf("no script presses %q", id)
		}
	}
	for _, c := range blocks.Callbacks {
		if !u.windows[c] {
			t.Errorf("no script sends in the window %q", c)
		}
	}
}
