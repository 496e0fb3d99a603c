// One marked token drives every path; then everything that was written is searched for it. It may stand in the settings
// file, in backups of it, and in export lines that were asked for: nowhere else, not even a part of it.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type DemoOptions, type FailureModeName, failureModes } from '../fake-coder/fake-coder.ts'
import {
	choose,
	endPlays,
	giveToken,
	type Play,
	type PlayOptions,
	playWizard,
	questions,
	temporaryDir,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

const secret = 'MarkedSecretOfTheTests'
const token = `Zq3h7Lk2aB-${secret}`
/** The secret's beginning in clear, reversed by nobody, and in the codings in which it could hide. */
const marks = [
	secret.slice(0, 8),
	Buffer.from(secret).toString('hex').slice(0, 16),
	...[0, 1, 2].map(shift =>
		Buffer.from('x'.repeat(shift) + secret)
			.toString('base64')
			.slice(4, 14),
	),
]

const marked: DemoOptions = { token }

/** Places in which a part of the secret was found. */
function leaks({ home, wizard }: Play, allowed: readonly string[] = []): string[] {
	const texts = new Map<string, string>([['terminal', wizard.raw]])
	for (const stream of ['stdout', 'stderr'] as const) {
		try {
			texts.set(stream, wizard[stream]())
		} catch {
			// It went to the terminal.
		}
	}
	for (const directory of [home.directory, wizard.directory]) {
		for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
			const path = join(directory, name)
			if (statSync(path, { throwIfNoEntry: false })?.isFile())
				texts.set(relative(directory, path), readFileSync(path, 'latin1'))
		}
	}
	return [...texts]
		.filter(([place, text]) => !allowed.some(name => place.startsWith(name)) && marks.some(mark => text.includes(mark)))
		.map(([place]) => place)
}

/** The wizard and what it has started, where the secret is in a command line: everybody on the machine can read those. */
async function listedProcesses({ wizard }: Play): Promise<string[]> {
	const read = (id: string, file: string) => {
		try {
			return readFileSync(join('/proc', id, file), 'latin1')
		} catch {
			return ''
		}
	}
	const processes = readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.map(id => ({ id, parent: /\) \S (\d+)/.exec(read(id, 'stat'))?.[1] ?? '', command: read(id, 'cmdline') }))
	const family = new Set([String(await wizard.pid())])
	for (let size = 0; size < family.size; ) {
		size = family.size
		for (const { id, parent } of processes) if (family.has(parent)) family.add(id)
	}
	expect(processes.some(({ id }) => family.has(id))).toBe(true)
	return processes.flatMap(({ id, command }) =>
		family.has(id) && marks.some(mark => command.includes(mark)) ? [command] : [],
	)
}

const settingsAndBackups = ['.mux/providers.jsonc']

/** A temporary directory of its own, so that it can be searched too. */
function play(options: PlayOptions): Promise<Play> {
	return playWizard({ ...options, env: { TMPDIR: temporaryDir(), ...options.env } })
}

test('the search finds what is there', async () => {
	const shown = await play({ demo: marked, settings: null, stdoutTo: 'capture' })
	await toReview(shown)
	await choose(shown.wizard, 'Print export lines')
	await shown.wizard.exit
	expect(leaks(shown)).toEqual(['stdout'])
	writeFileSync(join(shown.home.directory, 'note'), Buffer.from(`a token: ${token}`).toString('base64'))
	expect(leaks(shown, ['stdout'])).toEqual(['note'])
})

