// Joins the chunks of the program into one file that runs from any folder: the door first, as code, then everything else
// compressed in a block comment (door.js says how it is taken out).
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { transform } from 'esbuild'

/**
 * @param {object} program
 * @param {string} program.entry name of the chunk to start with
 * @param {Map<string, Map<string, string>>} program.parts text of each chunk, by part and name
 * @param {[number, number]} program.oldestNode major and minor
 * @param {string} program.banner one comment line
 * @returns {Promise<string>} the text of dist/cli.js, ASCII only
 */
export async function makeOneFile({ entry, parts, oldestNode, banner }) {
	const contents = new Map()
	const homes = {}
	for (const [part, chunks] of parts) {
		const text = `({${[...chunks].map(([name, code]) => `${JSON.stringify(name)}:${code}`).join(',')}})`
		if (/[^\0-\x7f]/.test(text)) throw new Error(`${part} holds a character that is not plain ASCII`)
		contents.set(part, Buffer.from(text))
		for (const name of chunks.keys()) homes[name] = part
	}

	// All in one go: the parts have much in common, and taking out one part more costs 0.2 ms of a first run.
	const places = {}
	let length = 0
	for (const [part, bytes] of contents) {
		places[part] = [length, bytes.length]
		length += bytes.length
	}
	const body = (await compress(Buffer.concat([...contents.values()]))).toString('base64')

	const door = await readFile(new URL('./door.js', import.meta.url), 'utf8')
	const words = {
		MAJOR: oldestNode[0],
		MINOR: oldestNode[1],
		HASH: createHash('sha256').update(door).update(body).digest('hex').slice(0, 16),
		ENTRY: entry,
		BODY_LENGTH: body.length,
		PARTS: JSON.stringify(places),
		HOMES: JSON.stringify(homes),
	}
	const makeHead = async bodyStart => {
		const filled = door.replace(/__([A-Z_]+?)__/g, (_, word) => ({ ...words, BODY_START: bodyStart })[word])
		const { code } = await transform(filled, { minify: true, target: 'es5', charset: 'ascii' })
		return `#!/usr/bin/env node\n// ${banner}\n${code}/*\n`
	}
	// The head holds its own length: try until it is right.
	let head = ''
	for (let bodyStart = -1; bodyStart !== head.length; ) {
		bodyStart = head.length
		head = await makeHead(bodyStart)
	}
	return `${head}${body}\n*/\n`
}

const compress = bytes =>
	promisify(brotliCompress)(bytes, {
		params: { [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
	})
