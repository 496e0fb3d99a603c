// Which directory contains Mux's settings: where each release reads them, and where the wizard writes them. Both are
// needed because Xum renames the older directory at its first start (docs/contracts/mux.md#1-homes-and-releases).
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { type Finding, finding } from '../findings/finding.ts'
import { type Env, type Runtime, resolveFromCwd, resolvePath } from '../runtime/runtime.ts'
import { type Release, releaseFacts } from './releases.ts'

export type DirectoryState = {
	/** Absolute path. */
	readonly path: string
	/**
	 * `missing`: no such entry. `unusable`: not a directory, or a dangling link. `empty` and `filled`: a directory; one
	 * that can't be listed counts as filled.
	 */
	readonly state: 'missing' | 'unusable' | 'empty' | 'filled'
	/** The entry itself is a symbolic link. */
	readonly link: boolean
	/** The directory behind all links; null if there is none. */
	readonly real: string | null
}

/** Mux's possible home directories, as they are on disk. */
export type Homes = {
	readonly mux: DirectoryState
	readonly xum: DirectoryState
	readonly cmux: DirectoryState
	readonly muxDev: DirectoryState
	readonly xumDev: DirectoryState
}

/** Where one release reads its settings. */
export type MuxDirectory = {
	/** The directory as the release names it: absolute, or the explicit root as it is written. */
	readonly directory: string
	/**
	 * Absolute path of the directory that contains those settings now: a different one if the release would move it
	 * first.
	 */
	readonly readFrom: string
	/** The variable that names the directory, if any. */
	readonly variable: 'MUX_ROOT' | 'XUM_ROOT' | null
}

/** The settings file that the wizard reads and writes. */
export type SettingsLocation = {
	/** Absolute path of the settings file, links not resolved. */
	readonly path: string
	/** Absolute path of its directory. */
	readonly directory: string
	readonly release: Release
	/** The release was requested by `--release`, not derived. */
	readonly isReleaseRequested: boolean
	/** Why this one: an argument, a variable, or the home that was found. */
	readonly from: '--settings' | 'MUX_ROOT' | 'XUM_ROOT' | 'home'
	readonly findings: readonly Finding[]
	/** The homes at the time of the lookup. */
	readonly homes: Homes
}

export const settingsFileName = 'providers.jsonc'

/** Inspects the directories that may be Mux's home. Never throws. */
export async function inspectHomes(runtime: Pick<Runtime, 'homeDir'>): Promise<Homes> {
	const [mux, xum, cmux, muxDev, xumDev] = await Promise.all(
		['.mux', '.xum', '.cmux', '.mux-dev', '.xum-dev'].map(name => inspectDirectory(join(runtime.homeDir, name))),
	)
	return { mux: mux!, xum: xum!, cmux: cmux!, muxDev: muxDev!, xumDev: xumDev! }
}

async function inspectDirectory(path: string): Promise<DirectoryState> {
	const entry = await lstat(path).catch(() => null)
	if (!entry) return { path, state: 'missing', link: false, real: null }
	const link = entry.isSymbolicLink()
	const target = await stat(path).catch(() => null)
	if (!target?.isDirectory()) return { path, state: 'unusable', link, real: null }
	const entries = await readdir(path).catch(() => null)
	const real = await realpath(path).catch(() => path)
	return { path, state: entries?.length === 0 ? 'empty' : 'filled', link, real }
}

/**
 * The root that the environment names for a release, as it is written: no `~` expansion, no trimming. Xum uses
 * `XUM_ROOT` even if it is empty, and an empty root names none (measured: `XUM_ROOT-empty+MUX_ROOT`).
 */
export function explicitRoot(release: Release, env: Env): { variable: 'MUX_ROOT' | 'XUM_ROOT'; root: string } | null {
	const variable = release === 'xum' && env['XUM_ROOT'] !== undefined ? 'XUM_ROOT' : 'MUX_ROOT'
	const root = env[variable]
	return root ? { variable, root } : null
}