describe('screens', () => {
	test('from the field to the summary, twice', async () => {
		const first = await play({ demo: marked, stdoutTo: 'capture' })
		const { wizard } = first
		await toToken(first)
		await wizard.send(token.slice(0, 20))
		await wizard.waitFor('20 characters')
		await wizard.press('ctrl-u')
		await wizard.paste(`"${token}"`)
		await wizard.waitFor('Signed in as')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		expect(await listedProcesses(first)).toEqual([])
		await wizard.press('page-down', 'page-down', 'page-down')
		await wizard.waitFor('"anthropic"')
		await choose(wizard, 'Change an answer')
		await choose(wizard, 'Token')
		await wizard.waitFor('Keep this token')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('escape')
		await wizard.waitFor('Check again')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await choose(wizard, 'Save')
		expect((await wizard.exit).code).toBe(0)
		expect(first.settings()).toContain(token)
		expect(leaks(first)).toEqual(['.mux/providers.jsonc'])

		// The token in the settings is found, named by its key id, and is in the backup afterwards.
		const again = await play({ demo: first.demo, settings: first.home, stdoutTo: 'capture' })
		await toToken(again, questions.choosing)
		expect(again.wizard.screen()).toMatch(/Use the token in Mux’s settings +“demo”, expires/)
		await choose(again.wizard, 'Create a token')
		await again.wizard.waitFor(questions.review)
		await choose(again.wizard, 'Save')
		expect((await again.wizard.exit).code).toBe(0)
		const [where, ...others] = leaks(again)
		expect(where).toMatch(/^\.mux\/providers\.jsonc\..*\.bak$/)
		expect(others).toEqual([])
	})

	test('in a file of its own, in export lines, and when nothing is done', async () => {
		const stored = await play({ demo: marked })
		await toReview(stored)
		await choose(stored.wizard, 'Change an answer')
		await choose(stored.wizard, 'Token storage')
		await choose(stored.wizard, 'In a separate file')
		await stored.wizard.waitFor(questions.review)
		await stored.wizard.press('enter')
		await stored.wizard.exit
		expect(leaks(stored)).toEqual([`.mux/coder-session-token-${stored.demo.token.keyId}`])

		const left = await play({ demo: marked })
		await toReview(left)
		await left.wizard.press('ctrl-c')
		await left.wizard.exit
		expect(leaks(left)).toEqual([])
	})

	test('a token that is rejected, before and after it was sent', async () => {
		const refused = await play({ demo: {} })
		await toToken(refused)
		await giveToken(refused, `${token}x`)
		await refused.wizard.waitFor('✖')
		await refused.wizard.press('ctrl-u')
		await giveToken(refused, token)
		await refused.wizard.waitFor('Check again')
		await choose(refused.wizard, 'Save anyway')
		await refused.wizard.waitFor(questions.review)
		await refused.wizard.press('ctrl-c')
		await refused.wizard.exit
		expect(leaks(refused)).toEqual([])
	})

	test.each([
		['of the Coder CLI', {}],
		['of the environment', { CODER_SESSION_TOKEN: token }],
	])('a login %s', async (_, env) => {
		const found = await play({
			demo: marked,
			env,
			environment: demo => ({ CODER_URL: demo.url }),
			...('CODER_SESSION_TOKEN' in env ? {} : { login: true }),
		})
		await toToken(found, questions.choosing)
		await choose(found.wizard, 'Use ')
		await found.wizard.waitFor(questions.review)
		expect(await listedProcesses(found)).toEqual([])
		await found.wizard.press('enter')
		await found.wizard.exit
		expect(leaks(found, [...settingsAndBackups, '.config/coderv2/session'])).toEqual([])
	})
})

/** The wizard line by line with the marked token and then the end of the input; says what it wrote where. */
async function failing(options: PlayOptions): Promise<{ found: string[]; said: string }> {
	const one = await play({
		args: demo => ['--plain', '--url', demo.url],
		stdinFrom: { text: `\n\n${token}\n` },
		stdoutTo: 'capture',
		stderrTo: 'capture',
		...options,
	})
	await one.wizard.exit
	return { found: leaks(one), said: one.wizard.stderr() }
}

describe('findings', () => {
	const modes = Object.entries(failureModes).flatMap(([mode, { at }]) =>
		at === 'token' || typeof at === 'number' ? [mode as FailureModeName] : [],
	)

	test('each way in which a deployment rejects', async () => {
		const waiting = [...modes]
		const problems: string[] = []
		const worker = async () => {
			for (let mode = waiting.shift(); mode; mode = waiting.shift()) {
				const { found, said } = await failing({ demo: { ...marked, failures: [mode] } })
				if (found.length > 0) problems.push(`${mode}: ${found.join(', ')}`)
				if (!/ {2}(?:Error|Warning|Note): /.test(said)) problems.push(`${mode}: nothing was found\n${said}`)
			}
		}
		await Promise.all([worker(), worker(), worker()])
		expect(problems).toEqual([])
		expect(modes.length).toBeGreaterThan(30)
	}, 240_000)

	test('a server that sends the token back, in every part of its responses', async () => {
		for (const status of [200, 400, 401, 403, 404, 418, 500]) {
			const server = await echo(status)
			const { found } = await failing({ args: () => ['--plain', '--url', server.url] })
			await server.close()
			expect({ status, found }).toEqual({ status, found: [] })
			expect(server.heard()).toBe(true)
		}
	}, 120_000)
})

