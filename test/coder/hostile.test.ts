// Servers that mean harm, or are broken beyond their contract: a finding, within bounded memory and time, and nothing in
// it that a terminal would obey.
import { afterEach, describe, expect, it } from 'vitest'
import { checkBridge, probeDeployment } from '../../source/coder/check.ts'
import { createCoderClient } from '../../source/coder/client.ts'
import type { Limits } from '../../source/coder/http/types.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import type { Finding } from '../../source/findings/finding.ts'
import { makeBuiltInTarget } from '../../source/providers.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { type Demo, type FailureRule, startDemo } from '../fake-coder/fake-coder.ts'
import { hostWith } from '../runtime-with.ts'
import { listenRaw } from './servers.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
	await Promise.all(open.splice(0).map(one => one.close()))
})

/** For what must end by itself, however slow this machine is. */
const patient = { pausesMs: [1, 2], responseMs: 30_000, firstCallMs: 30_000 }
/** For what only a time limit ends. */
const limited = { pausesMs: [1, 2], responseMs: 300, firstCallMs: 300 }
const limitsFor = (code: string) => (code === 'no-response' ? limited : patient)

async function checkDemo(failures: FailureRule[], limits: Partial<Limits> = patient): Promise<readonly Finding[]> {
	const demo: Demo = await startDemo({ failures })
	const client = createCoderClient(hostWith(), { limits })
	open.push(demo, client)
	const report = await checkBridge(client, {
		deployment: { origin: demo.url, insecure: false },
		token: demo.token,
		targets: [makeBuiltInTarget('openai'), makeBuiltInTarget('anthropic')],
	})
	return report.findings
}

async function lookAt(
	serve: Parameters<typeof listenRaw>[0],
	limits: Partial<Limits> = patient,
): Promise<Finding | null> {
	const server = await listenRaw(serve)
	const client = createCoderClient(hostWith(), { limits })
	open.push(server, client)
	const probe = await probeDeployment(client, { origin: `http://127.0.0.1:${server.port}`, insecure: false })
	return probe.ok ? null : probe.findings[0]
}

/** What a terminal would obey: C0 but nothing of ours, C1, bidirectional overrides. */
const obeyed = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

function expectHarmless(issue: Finding): void {
	const { headline, reason, remedy } = inWords(issue)
	for (const line of [headline, reason, ...remedy]) {
		expect(line).not.toMatch(obeyed)
		expect(line.length).toBeLessThan(700)
	}
}

describe('a hostile deployment', () => {
	it.each([
		['reset', 'connection-reset'],
		['no-response', 'no-response'],
		['not-http', 'response-invalid'],
		['cut-body', 'connection-reset'],
		['slow-drip', 'no-response'],
		['endless-body', 'response-too-large'],
		['huge-body', 'response-too-large'],
		['escape-sequences', 'not-coder'],
		['wrong-content-type', 'response-html'],
	] as const)('%s', async (mode, code) => {
		const before = process.memoryUsage().rss
		const findings = await checkDemo([mode], limitsFor(code))
		expect(findings.map(issue => issue.code)).toEqual([code])
		for (const issue of findings) expectHarmless(issue)
		expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
	})

	it('1,000 headers are taken or rejected, no more', async () => {
		const findings = await checkDemo(['many-headers'])
		for (const issue of findings) expectHarmless(issue)
	})

	it.each([
		['slow-drip', 'no-response'],
		['huge-body', 'response-too-large'],
		['escape-sequences', 'response-unexpected'],
	] as const)('%s at the providers is an error that is told once', async (mode, code) => {
		const findings = await checkDemo(
			[
				{ mode, path: '/openai/v1/' },
				{ mode, path: '/anthropic/v1/' },
			],
			mode === 'slow-drip' ? limited : patient,
		)
		expect(findings.map(issue => `${issue.code} (${issue.subject})`)).toEqual([`${code} (bridge)`])
		for (const issue of findings) expectHarmless(issue)
	})

	it.each([
		['slow-drip', 'no-response'],
		['endless-body', 'response-too-large'],
		['cut-body', 'connection-reset'],
	] as const)("%s at users/me doesn't hide that AI Bridge works", async (mode, code) => {
		const findings = await checkDemo([{ mode, path: '/users/me' }], limitsFor(code))
		expect(findings.map(issue => [issue.code, issue.subject, inWords(issue).severity])).toEqual([
			[code, 'token', 'warning'],
		])
	})
})

