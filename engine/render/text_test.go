package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"composed":                    {"Leipa\u0308", "Leipä"},
		"composed once nothing hides": {"Leipa\u200b\u0308", "Leipä"},
		"line breaks":                 {"a\r\nb\rc", "a\nb\nc"},
		"direction":                   {"a\u202eb", "ab"},
		"compatibility forms stay":    {"½ ﬁ ™", "½ ﬁ ™"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if d := cmp.Diff([]string{"zero-width space U+200B"}, Hidden("a\u200bb")); d != "" {
		t.Error(d)
	}
}

func TestCleanTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Clean(rapid.String().Draw(t, "s"))
		if twice := Clean(once); twice != once {
			t.Fatalf("%q becomes %q", once, twice)
		}
	})
}

func TestGraphemes(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want int
	}{
		"nothing": {"", 0}, "letters": {"Leipä", 5}, "decomposed": {"Leipa\u0308", 5}, "family": {"👩‍👩‍👧", 1}, "flag": {"🇫🇮", 1}, "line break": {"a\nb", 3},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Graphemes(c.in); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
