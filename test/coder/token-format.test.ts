import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanToken, validateToken } from '../../source/coder/token-format.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { exitCodeOf } from '../../source/findings/severity.ts'

const TOKEN = 'Zq3h7Lk2aB-abcdefghij0123456789XY'
const other = 'aaaaaaaaaa-bbbbbbbbbbbbbbbbbbbbbb'

describe('removing what was copied along with a token', () => {
	it.each<[string, string[]]>([
		[TOKEN, []],
		[`${TOKEN}\n`, ['1 line break']],
		[`${TOKEN}\r\n`, ['1 line break']],
		[`\n\r\n${TOKEN}\r`, ['3 line breaks']],
		['Zq3h7Lk2aB-abcdefghi\nj0123456789XY', ['1 line break']],
		['Zq3h7Lk2aB-abcd\r\n  efghij0123\r\n  456789XY', ['2 line breaks', '4 spaces']],
		[`  ${TOKEN}\t`, ['3 spaces']],
		['Zq3h7Lk2aB-\u00a0abcdefghij0123456789XY', ['1 space']],
		[`"${TOKEN}"`, ['quotes']],
		[`“${TOKEN}”`, ['quotes']],
		[`\`${TOKEN}\``, ['quotes']],
		[`export CODER_SESSION_TOKEN=${TOKEN}`, ['the name before it']],
		[`export CODER_SESSION_TOKEN="${TOKEN}"\n`, ['1 line break', 'quotes', 'the name before it']],
		[`set CODER_SESSION_TOKEN=${TOKEN}`, ['the name before it']],
		[`set -gx CODER_SESSION_TOKEN '${TOKEN}'`, ['quotes', 'the name before it']],
		[`setx CODER_SESSION_TOKEN ${TOKEN}`, ['the name before it']],
		[`$env:CODER_SESSION_TOKEN = "${TOKEN}"`, ['quotes', 'the name before it']],
		[`OPENAI_API_KEY=${TOKEN};`, ['the name before it']],
		[`"apiKey": "${TOKEN}",`, ['quotes', 'the name before it']],
		[`Bearer ${TOKEN}`, ['“Bearer”']],
		[`Authorization: Bearer ${TOKEN}`, ['the name before it', '“Bearer”']],
		[`Coder-Session-Token: ${TOKEN}`, ['the name before it']],
		[`-H "Coder-Session-Token: ${TOKEN}"`, ['quotes', 'the name before it']],
		[`\ufeff${TOKEN}`, ['1 invisible character']],
		[`Zq3h7Lk2aB\u200b-\u200dabcdefghij0123456789XY\u2060`, ['3 invisible characters']],
		[`\u001b[200~${TOKEN}\u001b[201~`, ['paste marks']],
		[`[200~${TOKEN}[201~`, ['paste marks']],
		[`^[[200~${TOKEN}^[[201~`, ['paste marks']],
		[`200~${TOKEN}201~`, ['paste marks']],
		[`~${TOKEN}~`, ['paste marks']],
		[`\u001b[200~${TOKEN}\r\n\u001b[201~`, ['1 line break', 'paste marks']],
		[`Your session token is ${TOKEN} (valid for 7 days)`, ['the text around it']],
		[`{"key":"${TOKEN}"}`, ['the text around it']],
	])('%j', (provided, removed) => {
		expect(cleanToken(provided)).toEqual({ text: TOKEN, removed })
		expect(validateToken(cleanToken(provided).text)).toBeNull()
	})

	it('also what Windows creates of it: UTF-16 read as UTF-8', () => {
		const utf16 = Buffer.from(`\ufeff${TOKEN}\r\n`, 'utf16le').toString('utf8')
		expect(cleanToken(utf16).text).toBe(TOKEN)
	})

	it('keeps a token that ends as a paste mark begins', () => {
		const ending = `${TOKEN.slice(0, 30)}201`
		expect(cleanToken(`${ending}~`)).toEqual({ text: ending, removed: ['paste marks'] })
		expect(cleanToken(`${ending}201~`).text).toBe(ending)
	})

	it('takes none of two', () => {
		expect(validateToken(cleanToken(`${TOKEN} ${other}`).text)?.code).toBe('token-malformed')
		expect(cleanToken(`${TOKEN}\n${TOKEN}`).text).toBe(TOKEN)
	})

	it.each(['', '   ', '\n', '""', 'export X='])('leaves nothing of %j', provided => {
		expect(validateToken(cleanToken(provided).text)?.code).toBe('token-empty')
	})
})

