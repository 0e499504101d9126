package blocks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"koira/engine"
)

var digest = strings.Repeat("3f2a9c1b", 8)

func TestParseValue(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want Value
		ok   bool
	}{
		"a piece with its version":   {"01K0RYE|" + digest, Value{ID: "01K0RYE", Digest: engine.Digest(digest)}, true},
		"a yes to so many people":    {"01K0RYE|" + digest + "|1240", Value{ID: "01K0RYE", Digest: engine.Digest(digest), Audience: 1240}, true},
		"a yes to nobody":            {"01K0RYE|" + digest + "|0", Value{}, false},
		"a yes to fewer than nobody": {"01K0RYE|" + digest + "|-3", Value{}, false},
		"a yes to people as words":   {"01K0RYE|" + digest + "|1e3", Value{}, false},
		"a yes with a plus":          {"01K0RYE|" + digest + "|+12", Value{}, false},
		"a part too many":            {"01K0RYE|" + digest + "|12|1", Value{}, false},
		"a task":                     {"daily-social", Value{ID: "daily-social"}, true},
		"nothing":                    {"", Value{}, false},
		"a version alone":            {"|" + digest, Value{}, false},
		"an empty version":           {"01K0RYE|", Value{}, false},
		"a short version":            {"01K0RYE|3f2a9c1b", Value{}, false},
		"a version in capitals":      {"01K0RYE|" + strings.ToUpper(digest), Value{}, false},
		"something after it":         {"01K0RYE|" + digest + "|x", Value{}, false},
		"a space":                    {"01K0 RYE", Value{}, false},
		"a control sequence":         {"<!here>", Value{}, false},
		"more than any id":           {strings.Repeat("x", 101), Value{}, false},
		"a line break":               {"01K0RYE\n", Value{}, false},
		"SQL, which stays only text": {"' OR 1=1 --", Value{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseValue(c.in)
			if (err == nil) != c.ok || engine.CodeOf(err) != map[bool]engine.Code{true: "", false: engine.CodeInvalid}[c.ok] {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOtherValuesRefuseWhatIsMalformed(t *testing.T) {
	for name, err := range map[string]error{
		"a menu without id":             second(ParseMenu("why")),
		"a menu with an unknown row":    second(ParseMenu("approve|01K0RYE")),
		"a menu with a bad version":     second(ParseMenu("why|01K0RYE|????")),
		"a menu with a short version":   second(ParseMenu("why|01K0RYE|Pyqc")),
		"a menu with more":              second(ParseMenu("why|a|b|c")),
		"a level that is none":          only(ParseLevelValue("daily-social|L3|L9")),
		"a level in another spelling":   only(ParseLevelValue("daily-social|l3|L4")),
		"a level without task":          only(ParseLevelValue("|L3|L4")),
		"a page of nothing":             only(ParsePageValue("secrets||0")),
		"a page before the first":       only(ParsePageValue("log||-10")),
		"a page of a task that is none": only(ParsePageValue("log|a b|0")),
		"a window with unknown fields":  only(ParseMeta(`{"id":"a","role":"owner"}`)),
		"a window without id":           only(ParseMeta(`{}`)),
		"a window with two values":      only(ParseMeta(`{"id":"a"}{"id":"b"}`)),
		"a window with a bad version":   only(ParseMeta(`{"id":"a","digest":"zz"}`)),
		"a window with a bad place":     only(ParseMeta(`{"id":"a","channel":"C1","ts":"now"}`)),
		"a window with nothing":         only(ParseMeta(``)),
	} {
		if engine.CodeOf(err) != engine.CodeInvalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func only[T any](_ T, err error) error { return err }

func second[A, B any](_ A, _ B, err error) error { return err }

// Whatever is drawn is read back as it was.
func TestValuesRoundTrip(t *testing.T) {
	id := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._:-]{0,30}`)
	level := rapid.Custom(func(t *rapid.T) engine.Level { return engine.Level(rapid.IntRange(0, 5).Draw(t, "level")) })
	version := rapid.IntRange(0, 1_000_000)
	rapid.Check(t, func(t *rapid.T) {
		v := Value{ID: id.Draw(t, "id"), Digest: engine.Digest(rapid.SampledFrom([]string{"", digest, strings.Repeat("0", 64), strings.Repeat("f", 64)}).Draw(t, "digest"))}
		if got, err := ParseValue(v.String()); err != nil || got != v {
			t.Fatalf("%v became %v, %v", v, got, err)
		}
		row := rapid.SampledFrom(menuRows).Draw(t, "row")
		if gotID, got, err := ParseMenu(menuValue(row.code, v)); err != nil || got != v || gotID != row.id {
			t.Fatalf("%v in a menu became %v %v, %v", v, gotID, got, err)
		}
		l := LevelValue{Task: v.ID, From: level.Draw(t, "from"), To: level.Draw(t, "to")}
		if got, err := ParseLevelValue(l.String()); err != nil || got != l {
			t.Fatalf("%v became %v, %v", l, got, err)
		}
		about := "topic:" + rapid.StringN(1, 60, -1).Draw(t, "topic")
		p := PageValue{List: rapid.SampledFrom(lists).Draw(t, "list"), Task: v.ID, Offset: version.Draw(t, "offset")}
		if got, err := ParsePageValue(p.String()); err != nil || got != p {
			t.Fatalf("%v became %v, %v", p, got, err)
		}
		m := Meta{ID: about, Digest: v.Digest, Channel: "C000000001", TS: "1764000000.000100", From: "L3", To: "L4", Version: version.Draw(t, "version"), Joins: []string{"\n\n", " "}}
		if got, err := ParseMeta(m.String()); strings.ToValidUTF8(about, "") == about && (err != nil || cmp.Diff(m, got) != "") {
			t.Fatalf("%v became %v, %v", m, got, err)
		}
	})
}

func TestMetaGivesBackWhatTheWindowShowed(t *testing.T) {
	b := bakery{}
	m, err := ParseMeta(LoosenWindow(b.wanted(true), Place{}).PrivateMetadata)
	if err != nil || m.ID != "01K0REQUEST" {
		t.Fatal(m, err)
	}
	if m, err = ParseMeta(LevelWindow(b.proposal(engine.L4), b.taskView(), Place{Channel: "C1", TS: "1.2"}).PrivateMetadata); err != nil {
		t.Fatal(err)
	}
	from, to, err := m.Levels()
	if err != nil || from != engine.L3 || to != engine.L4 || m.Place() != (Place{Channel: "C1", TS: "1.2"}) {
		t.Errorf("got %s to %s at %v, %v", from, to, m.Place(), err)
	}
	if m, err = ParseMeta(ReadWindow(b.waiting(), Place{}).PrivateMetadata); err != nil || m.Value() != valueOf(b.waiting()) {
		t.Errorf("got %v, %v", m.Value(), err)
	}
}
