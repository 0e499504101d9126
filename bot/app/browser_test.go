package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"koira/bot/workspace"
)

const (
	owner    = "U0MARI0001"
	approver = "U0TOMI0001"
	outsider = "U0EVE00001"
)

// TestBrowser drives the demo's page in a real browser, as the people of the demo would. It presses what stands there and waits for what should
// come of it; nothing in it waits for a fixed time.
func TestBrowser(t *testing.T) {
	browser := os.Getenv("KOIRA_TEST_BROWSER")
	if browser == "" {
		t.Skip("KOIRA_TEST_BROWSER names no browser, such as /usr/bin/chromium")
	}
	began := time.Now()
	base, space := openDemo(t)
	v := visit(t, browser, base)
	v.await("a draft", `document.querySelector('#messages article') !== null`)
	t.Logf("the first draft card stood on the page %s after the start, the browser's own start included", time.Since(began).Round(10*time.Millisecond))
	v.press("pause", `document.querySelector('[data-clock="pause"]')`)

	for _, s := range []struct {
		name string
		tell func(*visitor, *workspace.Workspace)
	}{
		{"approved, it goes out and its result comes into the thread", seesItOut},
		{"an outsider changes nothing and is told so alone", outsideLooksIn},
		{"an edit is a new card, and the old one no longer counts", edits},
		{"stopped, nothing goes out until the owner resumes", stops},
	} {
		if !t.Run(s.name, func(t *testing.T) { v.t = t; s.tell(v, space) }) {
			v.t = t
			t.Fatalf("the page then read:\n%s", v.ask(`document.body.innerText`))
		}
	}
}

func seesItOut(v *visitor, _ *workspace.Workspace) {
	ts := v.waiting()
	v.press("Approve", button(ts, "Approve"))
	v.await("who approved it", text(ts)+`.includes('Approved by @mari')`)
	v.await("a way back in its place", button(ts, "Take back")+` && !`+button(ts, "Approve"))
	for hours := 0; !v.holds(text(ts) + `.includes('Live on')`); hours++ {
		if hours > 48 {
			v.t.Fatal("it did not go out")
		}
		v.step("step")
	}
	v.step("step")
	v.await("what it brought, on the card", `/After \d+ h: \d+ link visits/.test(`+text(ts)+`)`)
	v.press("the thread", card(ts)+`.querySelector('.thread-link')`)
	v.await("the result in the thread", `/Live on Social[^]*link visits/.test([...document.querySelectorAll('#replies article')].at(-1)?.textContent)`)
	v.press("close the thread", `document.querySelector('[data-thread-close]')`)
}

func outsideLooksIn(v *visitor, _ *workspace.Workspace) {
	ts := v.waiting()
	v.become(outsider)
	before := v.ask(text(ts))
	v.press("Approve", button(ts, "Approve"))
	v.await("a refusal that only she sees", private("You are not on the list"))
	if after := v.ask(text(ts)); after != before {
		v.t.Errorf("the card changed from\n%s\nto\n%s", before, after)
	}
	v.become(owner)
	v.await("the card as it was", button(ts, "Approve")+` !== undefined`)
	if v.holds(private("You are not on the list")) {
		v.t.Error("somebody else sees what eve was told")
	}
}

