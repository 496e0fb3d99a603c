// Findings about what keeps Mux from using its settings (docs/contracts/mux.md). `title` is the provider's name on
// screens, `section` its key in the settings file.
import type { muxCodes } from '../codes.ts'
import type { MessagesFor } from './types.ts'

const askManager = ['Ask the person who manages Mux in your company.']
const priorityInMux = 'Settings > Providers > Route priority'
const modelsInMux = 'Settings > Models'

/** For example: 8 of 10 models. */
function countModels({ count, total }: { readonly count?: number; readonly total?: number }): string {
	return `${count} of ${total} models`
}

function removeKey(key: string, section: string): string[] {
	return [`Remove "${key}" from the "${section}" section of the settings file.`]
}

function unsetVariable(variable: string): string {
	return `Unset ${variable} in the shell that starts Mux and in its profile, then restart Mux.`
}

function setUp(section: string): string[] {
	return ['To use AI Bridge, run:', `npx mux-bridge-wizard --provider ${section}`]
}

export const muxMessages = (): MessagesFor<keyof typeof muxCodes> => ({
	'two-homes': {
		headline: details => `Mux has two settings directories: ${details.home} and ${details.other}`,
		reason: details =>
			`The wizard uses ${details.home}. ${details.otherRelease} uses ${details.other}, which stays unchanged.`,
		remedy: details => [`To set up the other one too, run the wizard again with --release ${details.otherFlag}.`],
	},
	'settings-not-read': {
		headline: details => `${details.release} doesn't read ${details.file}`,
		reason: details =>
			details.variable
				? `It reads ${details.reads}, because ${details.variable} is set.`
				: `It reads ${details.reads}.`,
		remedy: details => [`To change the file that ${details.release} reads, pass --settings ${details.reads}`],
	},
	'development-home': {
		headline: 'NODE_ENV is set to "development" in this shell',
		reason: details =>
			`If you start ${details.release} from here, it reads ${details.home}. The wizard uses your regular settings.`,
		remedy: ['Start Mux from a shell without NODE_ENV=development.'],
	},
	'settings-link': {
		headline: details => `The settings file is a link to ${details.target}`,
		reason: details => `The wizard changes that file and keeps the link ${details.path}.`,
		remedy: [],
	},
	'settings-in-git': {
		headline: 'The settings file is in a git repository',
		reason: details => `${details.path} is in ${details.root}. A token in it could be committed and published.`,
		remedy: ['Store the token in a file of its own, or add the settings file to .gitignore.'],
	},
	'settings-ignored': {
		headline: "Mux can't read its settings file",
		reason: details => `${details.file}: ${details.why}. Mux acts as if the file didn't exist.`,
		remedy: ["Fix that first. The wizard never replaces a file it can't read."],
	},
	'settings-partly-read': {
		headline: details => `Syntax error in the settings file, line ${details.line}, column ${details.column}`,
		reason: 'Mux uses what it can parse without a warning, and drops the rest the next time it saves.',
		remedy: ['Fix that line.'],
	},
	'settings-not-object': {
		headline: "The settings file doesn't contain an object",
		reason: 'Mux finds no provider in it and shows no error.',
		remedy: ['Replace its content with {}, or start a new file.'],
	},
	'section-not-object': {
		headline: details => `"${details.section}" isn't an object`,
		reason: 'Mux ignores that section and shows no error.',
		remedy: ['Let the wizard replace it, or turn it into an object with "apiKey" and "baseUrl".'],
	},
	'duplicate-section': {
		headline: details => `The "${details.section}" section appears ${details.count} times`,
		reason: 'Mux only uses the last one.',
		remedy: ['Delete the others.'],
	},
	'duplicate-key': {
		headline: details => `"${details.key}" appears ${details.count} times in the "${details.section}" section`,
		reason: 'Mux only uses the last one.',
		remedy: ['Delete the others.'],
	},
	'misspelled-section': {
		headline: details => `Mux ignores the "${details.name}" section`,
		reason: details => `The name has to be exactly "${details.section}".`,
		remedy: details => [`Rename the section to "${details.section}", or delete it.`],
	},
	'misspelled-key': {
		headline: details => `Mux ignores "${details.name}" in the "${details.section}" section`,
		reason: details => `The name has to be exactly "${details.key}".`,
		remedy: details => [`Rename it to "${details.key}", or delete it.`],
	},
	'base-url-duplicate': {
		headline: details => `The "${details.section}" section has both "baseUrl" and "baseURL"`,
		reason: 'Mux uses "baseURL" only if "baseUrl" is empty.',
		remedy: details => removeKey('baseURL', details.section),
	},
	'provider-turned-off': {
		headline: details => `${details.title} is turned off in Mux`,
		reason: 'Its section has "enabled": false, so Mux doesn\'t use it.',
		remedy: details => removeKey('enabled', details.section),
	},
	'key-without-base-url': {
		headline: details => `Mux would send the token to ${details.host}`,
		reason: details =>
			`${details.title} has a key but no base URL, so Mux uses the provider's public API. Your Coder token would leak.`,
		remedy: details => [
			'Set the token together with the base URL of AI Bridge:',
			`npx mux-bridge-wizard --provider ${details.section}`,
		],
	},
	'provider-key-in-use': {
		headline: details => `Mux uses ${details.title} directly, with a key of your own`,
		reason: details => `Requests go to ${details.host} and bypass AI Bridge.`,
		remedy: details => setUp(details.section),
	},
	'provider-not-set-up': {
		headline: details => `Mux can't use ${details.title}: ${details.why}`,
		reason: 'With these settings, Mux sends no requests to it.',
		remedy: details => setUp(details.section),
	},
	'provider-elsewhere': {
		headline: details => `${details.title} doesn't use AI Bridge`,
		reason: details => `Mux sends its requests to ${details.place}.`,
		remedy: details => setUp(details.section),
	},
	'bridge-insecure': {
		headline: details => `Mux sends your token unencrypted to ${details.host}`,
		reason: details => `The base URL ${details.origin} has no https. The token wasn't sent there now.`,
		remedy: details => ['Set it up with https:', `npx mux-bridge-wizard --url ${details.url}`],
	},
	'bridge-not-checked': {
		headline: details => `${details.title} wasn't checked`,
		reason: details =>
			`Its token comes from ${details.keyFrom} and its base URL from ${details.urlFrom}. They may not belong together, so the wizard didn't send the token.`,
		remedy: details => ['Save both to the settings file:', `npx mux-bridge-wizard --provider ${details.section}`],
	},
	'coder-login-not-checked': {
		headline: details => `“Login with Coder” wasn't checked for ${details.title}`,
		reason: "Mux renews that login itself, and the wizard can't use it.",
		remedy: ['Send a message in Mux to see if it works.'],
	},
	'base-url-invalid': {
		headline: details => `The base URL of ${details.title} doesn't work`,
		reason: details => `${details.variable ? `${details.variable} is ` : ''}${details.url}: ${details.problem}.`,
		remedy: details => [
			'For AI Bridge, use:',
			details.section === 'anthropic'
				? 'https://coder.example.com/api/v2/aibridge/anthropic'
				: 'https://coder.example.com/api/v2/aibridge/openai/v1',
		],
	},
	'base-url-variable-empty': {
		headline: details => `${details.variable} is set but empty`,
		reason: details =>
			details.breaks === 'all'
				? 'This breaks all OpenAI models in Xum, even if the settings file has a base URL.'
				: 'Mux uses the empty value as the base URL, because the settings file has none.',
		remedy: details => ['Unset it in the shell that starts Mux:', `unset ${details.variable}`],
	},
	'base-url-from-environment': {
		headline: details => `The base URL of ${details.title} comes from ${details.variable}`,
		reason: details =>
			`The settings file has none, so Mux sends the ${details.keyFrom} to the URL in that variable: ${details.url}`,
		remedy: details => [
			`Set "baseUrl" in the "${details.section}" section, which takes precedence.`,
			unsetVariable(details.variable),
		],
	},
	'base-url-variable-stale': {
		headline: details => `${details.variable} differs from the settings file`,
		reason: details => `Mux uses the settings file. Other tools in that shell use the variable: ${details.url}`,
		remedy: details => [unsetVariable(details.variable)],
	},
	'key-from-environment': {
		headline: details => `Mux sends ${details.variable} to the base URL in the settings file`,
		reason: details =>
			`The "${details.section}" section has a base URL but no key, so Mux sends the exported key to ${details.host}.`,
		remedy: details => [
			`Set "apiKey" in the "${details.section}" section, which takes precedence.`,
			unsetVariable(details.variable),
		],
	},
	'api-key-not-string': {
		headline: details => `The "apiKey" of ${details.title} isn't a string`,
		reason: 'Mux ignores it and shows no error.',
		remedy: details => [`Put the key of the "${details.section}" section in double quotes.`],
	},
	'api-key-reference': {
		headline: details => `The "apiKey" of ${details.title} is a 1Password reference`,
		reason: 'Mux no longer supports op:// references and acts as if there were no key.',
		remedy: ['Replace it with the key itself, or set "apiKeyFile" to a file that contains the key.'],
	},
	'api-key-unsendable': {
		headline: details => `Mux can't send the key of ${details.title}`,
		reason: "It contains a line break or a character that isn't allowed in an HTTP header.",
		remedy: ['Copy the token again, without the text around it.'],
	},
	'api-key-padded': {
		headline: details => `The key of ${details.title} has spaces around it`,
		reason: 'Mux sends them along, and most servers then reject the key.',
		remedy: details => [`Remove the spaces from "apiKey" in the "${details.section}" section.`],
	},
	'api-key-file-unreadable': {
		headline: details => `Mux gets no key for ${details.title} from its key file`,
		reason: details => `${details.file}: ${details.problem}. Mux shows no error and looks for a key elsewhere.`,
		remedy: details => [`Save the token in that file, or set "apiKey" in the "${details.section}" section.`],
	},
	'headers-carry-credential': {
		headline: details => `"headers" of ${details.title} overrides the token`,
		reason: details => `Mux sends ${details.header} from the settings instead of the token, or together with it.`,
		remedy: details => removeKey(`headers.${details.header}`, details.section),
	},
	'auth-token-set': {
		headline: '"authToken" of Anthropic conflicts with the token',
		reason: 'With both set, Mux rejects every request. On its own, "authToken" has no effect.',
		remedy: details => removeKey('authToken', details.section),
	},
	'chatgpt-login-first': {
		headline: details => `Mux sends ${countModels(details)} of OpenAI to ChatGPT`,
		reason: details =>
			details.chat === 'yes'
				? 'With "wireFormat": "chatCompletions", Mux sends a placeholder instead of the token, and AI Bridge rejects it.'
				: 'Mux is signed in to ChatGPT and sends them to chatgpt.com instead of the base URL.',
		remedy: ['Set "codexOauthDefaultAuth": "apiKey" in the "openai" section, or sign out of ChatGPT in Mux.'],
	},
	'websocket-transport-on': {
		headline: 'Mux uses WebSockets for OpenAI',
		reason: "AI Bridge doesn't support WebSockets, so every OpenAI request fails.",
		remedy: details => removeKey('webSocketTransportEnabled', details.section),
	},
	'provider-type-set': {
		headline: details => `"providerType" replaces Mux's built-in ${details.title} provider`,
		reason: details =>
			details.section === 'anthropic'
				? "Mux then sends OpenAI requests, which AI Bridge doesn't accept for Anthropic."
				: 'Mux then uses Chat Completions, which AI Bridge serves too, without the newer features of this provider.',
		remedy: details => removeKey('providerType', details.section),
	},
	'gateway-first': {
		headline: details =>
			details.count === details.total
				? `Mux sends ${details.title} models to ${details.gateway}`
				: `Mux sends ${countModels(details)} of ${details.title} to ${details.gateway}`,
		reason: details =>
			`${details.gateway} is set up (${details.from}) and comes first. Mux shows “configured” but never uses the base URL.`,
		remedy: details => [
			`Set "enabled": false in the "${details.id}" section of the settings file. This turns ${details.gateway} off for all other models too (Gemini, xAI and so on).`,
			...(details.variable ? [`Or unset ${details.variable} where Mux starts.`] : []),
			`Or put “direct” first in Mux: ${priorityInMux}. This has no effect on \`mux run\`.`,
		],
	},
	'coder-login-first': {
		headline: details => `Mux uses “Login with Coder” for ${details.title} models`,
		reason: details => `That login also uses AI Bridge, at ${details.host}, with a token of its own.`,
		remedy: [`To use the base URL instead, put “direct” first in Mux: ${priorityInMux}. Or sign out of Coder there.`],
	},
	'route-overridden': {
		headline: details => `Some ${details.title} models bypass AI Bridge`,
		reason: details => `Mux has its own routing for them: ${details.models}.`,
		remedy: [`Set them to “direct” in Mux: ${modelsInMux}.`],
	},
	'policy-forces-url': {
		headline: details => `A policy sets the base URL of ${details.title}`,
		reason: details => `Because of ${details.from}, Mux sends the key to ${details.url}`,
		remedy: askManager,
	},
	'policy-denies': {
		headline: details =>
			details.model
				? `A policy blocks ${details.model}`
				: details.count
					? `A policy blocks ${countModels(details)} of ${details.title}`
					: `A policy blocks ${details.title}`,
		reason: details =>
			details.why
				? `Mux can't use the policy from ${details.from} (${details.why}), so it blocks all providers.`
				: `It comes from ${details.from}.`,
		remedy: details => (details.version === 'old' ? ['Update Mux.', ...askManager] : askManager),
	},
	'header-unsendable': {
		headline: details => `Mux can't send "${details.field}" of ${details.title}`,
		reason: "It contains a character that isn't allowed in an HTTP header, so Mux makes no request.",
		remedy: details =>
			details.variable ? [unsetVariable(details.variable)] : removeKey(details.field, details.section),
	},
	'section-name-not-string': {
		headline: details => `"name" of ${details.title} isn't a string`,
		reason: 'Mux fails before it makes a request.',
		remedy: details => removeKey('name', details.section),
	},
	'release-differs': {
		headline: details => `${details.release} wouldn't use AI Bridge for ${details.title}`,
		reason: details => `It reads the same settings file, but there the result is: ${details.place}.`,
		remedy: details => [`If you don't use ${details.release}, ignore this.`],
	},
	'custom-models-missing': {
		headline: details => `Mux offers no model of ${details.title} yet`,
		reason: 'For a provider of this kind, Mux offers only the models that its section in the settings file lists.',
		remedy: ["Add the models to use in Mux's Settings, under Models."],
	},
	'setup-not-used': {
		headline: details => `Mux wouldn't send ${details.title} requests to AI Bridge`,
		reason: details => `With these settings, the result for ${details.model} is: ${details.place}.`,
		remedy: ['Fix the conflicts that are reported with this one, then run the wizard again.'],
	},
	'policy-remote': {
		headline: 'A server controls what Mux may use',
		reason: details =>
			`${details.from} names a policy server. The wizard didn't check it; it may set a base URL or block a provider.`,
		remedy: ["If Mux doesn't behave as described here, ask the person who manages Mux in your company."],
	},
})
