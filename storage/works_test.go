package storage

import (
	"fmt"
	"testing"

	"koira/engine"
)

func TestWorksFeedTheHoursBefore(t *testing.T) {
	db := world(t)
	stated := func(want string) {
		t.Helper()
		got, err := db.Setting(t.Context(), engine.SettingHoursBefore)
		ok(t, err)
		equal(t, got, want)
	}
	put := func(w engine.Work) error {
		w.Sensitivity = engine.Low
		return db.PutWork(t.Context(), w, alice, t0)
	}
	ok(t, put(engine.Work{ID: "w1", Name: "Photos", Minutes: 120}))
	stated("") // people do it still
	ok(t, put(engine.Work{ID: "daily-social", Name: "Daily social", Task: "daily-social", Minutes: 95}))
	stated("1.583")
	ok(t, put(engine.Work{ID: "w1", Name: "Photos", Minutes: 120, Task: "daily-social"}))
	stated("3.583")
	wantCode(t, put(engine.Work{ID: "w2", Name: "photos", Minutes: 5}), engine.CodeConflict)
	ok(t, put(engine.Work{ID: "w3", Name: "daily social"})) // a task's own hours take no name
	ok(t, db.RemoveWork(t.Context(), "daily-social", alice, t0))
	wantCode(t, db.RemoveWork(t.Context(), "daily-social", alice, t0), engine.CodeNotFound)
	stated("2")
	works, err := db.Works(t.Context())
	ok(t, err)
	equal(t, len(works), 2)
	for i := range engine.MostWorks - 2 {
		ok(t, put(engine.Work{ID: fmt.Sprint("m", i), Name: fmt.Sprint("more ", i)}))
	}
	wantCode(t, put(engine.Work{ID: "w4", Name: "one too many"}), engine.CodeConflict)
	ok(t, put(engine.Work{ID: "m1", Name: "still to be changed"}))
}
