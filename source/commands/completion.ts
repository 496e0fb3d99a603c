// Completion scripts, generated from the table of options, so that they match the parser.

import { programName } from '../program-command.ts'
import {
	type CommandName,
	type CompletionShell,
	commandNames,
	commands,
	completionShells,
	type OptionRow,
	options,
	optionsForCommand,
} from './options.ts'

/**
 * The script that makes a shell complete the program's arguments. It is sourced, or placed where the shell looks for
 * completions.
 */
export function completionScript(shell: CompletionShell): string {
	return { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript }[shell]()
}

const namedCommands = commandNames.filter(name => name !== 'configure')

/** All forms of an option: `--url`, `-u`. */
function forms(option: OptionRow): string[] {
	return [`--${option.name}`, ...(option.short ? [`-${option.short}`] : [])]
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`
}

// bash splits words at `=` too, so `--print-env=fi` arrives as three; works with the bash 3.2 of macOS.
function bashScript(): string {
	const withValue = options.filter(option => option.value && !option.value.optional)
	const patterns = (rows: readonly OptionRow[]) => rows.flatMap(forms).join(' | ')
	const suggested = (option: OptionRow) => option.value?.words?.join(' ') ?? ''
	const free = withValue.filter(option => !option.value?.words && !option.value?.file)
	const files = withValue.filter(option => option.value?.file)
	const listed = options.filter(option => option.value?.words)
	const list = (words: string) => `COMPREPLY=($(compgen -W '${words}' -- "$cur"))`
	return `# bash completion of ${programName}: source it, or put it into /etc/bash_completion.d
_mux_bridge_wizard() {
	local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command='' before='' word
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $prev == = ]]; then
		prev=\${COMP_WORDS[COMP_CWORD - 2]}
	fi
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $before in
			${patterns(withValue)}) ;;
			*) case $word in
				${namedCommands.join(' | ')})
					command=$word
					break
					;;
			esac ;;
		esac
		before=$word
	done
	COMPREPLY=()
	case $prev in
		${patterns(files)})
			compopt -o default 2>/dev/null || IFS=$'\\n' COMPREPLY=($(compgen -f -- "$cur"))
			return
			;;
		${patterns(free)}) return ;;
${listed
	.map(
		option => `		${patterns([option])})
			if [[ $cur != -* ]]; then
				${list(suggested(option))}
				return
			fi
			;;
`,
	)
	.join('')}	esac
	case $command in
		completion) ${list(`${completionShells.join(' ')} --help`)} ;;
${commandNames
	.filter(name => name !== 'completion' && name !== 'configure')
	.map(name => `		${name}) ${list(optionsForCommand(name).flatMap(forms).join(' '))} ;;\n`)
	.join('')}		*) if [[ $cur == -* ]]; then
			${list(optionsForCommand('configure').flatMap(forms).join(' '))}
		else
			${list(namedCommands.join(' '))}
		fi ;;
	esac
}
complete -F _mux_bridge_wizard ${programName}
`
}

function zshScript(): string {
	return `#compdef ${programName}
# zsh completion of ${programName}: source it after compinit, or put it into $fpath as _${programName}
_mux_bridge_wizard_commands() {
	local -a commands=(
${namedCommands.map(name => `		${quoted(`${name}:${commands[name].summary}`)}\n`).join('')}	)
	_describe command commands
}

_mux_bridge_wizard() {
	local command='' before='' word
	for word in "\${(@)words[2,CURRENT-1]}"; do
		case $before in
			(${options.filter(takesNextWord).flatMap(forms).join('|')}) ;;
			(*) case $word in
				(${namedCommands.join('|')}) command=$word; break ;;
			esac ;;
		esac
		before=$word
	done
	case $command in
${namedCommands.map(name => zshArguments(name)).join('')}${zshArguments('configure')}	esac
}

compdef _mux_bridge_wizard ${programName}
# As an autoloaded function, the file's text is the function's first call.
if [[ $funcstack[1] == _${programName} ]]; then
	_mux_bridge_wizard
fi
`
}

function takesNextWord(option: OptionRow): boolean {
	return option.value !== undefined && !option.value.optional
}

function zshArguments(name: CommandName): string {
	const operands: Readonly<Record<string, readonly string[]>> = {
		configure: [`'1: :_mux_bridge_wizard_commands'`],
		completion: [`'1: :'`, `'2:shell:(${completionShells.join(' ')})'`],
	}
	const specs = [...optionsForCommand(name).flatMap(zshSpecs), ...(operands[name] ?? [`'1: :'`])]
	return `		(${name === 'configure' ? '*' : name}) _arguments -s \\
			${specs.join(' \\\n\t\t\t')} ;;
