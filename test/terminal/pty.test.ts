import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { modeFaults } from './mode-checks.ts'
import { bytesOfKey, endSessions, startInTerminal } from './pty.ts'

afterEach(endSessions)

const node = (source: string, options: Partial<Parameters<typeof startInTerminal>[0]> = {}) =>
	startInTerminal({ command: process.execPath, args: ['-e', source], ...options })

/** A program that puts the terminal in raw mode, says so, and shows each chunk that it reads as JSON. */
const rawReader = `
	process.stdin.setRawMode(true)
	process.stdin.setEncoding('utf8')
	let length = 0
	process.stdin.on('data', chunk => {
		length += chunk.length
		if (chunk.includes('q')) { process.stdin.setRawMode(false); process.exit(7) }
		console.log(length > 50 ? 'length ' + length : JSON.stringify(chunk))
	})
	console.log('ready')
`

describe('a program in a terminal', () => {
	test('sees a window of the asked size and a clean environment', async () => {
		const session = await node(
			`console.log(process.stdout.columns, process.stdout.rows, process.stdin.isTTY, process.env.HOME)
			console.log(Object.keys(process.env).filter(name => /CODER|OPENAI|ANTHROPIC|NODE_|^CI$/.test(name)).length)`,
			{ cols: 60, rows: 20 },
		)
		expect(await session.exit).toEqual({ code: 0, signal: null })
		expect(session.screen()).toBe(`60 20 true ${session.home}\n0`)
	})

	test('gets variables added and taken away', async () => {
		const session = await node('console.log(process.env.TERM, process.env.LANG)', {
			env: { TERM: 'dumb', LANG: undefined },
		})
		await session.exit
		expect(session.screen()).toBe('dumb undefined')
	})

	test("echoes what is typed while the terminal isn't raw", async () => {
		const session = await startInTerminal({ command: 'cat' })
		await session.send('hello')
		await session.waitFor('hello')
		await session.press('enter', 'ctrl-d')
		expect(await session.exit).toEqual({ code: 0, signal: null })
		expect(session.screen()).toBe('hello\nhello')
	})

	test('is looked at when a frame that it has marked is whole', async () => {
		const session = await node(`
			process.stdin.setRawMode(true)
			process.stdin.once('data', () => { console.log('the rest\\x1b[?2026l'); process.exitCode = 0; process.stdin.pause() })
			console.log('\\x1b[?2026hthe head')
		`)
		const visited = session.waitFor('the head')
		await session.waitFor('the head', { in: () => session.raw })
		await session.press('enter')
		expect(await visited).toBe('the head\nthe rest')
	})

	test('gets keys as bytes in raw mode', async () => {
		const session = await node(rawReader)
		await session.waitFor('ready')
		expect((await session.modesNow()).canonical).toBe(false)
		for (const [key, shown] of [
			['up', '"\\u001b[A"'],
			['ctrl-c', '"\\u0003"'],
			['enter', '"\\r"'],
			['alt-b', '"\\u001bb"'],
			['é', '"é"'],
		] as const) {
			const mark = session.mark()
			await session.press(key)
			await session.waitFor(shown, { in: () => session.bytesSince(mark) })
		}
		await session.press('q')
		expect(await session.exit).toEqual({ code: 7, signal: null })
	})

	test('reads 200 kB typed at once, whole', async () => {
		const session = await node(rawReader)
		await session.waitFor('ready')
		await session.send('x'.repeat(200_000))
		await session.waitFor('length 200000')
	})

	test("a key that doesn't exist is an error", () => {
		expect(() => bytesOfKey('entre')).toThrow('no such key: entre')
	})
})

describe('pastes', () => {
	test('are between markers if the program asked for them', async () => {
		const session = await node(`process.stdout.write('\\u001b[?2004h');${rawReader}`)
		await session.waitFor('ready')
		await session.paste('a\r\nb')
		await session.waitFor('"\\u001b[200~a\\rb\\u001b[201~"')
	})

	test('come bare if it did not', async () => {
		const session = await node(rawReader)
		await session.waitFor('ready')
		await session.paste('a\nb')
		await session.waitFor('"a\\rb"')
	})
})

