package desk

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"koira/engine"
)

// TestEveryActionStandsInTheTables: no action is without a row in the two tables of cells. What a row asks for is read off the refusals that it meets.
func TestEveryActionStandsInTheTables(t *testing.T) {
	h := newHall(t)
	met := map[Action]bool{}
	try := func(prepare func(*world, engine.Actor), do func(*world, engine.Actor) error) {
		for _, id := range []string{"U9UNLISTED", venla, olli, tomi, mari} {
			w := h.world()
			prepare(w, person(id))
			from, _, err := w.store.Head(w.ctx)
			must(t, err)
			if engine.CodeOf(do(w, person(id))) == engine.CodeDenied {
				events, err := w.store.Events(w.ctx, from, 10)
				must(t, err)
				for _, e := range events {
					if e.Action == "denied" {
						met[Action(e.Detail["action"])] = true
					}
				}
			}
			must(t, w.store.Close())
			h.w = nil
		}
	}
	for _, x := range pieceActs {
		try(func(*world, engine.Actor) {}, func(w *world, a engine.Actor) error { return x.do(w, a, w.now(t, h.in[engine.StateWaiting])) })
	}
	for _, x := range otherActs {
		try(func(w *world, a engine.Actor) { situations[x.columns[0]](t, w, a) }, x.do)
	}
	for _, r := range Rules {
		if !met[r.Action] {
			t.Errorf("no row of the tables asks for %q", r.Action)
		}
	}
}

// TestEveryActStandsInTheTables: whatever of a desk takes somebody who acts is done in a row of the tables, so that a new act comes to this test first.
func TestEveryActStandsInTheTables(t *testing.T) {
	done := map[string]bool{}
	for _, file := range parsed(t, "matrix_*test.go") {
		maps.Copy(done, actsIn(file, "w"))
	}
	for _, name := range deskActs() {
		if !done[name] {
			t.Errorf("%s is done in no row of the tables", name)
		}
	}
	t.Logf("%d acts", len(deskActs()))
}

// deskActs names what of a desk takes somebody who acts.
func deskActs() (names []string) {
	desk := reflect.TypeFor[*Desk]()
	for i := range desk.NumMethod() {
		m := desk.Method(i)
		if m.Type.NumIn() > 2 && m.Type.In(1) == reflect.TypeFor[context.Context]() && m.Type.In(2) == reflect.TypeFor[engine.Actor]() {
			names = append(names, m.Name)
		}
	}
	return names
}

// actsIn names what is done in n, by "a", with the desk of the variable of.
func actsIn(n ast.Node, of string) map[string]bool {
	done := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 1 && types.ExprString(call.Args[0]) == of+".ctx" && types.ExprString(call.Args[1]) == "a" {
			done[strings.TrimPrefix(types.ExprString(call.Fun), of+".")] = true
		}
		return true
	})
	return done
}

// parsed are the files of this package whose names fit.
func parsed(t *testing.T, pattern string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(pattern)
	must(t, err)
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		files = append(files, file)
	}
	return files
}
