package engine

import "testing"

// TestEndsGrant: what an owner allowed ends where nothing goes out unasked, and with whatever else is a new question; it does not end by a pause, nor by a
// fall to a level that it covers.
func TestEndsGrant(t *testing.T) {
	yes := &Grant{Level: L5, Role: RoleOwner}
	for name, c := range map[string]struct {
		change TaskChange
		ends   bool
	}{
		"a pause":                        {TaskChange{From: L5, To: L5, Pause: &Pause{}}, false},
		"a pause where people say yes":   {TaskChange{From: L3, To: L3, Pause: &Pause{}}, false},
		"one level down":                 {TaskChange{From: L5, To: L4}, false},
		"one level down, for cause":      {TaskChange{From: L5, To: L4, Lowered: true}, false},
		"another cause where it fell to": {TaskChange{From: L4, To: L4, Lowered: true}, false},
		"down to where people say yes":   {TaskChange{From: L5, To: L3}, true},
		"the same for cause":             {TaskChange{From: L4, To: L3, Lowered: true}, true},
		"a cause where people say yes":   {TaskChange{From: L3, To: L3, Lowered: true}, true},
		"a raise with a yes":             {TaskChange{From: L4, To: L5, Grant: yes}, true},
		"a raise without one":            {TaskChange{From: L4, To: L5}, true},
		"a new yes to the same":          {TaskChange{From: L5, To: L5, Grant: yes}, true},
	} {
		if got := c.change.EndsGrant(); got != c.ends {
			t.Errorf("%s: %t, want %t", name, got, c.ends)
		}
	}
}
