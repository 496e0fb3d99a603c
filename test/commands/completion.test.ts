import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, describe as group, it } from 'vitest'
import { completionScript } from '../../source/commands/completion.ts'
import {
	type CommandName,
	type CompletionShell,
	completionShells,
	optionsForCommand,
} from '../../source/commands/options.ts'
import { shellIds } from '../../source/shell/languages.ts'
import { run, withDir } from '../shell/shells.ts'
import { skipSuiteWithout } from '../tools.ts'

/** Lets a real shell complete a line, and gives what it offers, sorted. */
type Complete = (line: string, directory: string) => string[]

/** bash: the function is called with the words as readline would split them, at `=` too. */
const completeInBash: Complete = (line, directory) => {
	const words = ['mux-bridge-wizard', ...line.split(/ |(=)/).filter(word => word !== undefined)]
	const list = words.map(word => `'${word}'`).join(' ')
	const script = `. ./completion
		COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}
		_mux_bridge_wizard; printf '%s\\n' "\${COMPREPLY[@]}"`
	return linesOf(run('bash', ['--norc', '-c', script], { directory }).stdout)
}

const completeInFish: Complete = (line, directory) => {
	const script = `source ./completion; complete -C "mux-bridge-wizard ${line}"`
	const done = run('fish', ['-N', '-c', script], { directory })
	expect(done.stderr).toBe('')
	return linesOf(done.stdout).map(offer => offer.split('\t')[0]!)
}

/** zsh: a shell in a pseudo-terminal of zsh's own, where Tab is pressed; what compadd is given is written down. */
const completeInZsh: Complete = (line, directory) => {
	const setUp = `
		PS1= PROMPT_EOL_MARK= LISTMAX=100000
		autoload -Uz compinit
		compinit -D -u
		. ./completion
		: > offers
		compadd() {
			local -a found
			[[ \${@[1,(i)(-|--)]} == *-(O|A|D)[[:space:]]* ]] || { builtin compadd -O found "$@"; print -rl -- $found >> offers }
			builtin compadd "$@"
		}
		finish() { print -r -- all-offers-written }
		comppostfuncs=(finish)
		print -r -- set-up-$((1 + 1))
`
	const script = `
		zmodload zsh/zpty
		zpty z zsh -f -i
		zpty -w z '. ./set-up'
		zpty -r z out '*set-up-2*'
		zpty -wn z "mux-bridge-wizard $1"$'\\t'
		zpty -r z out '*all-offers-written*'
		zpty -d z`
	writeFileSync(join(directory, 'set-up'), setUp)
	run('zsh', ['-f', '-c', script, 'zsh', line], { directory, environment: { TERM: 'vt100' }, silent: true })
	return linesOf(readFileSync(join(directory, 'offers')))
}

function completeInPowershell(line: string, directory: string): string[] {
	const script = `. ([ScriptBlock]::Create((Get-Content -Raw completion)))
		$text = $env:LINE
		(TabExpansion2 -inputScript $text -cursorColumn $text.Length).CompletionMatches.CompletionText`
	const environment = { LINE: `mux-bridge-wizard ${line}` }
	return linesOf(run('pwsh', ['-NoProfile', '-Command', script], { directory, environment }).stdout)
}

function linesOf(output: Buffer): string[] {
	return [
		...new Set(
			output
				.toString()
				.split('\n')
				.filter(line => line !== ''),
		),
	].sort()
}

async function completing(shell: CompletionShell, line: string): Promise<string[]> {
	const complete = { bash: completeInBash, zsh: completeInZsh, fish: completeInFish, powershell: completeInPowershell }[
		shell
	]
	return withDir(directory => {
		writeFileSync(join(directory, 'completion'), completionScript(shell))
		writeFileSync(join(directory, 'a file.pem'), '')
		return complete(line, directory)
	})
}

const named = (command: CommandName) =>
	optionsForCommand(command)
		.map(option => `--${option.name}`)
		.sort()

group.each(completionShells)('completion in %s', shell => {
	skipSuiteWithout(shell === 'powershell' ? 'pwsh' : shell)

	it.each<[string, string[]]>([
		['', ['check', 'completion', 'remove', 'undo']],
		['c', ['check', 'completion']],
		['--yes ', ['check', 'completion', 'remove', 'undo']],
		['--prov', ['--provider']],
		['--provider ', ['anthropic', 'openai']],
		['-p a', ['anthropic']],
		['--release x', ['xum']],
		['--route ', ['/api/v2/ai-gateway', '/api/v2/aibridge']],
		['--print-env f', ['fish']],
		['check --off', ['--offline']],
		['check --yes', []],
		['undo --fo', ['--force']],
		['--settings check --tok', ['--token-file', '--token-stdin']],
		['completion ', ['bash', 'fish', 'powershell', 'zsh']],
	])('of "%s"', async (line, offers) => {
		const offered = (await completing(shell, line)).map(offer => offer.replace(/=$/, ''))
		const plain = shell === 'bash' && line === 'completion ' ? offered.filter(offer => !offer.startsWith('-')) : offered
		expect(plain).toEqual([...offers].sort())
	})

	it('offers all kinds of lines for --print-env=', async () => {
		const offered = (await completing(shell, '--print-env=')).map(offer => offer.replace('--print-env=', ''))
		expect(offered).toEqual([...shellIds].sort())
	})

	it.each(['configure', 'check', 'undo', 'remove'] as const)('offers the options of %s', async command => {
		const offered = await completing(shell, `${command === 'configure' ? '' : `${command} `}--`)
		// fish offers an optional value in both forms: `--print-env` and `--print-env=`.
		const long = new Set(offered.map(offer => offer.replace(/=$/, '')).filter(offer => offer.startsWith('--')))
		expect([...long].sort()).toEqual(named(command))
	})

	// bash itself completes file names, after the function that the test calls.
	if (shell !== 'bash') {
		it('offers files if a file is wanted', async () => {
			expect(await completing(shell, '--ca-file a')).toContainEqual(
				expect.stringMatching(/^(?:a\\? file\.pem|& '\.\/a file\.pem'|'\.\/a file\.pem')$/),
			)
		})
	}
})
