package engine_test

import (
	"testing"

	"koira/engine"
)

func TestDerive(t *testing.T) {
	for name, c := range map[string]struct {
		sends []engine.SendState
		want  engine.State
	}{
		"no sends decide nothing":                       {nil, ""},
		"one unknown outcome outranks a published half": {[]engine.SendState{engine.SendPublished, engine.SendUnconfirmed}, engine.StateUnconfirmed},
		"one on the wire":                               {[]engine.SendState{engine.SendPublished, engine.SendPublishing}, engine.StatePublishing},
		"one to be tried again":                         {[]engine.SendState{engine.SendPublished, engine.SendPending}, engine.StateScheduled},
		"one published copy outranks a failure":         {[]engine.SendState{engine.SendFailed, engine.SendPublished}, engine.StatePublished},
		"one being taken down":                          {[]engine.SendState{engine.SendPublished, engine.SendRetracting}, engine.StateRetracting},
		"taken down, and a half that never went":        {[]engine.SendState{engine.SendRetracted, engine.SendFailed}, engine.StateRetracted},
		"all failed":                                    {[]engine.SendState{engine.SendFailed, engine.SendFailed}, engine.StateFailed},
		"an unknown outcome outranks one on the wire":   {[]engine.SendState{engine.SendPublishing, engine.SendUnconfirmed}, engine.StateUnconfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			var sends []engine.Send
			for _, s := range c.sends {
				sends = append(sends, engine.Send{State: s})
			}
			got, ok := engine.Derive(sends)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("%q, %t; want %q", got, ok, c.want)
			}
		})
	}
}
