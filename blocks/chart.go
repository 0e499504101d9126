package blocks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"github.com/go-analyze/charts"

	"koira/engine"
	"koira/engine/report"
)

// Picture is a picture to put into a thread or on a card, with its numbers in words.
type Picture struct {
	Name, Title, Alt string
	PNG              []byte
}

// Sum tells pictures of different numbers apart.
func (p Picture) Sum() string {
	h := sha256.Sum256(p.PNG)
	return hex.EncodeToString(h[:4])
}

// chartWeeks is how many weeks a chart needs: with fewer there is nothing to see.
const chartWeeks = 3

// Chart draws a report's weeks as bars from zero, with the range in which the week usually lies; false while there are too few. The picture has its
// own ground, so that it reads alike in light and dark, and letters that a phone of 390 points shows at reading size.
func Chart(v report.Weekly) (Picture, bool) {
	if !v.Result.Known || len(v.Series) < chartWeeks {
		return Picture{}, false
	}
	c := newChart(v)
	c.band()
	c.bars()
	c.legend()
	png, err := c.Bytes()
	if err != nil { // the canvas is in memory
		return Picture{}, false
	}
	_, n := weekNumber(v.Week)
	return Picture{Name: "koira-week-" + n + ".png", Title: c.title(), Alt: c.words(), PNG: png}, true
}

// Colours that differ in lightness too, for those who do not tell hues apart.
var (
	ground  = charts.Color{R: 0xfa, G: 0xf8, B: 0xf4, A: 0xff}
	ink     = charts.Color{R: 0x2b, G: 0x2b, B: 0x2b, A: 0xff}
	faint   = charts.Color{R: 0x6b, G: 0x68, B: 0x62, A: 0xff}
	before  = charts.Color{R: 0x9f, G: 0xb3, B: 0xb3, A: 0xff}
	thisOne = charts.Color{R: 0x1f, G: 0x5f, B: 0x5b, A: 0xff}
	usual   = charts.Color{R: 0xf0, G: 0xd9, B: 0xa6, A: 0xff}
)

// The picture in pixels: twice what a phone shows.
const (
	chartWidth, chartHeight  = 780, 476
	chartLeft, chartRight    = 20, 760
	chartTop, chartBottom    = 130, 400
	titleSize, textSizePoint = 23, 19
	smallSize                = 17
	barMost                  = 96
)

type chart struct {
	*charts.Painter
	v    report.Weekly
	most float64 // the value at chartTop
}

func newChart(v report.Weekly) chart {
	c := chart{charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: chartHeight}), v, 1}
	for _, p := range v.Series {
		c.most = max(c.most, float64(p.Value))
	}
	if v.Result.Usual.Known {
		c.most = max(c.most, v.Result.Usual.High)
	}
	c.FilledRect(0, 0, chartWidth, chartHeight, ground, ground, 0)
	return c
}

func (c chart) y(value float64) int {
	return chartBottom - int(math.Round(max(0, value)/c.most*(chartBottom-chartTop)))
}

// write puts text with its middle, or its left edge, at x, smaller where it is wider than room.
func (c chart) write(text string, x, y, room int, size float64, colour charts.Color, middle bool) {
	font := charts.FontStyle{FontSize: size, FontColor: colour, Font: charts.GetFont(charts.FontFamilyNotoSans)}
	for ; font.FontSize > 8 && c.MeasureText(text, 0, font).Width() > room; font.FontSize-- {
	}
	if middle {
		x -= c.MeasureText(text, 0, font).Width() / 2
	}
	c.Text(text, x, y, 0, font)
}

// band is where the week usually lies.
func (c chart) band() {
	if u := c.v.Result.Usual; u.Known {
		c.FilledRect(chartLeft, c.y(u.High), chartRight, c.y(u.Low), usual, usual, 0)
	}
}

func (c chart) bars() {
	step := float64(chartRight-chartLeft) / float64(max(len(c.v.Series), chartWeeks))
	for i, p := range c.v.Series {
		middle := chartLeft + int(math.Round((float64(i)+.5)*step))
		half := int(math.Round(min(step*.36, barMost/2)))
		left, right := middle-half, middle+half
		colour, letters := before, faint
		if i == len(c.v.Series)-1 {
			colour, letters = thisOne, ink
		}
		top := c.y(float64(p.Value))
		c.FilledRect(left, min(top, chartBottom-2), right, chartBottom, colour, colour, 0)
		c.write(c.short(float64(p.Value)), middle, top-9, int(step)-4, textSizePoint, ink, true)
		_, n := weekNumber(p.Week)
		c.write(n, middle, chartBottom+32, int(step), textSizePoint, letters, true)
	}
	c.LineStroke([]charts.Point{{X: chartLeft, Y: chartBottom}, {X: chartRight, Y: chartBottom}}, faint, 2)
	c.write("week", chartLeft, chartBottom+60, 100, smallSize, faint, false)
}

// legend is the title, and what the band means.
func (c chart) legend() {
	c.write(c.title(), chartLeft, 42, chartRight-chartLeft, titleSize, ink, false)
	left := chartLeft
	if c.v.Result.Usual.Known {
		c.FilledRect(left, 60, left+28, 80, usual, usual, 0)
		left += 40
	}
	c.write(c.usualWords(), left, 79, chartRight-left, smallSize, faint, false)
}

func (c chart) title() string {
	name := []rune(plain(c.v.Result.Name, nameMax))
	s := strings.ToUpper(string(name[:1])) + string(name[1:]) + " a week"
	if c.v.Result.Money {
		s += ", in " + plain(c.v.Currency, 10)
	}
	if c.v.Result.Simulated {
		s += " (simulated)"
	}
	return s
}

func (c chart) usualWords() string {
	u := c.v.Result.Usual
	_, n := weekNumber(c.v.Week)
	if !u.Known {
		return "usual range: too little data yet"
	}
	return "usual for week " + n + ": " + c.short(u.Low) + " to " + c.short(u.High)
}

// short writes a value in at most five characters or so: "1,240", "12k", "2.3M".
func (c chart) short(v float64) string {
	if c.v.Result.Money {
		v /= float64(engine.Unit)
	}
	switch {
	case v < 10_000:
		return number(int64(math.Round(v)))
	case v < 999_500:
		return fmt.Sprintf("%.0fk", v/1e3)
	case v < 99_950_000:
		return fmt.Sprintf("%.1fM", v/1e6)
	}
	return fmt.Sprintf("%.0fM", v/1e6)
}

// words are all the numbers of the chart, for those who do not see it.
func (c chart) words() string {
	parts := make([]string, len(c.v.Series))
	for i, p := range c.v.Series {
		_, n := weekNumber(p.Week)
		parts[i] = "week " + n + " " + value(p.Value, c.v.Result.Money, c.v.Currency)
	}
	usual := "Usual range: too little data yet."
	if u := c.v.Result.Usual; u.Known {
		exact := func(x float64) string { return value(int64(math.Round(x)), c.v.Result.Money, c.v.Currency) }
		usual = "Usual for the last one: " + exact(u.Low) + " to " + exact(u.High) + "."
	}
	return plain(c.title()+": "+strings.Join(parts, ", ")+". "+usual, 1900)
}
