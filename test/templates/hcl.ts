// Reads Terraform's language with HashiCorp's own parser, compiled to WebAssembly.
import { parse } from '@cdktn/hcl2json'

type Blocks = Readonly<Record<string, Readonly<Record<string, readonly object[]>>>>

export type Configuration = {
	/** Such as `coder_agent.main`, `data.coder_workspace.me`, `module.mux`, `var.agent_id`. */
	readonly addresses: readonly string[]
	/** Addresses that an expression names. */
	readonly references: readonly string[]
	/** The bodies of resources and data sources, by type and label. */
	readonly blocks: Blocks
}

/** Parses the files of one directory; throws the parser's error with the file, line and column. */
export async function parseFiles(files: Readonly<Record<string, string>>): Promise<Configuration> {
	const addresses: string[] = []
	const references: string[] = []
	const merged: Record<string, Record<string, readonly object[]>> = {}
	for (const [name, text] of Object.entries(files)) {
		const blocks = (await parse(name, text)) as Record<string, Record<string, Record<string, object[]>>>
		for (const kind of ['resource', 'data'])
			for (const [type, named] of Object.entries(blocks[kind] ?? {}))
				for (const [label, bodies] of Object.entries(named)) {
					// The parser lists each block of the same address.
					for (const _ of bodies) addresses.push(`${kind === 'data' ? 'data.' : ''}${type}.${label}`)
					merged[type] = { ...merged[type], [label]: bodies }
				}
		for (const [kind, prefix] of [
			['variable', 'var'],
			['module', 'module'],
		] as const)
			for (const label of Object.keys(blocks[kind] ?? {})) addresses.push(`${prefix}.${label}`)
		references.push(...referencesIn(blocks))
	}
	return { addresses, references, blocks: merged }
}

/** What the expressions of a configuration refer to: `${coder_agent.main.id}` is `coder_agent.main`. */
function referencesIn(value: unknown): string[] {
	if (typeof value === 'string')
		return [...value.matchAll(/\$\{((?:[^{}"]|"[^"]*"|\{[^{}]*\})*)\}/g)].flatMap(([, expression = '']) =>
			[
				...expression
					.replace(/"(?:[^"\\]|\\.)*"/g, '""')
					.matchAll(/(?<![\w.-])(data\.[a-z]\w*\.[\w-]+|(?:var|module|coder|docker)[a-z_]*\.[\w-]+)/g),
			].map(([, address = '']) => address),
		)
	if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(referencesIn)
	return []
}
