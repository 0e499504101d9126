package workspace

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestRefusedCalls(t *testing.T) {
	long := strings.Repeat("ä", 4001)
	cases := map[string]struct {
		method string
		args   url.Values
		want   string
	}{
		"unknown method":         {"chat.shout", nil, "unknown_method"},
		"unknown channel":        {"chat.postMessage", url.Values{"channel": {"C999999999"}, "text": {"x"}}, "channel_not_found"},
		"nothing said":           {"chat.postMessage", url.Values{"channel": {shop}}, "no_text"},
		"empty list of blocks":   {"chat.postMessage", url.Values{"channel": {shop}, "blocks": {"[]"}}, "no_text"},
		"unknown thread":         {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "thread_ts": {"1.000000"}}, "thread_not_found"},
		"unknown block":          {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "blocks": {`[{"type":"sektion"}]`}}, "invalid_blocks"},
		"broken blocks":          {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "blocks": {`[{`}}, "invalid_blocks_format"},
		"attachments":            {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "attachments": {`[{"text":"y"}]`}}, "invalid_attachments"},
		"metadata not JSON":      {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "metadata": {`{`}}, "invalid_metadata_format"},
		"metadata without type":  {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "metadata": {`{"event_payload":{"a":1}}`}}, "invalid_metadata_schema"},
		"metadata too large":     {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "metadata": {`{"event_type":"a","event_payload":{"a":"` + strings.Repeat("x", 8000) + `"}}`}}, "metadata_too_large"},
		"update of nothing":      {"chat.update", url.Values{"channel": {shop}, "ts": {"1.000000"}, "text": {"x"}}, "message_not_found"},
		"update with long text":  {"chat.update", url.Values{"channel": {shop}, "ts": {"THE TS"}, "text": {long}}, "msg_too_long"},
		"update with nothing":    {"chat.update", url.Values{"channel": {shop}, "ts": {"THE TS"}}, "no_text"},
		"delete of nothing":      {"chat.delete", url.Values{"channel": {shop}, "ts": {"1.000000"}}, "message_not_found"},
		"link to nothing":        {"chat.getPermalink", url.Values{"channel": {shop}, "message_ts": {"1.000000"}}, "message_not_found"},
		"ephemeral for nobody":   {"chat.postEphemeral", url.Values{"channel": {shop}, "user": {"U0NOBODY"}, "text": {"x"}}, "user_not_in_channel"},
		"ephemeral in their DM":  {"chat.postEphemeral", url.Values{"channel": {dmari}, "user": {tomi}, "text": {"x"}}, "user_not_in_channel"},
		"unknown person":         {"users.info", url.Values{"user": {"U0NOBODY"}}, "user_not_found"},
		"unknown file":           {"files.info", url.Values{"file": {"F0NOTHING0"}}, "file_not_found"},
		"history of nothing":     {"conversations.history", url.Values{"channel": {"C999999999"}}, "channel_not_found"},
		"history of a DM":        {"conversations.history", url.Values{"channel": {dmari}}, "missing_scope"},
		"replies to nothing":     {"conversations.replies", url.Values{"channel": {shop}, "ts": {"1.000000"}}, "thread_not_found"},
		"wrong cursor":           {"conversations.history", url.Values{"channel": {shop}, "cursor": {"x"}}, "invalid_cursor"},
		"publish to nobody":      {"views.publish", url.Values{"user_id": {"U0NOBODY"}}, "user_not_found"},
		"validate nothing":       {"blocks.validate", nil, "invalid_arguments"},
		"validate a bad block":   {"blocks.validate", url.Values{"blocks": {`[{"type":"sektion"}]`}}, "invalid_blocks"},
		"unknown file in blocks": {"chat.postMessage", url.Values{"channel": {shop}, "text": {"x"}, "blocks": {`[{"type":"image","alt_text":"a","slack_file":{"id":"F0NOTHING0"}}]`}}, "invalid_blocks"},
	}
	inBubble(t, func(t *testing.T, b *bench) {
		ts := b.post(slack.MsgOptionText("", false), slack.MsgOptionBlocks(slack.NewDividerBlock()))
		for name, c := range cases {
			args := url.Values{"token": {b.BotToken()}}
			for k, v := range c.args {
				args[k] = v
				if v[0] == "THE TS" {
					args.Set(k, ts)
				}
			}
			got := b.call(t, c.method, args)
			if got["ok"] != false || got["error"] != c.want {
				t.Errorf("%s: got %v, want %s", name, got, c.want)
			}
		}
		if n := len(b.Messages(shop)); n != 1 {
			t.Errorf("refused calls left %d messages", n)
		}
	})
}

