// The first question on every line of Node that is supported: later runs and first runs, beside `node -e 0` of the same Node.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { measureQuestion, measureRun, printEnv } from './start.mjs'
import { program, root } from './terminal.mjs'

const lines = ['20', '22', '24', '26']
const laterRuns = line => (line === '20' ? 3.6 : 3)

export async function measureNodes() {
	const rows = []
	for (const line of lines) {
		const node = join(root, `bench/node_modules/node-${line}/bin/node`)
		if (!existsSync(node)) continue
		const [later, first] = await measureQuestion(node, [
			{ name: `Node ${line}`, args: [program] },
			{ name: `Node ${line}, first run`, args: [program], env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
		])
		rows.push({ ...later, limit: { ratio: laterRuns(line), mb: 75 } }, { ...first, limit: { ratio: 5.5 } })
		const [version, exports] = await measureRun(node, [
			{ name: `Node ${line}, --version`, args: [program, '--version'] },
			{ ...printEnv, name: `Node ${line}, ${printEnv.name}` },
		])
		rows.push({ ...version, limit: { ratio: 1.25 } }, { ...exports, limit: { ratio: 2 } })
	}
	return { title: 'Start by line of Node', rows }
}
