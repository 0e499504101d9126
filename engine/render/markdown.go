package render

import (
	"net/url"
	"slices"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// markdown reads CommonMark with tables and strikethrough; bare web addresses are links. Raw HTML is never passed on.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(picture{}, 1))),
)

// schemes are the only ones that a link may have.
var schemes = []string{"http", "https", "mailto"}

// safe reports whether a reader may be sent to address.
func safe(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains(schemes, u.Scheme) && reachable(u)
}

// reachable reports whether u, of one of the schemes, names a place and hides no other name in front of it ("bank.example@evil.example").
func reachable(u *url.URL) bool {
	if u.Scheme == "mailto" {
		return u.Opaque != ""
	}
	return u.Hostname() != "" && u.User == nil
}
