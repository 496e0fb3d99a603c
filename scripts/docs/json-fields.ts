// The JSON results in words, from the schemas in the package.
import { table } from './table.ts'

export type Schema = {
	readonly type?: string | readonly string[]
	readonly description?: string
	readonly enum?: readonly string[]
	readonly const?: unknown
	readonly required?: readonly string[]
	readonly properties?: Readonly<Record<string, Schema>>
	readonly items?: Schema
	readonly $ref?: string
	readonly $defs?: Readonly<Record<string, Schema>>
}

/** One row a field, nested ones with their path: `providers[].id`. */
export function fieldsTable(schema: Schema): string {
	const rows = listFields(schema, schema, '')
	return table(['Field', 'Holds', 'What it says'], rows)
}

function listFields(schema: Schema, whole: Schema, above: string): string[][] {
	return Object.entries(schema.properties ?? {}).flatMap(([name, provided]) => {
		const field = resolve(provided, whole)
		const items = field.items ? resolve(field.items, whole) : undefined
		const path = `${above}${name}${items ? '[]' : ''}`
		const isOptional = !schema.required?.includes(name)
		return [
			[`\`${path}\``, `${describeType(field, items)}${isOptional ? ', or absent' : ''}`, field.description ?? ''],
			...listFields(items ?? field, whole, `${path}.`),
		]
	})
}

function resolve(schema: Schema, whole: Schema): Schema {
	const name = schema.$ref?.split('/').at(-1)
	return (name && whole.$defs?.[name]) || schema
}

function describeType(field: Schema, items: Schema | undefined): string {
	if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``
	if (field.enum) return field.enum.map(word => `\`${word}\``).join(', ')
	const types = [field.type ?? []].flat()
	const words = types.map(type => (type === 'array' ? `list of ${plural(items)}` : type))
	return words.join(' or ')
}

function plural(items: Schema | undefined): string {
	return items?.type === 'object' ? 'objects' : `${[items?.type ?? 'value'].flat()[0]}s`
}
