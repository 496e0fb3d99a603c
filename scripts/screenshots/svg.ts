// Draws terminal cells as SVG: text stays text, each run of equally styled cells is placed at its own column, and the colors
// follow the light or dark scheme of the reader.
import type { Cell, CellColour } from '../../test/terminal/pty.ts'
import { dark, fixedColour, light, type Scheme } from './palette.ts'

export type Cells = readonly (readonly Cell[])[]

/** Sizes in user units. */
const columnWidth = 8.4
const rowHeight = 19
const fontSize = 14
const baseline = 14
const padding = 18
const barHeight = 34

const fonts = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace'

export type WindowOptions = {
	/** Shown in the title bar. */
	readonly title: string
	/** The alternative text. */
	readonly about: string
	readonly cols: number
	/** The number of rows shown. */
	readonly rows: number
}

/** Draws one window. */
export function drawWindow(cells: Cells, options: WindowOptions): string {
	const lines = cells.slice(0, options.rows).map((row, index) => placeRow(drawRow(row), index))
	return frame(options, lines.join(''))
}

export type Shot = {
	readonly cells: Cells
	/** How long it is shown, in seconds. */
	readonly seconds: number
}

/**
 * Draws several windows as one SVG that is animated by CSS alone. Equal rows are stored once; the windows lie side by side
 * in a strip that jumps. Readers who prefer reduced motion see the last one.
 */
export function drawAnimation(shots: readonly Shot[], options: WindowOptions): string {
	const known = new Map<string, string>()
	const stride = round(options.cols * columnWidth + 4 * padding)
	const strip = shots.map(({ cells }, shot) => {
		const uses = cells.slice(0, options.rows).flatMap((row, index) => {
			const drawn = drawRow(row)
			if (drawn === '') return []
			const id = known.get(drawn) ?? `r${known.size}`
			known.set(drawn, id)
			return [`<use href="#${id}"${index === 0 ? '' : ` y="${index * rowHeight}"`}/>`]
		})
		return `<g${shot === 0 ? '' : ` transform="translate(${round(shot * stride)})"`}>${uses.join('')}</g>\n`
	})
	const total = shots.reduce((sum, { seconds }) => sum + seconds, 0)
	let elapsed = 0
	const keyframes = shots.map(({ seconds }, shot) => {
		const at = round((elapsed / total) * 100)
		elapsed += seconds
		return `${at}%{transform:translateX(${round(-shot * stride)}px)}`
	})
	const last = `translateX(${round(-(shots.length - 1) * stride)}px)`
	const rows = [...known].map(([drawn, id]) => `<g id="${id}">${drawn}</g>\n`)
	const style =
		`@keyframes film{${keyframes.join('')}100%{transform:${last}}}` +
		`.film{animation:film ${round(total)}s step-end infinite}` +
		`@media(prefers-reduced-motion:reduce){.film{animation:none;transform:${last}}}`
	const clip = `<clipPath id="window"><rect x="${-padding}" width="${round(options.cols * columnWidth + 2 * padding)}" height="${options.rows * rowHeight}"/></clipPath>`
	return frame(
		options,
		`<defs>${clip}${rows.join('')}</defs><g clip-path="url(#window)"><g class="film">\n${strip.join('')}</g></g>\n`,
		style,
	)
}

