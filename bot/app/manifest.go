package app

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

// manifest is the Slack app's manifest: Socket Mode, three commands, buttons, App Home, and the least scopes that the bot works with.
//
//go:embed manifest.json
var manifest []byte

// Manifest returns the Slack app manifest as JSON, indented, with a line end.
func Manifest() []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, manifest, "", "  "); err != nil {
		panic(err) // the file is embedded, and a test reads it
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n')
}