func edits(v *visitor, space *workspace.Workspace) {
	ts := v.waiting()
	v.become(approver)
	v.press("Edit…", button(ts, "Edit…"))
	v.await("the window", `document.querySelector('#modal textarea') !== null`)
	// The page that somebody has open shows the old card a while longer.
	space.SetFaults(workspace.Faults{Slow: map[string]time.Duration{"chat.update": 5 * time.Second}})
	v.do(`{ const field = document.querySelector('#modal textarea'); field.value = 'Focaccia, still warm.'; field.dispatchEvent(new Event('input', {bubbles: true})) }`)
	v.press("Save", `document.querySelector('#modal [type="submit"]')`)
	v.await("the window to close", `document.querySelector('#modal') === null`)
	v.become(owner)
	v.press("the old card's Approve", button(ts, "Approve"))
	v.await("a kind sentence", private("Not approved."))
	space.SetFaults(workspace.Faults{})
	v.await("the old card without buttons", text(ts)+`.includes('An older version') && !`+button(ts, "Approve"))
	v.await("a new card with the new words", `[...document.querySelectorAll('#messages article')].some(a => a.textContent.includes('Focaccia') && `+hasButton("a", "Approve")+`)`)
	if v.holds(`[...document.querySelectorAll('#messages article')].some(a => a.textContent.includes('Focaccia') && a.textContent.includes('Approved by'))`) {
		v.t.Error("the new words were approved by a press on the old card")
	}
}

func stops(v *visitor, _ *workspace.Workspace) {
	ts := v.waiting()
	v.press("Approve", button(ts, "Approve"))
	v.await("its approval", text(ts)+`.includes('Approved by @mari')`)
	v.become(approver)
	v.command("/koira stop")
	v.await("that all is stopped", private("Everything is stopped"))
	for days := 0; !v.holds(`/Ran out|Did not go out/.test(` + text(ts) + `)`); days++ {
		if days > 3 {
			v.t.Fatalf("its time passed, and its card says %q", v.ask(text(ts)))
		}
		v.step("day")
	}
	v.await("that it is not out", `/not go out/.test(`+text(ts)+`) && !`+text(ts)+`.includes('Live')`)
	v.command("/koira resume")
	v.await("that only an owner resumes", private("Only owners can resume."))
	v.become(owner)
	v.command("/koira resume")
	v.await("the window that asks once", `document.querySelector('#modal [type="submit"]') !== null`)
	v.press("Resume", `document.querySelector('#modal [type="submit"]')`)
	v.press("needs-you", `[...document.querySelectorAll('#rooms a')].find(a => a.textContent.includes('needs-you'))`)
	v.await("that all runs again", `[...document.querySelectorAll('#messages article')].some(a => a.textContent.includes('Everything runs again'))`)
}

// openDemo runs the demo until the test ends, and returns its address and workspace.
func openDemo(t *testing.T) (base string, space *workspace.Workspace) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said, ended := &firstLine{line: make(chan string, 1)}, make(chan error, 1)
	d, err := newDemo(ctx, DemoOptions{Addr: "127.0.0.1:0", Speed: 1, Seed: 1, Wall: machine{}, Out: said})
	if err != nil {
		t.Fatal(err)
	}
	go func() { ended <- d.serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		d.close()
	})
	select {
	case line := <-said.line:
		_, base, _ = strings.Cut(line, "open ")
		return base, d.space
	case err := <-ended:
		t.Fatal(err)
		return "", nil
	}
}

// firstLine passes on the first line that is written to it.
type firstLine struct {
	line chan string
	told bool
}

func (f *firstLine) Write(p []byte) (int, error) {
	if !f.told {
		f.told = true
		line, _, _ := strings.Cut(string(p), "\n")
		f.line <- line
	}
	return len(p), nil
}

// visitor is the person at the browser. Its scripts are expressions of the page's own language.
type visitor struct {
	t   *testing.T
	ctx context.Context
}

func visit(t *testing.T, browser, base string) *visitor {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-background-networking", true), chromedp.WindowSize(1280, 800))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(base+"/?as="+owner)); err != nil {
		t.Fatal(err)
	}
	return &visitor{t, ctx}
}

// patience is how long something may take to show on a slow machine.
const patience = 30 * time.Second

