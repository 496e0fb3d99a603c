// Windows of all sizes, also while they change: no frame higher than the window, nothing that must be read lost, and what
// people copy in one piece.
import { afterEach, describe, expect, test } from 'vitest'
import type { Session } from '../terminal/pty.ts'
import {
	choose,
	endPlays,
	giveToken,
	type Play,
	playWizard,
	pointAt,
	questions,
	toProviders,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

const sizes = [
	[80, 24],
	[60, 20],
	[40, 12],
	[200, 60],
] as const

/** Nothing was ever scrolled out of the window: no frame was higher than it, and none was drawn twice. */
function expectOneFrame(wizard: Session, rows: number): void {
	expect(wizard.allCells()).toHaveLength(rows)
	expect(wizard.modeBalance().filter(fault => /cleared|reset/.test(fault))).toEqual([])
}

/** The page that shows a token is in one piece, so that it can be clicked and copied. */
function expectWholePage(wizard: Session, url: string): void {
	expect(wizard.screen().split(/\s+/)).toContain(`${url}/cli-auth`)
}

describe.each(sizes)('in %i × %i', (cols, rows) => {
	test('the whole way to the summary', async () => {
		const play = await playWizard({ cols, rows, login: true })
		const { demo, wizard } = play
		await wizard.waitFor('❯ Set it up like this?')
		expect(wizard.screen()).toContain(demo.url)
		expect(wizard.screen()).toMatch(/Login +alice/)
		expect(wizard.screen()).toContain('❯ Yes, check it')
		expectOneFrame(wizard, rows)
		await toProviders(play)
		await wizard.waitFor(/enter continue/)
		expect(wizard.screen()).toContain('❯ Which providers should Mux use')
		expect(wizard.screen()).toMatch(/❯ \[x\] OpenAI/)
		expect(wizard.screen()).toMatch(/ {4}\[x\] Anthropic/)
		expectOneFrame(wizard, rows)

		await wizard.press('enter')
		await wizard.waitFor("❯ What's your Coder URL?")
		expect(wizard.screen()).toContain(`  ${demo.url}`)
		// A preview may be cut, but not wrapped.
		expect(wizard.screen()).not.toMatch(/^\S*aibridge/m)
		expectOneFrame(wizard, rows)

		await wizard.press('enter')
		await wizard.waitFor('❯ How should Mux sign in to Coder')
		await wizard.waitFor(/esc back|enter select/)
		for (const choice of ['Create a token for Mux', 'Use the Coder CLI', 'Paste a token']) {
			expect(wizard.screen()).toContain(choice)
		}
		expectWholePage(wizard, demo.url)
		expectOneFrame(wizard, rows)

		await choose(wizard, 'Paste a token')
		await wizard.waitFor('0 characters')
		expectWholePage(wizard, demo.url)
		expectOneFrame(wizard, rows)

		await giveToken(play, demo.token.reveal())
		await wizard.waitFor('❯ Save this to')
		await wizard.waitFor(/enter select/)
		for (const choice of ['❯ Save', 'Print export lines', 'Change an answer', 'Quit without saving']) {
			expect(wizard.screen()).toContain(choice)
		}
		expect(wizard.screen()).toContain('"openai": {')
		// From 60 × 20 on, five lines of the diff at the least; blank lines and what was before give way to that.
		if (rows >= 20) {
			expect(Number(/lines 1–(\d+) of \d+ ↓$/m.exec(wizard.screen())?.[1] ?? 99)).toBeGreaterThanOrEqual(5)
			expect(wizard.screen()).toMatch(/→ {2}AI Bridge$/m)
			expect(wizard.screen()).toContain(`alice at ${new URL(demo.url).host}`)
			if (/ of \d+ ↓$/m.test(wizard.screen())) expect(wizard.screen()).toContain('pgup/pgdn scroll')
		}
		expectOneFrame(wizard, rows)

		// The diff can be read to its end.
		let read = wizard.screen()
		while (/of \d+ (?:↓|↑↓)$/m.test(wizard.screen())) {
			const before = wizard.screen()
			await wizard.press('page-down')
			await wizard.waitFor(screen => screen !== before)
			read += wizard.screen()
		}
		expect(read).toMatch(/-\s+"apiKey": "sk-p•/)
		expect(read).toContain('+     "baseUrl": "http://127')
		expect(read).toMatch(/\+ +"anthropic": \{/)
		expectOneFrame(wizard, rows)

		await wizard.press('escape')
		await wizard.waitFor('Check again')
		for (const row of ['Coder', 'Token', 'AI Bridge', 'OpenAI', 'Anthropic']) {
			expect(wizard.screen()).toMatch(new RegExp(`✔ ${row} `))
		}
		expectOneFrame(wizard, rows)

		await wizard.press('enter')
		await wizard.waitFor('❯ Save this to')
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.scrollback()).toMatch(/Undo +npx mux-bridge-wizard undo$/m)
		expect(wizard.scrollback()).toMatch(/^✔ Coder URL/m)
		// No word is broken by the edge of the window.
		const words = wizard.scrollback().split(/\s+/)
		for (const word of ['picks', 'signed', '(backup', 'answered']) expect(words).toContain(word)
	})

	test('failed checks: the question, what to do, and what can be chosen', async () => {
		const play = await playWizard({ cols, rows, demo: { failures: ['switched-off'] } })
		await toToken(play)
		await giveToken(play, play.demo.token.reveal())
		await play.wizard.waitFor('Check again')
		for (const words of ['check failed', 'AI Bridge is turned off', 'Save anyway', 'Quit']) {
			expect(play.wizard.screen()).toContain(words)
		}
		expect(play.wizard.screen()).toMatch(/Ask your Coder admin to turn it\s+on/)
		expectOneFrame(play.wizard, rows)
	})
})

test('in a low window, several findings can be read one after the other', async () => {
	const settings =
		'{\n  "openai": {\n    "enabled": false,\n    "headers": { "Authorization": "Bearer mine" }\n  }\n}\n'
	const env = { OPENROUTER_API_KEY: 'sk-or-v1-demo0demo0demo0demo0' }
	const play = await playWizard({ cols: 60, rows: 14, settings, env })
	const { wizard } = play
	await toToken(play)
	await giveToken(play, play.demo.token.reveal())
	await wizard.waitFor('Check again')
	expect(wizard.screen()).toContain('❯ AI Bridge works, but Mux would bypass it')
	let read = wizard.screen()
	while (/\d+ more lines? \(pgdn\)/.test(wizard.screen())) {
		const before = wizard.screen()
		await wizard.press('page-down')
		await wizard.waitFor(screen => screen !== before)
		read += wizard.screen()
		expect(wizard.screen()).toContain('❯ AI Bridge works, but Mux would bypass it')
	}
	expect(read).toContain('OpenAI is turned off')
	expect(read).toContain('overrides the token')
	expect(read).toContain('OpenRouter')
	expectOneFrame(wizard, 14)
})

test('in a low and narrow window, the note of the focused choice is shown', async () => {
	const { wizard, ...play } = await playWizard({ cols: 40, rows: 12, settings: null })
	await toReview({ ...play, wizard })
	await pointAt(wizard, 'Print export lines')
	await wizard.waitFor('shows the token in plain text')
	expectOneFrame(wizard, 12)
})

test('in a window that is too low for anything, what can be chosen stays visible', async () => {
	const play = await playWizard({ cols: 50, rows: 7, demo: { failures: ['switched-off'] } })
	const { demo, wizard } = play
	await toToken(play)
	await giveToken(play, demo.token.reveal())
	await wizard.waitFor('Check again')
	expectOneFrame(wizard, 7)
	await choose(wizard, 'Save anyway')
	await wizard.waitFor(/❯ Save(?! anyway)/)
	expectOneFrame(wizard, 7)
	await wizard.press('enter')
	// It is saved, and AI Bridge is still turned off.
	expect((await wizard.exit).code).toBe(6)
})

test('many providers: the lists scroll, the question stays', async () => {
	const names = Array.from({ length: 30 }, (_, index) => `team-${index}`)
	const play = await playWizard({
		demo: {
			users: [{ roles: ['owner'], tokens: [{ name: 'demo', lifetimeMs: 30 * 86_400_000 }] }],
			providers: ['openai', 'anthropic', ...names].map(name => ({
				name,
				protocol: name === 'anthropic' ? ('anthropic' as const) : ('openai' as const),
				models: ['gpt-5.2-codex'],
			})),
		},
	})
	const { wizard } = play
	await toReview(play)
	expect(wizard.screen()).toContain('this deployment has 30 more providers')
	await choose(wizard, 'Change an answer')
	await choose(wizard, 'Providers')
	await wizard.waitFor(/❯ Which providers[\s\S]*❯ \[x\] OpenAI[\s\S]*coder-team-3[\s\S]*ctrl-c quit/)
	await wizard.press('end')
	await wizard.waitFor(/❯ \[ \] coder-team-29/)
	expect(wizard.screen()).toContain('❯ Which providers')
	await wizard.press('a')
	await wizard.waitFor(/❯ \[x\] coder-team-29/)
	await wizard.press('enter')
	await wizard.waitFor(/❯ Save this to[\s\S]*and 30 more[\s\S]*❯ Save[\s\S]*ctrl-c quit/)
	expect(wizard.screen()).toContain('"openai": {')
	await wizard.press('escape')
	await wizard.waitFor('36 passed')
	expect(wizard.screen()).toContain('❯ All checks passed')
	expectOneFrame(wizard, 24)
})

describe('a window that changes its size', () => {
	const steps: [string, (play: Play) => Promise<unknown>, RegExp[]][] = [
		[
			'the providers',
			play => play.wizard.waitFor('enter continue'),
			[/❯ Which providers/, /\[x\] OpenAI/, /\[x\] Anthropic/],
		],
		[
			'the deployment',
			async play => {
				await play.wizard.waitFor('enter continue')
				await play.wizard.press('enter')
				await play.wizard.waitFor('esc back')
			},
			[/❯ What's your Coder/, /^ {2}http:\/\/127\.0\.0\.1:\d+/m],
		],
		['the token', toToken, [/❯ Paste your Coder/, /0 characters/, /http:\S+\/cli-auth(?: |$)/m]],
		['the review', toReview, [/❯ Save this to/, /❯ Save/, /Quit without saving/, /"openai": \{/]],
	]
	test.each(steps)('at %s', async (step, go, requested) => {
		const isHigh = step === 'the review'
		const play = await playWizard({ rows: 40 })
		const { wizard } = play
		await go(play)
		for (const [cols, rows] of [
			[60, 30],
			[40, 30],
			[200, 60],
			[80, 24],
		] as const) {
			wizard.resize(cols, rows)
			// Whole, with the hints at its end; and once, but for a frame that was higher than the window has become.
			await wizard.waitFor(screen => {
				const frame = screen.slice(Math.max(0, screen.lastIndexOf('Connect Mux'), screen.lastIndexOf('❯ Save this')))
				const once = screen.match(/❯ (?:Which|What's|Paste|Save this)/g)?.length === 1
				return (
					requested.every(words => words.test(frame)) &&
					/(?:quit|help|back)$/.test(screen.trimEnd()) &&
					(once || isHigh)
				)
			})
		}
		await wizard.press('ctrl-c')
		await wizard.exit
		expect(wizard.modeBalance()).toEqual([])
		expect(wizard.scrollback()).toMatch(/Nothing was changed\.$/)
	})
})

describe('links', () => {
	test('c copies the address, never a token', async () => {
		const play = await playWizard({ login: true })
		const { demo, wizard } = play
		await toToken(play, questions.choosing)
		const mark = wizard.mark()
		await wizard.press('c')
		await wizard.waitFor('Copied (via your terminal)')
		const [, copied = ''] = /\u001B\]52;c;([^\u0007\u001B]*)/.exec(wizard.bytesSince(mark)) ?? []
		expect(Buffer.from(copied, 'base64').toString()).toBe(`${demo.url}/cli-auth`)
	})

	test('through tmux, wrapped for it', async () => {
		const play = await playWizard({ login: true, env: { TMUX: '/tmp/tmux-0/default,1,0', TERM: 'tmux-256color' } })
		await toToken(play, questions.choosing)
		await play.wizard.press('c')
		await play.wizard.waitFor('Copied (via your terminal)')
		expect(play.wizard.raw).toContain('\u001BPtmux;\u001B\u001B]52;c;')
	})

	test('can be clicked if the terminal says so, and only there', async () => {
		const can = await playWizard({ env: { TERM_PROGRAM: 'WezTerm' } })
		await toToken(can)
		const page = `${can.demo.url}/cli-auth`
		const linked = can.wizard
			.cells()
			.flat()
			.filter(cell => cell.link === page)
		expect(linked.map(cell => cell.char).join('')).toBe(page)
		const can_t = await playWizard()
		await toToken(can_t)
		expect(can_t.wizard.raw).not.toContain('\u001B]8;')
		expect(can_t.wizard.screen()).toContain(`${can_t.demo.url}/cli-auth`)
	})
})

describe('colors and marks', () => {
	/** Whether anything on the screen has a colour. */
	const coloured = (play: Play) =>
		play.wizard
			.cells()
			.flat()
			.some(cell => cell.fg !== 'default' || cell.bg !== 'default')

	test.each([
		['a terminal of 256 colours', {}, true],
		['NO_COLOR', { NO_COLOR: '1' }, false],
		['an empty NO_COLOR', { NO_COLOR: '' }, true],
		['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
		['FORCE_COLOR over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
		['COLORTERM=truecolor', { COLORTERM: 'truecolor', TERM: 'xterm' }, true],
		['CI=1', { CI: '1' }, true],
	])('%s', async (_, env, requested) => {
		const play = await playWizard({ env })
		await toReview(play)
		expect(coloured(play)).toBe(requested)
		// The marks tell the same without any colour.
		expect(play.wizard.screen()).toMatch(/→ {2}AI Bridge$/m)
		expect(play.wizard.screen()).toMatch(/^ {3}4 - +"apiKey"/m)
		// The 16 colours of the terminal's own scheme, and never a painted ground.
		for (const { fg, bg } of play.wizard.cells().flat()) {
			expect(bg).toBe('default')
			if (fg !== 'default') expect(fg).toHaveProperty('palette')
			if (typeof fg === 'object' && 'palette' in fg) expect(fg.palette).toBeLessThan(16)
		}
	})

	test('TERM=linux: marks and spinners of ASCII', async () => {
		const play = await playWizard({ env: { TERM: 'linux' } })
		await toReview(play)
		expect(play.wizard.raw.replace(/’|“|”|…/g, '')).not.toMatch(/[✔✖❯→•·⠋⠙↑↓–]/)
		expect(play.wizard.screen()).toMatch(/^> Save this to/m)
	})
})
