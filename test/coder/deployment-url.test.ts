import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { getBaseUrl, parseBridgeUrl, parseDeployment } from '../../source/coder/deployment-url.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { getInstanceProtocol } from '../../source/providers.ts'

const HTTPS = 'https://coder.example.com'

/** The origin, or the finding's code. */
function read(text: string): string {
	const parsed = parseDeployment(text)
	return parsed.ok ? parsed.deployment.origin : parsed.finding.code
}

describe('what is understood', () => {
	it.each([
		['coder.example.com', HTTPS],
		['https://coder.example.com/', HTTPS],
		['HTTPS://Coder.Example.COM', HTTPS],
		['https://coder.example.com.', HTTPS],
		['  https://coder.example.com \n', HTTPS],
		['coder.example.com/', HTTPS],
		['//coder.example.com/', HTTPS],
		['https:coder.example.com', HTTPS],
		['https:/coder.example.com', HTTPS],
		['https//coder.example.com', HTTPS],
		['https://https://coder.example.com', HTTPS],
		['https:\\\\coder.example.com\\workspaces', HTTPS],
		['https://coder.example.com:443', HTTPS],
		['https://coder.example.com:', HTTPS],
		['https://coder.example.com/workspaces?filter=owner%3Ame', HTTPS],
		['https://coder.example.com/@alice/dev/terminal#x', HTTPS],
		['https://coder.example.com/cli-auth', HTTPS],
		['https://coder.example.com/api/v2/aibridge/openai/v1', HTTPS],
		['https://coder.example.com/api/v2/aibridge/openai/v1///', HTTPS],
		['https://coder.example.com/api/v2/ai-gateway/anthropic?x=1', HTTPS],
		['https://coder.example.com?x=/api', HTTPS],
		['"https://coder.example.com"', HTTPS],
		["'https://coder.example.com/',", HTTPS],
		['`https://coder.example.com`', HTTPS],
		['<https://coder.example.com>', HTTPS],
		['“https://coder.example.com”', HTTPS],
		['export OPENAI_BASE_URL=https://coder.example.com/api/v2/aibridge/openai/v1', HTTPS],
		['export OPENAI_BASE_URL="https://coder.example.com/api/v2/aibridge/openai/v1"', HTTPS],
		['OPENAI_BASE_URL = https://coder.example.com/api/v2/aibridge/openai/v1', HTTPS],
		['set -gx CODER_URL https://coder.example.com', HTTPS],
		['set CODER_URL=https://coder.example.com', HTTPS],
		['setx CODER_URL https://coder.example.com', HTTPS],
		["$env:CODER_URL = 'https://coder.example.com'", HTTPS],
		['"baseUrl": "https://coder.example.com/api/v2/aibridge/openai/v1",', HTTPS],
		['https://coder.exam\nple.com/api', HTTPS],
		['https://coder.exam\r\n   ple.com/api', HTTPS],
		['\ufeffhttps://coder.example.com\u200b', HTTPS],
		['coder.example.com:8443', 'https://coder.example.com:8443'],
		['coder.example.com:8443/workspaces', 'https://coder.example.com:8443'],
		['coder', 'https://coder'],
		['coder:3000', 'https://coder:3000'],
		['dev_coder.intra', 'https://dev_coder.intra'],
		['münchen.example', 'https://xn--mnchen-3ya.example'],
		['192.0.2.10:8080', 'https://192.0.2.10:8080'],
		['[2001:db8::1]:7080', 'https://[2001:db8::1]:7080'],
		['http://coder.example.com', 'http://coder.example.com'],
		['http://[::1]:3000/', 'http://[::1]:3000'],
	])('%j', (text, origin) => {
		expect(read(text)).toBe(origin)
	})

	it.each([
		['localhost:3000', 'http://localhost:3000'],
		['localhost', 'http://localhost'],
		['localhost.', 'http://localhost'],
		['127.0.0.1..', 'http://127.0.0.1'],
		['localhost:443', 'http://localhost:443'],
		['coder.localhost:7080', 'http://coder.localhost:7080'],
		['127.0.0.1:43210/cli-auth', 'http://127.0.0.1:43210'],
		['127.8.9.10', 'http://127.8.9.10'],
		['[::1]:3000', 'http://[::1]:3000'],
		['https://localhost:3443', 'https://localhost:3443'],
	])('%j is on this machine: http unless it says otherwise', (text, origin) => {
		expect(parseDeployment(text)).toEqual({ ok: true, deployment: { origin, insecure: false } })
	})

	it.each([
		['http://coder.example.com', true],
		['http://192.0.2.1:3000', true],
		['http://127.example.com', true],
		['http://localhost.example.com', true],
		['http://[::2]', true],
		['http://localhost:3000', false],
		['http://LOCALHOST.', false],
		['http://127.0.0.53', false],
		['http://[::ffff:127.0.0.1]', false],
		['https://coder.example.com', false],
	])('%j: the token would travel unencrypted: %s', (text, insecure) => {
		expect(parseDeployment(text)).toMatchObject({ ok: true, deployment: { insecure } })
	})
})