// call posts a form and returns the answer.
func (b *bench) call(t *testing.T, method string, args url.Values) map[string]any {
	t.Helper()
	resp, err := b.http.PostForm(PipeURL+"/api/"+method, args)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTokens(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		bot, app := b.BotToken(), b.AppToken()
		cases := map[string]struct {
			method, header, form, want string
		}{
			"bot token in the form":             {"auth.test", "", bot, ""},
			"bot token in the header":           {"auth.test", bot, "", ""},
			"no token":                          {"auth.test", "", "", "not_authed"},
			"foreign token":                     {"auth.test", "", "xoxb-1", "invalid_auth"},
			"app token for a bot's method":      {"auth.test", app, "", "not_allowed_token_type"},
			"app token in the header":           {"apps.connections.open", app, "", ""},
			"app token in the form":             {"apps.connections.open", "", app, "not_authed"},
			"bot token to open a connection":    {"apps.connections.open", bot, "", "not_allowed_token_type"},
			"no token is needed for validating": {"blocks.validate", "", "", "invalid_arguments"},
		}
		for name, c := range cases {
			body := url.Values{}
			if c.form != "" {
				body.Set("token", c.form)
			}
			req, err := http.NewRequest(http.MethodPost, PipeURL+"/api/"+c.method, strings.NewReader(body.Encode()))
			b.must(err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.header != "" {
				req.Header.Set("Authorization", "Bearer "+c.header)
			}
			resp, err := b.http.Do(req)
			b.must(err)
			var got struct{ Error string }
			b.must(json.NewDecoder(resp.Body).Decode(&got))
			resp.Body.Close()
			if got.Error != c.want {
				t.Errorf("%s: got error %q, want %q", name, got.Error, c.want)
			}
		}
	})
}

func TestMissingScopeNamesWhatIsNeededAndProvided(t *testing.T) {
	o := benchOptions()
	o.Manifest = []byte(`{"oauth_config":{"scopes":{"bot":["commands","users:read"]}}}`)
	ln := NewPipeListener()
	b, stop := start(t, ln, PipeURL, ln.Client(), ln.Dialer(), o)
	defer stop()
	_, _, err := b.api.PostMessageContext(t.Context(), shop, slack.MsgOptionText("x", false))
	var refused slack.SlackErrorResponse
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	if refused.Err != "missing_scope" || refused.Needed != "chat:write" || refused.Provided != "commands,users:read" {
		t.Errorf("got %+v", refused)
	}
	if _, err := b.api.GetUserInfoContext(t.Context(), mari); err != nil {
		t.Errorf("users.info, which is within the scopes: %v", err)
	}
}

func TestInvalidBlocksReachSlackGoInSlacksShape(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		_, _, err := b.api.PostMessageContext(t.Context(), shop, slack.MsgOptionText("x", false), rawBlocks(t, `[{"type":"image","slack_file":{"id":"F0NOTHING0"},"alt_text":"a"}]`))
		var refused slack.SlackErrorResponse
		if !errors.As(err, &refused) {
			t.Fatalf("got %v", err)
		}
		want := []string{"[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"}
		if d := cmp.Diff(want, refused.ResponseMetadata.Messages); refused.Err != "invalid_blocks" || d != "" {
			t.Errorf("got %s %s", refused.Err, d)
		}
	})
}

func TestTokenInAJSONBodyIsNotRead(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		resp, err := b.http.Post(PipeURL+"/api/auth.test", "application/json", strings.NewReader(`{"token":"`+b.BotToken()+`"}`))
		b.must(err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		b.must(err)
		if !strings.Contains(string(body), "not_authed") {
			t.Errorf("got %s", body)
		}
	})
}

