package wordpress

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"koira/engine"
)

// post is what the REST API tells of one post in the context "edit".
type post struct {
	ID      int64  `json:"id"`
	DateGMT string `json:"date_gmt"`
	Slug    string `json:"slug"`
	Status  string `json:"status"` // publish, future, draft, pending, private, trash
	Link    string `json:"link"`
	Title   raw    `json:"title"`
	Content raw    `json:"content"`
}

type raw struct {
	Raw string `json:"raw"`
}

// fields keeps answers small: without it each post carries some 2 kB of links.
const fields = "id,date_gmt,slug,status,link,title,content"

func (p post) ref() engine.Ref {
	r := engine.Ref{ID: strconv.FormatInt(p.ID, 10)}
	if p.public() {
		r.URL = p.Link
	}
	return r
}

func (p post) receipt() engine.Receipt {
	at, err := time.Parse("2006-01-02T15:04:05", p.DateGMT)
	if err != nil {
		return engine.Receipt{Ref: p.ref()} // live, only since when is not known
	}
	return engine.Receipt{Ref: p.ref(), At: at}
}

func (p post) public() bool { return p.Status == "publish" }

// holds reports whether p says exactly t.
func (p post) holds(t text) bool { return p.Title.Raw == t.Title && p.Content.Raw == t.Content }

// marker is how koira knows its own posts: an HTML comment with the key and a hash of the approved bytes.
var marker = regexp.MustCompile(`<!-- koira ([0-9A-Za-z-]+) ([0-9a-f]{64}) -->`)

// key returns the key in p's marker, "" when koira did not make p.
func (p post) key() string {
	if m := marker.FindStringSubmatch(p.Content.Raw); m != nil {
		return m[1]
	}
	return ""
}

// marked returns what goes on the wire for i: its bytes' title and content, the marker inside the last paragraph, where WordPress makes no
// empty paragraph of it.
func marked(i engine.Intent) (text, error) {
	t, err := decode(i.Bytes)
	if err != nil {
		return t, err
	}
	if !keys.MatchString(i.Key) {
		return t, engine.Errorf(engine.CodeInvalid, "The key %q does not fit into a web address.", i.Key)
	}
	sum := sha256.Sum256(i.Bytes)
	body, end := strings.CutSuffix(t.Content, "</p>")
	t.Content = body + fmt.Sprintf("<!-- koira %s %s -->", i.Key, hex.EncodeToString(sum[:]))
	if end {
		t.Content += "</p>"
	}
	return t, nil
}

var keys = regexp.MustCompile(`^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$`) // no "--", which would end the comment early, and nothing that a slug loses

// slug is the post's address on the site. It is no unique key to WordPress, which turns a repeat into slug-2.
func slug(key string) string { return "koira-" + strings.ToLower(key) }

// slugs lists where posts of key may stand, repeats included.
func slugs(key string) string {
	s := slug(key)
	return s + "," + s + "-2," + s + "-3"
}
