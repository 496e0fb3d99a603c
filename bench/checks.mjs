// How many requests the checks of two providers take, and how many of them wait for one another.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDeployment } from './deployment.mjs'
import { makeDir, program, removeDir, timeRun } from './terminal.mjs'

const answerMs = 150
/** Added to each answer of a deployment that is far away; two rounds of it, with what a run needs for itself. */
const farMs = 200

export async function measureChecks() {
	const home = makeDir()
	const arrivals = []
	let delayMs = answerMs
	const deployment = await startDeployment({
		delayMs: () => {
			arrivals.push(performance.now())
			return delayMs
		},
	})
	try {
		const token = join(home, 'token')
		writeFileSync(token, `${deployment.token}\n`, { mode: 0o600 })
		const args = [
			...[program, '--yes', '--dry-run', '--url', deployment.url, '--token-file', token],
			...['-p', 'openai', '-p', 'anthropic'],
		]
		await timeRun(process.execPath, args, { home })
		const count = arrivals.length
		// A request is one round later than the latest one that was answered before it came.
		const rounds = []
		for (const [index, arrival] of arrivals.entries()) {
			const before = rounds.filter((_, other) => arrivals[other] + answerMs * 0.9 <= arrival)
			rounds[index] = 1 + Math.max(0, ...before)
		}
		const connections = deployment.connections()
		const differences = []
		for (let round = 0; round < 5; round++) {
			const times = []
			for (delayMs of [0, farMs]) times.push(await timeRun(process.execPath, args, { home }))
			differences.push(times[1] - times[0])
		}
		return {
			title: 'Checks',
			rows: [
				{ what: 'requests for two providers', count, limit: { count: 6 } },
				{ what: 'round trips in a row', count: Math.max(...rounds), limit: { count: 2 } },
				{ what: 'connections', count: connections },
				{ what: 'more for answers that take 200 ms', ms: differences.sort((a, b) => a - b)[2], limit: { ms: 560 } },
			],
		}
	} finally {
		await deployment.close()
		removeDir(home)
	}
}
