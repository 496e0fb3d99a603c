// What reaches the fields, however it comes: pasted with and without marks, in pieces, with line ends, far too long, too
// early, or never ended.
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endPlays, playWizard, pointAt, questions, toDeployment, toToken } from './session.ts'

afterEach(endPlays)

const pasteStart = '\u001B[200~'
const pasteEnd = '\u001B[201~'

describe('a token', () => {
	const ways: [string, (token: string) => string, { piece?: number }?][] = [
		['pasted with marks', token => pasteStart + token + pasteEnd],
		['pasted with marks, byte by byte', token => pasteStart + token + pasteEnd, { piece: 1 }],
		['pasted without marks', token => token],
		['pasted without marks, byte by byte', token => token, { piece: 1 }],
		['in pieces of seven', token => token, { piece: 7 }],
		[
			'broken by a mail, with marks',
			token => `${pasteStart}${token.slice(0, 20)}\r\n  ${token.slice(20)}\r\n${pasteEnd}`,
		],
		['broken by a terminal, without marks', token => `${token.slice(0, 20)}\r\n${token.slice(20)}`],
		['as a line of a script', token => `${pasteStart}export CODER_SESSION_TOKEN="${token}"\n${pasteEnd}`],
		['as a header, with an invisible space', token => `${pasteStart}Bearer \u200B${token} ${pasteEnd}`],
		['with marks of an older paste in it', token => `${pasteStart}${pasteStart}${token}${pasteEnd}`],
	]
	test.each(ways)('%s', async (_, bytes, how) => {
		const play = await playWizard()
		const { demo, wizard } = play
		const token = demo.token.reveal()
		await toToken(play)
		await wizard.send(bytes(token), how)
		// A paste in one piece is checked by itself.
		await wizard.waitFor(
			screen => screen.includes('Signed in as') || Number(/(\d+) characters/.exec(screen)?.[1]) >= token.length,
		)
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		expect(wizard.raw).not.toContain(token)
	})

	test('that expires in Enter, in one piece: the text, then Enter', async () => {
		const play = await playWizard()
		await toToken(play)
		await play.wizard.send(`${play.demo.token.reveal()}\r`)
		await play.wizard.waitFor(questions.review)
	})

	test('what was cleaned away is reported', async () => {
		const play = await playWizard()
		const token = play.demo.token.reveal()
		await toToken(play)
		await play.wizard.paste(`"${token.slice(0, 9)}\n${token.slice(9)}"`, { bracketed: true })
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.review)
		await play.wizard.press('escape')
		await play.wizard.waitFor(/removed: .*1 line break/)
		expect(play.wizard.screen()).toMatch(/removed: .*quotes/)
	})

	test.each([
		['with marks', true],
		['without marks', false],
	])('of 50 kB, %s: reported, and the right one taken after it', async (_, bracketed) => {
		const play = await playWizard()
		const { demo, wizard } = play
		await toToken(play)
		const flood = 'Zq3h7Lk2aB'.repeat(5_000)
		await wizard.paste(flood, { bracketed })
		await wizard.waitFor('50,000 characters')
		await wizard.press('enter')
		await wizard.waitFor('✖')
		expect(wizard.raw).not.toContain('Zq3h7Lk2aBZq3h7')
		await wizard.press('ctrl-u')
		await wizard.waitFor('0 characters')
		await wizard.paste(demo.token.reveal())
		await wizard.waitFor('Signed in as')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
	})

	test('a paste that never ends is taken as ended', async () => {
		const play = await playWizard()
		await toToken(play)
		await play.wizard.send(pasteStart + play.demo.token.reveal())
		await play.wizard.waitFor('Signed in as')
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.review)
	})

	test('Ctrl-C works inside a paste that never ends', async () => {
		const play = await playWizard({ stdoutTo: 'capture' })
		await toToken(play)
		await play.wizard.send(`${pasteStart}half a tok`)
		await play.wizard.press('ctrl-c')
		expect((await play.wizard.exit).code).toBe(130)
		expect(play.settings()).toBe(demoSettings)
		expect(play.wizard.modeBalance()).toEqual([])
	})

	test('no letter is a shortcut, and no control key is a letter', async () => {
		const play = await playWizard()
		const { wizard } = play
		await toToken(play)
		await wizard.send('ac?rjkq1 ')
		await wizard.waitFor('9 characters')
		for (const key of [
			'ctrl-a',
			'ctrl-e',
			'ctrl-b',
			'ctrl-f',
			'alt-b',
			'alt-f',
			'home',
			'end',
			'ctrl-g',
			'ctrl-l',
			'tab',
		]) {
			await wizard.press(key)
		}
		await wizard.press('x')
		await wizard.waitFor('10 characters')
		await wizard.press('ctrl-w')
		await wizard.waitFor('9 characters')
		await wizard.press('backspace')
		await wizard.waitFor('8 characters')
		expect(wizard.screen()).toContain(questions.pasting)
		await wizard.press('ctrl-u')
		await wizard.waitFor('0 characters')
	})
})

