package storage

import (
	"slices"
	"testing"

	"koira/engine"
)

// Who is away is told on their return, and the others of a silence: also where somebody is away who is no owner any more.
func TestOwnersHere(t *testing.T) {
	for name, c := range map[string]struct {
		owners []string
		here   []string // while alice is away, and all of owners before and after
	}{
		"two owners":     {[]string{"UCAROL", alice.ID, engine.Koira.ID}, []string{"UCAROL"}},
		"one":            {[]string{alice.ID}, []string{}},
		"no owner now":   {[]string{"UCAROL"}, []string{"UCAROL"}},
		"owners unknown": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			db := world(t)
			db.owners = c.owners
			all := slices.DeleteFunc(slices.Clone(c.owners), func(id string) bool { return id == engine.Koira.ID })
			if c.owners == nil {
				all = []string{""}
			}
			here := func(want []string) {
				t.Helper()
				got, err := db.OwnersHere(t.Context())
				ok(t, err)
				equal(t, got, want)
			}
			here(all)
			_, err := db.StartAbsence(t.Context(), engine.Absence{Owner: alice.ID, Until: at(240), MaxLevel: engine.L5}, alice, at(1))
			ok(t, err)
			here(c.here)
			_, err = db.EndAbsence(t.Context(), alice.ID, alice, at(2))
			ok(t, err)
			here(all)
		})
	}
}
