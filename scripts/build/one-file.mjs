// Joins the chunks of the program into one file that runs from any folder: the door first, as code, then every chunk as
// text in one block comment, to be cut out by its offsets (door.js says why).
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** Stands in the file for the two characters that would end the comment. */
const escaped = '*\u0001/'

/**
 * @param {object} program
 * @param {string} program.entry name of the chunk to start with
 * @param {Map<string, string>} program.chunks CommonJS text by name; `require` of another chunk takes its name
 * @param {Map<string, Uint8Array>} program.bytes what `bytesOf(name)` gives
 * @param {(text: string) => boolean} program.isCached whether V8's code cache is kept for a chunk
 * @param {[number, number]} program.oldestNode major and minor
 * @param {string} program.banner one comment line
 * @returns {Promise<string>} the text of dist/cli.js, ASCII only
 */
export async function makeOneFile({ entry, chunks, bytes, isCached, oldestNode, banner }) {
	const table = {}
	let body = ''
	const add = (name, text, flag) => {
		if (/[^\x01-\x7f]/.test(text)) throw new Error(`${name} holds a character that is not plain ASCII`)
		table[name] = [body.length, text.length, flag]
		body += `${text}\n`
	}
	for (const [name, written] of chunks) {
		// esbuild leaves regular expressions as they are written; in them, too, \uXXXX means the same.
		const text = written.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
		if (text.includes(escaped)) throw new Error(`${name} holds ${escaped}, which stands for the end of a comment`)
		add(name, text.replaceAll('*/', escaped), isCached(text) ? 1 : 0)
	}
	for (const [name, value] of bytes) add(name, Buffer.from(value).toString('base64'), 0)

	const door = await readFile(new URL('./door.js', import.meta.url), 'utf8')
	const words = {
		MAJOR: oldestNode[0],
		MINOR: oldestNode[1],
		HASH: createHash('sha256').update(door).update(body).digest('hex').slice(0, 16),
		ENTRY: entry,
		ESCAPED: escaped,
		PLACES: JSON.stringify(table),
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
	return `${head}${body}*/\n`
}
