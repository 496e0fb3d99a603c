// The states of a real Coder server, replayed: what the checks find, and that nothing is asked that could do harm.
import { afterEach, describe, expect, it } from 'vitest'
import { checkBridge } from '../../source/coder/check.ts'
import { createCoderClient } from '../../source/coder/client.ts'
import { getFailureExitCode, severityOf } from '../../source/findings/severity.ts'
import { makeBuiltInTarget } from '../../source/providers.ts'
import { type RecordedServer, recordedCases, startRecorded } from '../fake-coder/recorded.ts'
import { hostWith } from '../runtime-with.ts'

const servers: RecordedServer[] = []
afterEach(async () => {
	await Promise.all(servers.splice(0).map(server => server.close()))
})

const targets = [
	{ ...makeBuiltInTarget('openai'), model: 'gpt-5.4' },
	{ ...makeBuiltInTarget('anthropic'), model: 'claude-opus-4-6' },
]

async function check(recorded: (typeof recordedCases)[number]) {
	const server = await startRecorded(recorded)
	servers.push(server)
	const client = createCoderClient(hostWith())
	try {
		const deployment = { origin: server.url, insecure: false }
		return { server, report: await checkBridge(client, { deployment, token: server.token, targets }) }
	} finally {
		client.close()
	}
}

describe('a recorded state gets what it deserves', () => {
	it.each(recordedCases.map(recorded => [recorded.case, recorded] as const))('%s', async (_, recorded) => {
		const { server, report } = await check(recorded)
		const { deserves } = recorded
		const errors = report.findings.filter(issue => severityOf(issue) === 'error')
		const isProven = report.providers.every(provider => provider.proven)
		const told = report.findings.map(issue => `${issue.code} (${issue.subject}) ${severityOf(issue)}`)
		expect([errors.length === 0, told].slice(0, 1), told.join()).toEqual([deserves.write.startsWith('yes')])
		if (deserves.exit !== 0) expect(getFailureExitCode(report.findings), told.join()).toBe(deserves.exit)
		else expect(isProven, told.join()).toBe(deserves.verdict === 'connected')
		if (deserves.write.includes('with a warning'))
			expect(report.findings.filter(issue => severityOf(issue) === 'warning').length, told.join()).toBeGreaterThan(0)
		const keys = server.requests.map(request => request.key)
		expect(keys.filter(key => key.endsWith('/models'))).toEqual([])
		if (recorded.case !== 'provider-renamed-owner' && recorded.case !== 'open-source')
			expect(keys).not.toContain('GET /api/v2/ai/providers')
	})
})

it('proves two providers of a member with five requests', async () => {
	const { server } = await check(recordedCases[0]!)
	expect(server.requests.map(request => request.key).sort()).toEqual([
		'GET /api/v2/buildinfo',
		'GET /api/v2/users/me',
		'GET /api/v2/users/me/keys/{KEY_ID}',
		'POST BRIDGE/anthropic/v1/messages (incomplete)',
		'POST BRIDGE/openai/v1/responses (incomplete)',
	])
})
