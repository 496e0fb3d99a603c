// Everything that can be said about the deployment, the way to it, the token and AI Bridge (coder-contract, sections 2-5, 8).
import type { Details, Words } from './row.ts'

/** The detail as text, or `otherwise` where it is not known. */
function say(details: Details, key: string, otherwise: string): string {
	const value = details[key]
	return value === undefined || value === '' ? otherwise : String(value)
}

const host = (details: Details) => say(details, 'host', 'the deployment')
const origin = (details: Details) => say(details, 'origin', 'https://coder.example.com')
const proxy = (details: Details) => say(details, 'proxy', 'the proxy')
const provider = (details: Details) => say(details, 'provider', 'the provider')

/** ` It answered 403: “unauthorized”.`: what the server said, where it is known. */
function answered(details: Details): string {
	const status = say(details, 'status', '')
	const line = say(details, 'line', '')
	if (!status) return ''
	return line ? ` It answered ${status}: “${line}”${/[.!?…]$/.test(line) ? '' : '.'}` : ` It answered ${status}.`
}

/** The steps that show a session token to paste (coder-contract, section 4). */
function newToken(details: Details): string[] {
	return ['Get a new session token from this page and paste it:', `${origin(details)}/cli-auth`]
}

const administrator = 'Ask the administrator of the deployment.'