describe('a hostile server', () => {
	const head = (lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`

	it('headers of a megabyte', async () => {
		const found = await lookAt(socket => {
			socket.once('data', () => socket.end(head([`X-Pad: ${'x'.repeat(1e6)}`])))
		})
		expect(found?.code).toBe('response-too-large')
	})

	it('headers without an end', async () => {
		const found = await lookAt(socket => {
			const more = () => socket.write(`X-${'a'.repeat(500)}: b\r\n`, error => error || more())
			socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n', more))
		})
		expect(found?.code).toBe('response-too-large')
	})

	it('interim responses without an end', async () => {
		const found = await lookAt(socket => {
			const more = () => socket.write('HTTP/1.1 100 Continue\r\n\r\n', error => error || setImmediate(more))
			socket.once('data', more)
		}, limited)
		expect(found?.code).toBe('no-response')
	})

	it('JSON nested a million deep', async () => {
		const body = '{"version":'.concat('['.repeat(1e6))
		const found = await lookAt(socket => {
			socket.once('data', () => socket.end(head(['Content-Type: application/json', 'Connection: close']) + body))
		})
		expect(found?.code).toBe('response-too-large')
		expect(found?.details['limit']).toBe('60000 values')
	})

	it('a short response that would grow to hundreds of megabytes once it is read', async () => {
		const body = '{"version":"v2.36.0","x":['.concat('{},'.repeat(600_000), '{}]}')
		const found = await lookAt(socket => {
			socket.once('data', () => socket.end(head(['Content-Type: application/json', 'Connection: close']) + body))
		})
		expect(found?.code).toBe('response-too-large')
	})

	it('a version that is a screen of escape sequences', async () => {
		const server = await listenRaw(socket => {
			const body = JSON.stringify({
				version: `v2.36.0\u001b[2J\u001b]52;c;b3duZWQ=\u0007${'x'.repeat(5_000)}\r\n\u202e`,
			})
			socket.on('data', () =>
				socket.end(head(['Content-Type: application/json', `Content-Length: ${body.length + 4}`]) + body),
			)
		})
		const client = createCoderClient(hostWith(), { limits: patient })
		open.push(server, client)
		const probe = await probeDeployment(client, { origin: `http://127.0.0.1:${server.port}`, insecure: false })
		if (probe.ok) {
			expect(probe.version).not.toMatch(obeyed)
			expect(probe.version.length).toBeLessThanOrEqual(60)
		} else expectHarmless(probe.findings[0])
	})

	it.each([
		'http://[::bad',
		'//evil.example.com\u0085/x',
		'javascript:alert(1)',
		`https://${'a'.repeat(5_000)}.example.com/`,
		'',
	])('a redirect to %j', async location => {
		const found = await lookAt(socket => {
			socket.once('data', () =>
				socket.end(Buffer.from(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`, 'latin1')),
			)
		})
		expect(['redirect-other-host', 'redirect-same-host', 'response-unexpected', 'response-invalid']).toContain(
			found?.code,
		)
		expectHarmless(found!)
	})

	it("an error that names the token doesn't reach a finding", async () => {
		const token = new Secret('abcdefghij-0123456789012345678901')
		const server = await listenRaw(socket => {
			socket.on('data', data => {
				const path = /^[A-Z]+ (\S+)/.exec(String(data))?.[1] ?? ''
				const echo = path.endsWith('buildinfo')
					? '{"version":"v2.36.0"}'
					: JSON.stringify({ message: `You sent ${token.reveal()}`, detail: String(data) })
				const status = path.endsWith('buildinfo') ? 200 : 401
				socket.write(
					`HTTP/1.1 ${status} X\r\nX-Coder-Build-Version: v2.36.0\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(echo)}\r\n\r\n${echo}`,
				)
			})
		})
		const client = createCoderClient(hostWith(), { limits: patient })
		open.push(server, client)
		const report = await checkBridge(client, {
			deployment: { origin: `http://127.0.0.1:${server.port}`, insecure: false },
			token,
			targets: [makeBuiltInTarget('openai')],
		})
		expect(report.findings.length).toBeGreaterThan(0)
		expect(JSON.stringify([report, report.findings.map(inWords)])).not.toContain(token.reveal())
	})
})
