// Runs programs in pseudo-terminals and without them, and takes the time.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pty from '@lydell/node-pty'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const program = join(root, 'dist/cli.cjs')

export function makeDir() {
	return mkdtempSync(join(tmpdir(), 'bench-'))
}

export function removeDir(directory) {
	rmSync(directory, { recursive: true, force: true })
}

/** What every program gets to see. NODE_EXTRA_CA_CERTS would make Node itself start three times slower. */
export function environment(home, more = {}) {
	return {
		PATH: process.env.PATH,
		HOME: home,
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		SHELL: '/bin/bash',
		...more,
	}
}

/** Peak memory of a process so far, in MB; NaN where /proc does not tell. */
export function peakMemory(pid) {
	const path = `/proc/${pid}/status`
	if (!existsSync(path)) return Number.NaN
	return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'))?.[1]) / 1024
}

const sequences = /\u001b\[[0-9;?]*[a-zA-Z]/g

/** Starts a program in a terminal of 80 by 24. */
export function openTerminal(command, args, { home, env, cwd = home } = {}) {
	const start = performance.now()
	const child = pty.spawn(command, args, { cols: 80, rows: 24, cwd, env: environment(home, env) })
	let raw = ''
	let last = start
	const watchers = new Set()
	child.onData(data => {
		raw += data
		last = performance.now()
		for (const watcher of [...watchers]) watcher()
	})
	const ended = new Promise(resolve => {
		child.onExit(({ exitCode }) => {
			resolve(exitCode)
			for (const watcher of [...watchers]) watcher(true)
		})
	})
	/** Waits for a text or a condition on what was written since a mark; gives the milliseconds since the start. */
	const until = (wanted, { since = 0, timeoutMs = 60_000 } = {}) =>
		new Promise((resolve, reject) => {
			const holds = () => {
				const text = raw.slice(since).replace(sequences, '')
				if (wanted instanceof RegExp) return wanted.test(text)
				return typeof wanted === 'function' ? wanted(text) : text.includes(wanted)
			}
			const finish = (settle, value) => {
				watchers.delete(watcher)
				clearTimeout(timer)
				settle(value)
			}
			const watcher = isOver => {
				if (holds()) finish(resolve, last - start)
				else if (isOver) finish(reject, new Error(`${command} ${args.join(' ')} ended first:\n${raw}`))
			}
			const timer = setTimeout(() => finish(reject, new Error(`not seen: ${wanted}\n${raw}`)), timeoutMs)
			watchers.add(watcher)
			watcher(false)
		})
	return {
		pid: child.pid,
		until,
		ended,
		mark: () => raw.length,
		since: mark => raw.slice(mark),
		raw: () => raw,
		write: data => child.write(data),
		/** Milliseconds from the start to the last byte that was written. */
		lastWritten: () => last - start,
		kill: () => child.kill('SIGKILL'),
	}
}

/** Milliseconds that a program takes from start to end, with its output thrown away. */
export function timeRun(command, args, { home, env } = {}) {
	return new Promise((resolve, reject) => {
		const start = performance.now()
		const child = spawn(command, args, { cwd: home, env: environment(home, env), stdio: ['ignore', 'pipe', 'pipe'] })
		let output = ''
		child.stdout.on('data', data => {
			output += data
		})
		child.stderr.on('data', data => {
			output += data
		})
		child.on('error', reject)
		child.on('close', code => {
			if (code === 0) resolve(performance.now() - start)
			else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`))
		})
	})
}

export function median(values) {
	const sorted = [...values].sort((a, b) => a - b)
	const middle = sorted.length >> 1
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Waits until nothing was written for a while: where a program draws in several steps. */
export const quiet = (ms = 120) => new Promise(resolve => setTimeout(resolve, ms))
