// The components in a real pseudo-terminal: what they cost, and how the terminal is left.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { endSessions, startInTerminal, type TerminalOptions } from '../../terminal/pty.ts'

afterEach(endSessions)

// Bundled once: loading its parts one by one takes longer than all that is tested here.
const directory = mkdtempSync(join(tmpdir(), 'gallery-'))
const gallery = join(directory, 'g.mjs')
beforeAll(() =>
	build({
		entryPoints: [fileURLToPath(new URL('gallery.tsx', import.meta.url))],
		outfile: gallery,
		bundle: true,
		platform: 'node',
		format: 'esm',
		mainFields: ['module', 'main'],
		jsx: 'automatic',
		define: { 'process.env.NODE_ENV': '"production"' },
		banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
		// Ink asks for it only where DEV is set; anything that is there will do.
		alias: { 'react-devtools-core': 'node:path' },
	}),
)
afterAll(() => rmSync(directory, { recursive: true }))

async function show(scene: string, options: Partial<TerminalOptions> = {}) {
	const session = await startInTerminal({
		command: process.execPath,
		args: [gallery, scene],
		stdoutTo: 'capture',
		...options,
	})
	await session.waitFor(/enter (?:continue|select)/)
	await session.waitForModes(modes => !modes.echo)
	return session
}

describe('bytes', () => {
	/** Bytes for some keys, once the screen shows what they did. */
	async function bytesFor(session: Awaited<ReturnType<typeof show>>, keys: string, shown: string) {
		const mark = session.mark()
		await session.send(keys)
		await session.waitFor(shown)
		return Buffer.byteLength(session.bytesSince(mark))
	}

	test('one key in the token field: at most 90', async () => {
		const session = await show('Token')
		expect(await bytesFor(session, 'a', ' 1 character')).toBeLessThanOrEqual(90)
		expect(await bytesFor(session, 'b', ' 2 characters')).toBeLessThanOrEqual(90)
		expect(await bytesFor(session, '\u007f', ' 1 character')).toBeLessThanOrEqual(90)
	})

	test('one arrow in a list: at most 110', async () => {
		const session = await show('Choices')
		expect(await bytesFor(session, '\u001b[B', '❯ Use')).toBeLessThanOrEqual(110)
		expect(await bytesFor(session, '\u001b[B', '❯ Paste')).toBeLessThanOrEqual(110)
	})

	test('one scrolled line of a diff: at most 1,500', async () => {
		const session = await show('Diff')
		expect(await bytesFor(session, ']', '2–10 of 60')).toBeLessThanOrEqual(1500)
		expect(await bytesFor(session, '\u001b[6~', '11–19 of 60')).toBeLessThanOrEqual(1500)
	})

	test('a paste of 4 kB is one frame, and the screen is never cleared', async () => {
		const session = await show('Token')
		const mark = session.mark()
		await session.paste('x'.repeat(4096))
		await session.waitFor('4,096 characters')
		expect(session.bytesSince(mark).match(/4,096 characters/g)).toHaveLength(1)
		expect(session.raw).not.toMatch(/\u001b\[[23]J/)
	})
})

describe('a window that changes its size', () => {
	/** What the same scene looks like that was started in a window of that size. */
	async function freshScreen(scene: string, columns: number, rows: number) {
		const fresh = await show(scene, { cols: columns, rows })
		const screen = fresh.screen().trimEnd()
		await fresh.end()
		return screen
	}

	test.each(['Choices', 'Diff'])('%s: shows the frame once, complete, and nothing else', async scene => {
		// High enough for the old frame even when the terminal has wrapped each row of it.
		const session = await show(scene, { rows: 40 })
		for (const [columns, rows] of [
			[60, 40],
			[40, 45],
			[200, 60],
			[79, 40],
		] as const) {
			session.resize(columns, rows)
			const requested = await freshScreen(scene, columns, rows)
			await session.waitFor(screen => screen.trimEnd() === requested)
		}
		await session.press('ctrl-c')
		await session.exit
		expect(session.modeBalance()).toEqual([])
		expect(session.scrollback().match(/Connect Mux/g)).toHaveLength(1)
	})

	test.each(['Choices', 'Token'])(
		'%s: in a window that is too low for what it showed, the new frame is whole',
		async scene => {
			const session = await show(scene)
			session.resize(40, 16)
			const requested = await freshScreen(scene, 40, 16)
			await session.waitFor(screen => screen.trimEnd().endsWith(requested))
			session.resize(80, 24)
			const wide = await freshScreen(scene, 80, 24)
			await session.waitFor(screen => screen.trimEnd().endsWith(wide))
		},
	)
})

describe('the cursor', () => {
	test.each(['Token', 'Url'])(
		'is shown in the field, where input methods and magnifiers look for it: %s',
		async scene => {
			const session = await show(scene)
			const place = () => ({ ...session.cursor(), text: session.screen().split('\n')[session.cursor().row] ?? '' })
			await session.send('ab')
			await session.waitFor(() => place().column === 4 && !place().hidden)
			expect(place().text).toMatch(scene === 'Token' ? /^ {2}•• {2}/ : /^ {2}ab$/)
			await session.send('\u001b[D')
			await session.waitFor(() => place().column === 3)
			session.resize(60, 20)
			await session.send('\u0005')
			await session.waitFor(() => place().column === 4 && /^ {2}(?:••|ab)/.test(place().text))
			await session.press('ctrl-c')
			await session.exit
			expect(session.modeBalance()).toEqual([])
			expect(session.cursor().column).toBe(0)
		},
	)

	test('is hidden on a list', async () => {
		const session = await show('Choices')
		expect(session.cursor().hidden).toBe(true)
	})
})

describe('what is typed ahead', () => {
	test('reaches the screens that it was meant for', async () => {
		const session = await show('Steps')
		await session.send('\rhttps://coder.example.com\r')
		await session.waitFor('0 characters')
		await session.send('abc\r')
		expect((await session.exit).code).toBe(0)
		expect(session.stdout()).toBe('entered https://coder.example.com 3\n')
	})

	test('before the program is there, too', async () => {
		const session = await startInTerminal({
			command: process.execPath,
			args: [gallery, 'Steps'],
			stdoutTo: 'capture',
		})
		await session.send('\rhttps://coder.example.com\r')
		await session.waitFor('0 characters')
	})
})

describe('the terminal afterwards', () => {
	async function expectAsBefore(session: Awaited<ReturnType<typeof show>>) {
		const modes = await session.sttyModes()
		expect(modes.after.exact).toBe(modes.before.exact)
		expect(session.modeBalance()).toEqual([])
	}

	test('Ctrl-C', async () => {
		const session = await show('Token')
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: 130, signal: null })
		await expectAsBefore(session)
		expect(session.stdout()).toBe('')
	})

	test('Ctrl-C inside a paste without an end', async () => {
		const session = await show('Token')
		await session.send('\u001b[200~half a tok')
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: 130, signal: null })
		await expectAsBefore(session)
	})

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
		['SIGQUIT', 131],
	] as const)('%s', async (signal, code) => {
		const session = await show('Token')
		await session.kill(signal)
		expect(await session.exit).toEqual({ code, signal: null })
		await expectAsBefore(session)
	})

	test('an exception', async () => {
		const session = await startInTerminal({
			command: process.execPath,
			args: [gallery, 'Broken'],
			stdoutTo: 'capture',
		})
		await session.waitFor('broken on purpose', { in: session.scrollback })
		expect((await session.exit).code).not.toBe(0)
		await expectAsBefore(session)
	})

	test('the terminal is gone: the program goes too', async () => {
		const session = await show('Token')
		const pid = await session.pid()
		session.close()
		await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
	})
})

