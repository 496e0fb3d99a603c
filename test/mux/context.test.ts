import { execFileSync } from 'node:child_process'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { loadMuxContext, withSettingsText } from '../../source/mux/context.ts'
import { wrapCredential } from '../../source/mux/credential.ts'
import { findSettings } from '../../source/mux/home.ts'
import { describeRequest, resolveRequest } from '../../source/mux/request/resolve.ts'
import { layOut } from './settings/text-edits.ts'

const bridge = 'https://coder.example.com/api/v2/aibridge'
const openai = { apiKey: 'AbCdEfGhIj-0123456789abcdefghijkl', baseUrl: `${bridge}/openai/v1` }

describe('records odd files and never throws', () => {
	test("a FIFO in the place of each file doesn't hold it up", async () => {
		const runtime = layOut({
			files: { '.mux/providers.jsonc': '', '.mux/x': '' },
			environment: { MUX_POLICY_FILE: '$HOME/pipe' },
		})
		const pipe = (path: string) => execFileSync('mkfifo', [`${runtime.homeDir}/${path}`])
		pipe('pipe')
		pipe('.mux/config.json')
		execFileSync('rm', [`${runtime.homeDir}/.mux/providers.jsonc`])
		pipe('.mux/providers.jsonc')
		const { directories } = await loadMuxContext(runtime)
		expect(directories.mux.settings).toMatchObject({ state: 'unreadable', why: 'no file' })
		expect(directories.mux.policy).toMatchObject({ state: 'blocked', why: "it isn't a file" })
		expect(directories.mux.routes.priority).toBeNull()
	})

	test('records links in a circle and a file in place of the directory', async () => {
		const circle = await loadMuxContext(
			layOut({ directories: ['.mux'], links: { '.mux/providers.jsonc': 'providers.jsonc' } }),
		)
		expect(circle.directories.mux.settings).toMatchObject({ state: 'unreadable', why: 'ELOOP' })
		const file = await loadMuxContext(layOut({ files: { '.mux': 'x' } }))
		expect(file.directories.mux.settings.state).toBe('missing')
	})

	test('records key files of every kind', async () => {
		const paths = {
			none: '~/none',
			directory: '~/directory',
			empty: '~/empty',
			large: '~/large',
			loop: '~/loop',
			relative: 'key',
		}
		const sections = Object.fromEntries(Object.entries(paths).map(([name, apiKeyFile]) => [name, { apiKeyFile }]))
		const runtime = layOut({
			files: {
				'.mux/providers.jsonc': JSON.stringify({ ...sections, blank: { apiKeyFile: ' ' }, number: { apiKeyFile: 5 } }),
				empty: ' \n',
				large: 'x'.repeat(70_000),
				key: 'relative-key\n',
			},
			directories: ['directory'],
			links: { loop: 'loop' },
		})
		const { keyFiles } = (await loadMuxContext(runtime)).directories.mux
		expect(Object.fromEntries(Object.entries(keyFiles).map(([path, file]) => [path, file.state]))).toEqual({
			'~/none': 'missing',
			'~/directory': 'no-file',
			'~/empty': 'empty',
			'~/large': 'too-large',
			'~/loop': 'unreadable',
			key: 'read',
		})
	})

	test('reads a file of ten million characters', async () => {
		const models = '"model",\n'.repeat(1_200_000)
		const text = `{"openai":{"models":[${models}"last"],"apiKey":"tok"}}`
		const muxContext = await loadMuxContext(layOut({ files: { '.mux/providers.jsonc': text } }))
		expect(resolveRequest(muxContext, 'mux', 'openai').request?.credentialFrom).toBe('apiKey')
	})
})

describe('wraps credentials', () => {
	test('wraps them wherever they are and however their key is spelled', async () => {
		const secrets = {
			apiKey: 'secret-a',
			api_key: 'secret-b',
			'API-KEY': 'secret-c',
			authToken: 'secret-d',
			headers: { Authorization: 'Bearer secret-e', 'X-Anything': 'secret-f' },
			codexOauth: { type: 'oauth', access: 'secret-g', refresh: 'secret-h' },
			couponCode: 'secret-i',
			bearerToken: 'secret-j',
			secretAccessKey: 'secret-k',
			clientSecret: 'secret-l',
			password: 'secret-m',
		}
		const runtime = layOut({
			files: { '.mux/providers.jsonc': JSON.stringify({ openai: secrets, OpenAI: secrets, anthropic: 'secret-n' }) },
			environment: { OPENAI_API_KEY: 'secret-o', ANTHROPIC_AUTH_TOKEN: 'secret-p', AWS_SECRET_ACCESS_KEY: 'secret-q' },
		})
		const muxContext = await loadMuxContext(runtime)
		expect(JSON.stringify(muxContext)).not.toContain('secret-')
		expect(inspect(muxContext, { depth: 20 })).not.toContain('secret-')
		expect(resolveRequest(muxContext, 'mux', 'openai').request?.headers.map(header => header.from)).toEqual(['headers'])
	})
})

describe('the location that was selected', () => {
	test('uses --settings for its release, with the config.json beside it', async () => {
		const runtime = layOut({
			files: {
				'.mux/providers.jsonc': '{}',
				'else/mine.jsonc': JSON.stringify({ openai, openrouter: { apiKey: 'or' } }),
				'else/config.json': '{"routePriority":["direct"]}',
			},
		})
		const location = await findSettings(runtime, { settings: 'else/mine.jsonc' })
		const muxContext = await loadMuxContext(runtime, location)
		expect(describeRequest(resolveRequest(muxContext, 'mux', 'openai'))).toBe('AI Bridge at coder.example.com')
		expect(describeRequest(resolveRequest(muxContext, 'xum', 'openai'))).toBe('not set up')
		expect(muxContext.sectionIds).toEqual(['openai', 'openrouter'])
	})

	test("a text that isn't written yet", async () => {
		const runtime = layOut({ files: { '.mux/providers.jsonc': '{}' } })
		const muxContext = await loadMuxContext(runtime)
		const after = withSettingsText(muxContext, JSON.stringify({ openai, mine: { apiKey: 'x' } }))
		expect(describeRequest(resolveRequest(muxContext, 'mux', 'openai'))).toBe('not set up')
		for (const release of ['mux', 'xum'] as const)
			expect(describeRequest(resolveRequest(after, release, 'openai'))).toBe('AI Bridge at coder.example.com')
		expect(after.sectionIds).toEqual(['openai', 'mine'])
	})

	test("a text that names a key file which isn't written yet", async () => {
		const muxContext = await loadMuxContext(layOut({}))
		const text = JSON.stringify({ openai: { baseUrl: openai.baseUrl, apiKeyFile: '~/.token' } })
		expect(resolveRequest(withSettingsText(muxContext, text), 'mux', 'openai').reason).toBe('api_key_not_found')
		const after = withSettingsText(muxContext, text, { '~/.token': wrapCredential(openai.apiKey) })
		expect(resolveRequest(after, 'mux', 'openai').request).toMatchObject({ credentialFrom: 'apiKeyFile' })
	})
})
