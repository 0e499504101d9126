package blocks

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/go-analyze/charts"

	"koira/engine/report"
)

func picture(t *testing.T, v report.Weekly) (Picture, image.Image) {
	t.Helper()
	p, ok := Chart(v)
	if !ok {
		t.Fatal("there is no chart")
	}
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds() != image.Rect(0, 0, chartWidth, chartHeight) {
		t.Errorf("it is %v", img.Bounds())
	}
	return p, img
}

func at(img image.Image, x, y int) charts.Color {
	c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
	return charts.Color{R: c.R, G: c.G, B: c.B, A: c.A}
}

// The bars stand on zero and are as high as their values, this week's is told apart, and the band is where the week usually lies.
func TestChart(t *testing.T) {
	v := bakery{}.weekly()
	_, img := picture(t, v)
	c := newChart(v)
	step := (chartRight - chartLeft) / 12
	for i, p := range v.Series {
		want := before
		if i == 11 {
			want = thisOne
		}
		x := chartLeft + i*(chartRight-chartLeft)/12 + step/2
		if top := c.y(float64(p.Value)); at(img, x, top+3) != want || at(img, x, chartBottom-3) != want || at(img, x-step*2/5, top+3) == want {
			t.Errorf("week %s has no bar of its height", p.Week)
		}
	}
	gap := chartLeft + step // between the first two bars
	if at(img, gap, c.y(100)) != usual || at(img, gap, c.y(80)) != ground || at(img, gap, c.y(122)-4) != ground {
		t.Error("the band does not stand where the week usually lies")
	}
	if c.y(0) != chartBottom || c.y(122) != chartTop {
		t.Errorf("it runs from %d to %d", c.y(0), c.y(122))
	}
}

// It reads on any ground of the reader's, since it has its own, and the same numbers make the same picture.
func TestChartHasItsOwnGround(t *testing.T) {
	v := bakery{}.weekly()
	p, img := picture(t, v)
	for _, x := range []int{0, chartWidth - 1} {
		for _, y := range []int{0, chartHeight - 1} {
			if at(img, x, y) != ground {
				t.Errorf("at %d,%d the ground is %v", x, y, at(img, x, y))
			}
		}
	}
	again, _ := picture(t, v)
	if p.Sum() != again.Sum() {
		t.Error("the same numbers make two pictures")
	}
	v.Series[3].Value++
	if other, _ := picture(t, v); other.Sum() == p.Sum() {
		t.Error("other numbers make the same picture")
	}
}

func TestChartInWords(t *testing.T) {
	v := bakery{}.weekly()
	p, _ := picture(t, v)
	for _, want := range []string{"Link visits a week (simulated)", "week 36 80", "week 47 110", "82 to 122"} {
		if !strings.Contains(p.Alt, want) {
			t.Errorf("%q is missing: %s", want, p.Alt)
		}
	}
	v.Result.Usual, v.Result.Simulated = report.Range{}, false
	if p, _ = picture(t, v); !strings.Contains(p.Alt, "too little data") || strings.Contains(p.Alt+p.Title, "simulated") {
		t.Error(p.Alt)
	}
	if p, _ = picture(t, bakery{large: true}.weekly()); len(p.Alt) > 2000 || p.Name != "koira-week-47.png" {
		t.Errorf("%s, %d characters", p.Name, len(p.Alt))
	}
}

func TestNoChart(t *testing.T) {
	unread, short := bakery{}.weekly(), bakery{}.weekly()
	unread.Result.Known = false
	short.Series = short.Series[:chartWeeks-1]
	for name, v := range map[string]report.Weekly{"nothing was read": unread, "two weeks": short, "the first week": bakery{}.firstWeek()} {
		if _, ok := Chart(v); ok {
			t.Errorf("%s: there is a chart", name)
		}
		if s := screen(asMessage("", Weekly(v))); !strings.Contains(s, "No chart yet") {
			t.Errorf("%s: it does not say so:\n%s", name, s)
		}
	}
}

// Values of any size stand above their bars in few letters.
func TestShort(t *testing.T) {
	c := chart{}
	for v, want := range map[float64]string{0: "0", 9_999: "9,999", 12_400: "12k", 999_499: "999k", 2_310_000: "2.3M", 999_600: "1.0M", 231_000_000: "231M"} {
		if got := c.short(v); got != want {
			t.Errorf("%.0f is %q, want %q", v, got, want)
		}
	}
}
