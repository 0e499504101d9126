package app

import _ "embed"

// demoConfig is the demo's invented business.
//
//go:embed demo.toml
var demoConfig []byte