/** The window around the text: a title bar, a border and padding. */
function frame({ title, about, cols, rows }: WindowOptions, content: string, style = ''): string {
	const width = Math.round(cols * columnWidth + 2 * padding)
	const height = Math.round(barHeight + rows * rowHeight + 2 * padding)
	const dots = [0, 1, 2].map(dot => `<circle class="q" cx="${20 + dot * 18}" cy="17" r="5"/>`)
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="about">
<title id="about">${escapeText(about)}</title>
<style>${makeCssRules(light)}${sharedRules}@media(prefers-color-scheme:dark){${makeCssRules(dark)}}${style}</style>
<rect class="w" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="9"/>
<path class="e" d="M1 ${barHeight}V9.500A8.500 8.500 0 0 1 9.500 1H${width - 9.5}A8.500 8.500 0 0 1 ${width - 1} 9.500V${barHeight}Z"/>
<path class="l" d="M1 ${barHeight + 0.5}H${width - 1}"/>
${dots.join('')}
<text class="n" x="${width / 2}" y="22" text-anchor="middle">${escapeText(title)}</text>
<g class="t" transform="translate(${padding} ${barHeight + padding})">
${content}</g>
</svg>
`
}

const sharedRules =
	`.t{font:${fontSize}px ${fonts};white-space:pre}.n{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}` +
	'.q{opacity:.35}.B{font-weight:700}.D{fill-opacity:.68}.I{font-style:italic}.U{text-decoration:underline}.S{text-decoration:line-through}'

function makeCssRules(scheme: Scheme): string {
	return [
		`.w{fill:${scheme.background};stroke:${scheme.border}}.e{fill:${scheme.bar}}.l{stroke:${scheme.border}}.q,.n{fill:${scheme.muted}}`,
		`.t{fill:${scheme.text}}.x{fill:${scheme.text}}.g{fill:${scheme.background}}`,
		...scheme.ansi.map((color, index) => `.c${index}{fill:${color}}`),
	].join('')
}

type Run = { column: number; columns: number; text: string; style: string; background: string; link: string | null }

/** The SVG of one row at height 0; empty if the row is blank. */
function drawRow(row: readonly Cell[]): string {
	const runs = groupRuns(row)
	const grounds = runs
		.filter(run => run.background !== '')
		.map(
			run =>
				`<rect${run.background} x="${round(run.column * columnWidth)}" width="${round(run.columns * columnWidth)}" height="${rowHeight}"/>`,
		)
	const texts = runs.map(run => {
		const start = run.text.length - run.text.trimStart().length
		const text = run.text.trim()
		if (text === '') return ''
		const columns = run.columns - (run.text.length - text.length)
		const length = columns > 1 ? ` textLength="${round(columns * columnWidth)}" lengthAdjust="spacingAndGlyphs"` : ''
		const drawn = `<text${run.style} x="${round((run.column + start) * columnWidth)}" y="${baseline}"${length} xml:space="preserve">${escapeText(text)}</text>`
		return run.link === null ? drawn : `<a href="${escapeText(run.link)}">${drawn}</a>`
	})
	return grounds.join('') + texts.join('')
}

/**
 * Groups cells of the same style. Non-ASCII characters form groups of their own: they often come from another font, whose
 * widths must not shift their neighbors.
 */
function groupRuns(row: readonly Cell[]): Run[] {
	const runs: (Run & { kind: string; lined: boolean })[] = []
	let column = 0
	for (const cell of row) {
		const style = makeTextAttributes(cell)
		const ground = makeBackgroundAttributes(cell)
		const kind = cell.char === ' ' ? 'blank' : /^[!-~]+$/.test(cell.char) ? 'ascii' : `other ${cell.char}`
		const last = runs.at(-1)
		const joins =
			last !== undefined &&
			last.background === ground &&
			last.link === cell.link &&
			(kind === 'blank'
				? !last.kind.startsWith('other') && (style === last.style || (style === '' && !last.lined))
				: kind === last.kind && style === last.style)
		if (joins) {
			last.text += cell.char
			last.columns += cell.width
		} else {
			const lined = cell.underline || cell.strikethrough
			runs.push({
				column,
				columns: cell.width,
				text: cell.char,
				style,
				background: ground,
				link: cell.link,
				kind,
				lined,
			})
		}
		column += cell.width
	}
	return runs
}

const letters = { bold: 'B', dim: 'D', italic: 'I', underline: 'U', strikethrough: 'S' } as const

function makeTextAttributes(cell: Cell): string {
	const classes = (Object.keys(letters) as (keyof typeof letters)[])
		.filter(name => cell[name])
		.map(name => letters[name])
	// A blank needs no style, unless a line runs through or under it.
	if (cell.char === ' ' && !cell.underline && !cell.strikethrough) return ''
	const ink = cell.inverse ? cell.bg : cell.fg
	if (ink === 'default') return attributes(cell.inverse ? ['g', ...classes] : classes, null)
	return isAnsiColor(ink) ? attributes([`c${ink.palette}`, ...classes], null) : attributes(classes, toHex(ink))
}

function makeBackgroundAttributes(cell: Cell): string {
	const ground = cell.inverse ? cell.fg : cell.bg
	if (ground === 'default') return cell.inverse ? attributes(['x'], null) : ''
	return isAnsiColor(ground) ? attributes([`c${ground.palette}`], null) : attributes([], toHex(ground))
}

function attributes(classes: readonly string[], fill: string | null): string {
	return (classes.length > 0 ? ` class="${classes.join(' ')}"` : '') + (fill === null ? '' : ` style="fill:${fill}"`)
}

function isAnsiColor(color: CellColour): color is { palette: number } {
	return typeof color === 'object' && 'palette' in color && color.palette < 16
}

function toHex(color: Exclude<CellColour, 'default'>): string {
	return 'rgb' in color ? `#${color.rgb.toString(16).padStart(6, '0')}` : fixedColour(color.palette)
}

function placeRow(drawn: string, row: number): string {
	if (drawn === '') return ''
	return row === 0 ? `${drawn}\n` : `<g transform="translate(0 ${row * rowHeight})">${drawn}</g>\n`
}

function escapeText(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

function round(value: number): number {
	return Math.round(value * 100) / 100
}
