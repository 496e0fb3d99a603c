// The tables of commands, options, variables, exit codes and shells, generated from the program's own tables.

import { commandNames, commands, environmentVariables, optionSyntax, options } from '../../source/commands/options.ts'
import { exitCodes } from '../../source/findings/exit-codes.ts'
import { programName } from '../../source/program-command.ts'
import { shellIds, shellTitles, shellUses } from '../../source/shell/languages.ts'
import { table } from './table.ts'

export function commandsTableMarkdown(): string {
	return table(
		['Command', 'What it does'],
		commandNames.map(name => [code(`${programName} ${commands[name].usage}`), commands[name].summary]),
	)
}

export function optionsTableMarkdown(): string {
	return table(
		['Option', 'With', 'What it does'],
		options.map(option => {
			const everywhere = option.commands.length === commandNames.length
			const takers = option.commands.map(name => (name === 'configure' ? 'the wizard' : code(name)))
			return [code(optionSyntax(option)), everywhere ? 'all' : takers.join(', '), option.summary]
		}),
	)
}

export function variablesTableMarkdown(): string {
	return table(
		['Variable', 'What it gives'],
		environmentVariables.map(({ name, summary }) => [name.split(', ').map(code).join(', '), summary]),
	)
}

export function exitCodesTableMarkdown(): string {
	return table(
		['Exit code', 'Meaning'],
		Object.entries(exitCodes).map(([number, words]) => [number, words]),
	)
}

export function shellsTableMarkdown(): string {
	return table(
		['`--print-env`', 'For', 'How to use it'],
		shellIds.map(id => [code(id), shellTitles[id], code(shellUses[id])]),
	)
}

function code(text: string): string {
	return `\`${text}\``
}
