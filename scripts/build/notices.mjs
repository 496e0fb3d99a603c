// Makes the one file with the licences of every package that is inside the bundle. Most share one text, word for word:
// each text stands once, under the packages and copyright lines that it goes with.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * @param {{root: string, inputs: string[]}} bundle `inputs` are the metafile's paths, relative to `root`
 * @returns {Promise<string>}
 */
export async function makeNotices({ root, inputs }) {
	const folders = new Set(inputs.map(packageFolder).filter(Boolean))
	const packages = await Promise.all([...folders].sort().map(folder => readPackage(join(root, folder))))
	const byText = new Map()
	for (const entry of packages) {
		const group = byText.get(entry.key) ?? { ...entry, lines: new Set() }
		group.lines.add([`${entry.name} ${entry.version} (${entry.license})`, ...entry.copyrights].join('\n    '))
		byText.set(entry.key, group)
	}
	const groups = [...byText.values()].sort((a, b) => b.lines.size - a.lines.size)
	return [
		'mux-bridge-wizard carries these packages inside dist/cli.cjs.',
		...groups.map(({ lines, text }) => `${'-'.repeat(80)}\n\n${[...lines].join('\n')}\n\n${text}`),
	].join('\n\n')
}

function packageFolder(path) {
	return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]
}

async function readPackage(folder) {
	const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
	const file = (await readdir(folder)).find(entry => /^licen[cs]e(\.(md|txt))?$/i.test(entry))
	const own = file ? await readFile(join(folder, file), 'utf8') : ''
	const paragraphs = (own || standIn(name, license)).trim().replaceAll('\r\n', '\n').split('\n')
	const isCopyright = line => /^\s*copyright (?!notice|holder|owner|license)/i.test(line)
	const text = paragraphs
		.filter(line => !isCopyright(line))
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim()
	return {
		name,
		version,
		license,
		copyrights: own ? paragraphs.filter(isCopyright).map(line => line.trim()) : [`by ${author?.name ?? author}`],
		text,
		// Texts that differ in nothing but spacing, quotes and their title are one.
		key: text
			.replace(/^[^\n]*licen[cs]e[^\n]*\n\s*\n/i, '')
			.replace(/["'“”‘’*#]/g, '')
			.replace(/\s+/g, ' ')
			.toLowerCase(),
	}
}

/** For a package that ships no text of its own: it names its licence, and the words of that are known. */
function standIn(name, license) {
	if (license !== 'MIT')
		throw new Error(`${name} (${license}) ships no licence text: add it to scripts/build/notices.mjs`)
	return mit
}

const mit = `MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
