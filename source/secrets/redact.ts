// What must never be accepted as an argument or echoed: a token there would end up in the shell's history and in the
// process list.

const NAMED = /(?:^|[-_])(?:token|api-?_?key|apikey|key|secret|password|passwd|pass|credential|bearer|session)s?$/
const CODER_TOKEN = /(?<![A-Za-z0-9])[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9])/
/** A Coder token, perhaps with something joined to it or cut off. A host name has a dot after it. */
const TOKEN_LIKE = /(?<![A-Za-z0-9])[A-Za-z0-9]{9,}-[A-Za-z0-9]{16,}(?![A-Za-z0-9.])|(?<![\w-])sk-[\w-]{12,}(?![\w.-])/
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

export type TextSpan = { readonly start: number; readonly end: number }

/**
 * Where a text contains what looks like a token, also one that is cut off or has other characters before it: of those,
 * at most the ten that a token begins with belong to it.
 */
export function findTokenLike(text: string): TextSpan | null {
	const found = TOKEN_LIKE.exec(text)
	if (!found) return UUID.test(text.trim()) ? { start: 0, end: text.length } : null
	const end = found.index + found[0].length
	return { start: Math.max(found.index, found.index + found[0].indexOf('-') - 10), end }
}

/** An argument as it may be shown in an error: itself if it is short and harmless, else only its length. */
export function redactArgument(text: string): string {
	const plain = /^[\w.,:/@+-]{1,32}$/.test(text)
	// An incomplete token no longer has a token's form: mixed capitals and digits in one run are enough to hide it.
	const tokenLike = /(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])[A-Za-z\d]{8,}/.test(text)
	return plain && !tokenLike && !looksLikeCredential(text) ? `"${text}"` : `(${text.length} characters, not shown)`
}
