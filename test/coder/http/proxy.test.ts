// Which proxy counts, by the environment alone.
import { expect, it } from 'vitest'
import { resolveProxy } from '../../../source/coder/http/proxy.ts'
import type { Env } from '../../../source/runtime/runtime.ts'

function chosen(env: Env, origin = 'https://coder.example.com'): string {
	const choice = resolveProxy(env, origin)
	return choice.status === 'proxy' ? choice.proxy.name : choice.status
}

it.each<[Env, string]>([
	[{}, 'none'],
	[{ HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
	[{ https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' }, 'http://low:1'],
	[{ https_proxy: '', HTTPS_PROXY: 'http://up:1' }, 'http://up:1'],
	[{ https_proxy: '  ', HTTPS_PROXY: 'http://up:1' }, 'http://up:1'],
	[{ HTTP_PROXY: 'http://p:3128' }, 'none'],
	[{ ALL_PROXY: 'http://p:3128' }, 'http://p:3128'],
	[{ HTTPS_PROXY: 'p.example.com:3128' }, 'http://p.example.com:3128'],
	[{ HTTPS_PROXY: 'http://user:pass@p:3128/' }, 'http://p:3128'],
	[{ HTTPS_PROXY: 'https://p' }, 'https://p'],
	[{ HTTPS_PROXY: 'socks5://p:1080' }, 'fault'],
	[{ HTTPS_PROXY: 'http://' }, 'fault'],
])('%j: %s', (environment, expected) => {
	expect(chosen(environment)).toBe(expected)
})

it.each<[string, string, boolean]>([
	['*', 'https://coder.example.com', true],
	['coder.example.com', 'https://coder.example.com', true],
	['CODER.example.com', 'https://coder.example.com', true],
	['example.com', 'https://coder.example.com', false],
	['.example.com', 'https://coder.example.com', true],
	['*.example.com', 'https://coder.example.com', true],
	['.example.com', 'https://example.com.evil.org', false],
	['a, coder.example.com', 'https://coder.example.com', true],
	['coder.example.com:443', 'https://coder.example.com', true],
	['coder.example.com:8443', 'https://coder.example.com', false],
	['coder.example.com:8443', 'https://coder.example.com:8443', true],
	['127.0.0.1', 'https://127.0.0.1:3000', true],
	['::1', 'https://[::1]:3000', true],
	['[::1]', 'https://[::1]:3000', true],
	['[::1]:3000', 'https://[::1]:3000', true],
	['[::1]:3001', 'https://[::1]:3000', false],
	['', 'https://coder.example.com', false],
])('NO_PROXY=%s, %s: %s', (none, origin, exempt) => {
	expect(chosen({ HTTPS_PROXY: 'http://p:1', NO_PROXY: none }, origin)).toBe(exempt ? 'none' : 'http://p:1')
})
