// For terminals that have no more than ASCII: each sign that the program itself draws as one that they have, of the same
// width. Letters of other languages are left alone: such a terminal shows its user's language or it does not.
const plain: Readonly<Record<string, string>> = {
	'…': '~',
	'’': "'",
	'‘': "'",
	'“': '"',
	'”': '"',
	'–': '-',
	'—': '-',
	'•': '*',
	'·': '-',
	'→': '>',
	'↑': '^',
	'↓': 'v',
	'❯': '>',
	'›': '>',
	'✔': '+',
	'✖': 'x',
	'▏': '|',
}

/** The text with the program's own signs in ASCII. */
export function toAscii(text: string): string {
	return text.replace(/[…’‘“”–—•·→↑↓❯›✔✖▏]/g, sign => plain[sign] ?? sign)
}
