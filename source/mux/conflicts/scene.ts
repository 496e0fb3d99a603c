// What every search for conflicts looks at, and how a conflict is made.
import { type DetailsOf, type Finding, type FindingCode, finding, type Severity } from '../../findings/finding.ts'
import { type BuiltInProvider, getProviderTitle } from '../../providers.ts'
import type { MuxContext, Section } from '../context.ts'
import type { Release } from '../releases.ts'
import type { ResolvedRequest } from '../request/resolve.ts'
import type { SettingsEdit } from '../settings/edit.ts'

/** Edits that fix a conflict if the user accepts them. */
export type Fix = {
	/** Stable name: `<code>:<path>`. */
	readonly id: string
	/** The label of the choice: `remove "enabled": false`. */
	readonly label: string
	readonly edits: readonly SettingsEdit[]
}

export type Conflict = { readonly finding: Finding; readonly fix?: Fix }

export type Scene = {
	readonly muxContext: MuxContext
	readonly release: Release
	readonly provider: BuiltInProvider
	readonly section: Section
	/** The models that the release offers for the provider. */
	readonly models: readonly string[]
	/** What Mux does for the model that the verdict is about: it decides between error and warning. */
	readonly resolvedRequest: ResolvedRequest
}

export type Search = (scene: Scene) => readonly Conflict[]

export function makeConflict<C extends FindingCode>(
	{ provider }: Pick<Scene, 'provider'>,
	code: C,
	details: Omit<DetailsOf<C>, 'title' | 'section'>,
	fix?: Omit<Fix, 'id'>,
	severity?: Severity,
): Conflict {
	const context = { title: getProviderTitle(provider), section: provider }
	const issue = finding(code, provider, { ...context, ...details } as DetailsOf<C>, severity) as Finding
	if (!fix) return { finding: issue }
	return { finding: issue, fix: { id: `${code}:${fix.edits.map(edit => edit.path.join('.')).join('+')}`, ...fix } }
}

export function makeRemoval(label: string, ...paths: readonly (readonly string[])[]): Omit<Fix, 'id'> {
	return { label, edits: paths.map(path => ({ path, remove: true })) }
}
