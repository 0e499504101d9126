package engine

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretNeverShows(t *testing.T) {
	const canary = "sk-canary-7f3a"
	s := Secret(canary)
	holder := struct {
		Key   Secret
		Keys  []Secret
		Named map[string]Secret
		Ptr   *Secret
	}{s, []Secret{s}, map[string]Secret{"model": s}, &s}

	shown := map[string]string{}
	for _, verb := range "vsqxXdobcUeEfFgGt" {
		for _, flag := range []string{"", "+", "#", " ", "-20", "020", ".3"} {
			f := "%" + flag + string(verb)
			shown["fmt "+f] = fmt.Sprintf(f, s)
			shown["fmt of a pointer "+f] = fmt.Sprintf(f, &s)
			shown["fmt of a struct "+f] = fmt.Sprintf(f, holder)
		}
	}
	shown["print"] = fmt.Sprint(s, holder)
	shown["error"] = fmt.Errorf("refused: %w, %v", fmt.Errorf("with %s", s), s).Error()
	shown["string"], shown["go string"] = s.String(), s.GoString()

	j, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(j)
	x, err := xml.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	shown["xml"] = string(x)

	var log bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		l.Info("key", "key", s, "holder", holder, "group", slog.GroupValue(slog.Any("key", s)))
	}
	shown["log"] = log.String()

	for how, text := range shown {
		if leaks(text, canary) {
			t.Errorf("%s shows the secret: %s", how, text)
		}
	}
	if s.Reveal() != canary {
		t.Errorf("Reveal() = %q", s.Reveal())
	}
}

// leaks looks for the canary itself, in hex, and as the decimal or octal codes that %d and %o print.
func leaks(text, canary string) bool {
	forms := []string{canary}
	for _, verb := range []string{"%x", "%X", "% x", "% X", "%d", "%o", "%b"} {
		forms = append(forms, strings.Trim(fmt.Sprintf(verb, []byte(canary)), "[]"))
	}
	for _, f := range forms {
		if strings.Contains(text, f) {
			return true
		}
	}
	return false
}
