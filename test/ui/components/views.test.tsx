import { Box } from 'ink'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DescribedFinding } from '../../../source/findings/describe.ts'
import {
	CheckList,
	type CheckListRow,
	measureCheckList,
	Spinner,
	spinnerInterval,
} from '../../../source/ui/components/check-list.tsx'
import { CompletedStep } from '../../../source/ui/components/completed-step.tsx'
import { Diff, type DiffLineProps } from '../../../source/ui/components/diff.tsx'
import { FindingDetails } from '../../../source/ui/components/finding.tsx'
import { Header, StepCounterContext } from '../../../source/ui/components/header.tsx'
import { Link } from '../../../source/ui/components/link.tsx'
import { MultiSelect } from '../../../source/ui/components/multi-select.tsx'
import { PasswordInput } from '../../../source/ui/components/password-input.tsx'
import { Select } from '../../../source/ui/components/select.tsx'
import { StepFrame } from '../../../source/ui/screens/step-frame.tsx'
import { Text } from '../../../source/ui/text.tsx'
import { draw, undrawAll } from './drawn.tsx'

afterEach(() => {
	vi.useRealTimers()
	undrawAll()
})

const notFound: DescribedFinding = {
	code: 'token-missing',
	severity: 'error',
	subject: 'deployment',
	headline: 'coder.exmaple.com was not found',
	reason: 'The name does not exist, or this machine can’t resolve it.',
	remedy: [
		'Check the spelling. On a company network: is the VPN up?',
		'https://coder.example.com/cli-auth',
		'npx mux-bridge-wizard check --url https://coder.example.com',
	],
	docs: 'https://example.com/docs/troubleshooting.md#token-missing',
}

describe('a finding', () => {
	test('says what, why and what to do, with text to copy on its own line', () => {
		expect(draw(<FindingDetails finding={notFound} />).screen()).toBe(
			[
				'  ✖ coder.exmaple.com was not found',
				'    The name does not exist, or this machine can’t resolve it.',
				'    → Check the spelling. On a company network: is the VPN up?',
				'      https://coder.example.com/cli-auth',
				'      npx mux-bridge-wizard check --url https://coder.example.com',
			].join('\n'),
		)
	})

	test('in a narrow window words wrap under each other, and what is copied begins at the edge rather than break', () => {
		const rows = draw(<FindingDetails finding={notFound} />, { columns: 36 })
			.screen()
			.split('\n')
		expect(rows.slice(0, 6)).toEqual([
			'  ✖ coder.exmaple.com was not found',
			'    The name does not exist, or this',
			'    machine can’t resolve it.',
			'    → Check the spelling. On a',
			'      company network: is the VPN',
			'      up?',
		])
		expect(rows).toContain('https://coder.example.com/cli-auth')
	})

	test.each([30, 36, 47, 60, 80, 200])('indents each row in %i columns, or starts it at the edge', columns => {
		for (const brief of [false, true]) {
			const rows = draw(<FindingDetails finding={notFound} brief={brief} />, { columns })
				.screen()
				.split('\n')
			for (const row of rows) {
				expect(row).toMatch(/^(?: {2}| {4}| {6})?\S/)
				expect(row.length).toBeLessThanOrEqual(columns)
			}
		}
	})

	test('a warning and a note have symbols of their own', () => {
		expect(draw(<FindingDetails finding={{ ...notFound, severity: 'warning' }} brief />).screen()).toMatch(
			/^ {2}! coder/,
		)
		expect(draw(<FindingDetails finding={{ ...notFound, severity: 'info' }} brief />).screen()).toMatch(/^ {2}i coder/)
	})

	test('briefly, it leaves out the reason', () => {
		expect(draw(<FindingDetails finding={notFound} brief />).screen()).not.toContain('resolve')
	})

	test.each([
		['unset OPENROUTER_API_KEY', true],
		['export OPENAI_API_KEY=', true],
		['coder login https://coder.example.com', true],
		['$env:OPENAI_API_KEY = $null', true],
		['Set it again.', false],
		['coder login shows which session it is: run it', false],
		['unset it where Mux starts, or put "direct" first.', false],
	])('%s: a command of its own: %s', (step, isCommand) => {
		const screen = draw(<FindingDetails finding={{ ...notFound, remedy: [step] }} />).screen()
		expect(screen.includes(`→ ${step}`)).toBe(!isCommand)
		expect(screen).toContain(step)
	})
})

