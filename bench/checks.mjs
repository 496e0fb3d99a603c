// How many requests the checks of two providers take, and how many of them wait for one another.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDeployment } from './deployment.mjs'
import { makeDir, program, removeDir, timeRun } from './terminal.mjs'

const answerMs = 150

export async function measureChecks() {
	const home = makeDir()
	const arrivals = []
	const deployment = await startDeployment({
		delayMs: () => {
			arrivals.push(performance.now())
			return answerMs
		},
	})
	try {
		const token = join(home, 'token')
		writeFileSync(token, `${deployment.token}\n`, { mode: 0o600 })
		await timeRun(
			process.execPath,
			[
				program,
				'--yes',
				'--dry-run',
				'--url',
				deployment.url,
				'--token-file',
				token,
				'-p',
				'openai',
				'-p',
				'anthropic',
			],
			{ home },
		)
		// A request is one round later than the latest one that was answered before it came.
		const rounds = []
		for (const [index, arrival] of arrivals.entries()) {
			const before = rounds.filter((_, other) => arrivals[other] + answerMs * 0.9 <= arrival)
			rounds[index] = 1 + Math.max(0, ...before)
		}
		return {
			title: 'Checks',
			rows: [
				{ what: 'requests for two providers', count: arrivals.length, limit: { count: 6 } },
				{ what: 'round trips in a row', count: Math.max(...rounds), limit: { count: 2 } },
				{ what: 'connections', count: deployment.connections() },
			],
		}
	} finally {
		await deployment.close()
		removeDir(home)
	}
}
