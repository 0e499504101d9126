package desk

import (
	"regexp"
	"slices"
	"strings"

	"koira/engine"
	"koira/engine/guard"
)

// list is a kind of limit that is a list of words: each is on it or not.
type list struct {
	kind    string
	on, off string // values: "blocked", "allowed"
	what    string // "blocked subject", in sentences
	name    func(key string) string
	at      func(*engine.Guardrails) *[]string
	loosens bool // being on the list gives more room
	clean   func(s scene, key string, on bool) (string, error)
	most    int // bounds the list, since every check reads all of it
}

var listRows = []list{
	{"topic", blockedWord, allowedWord, "blocked topic", func(k string) string { return "The subject " + quoted(k) },
		func(g *engine.Guardrails) *[]string { return &g.Topics.Blocked }, false, cleanTopic, 500},
	{"pack", onWord, offWord, "pack", func(k string) string { return "The pack of subjects " + quoted(k) },
		func(g *engine.Guardrails) *[]string { return &g.Topics.Packs }, false, cleanPack, 100},
	{"competitor", blockedWord, allowedWord, "competitor", func(k string) string { return "The competitor " + quoted(k) },
		func(g *engine.Guardrails) *[]string { return &g.Topics.Competitors }, false, cleanCompetitor, 500},
	{"ban", "never said", allowedWord, "banned word", func(k string) string { return "The word " + quoted(k) },
		func(g *engine.Guardrails) *[]string { return &g.Voice.Banned }, false, cleanWord, 500},
	{"require", "in every piece", "not required", "required word", func(k string) string { return "The word " + quoted(k) },
		func(g *engine.Guardrails) *[]string { return &g.Voice.Required }, false, cleanWord, 50},
	{"link", allowedWord, "refused", "allowed host", func(k string) string { return "Links to " + k },
		func(g *engine.Guardrails) *[]string { return &g.Links.Domains }, true, cleanHost, 200},
	{"mention", allowedWord, "refused", "allowed name", func(k string) string { return "Mentions of @" + strings.TrimPrefix(k, "@") },
		func(g *engine.Guardrails) *[]string { return &g.Mentions }, true, cleanName, 200},
}

func lists() []limit {
	var ls []limit
	for _, r := range listRows {
		ls = append(ls, limit{r.kind, r.set, func(g engine.Guardrails) []engine.RuleEdit {
			var all []engine.RuleEdit
			for _, k := range *r.at(&g) {
				all = append(all, engine.RuleEdit{Rule: r.kind + ":" + k, To: r.on})
			}
			return all
		}, r.off})
	}
	return ls
}

func (r list) set(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	if to != r.on && to != r.off {
		return Change{}, engine.Errorf(engine.CodeInvalid, "A %s is %s or %s; you wrote %q. Nothing changed.", r.what, r.on, r.off, cut(to))
	}
	at := r.at(g)
	same := func(x string) bool { // an older program took names with their "@"
		return strings.EqualFold(strings.TrimPrefix(x, "@"), strings.TrimPrefix(key, "@"))
	}
	i := slices.IndexFunc(*at, same)
	if i >= 0 {
		key = (*at)[i] // as it stands, so that what an older program took can be taken off
	} else {
		clean, err := r.clean(s, key, to == r.on)
		if err != nil {
			return Change{}, err
		}
		key = clean
		i = slices.IndexFunc(*at, same)
	}
	c := Change{Rule: r.kind + ":" + key, To: to, Name: r.name(key), Old: r.off, New: to, Loosens: (to == r.on) == r.loosens}
	if i >= 0 {
		c.Old = r.on
	}
	switch {
	case to == r.off && i < 0:
		return Change{}, unknown(r.what, key, slices.Clone(*at))
	case to == r.off:
		*at = slices.DeleteFunc(*at, same)
	case i < 0 && len(*at) >= r.most:
		return Change{}, engine.Errorf(engine.CodeInvalid, "There are %d entries already, and no more fit: take one off first. Nothing changed.", r.most)
	case i < 0:
		*at = append(*at, key)
	}
	return c, nil
}

func cleanTopic(_ scene, key string, _ bool) (string, error) { return phrase("topic", key) }

func cleanCompetitor(_ scene, key string, _ bool) (string, error) { return phrase("name", key) }

func cleanWord(_ scene, key string, _ bool) (string, error) { return phrase("word", key) }

