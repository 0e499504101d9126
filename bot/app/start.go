package app

import (
	"context"

	"koira/engine"
	"koira/storage"
)

// Proof holds a store that is being started against what is kept beside it: that its log is whole, and that it is not older than what is known to
// have happened. restored says, as a whole sentence, how it was seen that it is; "" when it is not. An error refuses the start.
type Proof func(ctx context.Context, db *storage.DB, s engine.Start) (restored string, err error)

// start brings an open store to where the program may act. What is true is settled before anybody is listened to, and listening comes before
// acting:
//
//  1. storage.Open took the lock and looked at modes, pragmas, SQLite's version and the file itself
//  2. this start is written down; World.Proof looks at the log
//  3. what was on the wire is of unknown outcome; a restored store, and a program that goes on crashing, is stopped
//  4. serve does what people pressed before the end (Bot.Replay), connects to Slack, and starts the scheduler last
func (k *Core) start(ctx context.Context, w World) (engine.Start, error) {
	s, err := k.DB.Begin(ctx, w.Wall.Now())
	if err != nil {
		return s, err
	}
	restored := ""
	if w.Proof != nil {
		if restored, err = w.Proof(ctx, k.DB, s); err != nil {
			return s, err
		}
	}
	if restored != "" {
		if err := k.Loop.PauseRestored(ctx, restored); err != nil {
			return s, err
		}
	}
	return s, k.Loop.Start(ctx, s)
}
