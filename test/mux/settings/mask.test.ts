import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffSettings, unifiedDiff } from '../../../source/mux/settings/diff.ts'
import { maskLineAt, maskSettings } from '../../../source/mux/settings/mask.ts'
import { requireProgram } from '../../tools.ts'
import { documents } from '../jsonc/documents.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
const hidden = token.slice(11)
const opaque = 'hunter2hunter2hunter2hunter2'

describe('masked', () => {
	const rows: [name: string, text: string, masked: string][] = [
		['a Coder token shows its key id', `{"apiKey":"${token}"}`, '{"apiKey":"abcdefghij-••••••••••"}'],
		['another long one four characters', `{"apiKey": "${opaque}"}`, '{"apiKey": "hunt••••••••••"}'],
		[
			'a short one nothing',
			'{"authToken":"s3cret","couponCode":123456789}',
			'{"authToken":"••••••••••","couponCode":••••••••••}',
		],
		[
			'ChatGPT’s login',
			`{"codexOauth":{"type":"oauth","access":"${opaque}","refresh":"x","expires":1790000000000}}`,
			'{"codexOauth":{"type":"oauth","access":"hunt••••••••••","refresh":"••••••••••","expires":1790000000000}}',
		],
		[
			'headers',
			`{"headers":{"Authorization":"Bearer ${opaque}","X-Api-Key":"k","X-Team":"blue"}}`,
			'{"headers":{"Authorization":"Bear••••••••••","X-Api-Key":"••••••••••","X-Team":"••••••••••"}}',
		],
		[
			'every string of an unknown name',
			`{"note":"was ${token}, then sk-proj-abc123","pet":"Rex"}`,
			'{"note":"was ••••••••••","pet":"••••••••••"}',
		],
		[
			'a token in words',
			`{"displayName":"was ${token}, then sk-proj-abc123"}`,
			'{"displayName":"was abcdefghij-••••••••••, then ••••••••••"}',
		],
		[
			'a token in comments',
			`{ // old: ${token}\n/* sk-ant-api03-abcdefghijklm */ }`,
			'{ // old: abcdefghij-••••••••••\n/* sk-a•••••••••• */ }',
		],
		['a setting that is commented out', `{ // "apiKey": "${opaque}",\n}`, '{ // "apiKey": "hunt••••••••••",\n}'],
		['a token as a name', `{"${token}":1}`, '{"abcdefghij-••••••••••":1}'],
		[
			'a password in a URL',
			'{"baseUrl":"https://ana:secret@proxy.example.com/v1"}',
			'{"baseUrl":"https://••••••••••@proxy.example.com/v1"}',
		],
		[
			'one written with escapes',
			'{"x":"sk\\u002dproj\\u002dabcdefghijklmnop","api\\u004bey":"plain-value"}',
			'{"x":"sk-p••••••••••","api\\u004bey":"••••••••••"}',
		],
		[
			'a list of credentials',
			'{"apiKey":["one-secret",{"a":"two"}],"b":"c"}',
			'{"apiKey":["••••••••••",{"a":"••••••••••"}],"b":"••••••••••"}',
		],
		[
			'a text that ends in a comment’s first two characters',
			`{"apiKey":"${opaque}"}/*`,
			'{"apiKey":"hunt••••••••••"}/*',
		],
	]
	test.each(rows)('%s', (_, text, masked) => {
		expect(maskSettings(text)).toBe(masked)
	})

	test.each([
		'{"apiKeyFile":"~/.coder/token","codexOauthDefaultAuth":"apiKey","maxTokens":100000,"enabled":true}',
		'{"baseUrl":"https://coder.example.com/api/v2/aibridge/openai/v1","models":["gpt-5-2026-01-01"],"apiKey":""}',
		'\ufeff// nothing to hide\r\n{}\r\n',
	])("keeps what isn't a credential: %s", text => {
		expect(maskSettings(text)).toBe(text)
	})
})

