// The parts of the pages that are made from the program are those of this very program.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { fillBlocks, listBlocks } from '../../scripts/docs/blocks.ts'
import {
	describeWaysBack,
	makeStateDiagram,
	makeTransitionsTable,
	walkStates,
} from '../../scripts/docs/state-machine.ts'
import { getGroups, sampleFinding } from '../../scripts/docs/troubleshooting.ts'
import { findStalePages, generatePages } from '../../scripts/docs.ts'
import { optionSyntax, options } from '../../source/commands/options.ts'
import { listCodes } from '../../source/findings/codes.ts'
import { describeFinding } from '../../source/findings/describe.ts'
import { exitCodes } from '../../source/findings/exit-codes.ts'
import { pageAt, root } from './pages.ts'

it('keeps every generated page up to date', () => {
	expect(findStalePages()).toEqual([])
})

describe('blocks', () => {
	const page = '# A\n\n<!-- begin: one two -->\nold\n<!-- end: one two -->\n\nB\n'

	it('are filled, and the text around them is kept', () => {
		expect(fillBlocks(page, name => `new ${name}\n`)).toBe(
			'# A\n\n<!-- begin: one two -->\n\nnew one two\n\n<!-- end: one two -->\n\nB\n',
		)
		const filled = fillBlocks(page, () => 'new')
		expect(fillBlocks(filled, () => 'new')).toBe(filled)
		expect(listBlocks(page)).toEqual(['one two'])
	})

	const wrong: readonly (readonly [string, string, () => string | undefined])[] = [
		['unknown', page, () => undefined],
		['without an end', '<!-- begin: one -->\n', () => ''],
		['without a beginning', '<!-- end: one -->\n', () => ''],
		['one in another', '<!-- begin: one -->\n<!-- begin: two -->\n<!-- end: one -->\n', () => ''],
	]
	it.each(wrong)('%s is an error', (_, text, make) => {
		expect(() => fillBlocks(text, make)).toThrow()
	})
})

describe('the page of all findings', () => {
	const page = generatePages().get('docs/troubleshooting.md')!

	it('has each code once, with its message', () => {
		for (const code of listCodes()) {
			expect(page.split(`\n### ${code}\n`), code).toHaveLength(2)
			const { headline } = describeFinding(sampleFinding(code))
			expect(page.replace(/\\(.)/g, '$1'), code).toContain(`**${headline}**`)
		}
	})

	it('has every exit code, and leaves no finding without a group', () => {
		for (const [code, meaning] of Object.entries(exitCodes)) expect(page).toContain(`| ${code} | ${meaning} |`)
		const source = readFileSync(join(root, 'source/findings/messages/deployment.ts'), 'utf8')
		const grouped = getGroups(source).flatMap(group => group.codes)
		expect([...grouped].sort()).toEqual(listCodes().sort())
		expect(getGroups(source).every(group => group.codes.length > 1)).toBe(true)
	})
})

it('the results that a page shows are valid', () => {
	const isResult = new Ajv2020().compile(JSON.parse(readFileSync(join(root, 'schema/result.json'), 'utf8')))
	const shown = pageAt('docs/json.md').blocks.filter(block => block.language === 'json')
	expect(shown.map(({ text }) => isResult(JSON.parse(text)))).toEqual([true, true])
})

describe('the page of options', () => {
	it('describes every option', () => {
		const { text } = pageAt('docs/options.md')
		for (const option of options) expect(text).toContain(`\`${optionSyntax(option)}\``)
	})
})

describe('the picture of the states', () => {
	const transitions = walkStates()
	const has = (from: string, event: string, to: string) =>
		transitions.some(one => one.from === from && one.event === event && one.to === to)

	it('has what anybody can see who runs the wizard', () => {
		expect(has('providers', 'submit-providers', 'deployment.input')).toBe(true)
		expect(has('review.confirm', 'apply-plan', 'finish.applying')).toBe(true)
		expect(has('review.edit', 'show-checks', 'checks.done')).toBe(true)
		expect(has('checks.running', 'apply-plan', 'finish.applying')).toBe(false)
	})

	it('reaches writing from the review alone', () => {
		const into = transitions.filter(({ to, from }) => to === 'finish.applying' && from !== to)
		expect(new Set(into.map(({ from }) => from))).toEqual(new Set(['review.confirm']))
		expect(transitions.filter(({ effects }) => effects.includes('apply-plan')).map(({ from }) => from)).toEqual([
			'review.confirm',
		])
	})

	it('is on its page as diagram, table and text', () => {
		const { text } = pageAt('docs/architecture.md')
		for (const part of [
			makeStateDiagram(transitions),
			makeTransitionsTable(transitions),
			describeWaysBack(transitions),
		]) {
			expect(text.includes(part.trim())).toBe(true)
		}
	})
})
