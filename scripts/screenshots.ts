// Runs the demo in a real terminal and writes what it showed to docs/pictures: each step as an SVG and as plain text,
// the whole run as an animated SVG, the
// steps of the onboarding page as a PNG, and the run as a GIF. With --check it writes nothing and fails if the
// screenshots are out of date.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stack, toGif, toPng } from './screenshots/png.ts'
import { type Recording, recordDemo, window } from './screenshots/record.ts'
import { type Cells, drawAnimation, drawWindow } from './screenshots/svg.ts'

export const directory = fileURLToPath(new URL('../docs/pictures', import.meta.url))
const title = 'npx mux-bridge-wizard'

/** The steps of the onboarding page. */
const onboardingSteps = ['token', 'review', 'summary']

/** The files that a play makes: name and content. */
export async function renderFiles(play: Recording): Promise<Map<string, string | Uint8Array>> {
	const files = new Map<string, string | Uint8Array>()
	for (const [index, { name, about, cells }] of play.stills.entries()) {
		const stem = `${String(index + 1).padStart(2, '0')}-${name}`
		files.set(`${stem}.svg`, drawWindow(cells, { title, about, cols: window.cols, rows: countUsedRows(cells) }))
		files.set(`${stem}.txt`, `${toText(cells)}\n`)
	}
	const run = drawAnimation(play.shots, { ...runOptions(play), about: 'The whole run, from the first question on' })
	files.set('run.svg', run)
	// Drawing the animation takes seconds, so what is compared is the hash of the SVG that it shows.
	files.set(`${animation}.source`, `${createHash('sha256').update(run).digest('hex')}\n`)
	const steps = play.stills.filter(({ name }) => onboardingSteps.includes(name))
	if (steps.length > 0) {
		const command = 'npx --yes mux-bridge-wizard https://coder.example.com'
		const drawn = steps.map(({ about, cells }) =>
			drawWindow(cells, { title: command, about, cols: window.cols, rows: countUsedRows(cells) }),
		)
		files.set('onboarding.png', await toPng(stack(drawn)))
	}
	return files
}

/** The run for wikis that take no SVG. */
const animation = 'run.gif'

function runOptions({ shots }: Recording) {
	const rows = Math.max(...shots.map(shot => countUsedRows(shot.cells)))
	return { title, about: '', cols: window.cols, rows }
}

function drawGif(play: Recording): Promise<Uint8Array> {
	return toGif(play.shots.map(({ cells, seconds }) => ({ svg: drawWindow(cells, runOptions(play)), seconds })))
}

/** Names of files that differ from those in the directory, are missing there, or have no business there. */
export function findStaleFiles(directory: string, files: ReadonlyMap<string, string | Uint8Array>): string[] {
	const present = existsSync(directory) ? readdirSync(directory) : []
	const differing = [...files].filter(
		([name, content]) => !present.includes(name) || !readFileSync(join(directory, name)).equals(Buffer.from(content)),
	)
	const isAnimationMissing = files.has(`${animation}.source`) && !present.includes(animation)
	const unknown = present.filter(name => !files.has(name) && name !== animation)
	return [...differing.map(([name]) => name), ...unknown, ...(isAnimationMissing ? [animation] : [])].sort()
}

function countUsedRows(cells: Cells): number {
	return cells.findLastIndex(row => row.some(cell => cell.char !== ' ')) + 1
}

function toText(cells: Cells): string {
	return cells
		.slice(0, countUsedRows(cells))
		.map(row =>
			row
				.map(cell => cell.char)
				.join('')
				.trimEnd(),
		)
		.join('\n')
}

async function main() {
	const play = await recordDemo()
	const files = await renderFiles(play)
	const stale = findStaleFiles(directory, files)
	if (process.argv.includes('--check')) {
		if (stale.length > 0) {
			process.stderr.write(`Out of date in docs/pictures: ${stale.join(', ')}. Run npm run screenshots.\n`)
			process.exitCode = 1
		}
		return
	}
	mkdirSync(directory, { recursive: true })
	for (const name of stale) rmSync(join(directory, name), { force: true })
	for (const [name, text] of files) writeFileSync(join(directory, name), text)
	if (stale.some(name => name.startsWith(animation))) writeFileSync(join(directory, animation), await drawGif(play))
	process.stderr.write(stale.length > 0 ? `Updated: ${stale.join(', ')}\n` : 'Nothing has changed.\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
