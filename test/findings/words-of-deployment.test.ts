// Each row of the table of words says something, in words that a user can act on.
import { expect, describe as group, it } from 'vitest'
import { describeFinding } from '../../source/findings/describe.ts'
import { type FindingCode, finding, type Words } from '../../source/findings/finding.ts'
import { words } from '../../source/findings/words.ts'
import { deploymentWords } from '../../source/findings/words-of-deployment.ts'
import { muxWords } from '../../source/findings/words-of-mux.ts'
import { settingsWords } from '../../source/findings/words-of-settings.ts'
import { usageWords } from '../../source/findings/words-of-usage.ts'

const rows = Object.entries(words) as [FindingCode, Words][]
/** Holes where a detail was missing. */
const holes = /\bundefined(?! \()\b|\bnull\b|NaN|\[object|\$\{|“”| {2}/

group('every row', () => {
	it('stands in one table only', () => {
		const tables = [deploymentWords, muxWords, settingsWords, usageWords].flatMap(table => Object.keys(table))
		expect(tables.filter((code, place) => tables.indexOf(code) !== place)).toEqual([])
	})

	it.each(rows)('%s has words for its example', (code, row) => {
		const said = describeFinding(finding(code, 'deployment', row.example))
		expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
		expect(said.headline.trim().length).toBeGreaterThan(0)
		expect(said.reason.trim().length).toBeGreaterThan(0)
		for (const text of [said.headline, said.reason, ...said.remedy]) {
			if (code !== 'bug') expect(text).not.toMatch(holes)
			expect(text).toBe(text.trim())
			expect(text).not.toBe('')
			expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
		}
	})
})

group('every row about the deployment', () => {
	const own = Object.entries(deploymentWords) as [keyof typeof deploymentWords, Words][]

	it.each(own)('%s reads well', (code, row) => {
		const said = describeFinding(finding(code, 'deployment', row.example))
		expect(said.headline).not.toMatch(/\.$/)
		expect(said.headline.length).toBeLessThan(110)
		expect(said.reason).toMatch(/[.!?…]”?$/)
		if (row.severity === 'error') expect(said.remedy.length).toBeGreaterThan(0)
		expect(JSON.stringify(said)).not.toMatch(/REJECT_UNAUTHORIZED|--no-verify/)
	})

	it.each(own)('%s has no holes where nothing is known', code => {
		const said = describeFinding(finding(code, 'deployment', {}))
		for (const text of [said.headline, said.reason, ...said.remedy]) {
			expect(text).not.toMatch(holes)
			expect(text).not.toBe('')
		}
	})

	it.each(own)('%s has the exit code of its kind', (code, row) => {
		const kinds: [RegExp, number[]][] = [
			[/^url-|^token-empty$|^workspace-proxy$|^standalone-gateway$|^ca-file-/, [2]],
			[/^(token-(name|lifetime|not-made|not-deleted)|token-file)/, [1, 2, 5]],
			[/^(token|user|login|signed-out)/, [3]],
			[/^(tls|certificate|proxy|connection|host|network|https?-|redirect|no-response)/, [4]],
			[/^(no-license|bridge-off|too-old|open-source-build|bridge-disconnected|route-unknown)/, [6]],
		]
		const kind = kinds.find(([pattern]) => pattern.test(code))
		if (kind) expect(kind[1]).toContain(row.exitCode)
	})
})
