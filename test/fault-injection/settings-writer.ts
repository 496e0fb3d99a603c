// A program of its own that changes a settings file, for the fault tests to kill, starve and race. Bundled by them.
//
//   loop PATH            prints "ready", then changes the file for ever, every third time back
//   once PATH            one change; prints the codes and reasons of what was refused, else "written"
//   undo PATH            one step back, likewise
//   count PATH NAME N    N changes of its own counter, each only after it has seen the one before in the file
import { createHash } from 'node:crypto'
import { describeFinding } from '../../source/findings/describe.ts'
import { UserError } from '../../source/findings/finding.ts'
import { editSettings } from '../../source/mux/settings/edit.ts'
import { readSettings } from '../../source/mux/settings/read.ts'
import { undoLastChange } from '../../source/mux/settings/undo.ts'
import { writeSettings } from '../../source/mux/settings/write.ts'
import type { Runtime } from '../../source/runtime/runtime.ts'

const runtime = { now: () => new Date() } as Runtime
const [, , mode, path = '', name = '', times = '0'] = process.argv

async function main(): Promise<void> {
	switch (mode) {
		case 'loop':
			process.stdout.write('ready\n')
			for (let number = process.pid * 1000; ; number++) {
				if (number % 3 === 2) await undoLastChange(runtime, path)
				else await writeSettings(runtime, await readSettings(path), wholeText(number))
			}
		case 'once':
			return say(writeSettings(runtime, await readSettings(path), wholeText(1)).then(() => 'written'))
		case 'undo':
			return say(undoLastChange(runtime, path).then(undone => (undone.done ? 'undone' : 'nothing')))
		case 'count':
			return count(Number(times))
	}
}

/** A text that tells whether it is whole: its size varies, and its hash is in it. */
function wholeText(number: number): string {
	const filling = 'x'.repeat((number * 7919) % 40_000)
	return `${JSON.stringify({ number, filling, hash: createHash('sha256').update(`${number}${filling}`).digest('hex') })}\n`
}

async function say(work: Promise<string>): Promise<void> {
	const said = await work.catch((error: unknown) => {
		if (!(error instanceof UserError)) throw error
		return error.findings.map(found => `${found.code}: ${describeFinding(found).reason}`).join('\n')
	})
	process.stdout.write(`${said}\n`)
}

async function count(until: number): Promise<void> {
	for (let number = 0; number < until; ) {
		try {
			const file = await readSettings(path)
			const visited = JSON.parse(file.text)[name]?.n ?? 0
			if (visited !== number) throw new Error(`${name} wrote ${number} and finds ${visited}: an update was lost`)
			await writeSettings(runtime, file, editSettings(file.text, [{ path: [name, 'n'], value: number + 1 }]))
			number++
		} catch (error) {
			const codes = error instanceof UserError ? error.findings.map(found => found.code) : []
			if (!codes.some(code => code === 'settings-changed' || code === 'settings-locked')) throw error
		}
	}
}

await main()
