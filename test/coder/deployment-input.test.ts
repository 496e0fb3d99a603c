import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasTokenLike, maskTyping, separateToken } from '../../source/coder/deployment-input.ts'
import { parseDeployment } from '../../source/coder/deployment-url.ts'

const secret = 'MarkedSecretOfTheTests'
const token = `Zq3h7Lk2aB-${secret}`
const split = (character: string) => token.slice(0, 18) + character + token.slice(18)

describe('a token in the field of the Coder URL', () => {
	it.each([...['\u2010', '\u2011', '\u2013', '\u2014', '\u2212', '\ufe63', '\uff0d', '%2D', '%2d', '\\u002d']])(
		'is recognized with %s in place of its hyphen',
		dash => {
			const separated = separateToken(token.replace('-', dash))
			expect(separated?.token.reveal()).toBe(token)
			expect(separated?.text).toBe('')
		},
	)

	it.each([
		...[
			'\u034f',
			'\u061c',
			'\u115f',
			'\u17b4',
			'\u180b',
			'\u200b',
			'\u2060',
			'\u3164',
			'\ufe0f',
			'\uffa0',
			'\u{e0041}',
		],
	])('is recognized with an invisible character in it (%j)', character => {
		expect(separateToken(split(character))?.token.reveal()).toBe(token)
	})

	it.each([
		['in wide letters', token.replace(/[!-~]/g, letter => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))],
		['percent-encoded', token.replace(/./g, letter => `%${letter.charCodeAt(0).toString(16)}`)],
		['before a period', `${token}.`],
		['as a host name', `https://${token}.example.com`],
		['with an underscore', token.replace('-', '_')],
		['without its hyphen', token.replace('-', '')],
		['without its first half', secret],
		['cut off in its first half', token.slice(5)],
		['cut off in its second half', token.slice(0, -8)],
		['abbreviated', `${token.slice(0, -5)}…`],
		['as an export line without its first half', `export CODER_SESSION_TOKEN="${secret}"`],
	])('is recognized %s, and is no host', (_, text) => {
		expect(hasTokenLike(text)).toBe(true)
		expect(separateToken(text)).not.toBeNull()
		expect(parseDeployment(text)).toMatchObject({ ok: false, finding: { code: 'url-is-token' } })
	})

	it.each([
		...[
			'https://coder.example.com',
			'Coder.Example.COM',
			'coder',
			'https://Coder-Production-Cluster',
			'MyCompany.example.com',
		],
		...['mycompany1-production.example.com', 'https://CompanyCoder.example.com/@alice/MyWorkspaceOfTheYear'],
		...['ec2-52-1-1-1.compute.example.com', 'a1b2c3d4e5f6a7b8c9d0.elb.example.com', 'http://127.0.0.1:3000'],
	])('is not seen in %s', text => {
		expect(hasTokenLike(text)).toBe(false)
		expect(parseDeployment(text).ok).toBe(true)
		expect(maskTyping(text)).toBe(text)
	})

	it('is masked while it is typed, from the first character of its second half', () => {
		for (const before of ['', 'https://', 'http://127.0.0.1:3000', 'x']) {
			for (let end = 1; end <= token.length; end++) {
				for (const dash of ['-', '\u2013']) {
					const masked = maskTyping(before + token.slice(0, end).replace('-', dash))
					expect(masked).toHaveLength(before.length + end)
					expect(masked).not.toContain(`${dash}M`)
				}
			}
		}
	})

	it('masking keeps the length of every text', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), text => maskTyping(text).length === text.length))
	})
})
