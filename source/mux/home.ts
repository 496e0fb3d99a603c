// Which folder holds Mux's settings: where each release reads them, and where the wizard writes them. Both are needed,
// because Xum moves the older folder to its own name at its first start (mux-contract, section 1).
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { type Finding, finding } from '../findings/finding.ts'
import type { Environment, Host } from '../host.ts'

/** `mux`: the stable releases (v0.28.2); `xum`: the nightly after them. */
export type Release = 'mux' | 'xum'

export const releases: readonly Release[] = ['mux', 'xum']

/** How a release is called on screens. */
export const releaseTitles: Readonly<Record<Release, string>> = { mux: 'Mux', xum: 'Xum' }

export type FolderState = {
	/** Absolute path. */
	readonly path: string
	/**
	 * `missing`: no such entry. `unusable`: an entry that is no folder, or a dangling link. `empty` and `filled`: a folder;
	 * one that can't be listed counts as filled.
	 */
	readonly state: 'missing' | 'unusable' | 'empty' | 'filled'
	/** The entry itself is a symbolic link. */
	readonly link: boolean
	/** The folder behind all links; null where there is none. */
	readonly real: string | null
}

/** Mux's possible home folders, as they are on the disk. */
export type Homes = {
	readonly mux: FolderState
	readonly xum: FolderState
	readonly cmux: FolderState
	readonly muxDev: FolderState
	readonly xumDev: FolderState
}

/** Where one release reads its settings. */
export type FolderRead = {
	/** The folder as the release names it: absolute, or the explicit root as it is written. */
	readonly folder: string
	/** Absolute path of the folder that holds those settings now: another one where the release would move it first. */
	readonly readFrom: string
	/** The variable that names the folder, if one does. */
	readonly variable: 'MUX_ROOT' | 'XUM_ROOT' | null
}

/** The settings file that the wizard reads and writes. */
export type SettingsPlace = {
	/** Absolute path of the settings file, links not resolved. */
	readonly path: string
	/** Absolute path of its folder. */
	readonly folder: string
	readonly release: Release
	/** Why this one: an argument, a variable, or the home that was found. */
	readonly from: '--settings' | 'MUX_ROOT' | 'XUM_ROOT' | 'home'
	readonly findings: readonly Finding[]
	/** The homes, as they were looked at. */
	readonly homes: Homes
}

export const settingsFileName = 'providers.jsonc'

/** Looks at the folders that may be Mux's home. Never throws. */
export async function lookAtHomes(host: Pick<Host, 'homeFolder'>): Promise<Homes> {
	const [mux, xum, cmux, muxDev, xumDev] = await Promise.all(
		['.mux', '.xum', '.cmux', '.mux-dev', '.xum-dev'].map(name => lookAtFolder(join(host.homeFolder, name))),
	)
	return { mux: mux!, xum: xum!, cmux: cmux!, muxDev: muxDev!, xumDev: xumDev! }
}

