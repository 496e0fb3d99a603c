import { describe, expect, test } from 'vitest'
import { UserError } from '../../../source/findings/finding.ts'
import { editSettings, type SettingsEdit } from '../../../source/mux/settings/edit.ts'
import { Secret } from '../../../source/secrets/secret.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
const url = 'https://coder.example.com/api/v2/aibridge/openai/v1'
const configure: SettingsEdit[] = [
	{ path: ['openai', 'apiKey'], value: new Secret(token) },
	{ path: ['openai', 'baseUrl'], value: url },
]
const unconfigure: SettingsEdit[] = [
	{ path: ['openai', 'apiKey'], remove: true },
	{ path: ['openai', 'baseUrl'], remove: true },
]
const K = `"apiKey": "${token}"`
const U = `"baseUrl": "${url}"`

/** Shape of the text, edits, expected bytes. One row a form. */
const golden: [name: string, before: string, edits: SettingsEdit[], after: string][] = [
	['an empty file', '', configure, `{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}\n`],
	['only a byte order mark', '\ufeff', configure, `\ufeff{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}\n`],
	['only line ends', '\r\n', configure, `{\r\n  "openai": {\r\n    ${K},\r\n    ${U}\r\n  }\r\n}\r\n`],
	['an empty object', '{}', configure, `{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}`],
	['an empty object over two lines', '{\n}\n', configure, `{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}\n`],
	[
		'comments only',
		'// my settings\n/* none yet */\n',
		configure,
		`// my settings\n/* none yet */\n{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}\n`,
	],
	[
		'a comment without a line end',
		'// my settings',
		configure,
		`// my settings\n{\n  "openai": {\n    ${K},\n    ${U}\n  }\n}`,
	],
	[
		'one line, narrow',
		'{"openai":{"models":["a"]}}',
		configure,
		`{"openai":{"models":["a"],"apiKey":"${token}","baseUrl":"${url}"}}`,
	],
	['one line, wide', '{ "openai": { "models": ["a"] } }', configure, `{ "openai": { "models": ["a"], ${K}, ${U} } }`],
	['one line, empty section', '{"openai":{}}', configure, `{"openai":{"apiKey":"${token}","baseUrl":"${url}"}}`],
	['one line, another section', '{ "x": 1 }', configure, `{ "x": 1, "openai": { ${K}, ${U} } }`],
	[
		'one line with a comment after the value',
		'{ "openai": { "store": true /* mine */ } }',
		configure,
		`{ "openai": { "store": true /* mine */, ${K}, ${U} } }`,
	],
	[
		'a line comment on a shared line',
		'{ "openai": { "store": true // mine\n} }',
		configure,
		`{ "openai": { "store": true, // mine\n  ${K},\n  ${U}\n} }`,
	],
	[
		'tabs, CR LF, byte order mark, no final line end',
		'\ufeff{\r\n\t"openai": {\r\n\t\t"store": true\r\n\t}\r\n}',
		configure,
		`\ufeff{\r\n\t"openai": {\r\n\t\t"store": true,\r\n\t\t${K},\r\n\t\t${U}\r\n\t}\r\n}`,
	],
	[
		'a trailing comment stays on its own key',
		'{\n  "openai": {\n    "store": true // keep\n  } // end of openai\n}\n',
		configure,
		`{\n  "openai": {\n    "store": true, // keep\n    ${K},\n    ${U}\n  } // end of openai\n}\n`,
	],
	[
		'a new section after a commented one',
		'{\n    // my proxy\n    "x": {} /* a */ // b\n    // last words\n}\n',
		configure,
		`{\n    // my proxy\n    "x": {}, /* a */ // b\n    "openai": {\n        ${K},\n        ${U}\n    }\n    // last words\n}\n`,
	],
	[
		'trailing commas',
		'{\n  "openai": {\n    "store": true, // keep\n  },\n}\n',
		configure,
		`{\n  "openai": {\n    "store": true, // keep\n    ${K},\n    ${U},\n  },\n}\n`,
	],
	[
		'a value replaced',
		'{\n  "openai": {\n    "apiKey" : /* old */ "sk-old" , // from work\n    "baseUrl": "x" // y\n  }\n}',
		configure,
		`{\n  "openai": {\n    "apiKey" : /* old */ "${token}" , // from work\n    "baseUrl": "${url}" // y\n  }\n}`,
	],
	[
		'an empty section with a comment',
		'{\n  "openai": {\n    // nothing yet\n  }\n}\n',
		configure,
		`{\n  "openai": {\n    // nothing yet\n    ${K},\n    ${U}\n  }\n}\n`,
	],
	[
		'an empty section with a comment beside the brace',
		'{\n  "openai": { // nothing yet\n  }\n}\n',
		configure,
		`{\n  "openai": { // nothing yet\n    ${K},\n    ${U}\n  }\n}\n`,
	],
	[
		'an empty section in a file over several lines',
		'{\n\t"openai": {}, // new\n\t"x": 1\n}\n',
		configure,
		`{\n\t"openai": {\n\t\t${K},\n\t\t${U}\n\t}, // new\n\t"x": 1\n}\n`,
	],
	[
		'the last of duplicate sections',
		'{\n  "openai": { "apiKey": "a" },\n  "openai": { "apiKey": "b" }\n}\n',
		configure,
		`{\n  "openai": { "apiKey": "a" },\n  "openai": { ${K}, ${U} }\n}\n`,
	],
	[
		'the last of duplicate keys',
		'{"openai":{"apiKey":"a","baseUrl":"b","apiKey":"c"}}',
		configure,
		`{"openai":{"apiKey":"a","baseUrl":"${url}","apiKey":"${token}"}}`,
	],
	[
		'a section that is a string',
		'{\n  "openai": "soon", // soon\n  "x": 1\n}',
		configure,
		`{\n  "openai": {\n    ${K},\n    ${U}\n  }, // soon\n  "x": 1\n}`,
	],
	[
		'a section that is null, on one line',
		'{"openai":null}',
		configure,
		`{"openai":{"apiKey":"${token}","baseUrl":"${url}"}}`,
	],
	[
		'__proto__ as a name',
		'{\n  "__proto__": { "openai": { "apiKey": "x" } }\n}\n',
		configure,
		`{\n  "__proto__": { "openai": { "apiKey": "x" } },\n  "openai": {\n    ${K},\n    ${U}\n  }\n}\n`,
	],
	['__proto__ in a path', '{}', [{ path: ['__proto__', 'x'], value: 1 }], '{\n  "__proto__": {\n    "x": 1\n  }\n}'],
	[
		'a custom provider',
		'{\n\t"x": 1\n}\n',
		[
			{
				path: ['coder-azure'],
				value: { providerType: 'openai-compatible', apiKey: new Secret('t'), models: ['a', 'b'], headers: {} },
			},
		],
		'{\n\t"x": 1,\n\t"coder-azure": {\n\t\t"providerType": "openai-compatible",\n\t\t"apiKey": "t",\n\t\t"models": [\n\t\t\t"a",\n\t\t\t"b"\n\t\t],\n\t\t"headers": {}\n\t}\n}\n',
	],
	['comma first', '{ "a": 1\n, "b": 2\n}', [{ path: ['c'], value: 3 }], '{ "a": 1\n, "b": 2, "c": 3\n}'],
	[
		'keys removed, comments kept',
		`{\n  "openai": {\n    // first\n    ${K}, // key\n    // second\n    "store": true, // store\n    ${U} // url\n    // last\n  }\n}\n`,
		unconfigure,
		'{\n  "openai": {\n    // first\n    // key\n    // second\n    "store": true // store\n    // url\n    // last\n  }\n}\n',
	],
	[
		'all keys of a section removed',
		`{"openai":{"apiKey":"a","baseUrl":"b"},"x":1}`,
		unconfigure,
		'{"openai":{},"x":1}',
	],
	['no comma alone', '{\n  "openai": {\n    "apiKey": "a",\n  },\n}', unconfigure, '{\n  "openai": {},\n}'],
	[
		'every duplicate goes with a removal',
		'{"openai":{"apiKey":"a", "s":1, "apiKey":"b"}}',
		unconfigure,
		'{"openai":{"s":1}}',
	],
	['nothing to remove', '{"openai":"x"} // y', unconfigure, '{"openai":"x"} // y'],
	[
		'the same value in other words',
		'{"openai":{"apiKey":"\\u0061","baseUrl":"b"}}',
		[{ path: ['openai', 'apiKey'], value: 'a' }],
		'{"openai":{"apiKey":"\\u0061","baseUrl":"b"}}',
	],
	[
		'an edit inside what an earlier edit put there',
		'{}',
		[
			{ path: ['a'], value: { b: 1 } },
			{ path: ['a', 'c'], value: 2 },
		],
		'{\n  "a": {\n    "b": 1,\n    "c": 2\n  }\n}',
	],
]

