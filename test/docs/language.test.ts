// The pages use the program's options and plain language, and contain nothing of the machine they were written on.
import { describe, expect, it } from 'vitest'
import { listBlocks } from '../../scripts/docs/blocks.ts'
import { commandNames, environmentVariables, options } from '../../source/commands/options.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { UserError } from '../../source/findings/finding.ts'
import { marketingTerms, privateTerms } from '../fixtures/language.ts'
import { type Page, pageAt, pages } from './pages.ts'

/** Options of other programs that the pages name. */
const ofOthers = ['--env-file', '--check', '--write', '--username', '--service-account', '--user', '--name']
const isMade = (page: Page) => page.path === 'docs/troubleshooting.md'

/** Servers' own texts are quoted on the page of all findings. */
function withoutServerTexts(page: Page): string {
	return page.text.replace(/“[^”]*”/g, '“”')
}

/** What people wrote: without the generated parts. */
function written(page: Page): string {
	return listBlocks(page.text).reduce(
		(text, name) => text.replace(new RegExp(`<!-- begin: ${name} -->[\\s\\S]*?<!-- end: ${name} -->`), ''),
		page.prose,
	)
}

describe('options', () => {
	it('exist if a page names them', () => {
		const known = [...options.map(option => `--${option.name}`), ...ofOthers]
		for (const page of pages.filter(each => !isMade(each))) {
			const named = [...page.text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(String)
			expect(
				named.filter(option => !known.includes(option)),
				page.path,
			).toEqual([])
		}
	})

	it('of other programs are only listed here if a page names them', () => {
		for (const option of ofOthers)
			expect(
				pages.some(page => page.text.includes(option)),
				option,
			).toBe(true)
	})

	it('are each used on a page, not only in a table', () => {
		const text = pages
			.filter(page => !isMade(page))
			.map(written)
			.join('\n')
		const blocks = pages.flatMap(page => page.blocks.map(block => block.text)).join('\n')
		const isSaid = ({ name, short }: (typeof options)[number]) =>
			`${text}\n${blocks}`.includes(`--${name}`) || (short && `${text}\n${blocks}`.includes(` -${short}`))
		expect(options.filter(option => !isSaid(option)).map(({ name }) => name)).toEqual([])
	})

	it('are accepted together in every command of a page', () => {
		const calls = pages.flatMap(page =>
			[...page.blocks.map(block => block.text), ...page.codes].flatMap(text =>
				[...text.replace(/"\$\w+"/g, 'VALUE').matchAll(/mux-bridge-wizard((?: [^\s|<>)"`&;#]+)*)/g)].map(
					([call, args]) => ({ call, args: args! }),
				),
			),
		)
		expect(calls.length).toBeGreaterThan(60)
		for (const { call, args } of calls) {
			// The usage lines of the table of commands aren't calls.
			if (/\[|completion SHELL/.test(args)) continue
			const words = args.split(' ').filter(Boolean)
			expect(() => parseArguments(words), call).not.toThrow(UserError)
		}
	})
})

describe('language', () => {
	const generated = pages.filter(isMade)

	it.each(privateTerms.map(([term, better]) => [term, better] as const))(
		'the generated page has no %s: write %s',
		term => {
			for (const page of generated) expect(withoutServerTexts(page), page.path).not.toMatch(term)
		},
	)

	it('has straight apostrophes on the generated page', () => {
		for (const page of generated) expect(page.text, page.path).not.toMatch(/[‘’]/)
	})

	it("isn't that of an advertisement", () => {
		for (const page of pages)
			if (!isMade(page)) expect(written(page).replace(/`[^`]*`/g, ''), page.path).not.toMatch(marketingTerms)
	})

	it.each(['token', 'provider', 'base URL', 'settings file', 'AI Bridge'])('uses the term %s', term => {
		expect(pages.some(page => page.prose.includes(term))).toBe(true)
	})

	it("reports in the first lines of the README what the program is for and what it doesn't need", () => {
		const [title, , first, second] = pageAt('README.md').text.split('\n')
		expect(title).toBe('# mux-bridge-wizard')
		expect(first).toMatch(/Mux.*Coder AI Bridge/)
		expect(second).toMatch(/no browser callback.*SSH/)
	})

	it('describes every picture in words', () => {
		const pictures = pages.flatMap(page => page.links.filter(({ target }) => /\.(?:svg|png|gif)$/.test(target)))
		for (const { target, text } of pictures) expect(text.length, target).toBeGreaterThan(20)
		const { text } = pageAt('README.md')
		expect(text.slice(text.indexOf('.svg)')).split('\n').slice(0, 8).join('\n')).toContain('```text')
	})
})

describe('traces of the machine that a page was written on', () => {
	const traces: readonly (readonly [string, RegExp])[] = [
		['path of a machine', /(?<![\w.~/-])\/(?:work|root|tmp|private|Users|var\/folders)\b/],
		['home directory except those of the examples', /\/home\/(?!(?:alice|ana|ada|a)\/|coder")/],
		['port of a run', /(?:127\.0\.0\.1|localhost):(?!43117|11434)\d+/],
		['whole session token', /\b[A-Za-z0-9]{10}-[A-Za-z0-9]{22}\b/],
		['key of a provider', /\bsk-[A-Za-z0-9-]{20,}/],
		['issue number', /\bissue \d|\bissues? #\d|(?<![\w&])#\d{1,3}\b/i],
	]
	it.each(traces)('include no %s', (_, trace) => {
		for (const page of pages) expect(page.text, page.path).not.toMatch(trace)
	})
})

describe('the generated tables', () => {
	it('are if a reader looks for them', () => {
		const readme = pageAt('README.md').text
		const page = pageAt('docs/options.md').text
		expect(listBlocks(readme)).toContain('commands')
		for (const name of ['options', 'variables', 'exit codes']) expect(listBlocks(page)).toContain(name)
		for (const { name } of environmentVariables)
			for (const one of name.split(', ')) expect(page).toContain(`\`${one}\``)
		expect(commandNames.every(name => name === 'configure' || readme.includes(`mux-bridge-wizard ${name}`))).toBe(true)
	})
})