describe('a URL in other text', () => {
	it.each([
		'「https://coder.example.com」',
		'_https://coder.example.com_',
		'[our Coder](https://coder.example.com)',
		'[https://coder.example.com](https://coder.example.com/)',
		'url: https://coder.example.com',
		'coder login https://coder.example.com',
		'https://coder.example.com).',
		'<https://coder.example.com>, please',
		'Sign in at https://coder.example.com/cli-auth to continue',
		'**https://coder.example.com/**',
		'https://coder.example.com\nSee you there.',
		'See you\nat https://coder.example.com',
	])('is taken: %j', text => {
		expect(read(text)).toBe(HTTPS)
	})

	it.each([
		'https://coder.example.com or https://other.example.com',
		'https：//coder.example.com',
		'https://coder。example.com',
		'「coder.example.com」',
		'https://coder. example.com',
		'https://coder.internal .example.com',
	])('is refused if it is not certain: %j', text => {
		expect(read(text)).toBe('url-invalid')
	})
})

describe('what is rejected, and why', () => {
	it.each([
		['', 'url-empty'],
		[' \n\t', 'url-empty'],
		['""', 'url-empty'],
		['\u200b', 'url-empty'],
		['ftp://coder.example.com', 'url-scheme'],
		['ssh://coder.example.com', 'url-scheme'],
		['wss://coder.example.com', 'url-scheme'],
		['file:///etc/passwd', 'url-scheme'],
		['javascript:alert(1)', 'url-scheme'],
		['https://alice:hunter22@coder.example.com', 'url-with-password'],
		['alice@coder.example.com', 'url-with-password'],
		['alice:hunter22@coder.example.com', 'url-with-password'],
		['https://@coder.example.com', 'url-with-password'],
		['mailto:alice@example.com', 'url-with-password'],
		['https://', 'url-no-host'],
		['https:///', 'url-no-host'],
		['/workspaces', 'url-no-host'],
		['not a url', 'url-invalid'],
		['https://coder example.com', 'url-invalid'],
		['https://coder..example.com', 'url-invalid'],
		['https://.example.com', 'url-invalid'],
		['https://-coder.example.com', 'url-invalid'],
		['https://coder*.example.com', 'url-invalid'],
		['https://$CODER_HOST', 'url-invalid'],
		['https://{host}/', 'url-invalid'],
		['https://coder.example.com:0', 'url-invalid'],
		['https://coder.example.com:99999', 'url-invalid'],
		['https://coder.example.com:80a', 'url-invalid'],
		['https://:8080', 'url-invalid'],
		['https://::1', 'url-invalid'],
		['https://[::1', 'url-invalid'],
		['https://[zz]', 'url-invalid'],
		['https://42', 'url-invalid'],
		['https://1.2.3', 'url-invalid'],
		['https://300.1.1.1', 'url-invalid'],
		[`https://${'a'.repeat(64)}.example.com`, 'url-invalid'],
		[`https://${'abc.'.repeat(70)}com`, 'url-invalid'],
	])('%j: %s', (text, code) => {
		expect(read(text)).toBe(code)
	})

	it('names the address that was probably meant', () => {
		const reported = (text: string) => {
			const parsed = parseDeployment(text)
			return parsed.ok ? [] : inWords(parsed.finding).remedy
		}
		expect(reported('ftp://coder.example.com/x')).toContain(HTTPS)
		expect(reported('https://alice:hunter22@coder.example.com/x')).toContain(HTTPS)
	})

	it.each([
		'abcdefghij-abcdefghijklmnopqrstuv',
		'https://abcdefghij-abcdefghijklmnopqrstuv',
		'4a1b2c3d-0000-4000-8000-123456789abc',
		'sk-proj-abcdefghijklmnop',
		'export CODER_SESSION_TOKEN=abcdefghij-abcdefghijklmnopqrstuv',
		'http://alice:abcdefghij@coder.example.com',
		'not a url abcdefghij-abcdefghijklmnopqrstuv',
		'xabcdefghij-abcdefghijklmnopqrstuv',
		'abcdefghi-abcdefghijklmnopqrstu',
		'https://coder.example.comabcdefghij-abcdefghijklmnopqrstuv',
		'ABCDEFGHIJ-abcdefghijklm\n  nopqrstuv',
	])('never takes a credential for a host, and never shows it: %s', text => {
		const parsed = parseDeployment(text)
		expect(parsed.ok).toBe(false)
		if (parsed.ok) return
		expect(JSON.stringify([parsed.finding, inWords(parsed.finding)])).not.toMatch(/abcdefghij|4a1b2c3d/)
	})

	it('takes no long text for an address', () => {
		for (const piece of ['~', ' ', '"', ',', 'https://', 'export X=', '\n', 'a.', '@', '[']) {
			for (const times of [500, 200_000]) expect(read(`${piece.repeat(times)}x`)).toMatch(/^url-|^https:/)
		}
		expect(read(`https://${'a.'.repeat(2500)}com`)).toBe('url-invalid')
	})

	it('shows what it did not understand without its control characters', () => {
		const parsed = parseDeployment('\u001b[31mnot a url\u0007')
		expect(JSON.stringify(parsed)).not.toMatch(/\\u001b|\\u0007/)
	})
})

