package workspace

import (
	"bytes"
	"io"
	"testing"

	"github.com/slack-go/slack"
)

func TestUploadedFileIsSharedAMomentLater(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		parent := b.post(slack.MsgOptionText("draft", false))
		content := "visits,12\n"
		f, err := b.api.UploadFileContext(t.Context(), slack.UploadFileParameters{
			Filename: "week.csv", FileSize: len(content), Content: content, Title: "Week", AltTxt: "12 visits", Channel: shop,
			ThreadTimestamp: parent, InitialComment: "the chart",
		})
		b.must(err)
		if n := len(b.Thread(shop, parent)); n != 1 || b.Quiet() {
			t.Errorf("%d messages at once, quiet %v", n, b.Quiet())
		}
		info, _, _, err := b.api.GetFileInfoContext(t.Context(), f.ID, 0, 0)
		b.must(err)
		if len(info.Shares.Public) != 0 {
			t.Error("shared at once")
		}
		image := rawBlocks(t, `[{"type":"image","alt_text":"a","slack_file":{"id":"`+f.ID+`"}}]`)
		_, _, err = b.api.PostMessageContext(t.Context(), shop, slack.MsgOptionText("x", false), image)
		b.refused(err, "invalid_blocks")

		settle(shareDelay)
		all := b.Thread(shop, parent)
		if len(all) != 2 || all[1].Text != "the chart" || len(all[1].Files) != 1 || all[1].Files[0].AltText != "12 visits" || all[1].Files[0].Title != "Week" {
			t.Fatalf("got %+v", all)
		}
		info, _, _, err = b.api.GetFileInfoContext(t.Context(), f.ID, 0, 0)
		b.must(err)
		if s := info.Shares.Public[shop]; len(s) != 1 || s[0].Ts != all[1].TS || s[0].ThreadTs != parent || info.Mimetype != "text/csv" {
			t.Errorf("got %+v", info)
		}
		b.post(slack.MsgOptionText("x", false), image)

		var got bytes.Buffer
		b.must(b.api.GetFileContext(t.Context(), info.URLPrivate, &got))
		if got.String() != content {
			t.Errorf("got %q", got.String())
		}
		if raw, ok := b.FileBytes(f.ID); !ok || string(raw) != content {
			t.Errorf("got %q", raw)
		}
		if !b.Quiet() {
			t.Error("not quiet after the share")
		}
	})
}

func TestUploadAddressWorksOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		up, err := b.api.GetUploadURLExternalContext(t.Context(), slack.GetUploadURLExternalParameters{FileName: "a.png", FileSize: 3})
		b.must(err)
		_, err = b.api.CompleteUploadExternalContext(t.Context(), slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: up.FileID}}, Channel: shop})
		b.refused(err, "file_not_found")
		send := func() (int, string) {
			resp, err := b.http.Post(up.UploadURL, "application/octet-stream", bytes.NewBufferString("abc"))
			b.must(err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			b.must(err)
			return resp.StatusCode, string(body)
		}
		if status, body := send(); status != 200 || body != "OK - 3" {
			t.Errorf("got %d %q", status, body)
		}
		if status, _ := send(); status != 404 {
			t.Errorf("the second upload got %d", status)
		}
		_, err = b.api.CompleteUploadExternalContext(t.Context(), slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: up.FileID}}, Channel: "C9"})
		b.refused(err, "channel_not_found")
	})
}
