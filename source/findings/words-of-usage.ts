import type { Details, Words } from './row.ts'

// Findings about how the program was called, and about what it was asked to print.

const helpLine = 'npx mux-bridge-wizard --help'
const nearest = (details: Details) =>
	details['hint'] ? [`Did you mean ${details['hint']}?`] : ['See what there is:', helpLine]

export const usageWords = {
	'no-terminal': {
		severity: 'error',
		exitCode: 2,
		headline: () => 'The wizard needs a terminal to ask its questions',
		reason: details => `${details['stream'] ?? 'Standard input'} is no terminal.`,
		remedy: details => [
			...(details['winpty'] ? ['In Git Bash:', 'winpty npx.cmd mux-bridge-wizard'] : []),
			'Give the answers as flags:',
			'npx mux-bridge-wizard --yes --url https://coder.example.com --token-stdin < token',
		],
		example: { stream: 'Standard input' },
	},
	'missing-answer': {
		severity: 'error',
		exitCode: 2,
		headline: details => `Missing: ${details['answer']}`,
		reason: () => 'Without questions, each answer has to come from a flag or a variable.',
		remedy: details => [
			details['variable']
				? `Give it with ${details['flag']}, or in the variable ${details['variable']}.`
				: `Give it with ${details['flag']}.`,
		],
		example: {
			answer: 'the Coder session token',
			flag: '--token-stdin or --token-file FILE',
			variable: 'CODER_SESSION_TOKEN',
		},
	},
	'unknown-option': {
		severity: 'error',
		exitCode: 2,
		headline: details => `There is no option ${details['option']}`,
		reason: () => 'Nothing was done.',
		remedy: nearest,
		example: { option: '"--provder"', hint: '--provider' },
	},
	'unknown-command': {
		severity: 'error',
		exitCode: 2,
		headline: details => `There is no command ${details['word']}`,
		reason: () => 'The commands are check, undo, remove and completion; without one, the wizard opens.',
		remedy: nearest,
		example: { word: '"chek"', hint: 'check' },
	},
	'unexpected-argument': {
		severity: 'error',
		exitCode: 2,
		headline: details => `Unexpected argument ${details['argument']}`,
		reason: () => 'Answers are given as options, such as --url URL.',
		remedy: () => ['See what there is:', helpLine],
		example: { argument: '"coder.example.com"' },
	},
	'missing-operand': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['command']} needs to know which: ${details['choices']}`,
		reason: () => 'The command was given without it.',
		remedy: details => [`npx mux-bridge-wizard ${details['command']} --help`],
		example: { command: 'completion', choices: 'bash, zsh, fish' },
	},
	'missing-value': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['option']} needs a value`,
		reason: () => 'Nothing, an empty text or another option follows it.',
		remedy: details => [
			`Write ${details['option']} ${details['label']}, or ${details['option']}=${details['label']} where the value begins with a dash.`,
		],
		example: { option: '--url', label: 'URL' },
	},
	'unwanted-value': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['option']} takes no value`,
		reason: () => 'It is a switch: there or not there.',
		remedy: details => [`Write ${details['option']} by itself.`],
		example: { option: '--yes' },
	},
	'option-of-another-command': {
		severity: 'error',
		exitCode: 2,
		headline: details =>
			details['command']
				? `${details['command']} takes no ${details['option']}`
				: `${details['option']} needs a command: ${details['takers']}`,
		reason: details =>
			details['takers'] ? `It belongs to: ${details['takers']}.` : 'It belongs to the wizard, without a command.',
		remedy: details => [`npx mux-bridge-wizard ${details['command'] ? `${details['command']} ` : ''}--help`],
		example: { command: 'check', option: '--yes', takers: 'remove' },
	},
	'conflicting-options': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['one']} and ${details['other']} do not go together`,
		reason: () => 'Each asks for something that the other rules out.',
		remedy: () => ['Leave one of them out.'],
		example: { one: '--token-stdin', other: '--token-file' },
	},
	'option-needs-another': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['option']} means nothing without ${details['needed']}`,
		reason: () => 'It says how that option is carried out.',
		remedy: details => [`Add ${details['needed']}, or leave ${details['option']} out.`],
		example: { option: '--no-secret', needed: '--print-env' },
	},
	'unknown-choice': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['option']} can’t be ${details['value']}`,
		reason: details => `It is one of: ${details['choices']}.`,
		remedy: () => ['Choose one of them, or leave the option out: the wizard finds out.'],
		example: { option: '--release', value: '"muxx"', choices: 'mux, xum' },
	},
	'unknown-shell': {
		severity: 'error',
		exitCode: 2,
		headline: details => `No lines are known for the shell ${details['shell']}`,
		reason: details => `Known are: ${details['shells']}.`,
		remedy: details => [details['hint'] ? `Did you mean ${details['hint']}?` : 'Choose one of them.'],
		example: {
			shell: '"fsh"',
			hint: 'fish',
			shells: 'sh, fish, powershell, cmd, nu, dotenv, github, terraform, docker',
		},
	},
	'unknown-provider': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['name']} is no provider’s name`,
		reason: () =>
			'openai and anthropic are built into Mux; another provider of the deployment goes by its name there (small letters, digits, dashes), and openai=NAME or anthropic=NAME asks for an instance of that name.',
		remedy: details => [
			details['hint']
				? `Did you mean ${details['hint']}?`
				: 'Ask whoever runs the deployment how its providers are called.',
		],
		example: { name: '"opnai"', hint: 'openai' },
	},
	'bad-lifetime': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['value']} is no lifetime`,
		reason: () => 'A lifetime is a whole number with its unit: h for hours, d for days, w for weeks.',
		remedy: () => ['For example --lifetime 30d'],
		example: { value: '"30"' },
	},
	'token-in-arguments': {
		severity: 'error',
		exitCode: 2,
		headline: details =>
			details['option'] ? `A token can’t be given with ${details['option']}` : 'A token is among the arguments',
		reason: () =>
			'What is in the arguments stands in the shell’s history, and everybody on this machine can read it in the process list.',
		remedy: () => [
			'If it was a real one, make a new one and delete the old: on a Coder deployment under Account, Tokens, or with',
			'coder tokens remove KEY-ID',
			'Then give the new one through standard input, a file (--token-file FILE) or CODER_SESSION_TOKEN:',
			'npx mux-bridge-wizard --token-stdin < token',
		],
		example: { option: '"--token"' },
	},
	'token-stdin-is-terminal': {
		severity: 'error',
		exitCode: 2,
		headline: () => '--token-stdin reads from a pipe or a file, not from the terminal',
		reason: () => 'What is typed or pasted there would stay on the screen.',
		remedy: () => [
			'Let a file or a program give it:',
			'npx mux-bridge-wizard --yes --token-stdin < token',
			'Or leave --token-stdin and --yes out: the wizard asks for it and shows dots.',
		],
		example: {},
	},
	'token-file-not-bare': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['path']} holds more than the token`,
		reason: () => 'Lines that read the token there when they are run would read the rest too.',
		remedy: () => ['Leave the token alone in the file, on one line.'],
		example: { path: '/home/alice/token' },
	},
	'insecure-not-explicit': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['host']} would be asked over plain HTTP`,
		reason: details =>
			`Everybody on the way could read the token. The address was found (${details['from']}), not given: nothing was sent.`,
		remedy: details => [
			'If the deployment has https, name it with --url.',
			'If this network is safe all the same, say so by giving the address yourself:',
			`npx mux-bridge-wizard --url ${details['origin']}`,
		],
		example: { host: 'coder.internal', origin: 'http://coder.internal', from: 'from CODER_URL' },
	},
	'consent-missing': {
		severity: 'error',
		exitCode: 2,
		headline: details => `Nobody can be asked whether to ${details['deed']}`,
		reason: () => 'Standard input or standard error is no terminal.',
		remedy: () => ['Say it with the call: add --yes. To look first, add --dry-run instead.'],
		example: { deed: 'remove this' },
	},
	'file-not-readable': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['path']} can’t be read`,
		reason: details => `${details['option']} names it: ${details['cause']}.`,
		remedy: () => ['Check the path and the permissions.'],
		example: { path: '/home/alice/token', option: '--token-file', cause: 'no such file' },
	},
	'value-not-printable': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${details['variable']} can’t be written for ${details['shell']}`,
		reason: details => `Its value holds ${details['trouble']}, which has no place there.`,
		remedy: () => ['Choose another kind of lines, or let the wizard write the settings file.'],
		example: { variable: 'OPENAI_API_KEY', shell: 'docker run --env-file', trouble: 'a line break' },
	},
	'no-secret-not-possible': {
		severity: 'error',
		exitCode: 2,
		headline: details => `--no-secret has no form for ${details['shell']}`,
		reason: () => 'Such a file only holds values: it runs no command that could read the token later.',
		remedy: () => ['Choose a shell (sh, fish, powershell, cmd, nu), or leave --no-secret out.'],
		example: { shell: 'a .env file' },
	},
	'settings-win-over-variables': {
		severity: 'warning',
		exitCode: 0,
		headline: details => `The settings file sets ${details['fields']}: these lines have no effect there`,
		reason: details => `For each field that ${details['path']} has, Mux does not look at the environment.`,
		remedy: () => ['Clear them in the file in the same run (a backup is kept): add --clear-settings'],
		example: { fields: 'openai.apiKey, openai.baseUrl', path: '~/.mux/providers.jsonc' },
	},
	'voice-input-leaks': {
		severity: 'warning',
		exitCode: 0,
		headline: () => 'With variables only, Mux’s voice input would send the token to api.openai.com',
		reason: () => 'Voice input looks for the base URL in the settings file alone.',
		remedy: () => ['Let the wizard write the settings file, or do not use voice input.'],
		example: {},
	},
	'masking-not-printed': {
		severity: 'warning',
		exitCode: 0,
		headline: () => 'This is no run of GitHub Actions: the token is not masked in its log',
		reason: () => 'The masking lines hold the token and go to standard error, where only a runner swallows them.',
		remedy: () => ['Run it in a step of the workflow itself.'],
		example: {},
	},
	cancelled: {
		severity: 'info',
		exitCode: 130,
		headline: () => 'Cancelled: nothing was changed',
		reason: () => 'You said no, or stopped the program.',
		remedy: () => [],
		example: {},
	},
	'output-not-written': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'The result could not be written to standard output',
		reason: details => `${details['cause']}.`,
		remedy: () => ['Look at where the output goes: a full disk, or a program that ended early.'],
		example: { cause: 'no space left on the device' },
	},
	bug: {
		severity: 'error',
		exitCode: 70,
		headline: () => 'The wizard made a mistake of its own',
		reason: details => `${details['message'] ?? 'Something happened that should not be possible'}.`,
		remedy: () => [
			'Please report it, with what you did and the version, which this prints:',
			'npx mux-bridge-wizard -V',
		],
		example: { message: 'Cannot read properties of undefined' },
	},
} satisfies Record<string, Words>
