// Lays a measured case out on a real home directory: files, directories, links, the mode, and the environment.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach } from 'vitest'
import type { Runtime } from '../../../source/runtime/runtime.ts'

export type Layout = {
	files?: Record<string, string | { base64: string }>
	directories?: string[]
	links?: Record<string, string>
	mode?: string
	environment?: Record<string, string>
}

const homes: string[] = []
afterEach(() => {
	for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true })
})

/** Makes the home directory; it goes away after the test. */
export function layOut(layout: Layout): Runtime {
	const home = mkdtempSync(join(tmpdir(), 'mux-home-'))
	homes.push(home)
	for (const directory of layout.directories ?? []) mkdirSync(join(home, directory), { recursive: true })
	for (const [path, content] of Object.entries(layout.files ?? {})) {
		const file = join(home, path)
		mkdirSync(dirname(file), { recursive: true })
		writeFileSync(file, typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'))
		if (layout.mode) chmodSync(file, Number.parseInt(layout.mode, 8))
	}
	for (const [path, target] of Object.entries(layout.links ?? {})) {
		mkdirSync(dirname(join(home, path)), { recursive: true })
		symlinkSync(target, join(home, path))
	}
	const environment = Object.fromEntries(
		Object.entries(layout.environment ?? {}).map(([name, value]) => [name, value.replaceAll('$HOME', home)]),
	)
	return hostAt(home, environment)
}

export function hostAt(home: string, environment: Record<string, string> = {}): Runtime {
	const { stdin, stdout, stderr } = process
	return {
		env: environment,
		platform: process.platform,
		homeDir: home,
		cwd: home,
		hostname: 'laptop',
		stdin,
		stdout,
		stderr,
		now: () => new Date('2026-11-23T14:45:00Z'),
		run: async () => ({ code: null, stdout: '', stderr: '' }),
		parentProcessName: () => null,
	}
}
