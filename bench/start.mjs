// From Enter to the first question, beside `node -e 0` and the peers, each in turn so that all meet the same machine.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startDeployment } from './deployment.mjs'
import {
	firstQuestion,
	makeDir,
	median,
	openTerminal,
	peakMemory,
	program,
	quiet,
	removeDir,
	root,
	timeRun,
} from './terminal.mjs'

const rounds = Number(process.env.BENCH_ROUNDS ?? 20)
/** Runs without a terminal are short, and their bar is near to Node itself: each is taken so often in a round. */
const shortRuns = 3
const node = process.execPath
const peer = name => join(root, 'bench/peers', name)

export async function measureStart() {
	const home = makeDir()
	const peers = existsSync(join(root, 'bench/node_modules'))
	const questions = [
		{ name: 'the wizard', args: [program], shows: firstQuestion },
		{
			name: 'the wizard, first run',
			args: [program],
			shows: firstQuestion,
			env: { NODE_DISABLE_COMPILE_CACHE: '1' },
		},
		...(peers
			? [
					{ name: '@clack/prompts, bare', args: [peer('clack.mjs')], shows: firstQuestion },
					{ name: '@inquirer/prompts, bare', args: [peer('inquirer.mjs')], shows: firstQuestion },
					{ name: 'create-vite', args: [join(root, 'bench/node_modules/create-vite/index.js')], shows: 'Project name' },
				]
			: []),
	]
	const runs = [
		{ name: '--version', args: [program, '--version'] },
		{ name: '--help', args: [program, '--help'] },
		{
			name: '--print-env --no-check',
			args: [program, '--print-env', '--no-check'],
			env: { CODER_URL: 'https://coder.example.com', CODER_SESSION_TOKEN: 'Zq3h7Lk2aB-0123456789abcdefghijkl' },
		},
	]
	const times = new Map()
	const memory = new Map()
	const note = (map, name, value) => map.set(name, [...(map.get(name) ?? []), value])
	try {
		// The first run keeps what later ones use: half a second after the question.
		const warm = openTerminal(node, [program], { home })
		await warm.until(firstQuestion)
		await quiet(1500)
		warm.write('\u0003')
		await warm.ended
		for (const { args, env } of runs) await timeRun(node, args, { home, env })

		for (let round = 0; round < rounds; round++) {
			const bare = openTerminal(node, ['-e', '0'], { home })
			const start = performance.now()
			await bare.ended
			note(times, 'node -e 0, in a terminal', performance.now() - start)
			for (const { name, args, shows, env } of questions) {
				const terminal = openTerminal(node, args, { home, env })
				note(times, name, await terminal.until(shows))
				note(memory, name, peakMemory(terminal.pid))
				terminal.kill()
				await terminal.ended
			}
			for (let time = 0; time < shortRuns; time++) {
				note(times, 'node -e 0', await timeRun(node, ['-e', '0'], { home }))
				for (const { name, args, env } of runs) note(times, name, await timeRun(node, args, { home, env }))
			}
		}
	} finally {
		removeDir(home)
	}
	const base = median(times.get('node -e 0, in a terminal'))
	const bare = median(times.get('node -e 0'))
	const rows = [
		{ what: '`node -e 0`', ratio: 1, ms: base },
		...questions.map(({ name }) => ({
			what: name,
			ms: median(times.get(name)),
			ratio: median(times.get(name)) / base,
			mb: median(memory.get(name)),
			limit: name === 'the wizard' ? { ratio: 3, mb: 62 } : undefined,
		})),
		...runs.map(({ name }) => ({
			what: name,
			ms: median(times.get(name)),
			ratio: median(times.get(name)) / bare,
			limit: { ratio: 1.4 },
		})),
	]
	return { title: 'Start', rows: [...rows, await measureWholeRun()] }
}

/** Peak memory of a wizard that went through every step, against a deployment in another process. */
async function measureWholeRun() {
	const home = makeDir()
	const deployment = await startDeployment()
	try {
		// As for the first question: not the first run.
		const warm = openTerminal(node, [program], { home })
		await warm.until(firstQuestion)
		await quiet(1500)
		warm.write('\u0003')
		await warm.ended
		const terminal = openTerminal(node, [program, '--url', deployment.url], { home })
		let peak = 0
		const answer = async (keys, shows) => {
			const mark = terminal.mark()
			terminal.write(keys)
			await terminal.until(shows, { since: mark })
			peak = Math.max(peak, peakMemory(terminal.pid))
		}
		await terminal.until(firstQuestion)
		await answer('\r', 'Where is your Coder deployment?')
		await answer('\r', 'Paste a Coder session token')
		await answer(`\u001b[200~${deployment.token}\u001b[201~`, '33 characters')
		await answer('\r', 'Apply to the settings file')
		await answer('\r', 'Mux now talks through AI Bridge')
		await terminal.ended
		return { what: 'peak memory of a whole run', mb: peak, limit: { mb: 80 } }
	} finally {
		await deployment.close()
		removeDir(home)
	}
}
