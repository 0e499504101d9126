package workspace

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// posted is what the page's script sends; each act reads its own fields.
type posted struct {
	As      string   `json:"as"`
	Channel string   `json:"channel"`
	TS      string   `json:"ts"`
	View    string   `json:"view"`
	Block   string   `json:"block"`
	Action  string   `json:"action"`
	Kind    string   `json:"kind"` // the element's type
	Values  []string `json:"values"`
	Fields  []entry  `json:"fields"`
	Line    string   `json:"line"`
	Do      string   `json:"do"`
	Viewer  string   `json:"viewer"`
	Seen    []string `json:"seen"`
	Window  bool     `json:"window"`
}

// acts is everything that a person can do. To add one: write it, add a row, add a row to TestActs.
var acts = map[string]func(*pages, context.Context, posted) error{
	"command": (*pages).command,
	"click":   (*pages).click,
	"submit":  (*pages).submit,
	"close":   (*pages).close,
	"home":    (*pages).openHome,
	"clock":   (*pages).steer,
	"seen":    (*pages).see,
}

// acted answers a post: 204, or an error with a sentence for the person.
func (p *pages) acted(w http.ResponseWriter, r *http.Request, do func(*pages, context.Context, posted) error) {
	var in posted
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		respond(w, http.StatusUnsupportedMediaType, map[string]any{"error": "Only the page itself can do this."})
		return
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil {
		respond(w, http.StatusBadRequest, map[string]any{"error": "That could not be read; nothing was sent."})
		return
	}
	if !slices.ContainsFunc(p.w.People(), func(x Person) bool { return x.ID == in.As }) {
		respond(w, http.StatusForbidden, map[string]any{"error": "Nobody here has that name; choose who you are."})
		return
	}
	if err := do(p, r.Context(), in); err != nil {
		respond(w, http.StatusConflict, map[string]any{"error": err.Error()})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// saying is a whole sentence for the person at the page.
type saying string

func (s saying) Error() string { return string(s) }

func (p *pages) command(ctx context.Context, in posted) error {
	line := strings.TrimSpace(in.Line)
	if !strings.HasPrefix(line, "/") {
		return saying("This page sends commands only: begin with a slash, as in " + p.example() + ".")
	}
	if in.Channel == homeID {
		return saying("Commands are sent from a channel or from Messages; open one first.")
	}
	return p.act.Command(ctx, in.As, in.Channel, line)
}

func (p *pages) close(ctx context.Context, in posted) error { return p.act.Close(ctx, in.As, in.View) }

func (p *pages) openHome(ctx context.Context, in posted) error { return p.act.OpenHome(ctx, in.As) }

func (p *pages) steer(_ context.Context, in posted) error {
	if p.w.o.Controls == nil {
		return saying("This clock cannot be steered.")
	}
	return p.w.o.Controls.Do(in.Do)
}

func (p *pages) see(_ context.Context, in posted) error {
	p.seats.look(in.Viewer, glance{channel: in.Channel, seen: in.Seen, window: in.Window})
	return nil
}

func (p *pages) click(ctx context.Context, in posted) error {
	return p.act.Click(ctx, Click{User: in.As, Channel: in.Channel, TS: in.TS, View: in.View, Block: in.Block, Action: in.Action,
		Value: firstOf(in.Values), Values: gathered(in.Fields)})
}

func (p *pages) submit(ctx context.Context, in posted) error {
	err := p.act.Submit(ctx, in.As, in.View, gathered(in.Fields))
	if v := p.w.Modal(in.As); err != nil && v != nil && v.ID == in.View && len(v.Errors) > 0 {
		return saying("Not sent yet: see the marked fields.")
	}
	return err
}

func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
