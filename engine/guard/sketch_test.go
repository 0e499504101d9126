package guard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"koira/engine"
)

// The estimate stays within four standard errors of the resemblance that is counted exactly, over pairs of texts that share more and more.
func TestResemblance(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	worst, square, n := 0.0, 0.0, 0
	for range 200 {
		a := make([]string, 80)
		for i := range a {
			a[i] = fmt.Sprint("w", dice.IntN(5000), "x")
		}
		b := append([]string(nil), a...)
		for range dice.IntN(30) {
			b[dice.IntN(len(b))] = fmt.Sprint("v", dice.IntN(5000), "y")
		}
		x, y := strings.Join(a, " "), strings.Join(b, " ")
		is := exactly(x, y)
		got := resemblance(Sketch([]engine.Variant{{Body: x}}), Sketch([]engine.Variant{{Body: y}}))
		off := math.Abs(got - is)
		if limit := 4 * (math.Sqrt(is*(1-is)/sketchSize) + 0.01); off > limit {
			t.Errorf("resemblance %.3f is estimated as %.3f", is, got)
		}
		worst, square, n = max(worst, off), square+off*off, n+1
	}
	t.Logf("over %d pairs: root mean square error %.3f, worst %.3f", n, math.Sqrt(square/float64(n)), worst)
}

// exactly is the resemblance by counting runs of three words; the letters and digits of each word are pieces of their own.
func exactly(a, b string) float64 {
	runs := func(s string) map[string]bool {
		var r reading
		read(s, false, &r)
		set := map[string]bool{}
		for i := 0; i+sketchWords <= len(r.pieces); i++ {
			var run []string
			for _, p := range r.pieces[i : i+sketchWords] {
				run = append(run, s[p.at:p.end])
			}
			set[strings.Join(run, " ")] = true
		}
		return set
	}
	x, y := runs(a), runs(b)
	both := 0
	for r := range x {
		if y[r] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both)
}

func TestSketchLeavesStandingWordsOut(t *testing.T) {
	const line = "Leipä & Co, Linnankatu 1, Turku."
	a := engine.Variant{Body: "Rye bread is out of the oven at ten. See https://leipa.example/x?utm_source=a for more.\n\n" + line, CallToAction: "Reserve yours", Link: "https://leipa.example/1"}
	b := engine.Variant{Body: "Rye **bread** is out of the oven at ten. See https://leipa.example/x?utm_source=b for more.\n\nReserve yours", CallToAction: "Reserve yours", Link: "https://leipa.example/2"}
	x, y := Sketch([]engine.Variant{a}, line), Sketch([]engine.Variant{b}, line)
	if x != y || x != Sketch([]engine.Variant{a}, line) {
		t.Errorf("the same words have two sketches:\n%s\n%s", x, y)
	}
	if two := Sketch([]engine.Variant{{Body: "Buns with cardamom, warm all day."}, a}, line); resemblance(two, x) != 1 {
		t.Errorf("a second wording hides the first: %v", resemblance(two, x))
	}
	if Sketch(nil) != "" || Sketch([]engine.Variant{{Link: "https://leipa.example"}}) != "" || resemblance("", x) != 0 || resemblance(x+"/", "1:"+x) > 1 {
		t.Error("nothing said has no sketch")
	}
	if len(x) > 300 {
		t.Errorf("a sketch takes %d bytes", len(x))
	}
}
