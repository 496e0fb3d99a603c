// What must never be accepted as an argument or echoed: a token there would end up in the shell's history and in the
// process list.

const NAMED = /(?:^|[-_])(?:token|api-?_?key|apikey|key|secret|password|passwd|pass|credential|bearer|session)s?$/
const CODER_TOKEN = /(?<![A-Za-z0-9])[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9])/
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const PREFIXED = /(?:^|[=:\s"'])(?:sk-|eyJ|gh[opsu]_|github_pat_|AIza)[\w-]{8,}/
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[\w+=-]{28,}$/

/** Whether the name of an option or variable is that of a credential (`token`, `api-key`, `OPENAI_API_KEY`). */
export function isCredentialName(name: string): boolean {
	return NAMED.test(name.toLowerCase())
}

/** Whether a text looks like a credential: a Coder token anywhere in it, or a key or UUID by itself. */
export function looksLikeCredential(text: string): boolean {
	return CODER_TOKEN.test(text) || PREFIXED.test(text) || UUID.test(text.trim()) || OPAQUE.test(text.trim())
}

/** An argument as it may be shown in an error: itself if it is short and harmless, else only its length. */
export function redactArgument(text: string): string {
	const plain = /^[\w.,:/@+-]{1,32}$/.test(text)
	// An incomplete token no longer has a token's form: mixed capitals and digits in one run are enough to hide it.
	const tokenLike = /(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])[A-Za-z\d]{8,}/.test(text)
	return plain && !tokenLike && !looksLikeCredential(text) ? `"${text}"` : `(${text.length} characters, not shown)`
}
