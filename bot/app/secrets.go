package app

import (
	"fmt"
	"os"
	"strings"

	"koira/engine"
)

// Env looks up an environment variable: os.LookupEnv, from main.
type Env func(name string) (string, bool)

// Names of the secrets that are not named in the config file.
const (
	SlackBotToken = "SLACK_BOT_TOKEN"
	SlackAppToken = "SLACK_APP_TOKEN"
	ModelKey      = "KOIRA_MODEL_KEY"
)

// Has reports whether NAME or NAME_FILE is set, whether or not it can be read.
func (e Env) Has(name string) bool {
	for _, n := range []string{name, name + "_FILE"} {
		if v, ok := e(n); ok && v != "" {
			return true
		}
	}
	return false
}

// Secret reads the secret NAME from the environment, or from the file that NAME_FILE names. Code invalid when neither is set.
func (e Env) Secret(name string) (engine.Secret, error) {
	if v, ok := e(name); ok && v != "" {
		return engine.Secret(v), nil
	}
	path, ok := e(name + "_FILE")
	if !ok || path == "" {
		return "", engine.Errorf(engine.CodeInvalid, "The secret %s is not set. Put it into the environment, or its file's path into %s_FILE.", name, name)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", &engine.Error{Code: engine.CodeInvalid, Message: fmt.Sprintf("The file that %s_FILE names cannot be read.", name), Err: err}
	}
	s := strings.TrimSpace(string(b))
	if s == "" {
		return "", engine.Errorf(engine.CodeInvalid, "The file that %s_FILE names is empty.", name)
	}
	return engine.Secret(s), nil
}
