package wordpress

import (
	"bytes"
	"strings"
	"testing"

	"koira/engine"
	"koira/engine/enginetest"
)

// faked returns a door to a fake whose posts the test may touch, as people do in WordPress.
func faked(t *testing.T) (*Channel, *fake) {
	f, s := newFake(t)
	c, err := New(Options{Name: "blog", URL: s.URL, User: fakeUser, Password: fakePassword})
	if err != nil {
		t.Fatal(err)
	}
	return c, f
}

func (f *fake) only(t *testing.T) *post {
	t.Helper()
	if len(f.posts) != 1 {
		t.Fatalf("%d posts, want 1", len(f.posts))
	}
	for _, p := range f.posts {
		return p
	}
	return nil
}

func TestAnEditedDraftGoesOutAsApproved(t *testing.T) {
	c, f := faked(t)
	i := prepared(t, c, "KEY1")
	p := f.only(t)
	p.Content.Raw = strings.Replace(p.Content.Raw, "Rye bread", "Free bread", 1)
	r, err := c.Publish(t.Context(), i, i.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if got := readBack(t, c, r.Ref); !bytes.Equal(got, i.Bytes) {
		t.Errorf("%s went out, approved was %s", got, i.Bytes)
	}
}

func TestWhatPeopleChangeAfterwardsStays(t *testing.T) {
	c, f := faked(t)
	i := prepared(t, c, "KEY1")
	if _, err := c.Publish(t.Context(), i, i.Ref); err != nil {
		t.Fatal(err)
	}
	f.only(t).Title.Raw = "Rye, corrected"
	if _, err := c.Publish(t.Context(), i, i.Ref); err != nil {
		t.Fatal(err)
	}
	if got := f.only(t).Title.Raw; got != "Rye, corrected" {
		t.Errorf("a repeat undid a person's correction: %q", got)
	}
}

func TestWhatPeopleThrewAwayStaysAway(t *testing.T) {
	for name, away := range map[string]func(*fake, *post){
		"in the bin":        func(_ *fake, p *post) { p.Status = "trash" },
		"deleted":           func(f *fake, p *post) { delete(f.posts, p.ID) },
		"taken over":        func(_ *fake, p *post) { p.Content.Raw = "<p>A person's own text.</p>" },
		"another koira key": func(_ *fake, p *post) { p.Content.Raw = strings.Replace(p.Content.Raw, "KEY1", "KEY2", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			c, f := faked(t)
			i := prepared(t, c, "KEY1")
			away(f, f.only(t))
			_, err := c.Publish(t.Context(), i, i.Ref)
			if got := engine.CodeOf(err); got != engine.CodeInvalid {
				t.Errorf("code %q, want invalid (%v)", got, err)
			}
			for _, p := range f.posts {
				if p.public() {
					t.Errorf("it went out: %+v", p)
				}
			}
		})
	}
}

func TestAPluginThatChangesTextsIsFoundOutBeforeAnythingIsPublic(t *testing.T) {
	c, f := faked(t)
	f.wild = func(p *post) { p.Content.Raw += "<p>Sent from my plugin.</p>" }
	i, err := enginetest.IntentOf(c, piece(), "KEY1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Prepare(t.Context(), i)
	if got := engine.CodeOf(err); got != engine.CodeInvalid {
		t.Errorf("code %q, want invalid (%v)", got, err)
	}
	if len(f.posts) != 0 {
		t.Error("the useless draft was left behind")
	}
}

func TestAPostThatASiteHoldsBackIsNotCalledPublished(t *testing.T) {
	c, f := faked(t)
	i := prepared(t, c, "KEY1")
	f.wild = func(p *post) { p.Status = "pending" } // the text is as approved, only nobody sees it
	if r, err := c.Publish(t.Context(), i, i.Ref); engine.CodeOf(err) != engine.CodeUpstream {
		t.Errorf("%+v, %v; want an unknown outcome", r, err)
	}
}

func TestProbeConfirmsOnlyWhatWasApproved(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*post)
		blind  bool // asked without the bytes: only whether there is one
		want   engine.Code
	}{
		"as approved":                          {func(*post) {}, false, ""},
		"a plugin added to the text":           {func(p *post) { p.Content.Raw += "<p>Sent from my plugin.</p>" }, false, engine.CodeUpstream},
		"a plugin changed the title":           {func(p *post) { p.Title.Raw = "RYE" }, false, engine.CodeUpstream},
		"a changed text, and no bytes to hold": {func(p *post) { p.Title.Raw = "RYE" }, true, ""},
		"a changed text that nobody sees":      {func(p *post) { p.Title.Raw, p.Status = "RYE", "draft" }, false, engine.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := faked(t)
			i := prepared(t, c, "KEY1")
			f.wild = tc.change
			_, _ = c.Publish(t.Context(), i, i.Ref) // its answer is lost
			if tc.blind {
				i.Bytes = nil
			}
			r, err := c.Probe(t.Context(), i, i.Ref)
			if engine.CodeOf(err) != tc.want || err == nil && r.ID == "" {
				t.Errorf("%+v, %v; want code %q", r, err, tc.want)
			}
		})
	}
}

