// What a key costs: bytes over the line, and milliseconds until they are there.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startDeployment } from './deployment.mjs'
import { screens } from './screens.mjs'
import { makeDir, median, openTerminal, program, quiet, removeDir, root } from './terminal.mjs'

const node = process.execPath
const down = '\u001b[B'
const up = '\u001b[A'
/** Clears more than what is below the cursor: the screen or the scrollback. */
const fullClear = /\u001b\[[23]J/

/** Presses keys one after the other; the median of bytes and of milliseconds from the key to the last byte. */
async function press(terminal, keys) {
	const bytes = []
	const times = []
	let clears = 0
	for (const key of keys) {
		const mark = terminal.mark()
		const start = performance.now()
		terminal.write(key)
		await terminal.until(text => text !== '' || terminal.since(mark) !== '', { since: mark })
		times.push(performance.now() - start)
		await quiet()
		const written = terminal.since(mark)
		bytes.push(Buffer.byteLength(written))
		if (fullClear.test(written)) clears++
	}
	return { bytes: median(bytes), ms: median(times), clears }
}

const times = (count, ...keys) => Array.from({ length: count }, (_, index) => keys[index % keys.length])

export async function measureKeys() {
	const home = makeDir()
	const deployment = await startDeployment()
	const rows = []
	try {
		const wizard = openTerminal(node, [program, '--url', deployment.url], { home })
		await wizard.until(screens.ready)
		await quiet(800)
		rows.push({ what: 'arrow in a list', ...(await press(wizard, times(10, down, up))), limit: { bytes: 110, ms: 20 } })
		const go = async (keys, shows) => {
			const mark = wizard.mark()
			wizard.write(keys)
			await wizard.until(shows, { since: mark })
			await quiet()
		}
		await go('\r', screens.token)
		rows.push({
			what: 'key in the token field',
			...(await press(wizard, times(20, 'x'))),
			limit: { bytes: 90, ms: 20 },
		})
		const mark = wizard.mark()
		wizard.write(`\u001b[200~${'x'.repeat(4096)}\u001b[201~`)
		await wizard.until('4,116 characters', { since: mark })
		await quiet(300)
		const pasted = wizard.since(mark)
		rows.push({
			what: 'paste of 4 kB',
			bytes: Buffer.byteLength(pasted),
			renders: pasted.match(/characters/g).length,
			limit: { renders: 1 },
		})
		wizard.write('\u0015')
		await quiet()
		await go(`\u001b[200~${deployment.token}\u001b[201~`, '33 characters')
		await go('\r', screens.review)
		if (/\d+–\d+ of \d+/.test(wizard.raw())) {
			rows.push({
				what: 'scrolled line of the diff',
				...(await press(wizard, times(6, ']', '['))),
				limit: { bytes: 1500, ms: 20 },
			})
		}
		wizard.kill()
		await wizard.ended

		for (const [name, mask] of [
			['@clack/prompts', 'clack.mjs'],
			['@inquirer/prompts', 'inquirer.mjs'],
		]) {
			if (!existsSync(join(root, 'bench/node_modules', name))) continue
			const peer = openTerminal(node, [join(root, 'bench/peers', mask)], { home })
			await peer.until(screens.providers)
			await quiet(500)
			rows.push({ what: `${name}: arrow in a list`, ...(await press(peer, times(10, down, up))) })
			const mark = peer.mark()
			peer.write('\r')
			await peer.until(screens.token, { since: mark })
			await quiet()
			rows.push({ what: `${name}: key in the token field`, ...(await press(peer, times(20, 'x'))) })
			peer.kill()
			await peer.ended
		}
	} finally {
		await deployment.close()
		removeDir(home)
	}
	return { title: 'Keys', rows }
}
