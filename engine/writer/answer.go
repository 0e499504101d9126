package writer

import (
	"errors"
	"fmt"
	"strings"

	"koira/engine"
)

// Bounds of an answer, in characters; far above what anybody would publish.
const (
	subjectMost = 150
	bodyMost    = 20_000
	altMost     = 1_000
	doubtMost   = 300
)

// copyFrom makes copy of a model's answer, which is a stranger's input: it is cleaned, counted and searched for addresses, and the ask is
// the brief's, whatever the model says. The error is for the model to mend its answer by.
func copyFrom(a copyAnswer, b engine.Brief, variants, most int) (engine.Copy, error) {
	if len(a.Variants) != variants {
		return engine.Copy{}, fmt.Errorf("there are %d variants; %d are wanted", len(a.Variants), variants)
	}
	if most == 0 {
		most = bodyMost
	}
	c := engine.Copy{Doubt: quote(oneLine(a.Doubt), doubtMost)}
	for i, x := range a.Variants {
		v := engine.Variant{
			Name: letters[i : i+1], Subject: oneLine(x.Subject), Body: strings.TrimSpace(clean(x.Body)), AltText: oneLine(x.AltText),
			CallToAction: b.CallToAction.Text,
		}
		if b.Kind == engine.KindSocial {
			v.Subject = ""
		}
		if err := sound(v, b, most); err != nil {
			return engine.Copy{}, fmt.Errorf("variant %s: %w", v.Name, err)
		}
		if used(v, c.Variants) {
			return engine.Copy{}, fmt.Errorf("variant %s repeats another one", v.Name)
		}
		c.Variants = append(c.Variants, v)
	}
	return c, nil
}

func sound(v engine.Variant, b engine.Brief, most int) error {
	switch {
	case v.Body == "":
		return errors.New("its body is empty")
	case v.Subject == "" && b.Kind != engine.KindSocial:
		return errors.New("its subject is empty")
	case characters(v.Body) > most:
		return fmt.Errorf("its body has %d characters; at most %d are allowed", characters(v.Body), most)
	case characters(v.Subject) > subjectMost:
		return fmt.Errorf("its subject has %d characters; at most %d are allowed", characters(v.Subject), subjectMost)
	case characters(v.AltText) > altMost:
		return fmt.Errorf("its alt_text has %d characters; at most %d are allowed", characters(v.AltText), altMost)
	}
	for _, text := range []string{v.Subject, v.Body, v.AltText} {
		if found := addresses(text, b.Business.Name); found != nil {
			return fmt.Errorf("it holds a link or an address, which only the program may add: %q", found[0])
		}
		if repeats(text) {
			return errors.New("it repeats its instructions")
		}
	}
	return nil
}

// opinionFrom makes an opinion of a model's answer.
func opinionFrom(a opinionAnswer, variants []engine.Variant) (engine.Opinion, error) {
	o := engine.Opinion{Score: a.Score}
	for _, r := range a.Reasons {
		o.Reasons = append(o.Reasons, engine.Reason{Words: clean(r.Words), About: engine.Aspect(r.About)})
	}
	return o.Checked(variants)
}
