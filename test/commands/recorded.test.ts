// The states of a real Coder server, replayed against the built program: exit code, what is written, and the verdict.
import { afterEach, describe, expect, it } from 'vitest'
import { type RecordedServer, recordedCases, startRecorded } from '../fake-coder/recorded.ts'
import { makeHome, resultOf, run, settingsText } from './program.ts'

const servers: RecordedServer[] = []
afterEach(async () => {
	await Promise.all(servers.splice(0).map(server => server.close()))
})

async function start(...args: Parameters<typeof startRecorded>): Promise<RecordedServer> {
	const server = await startRecorded(...args)
	servers.push(server)
	return server
}

describe('--yes on a recorded state', () => {
	it.each(recordedCases.map(recorded => [recorded.case, recorded] as const))('%s', async (_, recorded) => {
		const target = await start(recordedCases[0]!)
		const server = await start(recorded, { accessUrl: target.url })
		const home = makeHome({ token: server.token.reveal() })
		const ran = await run(['--yes', '--json', '-u', server.url, '--token-file', 'token'], { home })
		const result = resultOf(ran)
		const told = JSON.stringify(result.findings.map((found: { code: string }) => found.code))
		const isWritten = settingsText(home) !== null
		expect([ran.code, result.exitCode, isWritten, result.verdict], told).toEqual([
			recorded.deserves.exit,
			recorded.deserves.exit,
			recorded.deserves.write.startsWith('yes'),
			recorded.deserves.verdict,
		])
		expect(ran.stdout + ran.stderr).not.toContain(server.token.reveal())
		if (recorded.deserves.exit !== 0) expect(result.next.length).toBeGreaterThan(0)
		// Nothing that could do harm was asked.
		expect(server.requests.filter(({ key }) => key.endsWith('/v1/models'))).toEqual([])
	})
})
