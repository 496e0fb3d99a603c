// A marked token is typed and pasted into every field in every state of the built program: none of its secret half may
// show, on the screens or in line mode.
import { afterEach, describe, expect, test } from 'vitest'
import { choose, endPlays, giveToken, type Play, playWizard, questions, toDeployment, toToken } from './session.ts'

afterEach(endPlays)

const secret = 'MarkedSecretOfTheTests'
const token = `Zq3h7Lk2aB-${secret}`

/** Eight characters of the secret in a row, in upper or lower case, in what the terminal received or shows. */
function findShown(...texts: readonly string[]): string[] {
	const pieces = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8).toLowerCase())
	return pieces.filter(piece => texts.some(text => text.toLowerCase().includes(piece)))
}

const expectHidden = ({ wizard }: Play) =>
	expect(findShown(wizard.raw, wizard.scrollback(), wizard.screen())).toEqual([])

const forms: readonly [string, string][] = [
	['alone', token],
	['with a line end', `${token}\r\n`],
	['with spaces around it', `  ${token} `],
	['in double quotes', `"${token}"`],
	['in single quotes', `'${token}'`],
	['as an export line', `export CODER_SESSION_TOKEN=${token}`],
	['as a quoted export line', `export CODER_SESSION_TOKEN="${token}"`],
	['as an assignment', `CODER_SESSION_TOKEN=${token}`],
	['as a line of PowerShell', `$env:CODER_SESSION_TOKEN = "${token}"`],
	['as a header', `Coder-Session-Token: ${token}`],
	['after Bearer', `Authorization: Bearer ${token}`],
	['as JSON', `{"token": "${token}"}`],
	['with one letter before it', `x${token}`],
	['cut off by one at the end', token.slice(0, -1)],
	['cut off by one at the start', token.slice(1)],
	['broken by a line break', `${token.slice(0, 20)}\r\n  ${token.slice(20)}`],
	['in lower case', token.toLowerCase()],
	['behind a URL', `https://coder.example.com${token}`],
]

describe('the URL field', () => {
	test.each(forms)('never shows a token that is pasted %s: empty, prefilled, and refused', async (_, text) => {
		const play = await playWizard({ stdoutTo: 'capture' })
		const { wizard } = play
		await toDeployment(play)
		// Prefilled, then refused for the token, then with another URL, then empty.
		for (const prepare of [
			async () => {},
			async () => {},
			async () => {
				await wizard.press('ctrl-u')
				await wizard.send('ftp://x')
				await wizard.press('enter')
				await wizard.waitFor("can't start with")
			},
			async () => {
				await wizard.press('ctrl-u')
				await wizard.waitFor(screen => !screen.includes('✖'))
			},
		]) {
			await prepare()
			await wizard.paste(text, { bracketed: true })
			await wizard.waitFor('looks like a token')
		}
		await wizard.press('ctrl-c')
		await wizard.exit
		expectHidden(play)
	})

	test.each([
		['in one chunk', token.length],
		['in pieces of seven', 7],
		['key by key', 1],
	])('shows no token that is typed %s once it is recognized, and offers it as the token', async (_, piece) => {
		const play = await playWizard({ demo: { token }, stdoutTo: 'capture' })
		const { wizard } = play
		await toDeployment(play)
		await wizard.send(token, { piece })
		await wizard.waitFor('You can use it in the token step')
		expect(findShown(wizard.screen())).toEqual([])
		expect(wizard.screen()).toContain(play.demo.url)
		await wizard.press('enter')
		await wizard.waitFor('Use the token you entered')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('ctrl-c')
		await wizard.exit
		expectHidden(play)
	})

	test('keeps a URL that was pasted together with a token', async () => {
		const play = await playWizard({ demo: { token }, args: () => [], stdoutTo: 'capture' })
		const { wizard } = play
		await toDeployment(play)
		await wizard.paste(`coder login ${play.demo.url} --token ${token}`, { bracketed: true })
		await wizard.waitFor('You can use it in the token step')
		expect(wizard.screen()).toContain(play.demo.url)
		await wizard.press('enter')
		await wizard.waitFor('Use the token you entered')
		expectHidden(play)
	})

	test('replaces a prefilled or refused URL by a paste', async () => {
		const play = await playWizard({ env: { CODER_URL: 'https://wrong.invalid' } })
		const { wizard, demo } = play
		await toDeployment(play)
		await wizard.paste('ftp://x', { bracketed: true })
		await wizard.press('enter')
		await wizard.waitFor("can't start with")
		await wizard.paste(demo.url.replace('http://', ''), { bracketed: true })
		await wizard.press('enter')
		await wizard.waitFor(questions.pasting)
	})

	test('does nothing with a paste while the wizard waits', async () => {
		const play = await playWizard({
			demo: { token, delayMs: ({ path }) => (path.includes('/buildinfo') ? 700 : 0) },
			stdoutTo: 'capture',
		})
		await toDeployment(play)
		await play.wizard.press('enter')
		await play.wizard.waitFor('asking')
		await play.wizard.paste(token, { bracketed: true })
		await play.wizard.waitFor(questions.pasting)
		expectHidden(play)
	})
})

