// Findings about how the program was called, and about the lines it was asked to print.

import { issueTrackerUrl } from '../addresses.ts'
import type { usageCodes } from '../codes.ts'
import type { MessagesFor } from './types.ts'

const helpCommand = 'npx mux-bridge-wizard --help'

function suggestion({ hint }: { hint?: string | undefined }): string[] {
	return hint ? [`Did you mean ${hint}?`] : ['List the options:', helpCommand]
}

export const usageMessages = (): MessagesFor<keyof typeof usageCodes> => ({
	'no-terminal': {
		headline: 'The wizard needs a terminal',
		reason: details => `${details.stream} isn't a terminal, so the wizard can't ask its questions.`,
		remedy: [
			'Pass the answers as options instead:',
			'npx mux-bridge-wizard --yes --url https://coder.example.com --token-file token',
		],
	},
	'home-unknown': {
		headline: "Can't find your home directory",
		reason: "HOME isn't set to an absolute path, and this user has no entry in the password database.",
		remedy: ['Set HOME to the absolute path of your home directory.'],
	},
	'working-directory-missing': {
		headline: "The current directory doesn't exist anymore",
		reason: 'It was deleted, so relative paths have no meaning.',
		remedy: ['Change to another directory, or use an absolute path.'],
	},
	'missing-input': {
		headline: details => `Missing input: ${details.input}`,
		reason: 'Without prompts, every answer has to come from an option or an environment variable.',
		remedy: details => [
			details.variable ? `Pass ${details.flag}, or set ${details.variable}.` : `Pass ${details.flag}.`,
		],
	},
	'unknown-option': {
		headline: details => `Unknown option ${details.option}`,
		reason: 'Nothing was changed.',
		remedy: suggestion,
	},
	'unknown-command': {
		headline: details => `Unknown command ${details.command}`,
		reason: 'The commands are check, undo, remove, completion, and help. Without a command, the wizard starts.',
		remedy: suggestion,
	},
	'invalid-model': {
		headline: details => `Invalid model ${details.value}`,
		reason: 'A model is written with its provider, as in `mux run -m`.',
		remedy: ['Name both, for example:', '--model openai:gpt-5.6-sol'],
	},
	'unexpected-argument': {
		headline: details => `Unexpected argument ${details.argument}`,
		reason: 'Answers are passed as options, such as --url URL.',
		remedy: ['List the options:', helpCommand],
	},
	'missing-operand': {
		headline: details => `${details.command} needs an argument: ${details.choices}`,
		reason: 'The command was called without one.',
		remedy: details => ['See how to use it:', `npx mux-bridge-wizard ${details.command} --help`],
	},
	'missing-value': {
		headline: details => `${details.option} needs a value`,
		reason: 'It is empty, or followed by another option.',
		remedy: details => [
			`Write ${details.option} ${details.label}, or ${details.option}=${details.label} if the value starts with a dash.`,
		],
	},
	'unexpected-value': {
		headline: details => `${details.option} doesn't take a value`,
		reason: 'It only turns something on.',
		remedy: details => [`Write ${details.option} on its own.`],
	},
	'option-of-another-command': {
		headline: details =>
			details.command
				? `${details.command} doesn't support ${details.option}`
				: `${details.option} needs a command: ${details.takers}`,
		reason: details =>
			details.takers ? `It works with: ${details.takers}.` : 'It only works with the wizard itself, without a command.',
		remedy: details => [
			'List the options:',
			`npx mux-bridge-wizard ${details.command ? `${details.command} ` : ''}--help`,
		],
	},
	'conflicting-options': {
		headline: details => `${details.one} and ${details.other} can't be used together`,
		reason: 'They contradict each other.',
		remedy: ['Remove one of them.'],
	},
	'option-needs-another': {
		headline: details => `${details.option} only works with ${details.needed}`,
		reason: details => `It changes what ${details.needed} does.`,
		remedy: details => [`Add ${details.needed}, or remove ${details.option}.`],
	},
	'unknown-choice': {
		headline: details => `${details.option} can't be ${details.value}`,
		reason: details => `The choices are: ${details.choices}.`,
		remedy: details => [`Use one of them, or remove ${details.option} to let the wizard detect it.`],
	},
	'unknown-shell': {
		headline: details => `Unknown shell ${details.shell}`,
		reason: details => `The choices are: ${details.shells}.`,
		remedy: details => [details.hint ? `Did you mean ${details.hint}?` : 'Use one of them.'],
	},
	'unknown-provider': {
		headline: details => `${details.name} isn't a valid provider name`,
		reason:
			'The providers are openai and anthropic. To use another provider of your Coder, write openai=NAME or anthropic=NAME, with lowercase letters, digits, and dashes.',
		remedy: details => [
			details.hint ? `Did you mean ${details.hint}?` : 'Ask your Coder admin what the provider is called.',
		],
	},
	'invalid-lifetime': {
		headline: details => `Invalid lifetime ${details.value}`,
		reason: 'A lifetime is a whole number with a unit: h for hours, d for days, w for weeks.',
		remedy: ['For 30 days, write --lifetime 30d.'],
	},
	'invalid-agent': {
		headline: details => `Invalid agent ${details.value}`,
		reason: "It's the name of an agent in the template, or another reference to its ID, such as var.agent_id.",
		remedy: ['For the agent coder_agent.dev, write --agent coder_agent.dev.'],
	},
	'token-in-arguments': {
		headline: details =>
			details.option ? `${details.option} would expose the token` : 'The arguments contain a token',
		reason: 'Arguments end up in your shell history, and everyone on this machine can read them in the process list.',
		remedy: [
			'If it was a real token, revoke it under Account > Tokens in Coder, or run:',
			'coder tokens remove TOKEN-NAME',
			'Then pass a new token through stdin, a file (--token-file FILE), or CODER_SESSION_TOKEN:',
			'npx mux-bridge-wizard --token-file token',
		],
	},
	'token-stdin-is-terminal': {
		headline: '--token-stdin needs a pipe or a file, not a terminal',
		reason: 'A token you type or paste here would stay visible on the screen.',
		remedy: [
			'Read the token from a file or a command:',
			'cat token | npx mux-bridge-wizard --yes --token-stdin',
			'Or remove --token-stdin and --yes: the wizard then asks for the token and hides it.',
		],
	},
	'token-file-not-bare': {
		headline: details => `${details.path} contains more than the token`,
		reason: 'The printed lines read the whole file when they run.',
		remedy: ['Keep only the token in the file, on one line.'],
	},
	'debug-file-unwritable': {
		headline: details => `Can't write the log to ${details.path}`,
		reason: details => `The system refused it (${details.code}).`,
		remedy: ['Name another file with --debug=FILE.'],
	},
	'insecure-not-explicit': {
		headline: details => `http:// would send your token to ${details.host} unencrypted`,
		reason: details => `The Coder URL was detected (${details.from}), and you haven't confirmed it. Nothing was sent.`,
		remedy: details => [
			'If Coder supports https://, pass that URL with --url.',
			'If you trust this network, pass the URL yourself:',
			`npx mux-bridge-wizard --url ${details.origin}`,
		],
	},
	'company-defaults-ignored': {
		headline: details => `Your company's defaults weren't read from ${details.path}`,
		reason: details => `${details.why}.`,
		remedy: [
			'Ask your administrator: the file must belong to root, and nobody else may write it or its directories.',
			'If you have set MUX_BRIDGE_WIZARD_CONFIG yourself, check its path.',
		],
	},
	'company-defaults-invalid': {
		headline: details =>
			details.field
				? `"${details.field}" in ${details.path} isn't used`
				: `Your company's defaults in ${details.path} aren't used`,
		reason: details => `${details.problem}.`,
		remedy: ['Pass the value as an option, and ask your administrator to fix the file.'],
	},
	'company-defaults-used': {
		headline: details => `From ${details.path}: ${details.values}`,
		reason: 'Your company has set these values. Options override them.',
		remedy: [],
	},
	'confirmation-required': {
		headline: details => `Confirm that you want to ${details.action}`,
		reason: "The wizard can't ask, because stdin or stderr isn't a terminal.",
		remedy: ['Add --yes to confirm, or --dry-run to see the change first.'],
	},
	'file-not-readable': {
		headline: details => `Can't read ${details.path}`,
		reason: details => `It was passed with ${details.option}: ${details.cause}.`,
		remedy: ['Check the path and its permissions.'],
	},
	'value-not-printable': {
		headline: details => `Can't write ${details.variable} for ${details.shell}`,
		reason: details => `Its value contains ${details.trouble}, which this format doesn't support.`,
		remedy: ['Choose another format, or save to the settings file instead.'],
	},
	'no-secret-not-possible': {
		headline: details => `--no-secret doesn't work with ${details.shell}`,
		reason: "Such a file only holds values. It can't run a command that reads the token later.",
		remedy: ['Choose a shell (sh, fish, powershell, cmd, nu), or remove --no-secret.'],
	},
	'settings-override-variables': {
		headline: details => `The settings file overrides these lines: ${details.fields}`,
		reason: details => `Mux ignores environment variables for fields that ${details.path} sets.`,
		remedy: ['To remove these fields from the file, add --clear-settings. A backup is kept.'],
	},
	'voice-input-leaks': {
		headline: "Mux's voice input would send your token to api.openai.com",
		reason: 'Voice input only reads the base URL from the settings file, not from environment variables.',
		remedy: ["Save to the settings file instead, or don't use voice input."],
	},
	'masking-not-printed': {
		headline: "The token isn't masked in the log",
		reason: "Only GitHub Actions can mask it, and this isn't a GitHub Actions run.",
		remedy: ['Run the command in a step of your workflow.'],
	},
	'lines-for-another-shell': {
		headline: details => `These lines are for sh, not for ${details.shell}`,
		reason: details => `The wizard can't write lines for ${details.shell}.`,
		remedy: [
			'Save to the settings file instead, or start Mux from sh, where you run this first:',
			'eval "$(npx --yes mux-bridge-wizard --print-env sh)"',
		],
	},
	cancelled: {
		headline: 'Nothing was changed',
		reason: 'The run was canceled.',
		remedy: [],
	},
	'output-not-written': {
		headline: "Can't write the result to stdout",
		reason: details => `${details.cause}.`,
		remedy: ['Check where the output goes: the disk may be full, or the program that reads it may have quit.'],
	},
	bug: {
		headline: 'Internal error',
		reason: details => `${details.message ?? 'Something unexpected happened'}.`,
		remedy: ['Please report it, with what you did and the output above:', issueTrackerUrl],
	},
})
