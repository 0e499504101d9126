package workspace

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// shareDelay is how long Slack works on a completed upload before the file is ready and stands in its channel.
const shareDelay = time.Second

// upload is a file from the moment its address was asked for.
type upload struct {
	File
	created int64
	content []byte // nil until it arrived
	done    bool   // completed and worked on
	shares  []share
}

// share is a place where a file stands.
type share struct {
	room    *room
	message *Message
}

// mimeTypes is a table of our own, so that no installed one decides.
var mimeTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".svg": "image/svg+xml",
	".txt": "text/plain", ".md": "text/plain", ".csv": "text/csv", ".html": "text/html", ".json": "application/json", ".pdf": "application/pdf",
}

func mimeOf(name string) string {
	if t, ok := mimeTypes[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

func (w *Workspace) uploadURL(a args) (result, error) {
	length, err := strconv.Atoi(a["length"])
	if a["filename"] == "" || err != nil || length <= 0 {
		return nil, refuse("invalid_arguments")
	}
	if length > maxBytes {
		return nil, refuse("file_upload_size_restricted")
	}
	f := &upload{created: w.o.Stamp().Unix(), File: File{
		ID: w.id("F"), Name: path.Base(a["filename"]), Title: a["filename"], MIME: mimeOf(a["filename"]), AltText: a["alt_txt"], Size: length,
	}}
	f.URL = w.base + "/files/" + f.ID + "/" + url.PathEscape(f.Name)
	token := w.letters(24)
	w.files.put(f.ID, f)
	w.uploads.put(token, f.ID)
	return result{"upload_url": w.base + "/upload/" + token, "file_id": f.ID}, nil
}

// serveUpload takes a file's bytes, as a form's "file" or as the whole body. The address works once.
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, maxBytes)
	var body io.Reader = r.Body
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		form, _, err := r.FormFile("file")
		if err != nil {
			http.Error(rw, "no file", http.StatusBadRequest)
			return
		}
		defer form.Close()
		body = form
	}
	content, err := io.ReadAll(body)
	if err != nil {
		http.Error(rw, "cut short", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	id, ok := w.uploads.get(r.PathValue("token"))
	f, known := w.files.get(id)
	if !ok || !known {
		http.Error(rw, "no such upload", http.StatusNotFound)
		return
	}
	w.uploads.drop(r.PathValue("token"))
	f.content, f.Size = content, len(content)
	io.WriteString(rw, "OK - "+strconv.Itoa(len(content)))
}

// completeUpload ends uploads. The files are ready, and stand in their channel, a moment after the answer.
func (w *Workspace) completeUpload(a args) (result, error) {
	var asked []struct{ ID, Title string }
	if json.Unmarshal([]byte(a["files"]), &asked) != nil || len(asked) == 0 {
		return nil, refuse("invalid_arguments")
	}
	var files []*upload
	for _, ask := range asked {
		f, ok := w.files.get(ask.ID)
		if !ok || f.content == nil {
			return nil, refuse("file_not_found")
		}
		if ask.Title != "" {
			f.Title = ask.Title
		}
		files = append(files, f)
	}
	rooms, err := w.shareTargets(a)
	if err != nil {
		return nil, err
	}
	c, err := w.read(args{"text": a["initial_comment"], "blocks": a["blocks"]})
	if err != nil {
		return nil, err
	}
	w.after(shareDelay, func() { w.shareFiles(files, rooms, a["thread_ts"], c) })
	out := make([]result, len(files))
	for i, f := range files {
		out[i] = w.wireFile(f)
	}
	return result{"files": out}, nil
}

func (w *Workspace) shareTargets(a args) ([]*room, error) {
	var rooms []*room
	for _, id := range slices.Concat([]string{a["channel_id"]}, strings.Split(a["channels"], ",")) {
		if id == "" {
			continue
		}
		r, err := w.target(id)
		if err == nil {
			err = w.enter(r)
		}
		if err != nil {
			return nil, err
		}
		if ts := a["thread_ts"]; ts != "" && r.find(ts) == nil {
			return nil, refuse("thread_not_found")
		}
		rooms = append(rooms, r)
	}
	return rooms, nil
}

func (w *Workspace) shareFiles(files []*upload, rooms []*room, thread string, c content) {
	for _, r := range rooms {
		m := &Message{Channel: r.ID, User: w.bot, Text: c.text, Blocks: c.blocks, ThreadTS: thread}
		for _, f := range files {
			m.Files = append(m.Files, f.File)
			f.shares = append(f.shares, share{r, m})
		}
		w.post(r, m)
	}
	for _, f := range files {
		f.done = true
	}
}

func (w *Workspace) fileInfo(a args) (result, error) {
	f, ok := w.files.get(a["file"])
	if !ok || f.content == nil {
		return nil, refuse("file_not_found")
	}
	return result{"file": w.wireFile(f), "comments": []result{}}, nil
}

// serveFile serves a file without a token: its id is not to be guessed, and the page shows it as an image.
func (w *Workspace) serveFile(rw http.ResponseWriter, r *http.Request) {
	content, ok := w.FileBytes(r.PathValue("id"))
	if !ok {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", mimeOf(r.PathValue("name")))
	rw.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	rw.Write(content)
}

func (w *Workspace) wireFile(f *upload) result {
	mime := f.MIME
	if !f.done { // Slack finds out only while it works on the file
		mime = ""
	}
	_, kind, _ := strings.Cut(mime, "/")
	out := result{
		"id": f.ID, "created": f.created, "timestamp": f.created, "name": f.Name, "title": f.Title, "mimetype": mime, "filetype": kind,
		"user": w.bot, "size": f.Size, "mode": "hosted", "is_external": false, "alt_txt": f.AltText,
		"url_private": f.URL, "url_private_download": f.URL, "permalink": f.URL,
	}
	public, private := result{}, result{}
	for _, s := range f.shares {
		to := public
		if s.room.User != "" {
			to = private
		}
		to[s.room.ID] = []result{{"ts": s.message.TS, "thread_ts": s.message.ThreadTS, "channel_name": s.room.Name, "team_id": w.o.TeamID}}
	}
	if len(f.shares) > 0 {
		out["shares"] = result{"public": public, "private": private}
	}
	return out
}
