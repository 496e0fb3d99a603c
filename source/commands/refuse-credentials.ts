import { finding, UserError } from '../findings/finding.ts'
import {
	isCredentialName,
	isCutToken,
	isTokenInsteadOfPath,
	looksLikeCredential,
	redactArgument,
} from '../secrets/redact.ts'
import { options } from './options.ts'
import { closestMatch } from './suggest.ts'

type Token =
	| { kind: 'option'; name: string; rawName: string; value?: string | undefined }
	| { kind: 'positional'; value: string }
	| { kind: 'option-terminator' }

/**
 * Throws if a credential is among the arguments: `--token X`, `--api-key=X`, `OPENAI_API_KEY=X`, or a bare token. No
 * message contains its text.
 */
export function refuseCredentials(args: readonly string[], tokens: readonly Token[]): void {
	const refuse = (option?: string) => {
		throw new UserError(finding('token-in-arguments', 'arguments', { option }))
	}
	const names: readonly string[] = options.map(option => option.name)
	for (const argument of args) {
		// An option by itself, which most arguments are.
		if (argument.startsWith('--') && names.includes(argument.slice(2))) continue
		// A token behind a dash would be read as a cluster of short options.
		if (/^-+[^=]*$/.test(argument) && looksLikeCredential(argument.replace(/^-+/, ''))) refuse()
		const [, dashes = '', name = '', rest = ''] = /^(-{0,2})([A-Za-z][\w-]*)(=?)/s.exec(argument) ?? []
		if (names.includes(name) || !isCredentialName(name)) continue
		// A bare word ("token") is an unexpected argument; with a value, or as an option, it is a place for a
		// credential.
		if (dashes === '' && rest === '') continue
		// A misspelled option of this program (`--token-stdn`) is reported as such, unless it has a value.
		if (rest === '' && closestMatch(name, names)) continue
		refuse(dashes === '' ? undefined : redactArgument(`${dashes}${name}`))
	}
	for (const token of tokens) {
		if (token.kind === 'option-terminator' || token.value === undefined) continue
		if (token.kind === 'option') {
			const row = options.find(option => option.name === token.name)
			if (row?.value?.file) {
				// A token in place of its file: the error about the missing file would show it.
				if (isTokenInsteadOfPath(token.value)) refuse(redactArgument(`--${row.name}`))
				continue
			}
			if (row?.name.includes('token') && !row.value) refuse(redactArgument(`--${row.name}`))
		}
		if (looksLikeCredential(token.value) || isCutToken(token.value)) refuse()
	}
}