// phrase is a few words in small letters; what names it in sentences.
func phrase(what, key string) (string, error) {
	key, err := field("", "The "+what, strings.ToLower(strings.Join(strings.Fields(key), " ")), true, maxTopic)
	if err == nil && !guard.Finds(key) {
		err = engine.Errorf(engine.CodeInvalid, "A %s needs a letter or a number; you wrote %q. Nothing changed.", what, cut(key))
	}
	return key, err
}

func cleanPack(s scene, key string, on bool) (string, error) {
	key = strings.ToLower(strings.TrimSpace(key))
	if on && !slices.Contains(s.packs, key) {
		return key, unknown("pack", key, slices.Clone(s.packs))
	}
	return key, nil
}

var host = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$`)

// cleanHost takes a host, or a whole address for its host.
func cleanHost(_ scene, key string, _ bool) (string, error) {
	k := strings.ToLower(strings.TrimSpace(key))
	if _, rest, ok := strings.Cut(k, "://"); ok {
		k = rest
	}
	k, _, _ = strings.Cut(k, "/")
	k = strings.TrimPrefix(k, "*.")
	if len(k) > 253 || !host.MatchString(k) {
		return k, engine.Errorf(engine.CodeInvalid, "A host looks like example.com, in the letters a–z; you wrote %q. Nothing changed.", cut(key))
	}
	return k, nil
}

var mentioned = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.@-]{0,79}$`)

// cleanName takes a name as it stands after the @ of a mention.
func cleanName(_ scene, key string, _ bool) (string, error) {
	k := strings.TrimPrefix(strings.TrimSpace(key), "@")
	if !mentioned.MatchString(k) {
		return k, engine.Errorf(engine.CodeInvalid, "A name looks like @leipa or @leipa.example; you wrote %q. Nothing changed.", cut(key))
	}
	return k, nil
}

// lineKinds are what a line may be for, beside channels and every piece.
var lineKinds = []engine.Kind{engine.KindSocial, engine.KindEmail, engine.KindBlog}

const (
	everyPiece = "every piece"
	mostLines  = 50
	maxLine    = 500
)

// setLine changes the lines that pieces must hold. Its key is where and what: "email|Unsubscribe: …", with a kind, "channel=" and a channel's
// name, or "every piece".
func setLine(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	if to != onWord && to != offWord {
		return Change{}, engine.Errorf(engine.CodeInvalid, "A line is on or off; you wrote %q. Nothing changed.", cut(to))
	}
	where, text, _ := strings.Cut(key, "|")
	text, err := field("", "The line", strings.Join(strings.Fields(text), " "), true, maxLine)
	if err != nil {
		return Change{}, err
	}
	l := engine.LineRule{Text: text}
	channel, isChannel := strings.CutPrefix(where, "channel=")
	switch {
	case slices.Contains(lineKinds, engine.Kind(where)):
		l.Kind = engine.Kind(where)
	case where == everyPiece || where == "":
	case isChannel && (to == offWord || slices.Contains(s.channels, channel)):
		l.Channel = channel
	case !isChannel && slices.Contains(s.channels, where):
		l.Channel = where
	default:
		return Change{}, unknown("kind or channel", channel, slices.Concat([]string{"social", "email", "blog"}, s.channels))
	}
	i := slices.IndexFunc(g.Lines, func(x engine.LineRule) bool {
		return x.Kind == l.Kind && x.Channel == l.Channel && strings.EqualFold(x.Text, l.Text)
	})
	c := Change{
		Rule: lineRule(l), To: to, Name: "The line " + quoted(l.Text) + " in " + l.Scope(), Old: offWord, New: to, Loosens: to == offWord,
	}
	if i >= 0 {
		c.Old = onWord
	}
	switch {
	case to == offWord && i < 0:
		return Change{}, engine.Errorf(engine.CodeNotFound, "There is no such line in %s. /guardrails list shows what there is. Nothing changed.", l.Scope())
	case to == offWord:
		g.Lines = slices.Delete(g.Lines, i, i+1)
	case i < 0 && len(g.Lines) >= mostLines:
		return Change{}, engine.Errorf(engine.CodeInvalid, "There are %d lines already; take one off first. Nothing changed.", mostLines)
	case i < 0:
		g.Lines = append(g.Lines, l)
	}
	return c, nil
}

func lineRule(l engine.LineRule) string {
	where := everyPiece
	if l.Kind != "" {
		where = string(l.Kind)
	}
	if l.Channel != "" {
		where = "channel=" + l.Channel
	}
	return "line:" + where + "|" + l.Text
}

func allLines(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	for _, l := range g.Lines {
		all = append(all, engine.RuleEdit{Rule: lineRule(l), To: onWord})
	}
	return all
}
