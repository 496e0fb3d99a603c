// Text that isn't the program's own reaches no terminal raw: every front end of the built program, with names, models,
// comments, paths and variables that contain what a terminal would act on.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { endPlays, playWizard } from '../wizard/session.ts'
import { makeHome, openDemo, run, settingsIn } from './program.ts'

afterEach(endPlays)

const token = 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g'
const stranger = 'Ab3d5Fg7Hj-KLMNOPQRSTUVWXYZabcdef'
/** What a terminal acts on or hides; a line feed and a tab are harmless. */
const unsafe =
	/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u

const attacks = [
	'\u001b]52;c;UFdORUQ=\u0007',
	'\u001b[2J\u001b[H',
	'\u001b[31mred\u001b[0m',
	'\u009b8m',
	'\u202egpj.exe',
	'zero\u200bwidth\u00ad',
	'\r\nfake line',
	'\u{e0041}\u{e0042}',
	`was ${stranger}`,
]
const foreign = fc
	.array(fc.oneof(fc.constantFrom(...attacks), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 3 })
	.map(parts => parts.join(''))

/** Settings with a text in every place that some front end shows. */
function settingsWith(text: string, origin: string, instance = 'openai'): string {
	const comment = text.replace(/[\r\n\u2028\u2029]/g, ' ')
	const section = {
		apiKey: token,
		displayName: text,
		models: [text, 'gpt-5'],
		headers: { [`X-${text}`]: text },
		note: text,
	}
	return `// ${comment}\n${JSON.stringify(
		{
			openai: { ...section, baseUrl: `${origin}/api/v2/aibridge/${encodeURIComponent(instance)}/v1` },
			[`coder-${text}`]: {
				...section,
				providerType: 'openai-compatible',
				baseUrl: `${origin}/api/v2/aibridge/${encodeURIComponent(text)}/v1`,
			},
			[text]: section,
			openrouter: { apiKey: text, baseUrl: `https://x.example/${text}?k=${text}` },
		},
		null,
		'\t',
	)} // ${comment}\n`
}

function expectHarmless(output: string): void {
	expect(output).not.toMatch(unsafe)
	expect(output).not.toContain(stranger.slice(11))
}

describe('text from elsewhere', () => {
	const commands: readonly (readonly string[])[] = [
		['--dry-run', '--no-check'],
		['--dry-run', '--no-check', '--json'],
		['--print-env', 'sh', '--no-check'],
		['check', '--offline'],
		['check', '--offline', '--json'],
		['remove', '--dry-run'],
		['remove', '--dry-run', '--json'],
		['undo'],
		['--plain'],
	]
	test('is harmless in what commands print, for names, models, comments, URLs and variables', async () => {
		const demo = await openDemo({ token })
		await fc.assert(
			fc.asyncProperty(foreign, fc.constantFrom(...commands), async (text, args) => {
				const home = makeHome({ '.mux/providers.jsonc': settingsWith(text, demo.url, text) })
				const ran = await run(args, {
					home,
					input: args.includes('--plain') ? '\n\n' : '',
					env: {
						CODER_URL: demo.url,
						CODER_SESSION_TOKEN: token,
						OPENAI_BASE_URL: text.replaceAll('\u0000', ''),
						MUX_POLICY_FILE: text.replaceAll('\u0000', ''),
					},
				})
				expectHarmless(ran.stdout + ran.stderr)
				expect(ran.code).not.toBe(70)
			}),
			{ numRuns: 40 },
		)
	})

	test('is harmless in paths', async () => {
		const demo = await openDemo({ token })
		for (const attack of attacks.slice(0, 8)) {
			const home = makeHome()
			const directory = join(home, attack)
			mkdirSync(directory, { recursive: true })
			for (const args of [
				['--yes', '--no-check'],
				['--yes', '--no-check', '--json'],
				['check', '--offline'],
				['remove', '--yes'],
				['undo'],
				['undo', '--json'],
			]) {
				const ran = await run([...args, '--settings', join(directory, 'p.jsonc')], {
					home,
					env: { CODER_URL: demo.url, CODER_SESSION_TOKEN: token },
				})
				expectHarmless(ran.stdout + ran.stderr)
			}
		}
	})

	test("is harmless in the journal's time", async () => {
		const home = makeHome({ '.mux/providers.jsonc': '{}' })
		const journal = {
			time: '\u001b]52;c;UFdORUQ=\u0007',
			backup: null,
			mode: null,
			before: null,
			after: 'a'.repeat(64),
		}
		makeHome()
		const { writeFileSync } = await import('node:fs')
		writeFileSync(`${settingsIn(home)}.undo.json`, JSON.stringify({ version: 1, changes: [journal], backups: [] }))
		for (const args of [['undo'], ['undo', '--force'], ['undo', '--force', '--json']]) {
			const ran = await run(args, { home })
			expectHarmless(ran.stdout + ran.stderr)
			expect(ran.code).not.toBe(70)
		}
	})

	test('is harmless on the screens of the wizard', async () => {
		const text = `x\u001b]52;c;UFdORUQ=\u0007\u001b[31m\u202e${stranger}`
		const { wizard } = await playWizard({
			demo: { token },
			// Nobody listens there: the menu of a setup opens all the same.
			settings: settingsWith(text, 'http://127.0.0.1:1'),
			cols: 100,
			rows: 40,
		})
		await wizard.waitFor('Nothing, quit')
		await wizard.send('\u0003')
		await wizard.exit
		expect(wizard.raw).not.toContain('\u001b]52')
		expect(wizard.raw).not.toContain('\u202e')
		expect(wizard.raw).not.toContain(stranger.slice(11))
	})
})
