// Stands for the four copies of ansi-styles in the bundle: what ends what, for the packages that take styled text apart.
// chalk.ts has the names.

/** Start → end of what an SGR code switches on. */
export const codes = new Map([
	[0, 0],
	[1, 22],
	[2, 22],
	[3, 23],
	[4, 24],
	[53, 55],
	[7, 27],
	[8, 28],
	[9, 29],
])
for (let color = 0; color < 8; color++) {
	for (const first of [30, 90]) codes.set(first + color, 39)
	for (const first of [40, 100]) codes.set(first + color, 49)
}

const ansi = (code: number): string => `\u001b[${code}m`

export default {
	codes,
	color: { ansi, close: ansi(39) },
	bgColor: { ansi, close: ansi(49) },
	reset: { open: ansi(0) },
	bold: { open: ansi(1) },
	dim: { open: ansi(2) },
}
