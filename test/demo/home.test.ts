import { existsSync, readFileSync, statSync } from 'node:fs'
import { type ParseError, parse } from 'jsonc-parser'
import { expect, it } from 'vitest'
import { demoSettings, makeDemoHome } from '../../source/demo/home.ts'

it('creates a home that only its owner can read, and removes it', async () => {
	const home = await makeDemoHome()
	try {
		expect(readFileSync(home.settings, 'utf8')).toBe(demoSettings)
		expect(statSync(home.directory).mode & 0o777).toBe(0o700)
		expect(statSync(home.settings).mode & 0o777).toBe(0o600)
		expect(existsSync(`${home.coderConfig}/url`)).toBe(false)
	} finally {
		await home.remove()
	}
	expect(existsSync(home.directory)).toBe(false)
})

it('has settings as people keep them, with nothing in the way of the bridge', () => {
	const errors: ParseError[] = []
	const settings = parse(demoSettings, errors, { allowTrailingComma: true })
	expect(errors).toEqual([])
	expect(settings).toMatchObject({ openai: { apiKey: expect.stringMatching(/^sk-/) }, openrouter: { enabled: false } })
	expect(settings.anthropic).toBeUndefined()
	expect(demoSettings.match(/\/\/ |\/\*/g)?.length).toBeGreaterThanOrEqual(4)
})

it('holds the login of the Coder CLI if it is asked for', async () => {
	const home = await makeDemoHome({ settings: null, login: { url: 'http://127.0.0.1:1', session: 'x\n' } })
	try {
		expect(existsSync(home.settings)).toBe(false)
		expect(readFileSync(`${home.coderConfig}/url`, 'utf8')).toBe('http://127.0.0.1:1')
		expect(readFileSync(`${home.coderConfig}/session`, 'utf8')).toBe('x\n')
	} finally {
		await home.remove()
	}
})
