package workspace

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readable are the pairs of ink and ground that stand on each other somewhere on the page, and the contrast that WCAG AA asks for them.
var readable = []struct {
	ink, ground string
	least       float64
}{
	{"ink", "ground", 4.5}, {"ink", "sheet", 4.5}, {"ink", "sunken", 4.5}, {"ink", "tinted", 4.5}, {"ink", "mark", 4.5}, {"ink", "private", 4.5},
	{"soft", "ground", 4.5}, {"soft", "sheet", 4.5}, {"soft", "tinted", 4.5}, {"soft", "private", 4.5}, {"soft", "sunken", 4.5},
	{"link", "ground", 4.5}, {"link", "sheet", 4.5}, {"link", "private", 4.5},
	{"danger", "sheet", 4.5}, {"danger", "blush", 4.5}, {"danger", "ground", 4.5},
	{"on-accent", "accent", 4.5}, {"on-danger", "danger", 4.5},
	{"edge", "sheet", 3}, {"edge", "ground", 3}, {"focus", "sheet", 3}, {"focus", "ground", 3}, {"private-edge", "private", 3},
}

func TestColoursAreReadable(t *testing.T) {
	css, err := pageFiles.ReadFile("page/page.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("there are no colours for the dark")
	}
	dark, _, _ = strings.Cut(dark, "\n}\n")
	for name, scheme := range map[string]string{"light": light, "dark": dark} {
		colours := coloursOf(scheme)
		for _, pair := range readable {
			ink, ground := colours[pair.ink], colours[pair.ground]
			if ink == "" || ground == "" {
				t.Errorf("%s: %s or %s is missing", name, pair.ink, pair.ground)
				continue
			}
			if got := contrast(ink, ground); got < pair.least {
				t.Errorf("%s: %s on %s has %.2f, needs %.1f", name, pair.ink, pair.ground, got, pair.least)
			}
		}
	}
}

func coloursOf(css string) map[string]string {
	all := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
		all[m[1]] = m[2]
	}
	return all
}

// contrast is WCAG 2.2's contrast ratio of two colours.
func contrast(a, b string) float64 {
	low, high := luminance(a), luminance(b)
	if low > high {
		low, high = high, low
	}
	return (high + 0.05) / (low + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
