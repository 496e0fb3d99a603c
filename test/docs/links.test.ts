// Links inside the project lead to files that exist, to headings that their pages have, and to tests whose titles
// contain the link's text.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownAddress, type Page, pageAt, pages, readPage, root } from './pages.ts'

const cases = pages.flatMap(page => page.links.map(link => ({ page, ...link, name: `${page.path}: ${link.target}` })))
const inside = cases.filter(({ target }) => !/^[a-z]+:/.test(target))

describe('links', () => {
	it('are found at all', () => {
		expect(inside.length).toBeGreaterThan(100)
		expect(inside.filter(({ target }) => target.includes('#')).length).toBeGreaterThan(20)
	})

	it('lead from the README to every page', () => {
		const linked = new Set(
			inside.filter(({ page }) => page.path === 'README.md').map(link => pathOf(link.page, link.target)),
		)
		expect(pages.map(page => page.path).filter(path => path !== 'README.md' && !linked.has(path))).toEqual([])
	})

	it("name whole addresses in the README, which npm's page shows too", () => {
		const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		const address = repository.url.replace(/^git\+|\.git$/g, '')
		expect(`${address}/blob/main/`).toMatch(ownAddress)
		const targets = [...pageAt('README.md').prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!)
		expect(targets.length).toBeGreaterThan(20)
		expect(targets.filter(target => !/^(?:https:\/\/|#)/.test(target))).toEqual([])
		const pictures = targets.filter(target => /\.(?:svg|png|gif)$/.test(target))
		expect(pictures.filter(target => !target.startsWith('https://raw.githubusercontent.com/'))).toEqual([])
	})

	it('lead to files that are there', () => {
		const missing = inside.filter(({ page, target }) => !existsSync(join(root, pathOf(page, target))))
		expect(missing.map(({ name }) => name)).toEqual([])
	})

	it('lead to headings that the page has', () => {
		const missing = inside.filter(({ page, target }) => {
			const [, anchor] = target.split('#')
			if (anchor === undefined) return false
			return !pages.find(each => each.path === pathOf(page, target))?.anchors.has(anchor)
		})
		expect(missing.map(({ name }) => name)).toEqual([])
	})

	it('lead from the source to sections of the contracts that exist', () => {
		const files = ['source', 'test', 'scripts'].flatMap(name =>
			readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map(file => join(root, name, file)),
		)
		const cited = files
			.filter(file => /\.(?:tsx?|mjs)$/.test(file))
			.flatMap(file => [...readFileSync(file, 'utf8').matchAll(/(docs\/contracts\/\w+\.md)#([a-z0-9-]+)/g)])
		expect(cited.length).toBeGreaterThan(50)
		const missing = cited.filter(([, path, anchor]) => !readPage(path!).anchors.has(anchor!))
		expect([...new Set(missing.map(([text]) => text))]).toEqual([])
	})

	it('to other places are https, or examples', () => {
		const others = cases.filter(({ target }) => /^[a-z]+:/.test(target)).map(({ target }) => target)
		expect(others.filter(target => !target.startsWith('https://'))).toEqual([])
	})

	it('never break a word of the page into an anchor of two headings', () => {
		for (const page of pages) {
			const headings = [...page.prose.matchAll(/^#{1,6} .+$/gm)].map(String)
			expect(headings.length - page.anchors.size, page.path).toBeLessThanOrEqual(page.path === 'CHANGELOG.md' ? 9 : 0)
		}
	})
})

describe('guarantees', () => {
	const toTests = inside.filter(({ target }) => /\.test\.tsx?$/.test(target))
	const guarantees = ['README.md', 'docs/security.md'].flatMap(path => toTests.filter(({ page }) => page.path === path))

	it('link to tests by their titles', () => {
		expect(guarantees.length).toBeGreaterThan(30)
		const wrong = guarantees.filter(({ page, target, text }) => {
			const code = readFileSync(join(root, pathOf(page, target)), 'utf8').replace(/\\(['"`])/g, '$1')
			return !titlesIn(code).some(title => title.includes(text.replace(/ …$/, '')))
		})
		expect(wrong.map(({ name, text }) => `${name}: ${text}`)).toEqual([])
	})

	it('have a test in every row of their tables', () => {
		const rows = pageAt('docs/security.md').prose.match(/^\|(?! ?(?:Guarantee|-)).*$/gm) ?? []
		expect(rows.length).toBeGreaterThan(20)
		expect(rows.filter(row => !/\]\(\.\.\/test\//.test(row))).toEqual([])
	})
})

/** Names of the tests in a file, each also with the name of its group before it. */
function titlesIn(code: string): string[] {
	let group = ''
	return [...code.matchAll(/\b(it|test|describe|group)\b[^\n]*?\(\s*(['"`])(.*?)\2,/g)].flatMap(([, kind, , title]) => {
		if (kind === 'describe' || kind === 'group') group = title!
		return [title!, `${group} ${title}`]
	})
}

/** Where a link leads, from the project's root. */
function pathOf(page: Page, target: string): string {
	const [file = ''] = target.split('#')
	return file === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)))
}
