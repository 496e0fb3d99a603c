// Runs the built program as a user's shell would: a process of its own, a small environment, a throw-away home directory.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, expect } from 'vitest'
import { type Demo, type DemoOptions, startDemo } from '../fake-coder/fake-coder.ts'
import { startedByNpx } from '../terminal/pty.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const program = join(root, 'dist/cli.cjs')

const directories: string[] = []
const demos: Demo[] = []
const children = new Set<ChildProcess>()

afterEach(async () => {
	for (const child of children) child.kill('SIGKILL')
	await Promise.all(demos.splice(0).map(demo => demo.close()))
	for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** A demo deployment that ends with the test. */
export async function openDemo(options: DemoOptions = {}): Promise<Demo> {
	const demo = await startDemo(options)
	demos.push(demo)
	return demo
}

/** A home directory with these files (paths in it), gone after the test. */
export function makeHome(files: Readonly<Record<string, string>> = {}): string {
	const home = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-test-'))
	directories.push(home)
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 })
		writeFileSync(join(home, path), text, { mode: 0o600 })
	}
	return home
}

export const settingsIn = (home: string) => join(home, '.mux/providers.jsonc')

/** The settings file's text, or null where there is none. */
export function settingsText(home: string): string | null {
	return existsSync(settingsIn(home)) ? readFileSync(settingsIn(home), 'utf8') : null
}

export type Ran = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

export type RunOptions = {
	home: string
	env?: Readonly<Record<string, string>>
	/** Text or bytes for standard input, which then ends. */
	input?: string | Uint8Array
	cwd?: string
	/** Another program than node with the wizard, such as a shell; `args` are its own then. */
	command?: string
}

/** The environment that the program gets: nothing of ours but the path. */
export function environmentFor({ home, env = {} }: RunOptions): Record<string, string> {
	return { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8', ...startedByNpx, ...env }
}

/** Starts the program; `ended` settles when it is over and its streams are closed. */
export function start(args: readonly string[], options: RunOptions) {
	const command = options.command ?? process.execPath
	const child = spawn(command, options.command ? [...args] : [program, ...args], {
		env: environmentFor(options),
		cwd: options.cwd ?? options.home,
		stdio: ['pipe', 'pipe', 'pipe'],
	})
	children.add(child)
	let stdout = ''
	let stderr = ''
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text
	})
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text
	})
	// The program may end without having read its input.
	child.stdin.on('error', () => {})
	if (options.input !== undefined) child.stdin.end(options.input)
	else child.stdin.end()
	const ended = new Promise<Ran>(resolve => {
		child.once('close', (code, signal) => {
			children.delete(child)
			resolve({ code, signal, stdout, stderr })
		})
	})
	return { child, ended }
}

/** Runs the program to its end. */
export function run(args: readonly string[], options: RunOptions): Promise<Ran> {
	return start(args, options).ended
}

const ajv = new Ajv2020({ allErrors: true })
const isResult = ajv.compile(JSON.parse(readFileSync(join(root, 'schema', 'result.json'), 'utf8')))

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects.
type Json = any

/** The one JSON object on standard output, held to its schema. */
export function resultOf({ stdout }: Ran): Json {
	const json = JSON.parse(stdout)
	expect(isResult(json), JSON.stringify(isResult.errors)).toBe(true)
	return json
}

/** The codes of the findings of a result, in their order. */
export function codesOf(result: Json): string[] {
	return result.findings.map((found: Json) => found.code)
}

/** Waits until something is so, looking again at each event of the given emitter. */
export function until(isSo: () => boolean): Promise<void> {
	return new Promise(resolve => {
		const look = () => (isSo() ? resolve() : setImmediate(look))
		look()
	})
}
