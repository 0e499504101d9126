package guard

import (
	"embed"
	"path"
	"slices"
	"strings"
)

// Pack is a set of subjects that a business may block as one. An owner may let a single piece pass it; own subjects nobody waives.
type Pack struct {
	Name        string // "legal"
	Description string // "Legal matters: courts, claims, rights and contracts"
	Terms       []string
	plain       []string // phrases in which its words mean nothing: "patent leather"
}

// Competitors is the pack of the names in TopicRule.Competitors. Its list is a business's own, and may be empty.
const Competitors = "competitors"

//go:embed packs/*.txt
var packFiles embed.FS

// packs are read from packs/: a file is a pack, and its name the pack's. Its first line is "# " and the description, each other line a term,
// or "- " and a phrase in which the terms mean nothing. To add one: a file there, and lines of it in testdata/sentences.tsv.
var packs = func() []Pack {
	entries, err := packFiles.ReadDir("packs")
	if err != nil {
		panic(err) // they are part of the program
	}
	all := []Pack{{Name: Competitors, Description: "Competitors, by the names that you list"}}
	for _, e := range entries {
		text, err := packFiles.ReadFile(path.Join("packs", e.Name()))
		if err != nil {
			panic(err)
		}
		all = append(all, newPack(strings.TrimSuffix(e.Name(), ".txt"), string(text)))
	}
	slices.SortFunc(all, func(a, b Pack) int { return strings.Compare(a.Name, b.Name) })
	return all
}()

func newPack(name, text string) Pack {
	p := Pack{Name: name}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case p.Description == "":
			p.Description = strings.TrimPrefix(line, "# ")
		case strings.HasPrefix(line, "- "):
			p.plain = append(p.plain, line[2:])
		default:
			p.Terms = append(p.Terms, line)
		}
	}
	return p
}

// Packs lists the packs of subjects that can be blocked, by name.
func Packs() []Pack { return slices.Clone(packs) }

func pack(name string) (Pack, bool) {
	i := slices.IndexFunc(packs, func(p Pack) bool { return p.Name == name })
	if i < 0 {
		return Pack{}, false
	}
	return packs[i], true
}
