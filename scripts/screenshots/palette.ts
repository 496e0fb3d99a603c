// The colors of the screenshots: the 16 that terminals share, readable on a light page and on a dark one.

export type Scheme = {
	/** The window: background, title bar, border, the dots in the bar, ordinary text. */
	readonly background: string
	readonly bar: string
	readonly border: string
	readonly muted: string
	readonly text: string
	/** ANSI colors 0–15. */
	readonly ansi: readonly string[]
}

export const light: Scheme = {
	background: '#ffffff',
	bar: '#f6f8fa',
	border: '#d0d7de',
	muted: '#6e7781',
	text: '#1f2328',
	ansi: [
		...['#24292f', '#cf222e', '#116329', '#7d4e00', '#0969da', '#8250df', '#1b7c83', '#6e7781'],
		...['#57606a', '#a40e26', '#1a7f37', '#9a6700', '#0550ae', '#6639ba', '#136061', '#424a53'],
	],
}

export const dark: Scheme = {
	background: '#0d1117',
	bar: '#161b22',
	border: '#30363d',
	muted: '#8b949e',
	text: '#e6edf3',
	ansi: [
		...['#8b949e', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
		...['#8b949e', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
	],
}

/** One of xterm's 256 colors beyond the first 16, as `#rrggbb`: a cube of 6×6×6, then 24 greys. */
export function fixedColour(index: number): string {
	const levels = [0, 95, 135, 175, 215, 255]
	const cube = index - 16
	const parts =
		index >= 232
			? [8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10]
			: [levels[Math.floor(cube / 36)] ?? 0, levels[Math.floor(cube / 6) % 6] ?? 0, levels[cube % 6] ?? 0]
	return `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`
}

/** Contrast of two colors `#rrggbb` from 1 to 21, as WCAG 2 defines it. */
export function contrast(one: string, other: string): number {
	const luminance = (color: string) => {
		const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
			const part = Number.parseInt(color.slice(start, start + 2), 16) / 255
			return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
		})
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue
	}
	const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
	return (lighter + 0.05) / (darker + 0.05)
}