describe('streams', () => {
	test('stdout is kept apart from the screen', async () => {
		const session = await node(`console.log('result'); console.error('notice', process.stdout.isTTY)`, {
			stdoutTo: 'capture',
		})
		await session.exit
		expect(session.stdout()).toBe('result\n')
		expect(session.screen()).toBe('notice undefined')
		expect(() => session.stderr()).toThrow('went to the terminal')
	})

	test('stdout goes to the end of a file', async () => {
		const first = await node('')
		const file = join(first.directory, 'profile')
		writeFileSync(file, 'before\n')
		const session = await node(`console.log('after')`, { stdoutTo: { file } })
		await session.exit
		expect(readFileSync(file, 'utf8')).toBe('before\nafter\n')
	})

	test('stdin comes from a pipe', async () => {
		const session = await startInTerminal({ command: 'cat', stdinFrom: { text: 'piped\n' } })
		await session.exit
		expect(session.screen()).toBe('piped')
	})
})

describe('waiting', () => {
	test('sees what comes later, and a time-out shows the screen', async () => {
		const session = await startInTerminal({ command: 'cat' })
		await session.send('here\r')
		await session.waitFor(/here\nhere/)
		await expect(session.waitFor('never', { timeoutMs: 50 })).rejects.toThrow(
			/not seen within 50 ms: never[\s\S]*│here\n│here/,
		)
	})

	test('ends when the program ends', async () => {
		const session = await node(`process.exit(3)`)
		await expect(session.waitFor('never')).rejects.toThrow('ended (3) before it showed')
	})
})

describe('the emulator', () => {
	test('knows colors, styles, wide characters and links of cells', async () => {
		const link = '\\u001b]8;;https://coder.example.com/cli-auth\\u001b\\\\page\\u001b]8;;\\u001b\\\\'
		const session = await node(`console.log('\\u001b[1;32mA\\u001b[0m\\u001b[2;7mB\\u001b[0m漢${link}\\u001b[?25l')`)
		await session.exit
		const [a, b, wide, page] = session.cells()[0] ?? []
		expect(a).toMatchObject({ char: 'A', fg: { palette: 2 }, bold: true, dim: false, link: null })
		expect(b).toMatchObject({ char: 'B', fg: 'default', dim: true, inverse: true })
		expect(wide).toMatchObject({ char: '漢', width: 2 })
		expect(page).toMatchObject({ char: 'p', link: 'https://coder.example.com/cli-auth' })
		expect(session.cursor().hidden).toBe(true)
	})

	test('keeps the scrollback', async () => {
		const session = await node(`for (let i = 1; i <= 30; i++) console.log('line ' + i)`, { rows: 10 })
		await session.exit
		expect(session.screen().split('\n')[0]).toBe('line 22')
		expect(session.scrollback().split('\n')).toHaveLength(30)
	})

	test('responses a program that asks if the cursor is', async () => {
		const session = await node(`process.stdout.write('ab\\u001b[6n');${rawReader}`)
		await session.waitFor('"\\u001b[1;3R"')
	})

	test('takes part in a change of size', async () => {
		const session = await node(`process.stdout.on('resize', () => {
			console.log(process.stdout.columns + 'x' + process.stdout.rows)
		}); setInterval(() => {}, 1000); console.log('ready')`)
		await session.waitFor('ready')
		session.resize(40, 12)
		await session.waitFor('40x12')
	})
})

