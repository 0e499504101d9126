package desk

import (
	"reflect"
	"strings"
	"testing"

	"koira/engine"
)

// fields calls fn once for each field of g, at any depth, with a copy of g in which that field alone is another.
func fields(t *testing.T, g engine.Guardrails, fn func(path string, changed engine.Guardrails)) {
	t.Helper()
	var walk func(path string, at func(*engine.Guardrails) reflect.Value)
	walk = func(path string, at func(*engine.Guardrails) reflect.Value) {
		c := g.Clone()
		v := at(&c)
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), func(g *engine.Guardrails) reflect.Value { return at(g).Field(i) })
			}
			return
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.Struct && v.Len() > 0 {
				walk(path, func(g *engine.Guardrails) reflect.Value { return at(g).Index(0) })
			}
			v.SetLen(max(0, v.Len()-1))
		case reflect.Map: // one entry less
			k := v.MapKeys()[0]
			v.SetMapIndex(k, reflect.Value{})
		case reflect.String:
			v.SetString(v.String() + "x")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Int, reflect.Int64:
			v.SetInt(v.Int() + 1_000_000)
		case reflect.Float64:
			v.SetFloat(v.Float() + 1)
		default:
			t.Fatalf("%s is a %s", path, v.Kind())
		}
		fn(path, c)
	}
	walk("", func(g *engine.Guardrails) reflect.Value { return reflect.ValueOf(g).Elem() })
}
