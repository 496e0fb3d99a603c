// Draws SVG as PNG and GIF, for wikis that don't show SVG. The renderer is WebAssembly and the font comes with it, so
// every machine gives the same bytes.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const read = (specifier: string) => readFileSync(fileURLToPath(import.meta.resolve(specifier)))
const family = 'DejaVu Sans Mono'
let isReady = false

type Palette = number[][]

/** The parts of gifenc that are used; it has no types of its own. */
type Gifenc = {
	GIFEncoder(): {
		writeFrame(
			pixels: Uint8Array,
			width: number,
			height: number,
			options: { readonly palette: Palette; readonly delay: number },
		): void
		finish(): void
		bytes(): Uint8Array
	}
	quantize(pixels: Uint8Array, maxColors: number): Palette
	applyPalette(pixels: Uint8Array, palette: Palette): Uint8Array
}

const { GIFEncoder, quantize, applyPalette } = createRequire(import.meta.url)('gifenc') as Gifenc

/** The picture as PNG, `scale` pixels for each of its units. */
export async function toPng(svg: string, scale = 1.5): Promise<Uint8Array> {
	return (await render(svg, scale)).asPng()
}

export type Frame = { readonly svg: string; readonly seconds: number }

/** An animation that repeats, of frames of one size. */
export async function toGif(frames: readonly Frame[]): Promise<Uint8Array> {
	const encoder = GIFEncoder()
	for (const { svg, seconds } of frames) {
		const { pixels, width, height } = await render(svg, 1, '#ffffff')
		const palette = quantize(pixels, 32)
		encoder.writeFrame(applyPalette(pixels, palette), width, height, { palette, delay: seconds * 1000 })
	}
	encoder.finish()
	return encoder.bytes()
}

/** Draws in the light scheme: the renderer knows no media queries. */
async function render(svg: string, scale: number, background?: string) {
	if (!isReady) await initWasm(read('@resvg/resvg-wasm/index_bg.wasm'))
	isReady = true
	const fontBuffers = ['400', '700'].map(weight =>
		read(`@fontsource/dejavu-mono/files/dejavu-mono-latin-${weight}-normal.woff2`),
	)
	const font = { fontBuffers, defaultFontFamily: family, monospaceFamily: family, sansSerifFamily: family }
	return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: scale }, ...(background ? { background } : {}) }).render()
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