/** A server that passes for Coder and puts the headers of each request into its answers. */
async function echo(status: number) {
	let heard = false
	const serve = (request: IncomingMessage, response: ServerResponse) => {
		const headers = JSON.stringify(request.headers)
		if (headers.includes(secret)) heard = true
		response.setHeader('x-coder-build-version', 'v2.36.0')
		response.setHeader('content-type', status === 418 ? 'text/plain' : 'application/json')
		if (request.url === '/api/v2/buildinfo') return response.end(JSON.stringify({ version: 'v2.36.0' }))
		const provided = String(
			request.headers['coder-session-token'] ?? request.headers.authorization ?? request.headers['x-api-key'],
		)
		response.statusCode = status
		const body = {
			message: `no: ${provided}`,
			detail: provided,
			username: provided,
			id: provided,
			data: [{ id: provided }],
			error: { message: provided },
		}
		response.end(status === 418 ? `route not supported: ${headers}` : JSON.stringify(body))
	}
	const server = createServer(serve)
	await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		heard: () => heard,
		close: () =>
			new Promise(done => {
				server.close(done)
				server.closeAllConnections()
			}),
	}
}

describe('a error of the program itself', () => {
	test.each([
		['in the message of an error', `throw new Error('bad header: ${token}')`],
		[
			'in a rejection that nobody hears',
			`Promise.reject(Object.assign(new Error('x'), { message: '${token}', cause: '${token}' }))`,
		],
		["in something thrown that isn't an error", `throw { token: '${token}', toString: () => '${token}' }`],
		[
			'in the stack',
			`const error = new Error('x'); error.stack = 'Error\\n    at ${token} (file.js:1:1)'; throw error`,
		],
		['in the name of an error', `const error = new Error('x'); error.name = '${token}'; throw error`],
	])('hides the token %s', async (_, source) => {
		const directory = temporaryDir()
		const file = join(directory, 'break.mjs')
		writeFileSync(file, `process.on('SIGUSR2', () => { ${source} })\n`)
		const broken = await play({ demo: marked, stdoutTo: 'capture', env: { NODE_OPTIONS: `--import=${file}` } })
		await toReview(broken)
		await broken.wizard.kill('SIGUSR2')
		expect((await broken.wizard.exit).code).toBe(70)
		expect(leaks(broken)).toEqual([])
	})
})

describe('without a screen', () => {
	const calls: [string, readonly string[], readonly string[]][] = [
		['--dry-run', ['--dry-run', '--token-stdin'], []],
		['--dry-run --json', ['--dry-run', '--json', '--token-stdin'], []],
		['--yes', ['--yes', '--token-stdin'], settingsAndBackups],
		['--yes --json', ['--yes', '--json', '--token-stdin'], settingsAndBackups],
		['--print-env', ['--print-env', '--token-stdin'], ['stdout']],
	]
	test.each(calls)('%s', async (_, args, allowed) => {
		const one = await play({
			demo: marked,
			args: demo => ['--url', demo.url, ...args],
			stdinFrom: { text: `${token}\r\n` },
			stdoutTo: 'capture',
			stderrTo: 'capture',
		})
		expect((await one.wizard.exit).code).toBe(0)
		expect(leaks(one, allowed)).toEqual([])

		// What the settings hold now is masked wherever it is told.
		for (const more of [
			['check'],
			['check', '--json'],
			['--dry-run', '--json', '--url', one.demo.url, '--token-stdin'],
		]) {
			const reported = await play({
				demo: one.demo,
				settings: one.home,
				args: () => more,
				...(more.includes('--token-stdin') ? { stdinFrom: { text: token } } : {}),
				stdoutTo: 'capture',
				stderrTo: 'capture',
			})
			await reported.wizard.exit
			expect(leaks(reported, settingsAndBackups)).toEqual([])
		}
	})

	test('as an argument it is rejected, and not repeated', async () => {
		for (const args of [
			[`--token=${token}`],
			['--token', token],
			[token],
			['--url', `https://me:${token}@coder.example.com`, '--yes'],
		]) {
			const one = await play({ args: () => args, stdinFrom: { text: '' }, stdoutTo: 'capture', stderrTo: 'capture' })
			expect((await one.wizard.exit).code).toBe(2)
			expect(leaks(one)).toEqual([])
		}
	})
})