/** Where a release reads its settings, as measured, including `NODE_ENV=development`. */
export function getMuxDirectory(release: Release, homes: Homes, runtime: Pick<Runtime, 'env' | 'cwd'>): MuxDirectory {
	const { env } = runtime
	const explicit = explicitRoot(release, env)
	if (explicit) {
		const { root, variable } = explicit
		return { directory: root, readFrom: isAbsolute(root) ? resolve(root) : resolveFromCwd(runtime, root), variable }
	}
	const development = env['NODE_ENV'] === 'development'
	const at = (directory: DirectoryState, source: DirectoryState = directory): MuxDirectory => ({
		directory: directory.path,
		readFrom: source.path,
		variable: null,
	})
	if (release === 'mux') {
		if (development) return at(homes.muxDev)
		// At its start Mux renames an older ~/.cmux to ~/.mux if there is no ~/.mux.
		return homes.mux.state === 'missing' && isDir(homes.cmux) ? at(homes.mux, homes.cmux) : at(homes.mux)
	}
	const own = development ? homes.xumDev : homes.xum
	const older = (development ? [homes.muxDev] : [homes.mux, homes.cmux]).filter(isDir)
	if (own.state === 'missing') return older[0] ? at(own, older[0]) : at(own)
	if (own.state === 'unusable') return older[0] ? at(older[0]) : at(own)
	if (own.state === 'empty' && !own.link) {
		// Xum adopts the only older directory that isn't empty; with two different ones it adopts none.
		const filled = older.filter(directory => directory.state === 'filled' && directory.real !== own.real)
		const [first] = filled
		if (first && filled.every(directory => directory.real === first.real)) return at(own, first)
	}
	return at(own)
}

function isDir(directory: DirectoryState): boolean {
	return directory.state === 'empty' || directory.state === 'filled'
}

/** What the user requested: `--settings FILE` and `--release`. */
export type SettingsLocationOptions = { readonly settings?: string | undefined; readonly release?: Release | undefined }

/**
 * Finds the settings file that the wizard reads and writes
 * (docs/contracts/mux.md#12-where-to-write-without-an-explicit-root). Never throws.
 */
export async function findSettings(runtime: Runtime, options: SettingsLocationOptions = {}): Promise<SettingsLocation> {
	const homes = await inspectHomes(runtime)
	const { env: environment } = runtime
	const detected = options.release ?? detectRelease(homes, environment)
	const settings = options.settings
	const isReleaseRequested = options.release !== undefined
	if (settings !== undefined && settings !== '') {
		const path = resolvePath(runtime, settings)
		const directory = dirname(path)
		const release = options.release ?? releaseNamedBy(directory) ?? detected
		const place = { path, directory, release, from: '--settings' as const, isReleaseRequested, homes }
		return { ...place, findings: inspectLocation(place, runtime) }
	}
	// If no release was requested, a root that only Xum knows still names the directory.
	const explicit =
		explicitRoot(detected, environment) ??
		(options.release === undefined ? (explicitRoot('xum', environment) ?? explicitRoot('mux', environment)) : null)
	if (explicit) {
		const directory = resolveFromCwd(runtime, explicit.root)
		const place = {
			path: join(directory, settingsFileName),
			directory,
			release: detected,
			from: explicit.variable,
			isReleaseRequested,
			homes,
		}
		return { ...place, findings: inspectLocation(place, runtime) }
	}
	const directory = homeToWrite(detected, options.release !== undefined, homes).path
	const place = {
		path: join(directory, settingsFileName),
		directory,
		release: detected,
		from: 'home' as const,
		isReleaseRequested,
		homes,
	}
	return { ...place, findings: inspectLocation(place, runtime) }
}

/** The release whose home exists: Xum's only if its directory isn't empty. */
function detectRelease(homes: Homes, env: Env): Release {
	if (env['XUM_ROOT']) return 'xum'
	return homes.xum.state === 'filled' ? 'xum' : 'mux'
}

