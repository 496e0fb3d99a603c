import fc from 'fast-check'
import { createScanner } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { Tokenizer, tokenKind } from '../../../source/mux/jsonc/tokenizer.ts'
import { documents } from './documents.ts'

const pieces = [
	...['{', '}', '[', ']', ',', ':', '"', '\\', '/', '*', "'", '-', '.', 'e', '1', ' ', '\t', '\n', '\r', '\r\n'],
	...['\u0000', '\u001f', '\u007f', '\u2028', '\u00a0', '\ufeff', '\ud800', 'é', '😀'],
	...[
		'"openai"',
		'"a\\u0041"',
		'"a\\x"',
		'"a\\"',
		'// c',
		'/* c */',
		'/* c',
		'/**/',
		'//',
		'true',
		'nul',
		'-1e5',
		'01',
	],
]
const anything = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map(parts => parts.join(''))
const cut = fc
	.tuple(documents, fc.nat(400), fc.nat(40))
	.map(([text, from, length]) => text.slice(0, from) + text.slice(from + length))

type Token = { kind: number; start: number; end: number; fault: number; value: string }

function ofScanner(text: string, from: number): Token[] {
	const scanner = createScanner(text, false)
	scanner.setPosition(from)
	const found: Token[] = []
	for (;;) {
		const kind = scanner.scan() as number
		if (kind === tokenKind.space || kind === tokenKind.lineBreak) continue
		found.push({
			kind,
			start: scanner.getTokenOffset(),
			end: Math.min(scanner.getPosition(), text.length),
			fault: scanner.getTokenError() as number,
			value:
				kind === tokenKind.string
					? scanner.getTokenValue()
					: text.slice(scanner.getTokenOffset(), scanner.getPosition()),
		})
		if (kind === tokenKind.end) return found
	}
}

function ours(text: string, from: number): Token[] {
	const tokens = new Tokenizer(text, from)
	const found: Token[] = []
	while (found.length <= text.length) {
		const kind = tokens.next()
		const { start, end, fault } = tokens
		found.push({ kind, start, end, fault, value: tokens.value() })
		if (kind === tokenKind.end) break
	}
	return found
}

describe('the tokens are those of jsonc-parser’s scanner, their offsets, errors and values', () => {
	test.each([
		['whole documents', documents],
		['documents with a part cut out', cut],
		['any pieces in any order', anything],
	])('%s', (_, texts) => {
		fc.assert(
			fc.property(texts, fc.nat(3), (text, from) => {
				const start = Math.min(from, text.length)
				expect(ours(text, start)).toEqual(ofScanner(text, start))
			}),
			{ numRuns: 3000 },
		)
	})
})
