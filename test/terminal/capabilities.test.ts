import { describe, expect, test } from 'vitest'
import { detectCapabilities, type OutputStream } from '../../source/terminal/capabilities.ts'
import { makeClipboardSequence } from '../../source/terminal/clipboard.ts'
import { formatHyperlink } from '../../source/terminal/hyperlinks.ts'

type Case = [Record<string, string>, Partial<OutputStream> & { platform?: NodeJS.Platform }, unknown]
const of = (environment: Record<string, string>, { platform = 'linux', ...stream }: Case[1] = {}) =>
	detectCapabilities(environment, platform, { isTTY: true, colorDepth: 8, ...stream })

test.each<Case>([
	[{ TERM: 'xterm-256color' }, {}, 2],
	[{ TERM: 'xterm' }, { colorDepth: 4 }, 1],
	[{ TERM: 'xterm' }, { colorDepth: 24 }, 3],
	[{ TERM: 'xterm' }, { colorDepth: 1 }, 0],
	[{ TERM: 'xterm', COLORTERM: 'truecolor' }, {}, 3],
	[{ TERM: 'xterm' }, { isTTY: false }, 0],
	[{ TERM: 'dumb' }, {}, 0],
	[{ NO_COLOR: '1' }, {}, 0],
	[{ NO_COLOR: '' }, {}, 2],
	[{ NO_COLOR: '1', COLORTERM: 'truecolor' }, {}, 0],
	[{ NO_COLOR: '1', FORCE_COLOR: '1' }, {}, 1],
	[{ FORCE_COLOR: '0' }, {}, 0],
	[{ FORCE_COLOR: 'false' }, {}, 0],
	[{ FORCE_COLOR: '3' }, { isTTY: false }, 3],
	[{ FORCE_COLOR: '2' }, { isTTY: false }, 2],
	[{ FORCE_COLOR: '' }, { isTTY: false }, 1],
	[{ FORCE_COLOR: 'true' }, {}, 2],
	[{ FORCE_COLOR: 'true', TERM: 'dumb' }, {}, 1],
	[{ CI: 'true' }, { isTTY: false }, 0],
	[{ CI: 'true', TERM: 'xterm' }, {}, 2],
])('colors with %j on %j: %j', (environment, stream, requested) => {
	expect(of(environment, stream).colorLevel).toBe(requested)
})

test.each<Case>([
	[{ TERM: 'xterm', LANG: 'en_US.UTF-8' }, {}, true],
	[{ TERM: 'xterm', LANG: 'de_DE.utf8' }, {}, true],
	[{ TERM: 'xterm' }, {}, true],
	[{ TERM: 'xterm', LANG: 'C' }, {}, false],
	[{ TERM: 'xterm', LANG: 'en_US.ISO-8859-1' }, {}, false],
	[{ TERM: 'xterm', LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, {}, false],
	[{ TERM: 'linux', LANG: 'en_US.UTF-8' }, {}, false],
	[{}, { platform: 'win32' }, false],
	[{ WT_SESSION: '1' }, { platform: 'win32' }, true],
	[{ TERM_PROGRAM: 'vscode' }, { platform: 'win32' }, true],
	[{ TERM: 'xterm-256color' }, { platform: 'win32' }, true],
])('marks beyond ASCII with %j on %j: %j', (environment, stream, requested) => {
	expect(of(environment, stream).unicode).toBe(requested)
})

test.each<Case>([
	[{ TERM: 'xterm' }, {}, false],
	[{ VTE_VERSION: '7200' }, {}, true],
	[{ VTE_VERSION: '4800' }, {}, false],
	[{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.4.19' }, {}, true],
	[{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.1' }, {}, false],
	[{ TERM_PROGRAM: 'Apple_Terminal' }, {}, false],
	[{ TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.95.0' }, {}, true],
	[{ TERM: 'xterm-kitty' }, {}, true],
	[{ TERM: 'xterm-kitty' }, { isTTY: false }, false],
	[{ WT_SESSION: '1' }, { platform: 'win32' }, true],
	[{ TMUX: '/tmp/t,1,0', TERM: 'tmux-256color', VTE_VERSION: '7200' }, {}, false],
	[{ TMUX: '/tmp/t,1,0', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.4' }, {}, true],
	[{ TMUX: '/tmp/t,1,0', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.3a' }, {}, false],
	[{ STY: '1.pts', VTE_VERSION: '7200' }, {}, false],
	[{ TERM: 'xterm', FORCE_HYPERLINK: '1' }, {}, true],
	[{ TERM: 'xterm-kitty', FORCE_HYPERLINK: '0' }, {}, false],
	[{ TERM: 'dumb', FORCE_HYPERLINK: '1' }, {}, false],
])('links with %j on %j: %j', (environment, stream, requested) => {
	expect(of(environment, stream).hyperlinks).toBe(requested)
})

test('what carries us, who reads to whom, and what can do nothing', () => {
	expect(of({ TMUX: '/tmp/t,1,0' }).through).toBe('tmux')
	expect(of({ TERM: 'tmux-256color' }).through).toBe('tmux')
	expect(of({ TERM: 'screen-256color' }).through).toBe('screen')
	expect(of({ TERM: 'screen', TMUX: '/tmp/t,1,0' }).through).toBe('tmux')
	expect(of({ TERM: 'xterm' }).through).toBeNull()
	expect(of({ INK_SCREEN_READER: 'true' }).screenReader).toBe(true)
	expect(of({ INK_SCREEN_READER: 'false' }).screenReader).toBe(false)
	expect(of({ ACCESSIBLE: '1' }).screenReader).toBe(true)
	expect(of({}).screenReader).toBe(false)
	expect(of({ TERM: 'dumb' }).dumb).toBe(true)
})

describe('the clipboard', () => {
	const text = 'https://coder.example.com/cli-auth'
	const plain = `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`

	test('goes straight to a terminal', () => {
		expect(makeClipboardSequence(text, null)).toBe(plain)
	})

	test('passes tmux, whichever way it is set up', () => {
		expect(makeClipboardSequence(text, 'tmux')).toBe(`${plain}\u001bPtmux;\u001b${plain}\u001b\\`)
	})

	test('passes screen in pieces that it takes', () => {
		const long = 'x'.repeat(2000)
		const pieces = makeClipboardSequence(long, 'screen').match(/\u001bP[\s\S]*?\u001b\\/g) ?? []
		expect(pieces.length).toBeGreaterThan(1)
		for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(768 + 4)
		const whole = pieces.map(piece => piece.slice(2, -2)).join('')
		expect(whole).toBe(`\u001b]52;c;${Buffer.from(long).toString('base64')}\u0007`)
	})
})

test('a link is created of web addresses only', () => {
	expect(formatHyperlink('https://a.b/c')).toBe('\u001b]8;;https://a.b/c\u001b\\https://a.b/c\u001b]8;;\u001b\\')
	expect(formatHyperlink('file:///etc/passwd')).toBe('file:///etc/passwd')
	expect(formatHyperlink('https://a.b/\u001b]0;x')).toBe('https://a.b/\u001b]0;x')
})