describe('Ctrl-Z', () => {
	test('gives the terminal back to the shell, and fg continues if it was', async () => {
		const session = await startInTerminal({
			command: 'bash',
			args: ['--norc', '--noprofile', '-i'],
			env: { PS1: 'shell> ' },
			cwd: directory,
		})
		await session.waitFor('shell>')
		await session.send(`node g.mjs Token\r`)
		await session.waitFor('0 characters')
		await session.waitForModes(modes => !modes.echo)
		await session.send('abc')
		await session.waitFor('3 characters')
		await session.press('ctrl-z')
		await session.waitFor(/Stopped[^\n]*\n+shell> *$/)
		expect(session.bracketedPaste()).toBe(true) // The shell's own.
		expect(session.cursor().hidden).toBe(false)
		await session.send('echo still $((40 + 2))\r')
		await session.waitFor('still 42')
		await session.send('fg\r')
		await session.waitFor(/fg\n[\s\S]*3 characters/)
		await session.waitForModes(modes => !modes.echo && !modes.canonical)
		await session.paste('def')
		await session.waitFor('6 characters')
		await session.press('enter')
		await session.waitFor('entered abcdef')
	})

	test('a stop that nobody saw coming is survived as well, and what the shell wrote stays', async () => {
		const session = await startInTerminal({
			command: 'bash',
			args: ['--norc', '--noprofile', '-i'],
			env: { PS1: 'shell> ' },
			cwd: directory,
		})
		await session.waitFor('shell>')
		await session.send(`node g.mjs Token & true\r`)
		await session.waitFor(/\[1\] \d+/)
		const pid = Number(/\[1\] (\d+)/.exec(session.screen())?.[1])
		await session.send('fg\r')
		await session.waitFor('0 characters')
		await session.waitForModes(modes => !modes.echo)
		await session.send('abc')
		await session.waitFor('3 characters')
		process.kill(pid, 'SIGSTOP')
		await session.waitFor(/Stopped[^\n]*\n+shell> /)
		await session.send('echo still $((40 + 2))\r')
		await session.waitFor('still 42')
		await session.send('fg\r')
		await session.waitFor(/fg\n[\s\S]*3 characters/)
		await session.waitForModes(modes => !modes.echo && !modes.canonical)
		await session.send('d')
		await session.waitFor('4 characters')
		expect(session.screen()).toContain('still 42')
		await session.press('enter')
		await session.waitFor('entered abcd')
	})
})

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}