describe('of a settings file shows no credential, whatever its name and form', () => {
	const values = [
		'hunter2',
		'correcthorsebattery',
		'Xk29-qqPz-77Lm',
		'xai-A1b2C3d4E5f6',
		'gsk_A1b2C3d4E5f6',
		'8412906377',
	]
	const forms: readonly ((value: string) => string)[] = [
		value => `{"apiKeyOld":"${value}"}`,
		value => `{"apiKeys":["${value}"]}`,
		value => `{"openai":{"anything":"${value}"}}`,
		value => `{"openai":{"headers":{"X-PAT":"${value}"}}}`,
		value => `{"openai":{"baseUrl":"https://proxy.example/v1?api_key=${value}"}}`,
		value => `{"openai":{"baseUrl":"https://proxy.example/v1?${value}=1&x=${value}"}}`,
		value => `{"openai":{"baseUrl":"https://${value}:x@proxy.example/v1"}}`,
		value => `{"openai":{"baseUrl":"https://proxy.example/v1#${value}"}}`,
		value => `{"openai":{"baseUrl":"https://proxy.example/me@${value}/v1"}}`,
		value => `{"openai":{"extra":[{"deep":["${value}"]}]}}`,
		value => `{"openai":{"store":{"${'organization'}":"${value}"}}}`,
		value => `{"openai":{\n// "apiKey": "${value}",\n}}`,
		value => `{"openai":{\n// apiKey = ${value}\n}}`,
		value => `{"openai":{\n// password: ${value}\n}}`,
		value => `{"openai":{\n// "note": "${value}"\n}}`,
		value => `{"openai":{\n/* X-PAT: "${value}" */}}`,
	]
	test.each(forms.map(form => [form('VALUE'), form] as const))('%s', (_, form) => {
		for (const value of values) {
			if (/^\d+$/.test(value)) expect(maskSettings(form(value).replace(`"${value}"`, value))).not.toContain(value)
			expect(maskSettings(form(value))).not.toContain(value)
		}
	})

	test.each([
		'// old: correcthorsebattery',
		'// old: Xk29-qqPz-77Lm',
		'// was xai-A1b2C3d4E5f6 before',
		'// 8412906377',
		'// use KJHGFDSAPOIUYTREWQ if needed',
		'// aGVsbG8gd29ybGQhIQ',
		`{"${'\\u0061bcdefghij\\u002dABCDEFGHIJKLMNOPQRSTUV'}":1}`,
		'{"x9f8a7s6d5f4":true}',
		'{"pin":84129063}',
		'{"openai":{"baseUrl":"https://proxy.example/k/9f8a7s6d5f4g3h2j/v1"}}',
		'{"openai":{"apiKeyFile":"~/keys/me@example.com/9f8a7s6d5f4g3h2j"}}',
	])('%s', text => {
		expect(maskSettings(text)).toContain('••••••••••')
		expect(maskSettings(text)).not.toMatch(
			/correcthorse|qqPz|A1b2|84129|KJHGF|aGVsb|ABCDEFGHIJK|x9f8a|9f8a7s|me@example/,
		)
	})

	test.each([
		'{"openai":{"baseUrl":"https://coder.example.com/api/v2/aibridge/openai/v1","enabled":true}}',
		'{"coder-gemini":{"providerType":"openai-compatible","displayName":"Gemini (Coder)","models":["gemini-2.5-pro"]}}',
		'{"anthropic":{"apiKeyFile":"/home/ana/.mux/coder-session-token-AbCdEfGhIj","models":["claude-opus-4-20250514"]}}',
		'{ // Uses the company gateway, see the wiki: https://wiki.example.com/ai/mux\n}',
		'/* Don\u2019t edit: ask Ana (team "blue") first, v1.2.3 since 2026-11-27. */\n{}',
		'{ // "baseUrl": "https://api.openai.com/v1",\n// gpt-5.1-codex is the default\n}',
	])('keeps readable: %s', text => {
		expect(maskSettings(text)).toBe(text)
	})
})

describe('broken text hides credentials as well', () => {
	test.each([
		`{"apiKey": "${opaque}`,
		`{"apiKey": ${opaque}}`,
		`{apiKey: ${opaque}}`,
		`{'apiKey': '${opaque}'}`,
		`{"apiKey" "${opaque}"}`,
		`{"apiKey": "a" "${opaque}"}`,
		`{"x": 1 "apiKey": "${opaque}"}`,
		`{"apiKey": "first\n${opaque}"}`,
		`{"apiKey":: "${opaque}"}`,
		`{"apiKey": /* open "${token}`,
		`"apiKey": "${opaque}"`,
	])('%s', text => {
		expect(maskSettings(text)).not.toMatch(/hunter2hunter2|ABCDEFGHIJ/)
	})

	test.each([
		`{"apiKey: "${opaque}"}`,
		`{"x": "y, "apiKey": "${opaque}"}`,
		`apiKey = ${opaque}`,
		`{"headers": {"Authorization: Bearer ${opaque}`,
	])('the line in a message is masked more strictly: %s', text => {
		expect(maskLineAt(text, 0)).not.toContain('hunter2hunter2')
	})

	test('a long line is cut around the place, and no cut lets a credential show', () => {
		const text = `{${'"a":"b",'.repeat(100)}"apiKey":"${opaque}" ${'"a":"b",'.repeat(100)}}`
		for (let offset = 700; offset < 900; offset++) {
			const line = maskLineAt(text, offset)
			expect(line.length).toBeLessThanOrEqual(162)
			expect(line).not.toContain('hunter2')
		}
		expect(maskLineAt(text, text.indexOf('"apiKey"'))).toContain('"apiKey":"hunt•••')
	})

	test("control characters in it don't reach a terminal", () => {
		expect(maskLineAt('{"a\u001b[31m": \u0007}', 0)).not.toMatch(/[\u0000-\u001f]/)
	})

	test('any text: lines stay lines, and no token shows', () => {
		const broken = fc
			.tuple(
				documents,
				fc.array(
					fc.tuple(
						fc.nat(),
						fc.constantFrom(
							token,
							`"apiKey":"${token}"`,
							'sk-proj-ABCDEFGHIJKLMN',
							'"',
							'{',
							':',
							',',
							'\n',
							'//',
							'/*',
							'\\',
						),
					),
				),
			)
			.map(([text, inserts]) =>
				inserts.reduce((all, [place, what]) => {
					const at = place % (all.length + 1)
					return `${all.slice(0, at)} ${what} ${all.slice(at)}`
				}, text),
			)
		fc.assert(
			fc.property(broken, text => {
				const masked = maskSettings(text)
				expect(masked.split(/\r\n|\n|\r/).length).toBe(text.split(/\r\n|\n|\r/).length)
				expect(masked).not.toMatch(/(?<![A-Za-z0-9])(?:[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9])|sk-proj-A)/)
			}),
			{ numRuns: 1000 },
		)
	})
})

