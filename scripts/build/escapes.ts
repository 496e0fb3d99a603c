// Stands for ansi-escapes in the bundle: the sequences that Ink writes, of the hundred there.
const start = '\u001B['
const cursorUp = (count = 1): string => `${start}${count}A`
const cursorDown = (count = 1): string => `${start}${count}B`
const eraseLine = `${start}2K`

export default {
	cursorTo: (x: number, y?: number): string => (y === undefined ? `${start}${x + 1}G` : `${start}${y + 1};${x + 1}H`),
	cursorMove: (x: number, y = 0): string =>
		(x < 0 ? `${start}${-x}D` : x > 0 ? `${start}${x}C` : '') +
		(y < 0 ? `${start}${-y}A` : y > 0 ? `${start}${y}B` : ''),
	cursorUp,
	cursorDown,
	cursorNextLine: `${start}E`,
	eraseLines(count: number): string {
		const lines = Array.from({ length: count }, () => eraseLine).join(cursorUp())
		return count !== 0 ? `${lines}${start}G` : ''
	},
	eraseEndLine: `${start}K`,
	eraseDown: `${start}J`,
	enterAlternativeScreen: `${start}?1049h`,
	exitAlternativeScreen: `${start}?1049l`,
}