describe('screens without a field', () => {
	test('show nothing of a token that is pasted: what was found, the menu, a rejected and a short-lived token', async () => {
		const found = await playWizard({ demo: { token }, login: true, stdoutTo: 'capture' })
		await found.wizard.waitFor(questions.confirming)
		await found.wizard.paste(token, { bracketed: true })
		await found.wizard.press('enter')
		await found.wizard.waitFor(questions.review)
		await choose(found.wizard, 'Save')
		expect((await found.wizard.exit).code).toBe(0)
		expectHidden(found)

		const menu = await playWizard({ demo: found.demo, settings: found.home, stdoutTo: 'capture' })
		await menu.wizard.waitFor(questions.connected)
		await menu.wizard.paste(token, { bracketed: true })
		await menu.wizard.press('ctrl-c')
		await menu.wizard.exit
		expectHidden(menu)

		const pasting = await playWizard({ demo: { token }, stdoutTo: 'capture' })
		await toToken(pasting)
		await giveToken(pasting, 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB')
		await pasting.wizard.waitFor('Coder rejected this token')
		await pasting.wizard.paste(token, { bracketed: true })
		await choose(pasting.wizard, 'Paste another token')
		await pasting.wizard.waitFor(questions.pasting)
		await giveToken(pasting, pasting.demo.addToken({ loginType: 'oidc' }).reveal())
		await pasting.wizard.waitFor('Create one just for Mux?')
		await pasting.wizard.paste(token, { bracketed: true })
		await pasting.wizard.press('ctrl-c')
		await pasting.wizard.exit
		expectHidden(pasting)
	})
})

describe('the token field', () => {
	test.each([
		['as a marked paste', true],
		['as an unmarked paste', false],
	])('replaces a refused token by one that comes %s', async (_, bracketed) => {
		const play = await playWizard({ demo: { token }, stdoutTo: 'capture' })
		const { wizard } = play
		await toToken(play)
		await wizard.paste(token.slice(0, -1), { bracketed })
		await wizard.waitFor('32 characters')
		await wizard.press('enter')
		await wizard.waitFor('✖')
		await wizard.paste(token, { bracketed })
		await wizard.waitFor('Signed in as')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('ctrl-c')
		await wizard.exit
		expectHidden(play)
	})

	test('replaces whatever is in it by a whole token', async () => {
		const play = await playWizard({ demo: { token } })
		await toToken(play)
		await play.wizard.send('oops')
		await play.wizard.waitFor('4 characters')
		await play.wizard.paste(token, { bracketed: true })
		await play.wizard.waitFor('Signed in as')
	})
})

test('screens without a field do nothing with a paste', async () => {
	const play = await playWizard({ demo: { token }, stdoutTo: 'capture' })
	const { wizard } = play
	await wizard.waitFor(questions.providers)
	for (const bracketed of [false, true]) await wizard.paste(token, { bracketed })
	await toToken(play)
	await wizard.paste(token)
	await wizard.waitFor('Signed in as')
	await wizard.press('enter')
	await wizard.waitFor(questions.review)
	for (const bracketed of [false, true]) await wizard.paste(token, { bracketed })
	await wizard.press('ctrl-c')
	expect((await wizard.exit).code).toBe(130)
	expectHidden(play)
})

test("a terminal's replies are typed nowhere", async () => {
	const play = await playWizard({ args: () => [] })
	const { wizard } = play
	await toDeployment(play)
	for (const reply of [
		'\u001bP1+r544e=78\u001b\\',
		'\u001b_Gi=31;OK\u001b\\',
		'\u001b[M !!',
		'\u001b]11;rgb:0/0/0\u0007',
	]) {
		await wizard.send(reply)
	}
	await wizard.send('x')
	await wizard.waitFor(/^ {2}x/m)
	await wizard.send('\u001b[27;5;99~')
	expect((await wizard.exit).code).toBe(130)
})
