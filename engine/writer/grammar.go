package writer

// The grammar's only rule of taste: its own words carry no fact. Everything that can be true or false (what, when, how much, how good, how
// new) comes out of a slot, and every slot is filled from the brief:
//
//	{fact}      the next fact as a sentence        {number}   a fact that holds a number
//	{list}      two or more of the facts left, as a list      {offer}  the offer as a sentence
//	{theme}     the theme inside a sentence        {Theme}    the theme at the beginning of one
//	{business}  its name                           {we} {We} {us}  as the voice speaks
//	{lead}      the first line, in the subject's style
//
// [a|b] is a choice among those whose slots can be filled. A paragraph whose slots cannot all be filled is left out.

// frame is one arrangement of a text: its paragraphs. One that needs more facts than there are is not used.
type frame []string

// leads are first lines of a social post, by subject style. Those of a style are used only for that style.
var leads = map[string][]string{
	"plain": {
		"{fact}",
		"Good to know: {fact}",
		"Just so you know: {fact}",
		"A small note from {business}: {fact}",
		"A word about {theme}: {fact}",
		"Worth a mention: {fact}",
	},
	"question": {
		"Did you know? {fact}",
		"Have you heard? {fact}",
		"Thinking about {theme}? {fact}",
		"Curious about {theme}? {fact}",
		"Did {we} mention? {fact}",
		"Have {we} told you about {theme}? {fact}",
	},
	"number": {
		"In numbers: {number}",
		"Numbers first: {number}",
		"A number to remember: {number}",
		"{Theme} in numbers: {number}",
		"By the numbers: {number}",
	},
	"invitation": {
		"You are invited. {fact}",
		"You are invited to {business}. {fact}",
		"Come and see {us}. {fact}",
		"Consider this your invitation. {fact}",
		"This one is for you. {fact}",
		"Come along. {fact}",
	},
}

// shortLeads stand in for the number style when no fact holds a number.
var shortLeads = []string{"In short: {fact}", "The short version: {fact}", "To keep it short: {fact}", "Briefly: {fact}"}

// subjects are subjects and titles, by subject style.
var subjects = map[string][]string{
	"plain": {
		"{Theme} at {business}",
		"{Theme}: good to know",
		"A word about {theme}",
		"A note about {theme} from {business}",
		"{Theme}: a note from {business}",
		"A note from {business}",
		"Good to know, from {business}",
	},
	"question": {
		"Have you heard about {theme}?",
		"Curious about {theme}?",
		"What would you like to know about {theme}?",
		"{Theme}: did you know?",
		"Have you heard this from {business}?",
		"Did you know this about {business}?",
	},
	"number": {
		"{number}",
		"{Theme} in numbers",
		"{Theme}, by the numbers",
		"In numbers: {theme}",
		"{business} in numbers",
	},
	"invitation": {
		"You are invited: {theme}",
		"An invitation from {business}: {theme}",
		"{Theme}: you are invited",
		"Come and see: {theme}",
		"You are invited to {business}",
		"An invitation from {business}",
	},
}

// shortSubjects stand in for the number style when no fact holds a number.
var shortSubjects = []string{"{Theme}, in short", "In short: {theme}", "{business}, in short", "Briefly, from {business}"}

const (
	hello  = "[Hello,|Hi,|Good day,|Hello there,]"
	opener = "[A short note about {theme}.|{We} would like to tell you about {theme}.|This letter is about {theme}.|" +
		"A short note from {us} at {business}.|Here is what {we} would like you to know.]"
	bye   = "[Warmly,|All the best,|With warm regards,|Until next time,|Thank you for reading,]  \n{business}"
	begin = "[A few words about {theme}.|This is a short read about {theme}.|{Theme}: here is what {we} would like you to know.|" +
		"A few words from {us} at {business}.|{We} would like to tell you about {theme}.]"
	ask  = "[Is something unclear? Just ask {us}.|If you have a question, ask {us}.|Thank you for reading.|Any questions? Just ask.]"
	also = "[Also good to know|And also|A little more]"
	deal = "[On offer|For you|The offer]: {offer}"
)

var socialFrames = []frame{
	{"{lead}", deal},
	{"{lead} {fact}", deal},
	{"{lead}", "{fact}", deal},
	{"{lead}", "[Also good to know|One more thing|And while you are here]: {fact}", deal},
	{"{lead}", "{fact} {fact}", deal},
	{"{lead}", deal, "[Warmly, {business}|All the best, {business}|Yours, {business}]"},
	{"{lead}", "{fact}", deal, "[Warmly, {business}|All the best, {business}|Yours, {business}]"},
	{"{lead} {fact} {fact}", deal},
	{"{lead}", deal, "Tell a friend who would like to know."},
}

// Letters and articles come with one, two and three facts and more: those that need most of what there is are used.
var emailFrames = []frame{
	{hello, opener, "{fact}", deal, bye},
	{hello, "{fact}", deal, "That is all from {us}.", bye},
	{hello, opener, "{fact} {fact}", deal, bye},
	{hello, opener, "{fact}", "Also good to know: {fact}", deal, bye},
	{hello, "{fact}", "{fact}", "{fact}", deal, bye},
	{hello, opener, "{fact}", "{fact} {fact}", deal, "[If you have a question, just ask {us}.|Is something unclear? Just ask {us}.]", bye},
	{hello, opener, "{fact} {fact}", "Also good to know: {fact}", deal, bye},
	{hello, deal, opener, "{fact} {fact}", "{fact}", bye},
	{hello, opener, "{fact}", also + ":", "{list}", deal, bye},
	{hello, "{fact}", also + ":", "{list}", deal, "That is all from {us}.", bye},
	{hello, deal, opener, "{fact}", also + ":", "{list}", bye},
}

var blogFrames = []frame{
	{begin, "{fact}", deal, ask},
	{"{fact}", deal, ask},
	{begin, "{fact}", "{fact}", deal, ask},
	{"{fact}", begin, "{fact}", deal, ask},
	{begin, "{fact}", "## [Good to know|The details|In short]", "{list}", "## [Before you go|For you]\n\n{offer}", ask},
	{"{fact}", "## [A little more about {theme}|A little more|Good to know]", "{fact} {fact}", deal, ask},
	{begin, "{fact}", "## [In short|The details|Good to know]", "{list}", deal, ask},
	{"{fact} {fact}", "## [And also|Good to know]", "{list}", "## [Before you go|For you]\n\n{offer}", ask},
	{begin, "{fact}", "{fact} {fact}", deal, ask},
	{begin, "{fact} {fact}", "## [And also|A little more]", "{fact}", deal, ask},
	{"{fact}", also + ":", "{list}", deal, ask},
}
