package workspace

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// inputBlock is a labelled field.
type inputBlock struct {
	Label    textObject  `json:"label"`
	Hint     *textObject `json:"hint"`
	Element  element     `json:"element"`
	Optional bool        `json:"optional"`
	Dispatch bool        `json:"dispatch_action"`
}

// grouped are the elements of several controls: they need a legend where others need a label.
func grouped(kind string) bool {
	switch kind {
	case "checkboxes", "radio_buttons", "multi_static_select", "multi_users_select", "multi_channels_select", "multi_conversations_select":
		return true
	}
	return false
}

func drawInput(p *pen, b block) error {
	var in inputBlock
	if err := json.Unmarshal(b.raw, &in); err != nil {
		return err
	}
	id := domID(p.key, b.ID, in.Element.ActionID)
	fault := p.errors[b.ID]
	s := slot{block: b.ID, label: plain(in.Label), labelled: true, sends: in.Dispatch, required: !in.Optional, invalid: fault != "", about: id + "hint " + id + "error"}
	p.open("div", with([]string{"class", "field", "data-field", b.ID}, flag("data-invalid", s.invalid))...)
	if grouped(in.Element.Type) {
		p.open("fieldset", "aria-describedby", s.about)
		p.fieldName("legend", in)
		p.control(in.Element, s)
		p.end("fieldset")
	} else {
		p.fieldName("label", in, "for", id)
		p.control(in.Element, s)
	}
	if n := in.Element.MaxLength; n > 0 {
		p.element("p", strconv.Itoa(n)+" characters at most", "class", "count", "data-count", id, "data-max", strconv.Itoa(n))
	}
	p.open("p", "class", "hint", "id", id+"hint")
	if in.Hint != nil {
		p.text(plain(*in.Hint))
	}
	p.end("p")
	p.element("p", fault, "class", "error", "id", id+"error", "role", "alert")
	p.end("div")
	return nil
}

func (p *pen) fieldName(tag string, in inputBlock, attrs ...string) {
	p.open(tag, attrs...)
	p.text(plain(in.Label))
	if in.Optional {
		p.element("span", " (optional)", "class", "optional")
	}
	p.end(tag)
}

func drawTextInput(p *pen, e element, s slot) {
	attrs := with(p.typed(e, s), p.placeholder(e), given("maxlength", positive(e.MaxLength)), given("minlength", positive(e.MinLength)),
		[]string{"autocomplete", "off"}, flag("data-each-character", slices.Contains(e.Dispatch.On, "on_character_entered")))
	if e.Multiline {
		p.element("textarea", e.InitialValue, with(attrs, []string{"rows", "6"})...)
		return
	}
	kind := map[string]string{"url_text_input": "url", "email_text_input": "email"}[e.Type]
	if kind == "" {
		kind = "text"
	}
	p.open("input", with([]string{"type", kind, "value", e.InitialValue}, attrs)...)
}

func drawNumberInput(p *pen, e element, s slot) {
	step, mode := "1", "numeric"
	if e.Decimal {
		step, mode = "any", "decimal"
	}
	p.open("input", with([]string{"type", "number", "value", e.InitialValue, "step", step, "inputmode", mode},
		p.typed(e, s), p.placeholder(e), given("min", e.MinValue), given("max", e.MaxValue))...)
}

func drawPicker(p *pen, e element, s slot) {
	kind, value := "date", e.InitialDate
	switch e.Type {
	case "timepicker":
		kind, value = "time", e.InitialTime
	case "datetimepicker":
		kind, value = "datetime-local", ""
		if e.InitialDateTime != 0 {
			value = time.Unix(e.InitialDateTime, 0).In(p.now.Location()).Format(localTime)
		}
	}
	p.open("input", with([]string{"type", kind, "value", value}, p.typed(e, s))...)
}

// localTime is how a browser writes a date with a time.
const localTime = "2006-01-02T15:04"

func (p *pen) placeholder(e element) []string {
	if e.Placeholder == nil {
		return nil
	}
	return []string{"placeholder", plain(*e.Placeholder)}
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// choices gives an element's rows, grouped or not, people and channels included.
func (p *pen) choices(e element) []optionGroup {
	switch e.Type {
	case "users_select", "multi_users_select":
		return []optionGroup{{Options: p.peopleOptions()}}
	case "channels_select", "multi_channels_select", "conversations_select", "multi_conversations_select":
		return []optionGroup{{Options: p.channelOptions()}}
	}
	if len(e.OptionGroups) > 0 {
		return e.OptionGroups
	}
	return []optionGroup{{Options: e.Options}}
}

func (p *pen) peopleOptions() []option {
	var all []option
	for _, person := range p.people {
		all = append(all, option{Text: textObject{Text: "@" + person.Name}, Value: person.ID})
	}
	return all
}

func (p *pen) channelOptions() []option {
	var all []option
	for _, c := range p.rooms {
		all = append(all, option{Text: textObject{Text: "#" + c.Name}, Value: c.ID})
	}
	return all
}

// chosen are the values that an element starts with.
func (e element) chosen() []string {
	var all []string
	if e.InitialOption != nil {
		all = append(all, e.InitialOption.Value)
	}
	for _, o := range e.InitialOptions {
		all = append(all, o.Value)
	}
	for _, id := range append([]string{e.InitialUser, e.InitialChannel, e.InitialConversation}, e.InitialUsers...) {
		if id != "" {
			all = append(all, id)
		}
	}
	return all
}

func drawSelect(p *pen, e element, s slot) {
	chosen := e.chosen()
	p.open("select", p.typed(e, s)...)
	hint := "Choose…"
	if e.Placeholder != nil {
		hint = plain(*e.Placeholder)
	}
	p.element("option", hint, "value", "")
	for _, g := range p.choices(e) {
		grouped := plain(g.Label) != ""
		if grouped {
			p.open("optgroup", "label", plain(g.Label))
		}
		for _, o := range g.Options {
			label := plain(o.Text)
			if o.Description != nil {
				label += " · " + plain(*o.Description)
			}
			p.element("option", label, with([]string{"value", o.Value}, flag("selected", slices.Contains(chosen, o.Value)))...)
		}
		if grouped {
			p.end("optgroup")
		}
	}
	p.end("select")
}

// drawChoices draws one row for each option: radio buttons where one may be chosen, else checkboxes.
func drawChoices(p *pen, e element, s slot) {
	kind := "checkbox"
	if e.Type == "radio_buttons" {
		kind = "radio"
	}
	id, chosen := p.fieldID(s, e), e.chosen()
	p.open("div", with([]string{"class", "choices", "role", "group", "data-max-selected", strconv.Itoa(e.MaxSelected)}, given("aria-label", e.name(s)))...)
	for _, g := range p.choices(e) {
		if plain(g.Label) != "" {
			p.element("p", plain(g.Label), "class", "group")
		}
		for i, o := range g.Options {
			p.open("label")
			p.open("input", with([]string{"type", kind, "name", id, "id", id + "-" + strconv.Itoa(i) + domID(o.Value), "value", o.Value}, p.hooks(e, s),
				flag("checked", slices.Contains(chosen, o.Value)))...)
			p.open("span")
			p.words(o.Text)
			if o.Description != nil {
				p.open("span", "class", "description")
				p.words(*o.Description)
				p.end("span")
			}
			p.end("span", "label")
		}
	}
	p.end("div")
}
