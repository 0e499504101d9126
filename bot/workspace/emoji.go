package workspace

import (
	"regexp"
	"strconv"
	"strings"
)

// emoji are the shortcodes that the page draws; any other stays as it was written, so that a wrong name shows.
var emoji = map[string]string{
	"+1": "👍", "-1": "👎", "alarm_clock": "⏰", "arrow_down": "⬇️", "arrow_left": "⬅️", "arrow_right": "➡️", "arrow_up": "⬆️",
	"bar_chart": "📊", "bell": "🔔", "bread": "🍞", "bulb": "💡", "calendar": "📆", "chart_with_downwards_trend": "📉",
	"chart_with_upwards_trend": "📈", "clock9": "🕘", "clipboard": "📋", "construction": "🚧", "croissant": "🥐", "double_vertical_bar": "⏸️",
	"email": "📧", "exclamation": "❗", "eyes": "👀", "fire": "🔥", "grey_question": "❔", "hammer_and_wrench": "🛠️", "heart": "❤️",
	"heavy_check_mark": "✔️", "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "information_source": "ℹ️", "large_blue_circle": "🔵",
	"large_green_circle": "🟢", "large_yellow_circle": "🟡", "link": "🔗", "lock": "🔒", "mag": "🔍", "mag_right": "🔎", "memo": "📝",
	"moneybag": "💰", "money_with_wings": "💸", "no_entry": "⛔", "octagonal_sign": "🛑", "pencil2": "✏️", "pushpin": "📌",
	"question": "❓", "recycle": "♻️", "red_circle": "🔴", "robot_face": "🤖", "seedling": "🌱", "shield": "🛡️", "smile": "😄",
	"sparkles": "✨", "speech_balloon": "💬", "star": "⭐", "tada": "🎉", "thinking_face": "🤔", "thumbsdown": "👎", "thumbsup": "👍",
	"unlock": "🔓", "warning": "⚠️", "wave": "👋", "white_check_mark": "✅", "wrench": "🔧", "x": "❌", "zap": "⚡",
}

var shortcode = regexp.MustCompile(`:[a-z0-9_+'-]+:(:skin-tone-[2-6]:)?`)

// emojify draws the known shortcodes of s.
func emojify(s string) string {
	if !strings.Contains(s, ":") {
		return s
	}
	return shortcode.ReplaceAllStringFunc(s, func(code string) string {
		name, _, _ := strings.Cut(code[1:], ":")
		if drawn, ok := emoji[name]; ok {
			return drawn
		}
		return code
	})
}

// codepoints draws the "unicode" of a rich text emoji, hexadecimal code points joined by hyphens; "" when it is none.
func codepoints(hex string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(hex, "-") {
		n, err := strconv.ParseUint(part, 16, 21)
		if err != nil {
			return ""
		}
		b.WriteRune(rune(n))
	}
	return b.String()
}
