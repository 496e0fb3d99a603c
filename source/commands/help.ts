import { exitCodes } from '../findings/exit-codes.ts'
import { programName, withProgramCommand } from '../program-command.ts'
import { wrap } from '../terminal/wrap.ts'
import {
	type CommandName,
	commandNames,
	commands,
	environmentVariables,
	type HelpTopic,
	helpTopics,
	type OptionRow,
	optionGroups,
	optionSyntax,
	options,
	optionsForCommand,
} from './options.ts'

const SUMMARY = "Connects Mux to your company's Coder AI Bridge (now AI Gateway), and checks that it works."

/**
 * The text of `--help`, of a command's help, or of another topic, wrapped to the window (`columns`, at most 80).
 * `styleHeading`: how headings look on a terminal with colors.
 */
export function helpText(
	about: HelpTopic | undefined,
	columns: number,
	styleHeading: (heading: string) => string = heading => heading,
): string {
	const width = Math.max(40, Math.min(columns, 80))
	return getSections(about, width)
		.filter(lines => lines.length > 0)
		.map(([first = '', ...rest]) => [/^[A-Z][\w ]*:$/.test(first) ? styleHeading(first) : first, ...rest])
		.map(lines => lines.map(line => `${line}\n`).join(''))
		.join('\n')
}

function getSections(about: HelpTopic | undefined, width: number): string[][] {
	switch (about) {
		case undefined:
			return shortHelp(width)
		case 'options':
			return [
				...groupedOptions(width),
				wrap('Results go to stdout, everything else to stderr. A token is never an argument.', width),
			]
		case 'environment':
			return [['Variables:', ...environmentVariables.flatMap(row => entry(row.name, row.summary, width))]]
		case 'exit-codes':
			return [['Exit codes:', ...Object.entries(exitCodes).flatMap(([code, words]) => entry(code, words, width, 4))]]
		default:
			return commandHelp(about, width)
	}
}

/** What most users need, on one page. */
function shortHelp(width: number): string[][] {
	const named = commandNames.filter(name => name !== 'configure')
	const briefs = options.flatMap(option => (option.brief ? entry(alignedSyntax(option), option.brief, width) : []))
	const topics = Object.entries(helpTopics).flatMap(([name, summary]) => entry(`help ${name}`, summary, width))
	return [
		wrap(SUMMARY, width),
		wrap(`Usage: ${programName} [COMMAND] [OPTIONS]`, width),
		[
			'Commands:',
			...entry('(none)', 'connect Mux to AI Bridge, step by step', width),
			...named.flatMap(name => entry(commands[name].usage.replace(/ \[.*/, ''), commands[name].summary, width)),
			...entry('COMMAND --help', 'the options of a command', width),
			...topics,
		],
		['Options:', ...briefs],
		exampleSection('configure', width),
	]
}

function commandHelp(name: Exclude<CommandName, 'configure'>, width: number): string[][] {
	const { usage, summary } = commands[name]
	return [
		wrap(sentence(summary), width),
		[`Usage: ${programName} ${usage}`],
		['Options:', ...optionsForCommand(name).flatMap(row => entry(alignedSyntax(row), row.summary, width))],
		exampleSection(name, width),
	]
}

function groupedOptions(width: number): string[][] {
	const rows = optionsForCommand('configure')
	return Object.entries(optionGroups).map(([group, title]) => {
		const lines = rows.filter(row => row.group === group).flatMap(row => entry(alignedSyntax(row), row.summary, width))
		return lines.length > 0 ? [`${title}:`, ...lines] : []
	})
}

function exampleSection(name: CommandName, width: number): string[] {
	return ['Examples:', ...commands[name].examples.flatMap(({ line, note }) => exampleLines(line, note, width))]
}

/** Options without a short form are aligned with those that have one. */
function alignedSyntax(option: OptionRow): string {
	return option.short ? optionSyntax(option) : `    ${optionSyntax(option)}`
}

/** A command to be copied stays on one line of its own. */
function exampleLines(line: string, note: string, width: number): string[] {
	return [...wrap(`# ${note}`, width - 2).map(text => `  ${text}`), `  ${withProgramCommand(line)}`]
}

/** A name with its explanation beside it, or below it if the window is narrow or the name is long. */
function entry(name: string, explanation: string, width: number, nameWidth = 24): string[] {
	const indent = nameWidth + 4
	if (width < indent + 24)
		return [`  ${name.trimStart()}`, ...wrap(explanation, width - 6).map(line => `      ${line}`)]
	const lines = wrap(explanation, width - indent).map(line => `${' '.repeat(indent)}${line}`)
	if (name.length > nameWidth) return [`  ${name}`, ...lines]
	return [`  ${name}`.padEnd(indent) + (lines[0] ?? '').trimStart(), ...lines.slice(1)]
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
