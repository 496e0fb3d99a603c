// The built program, killed before each of its calls that change a file: the settings are whole, what they name is
// there and belongs to their deployment, and the next run succeeds, cleans up and can be undone.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeHome, openDemo, program, run, settingsIn, settingsText } from '../commands/program.ts'
import type { Demo } from '../fake-coder/fake-coder.ts'

const preload = join(import.meta.dirname, 'kill-at-call.cjs')

/** Runs the program under the preload; `at` is the number of the call that it doesn't survive, 0 for none. */
async function runUntil(args: readonly string[], home: string, at: number) {
	const callsFile = join(home, 'calls.json')
	const ran = await run(['--require', preload, program, ...args], {
		home,
		command: process.execPath,
		env: { KILL_AT: String(at), CALLS_FILE: at === 0 ? callsFile : '' },
	})
	return { ...ran, calls: at === 0 ? (JSON.parse(readFileSync(callsFile, 'utf8')) as string[]) : [] }
}

type Deployments = { readonly one: Demo; readonly other: Demo }

const configure = (demo: Demo, token: string, ...more: string[]) => [
	...['--yes', '--no-check', '--url', demo.url, '--token-file', token, '-p', 'openai', ...more],
]

/** What must hold at every moment: whole settings, and the token of the deployment that they name. */
function expectConsistent(home: string, { one, other }: Deployments): void {
	const text = settingsText(home)
	if (text === null || text.trim() === '') return
	const { openai = {} } = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''))
	const demo = [one, other].find(({ url }) => openai.baseUrl?.startsWith(url))
	if (!demo) {
		expect(openai.apiKey ?? openai.apiKeyFile).toBeUndefined()
		return
	}
	const token = openai.apiKeyFile ? readFileSync(openai.apiKeyFile, 'utf8').trim() : openai.apiKey
	expect(token).toBe(demo.token.reveal())
}

/** Files with a token that nothing explains, and what killed runs leave beside the settings. */
function leftovers(home: string): string[] {
	const directory = join(home, '.mux')
	const settings = settingsText(home) ?? ''
	const journal = readFileSyncOr(`${settingsIn(home)}.undo.json`)
	return readdirSync(directory).filter(
		name =>
			name.startsWith('.') ||
			// An empty stage of the lock may be of a run that is just starting; it goes when it is older than 10 seconds.
			(name.includes('.lock') && !(name.includes('.stage-') && readdirSync(join(directory, name)).length === 0)) ||
			(name.startsWith('coder-session-token') &&
				!settings.includes(name) &&
				!journal.includes(name.replace('.bak', ''))),
	)
}

function readFileSyncOr(path: string): string {
	try {
		return readFileSync(path, 'utf8')
	} catch {
		return ''
	}
}

type Scenario = {
	readonly prepare: (home: string, demos: Deployments) => Promise<void>
	readonly args: (demos: Deployments) => readonly string[]
}

const scenarios: Readonly<Record<string, Scenario>> = {
	'a token in the settings': {
		prepare: async () => {},
		args: ({ one }) => configure(one, 'one'),
	},
	'a token file, for the first time': {
		prepare: async () => {},
		args: ({ one }) => configure(one, 'one', '--store-token', 'file'),
	},
	'another deployment and another token file': {
		prepare: async (home, { one }) => {
			await run(configure(one, 'one', '--store-token', 'file'), { home })
		},
		args: ({ other }) => configure(other, 'other'),
	},
	undo: {
		prepare: async (home, { one, other }) => {
			await run(configure(one, 'one', '--store-token', 'file'), { home })
			await run(configure(other, 'other'), { home })
		},
		args: () => ['undo'],
	},
	remove: {
		prepare: async (home, { one }) => {
			await run(configure(one, 'one', '--store-token', 'file'), { home })
		},
		args: () => ['remove', '--yes'],
	},
	'undo of remove': {
		prepare: async (home, { one }) => {
			await run(configure(one, 'one', '--store-token', 'file'), { home })
			await run(['remove', '--yes'], { home })
		},
		args: () => ['undo'],
	},
}

describe('killed before each call that changes a file', () => {
	test.each(Object.entries(scenarios))('%s', async (_, scenario) => {
		const demos = { one: await openDemo(), other: await openDemo({ token: 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g' }) }
		const home = makeHome({ one: demos.one.token.reveal(), other: demos.other.token.reveal() })
		const directory = join(home, '.mux')
		await scenario.prepare(home, demos)
		if (existsSync(directory)) cpSync(directory, join(home, 'prepared'), { recursive: true, preserveTimestamps: true })
		const reset = () => {
			rmSync(directory, { recursive: true, force: true })
			if (existsSync(join(home, 'prepared'))) cpSync(join(home, 'prepared'), directory, { recursive: true })
		}
		const { calls, code } = await runUntil(scenario.args(demos), home, 0)
		expect(code).toBe(0)
		expect(calls.length).toBeGreaterThan(8)
		expectConsistent(home, demos)
		for (let at = 1; ; at++) {
			reset()
			const place = `${at} of ${calls.length}: ${calls[at - 1]}`
			const killed = await runUntil(scenario.args(demos), home, at)
			expectConsistent(home, demos)
			if (killed.signal === null) break
			expect(killed.signal, place).toBe('SIGKILL')
			// The next change succeeds, whatever was done, and sweeps; and it can be undone.
			const next = await run(configure(demos.other, 'other', '--store-token', 'file', '-p', 'anthropic'), { home })
			expect(next.code, `${place}: ${next.stderr}`).toBe(0)
			expectConsistent(home, demos)
			expect(leftovers(home), place).toEqual([])
			expect((await run(['undo'], { home })).code, place).toBe(0)
			expectConsistent(home, demos)
		}
	})
})
