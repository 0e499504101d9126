package guard

// drawn lists, for each Latin letter, the letters of other alphabets and the odd Latin ones that are drawn like it: what Unicode's table of
// confusables (UTS #39, confusables.txt, version 15) has for Latin, Cyrillic, Greek, Armenian, Cherokee and Coptic, and the ones that
// people use for show (small capitals, "И" for N, "Я" for R). Full-width, mathematical, circled and accented letters are not here: they
// decompose (NFKD).
var drawn = map[rune]string{
	'a': "ɑΑΛαλАаᎪᴀ",
	'b': "ßƀƄʙΒВЬвᏏᏴꞴ",
	'c': "ϲϹСсҫᏟᴄⲤⲥꮯ",
	'd': "ðđԁᎠᏧᴅ",
	'e': "ΕεЕеэєҽᎬᴇꬲ",
	'f': "ϜքẝꜰꞘꞙꬵ",
	'g': "ƍɡɢԌցᏀᏳᶃ",
	'h': "ħʜΗНнһհᎻᏂⲎ",
	'i': "ıƖɩɪΙιІіїӀӏᎥꙇꭵ",
	'j': "ͿϳЈјᎫᴊꞲ",
	'k': "ΚκКкᏦᴋⲔ",
	'l': "łǀʟᏞⲒⳐ",
	'm': "ΜϺМмᎷᴍⲘ",
	'n': "ɴΝηИипոռⲚ",
	'o': "øΟθοσОоөՕօᴏᴑⲞⲟꬽ",
	'p': "þΡρϱРрᏢᴘⲢⲣ",
	'q': "ԛգզ",
	'r': "ƦʀгЯяᎡᏒᴦⲅꭇꭈꮁ",
	's': "ƽЅѕՏᏕᏚꜱꮪ",
	't': "ΤτТтᎢᴛⲦ",
	'u': "ʋμυцՍսᴜꞟꭎꭒ",
	'v': "νѴѵᏙᴠꮩ",
	'w': "ɯωшщѡԜԝաᎳᏔᴡꮃ",
	'x': "ΧχХжхⲬꞳ",
	'y': "ɣʏΥγϒУучҮүᎩᎽᶌỿⲨꭚ",
	'z': "ΖᏃᴢꮓ",
}

// alike is drawn the other way round.
var alike = func() map[rune]rune {
	m := map[rune]rune{}
	for latin, letters := range drawn {
		for _, r := range letters {
			m[r] = latin
		}
	}
	return m
}()

// symbol returns the letter that a lettered symbol shows ("🅰", "🇸", "Ⓢ" in black), 0 for none.
func symbol(r rune) rune {
	switch {
	case r >= 0x1F150 && r <= 0x1F169: // black circles
		return 'a' + r - 0x1F150
	case r >= 0x1F170 && r <= 0x1F189: // black squares
		return 'a' + r - 0x1F170
	case r >= 0x1F1E6 && r <= 0x1F1FF: // the halves of flags
		return 'a' + r - 0x1F1E6
	}
	return 0
}
