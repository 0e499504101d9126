package workspace

import (
	"context"
	"embed"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// policy lets the page load nothing but its own files: what a message holds can neither run nor call home.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// actor is the part of *Workspace by which a person acts.
type actor interface {
	Command(ctx context.Context, user, channelID, line string) error
	Click(ctx context.Context, c Click) error
	Submit(ctx context.Context, user, viewID string, values map[string]map[string]any) error
	Close(ctx context.Context, user, viewID string) error
	OpenHome(ctx context.Context, user string) error
}

// pages serves the chat client.
type pages struct {
	w     *Workspace
	act   actor
	shell *template.Template
	seats seats
}

// Page returns the chat client in which people use the workspace. It answers only requests that name this computer and come from its own
// pages. Call it once: each handler tells Options.Controls what its own viewers look at.
func (w *Workspace) Page() http.Handler { return newPage(w, w) }

func newPage(w *Workspace, act actor) http.Handler {
	p := &pages{w: w, act: act, shell: template.Must(template.ParseFS(pageFiles, "page/shell.html"))}
	p.seats.tell = p.holding
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.whole)
	mux.HandleFunc("GET /parts", p.parts)
	mux.HandleFunc("GET /live", p.live)
	mux.HandleFunc("GET /file/{id}", p.file)
	mux.HandleFunc("GET /page.css", asset("page/page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /page.js", asset("page/page.js", "text/javascript; charset=utf-8"))
	for path, do := range acts {
		mux.HandleFunc("POST /act/"+path, func(rw http.ResponseWriter, r *http.Request) { p.acted(rw, r, do) })
	}
	return guarded(mux)
}

// guarded turns away what does not come from a page of this server. The Host check stops a foreign name that resolves to this computer
// (DNS rebinding); the Origin check stops a foreign page that posts here.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !loopback(hostname(r.Host)) {
			http.Error(w, "This page answers only on this computer's own address.", http.StatusForbidden)
			return
		}
		if !sameOrigin(r) {
			http.Error(w, "This page answers only its own pages.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

// sameOrigin accepts this server's own origin. Without one a read passes, because browsers send none with a followed link; a write passes
// only if the browser says in another way where it comes from.
func sameOrigin(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		return err == nil && u.Host == r.Host && (u.Scheme == "http" || u.Scheme == "https")
	}
	site := r.Header.Get("Sec-Fetch-Site")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return site == "same-origin"
	}
	return site != "cross-site" || r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

func asset(name, kind string) http.HandlerFunc {
	content, err := pageFiles.ReadFile(name)
	return func(w http.ResponseWriter, r *http.Request) {
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		w.Write(content)
	}
}

// filePath is where the page serves an uploaded file.
func filePath(id string) string { return "/file/" + url.PathEscape(id) }

// file serves an upload. Only pictures and plain text open in the browser: anything else, as a drawing with a script in it, is a download.
func (p *pages) file(w http.ResponseWriter, r *http.Request) {
	content, ok := p.w.FileBytes(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	kind := http.DetectContentType(content)
	switch kind, _, _ = strings.Cut(kind, ";"); kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
	case "text/plain":
		kind = "text/plain; charset=utf-8"
	default:
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Write(content)
}
