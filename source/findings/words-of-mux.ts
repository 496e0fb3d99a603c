// What stands between the settings file and what Mux does (mux-contract, sections 1 to 4). `title` is the provider's
// name on screens, `section` its key in the settings file.
import type { Details, Words } from './row.ts'

const titled = (details: Details) => `${details['title'] ?? 'The provider'}`
const section = (details: Details) => `${details['section'] ?? 'openai'}`
const variable = (details: Details) => `${details['variable'] ?? 'OPENAI_BASE_URL'}`
const url = (details: Details) => `${details['url'] ?? 'another URL'}`
const unset = (details: Details) => [
	`Unset ${variable(details)} where Mux starts, also in the shell profile, then start Mux again.`,
]
const takeOut = (details: Details, key: string) => [
	`Remove "${key}" from the section "${section(details)}" of the settings file.`,
]

export const muxWords = {
	'two-homes': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `Mux has two homes: ${details['folder']} and ${details['other']}`,
		reason: details =>
			`The wizard reads and writes ${details['folder']}. ${details['otherRelease']} reads ${details['other']}, which is a folder of its own and stays as it is.`,
		remedy: details => [
			`To set up the other one too, run the wizard again with --release ${details['otherFlag'] ?? 'mux'}.`,
		],
		example: {
			folder: '~/.xum',
			other: '~/.mux',
			otherRelease: 'Stable Mux',
			otherFlag: 'mux',
		},
	},
	'settings-not-read': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `${details['release']} does not read ${details['file']}`,
		reason: details =>
			details['variable']
				? `${details['variable']} is set: ${details['release']} reads ${details['reads']}.`
				: `It reads ${details['reads']}.`,
		remedy: details => [`To change the file that it reads, use --settings ${details['reads']}`],
		example: { file: '~/mux.jsonc', reads: '~/.mux/providers.jsonc', release: 'Mux' },
	},
	'development-home': {
		severity: 'info',
		exitCode: 1,
		headline: () => 'NODE_ENV is "development" in this shell',
		reason: details =>
			`A ${details['release']} that is started from here reads ${details['folder']}. The wizard goes on with your ordinary settings.`,
		remedy: () => ['Start Mux from a shell without NODE_ENV=development.'],
		example: { release: 'Mux', folder: '~/.mux-dev' },
	},
	'settings-not-seen': {
		severity: 'error',
		exitCode: 5,
		headline: details => `The settings file can’t be read: ${details['file']}`,
		reason: details => `${details['why']}. Mux goes on as if there were no settings file.`,
		remedy: () => ['Put that right; the wizard never writes in place of what it could not read.'],
		example: { file: '~/.mux/providers.jsonc', why: 'It is a folder' },
	},
	'settings-partly-read': {
		severity: 'warning',
		exitCode: 5,
		headline: details => `The settings file has a syntax error in line ${details['line']}, column ${details['column']}`,
		reason: () =>
			'Mux says nothing about it: it goes on with what it could make out, and its next save drops the rest.',
		remedy: () => ['Correct that line.'],
		example: { line: 4, column: 7 },
	},
	'settings-not-object': {
		severity: 'warning',
		exitCode: 5,
		headline: () => 'The settings file holds no object',
		reason: () => 'Mux finds no provider in it and says nothing.',
		remedy: () => ['Let the file be {} or start it anew.'],
		example: {},
	},
	'section-not-object': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `The section "${section(details)}" is no object`,
		reason: () => 'Mux finds nothing in it and says nothing.',
		remedy: () => ['Let the wizard replace it, or make it an object with "apiKey" and "baseUrl".'],
		example: { section: 'openai' },
	},
	'duplicate-section': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `The section "${section(details)}" stands ${details['count']} times`,
		reason: () => 'Mux takes the last one as a whole; the others have no effect.',
		remedy: () => ['Delete the sections that have no effect.'],
		example: { section: 'openai', count: 2 },
	},
	'duplicate-key': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `"${details['key']}" stands ${details['count']} times in the section "${section(details)}"`,
		reason: () => 'Mux takes the last one; the others have no effect.',
		remedy: () => ['Delete the ones that have no effect.'],
		example: { section: 'openai', key: 'baseUrl', count: 2 },
	},
	'misspelt-section': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `"${details['found']}" is no provider of Mux; it is called "${section(details)}"`,
		reason: () => 'Mux minds the case and the exact name: what stands in that section has no effect.',
		remedy: details => [`Rename the section to "${section(details)}" or delete it.`],
		example: { found: 'OpenAI', section: 'openai' },
	},
	'misspelt-key': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `"${details['found']}" has no effect; the key is called "${details['key']}"`,
		reason: details => `Mux minds the case and the exact name in the section "${section(details)}".`,
		remedy: details => [`Rename it to "${details['key']}" or delete it.`],
		example: { found: 'base_url', key: 'baseUrl', section: 'openai' },
	},
	'base-url-twin': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `"baseUrl" and "baseURL" both stand in the section "${section(details)}"`,
		reason: () => 'Mux uses "baseUrl" and falls back on "baseURL" where the first is empty.',
		remedy: details => takeOut(details, 'baseURL'),
		example: { section: 'openai' },
	},
	'provider-switched-off': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${titled(details)} is switched off in the settings`,
		reason: () => '"enabled" is false: Mux makes no request through this provider.',
		remedy: details => takeOut(details, 'enabled'),
		example: { title: 'OpenAI', section: 'openai' },
	},
	'key-without-base-url': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The token would be sent to ${details['host']}`,
		reason: details =>
			`There is a key for ${titled(details)} and no base URL, so Mux goes to the provider’s public API. A Coder token would leak to it.`,
		remedy: details => [
			'Set the base URL of AI Bridge together with the token:',
			`npx mux-bridge-wizard --provider ${section(details)}`,
		],
		example: { title: 'OpenAI', section: 'openai', host: 'api.openai.com' },
	},
	'provider-key-in-use': {
		severity: 'info',
		exitCode: 1,
		headline: details => `${titled(details)} is asked directly, with a key of the provider`,
		reason: details => `Requests go to ${details['host']} and not through AI Bridge.`,
		remedy: details => ['To go through AI Bridge:', `npx mux-bridge-wizard --provider ${section(details)}`],
		example: { title: 'OpenAI', section: 'openai', host: 'api.openai.com' },
	},
	'provider-not-set-up': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${titled(details)} does not reach AI Bridge: ${details['why'] ?? 'not set up'}`,
		reason: () => 'Mux makes no request for it as things are.',
		remedy: details => ['To go through AI Bridge:', `npx mux-bridge-wizard --provider ${section(details)}`],
		example: { title: 'OpenAI', section: 'openai', why: 'not set up' },
	},
	'provider-elsewhere': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${titled(details)} does not go through AI Bridge`,
		reason: details => `Mux goes to ${details['place'] ?? 'another place'}.`,
		remedy: details => ['To go through AI Bridge:', `npx mux-bridge-wizard --provider ${section(details)}`],
		example: { title: 'OpenAI', section: 'openai', place: 'llm.example.com, key in settings' },
	},
	'bridge-not-asked': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${titled(details)} was not checked: its token and its base URL come from different places`,
		reason: details =>
			`Mux sends the token of ${details['keyFrom']} to the base URL of ${details['urlFrom']}. Whether it belongs there is not known, so the wizard sent it nowhere.`,
		remedy: details => ['Let both stand in the settings file:', `npx mux-bridge-wizard --provider ${section(details)}`],
		example: { title: 'OpenAI', section: 'openai', keyFrom: 'OPENAI_API_KEY', urlFrom: 'baseUrl' },
	},
	'coder-login-not-asked': {
		severity: 'info',
		exitCode: 1,
		headline: details => `The login of “Login with Coder” was not tried for ${titled(details)}`,
		reason: () => 'Mux renews that token by itself; it is no session token that the wizard could check.',
		remedy: () => ['Ask a model something in Mux to see that it works.'],
		example: { title: 'OpenAI' },
	},
	'base-url-broken': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The base URL of ${titled(details)} does not work: ${details['problem']}`,
		reason: details => `It is ${url(details)}.`,
		remedy: details => [
			section(details) === 'anthropic'
				? 'For AI Bridge it is https://<deployment>/api/v2/aibridge/anthropic'
				: 'For AI Bridge it is https://<deployment>/api/v2/aibridge/openai/v1',
		],
		example: { title: 'OpenAI', section: 'openai', problem: 'there is no scheme', url: 'coder.example.com' },
	},
	'base-url-variable-empty': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${variable(details)} is set, but empty`,
		reason: details =>
			details['breaks'] === 'all'
				? `That breaks every OpenAI model in Xum, whatever the settings file says.`
				: `Mux takes it for the base URL where the settings file has none, and then has no address to ask.`,
		remedy: details => [`Unset it where Mux starts; never leave it blank:`, `unset ${variable(details)}`],
		example: { variable: 'OPENAI_BASE_URL', breaks: 'all' },
	},
	'base-url-from-environment': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `The base URL of ${titled(details)} comes from ${variable(details)}`,
		reason: details =>
			`The settings file has none, so Mux takes the one that is exported and sends the ${details['keyFrom'] ?? 'key'} there: ${url(details)}.`,
		remedy: details => [`Set "baseUrl" in the section "${section(details)}": the file wins.`, ...unset(details)],
		example: {
			title: 'OpenAI',
			section: 'openai',
			variable: 'OPENAI_BASE_URL',
			keyFrom: 'key of the file',
			url: 'https://old.example.com/v1',
		},
	},
	'base-url-variable-stale': {
		severity: 'info',
		exitCode: 1,
		headline: details => `${variable(details)} names another URL than the settings file`,
		reason: details => `Mux goes by the file. Other tools in that shell go by the variable: ${url(details)}.`,
		remedy: details => unset(details),
		example: { variable: 'OPENAI_BASE_URL', url: 'https://old.example.com/v1' },
	},
	'key-from-environment': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `${variable(details)} is sent to the base URL of the settings file`,
		reason: details =>
			`The section "${section(details)}" has a base URL and no key, so Mux sends whatever key is exported to ${details['host']}.`,
		remedy: details => [`Set "apiKey" in the section "${section(details)}": the file wins.`, ...unset(details)],
		example: { variable: 'OPENAI_API_KEY', section: 'openai', host: 'coder.example.com' },
	},
	'api-key-not-text': {
		severity: 'error',
		exitCode: 1,
		headline: details => `"apiKey" of ${titled(details)} is no text`,
		reason: () => 'Mux takes only a text for a key and says nothing about anything else.',
		remedy: details => [`Write the key of the section "${section(details)}" in double quotes.`],
		example: { title: 'OpenAI', section: 'openai' },
	},
	'api-key-reference': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `"apiKey" of ${titled(details)} is a 1Password reference`,
		reason: () => 'Mux no longer resolves op:// references; it goes on as if there were no key.',
		remedy: () => ['Put the key itself there, or name a file with it in "apiKeyFile".'],
		example: { title: 'OpenAI', section: 'openai' },
	},
	'api-key-unsendable': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The key of ${titled(details)} can’t be sent`,
		reason: () => 'It holds a line break or a character that no HTTP header may carry.',
		remedy: () => ['Copy the token once more, without what stands around it.'],
		example: { title: 'OpenAI', section: 'openai' },
	},
	'api-key-padded': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `There is white space around the key of ${titled(details)}`,
		reason: () => 'Mux sends it along as it is, and most servers then refuse the key.',
		remedy: details => [`Take the white space out of "apiKey" in the section "${section(details)}".`],
		example: { title: 'OpenAI', section: 'openai' },
	},
	'api-key-file-unreadable': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `The key file of ${titled(details)} gives no key`,
		reason: details => `${details['file']}: ${details['problem']}. Mux says nothing and looks for a key elsewhere.`,
		remedy: details => [`Put the token into that file, or set "apiKey" in the section "${section(details)}".`],
		example: { title: 'OpenAI', section: 'openai', file: '~/.token', problem: 'the file is not there' },
	},
	'headers-carry-credential': {
		severity: 'error',
		exitCode: 1,
		headline: details => `"headers" of ${titled(details)} sets ${details['header']}`,
		reason: () => 'Mux puts these headers in last: they replace the token or send another credential beside it.',
		remedy: details => takeOut(details, `headers.${details['header']}`),
		example: { title: 'OpenAI', section: 'openai', header: 'Authorization' },
	},
	'auth-token-set': {
		severity: 'error',
		exitCode: 1,
		headline: () => '"authToken" of Anthropic stands in the way',
		reason: () => 'Together with a key Mux refuses every request; alone it has no effect.',
		remedy: details => takeOut(details, 'authToken'),
		example: { title: 'Anthropic', section: 'anthropic' },
	},
	'chatgpt-login-first': {
		severity: 'warning',
		exitCode: 1,
		headline: () => 'A ChatGPT login takes most OpenAI models',
		reason: details =>
			details['chat'] === 'yes'
				? 'With "wireFormat": "chatCompletions" Mux then sends a placeholder instead of the token, and AI Bridge refuses it.'
				: 'Mux sends them to chatgpt.com and not to the base URL. gpt-5.3-codex-spark goes there in any case.',
		remedy: () => ['Set "codexOauthDefaultAuth": "apiKey" in the section "openai", or log out of ChatGPT in Mux.'],
		example: { section: 'openai' },
	},
	'websocket-transport-on': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'The WebSocket transport of OpenAI is on',
		reason: () => 'AI Bridge has no WebSocket, so every OpenAI request fails.',
		remedy: details => takeOut(details, 'webSocketTransportEnabled'),
		example: { section: 'openai' },
	},
	'provider-type-set': {
		severity: 'error',
		exitCode: 1,
		headline: details => `"providerType" replaces the built-in provider ${titled(details)}`,
		reason: details =>
			section(details) === 'anthropic'
				? 'Mux then speaks OpenAI’s protocol to it, which the Anthropic route does not understand.'
				: 'Mux then uses the older protocol without its own features for this provider.',
		remedy: details => takeOut(details, 'providerType'),
		example: { title: 'Anthropic', section: 'anthropic' },
	},
	'gateway-first': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${titled(details)} models go through ${details['gateway']}`,
		reason: details =>
			`${details['gateway']} is set up (${details['from']}), and Mux asks it before the provider itself. The base URL is never used, and Mux still says “configured”.`,
		remedy: details => [
			'Put “direct” first in Mux: Settings → Providers → Routing.',
			...(details['variable'] ? [`Or unset ${details['variable']} where Mux starts.`] : []),
		],
		example: { title: 'OpenAI', gateway: 'OpenRouter', from: 'OPENROUTER_API_KEY', variable: 'OPENROUTER_API_KEY' },
	},
	'coder-login-first': {
		severity: 'info',
		exitCode: 1,
		headline: details => `${titled(details)} models go through “Login with Coder”`,
		reason: details => `That is AI Bridge too, at ${details['host']}, with the token of that login.`,
		remedy: () => ['To use the base URL instead, put “direct” first in Mux: Settings → Providers → Routing.'],
		example: { title: 'OpenAI', host: 'coder.example.com' },
	},
	'route-overridden': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `Some ${titled(details)} models have a route of their own`,
		reason: details => `Mux sends them past the base URL: ${details['models']}.`,
		remedy: () => ['Change their route to “direct” in Mux: Settings → Providers → Routing.'],
		example: { title: 'OpenAI', models: 'gpt-5 through OpenRouter' },
	},
	'policy-forces-url': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `A policy sets the base URL of ${titled(details)}`,
		reason: details => `${details['from']} forces ${url(details)}; Mux sends the key there.`,
		remedy: () => ['Ask whoever manages Mux in your company.'],
		example: { title: 'OpenAI', from: 'MUX_POLICY_FILE', url: 'https://coder.example.com/v1' },
	},
	'policy-denies': {
		severity: 'error',
		exitCode: 1,
		headline: details => `A policy denies ${titled(details)}`,
		reason: details =>
			details['why']
				? `Mux can’t use the policy of ${details['from']} (${details['why']}) and refuses every provider.`
				: `${details['from']} does not allow it.`,
		remedy: () => ['Ask whoever manages Mux in your company.'],
		example: { title: 'OpenAI', from: 'MUX_POLICY_FILE', why: 'the file is not there' },
	},
	'policy-remote': {
		severity: 'info',
		exitCode: 1,
		headline: () => 'Mux gets a policy from a server',
		reason: details => `${details['from']} names one. It was not asked; it may force a base URL or deny a provider.`,
		remedy: () => ['If Mux does something else than this says, ask whoever manages Mux in your company.'],
		example: { from: 'config.json' },
	},
} satisfies Record<string, Words>
