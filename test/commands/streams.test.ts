// What happens to the streams: readers that leave, full disks, signals, terminals that go away.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, openSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { environmentFor, makeHome, openDemo, program, resultOf, run, settingsText, start, until } from './program.ts'

afterEach(endSessions)

const wizard = `node ${program}`
const stack = /^\s+at .*:\d+:\d+|Unhandled|node:internal/m

describe('a reader that goes away', () => {
	it.each([
		['--help', '--help', 0],
		['--print-env', '--print-env sh --no-check -u coder.example.com --token-file token', 0],
		['--dry-run', '--dry-run --no-check -u coder.example.com --token-file token', 0],
		['check', 'check --offline --json', 1],
		['completion', 'completion bash', 0],
	])("isn't a failure: %s", async (_, args, code) => {
		const home = makeHome({ token: 'abcdefghij-abcdefghijabcdefghijab' })
		for (const reader of ['head -1', 'true', 'exec <&-']) {
			const script = `set -o pipefail; ${wizard} ${args} | { ${reader}; }`
			const ran = await run(['-c', script], { home, command: 'bash' })
			expect(ran.stderr).not.toMatch(stack)
			expect(ran.stderr).not.toContain('could not be written')
			expect(ran.code).toBe(code)
		}
	})

	it('leaves the settings as they were if they were cleared for lines that nobody read', async () => {
		const home = makeHome({
			'.mux/providers.jsonc': demoSettings,
			token: 'abcdefghij-abcdefghijabcdefghijab',
		})
		const args = '--print-env sh --clear-settings --no-check -u coder.example.com --token-stdin'
		// The token comes only when the reader has left.
		const script = `set -o pipefail; mkfifo gate; ( : < gate; cat token ) | ${wizard} ${args} | { exec <&-; : > gate; }`
		const ran = await run(['-c', script], { home, command: 'bash' })
		expect(ran.stderr).toContain('The program that reads the output quit')
		expect(ran.code).toBe(1)
		expect(settingsText(home)).toBe(demoSettings)
	})
})

describe('a full disk behind stdout', () => {
	it.each([
		['--print-env', ['--print-env', 'sh', '--no-check', '-u', 'coder.example.com', '--token-file', 'token']],
		['--dry-run', ['--dry-run', '--no-check', '-u', 'coder.example.com', '--token-file', 'token']],
		['check', ['check', '--offline']],
		['check --json', ['check', '--offline', '--json']],
		['--help', ['--help']],
	])('is reported, with exit code 1: %s', async (_, args) => {
		const home = makeHome({ token: 'abcdefghij-abcdefghijabcdefghijab' })
		const child = spawn(process.execPath, [program, ...args], {
			env: environmentFor({ home }),
			cwd: home,
			stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
		})
		let stderr = ''
		child.stderr?.on('data', text => {
			stderr += text
		})
		const code = await new Promise(resolve => child.once('close', resolve))
		expect(code).toBe(1)
		expect(stderr).toContain('No space left on the device')
		expect(stderr).not.toMatch(stack)
	})

	it('undoes what was done for the lines: cleared settings and a created token', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const line = `--print-env sh --clear-settings --create-token -u ${demo.url} --token-file token > /dev/full`
		const ran = await run(['-c', `${wizard} ${line}`], { home, command: 'bash' })
		expect(ran.code).toBe(1)
		expect(settingsText(home)).toBe(demoSettings)
		expect(demo.requests.some(request => request.method === 'POST')).toBe(true)
		expect(demo.tokens().filter(token => token.name.startsWith('mux-'))).toEqual([])
	})

	it('still reports what was applied', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const line = `${wizard} -y --json -u ${demo.url} --token-file token > /dev/full`
		const ran = await run(['-c', line], { home, command: 'bash' })
		expect(ran.code).toBe(1)
		expect(ran.stderr).toContain('Mux is connected to Coder AI Bridge')
		expect(settingsText(home)).toContain(demo.token.reveal())
	})
})

