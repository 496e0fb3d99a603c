import { exitCodes } from '../findings/exit-codes.ts'
import { programName } from '../program-command.ts'
import { wrap } from '../terminal/wrap.ts'
import {
	type CommandName,
	commandNames,
	commands,
	environmentVariables,
	type OptionRow,
	optionGroups,
	optionSyntax,
	optionsForCommand,
} from './options.ts'

const SUMMARY = "Connects Mux to your company's Coder AI Bridge (now AI Gateway), and checks that it works."

/** The text of `--help`, or of a command's help, wrapped to the window (`columns`, at most 80). */
export function helpText(about: CommandName | undefined, columns: number): string {
	const width = Math.max(40, Math.min(columns, 80))
	const command = about ?? 'configure'
	const { usage, summary, examples } = commands[command]
	const sections = [
		wrap(about ? sentence(summary) : SUMMARY, width),
		about ? [`Usage: ${programName} ${usage}`] : ['Usage:', ...commandNames.flatMap(name => commandLines(name, width))],
		...optionSections(command, width),
		about ? [] : ['Variables:', ...environmentVariables.flatMap(row => entry(row.name, row.summary, width))],
		about ? [] : ['Exit codes:', ...Object.entries(exitCodes).flatMap(([code, words]) => entry(code, words, width, 4))],
		['Examples:', ...examples.flatMap(({ line, note }) => exampleLines(line, note, width))],
		about ? [] : wrap('Results go to stdout, everything else to stderr. A token is never an argument.', width),
	]
	return sections
		.filter(lines => lines.length > 0)
		.map(lines => lines.map(line => `${line}\n`).join(''))
		.join('\n')
}

function commandLines(name: CommandName, width: number): string[] {
	return entry(`${programName} ${commands[name].usage}`, commands[name].summary, width, 44)
}

function optionSections(command: CommandName, width: number): string[][] {
	const rows = optionsForCommand(command)
	return Object.entries(optionGroups).map(([group, title]) => {
		const lines = rows.filter(row => row.group === group).flatMap(row => entry(alignedSyntax(row), row.summary, width))
		return lines.length > 0 ? [`${title}:`, ...lines] : []
	})
}

/** Options without a short form are aligned with those that have one. */
function alignedSyntax(option: OptionRow): string {
	return option.short ? optionSyntax(option) : `    ${optionSyntax(option)}`
}

/** A command to be copied stays on one line of its own. */
function exampleLines(line: string, note: string, width: number): string[] {
	return [...wrap(`# ${note}`, width - 2).map(text => `  ${text}`), `  ${line}`]
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
