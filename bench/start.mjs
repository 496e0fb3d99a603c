// From Enter to the first question, beside `node -e 0` and the peers. Every round measures `node -e 0` and each program in
// turn, and a ratio is the median of the rounds' ratios: what else the machine does meanwhile hits both.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startDeployment } from './deployment.mjs'
import { screens } from './screens.mjs'
import { makeDir, median, openTerminal, peakMemory, program, quiet, removeDir, root, timeRun } from './terminal.mjs'

const rounds = Number(process.env.BENCH_ROUNDS ?? 21)
const peer = name => join(root, 'bench/peers', name)
const newerNode = Number(process.versions.node.split('.')[0]) >= 22
export const printEnv = {
	name: '--print-env --no-check',
	args: [program, '--print-env', '--no-check'],
	env: { CODER_URL: 'https://coder.example.com', CODER_SESSION_TOKEN: 'Zq3h7Lk2aB-0123456789abcdefghijkl' },
}

export async function measureStart() {
	const peers = [
		{ name: '@clack/prompts, bare', args: [peer('clack.mjs')] },
		{ name: '@inquirer/prompts, bare', args: [peer('inquirer.mjs')] },
		{
			name: 'create-vite',
			args: [join(root, 'bench/node_modules/create-vite/index.js')],
			shows: /Project name/,
		},
	]
	const [wizard, firstRun, ...others] = await measureQuestion(process.execPath, [
		{ name: 'the wizard', args: [program] },
		{ name: 'the wizard, first run', args: [program], env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
		...(existsSync(join(root, 'bench/node_modules')) ? peers : []),
	])
	const [version, help, exports] = await measureRun(process.execPath, [
		{ name: '--version', args: [program, '--version'] },
		{ name: '--help', args: [program, '--help'] },
		printEnv,
	])
	const rows = [
		{ ...wizard, limit: { ratio: newerNode ? 3 : 3.6, mb: 75 } },
		{ ...firstRun, limit: { ratio: 5.5 } },
		...others,
		{ ...version, limit: { ratio: 1.25 } },
		help,
		{ ...exports, limit: { ratio: 2 } },
	]
	return { title: 'Start', rows: [...rows, await measureWholeRun()] }
}

/** Time and peak memory until programs that ask in a terminal show their first question. */
export async function measureQuestion(node, programs) {
	const home = makeDir()
	const until = ({ shows = screens.providers }, terminal) => terminal.until(shows)
	try {
		for (const each of programs) await warmUp(node, each, home, until)
		return await measureRounds(programs, {
			base: async () => {
				const terminal = openTerminal(node, ['-e', '0'], { home })
				const start = performance.now()
				await terminal.ended
				return { ms: performance.now() - start }
			},
			one: async each => {
				const terminal = openTerminal(node, each.args, { home, env: each.env })
				const ms = await until(each, terminal)
				const mb = peakMemory(terminal.pid)
				// The compiled code that was in use gets its name back after half a second.
				terminal.write('\u0003')
				await terminal.ended
				return { ms, mb }
			},
		})
	} finally {
		removeDir(home)
	}
}

/** Time of programs that ask nothing, from start to end. */
export async function measureRun(node, programs) {
	const home = makeDir()
	const one = ({ args, env }) => timeRun(node, args, { home, env }).then(ms => ({ ms }))
	try {
		for (const each of programs) await one(each)
		return await measureRounds(programs, { base: () => one({ args: ['-e', '0'] }), one })
	} finally {
		removeDir(home)
	}
}

/** The first run keeps what later ones use, half a second after the question. */
async function warmUp(node, each, home, until) {
	const terminal = openTerminal(node, each.args, { home, env: each.env })
	await until(each, terminal)
	await quiet(1500)
	terminal.write('\u0003')
	await terminal.ended
}

async function measureRounds(programs, { base, one }) {
	const measured = programs.map(() => [])
	for (let round = 0; round < rounds; round++) {
		const { ms } = await base()
		for (const [index, each] of programs.entries()) {
			const result = await one(each)
			measured[index].push({ ...result, ratio: result.ms / ms })
		}
	}
	return programs.map(({ name }, index) => {
		const of = key => median(measured[index].map(result => result[key]))
		const row = { what: name, ms: of('ms'), ratio: of('ratio') }
		return 'mb' in measured[index][0] ? { ...row, mb: of('mb') } : row
	})
}

/** Peak memory of a wizard that went through every step, against a deployment in another process. */
async function measureWholeRun() {
	const home = makeDir()
	const deployment = await startDeployment()
	const args = [program, '--url', deployment.url]
	try {
		// As for the first question: not the first run.
		await warmUp(process.execPath, { args }, home, (_, terminal) => terminal.until(screens.providers))
		const terminal = openTerminal(process.execPath, args, { home })
		let peak = 0
		const answer = async (keys, shows) => {
			const mark = terminal.mark()
			terminal.write(keys)
			await terminal.until(shows, { since: mark })
			peak = Math.max(peak, peakMemory(terminal.pid))
		}
		await terminal.until(screens.providers)
		await answer('\r', screens.token)
		await answer(`\u001b[200~${deployment.token}\u001b[201~`, '33 characters')
		await answer('\r', screens.review)
		await answer('\r', screens.summary)
		await terminal.ended
		return { what: 'peak memory of a whole run', mb: peak, limit: { mb: 85 } }
	} finally {
		await deployment.close()
		removeDir(home)
	}
}