`
}

/**
 * `_arguments` specifications: one for each form of the option. The forms exclude each other unless the option is
 * repeatable.
 */
function zshSpecs(option: OptionRow): string[] {
	const all = forms(option)
	const prefix = option.repeatable ? '*' : all.length > 1 ? `(${all.join(' ')})` : ''
	const explanation = option.summary.replace(/[\\[\]:]/g, '\\$&')
	const { value } = option
	const action = value?.file ? '_files' : value?.words ? `(${value.words.join(' ')})` : ' '
	const argument = value ? `${value.optional ? '::' : ':'}${value.label}:${action}` : ''
	return all.map(form =>
		quoted(
			`${prefix}${form}${value && form.startsWith('--') ? (value.inline ? '=-' : '=') : ''}[${explanation}]${argument}`,
		),
	)
}

function fishScript(): string {
	const line = (...parts: string[]) => `complete -c ${programName} ${parts.filter(part => part !== '').join(' ')}\n`
	const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`
	const condition = (names: readonly CommandName[]) =>
		names.length === commandNames.length ? '' : `-n ${quote(`__mux_bridge_wizard_command_is ${names.join(' ')}`)}`
	const optionLine = (option: OptionRow) => {
		const { value } = option
		const words = value?.words ? `-a ${quote(value.words.join(' '))}` : ''
		return line(
			condition(option.commands),
			option.short ? `-s ${option.short}` : '',
			`-l ${option.name}`,
			!value || value.optional ? '' : value.file ? '-r -F' : '-x',
			words,
			`-d ${quote(option.summary)}`,
		)
	}
	const optional = options.filter(option => option.value?.optional && !option.value.inline)
	return `# fish completion of ${programName}: source it, or put it into ~/.config/fish/completions
function __mux_bridge_wizard_command_is
	set -l command configure
	set -l before ''
	for word in (commandline -opc)[2..-1]
		switch $before
			case ${options.filter(takesNextWord).flatMap(forms).join(' ')}
			case '*'
				switch $word
					case ${namedCommands.join(' ')}
						set command $word
						break
				end
		end
		set before $word
	end
	contains -- $command $argv
end
function __mux_bridge_wizard_follows
	set -l typed (commandline -opc)
	contains -- $typed[-1] $argv
end
${line('-f')}${namedCommands
	.map(name => line(condition(['configure']), `-a ${name}`, `-d ${quote(commands[name].summary)}`))
	.join(
		'',
	)}${line(condition(['completion']), `-a ${quote(completionShells.join(' '))}`)}${options.map(optionLine).join('')}${optional
	.map(option =>
		line(
			`-n ${quote(`__mux_bridge_wizard_follows ${forms(option).join(' ')}`)}`,
			`-a ${quote(option.value?.words?.join(' ') ?? '')}`,
		),
	)
	.join('')}`
}

// Without an offer of the script's, PowerShell completes file names.
function powershellScript(): string {
	const list = (words: readonly string[]) => `@(${words.map(word => `'${word.replaceAll("'", "''")}'`).join(', ')})`
	const table = (rows: readonly (readonly [key: string, words: readonly string[]])[]) =>
		`@{${rows.map(([key, words]) => `\n\t\t'${key}' = ${list(words)}`).join('')}\n\t}`
	const optionsOf = (name: CommandName) => optionsForCommand(name).flatMap(forms)
	const withWords = options.flatMap(option => forms(option).map(form => [form, option.value?.words ?? []] as const))
	return `# PowerShell completion of ${programName}: put this into $PROFILE:
# mux-bridge-wizard completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${programName} -ScriptBlock {
	param($word, $ast, $position)
	$options = ${table(commandNames.map(name => [name, optionsOf(name)]))}
	$values = ${table(withWords.filter(([, words]) => words.length > 0))}
	$takesNext = ${list(options.filter(takesNextWord).flatMap(forms))}
	$inline = ${list(options.filter(option => option.value?.inline).flatMap(forms))}
	$commands = ${list(namedCommands)}
	$command = 'configure'
	$last = ''
	foreach ($each in $ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position }) {
		$text = $each.Extent.Text
		if ($command -eq 'configure' -and $takesNext -notcontains $last -and $commands -contains $text) { $command = $text }
		$last = $text
	}
	$typed = "$word"
	$start = ''
	if ($typed -match '^(--[a-z-]+=)(.*)$') {
		$start = $Matches[1]
		$typed = $Matches[2]
		$offers = $values[$start.TrimEnd('=')]
	}
	elseif ($values.ContainsKey($last) -and $inline -notcontains $last -and -not $typed.StartsWith('-')) { $offers = $values[$last] }
	elseif ($takesNext -contains $last) { $offers = @() }
	elseif ($typed.StartsWith('-')) { $offers = $options[$command] }
	elseif ($command -eq 'completion') { $offers = ${list(completionShells)} }
	elseif ($command -eq 'configure') { $offers = $commands }
	else { $offers = @() }
	$offers | Where-Object { $_.StartsWith($typed) } | ForEach-Object {
		[System.Management.Automation.CompletionResult]::new("$start$_", $_, 'ParameterValue', $_)
	}
}
`
}
