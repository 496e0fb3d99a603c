// The rules of the house that a linter can't express: which directory may import which, what only one place may do.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codes } from '../source/findings/codes.ts'

type Import = { readonly path: string; readonly kind: 'value' | 'type' | 'later' }
type File = { readonly path: string; readonly code: string; readonly imports: readonly Import[] }

const files: readonly File[] = ['cli.tsx', ...filesUnder('source')].map(path => {
	const text = readFileSync(path, 'utf8')
	return { path, code: withoutComments(text), imports: importsOf(path, text) }
})

function filesUnder(directory: string): string[] {
	return readdirSync(directory, { withFileTypes: true, recursive: true })
		.filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
		.map(entry => join(entry.parentPath, entry.name))
}

function withoutComments(text: string): string {
	return text.replace(/\/\*.*?\*\//gs, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** What a file imports: paths from the project's root for its own files, names for packages. */
function importsOf(path: string, text: string): Import[] {
	const code = withoutComments(text)
	const resolve = (name: string) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name)
	const statements = [...code.matchAll(/^(?:import|export)\s+((?:type\s+)?[^'"();]*?)\s*from\s*'([^']+)'/gm)]
	const bare = [...code.matchAll(/^import\s*'([^']+)'/gm)]
	const dynamic = [...code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)]
	return [
		...statements.map(([, names = '', name = '']) => ({
			path: resolve(name),
			kind: isTypeOnly(names) ? ('type' as const) : ('value' as const),
		})),
		...bare.map(([, name = '']) => ({ path: resolve(name), kind: 'value' as const })),
		...dynamic.map(([, name = '']) => ({ path: resolve(name), kind: 'later' as const })),
	]
}

function isTypeOnly(names: string): boolean {
	if (/^type\b/.test(names)) return true
	const listed = /^\{(.*)\}$/s.exec(names.trim())?.[1]
	return listed?.split(',').every(name => name.trim() === '' || name.trim().startsWith('type ')) ?? false
}

/** `source/coder/http/client.ts` is of `coder`, `source/runtime/runtime.ts` of `ground`, `cli.tsx` of `cli`. */
function partOf(path: string): string {
	if (path === 'cli.tsx') return 'cli'
	const [, directory, ...rest] = path.split('/')
	return rest.length === 0 || directory === 'findings' ? 'ground' : directory!
}

const bottom = ['ground']
const knowing = [...bottom, 'coder', 'mux', 'shell']
/** What each part may import; the demo is a deployment of its own, started by whoever runs the wizard. */
const layers: Readonly<Record<string, readonly string[]>> = {
	ground: bottom,
	coder: bottom,
	mux: bottom,
	shell: bottom,
	terminal: bottom,
	demo: bottom,
	setup: knowing,
	flow: [...knowing, 'setup'],
	wizard: [...knowing, 'setup', 'flow', 'terminal', 'ui', 'plain', 'demo'],
	ui: [...knowing, 'setup', 'flow', 'terminal', 'wizard'],
	plain: [...knowing, 'setup', 'flow', 'terminal', 'wizard'],
	commands: [...knowing, 'setup', 'flow', 'terminal', 'wizard', 'demo'],
	cli: ['ground', 'shell', 'terminal', 'commands', 'wizard', 'ui', 'plain', 'demo'],
}

function offences(rule: (file: File) => readonly string[]): string[] {
	return files.flatMap(file => rule(file).map(offence => `${file.path}: ${offence}`))
}

/** Files whose code matches, but for those that may. */
function filesWith(pattern: RegExp, ...allowed: string[]): string[] {
	return files.filter(file => pattern.test(file.code) && !allowed.includes(file.path)).map(file => file.path)
}

describe('imports', () => {
	it('point downwards only', () => {
		expect(
			offences(({ path, imports }) => {
				const part = partOf(path)
				const allowed = layers[part] ?? []
				return imports
					.filter(each => each.path.startsWith('source/') || each.path === 'cli.tsx')
					.filter(each => partOf(each.path) !== part && !allowed.includes(partOf(each.path)))
					.map(each => each.path)
			}),
		).toEqual([])
	})

	it('have a rule for each directory', () => {
		expect(files.map(file => partOf(file.path)).filter(part => !(part in layers))).toEqual([])
	})

	it('of React and Ink are for ui alone', () => {
		expect(
			offences(({ path, imports }) =>
				partOf(path) === 'ui'
					? []
					: imports.map(each => each.path).filter(name => /^(?:react|ink)(?:$|[-/])/.test(name)),
			),
		).toEqual([])
	})

	it('carry the extension', () => {
		expect(
			offences(({ imports }) =>
				imports.map(each => each.path).filter(path => path.startsWith('source/') && !/\.(?:tsx?|json)$/.test(path)),
			),
		).toEqual([])
	})

	it('make no circle when they are loaded', () => {
		const next = new Map(
			files.map(({ path, imports }) => [path, imports.filter(each => each.kind === 'value').map(each => each.path)]),
		)
		const done = new Set<string>()
		const circles: string[] = []
		const visit = (path: string, trail: readonly string[]): void => {
			if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
			if (trail.includes(path) || done.has(path)) return
			for (const each of next.get(path) ?? []) visit(each, [...trail, path])
			done.add(path)
		}
		for (const path of next.keys()) visit(path, [])
		expect(circles).toEqual([])
	})

	it('keep flow pure: nothing that it runs reaches the system', () => {
		const byPath = new Map(files.map(file => [file.path, file]))
		const reached = new Set<string>()
		const visit = (path: string): void => {
			if (reached.has(path)) return
			reached.add(path)
			for (const each of byPath.get(path)?.imports ?? []) if (each.kind !== 'type') visit(each.path)
		}
		for (const { path } of files) if (partOf(path) === 'flow') visit(path)
		expect([...reached].filter(path => path.startsWith('node:') && path !== 'node:util')).toEqual([])
	})
})

describe('only one place', () => {
	it('ends the process', () => {
		expect(filesWith(/\bprocess\s*\.\s*(?:exit|abort|reallyExit)\b/, 'cli.tsx')).toEqual([])
	})

	it('reads what comes from outside', () => {
		expect(filesWith(/\bprocess\s*\.\s*(?:env|argv|cwd|stdin|stdout|stderr)\b/, 'cli.tsx')).toEqual([])
		expect(filesWith(/\b(?:homedir|hostname|userInfo)\(\)/, 'cli.tsx')).toEqual([])
		// The demo's deployment is a server of its own, with a clock of its own.
		expect(filesWith(/\bDate\.now\(|\bnew Date\(\)/, 'cli.tsx', 'source/demo/deployment.ts')).toEqual([])
	})

	it('reveals a secret: the request, the settings or key file, the export lines; the demo, whose token opens nothing', () => {
		expect(files.filter(file => /\.reveal\(\)/.test(file.code)).map(file => file.path)).toEqual([
			'source/coder/http/client.ts',
			'source/coder/tokens.ts',
			'source/demo/start.ts',
			'source/mux/jsonc/text-edits.ts',
			'source/shell/export-lines.ts',
		])
	})
})

describe('nowhere', () => {
	it('is the verification of certificates switched off', () => {
		expect(filesWith(/rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED\s*[=:]|checkServerIdentity/)).toEqual([])
	})

	it('are words that nothing says', () => {
		const speakers = files.filter(file => !file.path.startsWith('source/findings/'))
		expect(Object.keys(codes).filter(code => !speakers.some(file => file.code.includes(`'${code}'`)))).toEqual([])
	})

	it('is a file named for nothing', () => {
		const vague = /(?:^|-)(?:utils?|helpers?|managers?|services?|common|misc)(?:-|\.|$)/
		const names = [...files.map(file => file.path), ...filesUnder('test')].flatMap(path => path.split('/'))
		expect(names.filter(name => vague.test(name))).toEqual([])
		expect(names.filter(name => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))).toEqual([])
	})

	it('are words about another place', () => {
		const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean)
		const text = tracked.filter(
			path => /\.(?:tsx?|m?js|json|md|ya?ml|sh)$|^\.ci\//.test(path) && path !== 'test/architecture.test.ts',
		)
		const elsewhere = text.filter(path => /\.\.\/shared\/|(?<![\w.])\/work\//.test(readFileSync(path, 'utf8')))
		expect(elsewhere).toEqual([])
	})
})
