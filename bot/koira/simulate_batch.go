package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"koira/bot/app"
)

// named is of how many breaches the end tells again: of a long run's output the beginning may be lost.
const named = 5

// batch is what a number of histories came to together.
type batch struct {
	mu        sync.Mutex
	Histories int            `json:"histories"`
	Days      int            `json:"days"` // of each
	Outputs   int            `json:"outputs"`
	Published int            `json:"published"`
	Events    int64          `json:"events"`
	Crashes   int            `json:"crashes"`
	Broken    int            `json:"broken"`
	Breaches  []string       `json:"breaches,omitempty"` // the first few of those, one a history: its seed, the step and what did not hold
	Reached   map[string]int `json:"reached"`
}

func (b *batch) add(r app.Simulated) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Histories++
	b.Outputs += r.Outputs
	b.Published += r.Published
	b.Events += r.Events
	b.Crashes += r.Crashes
	for k, n := range r.Reached {
		b.Reached[k] += n
	}
	if r.Breach != "" {
		b.Broken++
		if len(b.Breaches) < named {
			b.Breaches = append(b.Breaches, fmt.Sprintf("seed %d at %s: %s", r.Seed, r.Step, r.Breach))
		}
	}
}

func (b *batch) far() (histories, broken int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Histories, b.Broken
}

// watch says on f now and then how far b is: on a terminal in one line that is drawn over, elsewhere in a line every half minute. Whoever
// waits for less hears nothing. Call stop once, at the end.
func watch(f *os.File, of int, began time.Time, b *batch) (stop func()) {
	every, end := 30*time.Second, "\n"
	info, err := f.Stat()
	if screen := err == nil && info.Mode()&os.ModeCharDevice != 0; screen {
		every, end = time.Second, "\r"
	}
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		t := time.NewTicker(every)
		defer t.Stop()
		for said := false; ; said = true {
			select {
			case <-t.C:
				n, broken := b.far()
				left := "?"
				if took := time.Since(began); n > 0 {
					left = (took * time.Duration(of-n) / time.Duration(n)).Round(time.Second).String()
				}
				fmt.Fprintf(f, "%d of %d histories, %d with a breach, about %s left   %s", n, of, broken, left, end)
			case <-done:
				if said && end == "\r" {
					fmt.Fprintln(f)
				}
				return
			}
		}
	}()
	return func() {
		close(done)
		<-over
	}
}
