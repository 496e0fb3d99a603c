// How to make Node.js programs, Mux included, trust the certificate authority of a company. Never by turning off
// verification.
import type { DetailsByCode } from '../codes.ts'

export type UntrustedChain = DetailsByCode['tls-self-signed-leaf']

const inBothShells =
	'Run this in the shell that starts the wizard and in the one that starts Mux, before you start them:'

function trustCommand({ platform, file = '/path/to/company-ca.pem' }: UntrustedChain): string {
	return platform === 'win32'
		? `$env:NODE_EXTRA_CA_CERTS = '${file.replaceAll("'", "''")}'`
		: `export NODE_EXTRA_CA_CERTS=${/^[\w./@%+=:,-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`}`
}

export function trustSteps(details: UntrustedChain): string[] {
	if (details.file !== undefined) return [inBothShells, trustCommand(details)]
	const isInStore = details.store !== undefined
	if (isInStore && details.platform === 'darwin') {
		return [
			"Save the certificates of this machine's keychain to a file:",
			'security find-certificate -a -p /Library/Keychains/System.keychain > "$HOME/company-ca.pem"',
			inBothShells,
			'export NODE_EXTRA_CA_CERTS="$HOME/company-ca.pem"',
		]
	}
	return [
		isInStore
			? "Export your company's certificate authority from this machine's certificate store as a PEM file (Base64), or ask your IT department for it."
			: "Ask your IT department for your company's certificate authority as a PEM file.",
		inBothShells,
		trustCommand(details),
		'To try it in the wizard only:',
		'npx mux-bridge-wizard --ca-file /path/to/company-ca.pem',
	]
}

/** Whether this machine trusts the chain, and what that means for Mux. */
export function trustNote({ file, store, extra }: UntrustedChain): string {
	const ignoredVariable = extra === undefined ? '' : ` NODE_EXTRA_CA_CERTS is set, but ${extra}.`
	if (file === undefined && store === undefined) return `Mux would reject it too.${ignoredVariable}`
	return `This machine trusts it (${file ?? 'its certificate store'}), but Node.js doesn't look there: Mux would reject it too.${ignoredVariable}`
}
