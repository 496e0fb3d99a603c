// Performs the recipes of docs/architecture.md: what their steps name exists, and taking the steps on a copy of the
// project gives the promised result.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pageAt, root } from './pages.ts'

// Each recipe runs the compiler and the walk several times: a busy machine takes its time for that.
vi.setConfig({ testTimeout: 240_000 })

const recipes = [
	...pageAt('docs/architecture.md').text.matchAll(/^## How to add a (\w+)\n([\s\S]*?)(?=^## |(?![\s\S]))/gm),
].map(([, thing, text]) => ({ thing: thing!, steps: stepsOf(text!) }))

function stepsOf(text: string): string[] {
	return [...text.matchAll(/^\d\. ((?:.+\n(?! *\n|\d\.))*.+)$/gm)].map(([, step]) => step!.replace(/\n +/g, ' '))
}

describe('the recipes', () => {
	it('are four, of at most five steps each', () => {
		expect(recipes.map(({ thing }) => thing)).toEqual(['finding', 'shell', 'provider', 'screen'])
		for (const { thing, steps } of recipes) {
			expect(steps.length, thing).toBeGreaterThan(2)
			expect(steps.length, thing).toBeLessThanOrEqual(5)
		}
	})

	it.each(recipes.flatMap(({ thing, steps }) => steps.map((step, at) => [thing, at + 1, step] as const)))(
		'a %s, step %i: what it names is there',
		(_, __, step) => {
			const codes = [...step.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
			const paths = codes.filter(code => /\/|\.tsx?$|\.json$/.test(code) && !code.startsWith('npm'))
			const directory = dirname(paths.find(path => path.includes('/')) ?? '')
			const files = paths.map(path => (path.includes('/') ? path : join(directory, path)))
			for (const file of files) expect(existsSync(join(root, file)), file).toBe(true)
			// A name is in a file of its step.
			const texts = files.filter(file => /\.\w+$/.test(file)).map(file => readFileSync(join(root, file), 'utf8'))
			const names = codes.filter(code => /^[A-Za-z]+$/.test(code) && code !== 'cleanText')
			for (const name of names) {
				const declared = new RegExp(`\\b(?:const|function|type) ${name}\\b`)
				expect(
					texts.some(text => declared.test(text)),
					name,
				).toBe(true)
			}
		},
	)
})

const directories: string[] = []
afterEach(() => {
	for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** A copy of what the recipes touch, with the means to change it and to see what came of it. */
function copyProject() {
	const directory = mkdtempSync(join(tmpdir(), 'recipe-'))
	directories.push(directory)
	const parts = [
		'cli.tsx',
		'package.json',
		'tsconfig.json',
		'README.md',
		'source',
		'schema',
		'docs',
		'scripts/docs.ts',
		'scripts/layers.ts',
	]
	for (const part of [...parts, 'scripts/docs', 'test/wizard/sample-values.ts']) {
		cpSync(join(root, part), join(directory, part), { recursive: true })
	}
	symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
	const path = (file: string) => join(directory, file)
	const read = (file: string) => readFileSync(path(file), 'utf8')
	return {
		read,
		/** Puts a text behind a place of a file, or before it. */
		add(file: string, where: { after: string } | { before: string }, text: string) {
			const whole = read(file)
			const place = 'after' in where ? where.after : where.before
			expect(whole.split(place).length, `${file} has “${place}” once`).toBe(2)
			writeFileSync(
				path(file),
				whole.replace(place, () => ('after' in where ? place + text : text + place)),
			)
		},
		/** The files with compile errors. */
		compileErrors(): string[] {
			const { stdout } = spawnSync(bin('tsc'), ['--noEmit', '--pretty', 'false'], { cwd: directory, encoding: 'utf8' })
			return [...new Set([...stdout.matchAll(/^([^(\s]+)\(\d+,\d+\): error /gm)].map(([, file]) => file!))].sort()
		},
		makeDocs: () =>
			execFileSync(bin('tsx'), ['scripts/docs.ts', 'scripts/layers.ts'], { cwd: directory, stdio: 'pipe' }),
		/** Runs a module of the project's own and gives back what it printed. */
		run: (code: string) => {
			writeFileSync(path('try.mts'), code)
			return execFileSync(bin('tsx'), ['try.mts'], { cwd: directory, encoding: 'utf8' })
		},
	}
}

it('a finding: the compiler asks for its message and its sample, and the rest knows it by itself', () => {
	const project = copyProject()
	project.add(
		'source/findings/codes.ts',
		{ after: 'export const muxCodes = {\n' },
		"'behind-the-moon': error<{ title: string }>(1),\n",
	)
	expect(project.compileErrors()).toEqual(['scripts/docs/finding-samples.ts', 'source/findings/messages/mux.ts'])
	project.add(
		'source/findings/messages/mux.ts',
		{ after: 'export const muxMessages = (): MessagesFor<keyof typeof muxCodes> => ({\n' },
		`'behind-the-moon': {
			headline: details => \`\${details.title} is behind the moon\`,
			reason: 'The moon is between Mux and AI Bridge.',
			remedy: ['Wait for the moon to pass.'],
		},\n`,
	)
	project.add(
		'scripts/docs/finding-samples.ts',
		{ before: "	'two-homes': {" },
		"	'behind-the-moon': { title: 'OpenAI' },\n",
	)
	expect(project.compileErrors()).toEqual([])
	const output = project.run(`
		import { describeFinding } from './source/findings/describe.ts'
		import { finding } from './source/findings/finding.ts'
		console.log(describeFinding(finding('behind-the-moon', 'openai', { title: 'Anthropic' })).headline)`)
	expect(output).toBe('Anthropic is behind the moon\n')
	project.makeDocs()
	const page = project.read('docs/troubleshooting.md')
	expect(page).toContain('### behind-the-moon\n\n**OpenAI is behind the moon**')
	expect(page).toContain('[behind-the-moon](#behind-the-moon)')
})

it('adds a shell: the compiler asks for each row, and the rest follows', () => {
	const project = copyProject()
	const ids = 'source/shell/languages.ts'
	project.add(ids, { before: "'fish', 'powershell'" }, "'elvish', ")
	expect(project.compileErrors()).toEqual(['source/shell/export-lines.ts', ids])
	project.add(ids, { after: 'shellTitles: Readonly<Record<ShellId, string>> = {\n' }, "elvish: 'Elvish',\n")
	project.add(
		ids,
		{ after: 'shellUses: Readonly<Record<ShellId, string>> = {\n' },
		"elvish: 'eval (npx mux-bridge-wizard --print-env elvish | slurp)',\n",
	)
	project.add(
		'source/shell/export-lines.ts',
		{ after: 'Language>> = {\n' },
		'elvish: { findUnquotable: rejectValuesWith(), set: (name, value) => ["set-env", name, quoteForElvish(value)].join(" ") },\n',
	)
	expect(project.compileErrors()).toEqual(['source/shell/export-lines.ts'])
	project.add('source/shell/export-lines.ts', { after: 'import {\n' }, 'quoteForElvish,\n')
	project.add(
		'source/shell/quoting.ts',
		{ before: '/** fish:' },
		"export const quoteForElvish = (text: string) => `'`.concat(text.replaceAll(`'`, `''`), `'`)\n\n",
	)
	expect(project.compileErrors()).toEqual([])
	const printed = project.run(`
		import { helpText } from './source/commands/help.ts'
		import { completionScript } from './source/commands/completion.ts'
		import { parseArguments } from './source/commands/parse-arguments.ts'
		import { formatExports } from './source/shell/export-lines.ts'
		const { printEnv } = parseArguments(['--print-env', 'elvish']) as { printEnv: { shell: 'elvish' } }
		console.log(formatExports(printEnv.shell, [{ name: 'A', value: "it's" }]).trim())
		console.log(helpText('options', 80).includes('elvish'), completionScript('bash').includes('elvish'))`)
	expect(printed).toBe("set-env A 'it''s'\ntrue true\n")
	project.makeDocs()
	expect(project.read('docs/ci-and-agents.md')).toContain('| `elvish` | Elvish | `eval (npx')
	expect(project.read('docs/options.md')).toMatch(/--print-env \[SHELL\]`.*elvish/)
})

it('adds a provider: nothing compiles without its sender, and its entry leads it through flags, export lines and pages', () => {
	const project = copyProject()
	project.add(
		'source/providers.ts',
		{ after: 'export const providers = {\n' },
		`google: {
			title: 'Google',
			models: 'Gemini',
			protocol: 'openai',
			keyVariables: ['GOOGLE_API_KEY'],
			urlVariables: ['GOOGLE_BASE_URL'],
			publicUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
			aliases: ['google', 'gemini'],
			unsupportedGateways: [],
		},\n`,
	)
	expect(project.compileErrors()).toContain('source/mux/request/direct.ts')
	project.add('source/mux/request/direct.ts', { before: '	openai: sendToOpenAI,' }, '	google: sendToOpenAI,\n')
	expect(project.compileErrors()).toEqual(['source/mux/conflicts/section.ts'])
	project.add('source/mux/conflicts/section.ts', { before: '	openai: findOpenAiConflicts,' }, '	google: () => [],\n')
	expect(project.compileErrors()).toEqual([])
	const printed = project.run(`
		import { parseArguments } from './source/commands/parse-arguments.ts'
		import { printedLines } from './scripts/docs/samples.ts'
		const { providers } = parseArguments(['--provider', 'google']) as { providers: { id: string; protocol: string }[] }
		console.log(JSON.stringify(providers))
		console.log(printedLines('sh', { kind: 'cli', url: 'https://coder.example.com' }))`)
	expect(printed).toContain('[{"id":"google","instance":"google","protocol":"openai"}]')
	expect(printed).toContain("export GOOGLE_BASE_URL='https://coder.example.com/api/v2/aibridge/google/v1'")
	project.makeDocs()
	expect(project.read('docs/administrators.md')).toContain('GOOGLE_BASE_URL')
})

it('adds a screen: the compiler and the diagram ask for what is missing', () => {
	const project = copyProject()
	const state = 'source/wizard/state.ts'
	const rules = 'source/wizard/reducer/review.ts'
	const prompts = 'source/wizard/prompts.ts'
	const names = 'scripts/docs/state-machine.ts'
	project.add(
		state,
		{ before: "	| { readonly step: 'review'; readonly status: 'storage'" },
		"	| { readonly step: 'review'; readonly status: 'explanation'; readonly plan: Plan }\n",
	)
	project.add(state, { before: "	| { readonly type: 'open-storage' }\n" }, "	| { readonly type: 'explain' }\n")
	expect(project.compileErrors()).toContain(names)
	project.add(names, { before: "	'review.storage': " }, "'review.explanation': 'explaining the plan',\n")
	project.add(names, { before: "	'open-storage': " }, "explain: 'explain',\n")
	// Nothing leads there yet, which the generator reports.
	expect(() => project.makeDocs()).toThrow(/never met review\.explanation, explain/)
	project.add(
		rules,
		{ before: "		case 'open-storage':\n" },
		"		case 'explain':\n			return unchanged({ ...state, phase: { step: 'review', status: 'explanation', plan: phase.plan } })\n",
	)
	project.add(
		rules,
		{ after: "if (phase.status !== 'edit' && phase.status !== 'storage'" },
		" && phase.status !== 'explanation'",
	)
	project.add(
		prompts,
		{ before: "				case 'storage':\n					return storageChoices(state)\n" },
		"				case 'explanation':\n					return [{ label: 'Back', event: { type: 'back' } }]\n",
	)
	project.add(
		prompts,
		{ before: "						{ label: 'Token storage'" },
		"						{ label: 'Explain', event: { type: 'explain' } },\n",
	)
	project.add('source/ui/screens/review.tsx', { before: "		case 'storage':\n" }, "		case 'explanation':\n")
	expect(project.compileErrors()).toEqual([])
	project.makeDocs()
	const page = project.read('docs/architecture.md')
	expect(page).toContain('review_edit --> review_explanation: explain')
	expect(page).toContain('| `review.explanation` | `review.confirm` |')
})
