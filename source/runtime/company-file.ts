import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Runtime, resolvePath } from './runtime.ts'

/** The company's file of defaults. */
export type CompanyFile = {
	readonly path: string
	/** Named by the user's own variable, not in the system's place. */
	readonly isNamed: boolean
}

/** Finds the file; null if there is none. The module that reads it is loaded only if there is one. */
export function findCompanyFile(runtime: Runtime): CompanyFile | null {
	const { env, platform } = runtime
	const named = env['MUX_BRIDGE_WIZARD_CONFIG']?.trim()
	if (named) return { path: resolvePath(runtime, named), isNamed: true }
	const directory = platform === 'win32' ? env['PROGRAMDATA'] || 'C:\\ProgramData' : '/etc'
	const path = join(directory, 'mux-bridge-wizard.json')
	return existsSync(path) ? { path, isNamed: false } : null
}
