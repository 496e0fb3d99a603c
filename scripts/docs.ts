// Makes the parts of README.md and docs/ that come from the program: the page of all findings, the tables of options and
// results, the picture of the state machine. With --check it writes nothing and fails where a part is out of date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
	commandsTableMarkdown,
	exitCodesTableMarkdown,
	optionsTableMarkdown,
	shellsTableMarkdown,
	variablesTableMarkdown,
} from '../source/commands/markdown-tables.ts'
import { backupsKept } from '../source/mux/backups.ts'
import { fillBlocks } from './docs/blocks.ts'
import { housePlan } from './docs/house.ts'
import { fieldsTable } from './docs/json-fields.ts'
import { baseUrlsTable, origin, printedLines, tokenPlacesTable } from './docs/samples.ts'
import { stateDiagram, type Transition, transitionsTable, walkStates, waysBack } from './docs/state-machine.ts'
import { troubleshootingPage } from './docs/troubleshooting.ts'

export const root = fileURLToPath(new URL('..', import.meta.url))
const madePage = 'docs/troubleshooting.md'

/** Pages with text of people's own, from the project's root. */
export function writtenPages(from: string): string[] {
	const docs = readdirSync(join(from, 'docs')).filter(name => name.endsWith('.md'))
	return ['README.md', ...docs.map(name => `docs/${name}`)].filter(page => page !== madePage)
}

/** What makes each block. A block named `screen …` is the plain text of that picture. */
function makerOf(from: string): (name: string) => string | undefined {
	const schema = (name: string) => fieldsTable(JSON.parse(readFileSync(join(from, 'schema', name), 'utf8')))
	// One walk serves all blocks.
	let walked: Transition[] | undefined
	const states = () => {
		walked ??= walkStates()
		return walked
	}
	const makers: Readonly<Record<string, () => string>> = {
		commands: commandsTableMarkdown,
		options: optionsTableMarkdown,
		variables: variablesTableMarkdown,
		'exit codes': exitCodesTableMarkdown,
		shells: shellsTableMarkdown,
		'result fields': () => schema('result.json'),
		'check fields': () => schema('check.json'),
		'base urls': baseUrlsTable,
		'token places': tokenPlacesTable,
		'backups kept': () => `The last ${backupsKept} are kept.`,
		'terraform lines': () => fenced('tf', printedLines('terraform')),
		'lines without a secret': () => fenced('text', printedLines('sh', { kind: 'cli', origin })),
		house: () => housePlan(from),
		'state picture': () => fenced('mermaid', stateDiagram(states())),
		'state table': () => transitionsTable(states()),
		'state ways back': () => waysBack(states()),
	}
	return name => (name.startsWith('screen ') ? screen(from, name.slice('screen '.length)) : makers[name]?.())
}

/** A step of the demo as plain text, as `npm run screenshots` wrote it. */
function screen(from: string, name: string): string {
	const folder = join(from, 'docs/pictures')
	const file = existsSync(folder) && readdirSync(folder).find(each => each.replace(/^\d+-/, '') === `${name}.txt`)
	if (!file) throw new Error(`docs/pictures has no text of the step "${name}"`)
	return fenced('text', readFileSync(join(folder, file), 'utf8'))
}

function fenced(language: string, text: string): string {
	return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`
}

/** Every page that has a made part, as it must be: path from the root and text. */
export function madePages(from: string = root): Map<string, string> {
	const make = makerOf(from)
	const findings = readFileSync(join(from, 'source/findings/words-of-deployment.ts'), 'utf8')
	return new Map([
		[madePage, troubleshootingPage(findings)],
		...writtenPages(from).map((page): [string, string] => [
			page,
			fillBlocks(readFileSync(join(from, page), 'utf8'), make),
		]),
	])
}

/** Pages that are not as they must be. */
export function stalePages(from: string = root): string[] {
	return [...madePages(from)]
		.filter(([page, text]) => !existsSync(join(from, page)) || readFileSync(join(from, page), 'utf8') !== text)
		.map(([page]) => page)
}

function main() {
	const stale = stalePages()
	if (process.argv.includes('--check')) {
		if (stale.length === 0) return
		process.stderr.write(`Out of date: ${stale.join(', ')}. npm run docs makes them anew.\n`)
		process.exitCode = 1
		return
	}
	const pages = madePages()
	for (const page of stale) writeFileSync(join(root, page), pages.get(page)!)
	process.stderr.write(stale.length > 0 ? `Made anew: ${stale.join(', ')}\n` : 'Nothing has changed.\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
