import { expect, test } from 'vitest'
import { Secret } from '../../source/secrets/secret.ts'

const half = 'MarkedSecretOfTheTests'
const token = new Secret(`Zq3h7Lk2aB-${half}`)

test.each([
	['whole', token.reveal()],
	['its secret half', half],
	['in lower case', half.toLowerCase()],
	['in upper case', token.reveal().toUpperCase()],
	['a part of it', half.slice(3, 15)],
	['with a line break in it', `${half.slice(0, 9)}\n${half.slice(9)}`],
	['with zero-width characters', Array.from(half).join('\u200b')],
	['with spaces', Array.from(half).join(' ')],
])('a response never holds the token that was sent: %s', (_, echo) => {
	const masked = token.maskIn(`Invalid: ${echo}, sorry`).replace(/[^A-Za-z]/g, '')
	for (let at = 0; at + 8 <= half.length; at++)
		expect(masked.toLowerCase()).not.toContain(half.slice(at, at + 8).toLowerCase())
	expect(masked).toMatch(/^Invalid.*sorry$/)
})

test('keeps the key id, and words that are shorter', () => {
	expect(token.maskIn(`${token.reveal()}, marked`)).toBe('Zq3h7Lk2aB-••••••••••, marked')
	const special = 'a+b(c)[d]{e}.*$^|-/\\'
	expect(new Secret(special).maskIn(`x ${special} y`)).toBe(`x ${new Secret(special)} y`)
})