describe('a link', () => {
	test('is clickable if the terminal can, with the whole URL as its address on each row', () => {
		const url = `https://coder.example.com/${'a'.repeat(60)}`
		const { styled } = draw(<Link url={url} />, { columns: 40, capabilities: { hyperlinks: true } })
		const links = [...styled().matchAll(/\u001b\]8;;([^\u001b\u0007]+)(?:\u001b\\|\u0007)([^\u001b]*)/g)]
		expect(new Set(links.map(link => link[1]))).toEqual(new Set([url]))
		expect(links.map(link => link[2]).join('')).toBe(url)
	})

	test("and plain text if it can't", () => {
		expect(draw(<Link url="https://a.b" />).styled()).toBe('  https://a.b')
	})
})

const rows: CheckListRow[] = [
	{ label: 'Deployment', status: 'passed', note: 'Coder v2.31.2' },
	{ label: 'Token', status: 'running', note: 'asking …' },
	{ label: 'AI Bridge', status: 'running', note: 'asking …' },
	{ label: 'OpenAI', status: 'pending', note: '' },
	{ label: 'Anthropic', status: 'failed', note: 'no such provider', findings: [{ ...notFound, remedy: [] }] },
	{ label: 'Conflicts', status: 'warning', note: 'OPENROUTER_API_KEY is set' },
	{ label: 'Old', status: 'skipped', note: 'skipped' },
]

describe('checks', () => {
	test('shows a symbol for each check, and its findings under it', () => {
		expect(draw(<CheckList rows={rows} />).screen()).toBe(
			[
				'  ✔ Deployment  Coder v2.31.2',
				'  ⠋ Token       asking …',
				'  ⠋ AI Bridge   asking …',
				'  · OpenAI',
				'  ✖ Anthropic   no such provider',
				'    ✖ coder.exmaple.com was not found',
				'      The name does not exist, or this machine can’t resolve it.',
				'  ! Conflicts   OPENROUTER_API_KEY is set',
				'  - Old         skipped',
			].join('\n'),
		)
	})

	const failed: CheckListRow[] = [
		{ label: 'Coder', status: 'passed', note: 'v2.36.0' },
		{
			label: 'Token',
			status: 'failed',
			note: '',
			findings: [{ ...notFound, headline: 'The token has expired' }, notFound],
		},
		{ label: 'AI Bridge', status: 'skipped', note: '' },
		{ label: 'OpenAI', status: 'skipped', note: '' },
		{ label: 'Anthropic', status: 'skipped', note: '' },
	]

	test('a failed check has its finding as its note, and skipped ones share a row', () => {
		expect(draw(<CheckList rows={failed} brief />).screen()).toBe(
			[
				'  ✔ Coder      v2.36.0',
				'  ✖ Token      The token has expired',
				'               → Check the spelling. On a company network: is the VPN up?',
				'                 https://coder.example.com/cli-auth',
				'                 npx mux-bridge-wizard check --url https://coder.example.com',
				'               ✖ coder.exmaple.com was not found',
				'                 → Check the spelling. On a company network: is the VPN up?',
				'                   https://coder.example.com/cli-auth',
				'                   npx mux-bridge-wizard check --url https://coder.example.com',
				'  - AI Bridge, OpenAI, Anthropic  not checked',
			].join('\n'),
		)
	})

	test.each([40, 50, 59, 60, 80, 100])('takes as many rows in %i columns as was measured', columns => {
		for (const list of [rows, failed])
			for (const brief of [true, false])
				for (const wrapsNotes of [true, false]) {
					const screen = draw(<CheckList rows={list} brief={brief} wrapsNotes={wrapsNotes} />, { columns }).screen()
					expect([brief, wrapsNotes, screen.split('\n').length, screen]).toEqual([
						...[brief, wrapsNotes, measureCheckList(list, columns, { brief, wrapsNotes }), screen],
					])
				}
	})

	test('wraps a long note if asked to', () => {
		const long: CheckListRow[] = [
			{ label: 'Token', status: 'passed', note: 'alice, API token “mux-laptop”, expires in 30 days' },
		]
		expect(draw(<CheckList rows={long} />, { columns: 40 }).screen()).toMatch(/…$/)
		expect(draw(<CheckList rows={long} wrapsNotes />, { columns: 40 }).screen()).toBe(
			'  ✔ Token  alice, API token\n           “mux-laptop”, expires in 30\n           days',
		)
	})

	test('turns all spinners with one clock, one frame a turn', async () => {
		const list = draw(<CheckList rows={rows} />)
		const readTurns = () => list.frames.map(frame => frame.match(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g) ?? [])
		await list.waitFor(() => new Set(readTurns().map(([symbol]) => symbol)).size >= 4)
		const turns = readTurns()
		for (const symbols of turns) expect(symbols).toEqual([symbols[0], symbols[0]])
		const drawnAgain = turns.filter(([symbol], index) => index > 0 && symbol === turns[index - 1]?.[0])
		// One more frame at most: the one that is drawn when the size of the window is known.
		expect(drawnAgain.length).toBeLessThanOrEqual(1)
	})

	test('nothing turns when none asks, nor for a screen reader', async () => {
		vi.useFakeTimers()
		draw(<CheckList rows={rows.map(row => ({ ...row, status: 'passed' }))} />)
		draw(<Spinner text="asking coder.example.com …" />, { capabilities: { screenReader: true } })
		await vi.advanceTimersByTimeAsync(spinnerInterval)
		expect(vi.getTimerCount()).toBe(0)
		draw(<Spinner text="asking coder.example.com …" />)
		await vi.advanceTimersByTimeAsync(spinnerInterval)
		expect(vi.getTimerCount()).toBe(1)
	})
})

