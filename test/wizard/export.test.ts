import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { choose, endPlays, type Play, playWizard, questions, temporaryDir, toReview } from './session.ts'

afterEach(endPlays)

const names = ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL']

/** What a shell that evaluates the lines then has. */
function evaluated(lines: string): Record<string, string> {
	const file = join(temporaryDir(), 'lines')
	writeFileSync(file, lines)
	const script = `set -eu; eval "$(cat "$1")"; for name in ${names.join(' ')}; do printf '%s=%s\\n' "$name" "\${!name-}"; done`
	const text = execFileSync('bash', ['--norc', '-c', script, 'bash', file], {
		encoding: 'utf8',
		env: { PATH: process.env['PATH'] },
	})
	return Object.fromEntries(
		text
			.trim()
			.split('\n')
			.map(line => line.split(/=(.*)/s).slice(0, 2)),
	)
}

function wanted({ demo }: Play): Record<string, string> {
	return {
		ANTHROPIC_API_KEY: demo.token.reveal(),
		ANTHROPIC_BASE_URL: `${demo.url}/api/v2/aibridge/anthropic`,
		OPENAI_API_KEY: demo.token.reveal(),
		OPENAI_BASE_URL: `${demo.url}/api/v2/aibridge/openai/v1`,
	}
}

/** The review, then the choice to print lines; ends with the question or the program. */
async function print(play: Play): Promise<void> {
	await toReview(play)
	await choose(play.wizard, 'Print export lines')
}

describe('export lines', () => {
	test('alone on stdout; the settings file stays as it is', async () => {
		const settings = '{ "ollama": { "baseUrl": "http://localhost:11434/api" } } // mine\n'
		const play = await playWizard({ stdoutTo: 'capture', settings })
		await print(play)
		expect((await play.wizard.exit).code).toBe(0)
		const lines = play.wizard.stdout()
		expect(
			lines
				.trimEnd()
				.split('\n')
				.every(line => /^export [A-Z_]+='[^']*'$/.test(line)),
		).toBe(true)
		expect(evaluated(lines)).toEqual(wanted(play))
		expect(play.settings()).toBe(settings)
		expect(play.beside()).toEqual(['providers.jsonc'])
		expect(play.wizard.scrollback()).toContain('Run these in the shell that starts Mux, then restart Mux.')
		expect(play.wizard.raw).not.toContain(play.demo.token.reveal())
		expect(play.wizard.modeBalance()).toEqual([])
	})

	test('clear what would win over them in the file, if that is wanted', async () => {
		const play = await playWizard({ stdoutTo: 'capture' })
		await print(play)
		await play.wizard.waitFor('override environment variables')
		expect(play.wizard.screen()).toContain('openai.apiKey')
		await play.wizard.press('enter')
		expect((await play.wizard.exit).code).toBe(0)
		expect(evaluated(play.wizard.stdout())).toEqual(wanted(play))
		expect(play.wizard.scrollback()).toMatch(/\(backup kept\)\n {2}Undo +npx mux-bridge-wizard undo\n/)
		expect(play.settings()).toBe(
			demoSettings.replace('    "apiKey": "sk-proj-demo0demo0demo0demo0demo0demo0demo0",\n', ''),
		)
		expect(play.backups().map(path => readFileSync(path, 'utf8'))).toEqual([demoSettings])
		expect(play.wizard.scrollback()).toMatch(/Removed from ~\/\.mux\/providers\.jsonc: openai\.apiKey/)
	})

	test('leave the file as it is, and say that it wins', async () => {
		const play = await playWizard({ stdoutTo: 'capture' })
		await print(play)
		await choose(play.wizard, 'Keep them')
		expect((await play.wizard.exit).code).toBe(0)
		expect(evaluated(play.wizard.stdout())).toEqual(wanted(play))
		expect(play.settings()).toBe(demoSettings)
		expect(play.wizard.scrollback()).toMatch(/openai\.apiKey/)
	})

	test('Esc leads back from the question to the review', async () => {
		const play = await playWizard({ stdoutTo: 'capture' })
		await print(play)
		await play.wizard.waitFor('override environment variables')
		await play.wizard.press('escape')
		await play.wizard.waitFor(questions.review)
		await choose(play.wizard, 'Save')
		expect((await play.wizard.exit).code).toBe(0)
		expect(play.wizard.stdout()).toBe('')
	})

	test('in the way of the shell that is used', async () => {
		const play = await playWizard({
			stdoutTo: 'capture',
			settings: null,
			env: { SHELL: '/usr/bin/fish' },
		})
		await toReview(play)
		const [, shell = ''] = /Print export lines for (\w+)/.exec(play.wizard.screen()) ?? []
		await choose(play.wizard, 'Print export lines')
		expect((await play.wizard.exit).code).toBe(0)
		expect(play.wizard.stdout()).toMatch(shell === 'fish' ? /^set -gx OPENAI_API_KEY /m : /^export OPENAI_API_KEY=/m)
	})

	test('work in eval "$(…)" of a real shell', async () => {
		const play = await playWizard({
			settings: null,
			shell: `eval "$($WIZARD)"; env | grep -E '^(OPENAI|ANTHROPIC)_' | sort > "$HOME/environment"`,
		})
		await print(play)
		expect((await play.wizard.exit).code).toBe(0)
		const text = readFileSync(join(play.home.directory, 'environment'), 'utf8')
		expect(
			Object.fromEntries(
				text
					.trim()
					.split('\n')
					.map(line => line.split(/=(.*)/s).slice(0, 2)),
			),
		).toEqual(wanted(play))
	})
})
