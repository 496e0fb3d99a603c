// Stands for parseArgs of node:util in the bundle, as far as the program uses it: not strict, and only for its tokens.
// test/build/adaptations.test.ts holds it against Node's own.
import type { parseArgs as ofNode } from 'node:util'

type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>>
type Tokens = NonNullable<ReturnType<typeof ofNode<{ strict: false; tokens: true }>>['tokens']>

export function parseArgs({ args, options }: { args: readonly string[]; options: Options }): { tokens: Tokens } {
	const named = new Map(Object.entries(options).map(([name, { short }]) => [short, name]))
	const takesValue = (name: string) => Object.hasOwn(options, name) && options[name]?.type === 'string'
	const tokens: Tokens = []
	let index = 0

	/** An option that may have its value in the next argument; gives back whether it has. */
	function option(name: string, rawName: string): boolean {
		const value = takesValue(name) ? args[index + 1] : undefined
		tokens.push(
			value === undefined
				? { kind: 'option', name, rawName, index, value, inlineValue: undefined }
				: { kind: 'option', name, rawName, index, value, inlineValue: false },
		)
		return value !== undefined
	}

	/** `-abu URL`, `-abuURL`: each letter an option, until one takes a value. Gives back whether that is the next argument. */
	function letters(argument: string): boolean {
		for (let place = 1; place < argument.length; place++) {
			const letter = argument.charAt(place)
			const name = named.get(letter) ?? letter
			if (place + 1 === argument.length || !takesValue(name)) {
				if (option(name, `-${letter}`)) return true
				continue
			}
			const value = argument.slice(place + 1)
			tokens.push({ kind: 'option', name, rawName: `-${letter}`, index, value, inlineValue: true })
			break
		}
		return false
	}

	for (; index < args.length; index++) {
		const argument = args[index]!
		if (argument === '--') {
			tokens.push({ kind: 'option-terminator', index })
			for (index++; index < args.length; index++) tokens.push({ kind: 'positional', index, value: args[index]! })
			break
		}
		const equals = argument.indexOf('=', 3)
		if (!argument.startsWith('-') || argument === '-') tokens.push({ kind: 'positional', index, value: argument })
		else if (!argument.startsWith('--')) index += letters(argument) ? 1 : 0
		else if (equals < 0) index += option(argument.slice(2), argument) ? 1 : 0
		else {
			const [name, value] = [argument.slice(2, equals), argument.slice(equals + 1)]
			tokens.push({ kind: 'option', name, rawName: `--${name}`, index, value, inlineValue: true })
		}
	}
	return { tokens }
}
