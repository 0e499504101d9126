package workspace

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// partsOf asks for the regions that changed since have, by id.
func partsOf(t *testing.T, h http.Handler, query, have string) (changed map[string]part, digests string) {
	t.Helper()
	rec := get(h, "/parts?"+query+"&have="+url.QueryEscape(have), nil)
	var got struct{ Parts []part }
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err, rec.Body)
	}
	changed = map[string]part{}
	var all []string
	for _, p := range got.Parts {
		changed[p.ID] = p
		all = append(all, p.ID+"."+p.Digest)
	}
	return changed, strings.Join(all, ",")
}

func TestPartsSendOnlyWhatChanged(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	first, have := partsOf(t, h, "channel=C000000001", "")
	if len(first) != len(partDrawers) {
		t.Fatalf("the first answer has %d regions, want all %d", len(first), len(partDrawers))
	}
	if again, _ := partsOf(t, h, "channel=C000000001", have); len(again) != 0 {
		t.Errorf("nothing changed, but %d regions came", len(again))
	}
	w.put("C000000001", Message{Text: "news"})
	changed, _ := partsOf(t, h, "channel=C000000001", have)
	if _, ok := changed["stream"]; !ok || !strings.Contains(string(changed["stream"].HTML), "news") {
		t.Error("the new message did not come")
	}
	if _, ok := changed["clock"]; ok {
		t.Error("the clock came although it stands")
	}
}

func TestThreadStandsBesideItsChannel(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	ts := w.put("C000000001", Message{Text: "the card"})
	w.put("C000000001", Message{Text: "its details", ThreadTS: ts})
	w.put("C000000001", Message{Text: "psst", ThreadTS: ts, Ephemeral: "U0MARI0001"})
	shut, _ := partsOf(t, h, "as=U0MARI0001&channel=C000000001", "")
	if s := string(shut["stream"].HTML); strings.Contains(s, "its details") || strings.Contains(s, "psst") || !strings.Contains(s, "1 message in the thread, last today 09:41") {
		t.Errorf("the channel shows the thread itself, or does not say that there is one:\n%s", s)
	}
	if shut["thread"].HTML != "" {
		t.Error("a thread is open that nobody opened")
	}
	if old, _ := partsOf(t, h, "as=U0MARI0001&channel=C000000001&thread=1.2", ""); old["thread"].HTML != "" {
		t.Error("a thread that is not there covers the messages")
	}
	open, _ := partsOf(t, h, "as=U0MARI0001&channel=C000000001&thread="+ts, "")
	for _, want := range []string{"the card", "its details", "psst"} {
		if !strings.Contains(string(open["thread"].HTML), want) {
			t.Errorf("the thread lacks %q", want)
		}
	}
}

func TestLongChannelsBeginNearTheirEnd(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	for range shownNow {
		w.put("C000000001", Message{Text: "later"})
	}
	if s, _ := partsOf(t, h, "channel=C000000001", ""); strings.Contains(string(s["stream"].HTML), "Show earlier") {
		t.Error("a channel that fits offers earlier messages")
	}
	w.put("C000000001", Message{Text: "last"})
	s, _ := partsOf(t, h, "channel=C000000001", "")
	stream := string(s["stream"].HTML)
	if n := strings.Count(stream, "data-ts="); n != shownNow || !strings.Contains(stream, `&amp;show=260" data-go="" class="earlier">Show earlier messages (1 more)`) || !strings.Contains(stream, ">last<") {
		t.Errorf("%d messages are shown, want the last %d and a link to the first", n, shownNow)
	}
	all, _ := partsOf(t, h, "channel=C000000001&show=500", "")
	if n := strings.Count(string(all["stream"].HTML), "data-ts="); n != shownNow+1 {
		t.Errorf("%d messages are shown when asked for all %d", n, shownNow+1)
	}
}

func TestHomeIsDrawnOrSaysWhatIsMissing(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	if s, _ := partsOf(t, h, "as=U0MARI0001&channel=home", ""); !strings.Contains(string(s["stream"].HTML), "has drawn nothing here yet") {
		t.Error("an empty Home does not say so")
	}
	w.mu.Lock()
	w.homes["U0MARI0001"] = &window{View: View{ID: "V7", Raw: json.RawMessage(`{"type":"home","blocks":[{"type":"header","text":{"type":"plain_text","text":"Running"}}]}`)}}
	w.mu.Unlock()
	s, _ := partsOf(t, h, "as=U0MARI0001&channel=home", "")
	if got := string(s["stream"].HTML); !strings.Contains(got, "<h3>Running</h3>") || !strings.Contains(got, `data-view="V7"`) {
		t.Errorf("the Home is not drawn in\n%s", got)
	}
	if s, _ := partsOf(t, h, "as=U0TOMI0001&channel=home", ""); strings.Contains(string(s["stream"].HTML), "Running") {
		t.Error("Tomi sees Mari's Home")
	}
}

func TestFilesCannotRun(t *testing.T) {
	cases := map[string]struct{ content, kind, disposition string }{
		"picture":               {"\x89PNG\r\n\x1a\n....", "image/png", ""},
		"text":                  {"Rye bread", "text/plain; charset=utf-8", ""},
		"page":                  {"<!doctype html><script>alert(1)</script>", "application/octet-stream", "attachment"},
		"drawing with a script": {`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "application/octet-stream", "attachment"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, h := pageOf(t, nil, nil)
			w.mu.Lock()
			w.files.put("F1", &upload{File: File{ID: "F1"}, content: []byte(c.content)})
			w.mu.Unlock()
			head := get(h, "/file/F1", nil).Header()
			if head.Get("Content-Type") != c.kind || head.Get("Content-Disposition") != c.disposition || !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || head.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("served as %v", head)
			}
		})
	}
	_, h := pageOf(t, nil, nil)
	if code := get(h, "/file/F9", nil).Code; code != http.StatusNotFound {
		t.Errorf("a file that is not there answers %d", code)
	}
}

func TestMessagesShowTheirFiles(t *testing.T) {
	w, h := pageOf(t, nil, nil)
	w.mu.Lock()
	w.files.put("F2", &upload{File: File{ID: "F2"}, content: []byte(strings.Repeat("one <line>\n", previewLines+5))})
	w.mu.Unlock()
	w.put("C000000001", Message{Files: []File{
		{ID: "F1", Name: "week.png", MIME: "image/png", AltText: "12 weeks", Size: 1100}, {ID: "F2", Title: "The piece", MIME: "text/plain", URL: "http://127.0.0.1:8080/files/F2/p.txt"},
	}})
	s, _ := partsOf(t, h, "channel=C000000001", "")
	stream := string(s["stream"].HTML)
	for _, want := range []string{`<img src="/file/F1" alt="12 weeks"`, `>week.png</a>`, `1.1 kB`, `href="http://127.0.0.1:8080/files/F2/p.txt"`, `>The piece</a>`} {
		if !strings.Contains(stream, want) {
			t.Errorf("no %s in\n%s", want, stream)
		}
	}
	if n := strings.Count(stream, "one &lt;line&gt;"); n != previewLines {
		t.Errorf("the preview has %d lines, want %d", n, previewLines)
	}
}
