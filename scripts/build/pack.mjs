// Packs the chunks of the program into two files: the door as code, and everything else compressed (door.js says how it
// is taken out).
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { transform } from 'esbuild'

/**
 * @param {object} program
 * @param {string} program.entry name of the chunk to start with
 * @param {Map<string, Map<string, string>>} program.parts text of each chunk, by part and name
 * @param {string[]} program.kinds words of a command line that make a run of another kind
 * @param {[number, number]} program.oldestNode major and minor
 * @param {string} program.banner one comment line
 * @returns {Promise<{door: string, body: Buffer}>} cli.cjs, ASCII only, and program.br
 */
export async function pack({ entry, parts, kinds, oldestNode, banner }) {
	// Chunks ask for each other by number: their part's, times 64, and their place in it.
	const numbers = new Map(
		[...parts.values()].flatMap((chunks, part) => [...chunks.keys()].map((name, place) => [name, part * 64 + place])),
	)
	const byNumber = code =>
		code.replace(/\("\.\/([\w-]+)\.js"\)/g, (call, name) => (numbers.has(name) ? `(${numbers.get(name)})` : call))
	const texts = [...parts].map(([part, chunks]) => {
		if (chunks.size > 64) throw new Error(`${part} has more than 64 chunks`)
		// V8 compiles a function in parentheses at once, instead of reading it twice: right for one that is always called.
		const [open, close] = chunks.size === 1 ? ['(', ')'] : ['', '']
		const members = [...chunks.values()].map(code => open + byNumber(code) + close)
		const text = `[${members.join(',')}]`
		if (/[^\0-\x7f]/.test(text)) throw new Error(`${part} holds a character that is not plain ASCII`)
		return text
	})

	// All in one go: the parts have much in common, and taking out one part more costs 0.2 ms of a first run.
	const places = []
	for (const [part, name] of [...parts.keys()].entries()) {
		const start = places.at(-1)?.[2] ?? 0
		places.push([name, start, start + texts[part].length])
	}
	const compressed = await compress(Buffer.from(texts.join('')))

	const door = await readFile(new URL('./door.js', import.meta.url), 'utf8')
	const hash = createHash('sha256').update(door).update(compressed).digest('hex').slice(0, 16)
	const body = Buffer.concat([Buffer.from(hash), compressed])
	const words = {
		MAJOR: oldestNode[0],
		MINOR: oldestNode[1],
		HASH: hash,
		ENTRY: numbers.get(entry),
		LENGTH: body.length,
		KINDS: JSON.stringify(kinds),
		PARTS: JSON.stringify(places),
	}
	const filled = door.replace(/__([A-Z]+)__/g, (_, word) => words[word])
	const { code } = await transform(filled, { minify: true, target: 'es5', charset: 'ascii', lineLimit: 120 })
	return { door: `#!/usr/bin/env node\n// ${banner}\n${code}`, body }
}

const compress = bytes =>
	promisify(brotliCompress)(bytes, {
		params: { [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
	})
