// Findings about the deployment, the connection to it, the token, and AI Bridge (docs/contracts/coder.md). The headings
// are those of the troubleshooting page.
import type { deploymentCodes, TokenSourceDetails } from '../codes.ts'
import { dateOf } from './dates.ts'
import { trustNote, trustSteps, type UntrustedChain } from './trust.ts'
import type { MessagesFor, MessageTemplate } from './types.ts'

const exampleUrl = 'https://coder.example.com'
const enterUrl = ['Enter the address you open Coder with in your browser, such as:', exampleUrl]
const tryLater = ['Try again in a few minutes.', 'If this keeps happening, contact your Coder admin.']
const setProxy = [
	'Behind a proxy? Set it before you start the wizard and Mux:',
	'export HTTPS_PROXY=http://proxy.example.com:3128',
]
const signInToNetwork = 'Open the URL in your browser, and sign in to the network or connect to your VPN.'

/** ` The response was 403: “unauthorized”.`, if there was a response. */
function response({ status, line }: { status?: number | undefined; line?: string | undefined }): string {
	if (!status) return ''
	return line
		? ` The response was ${status}: “${line}”${/[.!?…]$/.test(line) ? '' : '.'}`
		: ` The response was ${status}.`
}

/** The page that shows a token to copy. */
function getToken({ origin = exampleUrl }: { origin?: string | undefined }): string[] {
	return ['Get a new token:', `${origin}/cli-auth`]
}

type RejectedToken = TokenSourceDetails & { origin?: string | undefined }

/** How to replace a token, by where it comes from. */
const renewalSteps: Record<NonNullable<TokenSourceDetails['tokenFrom']>, (details: RejectedToken) => string[]> = {
	variable: details => [`Renew or unset ${details.variable} where it's set.`, ...getToken(details)],
	template: details => [`Restart your workspace: its template sets ${details.variable}.`],
	'coder-cli': ({ origin = exampleUrl }) => ['Sign in with the Coder CLI again:', `coder login ${origin}`],
}

function renewToken(details: RejectedToken): string[] {
	return details.tokenFrom === undefined ? getToken(details) : renewalSteps[details.tokenFrom](details)
}

/** Sessions alone are extended by use (docs/contracts/coder.md#33-kinds-and-lifetimes). */
const extension = "From Coder v2.32 on, Mux's requests to OpenAI extend it; those to Anthropic don't."

/** The page where a user creates and deletes tokens. */
function createToken({ origin }: { origin: string }): string[] {
	return ['Create a token just for Mux on this page:', `${origin}/settings/tokens`]
}

/** One of the four ways in which Node.js rejects the certificate of a private authority. */
function untrustedChain(reason: string, code: string): MessageTemplate<UntrustedChain> {
	return {
		headline: details => `The certificate of ${details.host} isn't trusted`,
		reason: details => `${reason} (${code}). ${trustNote(details)}`,
		remedy: trustSteps,
	}
}

