package desk

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"koira/engine"
)

// The numbers of a threshold, in the order in which people read them.
const (
	floorWord, ceilingWord, sampleWord = "floor", "ceiling", "sample"
)

// setThreshold changes one number of a task's threshold. Its key is "daily-social:clicks:floor". A threshold without any
// number is none.
func setThreshold(s scene, g *engine.Guardrails, key, to string) (Change, error) {
	parts := strings.Split(key, ":")
	if len(parts) != 3 || !slices.Contains([]string{floorWord, ceilingWord, sampleWord}, parts[2]) {
		return Change{}, engine.Errorf(engine.CodeInvalid, "A minimum is named like this: daily-social clicks floor (or ceiling, or sample). Nothing changed.")
	}
	task, metric, which := parts[0], engine.Metric(strings.ToLower(parts[1])), parts[2]
	has := slices.ContainsFunc(g.Thresholds[task], func(t engine.Threshold) bool { return t.Metric == metric })
	if !slices.Contains(s.tasks, task) && !(has && isOff(to)) {
		return Change{}, unknown("task", task, slices.Clone(s.tasks))
	}
	if !slices.Contains(engine.Metrics, metric) {
		return Change{}, unknown("number", string(metric), metricNames())
	}
	now := engine.Threshold{Metric: metric}
	i := slices.IndexFunc(g.Thresholds[task], func(t engine.Threshold) bool { return t.Metric == metric })
	if i >= 0 {
		now = g.Thresholds[task][i]
	}
	next, err := with(now, which, to)
	if err != nil {
		return Change{}, err
	}
	c := Change{
		Rule: "threshold:" + task + ":" + string(metric) + ":" + which, To: thresholdValue(next, which), Name: thresholdName(s.taskName(task), metric, which),
		Old: thresholdWords(now, which, s.currency), New: thresholdWords(next, which, s.currency), Loosens: looser(next, now, which),
	}
	set := slices.Clone(g.Thresholds[task])
	switch {
	case i < 0:
		set = append(set, next)
	default:
		set[i] = next
	}
	set = slices.DeleteFunc(set, func(t engine.Threshold) bool { return t == engine.Threshold{Metric: t.Metric} })
	if g.Thresholds == nil {
		g.Thresholds = map[string][]engine.Threshold{}
	}
	if g.Thresholds[task] = set; len(set) == 0 {
		delete(g.Thresholds, task)
	}
	return c, nil
}

func metricNames() []string {
	var names []string
	for _, m := range engine.Metrics {
		names = append(names, string(m))
	}
	return names
}

// with is t with one of its numbers set as a person wrote it.
func with(t engine.Threshold, which, to string) (engine.Threshold, error) {
	if which == sampleWord {
		n, ok := whole(strings.ToLower(to), "piece pieces")
		if isOff(to) {
			n, ok = 0, true
		}
		if !ok || n > 1000 {
			return t, engine.Errorf(engine.CodeInvalid, "A sample is a number of pieces, such as 8; you wrote %q. Nothing changed.", cut(to))
		}
		t.Sample = n
		return t, nil
	}
	v, err := amountOf(t.Metric, to)
	if err != nil {
		return t, err
	}
	if which == floorWord {
		t.Floor = v
	} else {
		t.Ceiling = v
	}
	return t, nil
}

// sensible refuses a floor above its ceiling, which would stop the task whatever it brings.
func sensible(s scene, g engine.Guardrails) error {
	for task, set := range g.Thresholds {
		for _, t := range set {
			if t.Floor > 0 && t.Ceiling > 0 && t.Floor > t.Ceiling {
				e := engine.Errorf(engine.CodeInvalid, "The floor of %s of %s would lie above its ceiling, so the task would always stop. Nothing changed.", t.Metric, s.taskName(task))
				e.Field = "threshold.floor"
				return e
			}
		}
	}
	return nil
}

// amountOf reads a value of a metric: a sum where it is money.
func amountOf(m engine.Metric, to string) (float64, error) {
	if isOff(to) {
		return 0, nil
	}
	if isMoney(m) {
		sum, err := engine.ParseMoney(to)
		if err != nil || sum == 0 {
			return 0, engine.Errorf(engine.CodeInvalid, `It must be a sum like 4 or 3.50, or "off"; you wrote %q. Nothing changed.`, cut(to))
		}
		return float64(sum), nil
	}
	v, err := strconv.ParseFloat(strings.Replace(to, ",", ".", 1), 64)
	if err != nil || !(v > 0 && v <= 1e9) { // not so for NaN either
		return 0, engine.Errorf(engine.CodeInvalid, `It must be a number a piece, such as 6 or 0.5, or "off"; you wrote %q. Nothing changed.`, cut(to))
	}
	return v, nil
}

func isMoney(m engine.Metric) bool { return m == engine.Revenue || m == engine.Spend }

// looser reports whether a stops its task in fewer cases than b: a lower floor, a higher ceiling, or more pieces to be seen first.
func looser(a, b engine.Threshold, which string) bool {
	switch which {
	case floorWord:
		return a.Floor < b.Floor
	case ceilingWord:
		return a.Ceiling == 0 && b.Ceiling > 0 || b.Ceiling > 0 && a.Ceiling > b.Ceiling
	}
	return a.Least() > b.Least()
}

func thresholdName(task string, m engine.Metric, which string) string {
	switch which {
	case floorWord:
		return "The least " + string(m) + " a piece of " + task
	case ceilingWord:
		return "The most " + string(m) + " a piece of " + task
	}
	return "Pieces of " + task + " before " + string(m) + " count"
}

func thresholdWords(t engine.Threshold, which, currency string) string {
	v := t.Floor
	switch which {
	case sampleWord:
		if t.Sample == 0 {
			return fmt.Sprintf("%d (usual)", t.Least())
		}
		return strconv.Itoa(t.Sample)
	case ceilingWord:
		v = t.Ceiling
	}
	switch {
	case v == 0:
		return "no limit"
	case isMoney(t.Metric):
		return engine.Money(v).Format(currency)
	}
	return fmt.Sprintf("%g", v)
}

func thresholdValue(t engine.Threshold, which string) string {
	v := t.Floor
	switch which {
	case sampleWord:
		if t.Sample == 0 {
			return offWord
		}
		return strconv.Itoa(t.Sample)
	case ceilingWord:
		v = t.Ceiling
	}
	switch {
	case v == 0:
		return offWord
	case isMoney(t.Metric):
		return plain(engine.Money(v))
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func allThresholds(g engine.Guardrails) []engine.RuleEdit {
	var all []engine.RuleEdit
	for _, task := range slices.Sorted(maps.Keys(g.Thresholds)) {
		for _, t := range g.Thresholds[task] {
			for _, which := range []string{floorWord, ceilingWord, sampleWord} {
				if v := thresholdValue(t, which); v != offWord {
					all = append(all, engine.RuleEdit{Rule: "threshold:" + task + ":" + string(t.Metric) + ":" + which, To: v})
				}
			}
		}
	}
	return all
}
