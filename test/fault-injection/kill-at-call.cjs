// Loaded before the program (--require): kills it right before its Nth call that changes a file system, and counts the
// calls of a run that isn't killed. The program itself is the built one.
const fs = require('node:fs')
const { KILL_AT = '0', CALLS_FILE = '' } = process.env
const { writeFileSync } = fs

let calls = 0
const log = []
function count(name) {
	calls++
	log.push(name)
	// Not SIGKILL by process.kill(): the signal must arrive before the next instruction.
	if (calls === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL')
}

const mutators = [
	'open',
	'mkdir',
	'rename',
	'unlink',
	'rmdir',
	'rm',
	'writeFile',
	'chmod',
	'copyFile',
	'link',
	'truncate',
]
const handleMutators = ['writeFile', 'write', 'chmod', 'chown', 'sync', 'truncate']

/** Opening to read changes nothing. */
const isRead = (name, args) => name === 'open' && (args[1] === 'r' || typeof args[1] === 'number')

function wrap(object, name, label) {
	const original = object[name]
	if (typeof original !== 'function') return
	object[name] = function (...args) {
		if (!isRead(label.replace('Sync', ''), args)) count(label)
		return original.apply(this, args)
	}
}

for (const name of mutators) {
	wrap(fs, `${name}Sync`, `${name}Sync`)
	wrap(fs.promises, name, name)
}
const { open } = fs.promises
fs.promises.open = async function (...args) {
	const handle = await open.apply(this, args)
	for (const name of handleMutators) wrap(handle, name, `handle.${name}`)
	return handle
}
if (CALLS_FILE) process.on('exit', () => writeFileSync.call(fs, CALLS_FILE, JSON.stringify(log)))
