// Which proxy counts, by the environment alone: the same one as for Mux.
import { EnvHttpProxyAgent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { findUnusedProxy, resolveProxy } from '../../../source/coder/http/proxy.ts'
import type { Env } from '../../../source/runtime/runtime.ts'

function chooseProxy(env: Env, origin = 'https://coder.example.com'): string {
	const choice = resolveProxy(env, origin)
	return choice.status === 'proxy' ? choice.proxy.name : choice.status
}

describe('the choice of a proxy', () => {
	it.each<[Env, string]>([
		[{}, 'none'],
		[{ HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
		[{ https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' }, 'http://low:1'],
		[{ https_proxy: '', HTTPS_PROXY: 'http://up:1' }, 'none'],
		[{ HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
		[{ https_proxy: '', HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
		[{ ALL_PROXY: 'http://p:3128' }, 'none'],
		[{ HTTPS_PROXY: 'p.example.com:3128' }, 'fault'],
		[{ HTTPS_PROXY: 'http://user:pass@p:3128/' }, 'http://p:3128'],
		[{ HTTPS_PROXY: 'http://CORP\\ada:pw@p:3128' }, 'fault'],
		[{ HTTPS_PROXY: 'http://CORP%5Cada:pw@p:3128' }, 'http://p:3128'],
		[{ HTTPS_PROXY: 'http://wpad.example.com/proxy.pac' }, 'fault'],
		[{ HTTPS_PROXY: 'https://p' }, 'https://p'],
		[{ HTTPS_PROXY: 'socks5://p:1080' }, 'fault'],
		[{ HTTPS_PROXY: 'http://' }, 'fault'],
		// Mux can't start with a variable that isn't valid, even if it isn't needed.
		[{ HTTP_PROXY: 'p:3128', HTTPS_PROXY: 'http://p:3128', NO_PROXY: '*' }, 'fault'],
	])('%j: %s', (env, expected) => {
		expect(chooseProxy(env)).toBe(expected)
	})

	it.each<[string, string, boolean]>([
		['*', 'https://coder.example.com', true],
		['CODER.example.com', 'https://coder.example.com', true],
		['example.com', 'https://coder.example.com', false],
		['.example.com', 'https://coder.example.com', true],
		['*.example.com', 'https://coder.example.com', true],
		['.example.com', 'https://example.com.evil.org', false],
		['a, coder.example.com', 'https://coder.example.com', true],
		['coder.example.com:8443', 'https://coder.example.com', false],
		['coder.example.com:8443', 'https://coder.example.com:8443', true],
		['10.0.0.0/8', 'https://10.1.2.3', false],
		['::1', 'https://[::1]:3000', false],
		['[::1]', 'https://[::1]:3000', true],
		['[::1]:3001', 'https://[::1]:3000', false],
	])('NO_PROXY=%s excludes %s: %s', (list, origin, isExcluded) => {
		const expected = isExcluded ? 'none' : 'http://p:1'
		expect(chooseProxy({ HTTPS_PROXY: 'http://p:1', NO_PROXY: list }, origin)).toBe(expected)
	})

	it('names the variable that Mux needs if the one that is set has no effect', () => {
		const origin = 'https://coder.example.com'
		expect(findUnusedProxy({ ALL_PROXY: 'http://p:3128' }, origin)).toMatchObject({
			variable: 'HTTPS_PROXY',
			why: "The direct connection failed. ALL_PROXY is set, but Mux doesn't use it.",
		})
		expect(findUnusedProxy({ https_proxy: '', HTTPS_PROXY: 'http://p:3128' }, origin)).toMatchObject({
			variable: 'https_proxy',
			why: 'The direct connection failed. HTTPS_PROXY is set, but the empty https_proxy overrides it.',
		})
	})
})

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'ALL_PROXY']
const before = Object.fromEntries(proxyVariables.map(name => [name, process.env[name]]))

function setVariables(env: Env): void {
	for (const name of proxyVariables) {
		const value = env[name]
		if (value === undefined) delete process.env[name]
		else process.env[name] = value
	}
}

afterEach(() => setVariables(before))

/** What Mux's own agent does: the proxy, `none`, or `fault` if it can't be created. */
async function chooseAsMux(env: Env, origin: string): Promise<string> {
	setVariables(env)
	let agent: EnvHttpProxyAgent
	try {
		agent = new EnvHttpProxyAgent()
	} catch {
		return 'fault'
	}
	// Only the choice is of interest, so the agents behind it are replaced by their names.
	const names = new Map<unknown, string>()
	for (const key of Object.getOwnPropertySymbols(agent)) {
		const inner = (agent as unknown as Record<symbol, unknown>)[key]
		if (typeof (inner as { dispatch?: unknown } | null)?.dispatch !== 'function' || names.has(inner)) continue
		const proxySymbol = Object.getOwnPropertySymbols(inner).find(symbol => symbol.description === 'proxy agent options')
		const options = proxySymbol && (inner as Record<symbol, { uri: string }>)[proxySymbol]
		const uri = options && new URL(options.uri)
		names.set(inner, uri ? `${uri.protocol}//${uri.host}` : 'none')
	}
	let chosen = ''
	for (const [inner, name] of names) {
		Object.assign(inner as object, {
			dispatch: () => {
				chosen = name
				return true
			},
		})
	}
	agent.dispatch({ origin, path: '/', method: 'GET' }, {} as never)
	await agent.destroy()
	return chosen
}

describe("compared with Mux's own agent", () => {
	const values = [undefined, '', 'http://a.example:3128', 'https://b.example', 'c.example:3128', 'socks5://d:1080']
	const lists = [
		undefined,
		'',
		'*',
		'coder.example.com',
		'.example.com',
		'*.example.com',
		'example.com',
		'coder.example.com:8443',
		'coder.example.com:443, other',
		'10.0.0.0/8',
		'10.0.0.7',
		'::1',
		'[::1]',
		'[::1]:3000',
		' , coder.example.com',
	]
	const origins = [
		'https://coder.example.com',
		'https://coder.example.com:8443',
		'http://coder.example.com',
		'https://CODER.example.com.',
		'https://10.0.0.7',
		'https://[::1]:3000',
	]

	it('chooses the same proxy for every setting, list and address', async () => {
		const differences: string[] = []
		let compared = 0
		for (const plain of values)
			for (const secure of values)
				for (const list of lists)
					for (const origin of origins) {
						// One setting is given in lower case, so that both spellings are tried.
						const isLower = compared % 2 === 0
						const env = {
							...(plain === undefined ? {} : { HTTP_PROXY: plain }),
							...(secure === undefined ? {} : { [isLower ? 'https_proxy' : 'HTTPS_PROXY']: secure }),
							...(isLower && secure !== undefined ? { HTTPS_PROXY: 'http://hidden.example:1' } : {}),
							...(list === undefined ? {} : { [compared % 3 === 0 ? 'no_proxy' : 'NO_PROXY']: list }),
							ALL_PROXY: 'http://all.example:1',
						}
						const [ours, theirs] = [chooseProxy(env, origin), await chooseAsMux(env, origin)]
						if (ours !== theirs) differences.push(`${JSON.stringify(env)} ${origin}: ${ours}, Mux ${theirs}`)
						compared++
					}
		expect(differences.slice(0, 5)).toEqual([])
		expect(compared).toBe(3_240)
	})
})