function releaseNamedBy(directory: string): Release | null {
	const name = basename(directory)
	return name === '.xum' ? 'xum' : name === '.mux' || name === '.cmux' ? 'mux' : null
}

/**
 * Never a new ~/.xum: if ~/.mux contains the user's data, Xum would start with an almost empty home. `~/.cmux` only if
 * neither of the others exists.
 */
function homeToWrite(release: Release, wished: boolean, homes: Homes): DirectoryState {
	const stableWished = wished && release === 'mux'
	if (homes.xum.state === 'filled' && !stableWished) return homes.xum
	// Without a directory ~/.mux, Xum starts in a directory of its own.
	if (wished && release === 'xum' && homes.mux.state === 'unusable') return homes.xum
	const onlyOldest = homes.mux.state === 'missing' && homes.xum.state === 'missing' && isDir(homes.cmux)
	return onlyOldest ? homes.cmux : homes.mux
}

/** ~/.xum is in use, and ~/.mux is a separate directory that isn't empty. */
function hasTwoHomes(homes: Homes): boolean {
	return homes.xum.state === 'filled' && homes.mux.state === 'filled' && homes.mux.real !== homes.xum.real
}

function inspectLocation(
	place: Omit<SettingsLocation, 'findings'>,
	runtime: Pick<Runtime, 'env' | 'homeDir' | 'cwd'>,
): Finding[] {
	const { env: environment, homeDir } = runtime
	const { homes } = place
	const shown = (path: string) => formatPath(path, homeDir)
	const findings: Finding[] = []
	if (place.from === 'home' && hasTwoHomes(homes)) {
		const other = place.directory === homes.xum.path ? homes.mux : homes.xum
		findings.push(
			finding('two-homes', 'settings', {
				home: shown(place.directory),
				other: shown(other.path),
				otherRelease: releaseFacts[other === homes.mux ? 'mux' : 'xum'].longTitle,
				otherFlag: other === homes.mux ? 'mux' : 'xum',
			}),
		)
	}
	if (place.from === 'home' && environment['NODE_ENV'] === 'development') {
		const directory = shown(place.release === 'xum' ? homes.xumDev.path : homes.muxDev.path)
		findings.push(
			finding('development-home', 'settings', { home: directory, release: releaseFacts[place.release].title }),
		)
		return findings
	}
	const read = getMuxDirectory(place.release, withDirectoryFilled(homes, place.directory), runtime)
	const file = resolve(read.readFrom, settingsFileName)
	const sameDir = place.directory === read.readFrom || isSameHome(place.directory, read.readFrom, homes)
	if (!(sameDir && basename(place.path) === settingsFileName)) {
		findings.push(
			finding('settings-not-read', 'settings', {
				file: shown(place.path),
				reads: shown(file),
				release: releaseFacts[place.release].title,
				...(read.variable ? { variable: read.variable } : {}),
			}),
		)
	}
	return findings
}

/** The homes after the wizard has written there: Xum, for example, adopts a new ~/.mux. */
function withDirectoryFilled(homes: Homes, directory: string): Homes {
	const fill = (home: DirectoryState): DirectoryState =>
		home.path === directory ? { ...home, state: 'filled', real: home.real ?? directory } : home
	const { mux, xum, cmux, muxDev, xumDev } = homes
	return { mux: fill(mux), xum: fill(xum), cmux: fill(cmux), muxDev, xumDev }
}

function isSameHome(left: string, right: string, homes: Homes): boolean {
	const real = (path: string) => Object.values(homes).find(home => home.path === path)?.real ?? null
	const leftReal = real(left)
	return leftReal !== null && leftReal === real(right)
}

/** A path as shown on screens, with the home directory as `~`. */
export function formatPath(path: string, homeDir: string): string {
	if (path === homeDir) return '~'
	return path.startsWith(`${homeDir}/`) ? `~${path.slice(homeDir.length)}` : path
}