export const deploymentMessages = (): MessagesFor<keyof typeof deploymentCodes> => ({
	// ── Coder URL ──────────────────────────────────────────────────────────────────────────────────────────────────
	'url-empty': {
		headline: 'Enter your Coder URL',
		reason: "It's the address you open Coder with in your browser.",
		remedy: ['For example:', exampleUrl],
	},
	'url-invalid': {
		headline: details => (details.text ? `"${details.text}" isn't a valid URL` : "That isn't a valid URL"),
		reason: details => details.why,
		remedy: enterUrl,
	},
	'url-is-token': {
		headline: 'That looks like a token, not a URL',
		reason: details => `It wasn't sent anywhere.${details.kept ? ' You can use it in the token step.' : ''}`,
		remedy: ['Enter your Coder URL, the address you open Coder with in your browser.'],
	},
	'url-scheme': {
		headline: details => `The Coder URL can't start with ${details.scheme}`,
		reason: 'It has to start with https://.',
		remedy: details => ['Use this URL:', details.url ?? exampleUrl],
	},
	'url-with-password': {
		headline: 'The URL contains credentials',
		reason: "They would end up in Mux's settings and in logs, and Coder doesn't use them.",
		remedy: details => ['Remove them from the URL:', details.url ?? exampleUrl],
	},
	'url-no-host': {
		headline: 'The URL is incomplete',
		reason: details => `The host name is missing${details.text ? ` in ${details.text}` : ''}.`,
		remedy: enterUrl,
	},
	'url-insecure': {
		headline: details => `http:// sends your token to ${details.host} unencrypted`,
		reason: 'Everyone on the network path can read it, both from the wizard and from Mux.',
		remedy: details => ['Use https:// if Coder supports it:', details.url],
	},

	// ── Connection ─────────────────────────────────────────────────────────────────────────────────────────────────
	'host-not-found': {
		headline: details => `Can't find ${details.host}`,
		reason: details =>
			details.dns === undefined ? "The name doesn't resolve from this machine." : "The DNS server didn't respond.",
		remedy: ['Check the spelling.', "If it's an internal name, connect to your VPN.", ...setProxy],
	},
	'connection-refused': {
		headline: details => `Connection refused by ${details.host}`,
		reason: details => `Nothing is listening on port ${details.port}.`,
		remedy: [
			'Check the host and port of the URL, and open it in your browser.',
			"If it doesn't open there either, Coder is down: contact your Coder admin.",
		],
	},
	'connection-reset': {
		headline: details => `${details.host} closed the connection`,
		reason: 'The connection was closed without a response, three times in a row.',
		remedy: [
			'Check the scheme (https or http) and the port of the URL.',
			'A firewall or a VPN can cause this, so try another network.',
		],
	},
	'no-response': {
		headline: details => `${details.host} doesn't respond`,
		reason: details =>
			details.seconds === undefined
				? 'The connection timed out.'
				: `There was no complete response within ${details.seconds} ${details.seconds === 1 ? 'second' : 'seconds'}.`,
		remedy: ['Check that the URL opens in your browser, and that your VPN is connected.', ...setProxy],
	},
	'network-unreachable': {
		headline: details => `Can't reach ${details.host} from this network`,
		reason: details => `The system found no way to it (${details.code}).`,
		remedy: ['Check your network connection and your VPN.'],
	},
	'network-failed': {
		headline: details => `Can't connect to ${details.host}`,
		reason: details => `The connection failed${details.code ? ` (${details.code})` : ''}.`,
		remedy: details => [
			details.code === 'EMFILE' || details.code === 'ENFILE'
				? 'Too many files are open. Raise the limit (ulimit -n), then run the wizard again.'
				: 'Check that the URL opens in your browser on this machine.',
		],
	},
	'https-to-plain-port': {
		headline: details => `${details.host} doesn't use HTTPS on this port`,
		reason: 'The URL starts with https://, but the server responded in plain HTTP.',
		remedy: details => [
			'Use the HTTPS port of Coder. If it has none, use http://, which sends your token unencrypted:',
			details.url,
		],
	},
	'http-to-tls-port': {
		headline: details => `${details.host} requires HTTPS on this port`,
		reason: 'The URL starts with http://, but the server expects an encrypted connection.',
		remedy: details => ['Use this URL:', details.url],
	},

	// ── Certificates ───────────────────────────────────────────────────────────────────────────────────────────────
	'tls-self-signed-in-chain': untrustedChain(
		"It was issued by an authority that Node.js doesn't know: your company's own, or a firewall that inspects traffic",
		'SELF_SIGNED_CERT_IN_CHAIN',
	),
	'tls-self-signed-leaf': untrustedChain('It is self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
	'tls-unable-to-verify-leaf': untrustedChain(
		"The server doesn't send an intermediate certificate, or the authority is private",
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	),
	'tls-unable-to-get-issuer': untrustedChain(
		"It was issued by an authority that Node.js doesn't know",
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	),
	'certificate-other-host': {
		headline: details => `The certificate isn't valid for ${details.host}`,
		reason: details => `It was issued for ${details.names}.`,
		remedy: ['Use a host name that the certificate was issued for.'],
	},
	'certificate-expired': {
		headline: details => `The certificate of ${details.host} has expired`,
		reason: "An expired certificate isn't trusted.",
		remedy: ['Check the clock of this machine.', 'If the clock is right, contact your Coder admin.'],
	},
	'certificate-not-yet-valid': {
		headline: details => `The certificate of ${details.host} isn't valid yet`,
		reason: 'Its validity starts at a later date.',
		remedy: ['Check the clock of this machine.', 'If the clock is right, contact your Coder admin.'],
	},
	'tls-client-certificate': {
		headline: details => `${details.host} requires a client certificate`,
		reason: "Only known machines may connect to it, and Mux doesn't support client certificates.",
		remedy: ["Ask your Coder admin for a Coder URL that doesn't require one."],
	},
	'tls-failed': {
		headline: details => `Can't connect securely to ${details.host}`,
		reason: details => `The TLS handshake failed (${details.code}).`,
		remedy: ['Check the host and port of the URL.', 'A firewall that inspects traffic can also cause this.'],
	},
	'ca-file-unreadable': {
		headline: details => `Can't use the certificate file ${details.file}`,
		reason: details => `${details.why}.`,
		remedy: ['Use a PEM file, which contains a line -----BEGIN CERTIFICATE-----.'],
	},

	// ── Proxies ────────────────────────────────────────────────────────────────────────────────────────────────────
	'proxy-refused': {
		headline: details => `The proxy ${details.proxy} blocks the connection to ${details.host}`,
		reason: details => details.why + response(details),
		remedy: details => [
			`Check ${details.variable}.`,
			'If Coder is reachable without a proxy, bypass the proxy:',
			details.platform === 'win32'
				? `$env:${details.noProxyName ?? 'NO_PROXY'} = '${details.noProxy ?? details.host}'`
				: `export ${details.noProxyName ?? 'NO_PROXY'}=${details.noProxy ?? details.host}`,
		],
	},
	'proxy-needs-password': {
		headline: details =>
			details.schemes
				? `The proxy ${details.proxy} requires ${details.schemes}`
				: `The proxy ${details.proxy} requires a username and password`,
		reason: details =>
			details.schemes
				? 'Neither Mux nor the wizard can sign in to it in that way (407).'
				: details.user
					? 'It rejected the ones in the variable (407).'
					: 'None were sent (407).',
		remedy: details =>
			details.schemes
				? [
						'Run a local relay that signs in for you, such as Px or Cntlm, and set before you start the wizard and Mux:',
						`export ${details.variable}=http://localhost:3128`,
					]
				: [
						'Set them before you start the wizard and Mux, with special characters percent-encoded:',
						`export ${details.variable}=http://USER:PASSWORD@${details.proxy.replace(/^\w+:\/\//, '')}`,
					],
	},
	'debug-prints-token': {
		headline: 'NODE_DEBUG would print your token',
		reason: "It makes Node.js print the headers of every request. Your token wasn't sent.",
		remedy: ['Unset NODE_DEBUG, then run the wizard again.'],
	},
	'tls-verification-off': {
		headline: 'NODE_TLS_REJECT_UNAUTHORIZED is set to 0 in this shell',
		reason:
			'If it is set where Mux starts, Mux sends your token to any server that pretends to be Coder. The wizard verifies certificates anyway.',
		remedy: [
			'Unset NODE_TLS_REJECT_UNAUTHORIZED. For a private certificate authority, set NODE_EXTRA_CA_CERTS instead.',
		],
	},
	'ca-file-unknown-to-mux': {
		headline: "Mux doesn't know your certificate authority yet",
		reason: '--ca-file is for the wizard only.',
		remedy: details => [
			'Set this where Mux starts, with an absolute path:',
			`export NODE_EXTRA_CA_CERTS=${details.file}`,
		],
	},
	'loopback-through-proxy': {
		headline: details => `Mux would send requests for ${details.host} to a proxy`,
		reason: details =>
			`${details.variable} is set, and ${details.host} isn't excluded. The wizard connected directly; the proxy would get the token in clear.`,
		remedy: details => [
			'Exclude this host before you start Mux:',
			details.platform === 'win32'
				? `$env:${details.noProxyName} = '${details.noProxy}'`
				: `export ${details.noProxyName}=${details.noProxy}`,
		],
	},
	'proxy-in-use': {
		headline: details => `Connected to ${details.host} through the proxy ${details.proxy}`,
		reason: details => `${details.variable} is set. Mux uses the proxy too if the variable is set where Mux starts.`,
		remedy: [],
	},
	'proxy-needed': {
		headline: details => `${details.host} seems to require a proxy`,
		reason: details => details.why,
		remedy: details => [
			'Set the proxy before you start the wizard and Mux:',
			`export ${details.variable ?? 'HTTPS_PROXY'}=${details.proxy ?? 'http://proxy.example.com:3128'}`,
		],
	},
	'proxy-url-invalid': {
		headline: details => `${details.variable} isn't a valid proxy URL`,
		reason: details => details.why,
		remedy: details => [
			'Set it like this before you start the wizard and Mux:',
			`export ${details.variable}=http://proxy.example.com:3128`,
		],
	},

	// ── Unexpected responses ───────────────────────────────────────────────────────────────────────────────────────
	'redirect-other-host': {
		headline: details => `${details.host} redirects to ${details.target}`,
		reason: details =>
			details.coder === undefined
				? "It may be a sign-in page, or Coder has moved. Your token wasn't sent there."
				: "Coder uses another address. Your token wasn't sent there.",
		remedy: details =>
			details.coder === undefined
				? [
						signInToNetwork,
						...(details.url === undefined
							? ['If you end up at another Coder URL, use that one.']
							: ['If that is your Coder URL, use it:', `npx mux-bridge-wizard --url ${details.url}`]),
						"Mux can't get past a sign-in page: ask your Coder admin to let /api/v2 through.",
					]
				: ['Use this URL:', details.url ?? exampleUrl],
	},
	'redirect-to-deployment': {
		headline: details => `${details.host} redirects to ${details.target}`,
		reason: "That's Coder's own address. Your token wasn't sent.",
		remedy: details => ['Use that URL:', `npx mux-bridge-wizard --url ${details.url}`],
	},
	'redirect-same-host': {
		headline: details => `${details.host} redirects to ${details.target}`,
		reason: details =>
			details.url === undefined
				? 'Something in front of Coder asks users to sign in.'
				: "Mux doesn't follow redirects with a token, so it needs the final URL.",
		remedy: details =>
			details.url === undefined
				? ['Ask your Coder admin to let /api/v2 through without a sign-in page.']
				: ['Use this URL:', `npx mux-bridge-wizard --url ${details.url}`],
	},
	'response-html': {
		headline: details =>
			`${details.host} returned a web page${details.title ? ` (“${details.title}”)` : ''} instead of Coder's API`,
		reason: details => `${details.path} is a sign-in page, or this isn't the Coder URL.`,
		remedy: [signInToNetwork, "Check that it's the address you open Coder with."],
	},
	'not-coder': {
		headline: details => `${details.host} isn't a Coder deployment`,
		reason: details => `It doesn't respond like Coder (${details.path}).${response(details)}`,
		remedy: enterUrl,
	},
	'authenticating-proxy': {
		headline: details => `Something in front of ${details.host} requires its own sign-in`,
		reason: details =>
			`Coder didn't reject the request; a proxy did.${response(details)}${details.sent === undefined ? " Your token wasn't sent." : ''}`,
		remedy: [
			'Connect to your VPN, or sign in to the company network.',
			"If that doesn't help, Mux can't get through either: ask your Coder admin to let /api/v2 through.",
		],
	},
	'deployment-down': {
		headline: details => `Coder is down at ${details.host}`,
		reason: details => `The gateway in front of it responds, but Coder doesn't.${response(details)}`,
		remedy: tryLater,
	},
	'workspace-proxy': {
		headline: details => `${details.host} is a workspace proxy`,
		reason: 'Workspace proxies only speed up workspace connections; AI Bridge runs on the main deployment.',
		remedy: details => ['Use this URL:', details.url ?? exampleUrl],
	},
	'standalone-gateway': {
		headline: details => `${details.host} is a standalone AI gateway, not Coder`,
		reason: 'It serves the models. Your token comes from Coder, which has another address.',
		remedy: details =>
			details.kept === undefined
				? [
						'Name both: the address you open Coder with, and the gateway:',
						`npx mux-bridge-wizard --url ${exampleUrl} --gateway ${details.origin}`,
					]
				: ['Now enter the address you open Coder with. Mux will use this gateway with it.'],
	},
	'not-a-gateway': {
		headline: details => `${details.host} isn't a standalone AI gateway`,
		reason: "It didn't answer like one. Your token wasn't sent there.",
		remedy: ['Ask your Coder admin for its URL, or leave out --gateway if Coder serves the models itself.'],
	},
	'gateway-insecure': {
		headline: 'A gateway needs https',
		reason: details => `Mux would send your token unencrypted to ${details.host}.`,
		remedy: ['Use its https:// URL with --gateway.'],
	},
	'gateway-token-not-checked': {
		headline: "The token's owner and expiry weren't checked",
		reason: details => `${details.host} is a gateway, which doesn't know them.`,
		remedy: ['To check them, name the deployment with --url.'],
	},
	'response-invalid': {
		headline: details => `Can't read the response of ${details.host}`,
		reason: details => `${details.path}: ${details.why}.`,
		remedy: ['Check the host and port of the URL.', 'A firewall or proxy can also cause this.'],
	},
	'response-too-large': {
		headline: details => `The response of ${details.host} is too large`,
		reason: details => `${details.path} returned more than ${details.limit}, so the wizard stopped reading.`,
		remedy: ["Check that it's the address you open Coder with."],
	},
	'server-error': {
		headline: details => `Coder returned an internal error (${details.status})`,
		reason: details => `The request to ${details.path} failed on the server.${response(details)}`,
		remedy: tryLater,
	},
	'rate-limited': {
		headline: 'Rate limited by Coder',
		reason: details =>
			details.seconds === undefined
				? 'There were too many requests with this token.'
				: `Retry in ${details.seconds} ${details.seconds === 1 ? 'second' : 'seconds'}.`,
		remedy: ['Wait a moment and try again. Other programs with the same token count too.'],
	},
	'response-unexpected': {
		headline: details => `${details.host} returned an unexpected response`,
		reason: details => `The wizard can't interpret the response of ${details.path}.${response(details)}`,
		remedy: ['Show this to your Coder admin.'],
	},

	// ── Token ──────────────────────────────────────────────────────────────────────────────────────────────────────
	'token-empty': {
		headline: details => (details.source === undefined ? 'Enter your Coder token' : `No token in ${details.source}`),
		reason: details =>
			details.source === undefined
				? 'AI Bridge needs it to know who you are.'
				: "It's empty. The command that writes the token may have failed.",
		remedy: getToken,
	},
	'token-malformed': {
		headline: "That's not a Coder session token",
		reason: details =>
			`Expected 33 characters (like abcdefghij-…)${details.length === undefined ? '' : `; got ${details.length}`}.${details.why === undefined ? '' : ` ${details.why}`}`,
		remedy: getToken,
	},
	'token-invalid-characters': {
		headline: 'The token contains invalid characters',
		reason: details =>
			`A token only has letters, digits, and a hyphen.${details.what === undefined ? '' : ` This one has ${details.what}.`}`,
		remedy: getToken,
	},
	'token-incomplete': {
		headline: details => `The token is incomplete (${details.length} of 33 characters)`,
		reason: 'Part of it is missing.',
		remedy: ({ origin = exampleUrl }) => ['Copy it again:', `${origin}/cli-auth`],
	},
	'token-agent': {
		headline: "That's a workspace agent token",
		reason: 'CODER_AGENT_TOKEN identifies the workspace, not you. Use your own session token.',
		remedy: getToken,
	},
	'token-gateway-key': {
		headline: "That's the key of a gateway, not a Coder token",
		reason: 'It connects a standalone AI gateway to Coder. You sign in with your own token instead.',
		remedy: getToken,
	},
	'token-provider-key': {
		headline: details => `That's ${details.what}, not a Coder token`,
		reason: "AI Bridge holds the provider keys; you sign in with a Coder token instead. The key wasn't sent.",
		remedy: getToken,
	},
	'token-missing': {
		headline: details => `The token didn't reach ${details.host}`,
		reason: details =>
			`Something in between removes the ${details.header ?? 'Coder-Session-Token'} header from the request.`,
		remedy: ['Ask your Coder admin to let this header through the proxy in front of Coder.'],
	},
	'token-unknown': {
		headline: "Coder doesn't recognize this token",
		reason:
			'It was revoked (`coder logout` does that), its workspace was stopped or restarted, or it belongs to another Coder deployment.',
		remedy: renewToken,
	},
	'token-wrong-secret': {
		headline: 'The token has a typo',
		reason: 'Coder recognizes the part before the hyphen, but not the 22 characters after it.',
		remedy: renewToken,
	},
	'token-expired': {
		headline: details =>
			details.at === undefined ? 'The token has expired' : `The token expired on ${dateOf(details.at)}`,
		reason: details =>
			details.fresh === undefined
				? 'Coder no longer accepts it.'
				: 'It expired a moment ago: it was revoked (`coder tokens rm` does that), or created with a lifetime in the wrong unit, as Coder expects nanoseconds.',
		remedy: renewToken,
	},
	'user-suspended': {
		headline: 'Your Coder account is suspended',
		reason: 'The token is valid, but Coder rejects it while the account is suspended.',
		remedy: ['Ask your Coder admin to reactivate your account.'],
	},
	'user-dormant': {
		headline: 'Your Coder account is dormant',
		reason: "Coder deactivates accounts that haven't been used for a while.",
		remedy: details => [
			'Sign in to Coder in your browser to reactivate it:',
			details.origin,
			"If that doesn't help, contact your Coder admin.",
		],
	},
	'login-provider-expired': {
		headline: 'Your Coder sign-in has expired',
		reason: details =>
			details.accepted === undefined
				? "Coder can't renew your session with GitHub or your company's sign-in, so it rejects the token."
				: "AI Bridge still accepts the token, but Coder can't renew your session with GitHub or your company's sign-in.",
		remedy: details =>
			details.accepted === undefined
				? ['Sign in to Coder in your browser, then try again:', `${details.origin}/cli-auth`]
				: [
						'Sign in to Coder in your browser, or create an API token, which needs no sign-in:',
						`${details.origin}/settings/tokens`,
					],
	},
	'signed-out': {
		headline: 'Coder rejected the token',
		reason: details =>
			`It didn't say why.${details.accepted === undefined ? '' : ' AI Bridge still accepts it.'}${response(details)}`,
		remedy: renewToken,
	},
	'token-audience': {
		headline: details =>
			details.accepted === undefined
				? 'The token was created for another application'
				: 'This token belongs to an application that signed in to Coder',
		reason: details =>
			details.accepted === undefined
				? "It's an OAuth token with a different audience."
				: "AI Bridge accepts it, but the application's next sign-in replaces it.",
		remedy: details => (details.accepted === undefined ? renewToken(details) : createToken(details)),
	},
	'token-scoped': {
		headline: 'This is a scoped token',
		reason: "It can't read its own owner or expiry. AI Bridge accepts it.",
		remedy: [],
	},
	'token-other-deployment': {
		headline: details => `The token belongs to ${details.other}`,
		reason: details => `It comes from ${details.source}. It wasn't sent to ${details.host}.`,
		remedy: getToken,
	},
	'token-not-for-bridge': {
		headline: 'AI Bridge rejected the token',
		reason: details =>
			details.user === undefined
				? "It didn't say why."
				: `Coder itself accepts it (signed in as ${details.user}), but AI Bridge doesn't.`,
		remedy: renewToken,
	},
	'token-expires-soon': {
		headline: details => `This token expires ${details.when ?? 'soon'}`,
		reason: 'Mux stops working then.',
		remedy: details => [
			'Create a longer-lived token just for Mux, on this page or with this command:',
			`${details.origin}/settings/tokens`,
			'npx mux-bridge-wizard --create-token',
		],
	},
	'token-browser-session': {
		headline: details => `This token expires ${details.when ?? 'in about a day'}`,
		reason: `It's your browser session; signing out in the browser would also disconnect Mux. ${extension}`,
		remedy: createToken,
	},
	'token-cli-session': {
		headline: details => `This token expires ${details.when ?? 'in about a week'}`,
		reason: `It's your Coder CLI login; \`coder logout\` would also disconnect Mux. ${extension}`,
		remedy: createToken,
	},
	'token-workspace': {
		headline: "This is your workspace's token",
		reason: "Coder replaces it each time the workspace starts and deletes it when it stops, so don't use it elsewhere.",
		remedy: createToken,
	},
	'token-name-taken': {
		headline: details => `A token named “${details.name}” already exists`,
		reason: 'Each of your tokens needs its own name.',
		remedy: ['Use another name, or replace the old token.'],
	},
	'token-lifetime-refused': {
		headline: 'That lifetime is longer than Coder allows',
		reason: details => `Your Coder admin has set a maximum.${response(details)}`,
		remedy: details => [`Use ${details.limit}.`],
	},
	'token-not-created': {
		headline: "Coder couldn't create a token",
		reason: details => `It rejected the request.${response(details)}`,
		remedy: details => ['Create one on this page, and paste it:', `${details.origin}/settings/tokens`],
	},
	'token-not-deleted': {
		headline: details => (details.name ? `Couldn't revoke the token “${details.name}”` : "Couldn't revoke the token"),
		reason: details => `It's still valid.${response(details)}`,
		remedy: details => ['Delete it on this page:', `${details.origin}/settings/tokens`],
	},
	'token-file-unwritable': {
		headline: details => `Can't write the token file ${details.file}`,
		reason: details => `The system rejected it (${details.code}). Nothing was changed.`,
		remedy: ['Check the directory and its permissions, or store the token in the settings file.'],
	},

	// ── AI Bridge ──────────────────────────────────────────────────────────────────────────────────────────────────
	'too-old': {
		headline: details =>
			`${details.version ? `Coder ${details.version}` : 'This Coder version'} is too old for AI Bridge`,
		reason: 'AI Bridge, now called AI Gateway, requires Coder 2.28 or later.',
		remedy: ['Ask your Coder admin to upgrade.'],
	},
	'open-source-build': {
		headline: details =>
			`${details.version ? `Coder ${details.version}` : 'This Coder deployment'} doesn't have AI Bridge`,
		reason: 'AI Bridge, now called AI Gateway, is part of Coder Premium. The open-source build has none.',
		remedy: ['Ask your Coder admin for a deployment with AI Bridge.'],
	},
	'no-license': {
		headline: "Coder isn't licensed for AI Bridge",
		reason: details =>
			`${details.known === undefined ? "It requires a Premium license, or it isn't turned on." : 'It requires a Premium license.'}${response(details)}`,
		remedy: details => [
			details.known === undefined
				? `Ask your Coder admin for a Premium license, and to turn on AI Bridge (${details.variable ?? 'CODER_AI_GATEWAY_ENABLED=true'}).`
				: 'Ask your Coder admin for a Premium license.',
		],
	},
	'bridge-off': {
		headline: 'AI Bridge is turned off',
		reason: details =>
			`Your Coder includes it, but an admin has to turn it on.${response({ ...details, line: undefined })}`,
		remedy: details => [`Ask your Coder admin to turn it on (${details.variable ?? 'CODER_AI_GATEWAY_ENABLED=true'}).`],
	},
	'bridge-not-running': {
		headline: "AI Bridge isn't running",
		reason: details => `Coder has it, but it isn't running at the moment.${response(details)}`,
		remedy: details => [
			'Try again in a minute.',
			`If this keeps happening, ask your Coder admin to look at the server's log (${details.variable ?? 'CODER_AI_GATEWAY_ENABLED=true'}).`,
		],
	},
	'at-capacity': {
		headline: 'AI Bridge is at capacity',
		reason: details => `Too many people are using it right now.${response(details)}`,
		remedy: ['Try again in a minute.', 'If this keeps happening, contact your Coder admin.'],
	},
	'budget-spent': {
		headline: details => (details.blocked === undefined ? 'Your AI budget is used up' : 'Your AI budget is zero'),
		reason: details =>
			details.blocked === undefined
				? `Your token is fine. Budgets start again on the first of the month (UTC).${response(details)}`
				: `Your token is fine, but a policy doesn't allow you any use of AI.${response(details)}`,
		remedy: details => [
			details.blocked === undefined
				? 'Ask your Coder admin for more, or wait for the next month.'
				: 'Ask your Coder admin for a budget.',
		],
	},
	'byok-disabled': {
		headline: "Coder doesn't allow your own API keys",
		reason: details => `The request included a provider key of yours.${response(details)}`,
		remedy: ['Remove your own X-Coder-AI-… headers from the settings of the provider.'],
	},
	'bridge-disconnected': {
		headline: 'AI Bridge lost its connection to Coder',
		reason: details => `It can't check tokens until it reconnects.${response(details)}`,
		remedy: tryLater,
	},
	'handler-pool': {
		headline: 'AI Bridge returned an internal error',
		reason: details => `It couldn't handle the request.${response(details)}`,
		remedy: ['Try again in a minute.', 'If this keeps happening, contact your Coder admin.'],
	},
	'route-unknown': {
		headline: "Coder doesn't have AI Bridge at this path",
		reason: details =>
			`${details.route ?? 'The path'} doesn't exist. AI Bridge has two paths, depending on the Coder version.`,
		remedy: details => ['Use the other one:', `--route ${details.other ?? 'aibridge'}`],
	},

	// ── Providers ──────────────────────────────────────────────────────────────────────────────────────────────────
	'provider-unknown': {
		headline: details => `Coder has no provider named “${details.provider}”`,
		reason: details =>
			details.known === undefined
				? `It may have another name, or not exist.${response(details)}`
				: `The providers are: ${details.known}.`,
		remedy: ['Ask your Coder admin for the name, and select it in the wizard.'],
	},
	'provider-disabled': {
		headline: details => `${details.provider ? `“${details.provider}”` : 'The provider'} is turned off in Coder`,
		reason: details => `Your Coder admin turned it off.${response(details)}`,
		remedy: ['Select another provider, or ask your Coder admin to turn it on.'],
	},
	'provider-not-serving': {
		headline: details => `“${details.provider}” is listed, but not serving`,
		reason: details => `Coder has the provider, but its configuration doesn't work.${response(details)}`,
		remedy: ["Ask your Coder admin to check the provider's settings in AI Bridge."],
	},
	'provider-without-key': {
		headline: details => `“${details.provider}” has no API key in AI Bridge`,
		reason: details => `Your token is fine; your company's key is missing.${response(details)}`,
		remedy: ["Ask your Coder admin to add the provider's API key in AI Bridge."],
	},
	'provider-url-wrong': {
		headline: details => `“${details.provider}” has a wrong base URL in AI Bridge`,
		reason: details => `Your token is fine; the URL configured in AI Bridge isn't an API.${response(details)}`,
		remedy: ["Ask your Coder admin to correct the provider's base URL in AI Bridge."],
	},
	'upstream-key-bad': {
		headline: details => `“${details.provider}” rejected your company's API key`,
		reason: details => `Your token is fine; the key configured in AI Bridge isn't.${response(details)}`,
		remedy: ["Ask your Coder admin to replace the provider's API key in AI Bridge."],
	},
	'upstream-no-credit': {
		headline: details => `Your company's account at “${details.provider}” has no credit`,
		reason: details => `Your token is fine; the account behind AI Bridge can't pay.${response(details)}`,
		remedy: ['Ask your Coder admin to add credit to the account at the provider.'],
	},
	'upstream-down': {
		headline: details => `AI Bridge can't reach ${details.provider ? `“${details.provider}”` : 'the provider'}`,
		reason: details => `AI Bridge and your token are fine; the provider doesn't respond.${response(details)}`,
		remedy: ['Try again later. Your settings are right.'],
	},
	'upstream-error': {
		headline: details =>
			`“${details.provider}” returned an error${details.status === undefined ? '' : ` (${details.status})`}`,
		reason: details => `AI Bridge and your token are fine; the provider failed.${response(details)}`,
		remedy: ['Try again later. Your settings are right.'],
	},
	'upstream-rate-limited': {
		headline: details => `“${details.provider}” limits your company's requests`,
		reason: details =>
			`AI Bridge and your token are fine; the limit is the provider's, or its quota is used up.${response(details)}`,
		remedy: ['Try again in a minute. Your settings are right.', 'If this keeps happening, contact your Coder admin.'],
	},
	'model-unavailable': {
		headline: details => `“${details.provider}” doesn't have the model ${details.model}`,
		reason: details => `AI Bridge and your token are fine, but Mux would use this model.${response(details)}`,
		remedy: ['Use another model in Mux, or ask your Coder admin for it.'],
	},
	'base-url-wrong': {
		headline: "The base URL doesn't reach AI Bridge",
		reason: details => `${details.now}: ${details.problem}.`,
		remedy: details => ['Use this base URL:', details.url],
	},
})