// await returns once the expression is true.
func (v *visitor) await(what, expression string) {
	v.t.Helper()
	script := fmt.Sprintf(`new Promise(done => { const end = Date.now() + %d; const look = () => { if (%s) done(true); else if (Date.now() > end) done(false); else setTimeout(look, 40) }; look() })`,
		patience.Milliseconds(), expression)
	ok, err := chromedp.Run(v.ctx, chromedp.Evaluate[bool](script, func(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }))
	if err != nil || !ok {
		v.t.Fatalf("waited for %s: %v", what, err)
	}
}

func (v *visitor) do(script string) {
	v.t.Helper()
	if _, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`(() => { `+script+`; return '' })()`)); err != nil {
		v.t.Fatal(err)
	}
}

// ask returns the text that the expression gives.
func (v *visitor) ask(expression string) string {
	v.t.Helper()
	s, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		v.t.Fatal(err)
	}
	return s
}

func (v *visitor) holds(expression string) bool {
	v.t.Helper()
	return v.ask(`!!(`+expression+`)`) == "true"
}

// press clicks an element once it is there, can be seen, and no earlier press is still under way.
func (v *visitor) press(what, element string) {
	v.t.Helper()
	v.await(what, `(e => e && e.checkVisibility() && e.getAttribute('aria-busy') !== 'true' && (e.scrollIntoView({block: 'nearest'}), e.click(), true))(`+element+`)`)
}

// become chooses who sits at the page.
func (v *visitor) become(user string) {
	v.t.Helper()
	v.do(`const who = document.querySelector('#who'); who.value = ` + quoted(user) + `; who.dispatchEvent(new Event('change', {bubbles: true}))`)
	v.await("the page of "+user, `document.body.dataset.as === `+quoted(user))
}

// step presses one of the clock's buttons and waits until the time has gone by.
func (v *visitor) step(button string) {
	v.t.Helper()
	hours := map[string]int{"step": 1, "day": 24}[button]
	until := v.ask(fmt.Sprintf(`Number(document.querySelector('#clock .now').dataset.now) + %d`, hours*3600-60))
	v.press(button, `document.querySelector('[data-clock="`+button+`"]')`)
	v.await("the clock", `Number(document.querySelector('#clock .now').dataset.now) >= `+until)
}

func (v *visitor) command(line string) {
	v.t.Helper()
	v.do(`document.querySelector('#line').value = ` + quoted(line))
	v.press("Send", `document.querySelector('#command [type="submit"]')`)
	v.await("the command to be sent", `document.querySelector('#line').value === ''`)
}

// waiting returns the ts of the newest card that can be approved. Drafts that were written before the first was shown come on one card for their week, and
// each has one of its own once its yes is needed soon: the clock goes on until one has.
func (v *visitor) waiting() string {
	v.t.Helper()
	for hours := 0; !v.holds(lastCard("Approve") + ` !== undefined`); hours++ {
		if hours > 48 {
			v.t.Fatal("no card can be approved")
		}
		v.step("step")
	}
	return v.choose("Approve")
}

// choose returns the ts of the newest card that has a button of that label: what stands at the bottom is what people see.
func (v *visitor) choose(label string) string {
	v.t.Helper()
	v.await("a card with "+label, lastCard(label)+` !== undefined`)
	return v.ask(lastCard(label) + `.dataset.ts`)
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

func card(ts string) string {
	return `document.querySelector('#messages article[data-ts=` + quoted(ts) + `]')`
}

func text(ts string) string { return card(ts) + `.textContent` }

func hasButton(article, label string) string {
	return `[...` + article + `.querySelectorAll('.actions button, .section button')].find(b => b.textContent === ` + quoted(label) + ` && !b.closest('.menu'))`
}

func button(ts, label string) string { return hasButton(card(ts), label) }

func lastCard(label string) string {
	return `[...document.querySelectorAll('#messages article')].findLast(a => ` + hasButton("a", label) + `)`
}

// private is whether a message that only the viewer sees says so.
func private(words string) string {
	return `[...document.querySelectorAll('#messages .ephemeral')].some(a => a.textContent.includes(` + quoted(words) + `))`
}
