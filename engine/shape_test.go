package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers is the table of who may import whom; the first row that matches a package decides, "x/..." is x and all below.
var layers = []struct {
	pkg string
	may []string
}{
	{"bot/koira", []string{"bot/app", "engine/...", "storage"}},
	{"bot/app", []string{"bot", "bot/workspace", "blocks", "engine/...", "storage"}},
	{"bot/workspace", nil},
	{"bot", []string{"engine", "engine/desk", "engine/report", "blocks"}},
	{"blocks", []string{"engine", "engine/report", "engine/desk"}}, // desk for the values that its windows show: a proposal, a change
	{"storage", []string{"engine"}},
	{"engine/guard", []string{"engine", "engine/trust"}}, // trust for what a task's record lets go
	{"engine/loop", []string{"engine", "engine/guard", "engine/trust", "engine/learn"}},
	{"engine/desk", []string{"engine", "engine/guard", "engine/trust"}},
	{"engine/report", []string{"engine", "engine/guard", "engine/trust", "engine/learn"}},
	{"engine/channel/...", []string{"engine", "engine/render"}}, // adapters never know each other
	{"engine/meter/...", []string{"engine"}},
	{"engine/learn/...", []string{"engine", "engine/learn"}},
	{"engine/enginetest", []string{"engine/..."}},
	{"engine", nil},
	{"engine/...", []string{"engine"}},
}

const module = "koira/"

func matches(pattern, pkg string) bool {
	base, below := strings.CutSuffix(pattern, "/...")
	return pkg == base || below && strings.HasPrefix(pkg, base+"/")
}

// sources calls fn for every Go file of the module.
func sources(t *testing.T, fn func(pkg, name string, f *ast.File, at func(token.Pos) token.Position)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, p, nil, 0)
		if err != nil {
			return err
		}
		n++
		rel, _ := filepath.Rel("..", p)
		fn(path.Dir(filepath.ToSlash(rel)), filepath.ToSlash(rel), f, set.Position)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 100 {
		t.Fatalf("only %d source files were found", n)
	}
}

func TestImportsPointInward(t *testing.T) {
	sources(t, func(pkg, name string, f *ast.File, _ func(token.Pos) token.Position) {
		if strings.HasSuffix(name, "_test.go") {
			return
		}
		row := slices.IndexFunc(layers, func(l struct {
			pkg string
			may []string
		}) bool {
			return matches(l.pkg, pkg)
		})
		if row < 0 {
			t.Errorf("%s: package %s is in no layer", name, pkg)
			return
		}
		for _, imp := range f.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			ours, ok := strings.CutPrefix(p, module)
			if ok && !slices.ContainsFunc(layers[row].may, func(m string) bool { return matches(m, ours) }) {
				t.Errorf("%s imports %s, which %s may not", name, ours, pkg)
			}
			if pkg == "engine" && strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
				t.Errorf("%s imports %s; package engine uses the standard library only", name, p)
			}
			if p == "github.com/go-co-op/gocron/v2" && pkg != "engine/schedule" {
				t.Errorf("%s imports gocron; only engine/schedule does", name)
			}
		}
	})
}

// Nobody reads the clock or rolls unseeded dice but main: the same seed gives the same history.
func TestClockAndDiceComeFromMain(t *testing.T) {
	clock := []string{"Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep"}
	seeded := []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "NewSource", "Rand", "PCG", "Source", "ChaCha8", "Zipf"}
	sources(t, func(pkg, name string, f *ast.File, at func(token.Pos) token.Position) {
		test := strings.HasSuffix(name, "_test.go")
		if pkg == "bot/koira" || test {
			return
		}
		names := map[string]string{}
		for _, imp := range f.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			local := path.Base(p)
			if p == "math/rand/v2" {
				local = "rand"
			}
			if imp.Name != nil {
				local = imp.Name.Name
			}
			names[local] = p
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			id, ok := sel.X.(*ast.Ident)
			if !ok || id.Obj != nil {
				return true
			}
			switch p := names[id.Name]; {
			case p == "time" && slices.Contains(clock, sel.Sel.Name):
				t.Errorf("%s reads the clock: time.%s", at(sel.Pos()), sel.Sel.Name)
			case (p == "math/rand" || p == "math/rand/v2") && !slices.Contains(seeded, sel.Sel.Name):
				t.Errorf("%s rolls unseeded dice: rand.%s", at(sel.Pos()), sel.Sel.Name)
			case p == "crypto/rand":
				t.Errorf("%s draws randomness that no seed repeats", at(sel.Pos()))
			}
			return true
		})
	})
}

// The top level is the design card's, and nothing else.
func TestTopLevel(t *testing.T) {
	want := []string{"bot", "engine", "storage", "blocks", "config.example.toml", "go.mod", "go.sum", "Dockerfile", "README.md"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), "koira") { // koira.toml, koira.db: somebody's own
			got = append(got, e.Name())
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the top level holds %v, want %v", got, want)
	}
}

// TestOneCallOfAChannelsPublish: bytes leave at one place, behind the claim and its gate. Else only tests, the suite that every channel passes, and the
// simulation's door, which stands around a channel and is called by that place, name the method.
func TestOneCallOfAChannelsPublish(t *testing.T) {
	var calls []string
	sources(t, func(pkg, name string, f *ast.File, at func(token.Pos) token.Position) {
		if strings.HasSuffix(name, "_test.go") || pkg == "engine/enginetest" {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Publish" {
				calls = append(calls, pkg+"/"+path.Base(name))
			}
			return true
		})
	})
	slices.Sort(calls)
	if want := []string{"bot/app/simulate_oracle_world.go", "engine/loop/publish.go"}; !slices.Equal(calls, want) {
		t.Errorf("Publish is named in %v, want %v", calls, want)
	}
}