describe('a signal', () => {
	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
	] as const)(
		'%s ends the checks at once with %i: nothing written, the created token revoked',
		async (signal, code) => {
			const demo = await openDemo()
			const home = makeHome({ token: demo.token.reveal(), '.mux/providers.jsonc': demoSettings })
			const args = ['-y', '-u', demo.url, '--token-file', 'token', '--create-token']
			// Everything is quick until the token is made; then the bridge does not answer.
			demo.setDelay(request => (request.path.includes('/openai/') ? 60_000 : 0))
			const { child, ended } = start(args, { home })
			await until(() => demo.requests.some(request => request.path.includes('/openai/')))
			expect(demo.tokens().some(token => token.name.startsWith('mux-'))).toBe(true)
			child.kill(signal)
			const ran = await ended
			expect(ran).toMatchObject({ code, signal: null, stdout: '' })
			expect(ran.stderr).toContain('The run was canceled')
			expect(ran.stderr).not.toMatch(stack)
			expect(settingsText(home)).toBe(demoSettings)
			expect(demo.tokens().filter(token => token.name.startsWith('mux-'))).toEqual([])
		},
	)

	it("ends the wait for a token that doesn't come", async () => {
		const home = makeHome()
		execFileSync('mkfifo', [join(home, 'fifo')])
		const args = ['-y', '--json', '-u', 'coder.example.com', '--token-file', 'fifo']
		const { child, ended } = start(args, { home })
		// Opened here as soon as the program reads there, and held open without a word.
		const writer = await open(join(home, 'fifo'), 'w')
		child.kill('SIGINT')
		const ran = await ended
		expect([ran.code, resultOf(ran).outcome]).toEqual([130, 'cancelled'])
		await writer.close()
	})

	it('is what ends the wait: a token that comes late is read whole', async () => {
		const home = makeHome()
		execFileSync('mkfifo', [join(home, 'fifo')])
		const args = ['-y', '--no-check', '-u', 'coder.example.com', '--token-file', 'fifo']
		const { child, ended } = start(args, { home })
		await until(() => hasOpen(child.pid, join(home, 'fifo')))
		// Time for a program that does not wait to give up: before there is a writer, and before the writer is done.
		await setTimeout(200)
		const writer = await open(join(home, 'fifo'), 'w')
		await writer.write('abcdefghij-abcdefghij')
		await setTimeout(200)
		await writer.write('abcdefghijab\n')
		await writer.close()
		expect((await ended).code).toBe(0)
		expect(settingsText(home)).toContain('"abcdefghij-abcdefghijabcdefghijab"')
	})

	it('ends the wait for a pipe that nobody opens', async () => {
		const home = makeHome()
		execFileSync('mkfifo', [join(home, 'fifo')])
		const session = start(['-y', '-u', 'coder.example.com', '--token-file', 'fifo'], { home })
		// As long as nobody writes, it waits: the kernel shows the pipe among its open files.
		await until(() => hasOpen(session.child.pid, join(home, 'fifo')))
		session.child.kill('SIGTERM')
		expect((await session.ended).code).toBe(143)
	})

	it('ends the wait for stdin', async () => {
		const home = makeHome()
		execFileSync('mkfifo', [join(home, 'fifo')])
		const line = `exec node ${program} -y -u coder.example.com --token-stdin < fifo`
		const { child, ended } = start(['-c', line], { home, command: 'sh' })
		const writer = await open(join(home, 'fifo'), 'w')
		// More than a pipe holds: it is all taken only when the program reads, and then it waits for more.
		await writer.write(' '.repeat(65_536 + 4096))
		child.kill('SIGINT')
		expect((await ended).code).toBe(130)
		await writer.close()
	})
})

/** Whether a process has a file open. */
function hasOpen(pid: number | undefined, path: string): boolean {
	try {
		const directory = `/proc/${pid}/fd`
		return readdirSync(directory).some(fd => readlinkSync(join(directory, fd)) === path)
	} catch {
		return false
	}
}

