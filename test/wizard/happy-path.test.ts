import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import {
	choose,
	endPlays,
	giveToken,
	modeOf,
	type Play,
	playWizard,
	questions,
	temporaryDir,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

/** What the demo's settings must be afterwards, byte by byte: two fields changed, one section added, all else as it was. */
function settingsAfter(url: string, token: string): string {
	return demoSettings
		.replace('"sk-proj-demo0demo0demo0demo0demo0demo0demo0"', `"${token}"`)
		.replace(
			'["gpt-5.2-codex"] // the one for refactoring\n',
			`["gpt-5.2-codex"], // the one for refactoring\n    "baseUrl": "${url}/api/v2/aibridge/openai/v1"\n`,
		)
		.replace(
			/\}\n$/,
			`  "anthropic": {\n    "apiKey": "${token}",\n    "baseUrl": "${url}/api/v2/aibridge/anthropic"\n  },\n}\n`,
		)
}

test('from the first question to a changed settings file', async () => {
	const play = await playWizard({ stdoutTo: 'capture' })
	const { demo, home, wizard } = play
	const token = demo.token.reveal()
	await wizard.waitFor(questions.providers)
	expect(wizard.screen()).toMatch(/\[x\] OpenAI .*now: api\.openai\.com, key in settings/)
	expect(wizard.screen()).toMatch(/\[x\] Anthropic .*now: not set up/)
	await wizard.press('enter')
	await wizard.waitFor('from CODER_URL')
	expect(wizard.screen()).toContain(`${demo.url}/api/v2/aibridge/openai/v1`)
	await wizard.press('enter')
	await wizard.waitFor(questions.pasting)
	expect(wizard.screen()).toContain(`  Get one   ${demo.url}/cli-auth  `)
	await giveToken(play, token)
	await wizard.waitFor(questions.review)
	expect(wizard.screen()).toMatch(/OpenAI +api\.openai\.com, key in settings {2}→ {2}AI Bridge$/m)
	expect(play.settings()).toBe(demoSettings)
	// Export lines come first because the output is captured.
	expect(wizard.screen()).toContain('❯ Print export lines')
	await choose(wizard, 'Save')
	expect(await wizard.exit).toEqual({ code: 0, signal: null })

	expect(play.settings()).toBe(settingsAfter(demo.url, token))
	expect(modeOf(home.settings)).toBe('0600')
	const [backup, ...others] = play.backups()
	expect(others).toEqual([])
	expect(readFileSync(backup ?? '', 'utf8')).toBe(demoSettings)
	expect(modeOf(backup ?? '')).toBe('0600')

	const record = wizard.scrollback()
	expect(record).toMatch(/^✔ Mux is connected to Coder AI Bridge$/m)
	expect(record).toMatch(/^ {2}Saved +~\/\.mux\/providers\.jsonc \(backup kept\)$/m)
	expect(record).toMatch(/^ {2}Undo +npx mux-bridge-wizard undo$/m)
	expect(record).toMatch(/^✔ Coder URL +http/m)
	expect(wizard.stdout()).toBe('')
	expect(wizard.modeBalance()).toEqual([])
	const { before, after } = await wizard.sttyModes()
	expect(after.exact).toBe(before.exact)
})

test('the token goes if it belongs and nowhere else', async () => {
	const play = await playWizard()
	await toReview(play)
	const { requests, token } = play.demo
	const first = requests[0]
	expect(first?.path).toBe('/api/v2/buildinfo')
	for (const { path, headers, body } of requests) {
		const provided = Object.entries(headers).filter(([, value]) => String(value).includes(token.reveal()))
		expect(path + body).not.toContain(token.reveal())
		if (path === '/api/v2/buildinfo') expect(provided).toEqual([])
		else if (/^\/api\/v2\/ai/.test(path) && path !== '/api/v2/ai/providers') {
			expect(provided.map(([name]) => name)).not.toContain('coder-session-token')
		} else expect(provided.map(([name]) => name)).toEqual(['coder-session-token'])
	}
	expect(requests.filter(({ headers }) => 'authorization' in headers || 'x-api-key' in headers).length).toBeGreaterThan(
		1,
	)
})

