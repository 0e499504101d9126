package desk

import (
	"context"
	"errors"
	"fmt"
)

// once carries out one act in one transaction, and at most once for each delivery: worked on again, an act gives what it gave the first time.
// Whatever a person changes goes through it, and the store refuses what does not.
func once[T any](ctx context.Context, d *Desk, name string, do func(context.Context) (T, error)) (T, error) {
	var answer T
	err := d.store.Act(ctx, name, &answer, func(ctx context.Context) (err error) {
		answer, err = do(ctx)
		return err
	})
	return answer, err
}

// once is once for what gives nothing back.
func (d *Desk) once(ctx context.Context, name string, do func(context.Context) error) error {
	return d.store.Act(ctx, name, nil, do)
}

// recheckLowered puts back what would have gone out on the strength of the level that a task had. It comes after the act, since it may be long and
// may be repeated; what a crash keeps it from, the loop does. task is "" when none was lowered.
func (d *Desk) recheckLowered(ctx context.Context, task string, err error) error {
	if task == "" {
		return err
	}
	if _, rerr := d.Recheck(ctx, task); rerr != nil {
		return errors.Join(err, fmt.Errorf("after lowering %s: %w", task, rerr))
	}
	return err
}