// TestAStrangersPostAtTheSameAddress holds that a slug proves nothing: only the marker does.
func TestAStrangersPostAtTheSameAddress(t *testing.T) {
	c, f := faked(t)
	f.posts[1] = &post{ID: 1, Slug: slug("KEY1"), Status: "publish", Title: raw{"Mine"}, Content: raw{"<p>Mine.</p>"}}
	if _, err := c.Probe(t.Context(), engine.Intent{Key: "KEY1"}, engine.Ref{}); engine.CodeOf(err) != engine.CodeNotFound {
		t.Errorf("a stranger's post is taken for koira's: %v", err)
	}
	i := prepared(t, c, "KEY1")
	r, err := c.Publish(t.Context(), i, i.Ref)
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.Probe(t.Context(), i, engine.Ref{})
	if err != nil || found.ID != r.ID {
		t.Errorf("koira's own at %s-2 is not found: %+v, %v", slug("KEY1"), found, err)
	}
	if got := f.posts[1].Title.Raw; got != "Mine" {
		t.Errorf("the stranger's post is now %q", got)
	}
}

func TestRetract(t *testing.T) {
	cases := map[string]struct {
		before func(*fake, *post)
		want   engine.Removal
		left   int // posts that the site still has
	}{
		"goes to the bin":             {func(*fake, *post) {}, engine.Removal{Gone: true}, 1},
		"is deleted without a bin":    {func(f *fake, _ *post) { f.noBin = true }, engine.Removal{Gone: true}, 0},
		"was unpublished by a person": {func(_ *fake, p *post) { p.Status = "draft" }, engine.Removal{Gone: true, Already: true}, 1},
		"was deleted by a person":     {func(f *fake, p *post) { delete(f.posts, p.ID) }, engine.Removal{Gone: true, Already: true}, 0},
		"somebody else's is left alone": {func(_ *fake, p *post) { p.Content.Raw = "<p>Mine.</p>" },
			engine.Removal{Note: "This post was not made by koira; please take it down in WordPress."}, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c, f := faked(t)
			i := prepared(t, c, "KEY1")
			r, err := c.Publish(t.Context(), i, i.Ref)
			if err != nil {
				t.Fatal(err)
			}
			tc.before(f, f.only(t))
			got, err := c.Retract(t.Context(), r)
			if err != nil || got != tc.want || len(f.posts) != tc.left {
				t.Errorf("%+v, %v, %d posts left; want %+v and %d", got, err, len(f.posts), tc.want, tc.left)
			}
		})
	}
}

func TestOnlyItsOwnAccount(t *testing.T) {
	_, s := newFake(t)
	c, err := New(Options{Name: "blog", URL: s.URL, User: fakeUser, Password: fakePassword, Account: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Prepare(t.Context(), engine.Intent{Key: "KEY1", Account: "other", Bytes: []byte(`{"title":"a","content":"b"}`)})
	if got := engine.CodeOf(err); got != engine.CodeInvalid {
		t.Errorf("code %q, want invalid", got)
	}
}

// rich uses all that Markdown can become, so that a site's filter has something to change.
const rich = "## Hours\n\n1. Mon\n2. Tue\n\n- *rye*\n- ~~white~~\n\n> \"It's 5 < 6 & C:\\new\"\n\n| day | price |\n|---|---|\n| Mon | 4,20 € |\n\n" +
	"```\nif a[0] > 'b' { \\n }\n```\n\nhttps://leipa.example/a?b=1&c=2 `[gallery]` 🍞\n\n---\n\nEnd\\\nof it"

// TestRichTextIsStoredAsApproved runs on the fake and, where there is one, on the real site: its filter for authors must change nothing.
func TestRichTextIsStoredAsApproved(t *testing.T) {
	check := func(t *testing.T, d enginetest.Door) {
		o := piece()
		o.Variants[0].Body, o.Variants[0].Subject = rich, `5 < 6 & "rye" [new] it's C:\new`
		i, err := enginetest.IntentOf(d.Channel, o, d.NewID())
		if err != nil {
			t.Fatal(err)
		}
		if i.Ref, err = d.Channel.Prepare(t.Context(), i); err != nil {
			t.Fatalf("%v\n%s", err, i.Bytes)
		}
		r, err := d.Channel.Publish(t.Context(), i, i.Ref)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Read(t, r.Ref); !bytes.Equal(got, i.Bytes) {
			t.Errorf("stored:   %s\napproved: %s", got, i.Bytes)
		}
	}
	t.Run("fake", func(t *testing.T) {
		_, s := newFake(t)
		check(t, open(t, Options{URL: s.URL, User: fakeUser, Password: fakePassword}, enginetest.IDs(1)))
	})
	t.Run("real", func(t *testing.T) {
		check(t, open(t, site(t), fresh(t)))
	})
}

func TestRenderRefuses(t *testing.T) {
	c, _ := faked(t)
	for name, change := range map[string]func(*engine.Variant){
		"no title":              func(v *engine.Variant) { v.Subject = " \u200b" },
		"no text":               func(v *engine.Variant) { v.Body = "" },
		"nothing but HTML":      func(v *engine.Variant) { v.Body = "<div></div>" },
		"a link that runs code": func(v *engine.Variant) { v.Link = "javascript:alert(1)" },
	} {
		t.Run(name, func(t *testing.T) {
			o := piece()
			change(&o.Variants[0])
			if _, err := c.Render(o); engine.CodeOf(err) != engine.CodeInvalid {
				t.Errorf("%v, want invalid", err)
			}
		})
	}
	if _, err := c.Prepare(t.Context(), engine.Intent{Key: "a--b", Bytes: []byte(`{"title":"a","content":"b"}`)}); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("a key that would end the marker: %v", err)
	}
	if _, err := c.Publish(t.Context(), engine.Intent{Key: "KEY1", Bytes: []byte(`{"title":"a","content":"b"}`)}, engine.Ref{ID: "../users/1"}); engine.CodeOf(err) != engine.CodeInvalid {
		t.Errorf("an id that leads elsewhere: %v", err)
	}
}
