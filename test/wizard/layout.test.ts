// How the screens look: what is bright, how wide they are, and that nothing is cut without saying so.
import { afterEach, describe, expect, test } from 'vitest'
import type { Session } from '../terminal/pty.ts'
import { choose, endPlays, giveToken, playWizard, questions, toDeployment, toReview, toToken } from './session.ts'

afterEach(endPlays)

/** The cells of the first row of the window that contains a text. */
function rowOf(session: Session, text: string) {
	const rows = session.cells().map(cells => ({ cells, line: cells.map(cell => cell.char).join('') }))
	const row = rows.find(({ line }) => line.includes(text))
	if (!row) throw new Error(`${text} isn't on the screen`)
	const start = row.line.indexOf(text)
	return row.cells.slice(start, start + text.length)
}

const isBold = (session: Session, text: string) => rowOf(session, text).every(cell => cell.bold)
const isDim = (session: Session, text: string) => rowOf(session, text).every(cell => cell.dim)

/** Two gateways and switches that bypass AI Bridge; one change fixes them. */
const conflicts = `{
  "openai": { "apiKey": "sk-proj-demo0demo0demo0demo0demo0demo0demo0", "enabled": false },
  "openrouter": { "apiKey": "sk-or-v1-demo0demo0demo0demo0demo0demo0" },
  "anthropic": { "enabled": false }
}
`

describe('hierarchy', () => {
	test('a blank line, the question with its counter, one bold row, dim notes and hints', async () => {
		const play = await playWizard()
		const { wizard } = play
		await toReview(play)
		await wizard.waitFor(/ctrl-c quit/)
		const lines = wizard.screen().split('\n')
		expect(lines[0]).toBe('')
		expect(lines[1]).toMatch(/^❯ Save this to ~\/\.mux\/providers\.jsonc\? {30,}5\/6$/)
		expect(isDim(wizard, '5/6')).toBe(true)
		expect(isBold(wizard, 'Save  ')).toBe(false)
		expect(
			rowOf(wizard, '❯ Save  ')
				.slice(2, 6)
				.every(cell => cell.bold),
		).toBe(true)
		for (const other of ['Print export lines', 'Change an answer', 'Quit without'])
			expect(isBold(wizard, other)).toBe(false)
		expect(isDim(wizard, 'a backup is kept')).toBe(true)
		expect(isDim(wizard, 'whole diff')).toBe(true)
		expect(isDim(wizard, 'pgup/pgdn')).toBe(false)
	})

	test('content ends at 100 columns in a wider window', async () => {
		const play = await playWizard({ cols: 200, rows: 60 })
		const { wizard } = play
		const expectNarrow = () => {
			for (const line of wizard.screen().split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
		}
		await toToken(play)
		expectNarrow()
		await giveToken(play, play.demo.token.reveal())
		await wizard.waitFor(questions.review)
		expectNarrow()
		expect(wizard.screen()).toMatch(/\? +5\/6$/m)
	})
})

describe('in 40 columns and 12 rows', () => {
	const small = { cols: 40, rows: 12 }

	test('the URL and what is wrong with it are visible together', async () => {
		const play = await playWizard(small)
		const { wizard } = play
		await toDeployment(play)
		await wizard.press('ctrl-u')
		await wizard.paste('https://coder.invalid:1')
		await wizard.press('enter')
		await wizard.waitFor('✖')
		expect(wizard.screen()).toMatch(/^ {2}https:\/\/coder\.invalid:1$/m)
		expect(wizard.screen()).toMatch(/✖ .*coder\.invalid/)
	})

	test('the token field and what is wrong with it are visible together', async () => {
		const play = await playWizard(small)
		await toToken(play)
		await giveToken(play, 'abc')
		await play.wizard.waitFor('✖')
		expect(play.wizard.screen()).toMatch(/^ {2}••• {2}3 characters$/m)
		expect(play.wizard.screen()).toContain("✖ That's not a Coder session token")
	})

	test('what has no room in the review scrolls with the diff, to the last line', async () => {
		const play = await playWizard({ ...small, settings: conflicts })
		const { wizard } = play
		await toToken(play)
		await giveToken(play, play.demo.token.reveal())
		await choose(wizard, 'Save anyway')
		await wizard.waitFor(questions.review)
		await wizard.waitFor(/lines 1–\d+ of \d+ ↓/)
		let read = wizard.screen()
		while (/ of \d+ (?:↓|↑↓)$/m.test(wizard.screen())) {
			const before = wizard.screen()
			await wizard.press('page-down')
			await wizard.waitFor(screen => screen !== before)
			read += wizard.screen()
		}
		for (const words of ['✖ OpenAI is turned off in Mux', '+   "openai": { "apiKey": "ZQ8W', 'Signed in   alice'])
			expect(read).toContain(words)
	})
})

describe('the review', () => {
	test('d shows the whole diff alone, and Esc leads back to the choices', async () => {
		const play = await playWizard()
		const { wizard } = play
		await toReview(play)
		expect(wizard.screen()).not.toContain('// personal key')
		await wizard.press('d')
		await wizard.waitFor('// personal key')
		expect(wizard.screen()).not.toContain('Quit without saving')
		await wizard.press('down')
		await wizard.waitFor(/lines 2–\d+ of/)
		await wizard.press('escape')
		await wizard.waitFor('Quit without saving')
		expect(wizard.screen()).toContain(questions.review)
	})

	test('names what is fixed, and no conflict that the change fixes', async () => {
		const play = await playWizard({ settings: conflicts })
		const { wizard } = play
		await toToken(play)
		await giveToken(play, play.demo.token.reveal())
		await wizard.waitFor(/Fix \d and continue/)
		// The note of the focused choice is too long for its row.
		expect(wizard.screen()).toMatch(/^ {6}turn OpenRouter off/m)
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		expect(wizard.screen()).toMatch(/^ {2}Fixed +turn OpenRouter off/m)
		expect(wizard.screen()).not.toMatch(/✖|OpenAI is turned off/)
	})
})