describe('editSettings keeps everything else byte for byte', () => {
	test.each(golden)('%s', (_, before, edits, after) => {
		expect(editSettings(before, edits)).toBe(after)
		expect(editSettings(after, edits)).toBe(after)
	})
})

const refused: [name: string, text: string, code: string, details: object][] = [
	['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 'settings-syntax', { line: 3, column: 3, text: '"b": 2' }],
	['an open string', '{\r\n  "a": "x\r\n}', 'settings-syntax', { line: 2, column: 8 }],
	['a text after the end', '\ufeff{} x', 'settings-syntax', { line: 1, column: 4 }],
	['a comma alone', '{,}', 'settings-syntax', { line: 1, column: 2 }],
	['an open object', '{"a": {', 'settings-syntax', { line: 1, column: 8 }],
	['a list', '[]', 'settings-not-an-object', { kind: 'an array' }],
	['null', 'null', 'settings-not-an-object', { kind: 'null' }],
]

describe('editSettings rejects', () => {
	test.each(refused)('%s', (_, text, code, details) => {
		const refusal = refusalOf(() => editSettings(text, configure, '/p'))
		expect(refusal.findings[0]).toMatchObject({ code, details })
	})

	test("an edit that doesn't come out as planned is abandoned", () => {
		let reads = 0
		const fickle = {
			get n() {
				return reads++
			},
		}
		const refusal = refusalOf(() => editSettings('{}', [{ path: ['x'], value: fickle }]))
		expect(refusal.findings[0]).toMatchObject({ code: 'settings-edit-abandoned', details: { at: 'x' } })
	})

	test('never edits the coder section', () => {
		expect(refusalOf(() => editSettings('{}', [{ path: ['coder', 'x'], value: 1 }])).findings[0]?.code).toBe(
			'settings-coder-section',
		)
	})

	test("a syntax error in a line with a token doesn't show it", () => {
		const refusal = refusalOf(() =>
			editSettings(`{ "openai": { "apiKey": "${token}" "x": "sk-proj-1234567890" } }`, configure),
		)
		expect(JSON.stringify(refusal.findings)).toContain('abcdefghij-••••')
		expect(JSON.stringify(refusal.findings)).not.toMatch(/ABCDEFGHIJ|1234567890/)
	})
})

test('edits files of any depth and size', () => {
	const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
	expect(editSettings(deep, [{ path: ['a'], value: 1 }])).toBe(`${deep.slice(0, -1)},"a":1}`)
})

function refusalOf(run: () => unknown): UserError {
	try {
		run()
	} catch (error) {
		if (error instanceof UserError) return error
		throw error
	}
	throw new Error('nothing was refused')
}
