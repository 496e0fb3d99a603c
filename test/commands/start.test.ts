// What a run without questions loads, and where it can be started from.
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeHome, program, root, run } from './program.ts'

const token = 'abcdefghij-abcdefghijabcdefghijab'

/** The modules that a file loads at once, those of types left out, and what they load in turn. */
function loadedBy(file: string, visited = new Set<string>()): Set<string> {
	if (visited.has(file)) return visited
	visited.add(file)
	const text = readFileSync(file, 'utf8')
	for (const [, clause = '', from = ''] of text.matchAll(/^(?:import|export) ([^;'"]*?)\s*from '([^']+)'/gm)) {
		const names = /^\{([^}]*)\}$/s.exec(clause.trim())?.[1]
		const isTypeOnly =
			/^type\s/.test(clause) || (names?.split(',').every(name => /^\s*(?:type\s|$)/.test(name)) ?? false)
		if (isTypeOnly) continue
		if (from.startsWith('.')) loadedBy(resolve(dirname(file), from), visited)
		else visited.add(from)
	}
	return visited
}

describe('without checks', () => {
	const modules = [
		'commands/configure.ts',
		'commands/print-env.ts',
		'setup/plan.ts',
		'setup/apply.ts',
		'mux/settings/diff.ts',
	]

	it('neither the screens nor what reaches for the network are loaded', () => {
		const loaded = new Set(modules.flatMap(name => [...loadedBy(join(root, 'source', name))]))
		// The walk itself works.
		expect(loaded).toContain(join(root, 'source/coder/token-discovery.ts'))
		const foreign = [...loaded].filter(name => !name.startsWith('/') && !name.startsWith('node:'))
		expect(foreign.sort()).toEqual(['diff/lib/diff/array.js', 'jsonc-parser', 'string-width'])
		for (const name of ['node:http', 'node:https', 'node:tls', 'node:net', 'node:child_process']) {
			expect(loaded).not.toContain(name)
		}
		expect(loaded).not.toContain(join(root, 'source/coder/http/client.ts'))
		expect([...loaded].filter(name => name.includes('/source/ui/'))).toEqual([])
	})

	it.each([
		['--print-env', ['--print-env', 'sh']],
		['--dry-run', ['--dry-run']],
	])('%s gets by without Node’s own network modules', async (_, args) => {
		const home = makeHome({ token })
		const list = join(home, 'list')
		writeFileSync(
			join(home, 'hook.cjs'),
			`process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')))`,
		)
		const env = { NODE_OPTIONS: `--require ${join(home, 'hook.cjs')}` }
		const ran = await run([...args, '--no-check', '-u', 'coder.example.com', '--token-file', 'token'], { home, env })
		expect(ran.code).toBe(0)
		const loaded = readFileSync(list, 'utf8').split('\n')
		expect(loaded).toContain('NativeModule fs')
		for (const name of ['https', '_tls_wrap', '_http_client', 'dns', 'child_process']) {
			expect(loaded).not.toContain(`NativeModule ${name}`)
		}
	})
})

describe('a directory that is gone', () => {
	it("doesn't matter for what needs no directory", async () => {
		const home = makeHome({ token })
		mkdirSync(join(home, 'gone'))
		const line = `rmdir ../gone && node ${program} --dry-run --no-check -u coder.example.com --token-file ${home}/token`
		const ran = await run(['-c', line], { home, command: 'sh', cwd: join(home, 'gone') })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toContain('aibridge')
		expect(() => rmdirSync(join(home, 'gone'))).toThrow()
	})
})

describe('--demo without questions', () => {
	it.each([
		['--yes', ['--yes'], ''],
		['--dry-run', ['--dry-run'], '+    "baseUrl": "http://127.0.0.1:'],
		['--print-env', ['--print-env', 'sh'], "export OPENAI_BASE_URL='http://127.0.0.1:"],
	])('%s needs no responses', async (_, args, result) => {
		const home = makeHome()
		const ran = await run(['--demo', ...args], { home, env: { TMPDIR: home } })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toContain(result)
		if (result === '') expect(ran.stdout).toBe('')
		expect(readdirSync(home).filter(name => name.includes('demo'))).toEqual([])
		expect(ran.stderr).not.toMatch(/wizard (?:--demo )?(?:undo|check)/)
	})
})
