package engine

import (
	"slices"
	"time"
)

// StrategyChange is a new version of the strategy with everything that becomes true with it. The store does it in one transaction: code conflict
// when another version than From is in force, or when Request is not open any more.
type StrategyChange struct {
	From    int // 0: none yet
	To      Strategy
	By      Actor
	At      time.Time
	What    string // old → new
	Why     string // a person's words, "" where none were given
	Request string // that it carries out, "" for none
}

// StrategyVersion is one row of the history of the strategy.
type StrategyVersion struct {
	Version   int
	By        string
	At        time.Time
	What, Why string
}

// Fact returns s's fact with that key, and where it stands in the list; −1 where there is none.
func (s Strategy) Fact(key string) (Fact, int) {
	i := slices.IndexFunc(s.Facts, func(f Fact) bool { return f.Key == key })
	if i < 0 {
		return Fact{}, i
	}
	return s.Facts[i], i
}

// HasSegment reports whether people still speak to that segment.
func (s Strategy) HasSegment(key string) bool {
	return slices.ContainsFunc(s.Segments, func(x Segment) bool { return x.Key == key })
}

// HasTheme reports whether people still want pieces on that theme.
func (s Strategy) HasTheme(key string) bool {
	return slices.ContainsFunc(s.Themes, func(x Theme) bool { return x.Key == key })
}

// ThemesOf lists the keys of the themes that t may write about: those that it names and people still have, all of them where it names none.
func (s Strategy) ThemesOf(t Task) []string {
	var keys []string
	for _, x := range s.Themes {
		if len(t.Themes) == 0 || slices.Contains(t.Themes, x.Key) {
			keys = append(keys, x.Key)
		}
	}
	return keys
}

// Clone returns a copy that shares no list of goals, segments, themes or facts with s.
func (s Strategy) Clone() Strategy {
	s.Goals, s.Segments, s.Themes, s.Facts = slices.Clone(s.Goals), slices.Clone(s.Segments), slices.Clone(s.Themes), slices.Clone(s.Facts)
	for i := range s.Themes {
		s.Themes[i].Facts = slices.Clone(s.Themes[i].Facts)
	}
	return s
}
