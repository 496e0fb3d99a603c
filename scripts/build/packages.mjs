// @ts-check
// The packages inside the bundle: their licenses (THIRD-PARTY-LICENSES) and a bill of materials (sbom.cdx.json).
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {{ name: string, version: string, license: string, author?: any, path: string }} Package
 * @param {string} root
 * @param {string[]} moduleIds absolute paths of the bundled modules
 * @returns {Package[]}
 */
export function findPackages(root, moduleIds) {
	const paths = moduleIds.map(
		id => /node_modules\/(.*node_modules\/)?(@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/'))?.[0],
	)
	return [...new Set(paths)]
		.flatMap(path => path ?? [])
		.sort()
		.map(path => ({ ...JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')), path }))
}

/** @param {string} root @param {Package[]} packages */
export function licensesOf(root, packages) {
	/** The packages with each wording, which is the same for most. @type {Map<string, { wording: string, heads: string[] }>} */
	const groups = new Map()
	for (const { name, version, license, author, path } of packages) {
		const file = readdirSync(join(root, path)).find(entry => /^licen[cs]e(\.(md|txt))?$/i.test(entry))
		// A package may name its license without a copy of it.
		if (!file && license !== 'MIT') throw new Error(`${name} ships no license text (${license})`)
		const text = readFileSync(join(root, file ? `${path}/${file}` : 'LICENSE'), 'utf8').replaceAll('\r\n', '\n')
		const copy = file ? text : text.replace(/^Copyright.*$/m, `Copyright (c) ${author?.name ?? author}`)
		const isOwner = (/** @type {string} */ line) => /^\s*copyright\b/i.test(line)
		const lines = copy.trim().split('\n')
		const wording = lines
			.filter(line => !isOwner(line))
			.join('\n')
			.replace(/\n{3,}/g, '\n\n')
			.trim()
		const head = [`${name} ${version} (${license})`, ...lines.filter(isOwner).map(line => line.trim())].join('\n')
		const key = wording.replace(/\s+/g, ' ')
		groups.set(key, { wording, heads: [...(groups.get(key)?.heads ?? []), head] })
	}
	const sections = [...groups.values()].map(({ wording, heads }) => `${heads.join('\n\n')}\n\n${wording}\n`)
	return ['dist/ of mux-bridge-wizard contains these packages.\n', ...sections].join(`\n${'-'.repeat(80)}\n\n`)
}

/** CycloneDX, without a time: the same input gives the same file. @param {string} root @param {Package[]} packages */
export function billOfMaterials(root, packages) {
	const readJson = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, name), 'utf8'))
	const describe = (/** @type {string} */ type, /** @type {Package} */ { name, version, license }) => {
		const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
		return { type, name, version, purl, licenses: [{ license: { id: license } }] }
	}
	const component = describe('application', readJson('package.json'))
	// Without hashes, which can't be compressed: name and version identify a package of the registry for ever.
	const components = packages.map(each => describe('library', each))
	const format = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 }
	return `${JSON.stringify({ ...format, metadata: { component }, components })}\n`
}