describe('what is wrong with its form', () => {
	it.each([
		['', 'token-empty', ''],
		['4a1b2c3d-0000-4000-8000-123456789abc', 'token-agent', 'CODER_AGENT_TOKEN'],
		['4A1B2C3D-0000-4000-8000-123456789ABC', 'token-agent', ''],
		['sk-proj-abcdefghijklmnop', 'token-provider-key', 'an OpenAI API key'],
		['sk-ant-api03-abcdefghijklmnop', 'token-provider-key', 'an Anthropic API key'],
		['sk-or-v1-abcdefghijklmnop', 'token-provider-key', 'an OpenRouter API key'],
		['AIzaSyAbcdefghijklmnop', 'token-provider-key', 'a Google API key'],
		['ghp_abcdefghijklmnop', 'token-provider-key', 'a GitHub token'],
		['eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'token-provider-key', 'a JSON web token'],
		[TOKEN.slice(0, -1), 'token-incomplete', '32 of 33 characters'],
		[TOKEN.slice(0, 11), 'token-incomplete', '11 of 33 characters'],
		[TOKEN.slice(0, 10), 'token-incomplete', '10 of 33 characters'],
		[TOKEN.slice(1), 'token-incomplete', '32 of 33 characters'],
		[TOKEN.slice(10), 'token-incomplete', '23 of 33 characters'],
		[TOKEN + TOKEN, 'token-malformed', 'two tokens in a row'],
		[TOKEN + other, 'token-malformed', 'two tokens in a row'],
		[`${TOKEN}x`, 'token-malformed', 'got 34'],
		['hunter22', 'token-malformed', 'got 8'],
		['abc-def-ghi', 'token-malformed', 'got 11'],
		[TOKEN.replace('-', '–'), 'token-invalid-characters', "a dash that isn't a hyphen"],
		[TOKEN.replace('a', 'ä'), 'token-invalid-characters', 'a letter other than'],
		[TOKEN.replace('a', '_'), 'token-invalid-characters', 'an underscore'],
		['Zq3h7Lk2aB-••••••••••', 'token-invalid-characters', 'masked'],
		[TOKEN.replace('a', '😀'), 'token-invalid-characters', 'another character'],
	])('%j: %s', (text, code, words) => {
		const fault = validateToken(text)
		expect(fault?.code).toBe(code)
		if (!fault) return
		const described = inWords(fault)
		expect(`${described.headline} ${described.reason}`).toContain(words)
		if (code !== 'token-empty') expect(exitCodeOf(fault)).toBe(3)
		if (text.length > 8) expect(JSON.stringify([fault, described])).not.toContain(text.slice(0, 9))
	})

	it('sends the user to the page of this deployment', () => {
		const fault = validateToken('hunter22', 'https://coder.intra:8443')
		expect(fault && inWords(fault).remedy).toContain('https://coder.intra:8443/cli-auth')
	})

	it('knows every token, whatever its letters, and no other text', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/), token => {
				expect(validateToken(token)).toBeNull()
				expect(cleanToken(token)).toEqual({ text: token, removed: [] })
			}),
		)
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), text => {
				const { text: cleaned } = cleanToken(text)
				const fault = validateToken(cleaned)
				expect(fault === null).toBe(/^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/.test(cleaned))
				if (fault) inWords(fault)
			}),
			{ numRuns: 2000 },
		)
	})

	it.each(['~', ' ', '"', ',', '201~', 'export X=', '\n', 'a-', '\u001b[', '200~ '])(
		'comes to an end where %j fills the paste',
		piece => {
			for (const times of [2000, 200_000]) {
				const provided = `${piece.repeat(times)}x`
				const fault = validateToken(cleanToken(provided).text)
				if (fault) inWords(fault)
				expect(fault?.code).toMatch(/^token-/)
			}
		},
	)

	it('finds a token however it was wrapped', () => {
		const around = fc.constantFrom('"', "'", ' ', '\n', '\r\n', '\u200b', '`', '\t', '~')
		fc.assert(
			fc.property(
				fc.array(around, { maxLength: 4 }),
				fc.array(around, { maxLength: 4 }),
				fc.array(fc.tuple(fc.nat(33), fc.constantFrom('\n', '\r\n', ' ', '\u200b', '\n  ')), { maxLength: 4 }),
				(before, after, inside) => {
					let wrapped = TOKEN
					for (const [at, piece] of inside) wrapped = wrapped.slice(0, at) + piece + wrapped.slice(at)
					const provided = before.join('') + wrapped + after.join('')
					expect(cleanToken(provided).text).toBe(TOKEN)
				},
			),
			{ numRuns: 2000 },
		)
	})
})