describe('for every text', () => {
	const pieces = fc.constantFrom(
		...['https://', 'http://', 'coder', '.', 'example.com', ':', '8080', '/', '//', '@', '?', '#', ' ', '"', '\n', '['],
		...[']', '::1', 'export X=', '=', '%20', '\\', '127.0.0.1', 'localhost', 'ü', '\u200b', '0', '-', '_', '*'],
	)
	const texts = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.webUrl({ withFragments: true, withQueryParameters: true }),
		fc.array(pieces, { maxLength: 8 }).map(list => list.join('')),
	)

	it('nothing is thrown, and an origin stays what it is', () => {
		fc.assert(
			fc.property(texts, text => {
				const parsed = parseDeployment(text)
				if (!parsed.ok) {
					inWords(parsed.finding)
					return
				}
				expect(parseDeployment(parsed.deployment.origin)).toEqual(parsed)
				const url = new URL(parsed.deployment.origin)
				expect(url.origin).toBe(parsed.deployment.origin)
				expect([url.username, url.password, url.hostname === '']).toEqual(['', '', false])
			}),
			{ numRuns: 3000 },
		)
	})

	it('a plain origin is taken as it would be with a slash behind it', () => {
		const label = fc.constantFrom(
			'coder',
			'my-coder',
			'c',
			'x1',
			'1x',
			'xn--a',
			'a--b',
			'-',
			'10',
			'0x7f',
			'sk-abcdefghijklm',
		)
		const tokenLike = fc.constantFrom('abcdefghij-abcdefghijklmnopqrstuv', 'a'.repeat(63), 'a'.repeat(64), 'localhost')
		const hosts = fc.array(fc.oneof(label, tokenLike), { minLength: 1, maxLength: 6 }).map(labels => labels.join('.'))
		fc.assert(
			fc.property(fc.oneof(hosts, fc.domain()), host => {
				const plain = parseDeployment(`https://${host}`)
				const withSlash = parseDeployment(`https://${host}/`)
				expect(plain.ok).toBe(withSlash.ok)
				if (plain.ok) expect(plain).toEqual(withSlash)
			}),
			{ numRuns: 2000 },
		)
	})

	it('every URL of a web page gives its own origin', () => {
		fc.assert(
			fc.property(fc.webUrl({ validSchemes: ['https'] }), url => {
				expect(read(url)).toBe(new URL(url).origin)
			}),
		)
	})
})

describe('base URLs', () => {
	it('have /v1 for OpenAI’s protocol and not for Anthropic’s', () => {
		expect(getBaseUrl({ origin: HTTPS }, '/api/v2/aibridge', { instance: 'openai', protocol: 'openai' })).toBe(
			'https://coder.example.com/api/v2/aibridge/openai/v1',
		)
		expect(getBaseUrl({ origin: HTTPS }, '/api/v2/ai-gateway', { instance: 'eu-claude', protocol: 'anthropic' })).toBe(
			'https://coder.example.com/api/v2/ai-gateway/eu-claude',
		)
	})

	it('are recognized again', () => {
		for (const protocol of ['openai', 'anthropic'] as const) {
			const url = getBaseUrl({ origin: HTTPS }, '/api/v2/ai-gateway', { instance: 'azure', protocol })
			expect(parseBridgeUrl(url)).toMatchObject({ origin: HTTPS, route: '/api/v2/ai-gateway', instance: 'azure' })
		}
	})

	it('speak the protocol that the instance’s name reports', () => {
		expect(
			['anthropic', 'bedrock', 'openai', 'azure', 'google', 'eu-claude', 'constructor'].map(getInstanceProtocol),
		).toEqual([...(['anthropic', 'anthropic', 'openai', 'openai', 'openai'] as const), ...[undefined, undefined]])
	})
})
