package app

import (
	"bytes"
	_ "embed"
	"slices"
)

// demoConfig is the demo's invented business.
//
//go:embed demo.toml
var demoConfig []byte

// storyTasks are what that business has koira do in the story, instead of what demo.toml names.
//
//go:embed story_tasks.toml
var storyTasks []byte

// storyConfig is the demo's business with the story's tasks.
func storyConfig() []byte {
	business, rest, _ := bytes.Cut(demoConfig, []byte("[[tasks]]"))
	_, rules, _ := bytes.Cut(rest, []byte("\n[guardrails]\n"))
	return slices.Concat(business, storyTasks, []byte("\n[guardrails]\n"), rules)
}
