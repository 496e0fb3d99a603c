// The first process of a test's pseudo-terminal: takes the place of a user's shell. It starts one program, tells the
// test over a socket what happened (its pid, how it ended, the terminal's modes before and after) and forwards a hangup
// as shells do. A session leader of our own is the only way to read the modes after the program and before the terminal
// goes away.
import { spawn, spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import { connect } from 'node:net'

const { socketPath, command, args, stdin, stdout, stderr } = JSON.parse(process.argv[2])
const socket = connect(socketPath)
const tell = message => new Promise(done => socket.write(`${JSON.stringify(message)}\n`, () => done()))

const terminal = openSync('/dev/tty', 'r+')
const modes = () => {
	const stty = arguments_ =>
		spawnSync('stty', arguments_, { stdio: [terminal, 'pipe', 'ignore'], encoding: 'utf8' }).stdout
	return { exact: stty(['-g']).trim(), words: stty(['-a']) }
}

// A key that makes a signal reaches everybody in the terminal's foreground; only the program is meant to answer it.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP']) process.on(signal, () => {})

const before = modes()
const child = spawn(command, args, {
	stdio: [
		stdin.kind === 'terminal' ? 'inherit' : stdin.kind === 'text' ? 'pipe' : openSync(stdin.file, 'r'),
		stdout === null ? 'inherit' : openSync(stdout, 'a'),
		stderr === null ? 'inherit' : openSync(stderr, 'a'),
	],
})
let hungUp = false
process.on('SIGHUP', () => {
	hungUp = true
	child.kill('SIGHUP')
})
if (stdin.kind === 'text') {
	child.stdin.on('error', () => {})
	child.stdin.end(stdin.text)
}

child.on('spawn', () => tell({ event: 'started', pid: child.pid, modes: before }))
child.on('error', error => leave({ event: 'failed', reason: error.message }))
child.on('exit', (code, signal) => leave({ event: 'ended', code, signal, modes: modes() }))

let asked = ''
socket.setEncoding('utf8').on('data', text => {
	asked += text
	for (let end = asked.indexOf('\n'); end >= 0; end = asked.indexOf('\n')) {
		asked = asked.slice(end + 1)
		tell({ event: 'modes', modes: modes() })
	}
})
socket.on('error', () => process.exit(1))

async function leave(message) {
	await tell(message)
	// Node aborts, with a core file, when it wants to restore a terminal that is gone.
	if (hungUp) process.kill(process.pid, 'SIGKILL')
	process.exit(message.code ?? 1)
}
