package workspace

// element is one interactive element of any kind.
type element struct {
	Type        string        `json:"type"`
	ActionID    string        `json:"action_id"`
	Text        textObject    `json:"text"`
	Value       string        `json:"value"`
	URL         string        `json:"url"`
	Style       string        `json:"style"`
	Access      string        `json:"accessibility_label"`
	Confirm     *confirmation `json:"confirm"`
	Placeholder *textObject   `json:"placeholder"`

	Options             []option       `json:"options"`
	OptionGroups        []optionGroup  `json:"option_groups"`
	InitialOption       *option        `json:"initial_option"`
	InitialOptions      []option       `json:"initial_options"`
	MaxSelected         int            `json:"max_selected_items"`
	InitialUser         string         `json:"initial_user"`
	InitialUsers        []string       `json:"initial_users"`
	InitialChannel      string         `json:"initial_channel"`
	InitialConversation string         `json:"initial_conversation"`
	InitialDate         string         `json:"initial_date"`
	InitialTime         string         `json:"initial_time"`
	InitialDateTime     int64          `json:"initial_date_time"`
	InitialValue        string         `json:"initial_value"`
	Multiline           bool           `json:"multiline"`
	MinLength           int            `json:"min_length"`
	MaxLength           int            `json:"max_length"`
	MinValue            string         `json:"min_value"`
	MaxValue            string         `json:"max_value"`
	Decimal             bool           `json:"is_decimal_allowed"`
	Focus               bool           `json:"focus_on_load"`
	Dispatch            dispatchConfig `json:"dispatch_action_config"`

	picture
}

type option struct {
	Text        textObject  `json:"text"`
	Value       string      `json:"value"`
	Description *textObject `json:"description"`
	URL         string      `json:"url"`
}

type optionGroup struct {
	Label   textObject `json:"label"`
	Options []option   `json:"options"`
}

type dispatchConfig struct {
	On []string `json:"trigger_actions_on"`
}

// confirmation asks before an action is sent.
type confirmation struct {
	Title   textObject `json:"title"`
	Text    textObject `json:"text"`
	Confirm textObject `json:"confirm"`
	Deny    textObject `json:"deny"`
	Style   string     `json:"style"`
}

// slot is where an element stands.
type slot struct {
	block    string
	label    string // the words beside it, for readers who hear the page
	sends    bool   // its use is sent at once, not with a form
	labelled bool   // a visible label names it
	required bool
	about    string // ids of its hint and error
	invalid  bool
}

// controlDrawers is every interactive element that the page draws. To add one: write it, add a row, add a row to
// TestEveryControlIsDrawn.
var controlDrawers = map[string]func(*pen, element, slot){
	"button":                     drawButton,
	"overflow":                   drawOverflow,
	"image":                      func(p *pen, e element, _ slot) { p.picture(e.picture, "thumb") },
	"static_select":              drawSelect,
	"users_select":               drawSelect,
	"channels_select":            drawSelect,
	"conversations_select":       drawSelect,
	"multi_static_select":        drawChoices,
	"multi_users_select":         drawChoices,
	"multi_channels_select":      drawChoices,
	"multi_conversations_select": drawChoices,
	"checkboxes":                 drawChoices,
	"radio_buttons":              drawChoices,
	"plain_text_input":           drawTextInput,
	"number_input":               drawNumberInput,
	"url_text_input":             drawTextInput,
	"email_text_input":           drawTextInput,
	"datepicker":                 drawPicker,
	"timepicker":                 drawPicker,
	"datetimepicker":             drawPicker,
}

// control draws one element, and its confirm dialog beside it.
func (p *pen) control(e element, s slot) {
	draw, known := controlDrawers[e.Type]
	if !known {
		p.notDrawn("element", e.Type)
		return
	}
	p.open("div", "class", "control "+cssWord(e.Type), "data-key", e.ActionID)
	draw(p, p.restored(e, s.block), s)
	if e.Confirm != nil {
		p.confirm(*e.Confirm, p.fieldID(s, e)+"confirm")
	}
	p.end("div")
}

// cssWord lets only known types become a class; the caller has looked the type up.
func cssWord(kind string) string { return "is-" + kind }

// hooks are the attributes by which the script finds an element and knows what its use means.
func (p *pen) hooks(e element, s slot) []string {
	return with(
		[]string{"data-block", s.block, "data-action", e.ActionID, "data-type", e.Type},
		flag("data-sends", s.sends), flag("data-confirm", e.Confirm != nil),
	)
}

func (p *pen) fieldID(s slot, e element) string { return domID(p.key, s.block, e.ActionID) }

// typed are the attributes that every field to type or choose in shares.
func (p *pen) typed(e element, s slot) []string {
	label := ""
	if !s.labelled {
		label = e.name(s)
	}
	return with(p.hooks(e, s), []string{"id", p.fieldID(s, e)}, given("aria-label", label), given("aria-describedby", s.about),
		flag("required", s.required), given("aria-invalid", map[bool]string{true: "true"}[s.invalid]), flag("data-focus", e.Focus))
}

// name is what a reader hears when no label stands beside the element.
func (e element) name(s slot) string {
	switch {
	case e.Access != "":
		return e.Access
	case s.label != "":
		return s.label
	case e.Placeholder != nil:
		return plain(*e.Placeholder)
	}
	return e.ActionID
}

func drawButton(p *pen, e element, s slot) {
	p.button(e, s, plain(e.Text), e.Value, e.URL)
}

// button draws a button, or a link that looks like one: Slack tells the app about both.
func (p *pen) button(e element, s slot, label, value, address string) {
	class := "button"
	if e.Style == "primary" || e.Style == "danger" {
		class += " " + e.Style
	}
	attrs := with([]string{"class", class}, p.hooks(e, s), []string{"data-value", value}, given("aria-label", e.Access))
	if address != "" && p.link(address, attrs...) {
		p.text(label + " ↗")
		p.end("a")
		return
	}
	p.element("button", label, with([]string{"type", "button"}, attrs)...)
}

func drawOverflow(p *pen, e element, s slot) {
	p.open("details", "class", "overflow")
	p.open("summary", "class", "button", "aria-label", "More actions")
	p.element("span", "⋯", "aria-hidden", "true")
	p.end("summary")
	p.open("div", "class", "menu")
	for _, o := range e.Options {
		p.button(element{Type: e.Type, ActionID: e.ActionID, Confirm: e.Confirm}, s, plain(o.Text), o.Value, o.URL)
	}
	p.end("div", "details")
}

// confirm draws the dialog that opens before an action with a confirmation is sent.
func (p *pen) confirm(c confirmation, id string) {
	p.open("dialog", "class", "confirm", "aria-labelledby", id)
	p.element("h2", plain(c.Title), "id", id)
	p.open("div", "class", "words")
	p.words(c.Text)
	p.end("div")
	class := "button primary"
	if c.Style == "danger" {
		class = "button danger"
	}
	p.open("div", "class", "actions")
	p.element("button", plain(c.Deny), "type", "button", "class", "button", "data-answer", "no")
	p.element("button", plain(c.Confirm), "type", "button", "class", class, "data-answer", "yes")
	p.end("div", "dialog")
}
