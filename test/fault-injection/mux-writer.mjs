// A program that changes its settings file by Mux's lock protocol (docs/contracts/mux.md#5-writing-beside-a-running-mux), written from the
// contract alone: it shares no line with the wizard.
//
//   node mux-writer.mjs PATH N    N changes of the counter "mux", each only after it has seen the one before
import { randomBytes } from 'node:crypto'
import {
	closeSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmdirSync,
	rmSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const [, , path, times] = process.argv
const lock = `${path}.lock`

async function withLock(run) {
	const owner = `owner-${randomBytes(16).toString('hex')}`
	const stage = `${lock}.stage-${randomBytes(8).toString('hex')}`
	mkdirSync(stage)
	writeFileSync(`${stage}/${owner}`, String(process.pid))
	const giveUp = Date.now() + 5_000
	for (;;) {
		try {
			renameSync(stage, lock)
			break
		} catch (error) {
			if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error
			breakIfStale()
			if (Date.now() > giveUp) {
				rmSync(stage, { recursive: true })
				return false
			}
			await wait(25)
		}
	}
	run()
	unlinkSync(`${lock}/${owner}`)
	try {
		rmdirSync(lock)
	} catch (error) {
		// The next one took the emptied directory over by its rename, or took it away as stale.
		if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code)) throw error
	}
	return true
}

function breakIfStale() {
	try {
		const [name] = readdirSync(lock)
		if (!name) return rmdirSync(lock)
		const pid = Number(readFileSync(`${lock}/${name}`, 'utf8'))
		try {
			process.kill(pid, 0)
		} catch (error) {
			if (error.code !== 'ESRCH') return
			unlinkSync(`${lock}/${name}`)
			rmdirSync(lock)
		}
	} catch {
		// Released or broken by another meanwhile.
	}
}

for (let number = 0; number < Number(times); ) {
	const done = await withLock(() => {
		const target = realpathSync(path)
		const settings = JSON.parse(readFileSync(target, 'utf8'))
		const seen = settings.mux?.n ?? 0
		if (seen !== number) throw new Error(`mux wrote ${number} and finds ${seen}: an update was lost`)
		settings.mux = { n: number + 1 }
		const temporary = `${target}.${process.pid}.mux`
		writeFileSync(temporary, JSON.stringify(settings, null, 2), { mode: 0o600 })
		const file = openSync(temporary, 'r')
		fsyncSync(file)
		closeSync(file)
		renameSync(temporary, target)
	})
	if (done) number++
	await wait(Math.random() * 20)
}
