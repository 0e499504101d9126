package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

const (
	maxCall  = 4 << 20  // bytes in the body of a call
	maxBytes = 32 << 20 // bytes in an uploaded file
)

// API returns the handler of everything that the app talks to: /api/, /link (Socket Mode), /reply/ (response_url), /upload/ and /files/.
func (w *Workspace) API() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", func(rw http.ResponseWriter, r *http.Request) {
		name := r.PathValue("method")
		w.door(name, func(rw http.ResponseWriter, r *http.Request) { w.serveMethod(rw, r, name) })(rw, r)
	})
	mux.HandleFunc("GET /link", w.serveLink)
	mux.HandleFunc("GET /link/", w.serveLink)
	mux.HandleFunc("POST /reply/{token}", w.door("response_url", w.serveReply))
	mux.HandleFunc("POST /upload/{token}", w.door("upload", w.serveUpload))
	mux.HandleFunc("GET /files/{id}/{name}", w.serveFile)
	return mux
}

// result is the body of a successful answer, without "ok".
type result map[string]any

// args are the arguments of a call. A JSON argument that is not a string keeps its bytes, so blocks sent in a JSON body look like blocks
// sent in a form.
type args map[string]string

// method is one Web API method.
type method struct {
	token  string   // the prefix of the token it takes; "" means that it takes none
	scopes []string // the app needs one of them; methods whose scope depends on the channel check it themselves
	call   func(*Workspace, args) (result, error)
}

// methods is the Web API. To add a method: write it, add a row.
var methods = map[string]method{
	"auth.test":                    {"xoxb-", nil, (*Workspace).authTest},
	"apps.connections.open":        {"xapp-", nil, (*Workspace).connectionsOpen},
	"blocks.validate":              {"", nil, (*Workspace).blocksValidate},
	"chat.postMessage":             {"xoxb-", []string{"chat:write"}, (*Workspace).postMessage},
	"chat.postEphemeral":           {"xoxb-", []string{"chat:write"}, (*Workspace).postEphemeral},
	"chat.update":                  {"xoxb-", []string{"chat:write"}, (*Workspace).updateMessage},
	"chat.delete":                  {"xoxb-", []string{"chat:write"}, (*Workspace).deleteMessage},
	"chat.getPermalink":            {"xoxb-", nil, (*Workspace).permalink},
	"views.open":                   {"xoxb-", nil, (*Workspace).viewsOpen},
	"views.push":                   {"xoxb-", nil, (*Workspace).viewsPush},
	"views.update":                 {"xoxb-", nil, (*Workspace).viewsUpdate},
	"views.publish":                {"xoxb-", nil, (*Workspace).viewsPublish},
	"files.getUploadURLExternal":   {"xoxb-", []string{"files:write"}, (*Workspace).uploadURL},
	"files.completeUploadExternal": {"xoxb-", []string{"files:write"}, (*Workspace).completeUpload},
	"files.info":                   {"xoxb-", []string{"files:read"}, (*Workspace).fileInfo},
	"users.info":                   {"xoxb-", []string{"users:read"}, (*Workspace).userInfo},
	"users.list":                   {"xoxb-", []string{"users:read"}, (*Workspace).userList},
	"conversations.open":           {"xoxb-", []string{"im:write"}, (*Workspace).openDirect},
	"conversations.list":           {"xoxb-", nil, (*Workspace).channelList},
	"conversations.info":           {"xoxb-", nil, (*Workspace).channelInfo},
	"conversations.history":        {"xoxb-", nil, (*Workspace).channelHistory},
	"conversations.replies":        {"xoxb-", nil, (*Workspace).channelReplies},
}

// refusal is an error that the app gets as {"ok":false}.
type refusal struct {
	code string
	more map[string]any
}

func (r *refusal) Error() string { return r.code }

func refuse(code string) error { return &refusal{code: code} }