describe('--demo', () => {
	async function startDemo() {
		const temporary = temporaryDir()
		const play = await playWizard({ args: () => ['--demo'], env: { TMPDIR: temporary } })
		await play.wizard.waitFor(questions.confirming)
		expect(readdirSync(temporary)).toHaveLength(1)
		return { play, wizard: play.wizard, temporary }
	}

	test('offers its token, says where it was saved, and leaves nothing behind', async () => {
		const { play, wizard, temporary } = await startDemo()
		expect(wizard.screen()).toMatch(/Login +alice +from the Coder CLI/)
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.modeBalance()).toEqual([])
		expect(wizard.scrollback()).toContain('✔ Mux is connected to Coder AI Bridge')
		expect(wizard.scrollback()).toContain('~/.mux/providers.jsonc (backup kept)')
		// Its files are gone: no command could find them.
		expect(wizard.scrollback()).not.toMatch(/wizard (?:--demo )?(?:undo|check)/)
		expect(wizard.scrollback()).toMatch(/To set up Mux, run:\n {2}npx mux-bridge-wizard$/m)
		expect(readdirSync(temporary)).toEqual([])
		expect(play.settings()).toBe(demoSettings)
	})

	test.each([
		['Ctrl-C', (wizard: Play['wizard']) => wizard.press('ctrl-c'), 130],
		['SIGTERM', (wizard: Play['wizard']) => wizard.kill('SIGTERM'), 143],
	] as const)('removes its home directory after %s', async (_, end, code) => {
		const { wizard, temporary } = await startDemo()
		await toToken({ wizard }, questions.choosing)
		await end(wizard)
		expect((await wizard.exit).code).toBe(code)
		expect(readdirSync(temporary)).toEqual([])
	})
})

test("a settings file that isn't there yet is created, for its owner alone", async () => {
	const play = await playWizard({ settings: null })
	const { demo, home, wizard } = play
	await wizard.waitFor('~/.mux/providers.jsonc (will be created)')
	await toReview(play)
	await wizard.press('enter')
	expect((await wizard.exit).code).toBe(0)
	const token = demo.token.reveal()
	expect(parse(play.settings() ?? '')).toEqual({
		openai: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/openai/v1` },
		anthropic: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/anthropic` },
	})
	expect(modeOf(home.settings)).toBe('0600')
	expect(play.backups()).toEqual([])
	expect(wizard.scrollback()).not.toContain('Backup')
})

test('one provider alone, in a file that --settings names', async () => {
	const file = join(temporaryDir(), 'mine.jsonc')
	const play = await playWizard({ args: demo => ['--url', demo.url, '--settings', file, '--provider', 'anthropic'] })
	const { demo, wizard } = play
	await wizard.waitFor(questions.providers)
	expect(wizard.screen()).toMatch(/\[ \] OpenAI/)
	expect(wizard.screen()).toMatch(/\[x\] Anthropic/)
	await toReview(play)
	await wizard.press('enter')
	expect((await wizard.exit).code).toBe(0)
	expect(parse(readFileSync(file, 'utf8'))).toEqual({
		anthropic: { apiKey: demo.token.reveal(), baseUrl: `${demo.url}/api/v2/aibridge/anthropic` },
	})
	expect(play.settings()).toBe(demoSettings)
})

test('at least one provider is needed', async () => {
	const { wizard } = await playWizard()
	await wizard.waitFor(questions.providers)
	await wizard.press('a')
	await wizard.waitFor(/\[ \] OpenAI[\s\S]*\[ \] Anthropic/)
	await wizard.press('enter')
	await wizard.waitFor('Select at least one provider')
	await wizard.press('down', 'space')
	await wizard.waitFor(/\[x\] Anthropic/)
	await wizard.press('enter')
	await wizard.waitFor(questions.deployment)
	expect(wizard.screen()).toMatch(/Providers +Anthropic$/m)
})

test('what is set up already needs no change, and is left untouched', async () => {
	const first = await playWizard()
	await toReview(first)
	await first.wizard.press('enter')
	await first.wizard.exit
	const settled = first.settings()
	const again = await playWizard({ demo: first.demo, settings: first.home })
	await toToken(again, questions.choosing)
	await choose(again.wizard, 'Use the token in Mux’s settings')
	await again.wizard.waitFor('Nothing to change')
	await again.wizard.press('enter')
	expect((await again.wizard.exit).code).toBe(0)
	expect(again.wizard.scrollback()).toMatch(/^✔ Mux is connected to Coder AI Bridge\n\n {2}Nothing to change/m)
	expect(again.settings()).toBe(settled)
	expect(again.backups()).toHaveLength(1)
})
