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
	optionSyntax,
	options,
	optionsForCommand,
} from '../../source/commands/options.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { exitCodes } from '../../source/findings/exit-codes.ts'
import { shellIds } from '../../source/shell/languages.ts'

const topics: (CommandName | undefined)[] = [undefined, ...commandNames.filter(name => name !== 'configure')]

/** An example as the shell would split it: what is redirected, piped or around it is cut off. */
function argumentsOf(line: string): string[] {
	const inside = /mux-bridge-wizard([^|<>)"]*)/.exec(line)?.[1] ?? ''
	return inside.split(' ').filter(word => word !== '')
}

group('--help', () => {
	it('names every option, command, exit code and variable', () => {
		const text = helpText(undefined, 80)
		for (const option of optionsForCommand('configure')) expect(text).toContain(optionSyntax(option))
		for (const { usage } of Object.values(commands)) expect(text).toContain(`mux-bridge-wizard ${usage}`)
		for (const [code, words] of Object.entries(exitCodes))
			expect(text).toMatch(new RegExp(`^  ${code} +${words.slice(0, 12)}`, 'm'))
		expect(text).toContain('CODER_SESSION_TOKEN')
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
		for (const line of helpText(undefined, 80).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
	})

	it('of a command shows its own options only', () => {
		for (const topic of topics) {
			if (!topic) continue
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

	it('has examples that the parser takes', () => {
		for (const name of commandNames) {
			expect(commands[name].examples.length).toBeGreaterThan(0)
			for (const { line } of commands[name].examples) expect(parseArguments(argumentsOf(line)).command).toBe(name)
		}
	})
})

group("the README's tables", () => {
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
