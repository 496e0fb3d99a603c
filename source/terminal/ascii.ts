// For ASCII terminals: replaces each symbol that the program itself draws by an ASCII one of the same width. Letters of
// other languages are kept: such a terminal can show its user's language or not.
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

/** The text with the program's own symbols in ASCII. */
export function toAscii(text: string): string {
	return text.replace(/[…’‘“”–—•·→↑↓❯›✔✖▏]/g, sign => plain[sign] ?? sign)
}
