package wordpress

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"koira/engine"
)

// write is a request that creates or changes a post.
type write struct {
	text
	Slug   string `json:"slug,omitempty"`
	Status string `json:"status"`
}

// Prepare makes a draft and returns its id; a draft or post of this key that exists already is returned instead. WordPress cannot be kept
// from making two when an answer is lost, but the second stays a draft for ever. Code invalid when WordPress stores another text than the
// approved one.
func (c *Channel) Prepare(ctx context.Context, i engine.Intent) (engine.Ref, error) {
	t, err := c.open(i)
	if err != nil {
		return engine.Ref{}, err
	}
	known, err := c.find(ctx, i.Key)
	if err != nil {
		return engine.Ref{}, before(err)
	}
	for _, p := range known {
		if p.public() || p.holds(t) {
			return p.ref(), nil
		}
	}
	var p post
	if err := c.call(ctx, http.MethodPost, "", url.Values{"_fields": {fields}}, write{text: t, Slug: slug(i.Key), Status: "draft"}, &p); err != nil {
		return engine.Ref{}, err
	}
	if p.ID == 0 || !p.holds(t) {
		_ = c.remove(ctx, p.ref().ID, "true") // best effort: what is left otherwise is a draft that nobody sees
		return engine.Ref{}, engine.Errorf(engine.CodeInvalid, "WordPress changed the text of the draft; a plugin may be at work. It was not published.")
	}
	return p.ref(), nil
}

// Publish makes the draft r public with exactly i's text, whatever became of the draft meanwhile. A repeat changes nothing.
func (c *Channel) Publish(ctx context.Context, i engine.Intent, r engine.Ref) (engine.Receipt, error) {
	t, err := c.open(i)
	if err != nil {
		return engine.Receipt{}, err
	}
	if r.ID == "" {
		r = i.Ref
	}
	if r.ID == "" {
		return engine.Receipt{}, engine.Errorf(engine.CodeNotSent, "There is no draft in WordPress yet.")
	}
	draft, err := c.get(ctx, r.ID)
	switch {
	case gone(err), err == nil && draft.Status == "trash":
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "Somebody deleted the draft in WordPress, so it was not published.")
	case err != nil:
		return engine.Receipt{}, before(err)
	case draft.key() != i.Key:
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "The draft %s in WordPress is not the one that koira made, so it was not published.", r.ID)
	case draft.public():
		return draft.receipt(), nil
	}
	var p post
	if err := c.call(ctx, http.MethodPost, r.ID, url.Values{"_fields": {fields}}, write{text: t, Status: "publish"}, &p); err != nil {
		return engine.Receipt{}, err
	}
	if !p.public() || !p.holds(t) {
		return engine.Receipt{}, engine.Errorf(engine.CodeUpstream, "WordPress took the post, but does not show it as it was approved (its state there: %q).", p.Status)
	}
	return p.receipt(), nil
}

// Probe looks for a public post that carries i's key. A draft, or a post in the bin, is not found. Code upstream when such a post is public
// but does not say what i's bytes say: it is not absent, and it is not what was approved either.
func (c *Channel) Probe(ctx context.Context, i engine.Intent, _ engine.Ref) (engine.Receipt, error) {
	if !keys.MatchString(i.Key) {
		return engine.Receipt{}, engine.Errorf(engine.CodeInvalid, "The key %q does not fit into a web address.", i.Key)
	}
	known, err := c.find(ctx, i.Key)
	if err != nil {
		return engine.Receipt{}, reading(err)
	}
	if len(known) == 0 || !known[0].public() {
		return engine.Receipt{}, engine.Errorf(engine.CodeNotFound, "WordPress shows no such post.")
	}
	if len(i.Bytes) == 0 {
		return known[0].receipt(), nil
	}
	t, err := marked(i)
	if err != nil {
		return engine.Receipt{}, err
	}
	for _, p := range known {
		if p.public() && p.holds(t) {
			return p.receipt(), nil
		}
	}
	return engine.Receipt{}, engine.Errorf(engine.CodeUpstream, "The post is live in WordPress, but not as it was approved: %s", known[0].Link)
}

// Halt has code invalid: a post is out at once.
func (c *Channel) Halt(context.Context, engine.Receipt) (engine.Progress, error) {
	return engine.Progress{}, engine.Errorf(engine.CodeInvalid, "A blog post is out at once, so there is nothing to halt; it can be taken down.")
}

// open checks that i is for this door and returns what goes on the wire.
func (c *Channel) open(i engine.Intent) (text, error) {
	if c.o.Account != "" && i.Account != c.o.Account {
		return text{}, engine.Errorf(engine.CodeInvalid, "This post is for the account %q; this WordPress is %q.", i.Account, c.o.Account)
	}
	return marked(i)
}

// find returns the posts of key that are not in the bin, public ones first.
func (c *Channel) find(ctx context.Context, key string) ([]post, error) {
	// Without the right to edit, the answer is an error and never a shorter list: context=edit and the status see to it.
	q := url.Values{"slug": {slugs(key)}, "status": {"any"}, "context": {"edit"}, "per_page": {"100"}, "_fields": {fields}}
	var all, public, rest []post
	if err := c.call(ctx, http.MethodGet, "", q, nil, &all); err != nil {
		return nil, err
	}
	for _, p := range all {
		switch {
		case p.key() != key:
		case p.public():
			public = append(public, p)
		default:
			rest = append(rest, p)
		}
	}
	return append(public, rest...), nil
}

// get returns one post by its id, also from the bin.
func (c *Channel) get(ctx context.Context, id string) (post, error) {
	var p post
	if _, err := strconv.ParseUint(id, 10, 63); err != nil {
		return p, engine.Errorf(engine.CodeInvalid, "%q is not the number of a WordPress post.", id)
	}
	err := c.call(ctx, http.MethodGet, id, url.Values{"context": {"edit"}, "_fields": {fields}}, nil, &p)
	return p, err
}