describe('leaving', () => {
	test('line settings before and after are compared', async () => {
		const good = await startInTerminal({ command: 'true' })
		const { before, after } = await good.sttyModes()
		expect(after).toEqual(before)
		expect(before).toMatchObject({ echo: true, canonical: true })

		const bad = await startInTerminal({ command: 'stty', args: ['raw', '-echo'] })
		const modes = await bad.sttyModes()
		expect(modes.after.exact).not.toBe(modes.before.exact)
		expect(modes.after).toMatchObject({ echo: false, canonical: false })
	})

	test('a signal goes to the program itself and is reported', async () => {
		const session = await startInTerminal({ command: 'cat' })
		await session.kill('SIGTERM')
		expect(await session.exit).toEqual({ code: null, signal: 'SIGTERM' })
	})

	test("Ctrl-C in a terminal that isn't raw ends the program with SIGINT", async () => {
		const session = await startInTerminal({ command: 'cat' })
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: null, signal: 'SIGINT' })
	})

	test('closing the window hangs the program up', async () => {
		const witness = await node('')
		const file = join(witness.directory, 'witness')
		const trap = `trap 'echo "hung up" > "${file}"; exit 129' HUP; echo ready; while :; do read -r line || sleep 0.05; done`
		const session = await startInTerminal({ command: 'sh', args: ['-c', trap] })
		await session.waitFor('ready')
		session.close()
		expect(await session.exit).toEqual({ code: 129, signal: null })
		expect(existsSync(file)).toBe(true)
	})

	test('a job of a shell is stopped and continued', async () => {
		const session = await startInTerminal({
			command: 'bash',
			args: ['--norc', '--noprofile', '-i'],
			env: { PS1: '> ' },
		})
		await session.waitFor('>')
		await session.send('cat\r')
		await session.waitForModes(modes => modes.canonical)
		await session.send('one\r')
		await session.waitFor(/one\none/)
		await session.press('ctrl-z')
		await session.waitFor('Stopped')
		await session.send('fg\r')
		await session.waitFor(/fg\ncat/)
		await session.waitForModes(modes => modes.canonical)
		await session.send('two\r')
		await session.waitFor(/two\ntwo/)
	})

	test('a program that can’t be started is an error', async () => {
		await expect(startInTerminal({ command: '/nowhere/at-all' })).rejects.toThrow('ENOENT')
	})

	test('endSessions ends even what ignores a hangup, and removes the directory', async () => {
		const session = await node(`process.on('SIGHUP', () => {}); setInterval(() => {}, 1000); console.log('ready')`)
		await session.waitFor('ready')
		const pid = await session.pid()
		await endSessions()
		expect(existsSync(session.directory)).toBe(false)
		expect(() => process.kill(pid, 0)).toThrow('ESRCH')
	})
})

describe('balance of modes', () => {
	const esc = (text: string) => text.replaceAll('^', '\u001B')
	test.each([
		['nothing special', 'text ^[1mbold^[22m ^[31mred^[39m ^[K^[2A^[J', []],
		['cursor hidden and shown', '^[?25l...^[?25h', []],
		['cursor left hidden', '^[?25l', ['cursor left off (?25)']],
		['paste mode left on', '^[?2004h^[?25l^[?25h', ['bracketed paste left on (?2004)']],
		['two modes in one', '^[?1000;1006h^[?1000l', ['mouse reports left on (?1006)']],
		['alternate screen and back', '^[?1049h^[?1049l', []],
		['alternate screen left on', '^[?1049h', ['alternate screen left on (?1049)']],
		['keyboard protocol pushed and popped', '^[>1u^[<u', []],
		['keyboard protocol left on', '^[>1u', ['keyboard protocol left on (CSI > u)']],
		['a mode that has no name', '^[?9999h', ['mode 9999 left on (?9999)']],
		['the screen cleared', '^[2J^[H', ['the screen was cleared (ESC [2J)']],
		['the scrollback cleared', '^[3J', ['the scrollback was cleared (ESC [3J)']],
		['the terminal reset', '^c', ['the terminal was reset (ESC c)']],
		['a colour left on', '^[1;38;5;208mtext^[22m', ['colours or styles left on (SGR)']],
		['a colour ended by its own end', '^[1;38;2;1;2;3;4mtext^[22;39;24m', []],
		['a link closed', '^]8;;https://a.example^Gpage^]8;;^G'.replaceAll('^G', '\u0007'), []],
		['a link left open', '^]8;id=1;https://a.example^\\page', ['a link left open (OSC 8)']],
	])('%s', (_name, raw, faults) => {
		expect(modeFaults(esc(raw))).toEqual(faults)
	})
})
