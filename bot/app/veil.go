package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"koira/engine"
)

// shapes are what credentials look like that koira does not know: Slack's tokens, keys of model servers, an Authorization header, a user and
// password in an address, a socket's ticket. Other programs quote them in their errors.
var shapes = []struct {
	like *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`\bxox[a-z]-[\w-]+|\bxapp-[\w-]+`), "***"},
	{regexp.MustCompile(`\bsk-[\w-]{8,}`), "***"},
	{regexp.MustCompile(`(?i)\b(bearer|basic)(\s+)[\w+/=.~-]{8,}`), "${1}${2}***"},
	{regexp.MustCompile(`://[^/\s"'@]+@`), "://***@"},
	{regexp.MustCompile(`([?&]ticket=)[^&\s"']+`), "${1}***"},
}

// Mask returns s without what looks like a credential.
func Mask(s string) string {
	for _, x := range shapes {
		s = x.like.ReplaceAllString(s, x.put)
	}
	return s
}

// veil is a log's handler that lets no credential through, neither one of koira's own nor one that looks like one: whatever an error of some
// other program quotes, the log does not.
type veil struct {
	next slog.Handler
	own  []string
}

// veiled returns log behind a veil that knows the config's secrets.
func (c Config) veiled(log *slog.Logger, env Env) *slog.Logger {
	v := veil{next: log.Handler()}
	add := func(s string) {
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s))} {
			if len(s) >= 4 && !slices.Contains(v.own, form) { // a shorter one stands in many words
				v.own = append(v.own, form)
			}
		}
	}
	for _, name := range []string{SlackBotToken, SlackAppToken, ModelKey} {
		if s, err := env.Secret(name); err == nil {
			add(s.Reveal())
		}
	}
	for _, ch := range c.Channels {
		if ch.Password == "" {
			continue
		}
		if s, err := env.Secret(ch.Password); err == nil {
			add(s.Reveal())
			add(ch.User + ":" + s.Reveal())
		}
	}
	slices.SortFunc(v.own, func(a, b string) int { return len(b) - len(a) }) // a longer one may hold a shorter one
	return slog.New(v)
}

func (v veil) mask(s string) string {
	for _, own := range v.own {
		s = strings.ReplaceAll(s, own, engine.Secret(own).String())
	}
	return Mask(s)
}

func (v veil) attr(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(v.mask(a.Value.String()))
	case slog.KindGroup:
		a.Value = slog.GroupValue(v.attrs(a.Value.Group())...)
	case slog.KindAny:
		text := fmt.Sprintf("%+v", a.Value.Any())
		if masked := v.mask(text); masked != text {
			a.Value = slog.StringValue(masked)
		}
	}
	return a
}

func (v veil) attrs(as []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(as))
	for i, a := range as {
		masked[i] = v.attr(a)
	}
	return masked
}

func (v veil) Enabled(ctx context.Context, l slog.Level) bool { return v.next.Enabled(ctx, l) }

func (v veil) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, v.mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool { masked.AddAttrs(v.attr(a)); return true })
	return v.next.Handle(ctx, masked)
}

func (v veil) WithAttrs(as []slog.Attr) slog.Handler {
	return veil{v.next.WithAttrs(v.attrs(as)), v.own}
}

func (v veil) WithGroup(name string) slog.Handler { return veil{v.next.WithGroup(name), v.own} }
