// Writes package.json's version wherever a template or a page pins it. `npm run release:version` runs this.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const semver = /\d+\.\d+\.\d+(?:-[\w.]+)?/.source

/** What comes before a pinned version. */
const pins = [
	/mux-bridge-wizard@/,
	/\/mux-bridge-wizard\/coder"\n *version += "/,
	/templates\/registry-module\?ref=v/,
	/default += "(?=\d+\.\d+\.\d+[\w.-]*" # the version of mux-bridge-wizard)/,
	/^\t"version": "/m,
	/^\t\t\t"default": "(?=\d)/m,
].map(({ source }) => source)

export function pinVersions(text, pinned) {
	return text.replace(new RegExp(`(${pins.join('|')})${semver}`, 'gm'), (_, before) => before + pinned)
}

export const pinnedFiles = [
	...readdirSync(join(root, 'docs'))
		.filter(name => name.endsWith('.md'))
		.map(name => `docs/${name}`),
	...readdirSync(join(root, 'templates'), { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile())
		.map(entry => join(entry.parentPath, entry.name).slice(root.length)),
]

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	for (const file of pinnedFiles) {
		const text = readFileSync(join(root, file), 'utf8')
		const synced = pinVersions(text, version)
		if (synced !== text) writeFileSync(join(root, file), synced)
	}
}
