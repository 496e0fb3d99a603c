import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createModeTracker, writeSync } from '../../source/terminal/mode-tracker.ts'

test.each([
	[[], ''],
	[['\u001b[?25l'], '\u001b[?25h'],
	[['\u001b[?25l', '\u001b[?25h'], ''],
	[['\u001b[?25l\u001b[?2004h', 'text'], '\u001b[?25h\u001b[?2004l'],
	[['\u001b[?2004h', '\u001b[?2004l', '\u001b[?2004h'], '\u001b[?2004l'],
	[['\u001b[>1u'], '\u001b[<u'],
	[['\u001b[>1u', '\u001b[<u'], ''],
	[['\u001b[?1004h\u001b[?1003h\u001b[?1006h\u001b[?2026h'], '\u001b[?1004l\u001b[?1003l\u001b[?1006l\u001b[?2026l'],
	[['\u001b[?7h', '\u001b[2K', '\u001b[?25h'], ''],
])('after %j what is switched on is switched off: %j', (written, requested) => {
	const modes = createModeTracker()
	for (const text of written) modes.note(text)
	expect(modes.undo()).toBe(requested)
	expect(modes.undo()).toBe('')
})

test('writes at once, and bears a terminal that is gone', () => {
	const directory = mkdtempSync(join(tmpdir(), 'restore-'))
	const file = openSync(join(directory, 'out'), 'w')
	writeSync(file, '\u001b[?25h')
	closeSync(file)
	expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('\u001b[?25h')
	writeSync(file, '\u001b[?25h')
	rmSync(directory, { recursive: true })
})
