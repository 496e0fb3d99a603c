import { expect, describe as group, it } from 'vitest'
import {
	commandsTableMarkdown,
	exitCodesTableMarkdown,
	optionsTableMarkdown,
	shellsTableMarkdown,
	variablesTableMarkdown,
} from '../../scripts/docs/markdown-tables.ts'
import { helpText } from '../../source/commands/help.ts'
import {
	type CommandName,
	commandNames,
	commands,
	environmentVariables,
	type HelpTopic,
	helpTopics,
	optionSyntax,
	options,
	optionsForCommand,
} from '../../source/commands/options.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { exitCodes } from '../../source/findings/exit-codes.ts'
import { shellIds } from '../../source/shell/languages.ts'

const namedCommands = commandNames.filter(name => name !== 'configure')
const topics: (HelpTopic | undefined)[] = [undefined, ...(Object.keys(helpTopics) as HelpTopic[]), ...namedCommands]

/** An example as the shell would split it: what is redirected, piped or around it is cut off. */
function argumentsOf(line: string): string[] {
	const inside = /mux-bridge-wizard([^|<>)"]*)/.exec(line)?.[1] ?? ''
	return inside.split(' ').filter(word => word !== '')
}

group('--help', () => {
	it('names every command, and the topics that have the rest', () => {
		const text = helpText(undefined, 80)
		for (const name of [...namedCommands, ...Object.keys(helpTopics).map(topic => `help ${topic}`)])
			expect(text).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
	})

	it('fits one page of 40 lines, for each command too', () => {
		for (const topic of [undefined, ...namedCommands])
			expect(helpText(topic, 80).trimEnd().split('\n').length, topic).toBeLessThanOrEqual(40)
	})

	it('names every option, exit code and variable under its topic', () => {
		for (const option of optionsForCommand('configure')) expect(helpText('options', 80)).toContain(optionSyntax(option))
		for (const [code, words] of Object.entries(exitCodes))
			expect(helpText('exit-codes', 80)).toMatch(new RegExp(`^  ${code} +${words.slice(0, 12)}`, 'm'))
		for (const { name } of environmentVariables) expect(helpText('environment', 80)).toContain(name)
	})

	it('has bold headings on a terminal', () => {
		const text = helpText('check', 80, heading => `<${heading}>`)
		expect(text.match(/<[^>]+>/g)).toEqual(['<Options:>', '<Examples:>'])
	})

	it.each([80, 200, 66, 50, 40, 20])('keeps to %i columns, but for commands to copy', columns => {
		const width = Math.max(40, Math.min(80, columns))
		const copied = Object.values(commands).flatMap(({ examples }) => examples.map(({ line }) => line))
		const names = Object.values(commands).map(({ usage }) => `mux-bridge-wizard ${usage}`)
		for (const topic of topics) {
			const text = helpText(topic, columns)
			expect(text).not.toMatch(/[ \t]$/m)
			expect(text.endsWith('\n')).toBe(true)
			for (const line of text.split('\n')) {
				const whole = [...copied, ...names].some(name => line.trim().replace('Usage: ', '') === name)
				if (!whole) expect(line.length, line).toBeLessThanOrEqual(width)
			}
		}
	})

	it('fits 80 columns in full', () => {
		for (const topic of topics)
			for (const line of helpText(topic, 80).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
	})

	it('of a command shows its own options only', () => {
		for (const topic of namedCommands) {
			const text = helpText(topic, 80)
			for (const option of options) {
				const taken = (option.commands as readonly CommandName[]).includes(topic)
				expect(
					new RegExp(`--${option.name}\\b[^-]`).test(text.split('Examples:')[0]!),
					`${topic} --${option.name}`,
				).toBe(taken || text.split('\n')[2]!.includes(`--${option.name}`))
			}
		}
	})

	it('of a command with JSON names its schema', () => {
		for (const topic of ['check', 'undo', 'remove'] as const)
			expect(helpText(topic, 80)).toContain('schema/result.json')
	})

	it('has examples that the parser takes', () => {
		for (const name of commandNames) {
			expect(commands[name].examples.length).toBeGreaterThan(0)
			for (const { line } of commands[name].examples) expect(parseArguments(argumentsOf(line)).command).toBe(name)
		}
	})
})

group('the tables of the pages', () => {
	it('have a row each for what there is', () => {
		const rows = (text: string) => text.trim().split('\n').slice(2)
		expect(rows(optionsTableMarkdown())).toHaveLength(options.length)
		expect(rows(commandsTableMarkdown())).toHaveLength(commandNames.length)
		expect(rows(exitCodesTableMarkdown())).toHaveLength(Object.keys(exitCodes).length)
		expect(rows(shellsTableMarkdown())).toHaveLength(shellIds.length)
		expect(variablesTableMarkdown()).toContain('`CODER_SESSION_TOKEN`')
	})

	it('keep their columns apart', () => {
		for (const text of [
			optionsTableMarkdown(),
			commandsTableMarkdown(),
			shellsTableMarkdown(),
			exitCodesTableMarkdown(),
		]) {
			const columns = text.split('\n')[1]!.split('|').length
			for (const line of text.trim().split('\n')) expect(line.split(/(?<!\\)\|/)).toHaveLength(columns)
		}
	})
})
