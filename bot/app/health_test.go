package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"koira/engine"
)

func TestHealth(t *testing.T) {
	now := time.Date(2025, 11, 24, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		beat  time.Duration // when it last looked, from now
		alive bool
	}{
		"just now":               {0, true},
		"at the limit":           {-4 * time.Minute, true},
		"past the limit":         {-4*time.Minute - time.Second, false},
		"a clock that is off":    {2 * time.Minute, true},
		"a clock that went back": {time.Hour, false},
	} {
		cfg := Config{Storage: StorageConfig{Path: filepath.Join(t.TempDir(), "koira.db")}, Schedule: ScheduleConfig{Tick: Duration(time.Minute)}}
		if err := beat(cfg.Storage.Path, now.Add(c.beat)); err != nil {
			t.Fatal(err)
		}
		p, err := Health(cfg, now)
		if err != nil || p.Alive != c.alive || p.Words == "" {
			t.Errorf("%s: %+v, %v; want alive %v", name, p, err, c.alive)
		}
	}
}

func TestHeartbeatIsPrivateAndMayBeMissing(t *testing.T) {
	cfg := Config{Storage: StorageConfig{Path: filepath.Join(t.TempDir(), "koira.db")}}
	if _, err := Health(cfg, time.Time{}); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("a store on which koira never ran: %v", err)
	}
	if err := beat(cfg.Storage.Path, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	i, err := os.Stat(cfg.Storage.Path + ".heartbeat")
	if err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the heartbeat's mode is %v, %v", i.Mode(), err)
	}
	if err := os.WriteFile(cfg.Storage.Path+".heartbeat", []byte("yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Health(cfg, time.Time{}); engine.CodeOf(err) != engine.CodeInternal {
		t.Errorf("a heartbeat that is no time: %v", err)
	}
}