describe('an address', () => {
	test.each([
		['broken by a mail', (url: string) => `${pasteStart}${url.slice(0, 12)}\r\n  ${url.slice(12)}\r\n${pasteEnd}`, {}],
		['without marks, in pieces', (url: string) => url, { piece: 3 }],
		['a page of the dashboard', (url: string) => `${pasteStart}${url}/@alice/dev/terminal?a=1#top${pasteEnd}`, {}],
	])('pasted: %s', async (_, bytes, how) => {
		const play = await playWizard({ args: () => [] })
		const { demo, wizard } = play
		await toDeployment(play)
		await wizard.send(bytes(demo.url), how)
		await wizard.waitFor(`${demo.url}/api/v2/aibridge/anthropic`)
		await wizard.press('enter')
		await wizard.waitFor(questions.pasting)
		expect(wizard.screen()).toContain(`Coder URL   ${demo.url} (Coder`)
	})

	test('that expires in Enter, in one piece', async () => {
		const play = await playWizard({ args: () => [] })
		await toDeployment(play)
		await play.wizard.send(`${play.demo.url}\r`)
		await play.wizard.waitFor(questions.pasting)
	})

	test('of 50 kB is rejected, and corrected', async () => {
		const play = await playWizard({ args: () => [] })
		const { demo, wizard } = play
		await toDeployment(play)
		await wizard.paste('x'.repeat(50_000))
		await wizard.waitFor('…xxx')
		await wizard.press('enter')
		await wizard.waitFor('✖')
		expect(wizard.screen().split('\n').length).toBeLessThan(24)
		await wizard.press('ctrl-u')
		await wizard.send(`${demo.url}\r`)
		await wizard.waitFor(questions.pasting)
	})

	test('edited in the middle', async () => {
		const { wizard } = await playWizard({ env: { CODER_URL: 'https://coder.exmple.com' } })
		await toDeployment({ wizard })
		await wizard.waitFor('coder.exmple.com/api')
		for (let left = 0; left < 'mple.com'.length; left++) await wizard.press('left')
		await wizard.press('a')
		await wizard.waitFor('coder.example.com/api')
		await wizard.press('home', 'delete', 'ctrl-k')
		await wizard.waitFor(screen => !screen.includes('example.com/api'))
	})
})

describe('too early', () => {
	test('Enter before the program is ready answers the first question', async () => {
		const play = await playWizard({ args: () => [] })
		await play.wizard.send('\r')
		await play.wizard.waitFor(questions.deployment)
		expect(play.wizard.scrollback().match(/Connect Mux/g)).toHaveLength(1)
	})

	test('a key in the exact moment of the first frame leaves no trace in it', async () => {
		for (let round = 0; round < 3; round++) {
			const { wizard } = await playWizard({ args: () => [] })
			await wizard.waitFor('Connect Mux')
			await wizard.send('\r')
			await wizard.waitFor(questions.deployment)
			expect(wizard.scrollback().match(/Connect Mux|Which providers|1\/6/g)).toEqual(['Connect Mux'])
			await wizard.end()
		}
	})

	test('what is typed before the first frame leaves no trace in it', async () => {
		const play = await playWizard()
		await play.wizard.send('zz')
		await play.wizard.waitFor(questions.providers)
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.deployment)
		expect(play.wizard.screen()).toMatch(/^ {2}Connect Mux/m)
		expect(play.wizard.scrollback()).not.toContain('zz')
	})

	test("a token while the deployment is still asked isn't shown", async () => {
		const play = await playWizard({ demo: { delayMs: 400 } })
		const { demo, wizard } = play
		await toDeployment(play)
		await wizard.press('enter')
		await wizard.waitFor('asking 127.0.0.1')
		await wizard.send(demo.token.reveal())
		await wizard.waitFor(questions.pasting)
		await wizard.press('ctrl-u')
		await wizard.paste(demo.token.reveal())
		await wizard.waitFor('Signed in as')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		expect(wizard.raw).not.toContain(demo.token.reveal())
	})
})

describe('lists', () => {
	test('a paste on a list presses none of its letters', async () => {
		const play = await playWizard()
		const { wizard } = play
		await wizard.waitFor(questions.providers)
		await wizard.paste('a a a\nr\n', { bracketed: true })
		await wizard.press('?')
		await wizard.waitFor('any key')
		await wizard.press('escape')
		await wizard.waitFor(questions.providers)
		expect(wizard.screen()).toMatch(/❯ \[x\] OpenAI/)
		expect(wizard.screen()).toMatch(/\[x\] Anthropic/)
	})

	test("digits move and don't choose; the ends are joined", async () => {
		const play = await playWizard({ login: true })
		const { wizard } = play
		await toToken(play, questions.choosing)
		await wizard.press('3')
		await wizard.waitFor('❯ Paste a token')
		await wizard.press('down')
		await wizard.waitFor('❯ Use the Coder CLI')
		await wizard.press('up')
		await wizard.waitFor('❯ Paste a token')
		await wizard.press('home')
		await wizard.waitFor('❯ Use the Coder CLI')
		await wizard.press('j')
		await wizard.waitFor('❯ Create a token')
		await wizard.press('k', 'end')
		await wizard.waitFor('❯ Paste a token')
		expect(wizard.screen()).toContain(questions.choosing)
		expect(play.demo.tokens()).toHaveLength(1)
	})

	test('? lists the keys, and only if no text is typed', async () => {
		const play = await playWizard()
		const { wizard } = play
		await wizard.waitFor(questions.providers)
		await pointAt(wizard, 'Anthropic')
		await wizard.press('?')
		await wizard.waitFor('any key')
		expect(wizard.screen()).toContain('select or deselect the row')
		await wizard.press('x')
		await wizard.waitFor(/❯ \[x\] Anthropic/)
		await wizard.press('enter')
		await wizard.waitFor('from CODER_URL')
		await wizard.press('?')
		await wizard.waitFor(`${play.demo.url}?`)
		expect(wizard.screen()).not.toContain('? help')
	})
})
