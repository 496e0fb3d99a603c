// How the time and memory of an edit grow with the settings file: reading it, planning four edits at both ends of it,
// checking the result, and its masked difference. Each size runs in a process of its own.
//
//   node bench/edit.mjs [--json]
//
// Exits with 1 where the step from 1 MB to 10 MB costs more than 12 times, or 1 MB takes more than 400 ms.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const usualSizes = [10_000, 100_000, 1_000_000, 10_000_000]
const largestStep = 12
const megabyteMs = 400

/** A settings file of about so many bytes: custom providers with comments everywhere, the built-in ones at both ends. */
function settingsText(bytes) {
	const parts = ['// Mux\n{\n\t"openai": {\n\t\t"models": ["gpt-5"] // the first\n\t},\n']
	let length = 0
	for (let number = 0; length < bytes; number++) {
		const section = `\t// provider ${number}\n\t"custom-${number}": {\n\t\t"displayName": "Number ${number}", // its name\n\t\t"apiKey": "key-of-provider-${number}-0123456789",\n\t\t"baseUrl": "https://p${number}.example.com/v1",\n\t\t"models": ["a", "b", /* new */ "c"],\n\t},\n`
		parts.push(section)
		length += section.length
	}
	parts.push('\t"anthropic": {\n\t\t"apiKey": "sk-ant-0123456789" // the old one\n\t},\n}\n')
	return parts.join('')
}

/** In the child: the first run, the best of some later ones, and how much the process grew at most. */
async function measure(program, path) {
	const { readSettings, editSettings, diffSettings, Secret } = await import(program)
	const before = process.resourceUsage().maxRSS
	const token = new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV')
	const times = []
	let rows = 0
	for (let run = 0; run < 6; run++) {
		const started = performance.now()
		const file = await readSettings(path)
		const text = editSettings(
			file.text,
			['openai', 'anthropic'].flatMap(provider => [
				{ path: [provider, 'apiKey'], value: token },
				{ path: [provider, 'baseUrl'], value: `https://coder.example.com/api/v2/aibridge/${provider}` },
			]),
		)
		rows = diffSettings(file.text, text).length
		times.push(performance.now() - started)
	}
	const [first, ...later] = times
	return {
		firstMs: first,
		ms: Math.min(...later),
		megabytes: (process.resourceUsage().maxRSS - before) / 1024,
		rows,
	}
}

/** Measures every size, of four in bytes; `bench/run.mjs` calls it. */
export async function benchEdits(sizes = usualSizes) {
	const { bundleInto } = await import('./bundle.mjs')
	const directory = mkdtempSync(join(tmpdir(), 'bench-edit-'))
	try {
		const program = join(directory, 'edit.mjs')
		await bundleInto(program, fileURLToPath(new URL('edit-entry.ts', import.meta.url)))
		const results = sizes.map(bytes => {
			const path = join(directory, `${bytes}.jsonc`)
			writeFileSync(path, settingsText(bytes))
			const args = [fileURLToPath(import.meta.url), '--measure', pathToFileURL(program).href, path]
			const env = { ...process.env, NODE_EXTRA_CA_CERTS: '' }
			const child = () => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }))
			// The best of three processes: what else the machine does only ever adds.
			const runs = [child(), child(), child()]
			const best = key => Math.min(...runs.map(run => run[key]))
			return { bytes, firstMs: best('firstMs'), ms: best('ms'), megabytes: best('megabytes'), rows: runs[0].rows }
		})
		const [, , one, ten] = results
		const timeStep = ten.ms / one.ms
		const memoryStep = ten.megabytes / one.megabytes
		return {
			name: 'edits',
			results,
			timeStep,
			memoryStep,
			good: timeStep <= largestStep && memoryStep <= largestStep && one.firstMs <= megabyteMs,
		}
	} finally {
		rmSync(directory, { recursive: true, force: true })
	}
}

function table({ results, timeStep, memoryStep, good }) {
	const rows = results.map(({ bytes, firstMs, ms, megabytes }) =>
		[`${bytes / 1000} kB`, firstMs.toFixed(1), ms.toFixed(1), megabytes.toFixed(0)]
			.map(cell => cell.padStart(12))
			.join(''),
	)
	return [
		['file', 'first, ms', 'best, ms', 'grown, MB'].map(cell => cell.padStart(12)).join(''),
		...rows,
		`1 MB to 10 MB: time ×${timeStep.toFixed(1)}, memory ×${memoryStep.toFixed(1)} (at most ×${largestStep}); 1 MB at first in at most ${megabyteMs} ms: ${good ? 'good' : 'TOO SLOW'}`,
	].join('\n')
}

if (process.argv[2] === '--measure') {
	console.log(JSON.stringify(await measure(process.argv[3], process.argv[4])))
} else if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const report = await benchEdits()
	console.log(process.argv.includes('--json') ? JSON.stringify(report, null, 2) : table(report))
	process.exitCode = report.good ? 0 : 1
}
