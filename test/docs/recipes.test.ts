// The recipes of docs/architecture.md, walked: what their steps name is there, and whoever takes the steps, here on a copy
// of the project, gets what they promise.
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
			// A name stands in a file of its step.
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
	const parts = ['cli.tsx', 'package.json', 'tsconfig.json', 'README.md', 'source', 'schema', 'docs', 'scripts/docs.ts']
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
		/** What the compiler minds, as the files that it names. */
		faults(): string[] {
			const { stdout } = spawnSync(bin('tsc'), ['--noEmit', '--pretty', 'false'], { cwd: directory, encoding: 'utf8' })
			return [...new Set([...stdout.matchAll(/^([^(\s]+)\(\d+,\d+\): error /gm)].map(([, file]) => file!))].sort()
		},
		makeDocs: () => execFileSync(bin('tsx'), ['scripts/docs.ts'], { cwd: directory, stdio: 'pipe' }),
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
	expect(project.faults()).toEqual([
		'scripts/docs/finding-samples.ts',
		'source/findings/messages/index.ts',
		'source/findings/messages/mux.ts',
	])
	project.add(
		'source/findings/messages/mux.ts',
		{ after: 'export const muxMessages = {\n' },
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
	expect(project.faults()).toEqual([])
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

it('a shell: the compiler asks for each row, and the rest knows it by itself', () => {
	const project = copyProject()
	const ids = 'source/shell/languages.ts'
	project.add(ids, { before: "'fish', 'powershell'" }, "'elvish', ")
	expect(project.faults()).toEqual(['source/shell/export-lines.ts', ids])
	project.add(ids, { after: 'shellTitles: Readonly<Record<ShellId, string>> = {\n' }, "elvish: 'Elvish',\n")
	project.add(
		ids,
		{ after: 'shellUses: Readonly<Record<ShellId, string>> = {\n' },
		"elvish: 'eval (npx mux-bridge-wizard --print-env elvish | slurp)',\n",
	)
	project.add(
		'source/shell/export-lines.ts',
		{ after: 'Language>> = {\n' },
		'elvish: { unfit: unfit(), set: (name, value) => ["set-env", name, quoteForElvish(value)].join(" ") },\n',
	)
	expect(project.faults()).toEqual(['source/shell/export-lines.ts'])
	project.add('source/shell/export-lines.ts', { after: 'import {\n' }, 'quoteForElvish,\n')
	project.add(
		'source/shell/quoting.ts',
		{ before: '/** fish:' },
		"export const quoteForElvish = (text: string) => `'`.concat(text.replaceAll(`'`, `''`), `'`)\n\n",
	)
	expect(project.faults()).toEqual([])
	const printed = project.run(`
		import { helpText } from './source/commands/help.ts'
		import { completionScript } from './source/commands/completion.ts'
		import { parseArguments } from './source/commands/parse-arguments.ts'
		import { exportLines } from './source/shell/export-lines.ts'
		const { printEnv } = parseArguments(['--print-env', 'elvish']) as { printEnv: { shell: 'elvish' } }
		console.log(exportLines(printEnv.shell, [{ name: 'A', value: "it's" }]).trim())
		console.log(helpText(undefined, 80).includes('elvish'), completionScript('bash').includes('elvish'))`)
	expect(printed).toBe("set-env A 'it''s'\ntrue true\n")
	project.makeDocs()
	expect(project.read('docs/ci-and-agents.md')).toContain('| `elvish` | Elvish | `eval (npx')
	expect(project.read('README.md')).toMatch(/--print-env \[SHELL\]`.*elvish/)
})

it('a provider: its rows lead it through answers, export lines and pages', () => {
	const project = copyProject()
	project.add('source/providers.ts', { after: "builtInProviders = ['openai', 'anthropic'" }, ", 'google'")
	const asked = project.faults()
	expect(asked).toContain('source/providers.ts')
	expect(asked).toContain('source/mux/conflicts.ts')
	const provider = project.read('source/providers.ts')
	expect(provider).toContain('protocol: id }')
	project.add(
		'source/providers.ts',
		{ before: ' }\n}\n\n/** The target for a provider that' },
		" === 'google' ? 'openai' : id",
	)
	project.add('source/providers.ts', { before: "id === 'openai' ? 'OpenAI'" }, "id === 'google' ? 'Google' : ")
	project.add(
		'source/mux/request/keys.ts',
		{ after: "	openai: ['OPENAI_API_KEY'],\n" },
		"google: ['GOOGLE_API_KEY'],\n",
	)
	project.add(
		'source/mux/request/keys.ts',
		{ before: "	anthropic: ['ANTHROPIC_BASE_URL']" },
		"google: ['GOOGLE_BASE_URL'],\n",
	)
	project.add(
		'source/setup/export-variables.ts',
		{ before: "	openai: { key: 'OPENAI_API_KEY'" },
		"google: { key: 'GOOGLE_API_KEY', url: 'GOOGLE_BASE_URL' },\n",
	)
	project.add(
		'source/mux/conflicts.ts',
		{ after: 'otherSectionNames: Readonly<Record<BuiltInProvider, readonly string[]>> = {\n' },
		"google: ['google', 'gemini'],\n",
	)
	expect(project.faults()).toEqual([])
	const printed = project.run(`
		import { parseArguments } from './source/commands/parse-arguments.ts'
		import { printedLines } from './scripts/docs/samples.ts'
		const { providers } = parseArguments(['--provider', 'google']) as { providers: { id: string; protocol: string }[] }
		console.log(JSON.stringify(providers))
		console.log(printedLines('sh', { kind: 'cli', origin: 'https://coder.example.com' }))`)
	expect(printed).toContain('[{"id":"google","instance":"google","protocol":"openai"}]')
	expect(printed).toContain("export GOOGLE_BASE_URL='https://coder.example.com/api/v2/aibridge/google/v1'")
	project.makeDocs()
	expect(project.read('docs/administrators.md')).toContain('GOOGLE_BASE_URL')
})

it('a screen: the compiler and the walk ask for what is missing', () => {
	const project = copyProject()
	const [state, rules, questions] = ['state', 'reduce', 'questions'].map(name => `source/flow/${name}.ts`) as [
		string,
		string,
		string,
	]
	project.add(
		state,
		{ before: "	| { readonly step: 'review'; readonly status: 'storage'" },
		"	| { readonly step: 'review'; readonly status: 'explaining'; readonly plan: Plan }\n",
	)
	project.add(state, { before: "	| { readonly type: 'open-storage' }\n" }, "	| { readonly type: 'explain' }\n")
	expect(project.faults()).toContain('scripts/docs/state-machine.ts')
	const names = 'scripts/docs/state-machine.ts'
	project.add(names, { before: "	'review.storage': " }, "'review.explaining': 'explaining the plan',\n")
	project.add(names, { before: "	'choose-storage': " }, "explain: 'explain',\n")
	// Nothing leads there yet: the walk says so.
	expect(() => project.makeDocs()).toThrow(/never met review\.explaining, explain/)

	project.add(
		rules,
		{ before: "		case 'choose-storage':\n" },
		"		case 'explain':\n			return stay({ ...state, screen: { step: 'review', status: 'explaining', plan: screen.plan } })\n",
	)
	project.add(
		rules,
		{ after: "if (screen.status === 'edit' || screen.status === 'storage'" },
		" || screen.status === 'explaining'",
	)
	project.add(
		questions,
		{ before: "				case 'storage':\n					return storageChoices(state)\n" },
		"				case 'explaining':\n					return [{ label: 'Back', event: { type: 'back' } }]\n",
	)
	project.add(
		questions,
		{ before: "						{ label: 'Token storage'" },
		"						{ label: 'Explain', event: { type: 'explain' } },\n",
	)
	project.add('source/ui/screens/review.tsx', { before: "		case 'storage':\n" }, "		case 'explaining':\n")
	expect(project.faults()).toEqual([])
	project.makeDocs()
	const page = project.read('docs/architecture.md')
	expect(page).toContain('review_changing --> review_explaining: explain')
	expect(page).toContain('| `review.explaining` | `review.reviewing` |')
})