func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request, name string) {
	m, ok := methods[name]
	if !ok {
		answer(rw, http.StatusOK, failed(refuse("unknown_method")))
		return
	}
	r.Body = http.MaxBytesReader(rw, r.Body, maxCall)
	a, err := readArgs(r)
	if err != nil {
		answer(rw, http.StatusOK, failed(err))
		return
	}
	w.mu.Lock()
	res, err := w.carryOut(m, r.Header.Get("Authorization"), a)
	w.mu.Unlock()
	if err != nil {
		answer(rw, http.StatusOK, failed(err))
		return
	}
	if res["ok"] == nil {
		res["ok"] = true
	}
	answer(rw, http.StatusOK, res)
}

func (w *Workspace) carryOut(m method, authorization string, a args) (result, error) {
	if err := w.authorize(m, authorization, a); err != nil {
		return nil, err
	}
	return m.call(w, a)
}

// authorize checks token and scopes. A bot's token may stand in the header or in the form, the app's own token in the header alone.
func (w *Workspace) authorize(m method, authorization string, a args) error {
	if m.token == "" {
		return nil
	}
	tok, inHeader := strings.CutPrefix(authorization, "Bearer ")
	if !inHeader {
		tok = a["token"]
	}
	switch {
	case tok == "", m.token == "xapp-" && !inHeader:
		return refuse("not_authed")
	case tok != w.botTok && tok != w.appTok:
		return refuse("invalid_auth")
	case !strings.HasPrefix(tok, m.token):
		return refuse("not_allowed_token_type")
	case !w.app.allows(m.scopes):
		return w.missing(m.scopes...)
	}
	return nil
}

func (w *Workspace) missing(scopes ...string) error {
	return &refusal{"missing_scope", map[string]any{"needed": strings.Join(scopes, ","), "provided": strings.Join(w.app.scopes, ",")}}
}

func failed(err error) map[string]any {
	body := map[string]any{"error": "internal_error"}
	var r *refusal
	if errors.As(err, &r) {
		body["error"] = r.code
		for k, v := range r.more {
			body[k] = v
		}
	}
	body["ok"] = false
	return body
}

func answer(rw http.ResponseWriter, status int, body map[string]any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	rw.Write(encode(body)) // the client may have gone; nobody is left to tell
}

// readArgs reads the arguments from a JSON body, or from the query and a form.
func readArgs(r *http.Request) (args, error) {
	a := args{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // a call without a body has none
	if kind == "application/json" {
		return a, a.readJSON(r.Body)
	}
	parse := r.ParseForm
	if kind == "multipart/form-data" {
		parse = func() error { return r.ParseMultipartForm(maxCall) }
	}
	if parse() != nil {
		return nil, refuse("invalid_form_data")
	}
	for k, v := range r.Form {
		a[k] = v[0]
	}
	return a, nil
}

func (a args) readJSON(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return refuse("invalid_json")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return refuse("invalid_json")
	}
	delete(fields, "token") // Slack reads the token of a JSON call from the header alone
	for k, v := range fields {
		var s string
		switch {
		case string(v) == "null":
		case json.Unmarshal(v, &s) == nil:
			a[k] = s
		default:
			a[k] = string(v)
		}
	}
	return nil
}

func (a args) yes(name string) bool { return a[name] == "true" || a[name] == "1" }

func (w *Workspace) authTest(args) (result, error) {
	return result{
		"url": w.base + "/", "team": w.app.name, "user": w.app.botName,
		"team_id": w.o.TeamID, "user_id": w.bot, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}

var judges = []struct {
	argument string
	judge    func(json.RawMessage) []Problem
}{
	{"blocks", validateMessageBlocks},
	{"view", validateView},
	{"message", validatePayload},
}

// blocksValidate judges one of the arguments blocks, view and message without posting anything.
func (w *Workspace) blocksValidate(a args) (result, error) {
	for _, by := range judges {
		if raw, given := a[by.argument]; given {
			return result(validateAnswer(by.judge(json.RawMessage(raw)))), nil
		}
	}
	return nil, &refusal{"invalid_arguments", map[string]any{
		"response_metadata": map[string]any{"messages": []string{"[ERROR] one of blocks, view and message is required"}},
	}}
}