describe('a terminal', () => {
	it('gets the report in colors, and without if none are wanted', async () => {
		const home = makeHome()
		const show = async (args: readonly string[], env: Record<string, string>) => {
			const session = await startInTerminal({
				command: process.execPath,
				args: [program, ...args],
				home,
				env: { TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...env },
			})
			expect((await session.exit).code).toBe(1)
			return session.raw
		}
		expect(await show(['check', '--offline'], {})).toContain('\u001b[31m✖\u001b[39m')
		for (const [args, env] of [
			[['check', '--offline', '--plain'], {}],
			[['check', '--offline'], { NO_COLOR: '1' }],
			[['check', '--offline'], { TERM: 'dumb' }],
		] as const) {
			expect(await show([...args], env)).not.toContain('\u001b[')
		}
	})

	it.each([['check', '--offline'], ['undo'], ['remove', '--yes'], ['--version']])(
		'that goes away while %s ends doesn’t make Node abort, which may leave a core dump',
		async (...args) => {
			const home = makeHome({
				// The last write, before the program looks whether the terminal is there.
				'hold.cjs': `const { isatty } = require('node:tty'), { stdout } = process, { write } = stdout
					stdout.write = (...args) => {
						if (args[0] === '') {
							require('node:fs').writeFileSync('holding', '')
							while (isatty(1)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
						}
						return write.apply(stdout, args)
					}`,
			})
			const pty = await import('@lydell/node-pty')
			const terminal = pty.spawn(process.execPath, ['--require', './hold.cjs', program, ...args], {
				cwd: home,
				env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm' },
			})
			const ended = new Promise<number | undefined>(resolve => terminal.onExit(({ signal }) => resolve(signal)))
			await until(() => existsSync(join(home, 'holding')))
			;(terminal as unknown as { destroy(): void }).destroy()
			expect(await ended).toBe(constants.signals.SIGHUP)
		},
	)

	it('that goes away in the last moment, after the program has looked, makes no core dump either', async () => {
		const home = makeHome({
			'hold.cjs': `process.on('exit', () => {
				require('node:fs').writeFileSync('holding', '')
				while (require('node:tty').isatty(1)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
			})
			process.on('SIGHUP', () => {})`,
		})
		const pty = await import('@lydell/node-pty')
		for (const args of [['check', '--offline'], ['undo'], ['--version']]) {
			rmSync(join(home, 'holding'), { force: true })
			const terminal = pty.spawn(process.execPath, ['--require', './hold.cjs', program, ...args], {
				cwd: home,
				env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm' },
			})
			const ended = new Promise<number | undefined>(resolve => terminal.onExit(({ signal }) => resolve(signal)))
			await until(() => existsSync(join(home, 'holding')))
			;(terminal as unknown as { destroy(): void }).destroy()
			expect([args, await ended]).toEqual([args, 0])
		}
	})

	it('that goes away ends the program without a word, and nothing is half done', async () => {
		const demo = await openDemo({ delayMs: request => (request.path.includes('/openai/') ? 60_000 : 0) })
		const home = makeHome({ token: demo.token.reveal() })
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, '-y', '-u', demo.url, '--token-file', 'token', '--create-token'],
			home,
		})
		await until(() => demo.requests.some(request => request.path.includes('/openai/')))
		session.close()
		await session.exit.catch(() => {})
		await until(() => demo.tokens().every(token => !token.name.startsWith('mux-')))
		expect(settingsText(home)).toBeNull()
	})

	it("isn't if --token-stdin reads from", async () => {
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, '-y', '-u', 'coder.example.com', '--token-stdin'],
			home: makeHome(),
		})
		expect((await session.exit).code).toBe(2)
		expect(session.screen()).toContain('--token-stdin needs a pipe or a file')
	})

	it('shows the checks as they settle', async () => {
		const demo = await openDemo()
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, '-y', '-u', demo.url, '--token-file', 'token'],
			home: makeHome({ token: demo.token.reveal() }),
			env: { LC_ALL: 'C.UTF-8' },
			rows: 40,
		})
		expect((await session.exit).code).toBe(0)
		expect(session.screen()).toMatch(/✔ Coder +v2\.36\.0[\s\S]*✔ Token[\s\S]*✔ AI Bridge[\s\S]*✔ OpenAI +answered in/)
		expect(session.screen()).toContain('Mux is connected to Coder AI Bridge')
		expect(session.raw).not.toContain(demo.token.reveal())
	})
})
