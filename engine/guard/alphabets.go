package guard

import (
	"fmt"

	"koira/engine"
)

// alphabets warns of text in an alphabet that the business does not write: by its own facts, examples and name. Look-alike letters are such text.
func alphabets(l *look) []engine.Finding {
	for i := range l.fields {
		f := &l.fields[i]
		foreign := f.raw.scripts &^ l.sheet.scripts
		if foreign == 0 {
			continue
		}
		for _, p := range f.raw.pieces {
			if p.is&isHigh == 0 {
				continue
			}
			if s := scriptsOf(f.raw.text[p.at:p.end]) & foreign; s != 0 {
				return []engine.Finding{{
					Outcome:  engine.Warn,
					Evidence: fmt.Sprintf("It says %s (%s), with letters of an alphabet that you do not write: %s.", quote(around(&f.raw, p.at, p.end)), l.where(f), scriptName(s)),
					Remedy:   "See whether the words are meant to be there.",
				}}
			}
		}
	}
	return nil
}

func scriptsOf(word string) uint16 {
	var set uint16
	for _, r := range word {
		set |= scriptOf(r)
	}
	return set
}