describe('the difference', () => {
	const shown = (before: string, after: string) => unifiedDiff(diffSettings(before, after), 'providers.jsonc')

	test('is a unified diff with line numbers', () => {
		const before = ['{', '1', '2', '3', '4', '"apiKey": "x",', '5', '}', ''].join('\n')
		const after = before.replace('"apiKey": "x"', `"apiKey": "${token}"`)
		expect(diffSettings(before, after)).toEqual([
			{ kind: 'skipped', text: '@@ -3,6 +3,6 @@', oldLine: null, newLine: null },
			{ kind: 'same', text: '2', oldLine: 3, newLine: 3 },
			{ kind: 'same', text: '3', oldLine: 4, newLine: 4 },
			{ kind: 'same', text: '4', oldLine: 5, newLine: 5 },
			{ kind: 'removed', text: '"apiKey": "••••••••••",', oldLine: 6, newLine: null },
			{ kind: 'added', text: '"apiKey": "abcdefghij-••••••••••",', oldLine: null, newLine: 6 },
			{ kind: 'same', text: '5', oldLine: 7, newLine: 7 },
			{ kind: 'same', text: '}', oldLine: 8, newLine: 8 },
		])
	})

	test('two credentials with the same mask still show as a change', () => {
		const [before, after] = ['a', 'b'].map(end => `{\n  "apiKey": "abcdefghij-ABCDEFGHIJKLMNOPQRSTU${end}"\n}`)
		expect(shown(before!, after!)).toBe(
			[
				'--- providers.jsonc',
				'+++ providers.jsonc',
				'@@ -1,3 +1,3 @@',
				' {',
				'-  "apiKey": "abcdefghij-••••••••••"',
				'+  "apiKey": "abcdefghij-••••••••••"  (another credential)',
				' }',
				'',
			].join('\n'),
		)
	})

	test('far apart changes have a hunk each, near ones share it', () => {
		const lines = Array.from({ length: 40 }, (_, at) => `${at}`)
		const before = lines.join('\n')
		const changed = (...at: number[]) => lines.map((line, index) => (at.includes(index) ? `${line}!` : line)).join('\n')
		const hunks = (after: string) => diffSettings(before, after).filter(row => row.kind === 'skipped')
		expect(hunks(changed(5, 11)).length).toBe(1)
		expect(hunks(changed(5, 30)).map(row => row.text)).toEqual(['@@ -3,7 +3,7 @@', '@@ -28,7 +28,7 @@'])
	})

	test('is applied by patch as git would', async context => {
		requireProgram(context, 'patch')
		const { execFileSync } = await import('node:child_process')
		const { writeFileSync, readFileSync } = await import('node:fs')
		const { newSettings } = await import('./settings-dir.ts')
		const before = `${Array.from({ length: 50 }, (_, at) => `line ${at}`).join('\n')}\n`
		const after = before
			.replace('line 7\n', 'line seven\nand more\n')
			.replace('line 30\n', '')
			.replace('line 49', 'the end')
		const path = newSettings(before)
		writeFileSync(`${path}.diff`, shown(before, after))
		execFileSync('patch', ['-s', path, `${path}.diff`])
		expect(readFileSync(path, 'utf8')).toBe(after)
	})

	test('a new file, and one that goes', () => {
		expect(diffSettings('', '{\n}\n').map(row => [row.kind, row.text])).toEqual([
			['skipped', '@@ -0,0 +1,2 @@'],
			['added', '{'],
			['added', '}'],
		])
		expect(diffSettings('{\n}\n', '').map(row => row.kind)).toEqual(['skipped', 'removed', 'removed'])
		expect(diffSettings('{}', '{}')).toEqual([])
	})

	test('only line ends differ', () => {
		expect(diffSettings('a\n', 'a\r\n').at(-1)).toMatchObject({ kind: 'added', text: 'a  (line end)' })
	})

	test('never shows a token', () => {
		expect(JSON.stringify(diffSettings('', `{"apiKey":"${token}"} // ${token}`))).not.toContain(hidden)
	})
})
