package engine

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a key, token or password. Whatever prints, logs or encodes one gets "***"; only Reveal gives the text. Keep it in exported
// fields or in closures: fmt reads an unexported field without asking its methods, so a struct that hides a Secret must never be printed.
// Nor may it be the key of a map: encoding/json writes keys of a string type as they are.
type Secret string

const masked = "***"

// Reveal returns the secret itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string   { return masked }
func (s Secret) GoString() string { return masked }

// Format masks s under every verb, also those that skip String, such as %x and %d.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }
func (s Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(masked) }