/** The line that makes Node programs, Mux included, trust a certificate authority. Never: switching verification off. */
function trustLine(details: Details): string {
	const file = say(details, 'file', '/path/to/company-ca.pem')
	return details['platform'] === 'win32'
		? `$env:NODE_EXTRA_CA_CERTS = '${file.replaceAll("'", "''")}'`
		: `export NODE_EXTRA_CA_CERTS=${/^[\w./@%+=:,-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`}`
}

const beforeBoth = 'Run this in the shell that starts the wizard and in the one that starts Mux, before they start:'

function trustSteps(details: Details): string[] {
	if (details['file'] !== undefined) return [beforeBoth, trustLine(details)]
	const found = details['store'] !== undefined
	if (found && details['platform'] === 'darwin') {
		return [
			'Write the certificates of this computer’s key chain into a file:',
			'security find-certificate -a -p /Library/Keychains/System.keychain > "$HOME/company-ca.pem"',
			beforeBoth,
			'export NODE_EXTRA_CA_CERTS="$HOME/company-ca.pem"',
		]
	}
	return [
		found
			? 'Export your company’s authority from this computer’s certificate store as a PEM file (Base64), or ask your IT department for it.'
			: 'Get the certificate of your company’s authority as a PEM file from your IT department.',
		beforeBoth,
		trustLine(details),
		'To try it in the wizard alone, give it the file:',
		'npx mux-bridge-wizard --ca-file /path/to/company-ca.pem',
	]
}

/** What is known of who else trusts the chain, and what it means for Mux. */
function trustNote(details: Details): string {
	const unread = details['extra'] === undefined ? '' : ` NODE_EXTRA_CA_CERTS is set, but ${details['extra']}.`
	if (details['file'] === undefined && details['store'] === undefined) return `Mux would refuse it too.${unread}`
	const where = details['file'] ?? 'its certificate store'
	return `This computer trusts it (${where}), but Node.js programs such as Mux do not look there: Mux would refuse it too.${unread}`
}

/** One of the four faces of a private certificate authority (coder-contract, section 8). */
function privateAuthority(reason: string, code: string): Words {
	return {
		severity: 'error',
		exitCode: 4,
		headline: details => `The certificate of ${host(details)} is not trusted`,
		reason: details => `${reason} (${code}). ${trustNote(details)}`,
		remedy: trustSteps,
		example: { host: 'coder.example.com', file: '/etc/ssl/certs/ca-certificates.crt' },
	}
}

/** The token can't be read as a session token: nothing was sent. */
const tokenForm = { severity: 'error', exitCode: 3 } as const

export const deploymentWords = {
	// ── The URL as it was typed ────────────────────────────────────────────────────────────────────────────────────
	'url-empty': {
		severity: 'error',
		exitCode: 2,
		headline: () => 'The deployment URL is missing',
		reason: () => 'The wizard must know where Coder runs.',
		remedy: () => ['Give the address that you open Coder with in the browser, such as:', 'https://coder.example.com'],
		example: {},
	},
	'url-not-understood': {
		severity: 'error',
		exitCode: 2,
		headline: details => `This is no URL: ${say(details, 'text', '(empty)')}`,
		reason: details => say(details, 'why', 'It can’t be read as an address.'),
		remedy: () => ['Give the address that you open Coder with in the browser, such as:', 'https://coder.example.com'],
		example: { text: 'https://coder example', why: 'There is a space in the host name.' },
	},
	'url-scheme': {
		severity: 'error',
		exitCode: 2,
		headline: details => `A deployment URL starts with https://, not ${say(details, 'scheme', 'this')}`,
		reason: () => 'AI Bridge is reached over HTTP only.',
		remedy: details => ['Use:', say(details, 'url', 'https://coder.example.com')],
		example: { scheme: 'ftp://', url: 'https://coder.example.com' },
	},
	'url-with-password': {
		severity: 'error',
		exitCode: 2,
		headline: () => 'The URL holds a user name or a password',
		reason: () => 'It would stand in the settings file and in logs, and Coder does not use it.',
		remedy: details => ['Leave it out:', say(details, 'url', 'https://coder.example.com')],
		example: { url: 'https://coder.example.com' },
	},
	'url-no-host': {
		severity: 'error',
		exitCode: 2,
		headline: () => 'The URL names no host',
		reason: details => `There is nothing between the scheme and the path in ${say(details, 'text', 'it')}.`,
		remedy: () => ['Give the address that you open Coder with in the browser, such as:', 'https://coder.example.com'],
		example: { text: 'https://' },
	},
	'url-insecure': {
		severity: 'warning',
		exitCode: 2,
		headline: details => `${host(details)} is asked over plain HTTP`,
		reason: () => 'Everybody on the way can read the token, from the wizard and from Mux.',
		remedy: details => ['Use https if the deployment has it:', say(details, 'url', 'https://coder.example.com')],
		example: { host: 'coder.example.com', url: 'https://coder.example.com' },
	},

	// ── The way to the deployment ──────────────────────────────────────────────────────────────────────────────────
	'host-not-found': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The host ${host(details)} is not known`,
		reason: details =>
			details['dns'] !== undefined
				? 'The name server did not answer, so the name could not be looked up.'
				: 'No name server knows this name, from where you are.',
		remedy: () => [
			'Look for a typing error in the URL.',
			'If the name is known inside the company only: connect the VPN.',
			'If the web is reached through a proxy, export it before the wizard and Mux start:',
			'export HTTPS_PROXY=http://proxy.example.com:3128',
		],
		example: { host: 'coder.example.com' },
	},
	'connection-refused': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} refuses the connection`,
		reason: details => `Nothing listens at port ${say(details, 'port', '443')} there.`,
		remedy: () => [
			'Check host and port of the URL; open it in the browser.',
			'If the page does not open there either, the deployment is down: ask its administrator.',
		],
		example: { host: 'coder.example.com', port: 443 },
	},
	'connection-reset': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} cut the connection`,
		reason: () => 'The connection was made and then closed without an answer, three times.',
		remedy: () => [
			'Check scheme and port of the URL (https or http).',
			'A firewall or a VPN can do this: try from another network.',
		],
		example: { host: 'coder.example.com' },
	},
	'no-answer': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} does not answer`,
		reason: details =>
			`No complete answer within ${say(details, 'seconds', '10')} seconds${details['path'] ? ` from ${details['path']}` : ''}.`,
		remedy: () => [
			'Check that the VPN is connected, and that the URL opens in the browser.',
			'If the web is reached through a proxy, export it before the wizard and Mux start:',
			'export HTTPS_PROXY=http://proxy.example.com:3128',
		],
		example: { host: 'coder.example.com', seconds: 10 },
	},
	'network-unreachable': {
		severity: 'error',
		exitCode: 4,
		headline: details => `There is no way to ${host(details)} from here`,
		reason: details => `The network gave up (${say(details, 'code', 'ENETUNREACH')}).`,
		remedy: () => ['Check the network connection and the VPN.'],
		example: { host: 'coder.example.com', code: 'EHOSTUNREACH' },
	},
	'network-failed': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} could not be asked`,
		reason: details => `The connection failed (${say(details, 'code', 'unknown cause')}).`,
		remedy: () => ['Check that the URL opens in the browser from this computer.'],
		example: { host: 'coder.example.com', code: 'EPROTO' },
	},
	'https-to-plain-port': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} does not speak https at this port`,
		reason: () => 'The URL starts with https://, but plain HTTP comes back.',
		remedy: details => [
			'Use the https port of the deployment, or, if it has none (the token is then readable on the way):',
			say(details, 'url', 'http://coder.example.com:3000'),
		],
		example: { host: 'coder.example.com:3000', url: 'http://coder.example.com:3000' },
	},
	'http-to-tls-port': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} wants https at this port`,
		reason: () => 'The URL starts with http://, but the port speaks TLS.',
		remedy: details => ['Use:', say(details, 'url', 'https://coder.example.com')],
		example: { host: 'coder.example.com', url: 'https://coder.example.com' },
	},

	// ── Certificates ───────────────────────────────────────────────────────────────────────────────────────────────
	'tls-self-signed-in-chain': privateAuthority(
		'It comes from an authority that Node.js does not know: a company’s own, or a firewall that reads the traffic',
		'SELF_SIGNED_CERT_IN_CHAIN',
	),
	'tls-self-signed-leaf': privateAuthority('It is signed by itself', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
	'tls-unable-to-verify-leaf': privateAuthority(
		'The server does not send the certificate that stands between its own and the authority, or the authority is a private one',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	),
	'tls-unable-to-get-issuer': privateAuthority(
		'The authority that signed it is not known to Node.js',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	),
	'certificate-other-host': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The certificate is not for ${host(details)}`,
		reason: details => `It is made for ${say(details, 'names', 'other names')}.`,
		remedy: () => ['Use the host name that the certificate is made for, as the browser shows it.'],
		example: { host: 'coder.internal', names: 'coder.example.com' },
	},
	'certificate-expired': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The certificate of ${host(details)} has expired`,
		reason: details => `It was valid until ${say(details, 'until', 'a day that is past')}.`,
		remedy: () => ['Check the clock of this computer.', `If the clock is right: ${administrator.toLowerCase()}`],
		example: { host: 'coder.example.com', until: '2026-01-02' },
	},
	'certificate-not-yet-valid': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The certificate of ${host(details)} is not valid yet`,
		reason: details => `It is valid from ${say(details, 'from', 'a later day')} on.`,
		remedy: () => ['Check the clock of this computer.'],
		example: { host: 'coder.example.com', from: '2027-01-02' },
	},
	'tls-client-certificate': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} asks for a client certificate`,
		reason: () => 'Something in front of the deployment lets only known machines in. Mux can’t show a certificate.',
		remedy: () => ['Ask the administrator for an address of the deployment that does without.'],
		example: { host: 'coder.example.com' },
	},
	'tls-failed': {
		severity: 'error',
		exitCode: 4,
		headline: details => `No secure connection to ${host(details)}`,
		reason: details => `The TLS handshake failed (${say(details, 'code', 'unknown cause')}).`,
		remedy: () => ['Check host and port of the URL.', 'A firewall that reads the traffic can cause this too.'],
		example: { host: 'coder.example.com', code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' },
	},
	'ca-file-unreadable': {
		severity: 'error',
		exitCode: 2,
		headline: details => `The certificate file ${say(details, 'file', 'of --ca-file')} can’t be used`,
		reason: details => `${say(details, 'why', 'It can’t be read')}.`,
		remedy: () => ['Give a PEM file: it holds a line -----BEGIN CERTIFICATE-----.'],
		example: { file: '/home/ada/company-ca.pem', why: 'There is no such file' },
	},

	// ── Proxies ────────────────────────────────────────────────────────────────────────────────────────────────────
	'proxy-refused': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The proxy ${proxy(details)} does not let the connection through`,
		reason: details => say(details, 'why', 'It could not be reached.') + answered(details),
		remedy: details => [
			`Check ${say(details, 'variable', 'HTTPS_PROXY')}.`,
			'If the deployment is reached without a proxy:',
			details['platform'] === 'win32' ? `$env:NO_PROXY = '${host(details)}'` : `export NO_PROXY=${host(details)}`,
		],
		example: {
			proxy: 'http://proxy.example.com:3128',
			host: 'coder.example.com',
			variable: 'HTTPS_PROXY',
			status: 403,
		},
	},
	'proxy-needs-password': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The proxy ${proxy(details)} wants a user name and a password`,
		reason: details => (details['user'] ? 'It did not accept the ones that it got (407).' : 'It got none (407).'),
		remedy: details => [
			'Put them into the variable, with special characters percent-encoded, before the wizard and Mux start:',
			`export ${say(details, 'variable', 'HTTPS_PROXY')}=http://USER:PASSWORD@${proxy(details).replace(/^\w+:\/\//, '')}`,
		],
		example: { proxy: 'http://proxy.example.com:3128', variable: 'HTTPS_PROXY' },
	},
	'proxy-in-use': {
		severity: 'info',
		exitCode: 4,
		headline: details => `${host(details)} is reached through the proxy ${say(details, 'proxy', 'that is set')}`,
		reason: details =>
			`${say(details, 'variable', 'HTTPS_PROXY')} names it, and Mux goes through it too where it is set for Mux.`,
		remedy: () => [],
		example: { host: 'coder.example.com', proxy: 'proxy.example.com:3128', variable: 'HTTPS_PROXY' },
	},
	'proxy-needed': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} is not reached without a proxy`,
		reason: details => say(details, 'why', 'The direct connection failed, and there seems to be a proxy.'),
		remedy: details => [
			'Name the proxy, before the wizard and Mux start:',
			`export ${say(details, 'variable', 'HTTPS_PROXY')}=${say(details, 'proxy', 'http://proxy.example.com:3128')}`,
		],
		example: {
			host: 'coder.example.com',
			why: 'The direct connection failed. HTTP_PROXY is set, but it does not count for https addresses.',
			proxy: 'http://proxy.example.com:3128',
		},
	},
	'proxy-not-understood': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${say(details, 'variable', 'HTTPS_PROXY')} is no proxy URL that Node.js can use`,
		reason: details => say(details, 'why', 'It starts with http:// or https://.'),
		remedy: details => [
			'Set it like this, before the wizard and Mux start:',
			`export ${say(details, 'variable', 'HTTPS_PROXY')}=http://proxy.example.com:3128`,
		],
		example: { variable: 'HTTPS_PROXY', why: 'It is a SOCKS proxy; an HTTP proxy is needed.' },
	},

	// ── Something else answers ─────────────────────────────────────────────────────────────────────────────────────
	'redirect-other-host': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} sends the wizard to ${say(details, 'target', 'another host')}`,
		reason: details =>
			details['coder'] === undefined
				? 'A sign-in page or a captive portal stands in front, or the deployment has moved. The wizard follows no redirect: the token stays here.'
				: 'The deployment has another address of its own. The wizard follows no redirect: the token stays here.',
		remedy: details =>
			details['coder'] === undefined
				? [
						'Open the URL in the browser: sign in to the network or connect the VPN.',
						'If the browser ends at another address of Coder, use that one.',
						'If a sign-in page guards the deployment, Mux can’t pass it: ask the administrator to let /api/v2 through.',
					]
				: ['Use its own address:', say(details, 'url', 'https://coder.example.com')],
		example: { host: 'coder.example.com', target: 'login.example.com', status: 302 },
	},
	'redirect-same-host': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} redirects to ${say(details, 'target', 'another page')}`,
		reason: details =>
			details['url'] === undefined
				? 'An answer was due here, not another page. A proxy in front that asks people to sign in does this.'
				: 'Mux does not follow redirects with a token, so its base URL must be the final one.',
		remedy: details =>
			details['url'] === undefined
				? ['Ask the administrator to let /api/v2 through without signing in.']
				: ['Use:', String(details['url'])],
		example: { host: 'coder.example.com', target: 'https://coder.example.com/', url: 'https://coder.example.com' },
	},
	'html-answer': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} answers with a web page`,
		reason: details =>
			`${say(details, 'path', 'The address')} gives HTML${details['title'] ? ` (“${details['title']}”)` : ''} where JSON was due: a sign-in page, a captive portal, a wrong URL, or not Coder.`,
		remedy: () => [
			'Open the URL in the browser: sign in to the network or connect the VPN.',
			'Check that it is the address of Coder itself.',
		],
		example: { host: 'coder.example.com', path: '/api/v2/buildinfo', title: 'Sign in' },
	},
	'not-coder': {
		severity: 'error',
		exitCode: 4,
		headline: details => `${host(details)} is not a Coder deployment`,
		reason: details =>
			`${say(details, 'path', '/api/v2/buildinfo')} does not say what Coder says there.${answered(details)}`,
		remedy: () => ['Give the address that you open Coder with in the browser.'],
		example: { host: 'www.example.com', status: 404, line: 'Not Found' },
	},
	'authenticating-proxy': {
		severity: 'error',
		exitCode: 4,
		headline: details => `Something in front of ${host(details)} asks for a login of its own`,
		reason: details =>
			`The refusal does not come from Coder.${answered(details)}${details['sent'] === undefined ? ' No token was sent.' : ''}`,
		remedy: () => [
			'Connect the VPN, or sign in to the company network.',
			'If that does not help, Mux can’t pass it either: ask the administrator to let /api/v2 through.',
		],
		example: { host: 'coder.example.com', status: 401, line: 'Authorization Required' },
	},
	'deployment-down': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The deployment at ${host(details)} is down`,
		reason: details => `The gateway in front of it answers, the deployment does not.${answered(details)}`,
		remedy: () => ['Try again in a few minutes.', `If it stays so: ${administrator.toLowerCase()}`],
		example: { host: 'coder.example.com', status: 503, line: 'Service Unavailable' },
	},
	'workspace-proxy': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${host(details)} is a workspace proxy, not the deployment`,
		reason: () => 'A workspace proxy brings workspaces nearer; it serves no AI Bridge.',
		remedy: details => ['Use the deployment itself:', say(details, 'url', 'https://coder.example.com')],
		example: { host: 'eu.coder.example.com', url: 'https://coder.example.com' },
	},
	'standalone-gateway': {
		severity: 'error',
		exitCode: 2,
		headline: details => `${host(details)} is a standalone AI gateway, not the deployment`,
		reason: () => 'It serves models, but it can’t say whose token it is or whether it is good.',
		remedy: details => [
			'Give the address that you open Coder with in the browser, such as:',
			'https://coder.example.com',
			'To use the gateway as it is, its base URLs are:',
			`${origin(details)}/openai/v1`,
			`${origin(details)}/anthropic`,
		],
		example: { host: 'gateway.example.com', origin: 'https://gateway.example.com' },
	},
	'answer-broken': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The answer of ${host(details)} can’t be read`,
		reason: details => `${say(details, 'path', 'The address')}: ${say(details, 'why', 'it is no HTTP')}.`,
		remedy: () => ['Check host and port of the URL.', 'A firewall or proxy in between can break answers too.'],
		example: { host: 'coder.example.com', path: '/api/v2/buildinfo', why: 'it is no JSON' },
	},
	'answer-too-big': {
		severity: 'error',
		exitCode: 4,
		headline: details => `The answer of ${host(details)} is too big`,
		reason: details =>
			`${say(details, 'path', 'The address')} sends more than ${say(details, 'limit', '1 MB')}; the wizard stopped reading.`,
		remedy: () => ['Check that the URL is the address of Coder.'],
		example: { host: 'coder.example.com', path: '/api/v2/buildinfo', limit: '1 MB' },
	},
	'server-error': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The deployment has a fault of its own (${say(details, 'status', '500')})`,
		reason: details => `${say(details, 'path', 'A request')} failed inside the server.${answered(details)}`,
		remedy: () => ['Try again in a few minutes.', `If it stays so: ${administrator.toLowerCase()}`],
		example: {
			host: 'coder.example.com',
			path: '/api/v2/users/me',
			status: 500,
			line: 'An internal error occurred. Please try again or contact the system administrator.',
		},
	},
	'rate-limited': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'Too many requests: the deployment asks for a pause',
		reason: details =>
			details['seconds'] === undefined
				? 'The limit counts each token’s requests.'
				: `It wants ${details['seconds']} ${Number(details['seconds']) === 1 ? 'second' : 'seconds'} without a request.`,
		remedy: () => ['Wait a little and try again. Another program that uses the same token counts too.'],
		example: { seconds: 30 },
	},
	'unknown-answer': {
		severity: 'error',
		exitCode: 1,
		headline: details => `${host(details)} gave an answer that the wizard does not know`,
		reason: details => `${say(details, 'path', 'The address')}:${answered(details) || ' no text.'}`,
		remedy: () => [`Show this to the administrator of the deployment.`],
		example: { host: 'coder.example.com', path: '/api/v2/aibridge', status: 418, line: 'I am a teapot' },
	},

	// ── The session token ──────────────────────────────────────────────────────────────────────────────────────────
	'token-empty': {
		severity: 'error',
		exitCode: 2,
		headline: details =>
			details['source'] === undefined ? 'The token is missing' : `There is no token in ${details['source']}`,
		reason: details =>
			details['source'] === undefined
				? 'AI Bridge needs a Coder session token.'
				: 'It is empty, or holds white space only. Perhaps the command that should write it there failed.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com', source: 'standard input' },
	},
	'token-malformed': {
		...tokenForm,
		headline: () => 'This is no Coder session token',
		reason: details =>
			`A session token has 10 letters and digits, a hyphen and 22 more: 33 characters.${details['length'] === undefined ? '' : ` This one has ${details['length']}.`}${details['why'] === undefined ? '' : ` ${details['why']}`}`,
		remedy: newToken,
		example: { origin: 'https://coder.example.com', length: 40 },
	},
	'token-characters': {
		...tokenForm,
		headline: () => 'The token holds characters that no token has',
		reason: details => `${say(details, 'what', 'Something other than letters, digits and a hyphen')} is in it.`,
		remedy: newToken,
		example: { origin: 'https://coder.example.com', what: 'A letter with an accent' },
	},
	'token-cut': {
		...tokenForm,
		headline: () => 'The token is cut off',
		reason: details => `A session token has 33 characters; this one has ${say(details, 'length', 'fewer')}.`,
		remedy: details => ['Copy it again, to its end:', `${origin(details)}/cli-auth`],
		example: { origin: 'https://coder.example.com', length: 27 },
	},
	'token-agent': {
		...tokenForm,
		headline: () => 'This is the token of a workspace agent',
		reason: () => 'CODER_AGENT_TOKEN belongs to the workspace’s own program. AI Bridge wants a user’s session token.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com' },
	},
	'token-provider-key': {
		...tokenForm,
		headline: details => `This is ${say(details, 'what', 'a provider’s own API key')}, not a Coder token`,
		reason: () =>
			'AI Bridge keeps the providers’ keys itself and knows you by your Coder session token. The key was not sent.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com', what: 'an API key of OpenAI' },
	},
	'token-missing': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'The token did not arrive',
		reason: details =>
			`The wizard sent it, ${host(details)} got none: something in between takes the ${say(details, 'header', 'Coder-Session-Token')} header out.`,
		remedy: () => ['Ask the administrator of the proxy in front of the deployment to let this header through.'],
		example: { host: 'coder.example.com', header: 'Coder-Session-Token' },
	},
	'token-unknown': {
		severity: 'error',
		exitCode: 3,
		headline: details => `The deployment does not know the token ${say(details, 'keyId', '')}`.trim(),
		reason: () =>
			'It was revoked (“coder logout” does that), its workspace was restarted or stopped, or it belongs to another deployment.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com', keyId: 'abcdefghij' },
	},
	'token-wrong-secret': {
		severity: 'error',
		exitCode: 3,
		headline: details => `The token ${say(details, 'keyId', '')} is mistyped after its hyphen`.replace('  ', ' '),
		reason: () => 'The deployment knows its first 10 characters; the other 22 are not right.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com', keyId: 'abcdefghij' },
	},
	'token-expired': {
		severity: 'error',
		exitCode: 3,
		headline: details => `The token expired${details['at'] === undefined ? '' : ` on ${details['at']}`}`,
		reason: details =>
			details['fresh'] === undefined
				? 'Using it for models does not make it live longer.'
				: 'That is only just past. If it was made now, its lifetime was given in the wrong unit: Coder counts nanoseconds.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com', at: '2026-01-02 03:04 UTC' },
	},
	'user-suspended': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'Your Coder account is suspended',
		reason: () => 'The token is known, but its user is switched off.',
		remedy: () => ['Ask the administrator of the deployment to reactivate your account.'],
		example: {},
	},
	'user-dormant': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'Your Coder account is dormant',
		reason: () => 'It was not used for long, and Coder put it to sleep.',
		remedy: details => [
			'Sign in to Coder in the browser to wake it up:',
			origin(details),
			`If that does not help: ${administrator.toLowerCase()}`,
		],
		example: { origin: 'https://coder.example.com' },
	},
	'login-provider-expired': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'Your sign-in with the login provider has expired',
		reason: () =>
			'The deployment can’t renew your session with GitHub or the company’s login, so it refuses the token.',
		remedy: details => ['Sign in to Coder again in the browser, then try again:', `${origin(details)}/cli-auth`],
		example: { origin: 'https://coder.example.com' },
	},
	'signed-out': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'The deployment does not accept the token',
		reason: details => `It gives no known cause.${answered(details)}`,
		remedy: newToken,
		example: {
			origin: 'https://coder.example.com',
			status: 401,
			line: 'You are signed out or your session has expired. Please sign in again to continue.',
		},
	},
	'token-audience': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'The token was made for another application',
		reason: () => 'It is an OAuth token with another audience.',
		remedy: newToken,
		example: { origin: 'https://coder.example.com' },
	},
	'token-scoped': {
		severity: 'info',
		exitCode: 3,
		headline: () => 'The token is a scoped one',
		reason: () => 'It may not ask whose it is and until when, so the wizard can’t say. AI Bridge accepts it.',
		remedy: () => [],
		example: {},
	},
	'token-other-deployment': {
		severity: 'error',
		exitCode: 3,
		headline: details => `The token belongs to ${say(details, 'other', 'another deployment')}`,
		reason: details => `It comes from ${say(details, 'source', 'elsewhere')}. It was not sent to ${host(details)}.`,
		remedy: newToken,
		example: {
			origin: 'https://coder.example.com',
			host: 'coder.example.com',
			other: 'coder.example.org',
			source: 'CODER_SESSION_TOKEN',
		},
	},
	'token-not-for-bridge': {
		severity: 'error',
		exitCode: 3,
		headline: () => 'AI Bridge refuses the token',
		reason: details =>
			details['user'] === undefined
				? 'It says no more than “unauthorized”.'
				: `The deployment itself accepts it as ${details['user']}’s; AI Bridge says “unauthorized”.`,
		remedy: newToken,
		example: { origin: 'https://coder.example.com', user: 'ada' },
	},
	'token-expires-soon': {
		severity: 'warning',
		exitCode: 3,
		headline: details => `The token expires ${say(details, 'when', 'soon')}`,
		reason: () => 'Mux’s requests do not make it live longer: on that day Mux stops working.',
		remedy: details => [
			'Make a token that lives longer, for Mux alone, here or with:',
			'npx mux-bridge-wizard --create-token',
			`${origin(details)}/settings/tokens`,
		],
		example: { origin: 'https://coder.example.com', when: 'in 6 days' },
	},
	'token-browser-session': {
		severity: 'warning',
		exitCode: 3,
		headline: () => 'The token is that of a browser session',
		reason: details =>
			`It lives for about a day (it expires ${say(details, 'when', 'soon')}), and signing out in the browser ends it at once.`,
		remedy: details => ['Make a token for Mux alone, here or on this page:', `${origin(details)}/settings/tokens`],
		example: { origin: 'https://coder.example.com', when: 'in 6 days' },
	},
	'token-cli-session': {
		severity: 'warning',
		exitCode: 3,
		headline: () => 'The token is that of the Coder CLI’s session',
		reason: details =>
			`It lives for about a week (it expires ${say(details, 'when', 'soon')}), and “coder logout” would cut Mux off.`,
		remedy: details => ['Make a token for Mux alone, here or on this page:', `${origin(details)}/settings/tokens`],
		example: { origin: 'https://coder.example.com', when: 'in 6 days' },
	},
	'token-workspace': {
		severity: 'warning',
		exitCode: 3,
		headline: () => 'The token is that of a workspace',
		reason: () => 'It is replaced at each start of the workspace and deleted at its stop. Don’t copy it elsewhere.',
		remedy: details => ['Make a token for Mux alone, here or on this page:', `${origin(details)}/settings/tokens`],
		example: { origin: 'https://coder.example.com', when: 'in 6 days' },
	},
	'token-name-taken': {
		severity: 'error',
		exitCode: 1,
		headline: details => `You have a token named ${say(details, 'name', 'like this')} already`,
		reason: () => 'Names of tokens are unique for each user.',
		remedy: () => ['Take another name, or replace the old token.'],
		example: { name: 'mux-laptop' },
	},
	'token-lifetime-refused': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'The deployment makes no token that lives so long',
		reason: details => `Its administrator set a maximum.${answered(details)}`,
		remedy: details => [`Ask for ${say(details, 'most', 'fewer days')}.`],
		example: { status: 400, line: 'lifetime must be less than 168h0m0s', most: 'at most 7 days' },
	},
	'token-not-made': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'No token could be made',
		reason: details => `The deployment refused.${answered(details)}`,
		remedy: details => ['Make one by hand on this page, and paste it:', `${origin(details)}/settings/tokens`],
		example: { origin: 'https://coder.example.com', status: 400, line: 'Failed to validate create API key request.' },
	},
	'token-not-deleted': {
		severity: 'warning',
		exitCode: 1,
		headline: details =>
			`The token ${say(details, 'name', say(details, 'keyId', 'made just now'))} could not be deleted`,
		reason: details => `It stays valid.${answered(details)}`,
		remedy: details => ['Delete it on this page:', `${origin(details)}/settings/tokens`],
		example: { origin: 'https://coder.example.com', name: 'mux-laptop', status: 500 },
	},
	'token-file-unwritable': {
		severity: 'error',
		exitCode: 5,
		headline: details => `The token’s file ${say(details, 'file', '(unknown)')} can’t be written`,
		reason: details => `The system refuses (${say(details, 'code', 'unknown cause')}). Nothing was changed.`,
		remedy: () => ['Check the folder and its permissions, or keep the token in the settings file.'],
		example: { file: '/home/ana/.mux/coder-token', code: 'EACCES' },
	},

	// ── AI Bridge ──────────────────────────────────────────────────────────────────────────────────────────────────
	'too-old': {
		severity: 'error',
		exitCode: 6,
		headline: details => `Coder ${say(details, 'version', 'here')} is too old for AI Bridge`,
		reason: () => 'AI Bridge came with v2.29.',
		remedy: () => ['Ask the administrator to update the deployment.'],
		example: { version: 'v2.27.1' },
	},
	'open-source-build': {
		severity: 'error',
		exitCode: 6,
		headline: () => 'This Coder has no AI Bridge',
		reason: details =>
			`Version ${say(details, 'version', '(unknown)')} does not know its address under either name. The open-source build has none; AI Bridge is in the Premium one.`,
		remedy: () => ['Ask the administrator for a deployment with AI Bridge.'],
		example: { version: 'v2.36.0' },
	},
	'no-licence': {
		severity: 'error',
		exitCode: 6,
		headline: () => 'The deployment has no licence for AI Bridge',
		reason: details => `Or AI Bridge is not switched on.${answered(details)}`,
		remedy: () => [
			'Ask the administrator: AI Bridge (AI Gateway) needs a Premium licence and CODER_AIBRIDGE_ENABLED=true.',
		],
		example: { status: 403, line: 'AI Gateway is a Premium feature. Contact sales!' },
	},
	'bridge-off': {
		severity: 'error',
		exitCode: 6,
		headline: () => 'AI Bridge is switched off',
		reason: details => `The deployment has it, but it does not run.${answered(details)}`,
		remedy: () => ['Ask the administrator to start the server with CODER_AIBRIDGE_ENABLED=true.'],
		example: { status: 404, line: 'aibridged handler not mounted' },
	},
	'at-capacity': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'AI Bridge is at capacity',
		reason: details => `It serves as many requests as it can, at the moment.${answered(details)}`,
		remedy: () => ['Try again in a minute.', `If it is often so: ${administrator.toLowerCase()}`],
		example: { status: 503, line: 'AI Gateway is currently at capacity. Please try again later.' },
	},
	'budget-spent': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'Your AI budget is spent',
		reason: details => `The token is good.${answered(details)}`,
		remedy: () => ['Ask the administrator for more, or wait for the next period.'],
		example: { status: 403, line: 'AI budget of US$12.34 exceeded. Please contact an administrator for more details.' },
	},
	'byok-disabled': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'The deployment takes no API keys of your own',
		reason: details => `A request came with a key of yours for the provider.${answered(details)}`,
		remedy: () => ['Remove the headers of your own (X-Coder-AI-…) from the provider’s settings.'],
		example: { status: 403, line: 'Bring Your Own Key (BYOK) mode is not enabled.' },
	},
	'gateway-cut-off': {
		severity: 'error',
		exitCode: 6,
		headline: () => 'AI Bridge has lost its connection to the deployment',
		reason: details => `It can’t check tokens until it is back.${answered(details)}`,
		remedy: () => ['Try again in a few minutes.', `If it stays so: ${administrator.toLowerCase()}`],
		example: { status: 503, line: 'could not connect to coderd' },
	},
	'handler-pool': {
		severity: 'error',
		exitCode: 1,
		headline: () => 'AI Bridge could not take the request',
		reason: details => `It has a fault of its own.${answered(details)}`,
		remedy: () => ['Try again in a minute.', `If it stays so: ${administrator.toLowerCase()}`],
		example: { status: 500, line: 'failed to acquire request handler' },
	},
	'route-unknown': {
		severity: 'error',
		exitCode: 6,
		headline: details => `The deployment does not know ${say(details, 'route', 'this route')}`,
		reason: () => 'AI Bridge has two names for its address; which one is there depends on the version.',
		remedy: details => ['Use the other one:', `--route ${say(details, 'other', 'aibridge')}`],
		example: { route: '/api/v2/ai-gateway', other: 'aibridge' },
	},

	// ── Each provider ──────────────────────────────────────────────────────────────────────────────────────────────
	'provider-unknown': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The deployment serves no provider named “${provider(details)}”`,
		reason: details =>
			details['known'] === undefined
				? `It may have it under another name, or not at all.${answered(details)}`
				: `It has: ${details['known']}.`,
		remedy: () => ['Ask the administrator for the name, and choose it in the wizard.'],
		example: { provider: 'anthropic', status: 404, line: 'route not supported: GET /anthropic/v1/models' },
	},
	'provider-disabled': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The provider “${provider(details)}” is switched off in the deployment`,
		reason: details => `The administrator disabled it.${answered(details)}`,
		remedy: () => ['Choose another provider, or ask the administrator to enable it.'],
		example: { provider: 'openai', status: 503, line: 'provider_disabled: AI provider "openai" is disabled' },
	},
	'upstream-key-bad': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `“${provider(details)}” refuses the deployment’s own API key`,
		reason: details => `Your token is fine; the key that the administrator put in is not.${answered(details)}`,
		remedy: () => ['Tell the administrator: the provider’s API key in AI Bridge must be renewed.'],
		example: { provider: 'openai', status: 401, line: 'Incorrect API key provided' },
	},
	'upstream-down': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `AI Bridge does not reach “${provider(details)}” at the moment`,
		reason: details => `Bridge and token are fine; the provider behind it does not answer.${answered(details)}`,
		remedy: () => ['Try again later. The settings can be written all the same.'],
		example: { provider: 'openai', status: 502, line: 'upstream proxy error' },
	},
	'upstream-rate-limited': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `“${provider(details)}” has had too many requests from the deployment`,
		reason: details => `Bridge and token are fine; the limit is the provider’s.${answered(details)}`,
		remedy: () => ['Try again later. The settings can be written all the same.'],
		example: { provider: 'openai', status: 429, line: 'Rate limit reached' },
	},
	'no-models': {
		severity: 'warning',
		exitCode: 1,
		headline: details => `“${provider(details)}” does not list its models`,
		reason: details => `Azure, Bedrock and others have no such list; chat can work all the same.${answered(details)}`,
		remedy: () => ['Nothing to do, if Mux works. Send one message in Mux to be sure.'],
		example: { provider: 'azure', status: 404, line: 'Resource not found' },
	},
	'model-not-offered': {
		severity: 'info',
		exitCode: 1,
		headline: details => `“${provider(details)}” does not offer ${say(details, 'models', 'a model')}`,
		reason: () => 'The settings name it, the deployment’s list does not.',
		remedy: () => ['Choose another model in Mux, or ask the administrator for it.'],
		example: { provider: 'openai', models: 'gpt-99' },
	},
	'route-wrong': {
		severity: 'error',
		exitCode: 1,
		headline: details => `The base URL is wrong: ${say(details, 'fault', 'its path')}`,
		reason: details => `Now it is ${say(details, 'now', 'another')}.${answered(details)}`,
		remedy: details => ['It must be:', say(details, 'url', 'https://coder.example.com/api/v2/aibridge/openai/v1')],
		example: {
			fault: '/v1 is missing',
			now: 'https://coder.example.com/api/v2/aibridge/openai',
			url: 'https://coder.example.com/api/v2/aibridge/openai/v1',
		},
	},
} satisfies Record<string, Words>
