package render

import (
	"net/url"
	"slices"
	"strings"

	"koira/engine"
)

// Link returns base with koira's UTM tags for variant v of o: source is the channel, medium the kind, campaign the output's id, content
// the variant's name. The rest of base's query stays as it is written; tags of the same names are replaced, so calling it twice is safe.
// An empty base, for a call to action without a link, gives an empty link. Code invalid for anything but a plain http or https address.
func Link(base string, o engine.Output, v engine.Variant) (string, error) {
	if base == "" {
		return "", nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil, Hidden(base) != nil, strings.ContainsAny(base, " \t\n<>\"\\"):
		return "", engine.Errorf(engine.CodeInvalid, "%q is not a web address.", base)
	case u.User != nil:
		return "", engine.Errorf(engine.CodeInvalid, "A link must not hold a user name or a password.")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return "", engine.Errorf(engine.CodeInvalid, "A link begins with https:// or http://; this one is %q.", base)
	}
	tags := []struct{ key, value string }{
		{"utm_source", o.Channel}, {"utm_medium", string(o.Kind)}, {"utm_campaign", o.ID}, {"utm_content", v.Name},
	}
	query := strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' })
	for _, tag := range tags {
		query = slices.DeleteFunc(query, func(pair string) bool { return named(pair, tag.key) })
		query = append(query, tag.key+"="+url.QueryEscape(tag.value))
	}
	u.RawQuery = strings.Join(query, "&")
	return u.String(), nil
}

// named reports whether a query's pair has this key, however it is escaped.
func named(pair, key string) bool {
	k, _, _ := strings.Cut(pair, "=")
	if plain, err := url.QueryUnescape(k); err == nil {
		k = plain
	}
	return strings.EqualFold(k, key)
}
