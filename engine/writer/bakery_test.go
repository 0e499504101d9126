package writer

import (
	"time"

	"koira/engine"
)

// bakery is a brief as the loop gives it: a small bakery, a theme with five facts.
func bakery(kind engine.Kind, style string, seed uint64) engine.Brief {
	limit := 0
	if kind == engine.KindSocial {
		limit = 300
	}
	return engine.Brief{
		Seed:     seed,
		Business: engine.Business{Name: "Leipä & Co", About: "A small bakery in Helsinki.", Zone: "Europe/Helsinki", Currency: "EUR", Link: "https://leipa.example"},
		Voice:    engine.Voice{Tone: "plain and warm", Person: "we", Examples: []string{"We bake what we like to eat."}},
		Rules:    engine.VoiceRule{Banned: []string{"artisanal"}},
		Task:     "daily-social",
		Kind:     kind,
		Limit:    limit,
		Segment:  engine.Segment{Key: "locals", Name: "People in the neighbourhood", Size: 1240},
		Theme:    engine.Theme{Key: "rye", Text: "rye bread", Facts: []string{"batch", "dough", "price", "hours", "oven"}},
		Facts: []engine.Fact{
			{Key: "batch", Text: "On Saturdays we bake a second batch of rye at 10"},
			{Key: "dough", Text: "Our sourdough starter is from 1987."},
			{Key: "price", Text: "A loaf of rye costs €4.20"},
			{Key: "hours", Text: "We are open from Tuesday to Saturday, 7 to 17."},
			{Key: "oven", Text: "The oven is heated with birch wood."},
			{Key: "secret", Text: "Buns are half price on Mondays."},
		},
		CallToAction: engine.CallToAction{Key: "reserve", Text: "Reserve your loaf", Link: "https://leipa.example/reserve"},
		Style:        style,
		Slot:         time.Date(2025, 11, 25, 7, 10, 0, 0, time.UTC),
		Date:         "Tuesday 25 November",
		Variants:     1,
	}
}
