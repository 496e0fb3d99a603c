// The pages speak the program's language: its options, its words, nothing of the machine that they were written on.
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../scripts/docs/blocks.ts'
import { commandNames, environmentVariables, options, parseArguments } from '../../source/commands/options.ts'
import { UserError } from '../../source/findings/finding.ts'
import { type Page, pageAt, pages } from './pages.ts'

/** Options of other programs that the pages name. */
const ofOthers = ['--env-file', '--check', '--write']
const isMade = (page: Page) => page.path === 'docs/troubleshooting.md'

/** What people wrote: without the parts that the program made. */
function written(page: Page): string {
	return blocksOf(page.text).reduce(
		(text, name) => text.replace(new RegExp(`<!-- begin: ${name} -->[\\s\\S]*?<!-- end: ${name} -->`), ''),
		page.prose,
	)
}

describe('options', () => {
	it('that a page names are there', () => {
		const known = [...options.map(option => `--${option.name}`), ...ofOthers]
		for (const page of pages.filter(each => !isMade(each))) {
			const named = [...page.text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(String)
			expect(
				named.filter(option => !known.includes(option)),
				page.path,
			).toEqual([])
		}
	})

	it('of other programs are named somewhere, or not in the list', () => {
		for (const option of ofOthers)
			expect(
				pages.some(page => page.text.includes(option)),
				option,
			).toBe(true)
	})

	it('that the program has are all in use on a page, not only in a table', () => {
		const text = pages
			.filter(page => !isMade(page))
			.map(written)
			.join('\n')
		const blocks = pages.flatMap(page => page.blocks.map(block => block.text)).join('\n')
		const isSaid = ({ name, short }: (typeof options)[number]) =>
			`${text}\n${blocks}`.includes(`--${name}`) || (short && `${text}\n${blocks}`.includes(` -${short}`))
		expect(options.filter(option => !isSaid(option)).map(({ name }) => name)).toEqual([])
	})

	it('of every command on a page are understood together', () => {
		const calls = pages.flatMap(page =>
			[...page.blocks.map(block => block.text), ...page.codes].flatMap(text =>
				[...text.replace(/"\$\w+"/g, 'VALUE').matchAll(/mux-bridge-wizard((?: [^\s|<>)"`&;#]+)*)/g)].map(
					([call, args]) => ({ call, args: args! }),
				),
			),
		)
		expect(calls.length).toBeGreaterThan(60)
		for (const { call, args } of calls) {
			// The usage lines of the table of commands are no calls.
			if (/\[|bash\|zsh/.test(args)) continue
			const words = args.split(' ').filter(Boolean)
			expect(() => parseArguments(words), call).not.toThrow(UserError)
		}
	})
})

describe('words', () => {
	const terms: readonly (readonly [wrong: RegExp, right: string])[] = [
		[/\bconfig(?:uration)? files?\b/i, 'settings file'],
		[/\bendpoints?\b/i, 'base URL'],
		[/\bauth tokens?\b|\baccess tokens?\b/i, 'token'],
		[/\b(?:Coder|gateway) (?:server|instance) URL\b/i, 'deployment URL'],
		// The new name is said once, as “AI Bridge (now AI Gateway)”.
		[/(?<!now (?:called )?)\bAI Gateway\b/, 'AI Bridge'],
		[/\bvendors?\b/i, 'provider'],
		[/\b(?:certs?|config|env vars?|creds)\b(?![/.-])/i, 'the word in full'],
	]
	it.each(terms)('%s is called otherwise here: %s', wrong => {
		for (const page of pages)
			if (!isMade(page)) expect(written(page).replace(/`[^`]*`/g, ''), page.path).not.toMatch(wrong)
	})

	it.each(['deployment', 'session token', 'provider', 'route', 'base URL', 'settings file'])('%s is in use', term => {
		expect(pages.some(page => written(page).includes(term))).toBe(true)
	})

	it('are none of an advertisement', () => {
		const loud =
			/\b(?:simply|seamless(?:ly)?|effortless(?:ly)?|powerful|blazing|awesome|amazing|supercharge|just works|game.chang\w+)\b|!(?=\s|$)/i
		for (const page of pages)
			if (!isMade(page)) expect(written(page).replace(/`[^`]*`/g, ''), page.path).not.toMatch(loud)
	})

	it('of the README begin with what it is for, and with what it does not need', () => {
		const [title, , first, second] = pageAt('README.md').text.split('\n')
		expect(title).toBe('# mux-bridge-wizard')
		expect(first).toMatch(/Mux.*Coder AI Bridge/)
		expect(second).toMatch(/no browser callback.*SSH/)
	})

	it('stand beside every picture', () => {
		const pictures = pages.flatMap(page => page.links.filter(({ target }) => /\.(?:svg|png|gif)$/.test(target)))
		for (const { target, text } of pictures) expect(text.length, target).toBeGreaterThan(20)
		const { text } = pageAt('README.md')
		expect(text.slice(text.indexOf('.svg)')).split('\n').slice(0, 8).join('\n')).toContain('```text')
	})
})

describe('nothing of another place', () => {
	const traces: readonly (readonly [string, RegExp])[] = [
		['a path of a machine', /(?<![\w.~/-])\/(?:work|root|tmp|private|Users|var\/folders)\b/],
		['a home directory but the examples’', /\/home\/(?!(?:alice|ana|ada|a)\/)/],
		['a port of a run', /(?:127\.0\.0\.1|localhost):(?!43117|11434)\d+/],
		['a whole session token', /\b[A-Za-z0-9]{10}-[A-Za-z0-9]{22}\b/],
		['a key of a provider', /\bsk-[A-Za-z0-9-]{20,}/],
		['an issue’s number', /\bissue \d|\bissues? #\d|(?<![\w&])#\d{1,3}\b/i],
	]
	it.each(traces)('%s', (_, trace) => {
		for (const page of pages) expect(page.text, page.path).not.toMatch(trace)
	})
})

describe('the tables that the program makes', () => {
	it('stand where a reader looks for them', () => {
		const readme = pageAt('README.md').text
		for (const name of ['commands', 'options', 'variables', 'exit codes']) expect(blocksOf(readme)).toContain(name)
		for (const { name } of environmentVariables)
			for (const one of name.split(', ')) expect(readme).toContain(`\`${one}\``)
		expect(commandNames.every(name => name === 'configure' || readme.includes(`mux-bridge-wizard ${name}`))).toBe(true)
	})
})
