// What a terminal can do, derived from what is known before anything is written to it. The terminal itself isn't
// queried: its response would arrive as keys.
import type { Env } from '../runtime/runtime.ts'

/** 0: none, 1: 16 colors, 2: 256, 3: true color. */
export type ColorLevel = 0 | 1 | 2 | 3

export type Capabilities = {
	readonly colorLevel: ColorLevel
	/** Whether symbols beyond ASCII (✔ → •) and braille spinners are drawn. */
	readonly unicode: boolean
	/** Whether links are clickable (OSC 8). */
	readonly hyperlinks: boolean
	/** Can't move the cursor: line mode is the only way. */
	readonly dumb: boolean
	/** A screen reader was announced. */
	readonly screenReader: boolean
	/** Programs between us and the terminal; sequences for the terminal are wrapped for them. */
	readonly through: 'tmux' | 'screen' | null
}

/** What is known about the stream that the screens are drawn on. */
export type OutputStream = {
	readonly isTTY: boolean
	/** Bits per pixel as `getColorDepth()` gives them: 1, 4, 8 or 24. */
	readonly colorDepth: number
}

/**
 * Color depth of a stream, by what the environment says about the terminal. Node treats an empty NO_COLOR and any CI as
 * a terminal without colors: the first has no meaning (no-color.org), and the second says nothing about a real
 * terminal.
 */
export function getColorDepth(stream: object, env: Env): number {
	const terminal = stream as { getColorDepth?(environment: object): number }
	const { NO_COLOR: _, CI: __, ...rest } = env
	return terminal.getColorDepth?.(rest) ?? 1
}

/** Detects what the terminal can do. Pure. */
export function detectCapabilities(env: Env, platform: NodeJS.Platform, stream: OutputStream): Capabilities {
	const dumb = env['TERM'] === 'dumb'
	return {
		colorLevel: colorLevelOf(env, stream, dumb),
		unicode: drawsUnicode(env, platform),
		hyperlinks: stream.isTTY && !dumb && opensLinks(env),
		dumb,
		screenReader: announcesReader(env),
		through: carrierOf(env),
	}
}

/**
 * FORCE_COLOR wins, as in chalk and Node: 0 or false for none, a number for that level, anything else for at least 16
 * colors. Then a non-empty NO_COLOR (no-color.org). TERM=dumb and streams that aren't terminals have none; COLORTERM
 * and the stream's depth decide the rest.
 */
function colorLevelOf(env: Env, stream: OutputStream, dumb: boolean): ColorLevel {
	const forced = env['FORCE_COLOR']
	if (forced === '0' || forced === 'false') return 0
	if (forced === '1' || forced === '2' || forced === '3') return Number(forced) as ColorLevel
	if (forced === undefined && env['NO_COLOR']) return 0
	const own = dumb || !stream.isTTY ? 0 : levelOf(env, stream.colorDepth)
	return forced === undefined || own > 0 ? own : 1
}

function levelOf(env: Env, depth: number): ColorLevel {
	if (/^(?:truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || depth >= 24) return 3
	return depth >= 8 ? 2 : depth >= 4 ? 1 : 0
}

/**
 * The Linux console and the C locale have no ✔; a Windows console has one only with a UTF-8 code page, which is certain
 * in Windows Terminal, VS Code, ConEmu and everything that sets TERM.
 */
function drawsUnicode(env: Env, platform: NodeJS.Platform): boolean {
	const term = env['TERM'] ?? ''
	if (platform === 'win32') {
		return Boolean(
			env['WT_SESSION'] ||
				env['TERMINUS_SUBLIME'] ||
				env['ConEmuTask'] ||
				env['TERM_PROGRAM'] === 'vscode' ||
				/^(?:xterm|alacritty|rxvt-unicode|cygwin|tmux|screen|wezterm|ghostty)/.test(term),
		)
	}
	if (term === 'linux' || term === 'dumb') return false
	const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
	// Containers, and SSH to them, usually have no locale; their terminals draw UTF-8.
	return locale === '' || /utf-?8/i.test(locale) || /^c\.utf/i.test(locale)
}

/** Terminals known to open OSC 8 links. Older ones print the sequence as text, so unknown means no. */
function opensLinks(env: Env): boolean {
	const forced = env['FORCE_HYPERLINK']
	if (forced !== undefined) return forced !== '0' && forced !== 'false'
	// GNU screen drops OSC 8; tmux passes it on from 3.4, the first version that sets this variable.
	const carrier = carrierOf(env)
	if (carrier === 'screen') return false
	if (carrier === 'tmux') return atLeast(env['TERM_PROGRAM'] === 'tmux' ? env['TERM_PROGRAM_VERSION'] : '', 3, 4)
	if (env['WT_SESSION'] || env['KITTY_WINDOW_ID'] || env['DOMTERM']) return true
	if (Number(env['VTE_VERSION'] ?? 0) >= 5000) return true
	const version = env['TERM_PROGRAM_VERSION']
	switch (env['TERM_PROGRAM']) {
		case 'iTerm.app':
			return atLeast(version, 3, 1)
		case 'WezTerm':
			return true
		case 'vscode':
			return atLeast(version, 1, 72)
		case 'ghostty':
		case 'Hyper':
		case 'rio':
		case 'zed':
			return true
	}
	return /^(?:xterm-kitty|alacritty|xterm-ghostty|foot|wezterm|contour)/.test(env['TERM'] ?? '')
}

/** Whether the wizard runs in line mode without being asked: a terminal that can't redraw, or a screen reader. */
export function isPlain(env: Env): boolean {
	return env['TERM'] === 'dumb' || announcesReader(env)
}

function announcesReader(env: Env): boolean {
	const said = env['INK_SCREEN_READER'] ?? env['ACCESSIBLE'] ?? env['SCREEN_READER'] ?? ''
	return said !== '' && said !== '0' && said !== 'false'
}

function carrierOf(env: Env): 'tmux' | 'screen' | null {
	if (env['TMUX']) return 'tmux'
	if (env['STY']) return 'screen'
	// Over SSH from inside tmux or screen only TERM is available.
	if (/^tmux/.test(env['TERM'] ?? '')) return 'tmux'
	return /^screen/.test(env['TERM'] ?? '') ? 'screen' : null
}

function atLeast(version: string | undefined, major: number, minor: number): boolean {
	const parts = /^(\d+)\.(\d+)/.exec(version ?? '')
	if (!parts) return false
	return Number(parts[1]) > major || (Number(parts[1]) === major && Number(parts[2]) >= minor)
}
