package app

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"koira/engine"
)

// compare lists, sorted and a line each, the leaves in which two values of one type differ. Sums are written in currency. The order of a
// list is no difference.
func compare(currency, name string, old, new any) []string {
	a, b := leaves{currency, map[string]string{}}, leaves{currency, map[string]string{}}
	a.add(name, reflect.ValueOf(old))
	b.add(name, reflect.ValueOf(new))
	all := maps.Clone(a.at)
	maps.Copy(all, b.at)
	var diff []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if a.at[k] != b.at[k] {
			diff = append(diff, fmt.Sprintf("%s: %s → %s", k, or(a.at[k], "none"), or(b.at[k], "none")))
		}
	}
	return diff
}

// leaves are the values inside a value, by their path. What is zero is left out.
type leaves struct {
	currency string
	at       map[string]string
}

func (l leaves) add(path string, v reflect.Value) {
	if v.Kind() != reflect.Slice && v.IsZero() {
		return
	}
	switch x := v.Interface().(type) {
	case engine.Money:
		l.at[path] = x.Format(l.currency)
		return
	case time.Time:
		l.at[path] = x.UTC().Format(time.RFC3339)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		l.add(path, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			l.add(path+"."+fieldName(v.Type().Field(i)), v.Field(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			l.add(fmt.Sprintf("%s.%v", path, k), v.MapIndex(k))
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.element(path, v.Index(i))
		}
	default:
		l.at[path] = fmt.Sprint(v.Interface())
	}
}

// element is one of a list: by its key where it has one, so that an insertion does not shift the rest; a benchmark's is its metric.
func (l leaves) element(path string, v reflect.Value) {
	if v.Kind() != reflect.Struct {
		l.at[fmt.Sprintf("%s %q", path, fmt.Sprint(v.Interface()))] = "there"
		return
	}
	for _, name := range []string{"Key", "Metric"} {
		if k := v.FieldByName(name); k.IsValid() {
			l.add(fmt.Sprintf("%s.%v", path, k), v)
			return
		}
	}
	l.at[fmt.Sprintf("%s %+v", path, v.Interface())] = "there"
}

func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return or(name, strings.ToLower(f.Name))
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
