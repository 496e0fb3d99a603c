// Draws SVG as PNG, for wikis that don't show SVG. The renderer is WebAssembly and the font comes with it, so every machine
// gives the same bytes.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const read = (specifier: string) => readFileSync(fileURLToPath(import.meta.resolve(specifier)))
const family = 'DejaVu Sans Mono'
let isReady = false

/** The picture as PNG, `scale` pixels for each of its units. */
export async function toPng(svg: string, scale = 1.5): Promise<Uint8Array> {
	if (!isReady) await initWasm(read('@resvg/resvg-wasm/index_bg.wasm'))
	isReady = true
	const fontBuffers = ['400', '700'].map(weight =>
		read(`@fontsource/dejavu-mono/files/dejavu-mono-latin-${weight}-normal.woff2`),
	)
	const font = { fontBuffers, defaultFontFamily: family, monospaceFamily: family, sansSerifFamily: family }
	return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: scale } }).render().asPng()
}

/** Puts pictures below each other, with a gap. */
export function stack(pictures: readonly string[], gap = 16): string {
	const sizes = pictures.map(svg => /^<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg)?.slice(1).map(Number) ?? [0, 0])
	let y = 0
	const placed = pictures.map((svg, index) => {
		const at = y
		y += (sizes[index]?.[1] ?? 0) + gap
		return svg.replace(/^<svg/, `<svg y="${at}"`)
	})
	const width = Math.max(...sizes.map(([width = 0]) => width))
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y - gap}">${placed.join('')}</svg>`
}
