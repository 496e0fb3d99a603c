import { afterEach, expect, test } from 'vitest'
import type { DescribedFinding } from '../../../source/findings/describe.ts'
import { Findings, measureFinding } from '../../../source/ui/components/finding.tsx'
import { draw, undrawAll } from './drawn.tsx'

afterEach(undrawAll)

const finding = {
	code: 'host-not-found',
	severity: 'error',
	subject: 'deployment',
	headline: "Can't find coder.exmaple.com",
	reason: "The name doesn't resolve from this machine.",
	remedy: ['Check the spelling.', "If it's an internal name, connect to your VPN.", 'npx mux-bridge-wizard check'],
} as unknown as DescribedFinding

test.each([30, 36, 47, 60, 80])('in %i columns a finding takes as many rows as were counted', columns => {
	for (const brief of [false, true]) {
		const height = measureFinding(finding, columns, { brief })
		const screen = draw(<Findings findings={[finding]} rows={brief ? height : 20} />, { columns }).screen()
		expect(screen.split('\n')).toHaveLength(height)
	}
})

test('leaves out the reason before it cuts anything', () => {
	const screen = draw(<Findings findings={[finding]} rows={4} />).screen()
	expect(screen).not.toContain('resolve')
	expect(screen).toContain('npx mux-bridge-wizard check')
	expect(screen).not.toContain('more')
})

test('says how much is cut, and scrolls to it', async () => {
	const view = draw(<Findings findings={[finding]} rows={3} />)
	expect(view.screen()).toMatch(/Can't find[^\n]*\n[^\n]*Check the spelling\.\n {2}↓ 2 more lines \(pgdn\)$/)
	view.send('\u001b[6~', '\u001b[6~')
	await view.waitFor('npx mux-bridge-wizard check')
	expect(view.screen()).toMatch(/↑ 2 more lines \(pgup\)$/)
	view.send('\u001b[5~')
	await view.waitFor('↓ 1 more line (pgdn)')
})