async function lookAtFolder(path: string): Promise<FolderState> {
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
 * The root that the environment names for a release, as it is written: no `~` expansion, no trimming. Xum takes
 * `XUM_ROOT` even where it is empty, and an empty root names none (measured: `XUM_ROOT-empty+MUX_ROOT`).
 */
export function explicitRoot(
	release: Release,
	environment: Environment,
): { variable: 'MUX_ROOT' | 'XUM_ROOT'; root: string } | null {
	const variable = release === 'xum' && environment['XUM_ROOT'] !== undefined ? 'XUM_ROOT' : 'MUX_ROOT'
	const root = environment[variable]
	return root ? { variable, root } : null
}

/** Where a release reads its settings: the measured behaviour, `NODE_ENV=development` included. */
export function folderReadBy(
	release: Release,
	homes: Homes,
	environment: Environment,
	workingFolder: string,
): FolderRead {
	const explicit = explicitRoot(release, environment)
	if (explicit) {
		const { root, variable } = explicit
		return { folder: root, readFrom: isAbsolute(root) ? root : resolve(workingFolder, root), variable }
	}
	const development = environment['NODE_ENV'] === 'development'
	const at = (folder: FolderState, source: FolderState = folder): FolderRead => ({
		folder: folder.path,
		readFrom: source.path,
		variable: null,
	})
	if (release === 'mux') {
		if (development) return at(homes.muxDev)
		// At its start Mux moves an older ~/.cmux to ~/.mux where there is no ~/.mux.
		return homes.mux.state === 'missing' && isFolder(homes.cmux) ? at(homes.mux, homes.cmux) : at(homes.mux)
	}
	const own = development ? homes.xumDev : homes.xum
	const older = (development ? [homes.muxDev] : [homes.mux, homes.cmux]).filter(isFolder)
	if (own.state === 'missing') return older[0] ? at(own, older[0]) : at(own)
	if (own.state === 'unusable') return older[0] ? at(older[0]) : at(own)
	if (own.state === 'empty' && !own.link) {
		// Xum takes over the one older folder that holds something; with two different ones it takes none.
		const filled = older.filter(folder => folder.state === 'filled' && folder.real !== own.real)
		const [first] = filled
		if (first && filled.every(folder => folder.real === first.real)) return at(own, first)
	}
	return at(own)
}

function isFolder(folder: FolderState): boolean {
	return folder.state === 'empty' || folder.state === 'filled'
}

/** What the user asked for: `--settings FILE` and `--release`. */
export type PlaceQuestion = { readonly settings?: string | undefined; readonly release?: Release | undefined }

/** Finds the settings file that the wizard reads and writes: the table of mux-contract, section 1. Never throws. */
export async function findSettings(host: Host, question: PlaceQuestion = {}): Promise<SettingsPlace> {
	const homes = await lookAtHomes(host)
	const { environment, homeFolder, workingFolder } = host
	const found = question.release ?? releaseOf(homes, environment)
	const settings = question.settings
	if (settings !== undefined && settings !== '') {
		const path = resolve(
			workingFolder,
			settings.replace(/^~(?=\/|$)/, () => homeFolder),
		)
		const folder = dirname(path)
		const release = question.release ?? releaseNamedBy(folder) ?? found
		const place = { path, folder, release, from: '--settings' as const, homes }
		return { ...place, findings: placeFindings(place, host) }
	}
	// Without a wish for a release, a root that only Xum knows still names the folder that is meant.
	const explicit =
		explicitRoot(found, environment) ??
		(question.release === undefined ? (explicitRoot('xum', environment) ?? explicitRoot('mux', environment)) : null)
	if (explicit) {
		const folder = resolve(workingFolder, explicit.root)
		const place = { path: join(folder, settingsFileName), folder, release: found, from: explicit.variable, homes }
		return { ...place, findings: placeFindings(place, host) }
	}
	const folder = homeToWrite(found, question.release !== undefined, homes).path
	const place = { path: join(folder, settingsFileName), folder, release: found, from: 'home' as const, homes }
	return { ...place, findings: placeFindings(place, host) }
}

/** The release whose home is there: Xum's only where its folder holds something. */
function releaseOf(homes: Homes, environment: Environment): Release {
	if (environment['XUM_ROOT']) return 'xum'
	return homes.xum.state === 'filled' ? 'xum' : 'mux'
}

function releaseNamedBy(folder: string): Release | null {
	const name = basename(folder)
	return name === '.xum' ? 'xum' : name === '.mux' || name === '.cmux' ? 'mux' : null
}

/**
 * Never a new ~/.xum: where ~/.mux holds the user's data, Xum would start with an almost empty home. `~/.cmux` only
 * where neither of the others is there.
 */
function homeToWrite(release: Release, wished: boolean, homes: Homes): FolderState {
	const stableWished = wished && release === 'mux'
	if (homes.xum.state === 'filled' && !stableWished) return homes.xum
	const onlyOldest = homes.mux.state === 'missing' && homes.xum.state === 'missing' && isFolder(homes.cmux)
	return onlyOldest ? homes.cmux : homes.mux
}

/** ~/.xum is in use, and ~/.mux is a folder of its own with something in it. */
export function hasTwoHomes(homes: Homes): boolean {
	return homes.xum.state === 'filled' && homes.mux.state === 'filled' && homes.mux.real !== homes.xum.real
}

function placeFindings(
	place: Omit<SettingsPlace, 'findings'>,
	host: Pick<Host, 'environment' | 'homeFolder' | 'workingFolder'>,
): Finding[] {
	const { environment, homeFolder, workingFolder } = host
	const { homes } = place
	const shown = (path: string) => showPath(path, homeFolder)
	const findings: Finding[] = []
	if (place.from === 'home' && hasTwoHomes(homes)) {
		const other = place.folder === homes.xum.path ? homes.mux : homes.xum
		findings.push(
			finding('two-homes', 'settings', {
				folder: shown(place.folder),
				other: shown(other.path),
				otherRelease: other === homes.mux ? 'Stable Mux' : 'The nightly, Xum,',
				otherFlag: other === homes.mux ? 'mux' : 'xum',
			}),
		)
	}
	if (place.from === 'home' && environment['NODE_ENV'] === 'development') {
		const folder = shown(place.release === 'xum' ? homes.xumDev.path : homes.muxDev.path)
		findings.push(finding('development-home', 'settings', { folder, release: releaseTitles[place.release] }))
		return findings
	}
	const read = folderReadBy(place.release, withFolderFilled(homes, place.folder), environment, workingFolder)
	const file = resolve(read.readFrom, settingsFileName)
	const sameFolder = place.folder === read.readFrom || sameHome(place.folder, read.readFrom, homes)
	if (!(sameFolder && basename(place.path) === settingsFileName)) {
		findings.push(
			finding('settings-not-read', 'settings', {
				file: shown(place.path),
				reads: shown(file),
				release: releaseTitles[place.release],
				...(read.variable ? { variable: read.variable } : {}),
			}),
		)
	}
	return findings
}

/** The homes as they are once the wizard has written there: Xum, for one, takes over a ~/.mux that is new. */
function withFolderFilled(homes: Homes, folder: string): Homes {
	const fill = (home: FolderState): FolderState =>
		home.path === folder ? { ...home, state: 'filled', real: home.real ?? folder } : home
	const { mux, xum, cmux, muxDev, xumDev } = homes
	return { mux: fill(mux), xum: fill(xum), cmux: fill(cmux), muxDev, xumDev }
}

function sameHome(left: string, right: string, homes: Homes): boolean {
	const real = (path: string) => Object.values(homes).find(home => home.path === path)?.real ?? null
	const leftReal = real(left)
	return leftReal !== null && leftReal === real(right)
}

/** A path as screens show it: the home folder as `~`. */
export function showPath(path: string, homeFolder: string): string {
	if (path === homeFolder) return '~'
	return path.startsWith(`${homeFolder}/`) ? `~${path.slice(homeFolder.length)}` : path
}
