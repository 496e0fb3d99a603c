// Instructions that the processor executes, as valgrind counts them: no load on the machine changes them.
import { spawnSync } from 'node:child_process'
import { printEnv } from './start.mjs'
import { environment, makeDir, openTerminal, program, quiet, removeDir } from './terminal.mjs'

const node = process.execPath
const countWith = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--smc-check=all-non-file', node]
const millions = output => Number(/Collected : (\d+)/.exec(output)?.[1]) / 1e6

export async function measureInstructions() {
	const title = 'Instructions'
	if (spawnSync('valgrind', ['--version']).status !== 0)
		return { title: `${title} (valgrind is not installed)`, rows: [] }
	const home = makeDir()
	const count = ({ args, env }) =>
		millions(
			spawnSync('valgrind', [...countWith, ...args], { cwd: home, env: environment(home, env), encoding: 'utf8' })
				.stderr,
		)
	try {
		const base = count({ args: ['-e', '0'] })
		const rows = [{ what: '`node -e 0`', millions: base, ratio: 1 }]
		const note = (what, value) => rows.push({ what, millions: value, ratio: value / base })
		for (const { name, args, env } of [{ name: '--version', args: [program, '--version'] }, printEnv]) {
			spawnSync(node, args, { cwd: home, env: environment(home, env) })
			note(name, count({ args, env }))
		}
		await countQuestion(home, node, [program])
		note('the first question, and leaving there', await countQuestion(home, 'valgrind', [...countWith, program]))
		return { title, rows }
	} finally {
		removeDir(home)
	}
}

async function countQuestion(home, command, args) {
	const terminal = openTerminal(command, args, { home })
	await terminal.until(/ctrl-c/, { timeoutMs: 120_000 })
	await quiet(1000)
	terminal.write('\u0003')
	await terminal.ended
	return millions(terminal.raw())
}
