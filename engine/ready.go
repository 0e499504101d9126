package engine

// TheStrategy is the subject of what is open about the strategy as a whole.
const TheStrategy = "the strategy"

// Lacks lists, in words, what people have not said yet of the what and the why. Until it is empty no task plans anything: the how is koira's, and
// follows from these.
func (s Strategy) Lacks() []string {
	var ls []string
	if len(s.Goals) == 0 {
		ls = append(ls, "no goal")
	}
	if len(s.Segments) == 0 {
		ls = append(ls, "no segment of readers")
	}
	if len(s.Themes) == 0 {
		ls = append(ls, "no theme")
	}
	return ls
}

// LacksWords says it: "the strategy has no goal and no theme"; "" where it lacks nothing.
func (s Strategy) LacksWords() string {
	ls := s.Lacks()
	if len(ls) == 0 {
		return ""
	}
	return "the strategy has " + List(ls)
}

// Misfit says why nothing can be written for t under s: that its readers are no segment of the strategy, or that it has none of the task's themes; ""
// where something can.
func (s Strategy) Misfit(t Task) string {
	switch {
	case !s.HasSegment(t.Segment):
		return "its readers are no segment of the strategy"
	case len(s.ThemesOf(t)) == 0:
		return "the strategy has none of its themes"
	}
	return ""
}

// Unplanned lists, in words, why t plans nothing though its level lets it: what the strategy lacks, that its readers are no segment of the
// strategy, that it has none of the task's themes, and that its channel is not allowed. channel is how people call that. Empty where t may plan, or plans nothing at its level.
func Unplanned(s Strategy, g Guardrails, t Task, channel string) []string {
	if !t.Acting().Rung().Plans {
		return nil
	}
	var why []string
	if l := s.LacksWords(); l != "" {
		why = append(why, l)
	} else if m := s.Misfit(t); m != "" {
		why = append(why, m)
	}
	if !g.Channels[t.Channel] {
		why = append(why, channel+" is not on the list of allowed channels")
	}
	return why
}
