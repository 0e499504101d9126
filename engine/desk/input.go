package desk

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"koira/engine"
)

// Longest inputs, in characters.
const (
	maxSubject = 300
	maxBody    = 40_000
	maxNote    = 1_000
	maxLink    = 2_000
	maxTopic   = 60
)

// field returns s without the spaces around it, or code invalid that names the field when it is missing, too long or not text.
// label is how the sentence calls it: "The text of wording A".
func field(name, label, s string, required bool, longest int) (string, error) {
	s = strings.TrimSpace(s)
	bad := func(format string, args ...any) error {
		e := engine.Errorf(engine.CodeInvalid, label+" "+format+" Nothing changed.", args...)
		e.Field = name
		return e
	}
	switch n := utf8.RuneCountInString(s); {
	case required && s == "":
		return "", bad("is empty.")
	case n > longest:
		return "", bad("has %d characters; at most %d fit.", n, longest)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) }):
		return "", bad("holds characters that are not text.")
	}
	return s, nil
}

// link returns s as an address that a browser opens; code invalid otherwise. An address with a password in it is refused, since it would
// be shown.
func link(s string) (string, error) {
	s, err := field("link", "The link", s, true, maxLink)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.ContainsFunc(s, unicode.IsSpace) {
		e := engine.Errorf(engine.CodeInvalid, "A link looks like https://example.com/post; you wrote %q. Nothing changed.", cut(s))
		e.Field = "link"
		return "", e
	}
	return s, nil
}

// sentence is what people may read of an error: never its cause.
func sentence(err error) string {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "Something failed on my side."
}

// cut shortens what a person typed for a sentence that quotes it.
func cut(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// task reads a task that a person named; code not_found suggests the nearest name.
func (d *Desk) task(ctx context.Context, id string) (engine.Task, error) {
	t, err := d.store.Task(ctx, id)
	if engine.CodeOf(err) != engine.CodeNotFound {
		return t, err
	}
	all, err := d.store.Tasks(ctx)
	if err != nil {
		return t, failed("listing tasks for", id, err)
	}
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	return t, unknown("task", id, ids)
}

// channel is the configured channel of that name; code not_found suggests the nearest.
func (d *Desk) channel(name string) (page, error) {
	if c := d.channels[name]; c != nil {
		return c, nil
	}
	var all []string
	for n := range d.channels {
		all = append(all, n)
	}
	return nil, unknown("channel", name, all)
}

// unknown is the error for a name that is none of known.
func unknown(what, name string, known []string) error {
	if s := suggest(name, known); s != "" {
		return engine.Errorf(engine.CodeNotFound, "There is no %s %q. Did you mean %s? Nothing changed.", what, cut(name), s)
	}
	if len(known) == 0 {
		return engine.Errorf(engine.CodeNotFound, "There is no %s %q, nor any other yet. Nothing changed.", what, cut(name))
	}
	slices.Sort(known)
	return engine.Errorf(engine.CodeNotFound, "There is no %s %q. There is: %s. Nothing changed.", what, cut(name), strings.Join(known, ", "))
}

// suggest returns the known name nearest to typed, "" when none is near: one edit for every three characters, or typed within the name.
func suggest(typed string, known []string) string {
	typed = strings.ToLower(typed)
	best, found := len([]rune(typed))/3+1, ""
	for _, k := range slices.Sorted(slices.Values(known)) {
		if n := edits(typed, strings.ToLower(k)); n < best {
			best, found = n, k
		}
	}
	if found != "" || len(typed) < 3 {
		return found
	}
	for _, k := range slices.Sorted(slices.Values(known)) {
		if near(typed, strings.ToLower(k)) {
			return k
		}
	}
	return ""
}

// near reports whether typed is, but for a slip, a part of name between its hyphens.
func near(typed, name string) bool {
	return strings.Contains(name, typed) || slices.ContainsFunc(strings.Split(name, "-"), func(part string) bool {
		return edits(typed, part) <= len([]rune(typed))/4
	})
}

// edits is the Levenshtein distance of a and b in characters.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > maxTopic || len(y) > maxTopic { // names are short; what is not is no slip of the finger
		return max(len(x), len(y))
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
