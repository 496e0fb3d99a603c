import { expect, it } from 'vitest'
import { makeHome, start } from './program.ts'

it("a base URL that misses the bridge by a slip is reported with the one that doesn't", async () => {
	const home = makeHome({
		'.mux/providers.jsonc': JSON.stringify({
			openai: {
				apiKey: 'abcdefghij-0123456789012345678901',
				baseUrl: 'https://coder.example.com/api/v2/api/v2/aibridge/openai/v1',
			},
		}),
	})
	const { stdout, code } = await start(['check', '--provider', 'openai', '--offline', '--json'], { home }).ended
	const result = JSON.parse(stdout) as { findings: { code: string; remedy: { url?: string }[] }[] }
	const wrong = result.findings.find(found => found.code === 'base-url-wrong')
	expect(wrong?.remedy.map(step => step.url)).toContain('https://coder.example.com/api/v2/aibridge/openai/v1')
	expect(code).not.toBe(0)
	expect(stdout).not.toContain('0123456789012345678901')
})
