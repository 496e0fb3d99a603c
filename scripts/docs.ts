// Generates the parts of README.md and docs/ that come from the program: the page of all findings, the tables of options
// and results, the diagram of the state machine. With --check it writes nothing and fails if a part is out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { backupsKept } from '../source/mux/settings/backups.ts'
import { fillBlocks } from './docs/blocks.ts'
import { fieldsTable } from './docs/json-fields.ts'
import {
	commandsTableMarkdown,
	exitCodesTableMarkdown,
	optionsTableMarkdown,
	shellsTableMarkdown,
	variablesTableMarkdown,
} from './docs/markdown-tables.ts'
import { moduleMapTable } from './docs/module-map.ts'
import {
	appliedResult,
	baseUrlsTable,
	completionTable,
	failedResult,
	origin,
	printedLines,
	tokenStorageTable,
} from './docs/samples.ts'
import {
	describeWaysBack,
	makeStateDiagram,
	makeTransitionsTable,
	type Transition,
	walkStates,
} from './docs/state-machine.ts'
import { troubleshootingPage } from './docs/troubleshooting.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))
const troubleshootingFile = 'docs/troubleshooting.md'

/** Pages with text of people's own, from the project's root. */
export function listWrittenPages(from: string): string[] {
	const docs = readdirSync(join(from, 'docs')).filter(name => name.endsWith('.md'))
	return ['README.md', ...docs.map(name => `docs/${name}`)].filter(page => page !== troubleshootingFile)
}

/** What makes each block. Blocks of missing screenshots stay as they are. */
function createBlockMaker(from: string): (name: string, old: string) => string | undefined {
	const schema = (name: string) => fieldsTable(JSON.parse(readFileSync(join(from, 'schema', name), 'utf8')))
	// One walk serves all blocks.
	let walked: Transition[] | undefined
	const states = () => {
		walked ??= walkStates()
		return walked
	}
	const makers: Readonly<Record<string, (old: string) => string>> = {
		commands: commandsTableMarkdown,
		options: optionsTableMarkdown,
		variables: variablesTableMarkdown,
		'exit codes': exitCodesTableMarkdown,
		shells: shellsTableMarkdown,
		'result fields': () => schema('result.json'),
		'applied result': () => fenced('json', appliedResult()),
		'failed result': () => fenced('json', failedResult()),
		'completion lines': completionTable,
		'base urls': baseUrlsTable,
		'token places': tokenStorageTable,
		'backups kept': () => `The last ${backupsKept} are kept.`,
		'terraform lines': () => fenced('tf', printedLines('terraform')),
		'lines without a secret': () => fenced('text', printedLines('sh', { kind: 'cli', url: origin })),
		pictures: old => (listScreenshots(from).length > 0 ? formatScreenshots(from) : old),
		'picture of the review': old =>
			listScreenshots(from).length > 0 ? fenced('text', readScreenshotText(from, 'review')) : old,
		modules: () => moduleMapTable(from),
		'state picture': () => fenced('mermaid', makeStateDiagram(states())),
		'state table': () => makeTransitionsTable(states()),
		'state ways back': () => describeWaysBack(states()),
	}
	return (name, old) => makers[name]?.(old)
}

const screenshotDir = 'docs/pictures'

/** The screenshots of the demo in order, each with its text. */
function formatScreenshots(from: string): string {
	return listScreenshots(from)
		.map(name => {
			const drawing = readFileSync(join(from, screenshotDir, `${name}.svg`), 'utf8')
			const about = /<title[^>]*>([^<]+)<\/title>/.exec(drawing)?.[1]
			if (!about) throw new Error(`${name}.svg does not say what it shows`)
			const text = fenced('text', readFileSync(join(from, screenshotDir, `${name}.txt`), 'utf8'))
			const summary = '<summary>The same as text</summary>'
			return `![${about}](pictures/${name}.svg)\n\n<details>\n${summary}\n\n${text}\n</details>\n`
		})
		.join('\n')
}

function readScreenshotText(from: string, step: string): string {
	const name = listScreenshots(from).find(each => each.replace(/^\d+-/, '') === step)
	if (!name) throw new Error(`${screenshotDir} has no picture of the step “${step}”`)
	return readFileSync(join(from, screenshotDir, `${name}.txt`), 'utf8')
}

/** Names of the screenshots, without extensions. */
function listScreenshots(from: string): string[] {
	const directory = join(from, screenshotDir)
	if (!existsSync(directory)) return []
	return readdirSync(directory)
		.flatMap(file => /^(\d+-.*)\.txt$/.exec(file)?.[1] ?? [])
		.sort()
}

function fenced(language: string, text: string): string {
	return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`
}

/** Every page that has a made part, as it must be: path from the root and text. */
export function generatePages(from: string = root): Map<string, string> {
	const make = createBlockMaker(from)
	const findings = readFileSync(join(from, 'source/findings/messages/deployment.ts'), 'utf8')
	return new Map([
		[troubleshootingFile, troubleshootingPage(findings)],
		...listWrittenPages(from).map((page): [string, string] => [
			page,
			fillBlocks(readFileSync(join(from, page), 'utf8'), make),
		]),
	])
}

/** Pages that are not as they must be. */
export function findStalePages(from: string = root): string[] {
	return [...generatePages(from)]
		.filter(([page, text]) => !existsSync(join(from, page)) || readFileSync(join(from, page), 'utf8') !== text)
		.map(([page]) => page)
}

function main() {
	const stale = findStalePages()
	if (process.argv.includes('--check')) {
		if (stale.length === 0) return
		process.stderr.write(`Out of date: ${stale.join(', ')}. Run npm run docs.\n`)
		process.exitCode = 1
		return
	}
	const pages = generatePages()
	for (const page of stale) writeFileSync(join(root, page), pages.get(page)!)
	process.stderr.write(stale.length > 0 ? `Updated: ${stale.join(', ')}\n` : 'Nothing has changed.\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