describe('a diff', () => {
	test('goes sideways if a line is wider than the window, and not if none is', async () => {
		const url = '"baseUrl": "https://coder.example.com/api/v2/aibridge/openai/v1"'
		const narrow = draw(<Diff lines={[{ kind: 'add', text: url, number: 1 }]} height={10} />, { columns: 40 })
		expect(narrow.screen()).not.toContain('openai/v1"')
		narrow.send('\u001b[C', '\u001b[C')
		await narrow.waitFor('/openai/v1"')
		narrow.send('\u001b[D', '\u001b[D', '\u001b[D')
		await narrow.waitFor('+ "baseUrl": "https://coder')
		const wide = draw(<Diff lines={[{ kind: 'add', text: url, number: 1 }]} height={10} />, { columns: 80 })
		const before = wide.frames.length
		wide.send('\u001b[C')
		expect(wide.frames.length).toBe(before)
	})

	const lines: DiffLineProps[] = [
		{ kind: 'same', text: '{', number: 1 },
		{ kind: 'gap', text: ' 3 lines' },
		{ kind: 'remove', text: '\t"apiKey": "sk-p••••••••••",' },
		{ kind: 'add', text: '\t"apiKey": "Zq3h7Lk2aB-••••••••••",', number: 5 },
		...Array.from(
			{ length: 11 },
			(_, index): DiffLineProps => ({ kind: 'same', text: `line ${index}`, number: 6 + index }),
		),
	]
	const small = lines.slice(0, 4)

	test("shows signs and numbers; in color the signs aren't alone", () => {
		expect(draw(<Diff lines={small} height={10} />).screen()).toBe(
			[
				'  1   {',
				'      … 3 lines',
				'    -   "apiKey": "sk-p••••••••••",',
				'  5 +   "apiKey": "Zq3h7Lk2aB-••••••••••",',
			].join('\n'),
		)
		const styled = draw(<Diff lines={small} height={10} />, { capabilities: { colorLevel: 1 } }).styled()
		expect(styled).toMatch(/\u001b\[31m.*sk-p/)
		expect(styled).toMatch(/\u001b\[32m.*Zq3h/)
	})

	test('takes as many rows as it was given, and scrolls by pages and lines', async () => {
		const view = draw(<Diff lines={lines} height={6} />)
		expect(view.screen().split('\n')).toHaveLength(6)
		expect(view.screen()).toMatch(/1–5 of 15 ↓$/)
		view.send('\u001b[6~')
		await view.waitFor(/6–10 of 15 ↑↓$/)
		view.send('\u001b[6~', '\u001b[6~')
		await view.waitFor(/11–15 of 15 ↑$/)
		view.send('\u001b[5~')
		await view.waitFor(/6–10 of 15/)
		view.send('[')
		await view.waitFor(/5–9 of 15/)
		view.send('\u001b[1;2B', ']')
		await view.waitFor(/7–11 of 15/)
		view.send('\u0015', '\u0015', '\u0015')
		await view.waitFor(/1–5 of 15 ↓$/)
	})

	test('the arrows belong to the list below', async () => {
		const chosen: string[] = []
		const view = draw(
			<Box flexDirection="column">
				<Diff lines={lines} height={6} />
				<Select
					items={['Apply', 'Quit'].map(label => ({ label, value: label }))}
					onChoose={value => chosen.push(value)}
				/>
			</Box>,
		)
		view.send('\u001b[B')
		await view.waitFor('❯ Quit')
		expect(view.screen()).toContain('1–5 of 15')
	})

	test('when the window changes, the last line stays the last', async () => {
		const view = draw(<Diff lines={lines} height={6} />)
		view.send('\u001b[6~', '\u001b[6~')
		await view.waitFor('11–15 of 15')
		view.rerender(<Diff lines={lines} height={11} />)
		await view.waitFor('6–15 of 15')
		view.rerender(<Diff lines={lines} height={15} />)
		await view.waitFor(screen => !screen.includes('of 15') && screen.includes('{'))
	})

	test("what a file holds can't command the terminal", () => {
		const view = draw(
			<Diff lines={[{ kind: 'same', text: '// \u001b]0;title\u0007\u001b[2J\u009b5n\u202e' }]} height={5} />,
		)
		expect(view.styled()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
	})

	test.each([40, 60, 200])('in %i columns no row wraps', columns => {
		const long: DiffLineProps[] = [{ kind: 'add', text: `"${'x'.repeat(300)}"`, number: 1 }]
		const screen = draw(<Diff lines={long} height={5} />, { columns }).screen()
		expect(screen.split('\n')).toHaveLength(1)
		expect(screen.length).toBeLessThanOrEqual(columns)
	})
})

describe('around the steps', () => {
	const question = (columns: number) =>
		draw(
			<StepCounterContext value="2/6">
				<StepFrame question="What is your Coder URL?" send={() => {}} compact>
					<Text>here</Text>
				</StepFrame>
			</StepCounterContext>,
			{ columns },
		)
			.screen()
			.split('\n')

	test('the title has a blank line above it', () => {
		expect(draw(<Header title="Connect Mux" />).screen()).toBe('\n  Connect Mux')
	})

	test('the counter is at the right edge of the content, and left out where the question needs its room', () => {
		expect(question(80)[0]).toMatch(/^❯ What is your Coder URL\? {50}2\/6$/)
		expect(question(200)[0]?.length).toBe(98)
		expect(question(40)[0]).toMatch(/^❯ What is your Coder URL\? +2\/6$/)
		expect(question(28)[0]).toBe('❯ What is your Coder URL?')
	})

	test('a finished step is one line', () => {
		const step = <CompletedStep label="Deployment" answer="https://coder.example.com (Coder v2.31.2)" />
		expect(draw(step).screen()).toBe('✔ Deployment  https://coder.example.com (Coder v2.31.2)')
		expect(draw(step, { columns: 30 }).screen()).toBe('✔ Deployment  https://coder.e…')
	})
})

test('a screen reader hears what the symbols mean, in order, and no secret', () => {
	const screen = draw(
		<Box flexDirection="column">
			<CompletedStep label="Providers" answer="OpenAI" />
			<FindingDetails finding={notFound} />
			<CheckList rows={rows.slice(0, 2)} />
			<MultiSelect
				items={[
					{ label: 'OpenAI', value: 'openai', selected: true },
					{ label: 'Anthropic', value: 'anthropic', selected: false },
				]}
				onToggle={() => {}}
				onToggleAll={() => {}}
				onSubmit={() => {}}
			/>
			<Select items={['Apply', 'Quit'].map(label => ({ label, value: label }))} onChoose={() => {}} />
			<Diff
				lines={[
					{ kind: 'add', text: 'new' },
					{ kind: 'remove', text: 'old' },
				]}
				height={5}
			/>
			<PasswordInput onSubmit={() => {}} />
		</Box>,
		{ capabilities: { screenReader: true } },
	).screen()
	expect(screen.split('\n')).toEqual([
		'done: Providers    OpenAI',
		'error: coder.exmaple.com was not found',
		'The name does not exist, or this machine can’t resolve it.',
		'to do: Check the spelling. On a company network: is the VPN up?',
		'https://coder.example.com/cli-auth',
		'npx mux-bridge-wizard check --url https://coder.example.com',
		'passed:  Deployment   Coder v2.31.2',
		'running:  Token        asking …',
		'checkbox: (checked) here: OpenAI',
		'checkbox: - Anthropic',
		'radiogroup: here: Apply',
		'- Quit',
		'added: new',
		'removed: old',
		'▏  0 characters',
	])
	expect(screen).not.toContain('abc')
})
