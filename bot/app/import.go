package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"koira/engine"
)

// Import compares a config file with the store and returns the differences in words; with apply it puts the file in force. Levels are not
// taken from the file for tasks that exist: they are people's clicks. Tasks that are missing in the file stay.
func Import(ctx context.Context, c Config, m Machine, apply bool) ([]string, error) {
	w, err := m.world(c)
	if err != nil {
		return nil, err
	}
	k, err := Open(ctx, c, c.Storage.Path, w)
	if err != nil {
		return nil, err
	}
	defer k.Close()
	diff := k.difference(ctx, c)
	if !apply || len(diff) == 0 {
		return diff, nil
	}
	g, err := k.DB.Guardrails(ctx)
	if err != nil {
		return nil, err
	}
	if err := k.apply(ctx, c, w.Clock.Now(), g.Version, "imported from the config file"); err != nil {
		return nil, err
	}
	if _, err := k.Desk.Recheck(ctx, ""); err != nil {
		return diff, fmt.Errorf("holding what the new rules do not let pass: %w", err)
	}
	return diff, nil
}

// difference lists what the file says otherwise than the store, a line each: "guardrails.budget.weekly: 40000000 → 60000000".
func (k *Core) difference(ctx context.Context, c Config) []string {
	var diff []string
	if s, err := k.DB.Strategy(ctx); err == nil {
		want := c.strategy()
		s.Version, want.Version = 0, 0
		diff = append(diff, compare("strategy", s, want)...)
	}
	if g, err := k.DB.Guardrails(ctx); err == nil {
		want := c.guardrails()
		g.Version, want.Version = 0, 0
		diff = append(diff, compare("guardrails", g, want)...)
	}
	tasks, err := k.DB.Tasks(ctx)
	if err != nil {
		return diff
	}
	for _, want := range c.tasks() {
		i := slices.IndexFunc(tasks, func(t engine.Task) bool { return t.ID == want.ID })
		if i < 0 {
			diff = append(diff, fmt.Sprintf("task %s: new", want.ID))
			continue
		}
		want.Level, want.Paused, want.LoweredAt = tasks[i].Level, tasks[i].Paused, tasks[i].LoweredAt
		diff = append(diff, compare("task "+want.ID, tasks[i], want)...)
	}
	return diff
}

// compare lists the leaves in which two values of one type differ, by their JSON.
func compare(name string, old, new any) []string {
	a, b := map[string]string{}, map[string]string{}
	leaves(a, name, plain(old))
	leaves(b, name, plain(new))
	var diff []string
	keys := slices.Collect(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if a[k] != b[k] {
			diff = append(diff, fmt.Sprintf("%s: %s → %s", k, or(a[k], "none"), or(b[k], "none")))
		}
	}
	return diff
}

func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}

func leaves(into map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			leaves(into, path+"."+k, x)
		}
	case []any:
		for i, x := range v {
			if m, ok := x.(map[string]any); ok && m["key"] != nil {
				leaves(into, fmt.Sprintf("%s.%v", path, m["key"]), x)
				continue
			}
			leaves(into, fmt.Sprintf("%s[%d]", path, i), x)
		}
	case nil:
	default:
		if s := fmt.Sprint(v); s != "" && s != "0001-01-01T00:00:00Z" {
			into[path] = s
		}
	}
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