func TestSameSeedSameTokens(t *testing.T) {
	first, err := New(benchOptions())
	if err != nil {
		t.Fatal(err)
	}
	second, err := New(benchOptions())
	if err != nil {
		t.Fatal(err)
	}
	o := benchOptions()
	o.Seed = 2
	third, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if first.BotToken() != second.BotToken() || first.BotToken() == third.BotToken() {
		t.Errorf("got %s, %s, %s", first.BotToken(), second.BotToken(), third.BotToken())
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	cases := map[string]func(*Options){
		"no clock":                 func(o *Options) { o.Wall = nil },
		"manifest is not JSON":     func(o *Options) { o.Manifest = []byte("name: x") },
		"two people with one id":   func(o *Options) { o.People[1].ID = o.People[0].ID },
		"person without a name":    func(o *Options) { o.People[0].Name = "" },
		"two channels of one name": func(o *Options) { o.Channels = []string{"a", "a"} },
		"channel with its sign":    func(o *Options) { o.Channels = []string{"#a"} },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			o := benchOptions()
			spoil(&o)
			if _, err := New(o); err == nil {
				t.Error("took it")
			}
		})
	}
}

func TestPeopleAndChannels(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		u, err := b.api.GetUserInfoContext(t.Context(), tomi)
		b.must(err)
		if u.Name != "tomi" || !u.IsRestricted || u.TeamID != "T0OTHER001" || !u.IsStranger {
			t.Errorf("got %+v", u)
		}
		all, err := b.api.GetUsersContext(t.Context())
		b.must(err)
		if len(all) != 3 || !all[0].IsBot || all[0].ID != b.BotUserID() {
			t.Errorf("got %d users, the first %+v", len(all), all[0])
		}
		channels, _, err := b.api.GetConversationsContext(t.Context(), &slack.GetConversationsParameters{})
		b.must(err)
		if len(channels) != 2 || channels[0].ID != shop || channels[0].Name != "shop" || !channels[0].IsMember {
			t.Errorf("got %+v", channels)
		}
		dm, _, _, err := b.api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{mari}, ReturnIM: true})
		b.must(err)
		if dm.ID != dmari || !dm.IsIM || dm.User != mari {
			t.Errorf("got %+v", dm)
		}
		channel, _, err := b.api.PostMessageContext(t.Context(), mari, slack.MsgOptionText("for you", false))
		b.must(err)
		if channel != dmari || len(b.Messages(dmari)) != 1 {
			t.Errorf("posting to a user went to %s", channel)
		}
		if d := cmp.Diff([]Channel{{shop, "shop", ""}, {"C000000002", "news", ""}, {dmari, "mari", mari}, {"D0TOMI0001", "tomi", tomi}}, b.Channels()); d != "" {
			t.Error(d)
		}
	})
}

func TestInjectedFaults(t *testing.T) {
	say := func(b *bench) error {
		_, _, err := b.api.PostMessageContext(b.t.Context(), shop, slack.MsgOptionText("x", false))
		return err
	}
	inBubble(t, func(t *testing.T, b *bench) {
		b.SetFaults(Faults{RateLimit: map[string]int{"chat.postMessage": 2}, RetryAfter: 7 * time.Second})
		var limited *slack.RateLimitedError
		for range 2 {
			if err := say(b); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
				t.Errorf("got %v", err)
			}
		}
		b.must(say(b))
		if left := b.Faults().RateLimit["chat.postMessage"]; left != 0 {
			t.Errorf("%d left", left)
		}

		b.SetFaults(Faults{ServerError: map[string]int{"*": 1}})
		var status slack.StatusCodeError
		if err := say(b); !errors.As(err, &status) || status.Code != 503 {
			t.Errorf("got %v", err)
		}
		if n := len(b.Messages(shop)); n != 1 {
			t.Errorf("%d messages; spoiled calls must not be carried out", n)
		}

		b.SetFaults(Faults{DropReply: map[string]int{"chat.postMessage": 1}})
		if err := say(b); err == nil || !errors.Is(err, io.EOF) {
			t.Errorf("got %v, want a cut connection", err)
		}
		if n := len(b.Messages(shop)); n != 2 {
			t.Errorf("%d messages; a call with a lost answer is carried out", n)
		}

		b.SetFaults(Faults{Slow: map[string]time.Duration{"chat.postMessage": 20 * time.Second}})
		began := time.Now()
		b.must(say(b))
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
