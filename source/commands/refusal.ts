// How a Refusal and a bug are told at the door: as JSON where it was asked for, else in words on stderr.
import { cleanText } from '../findings/clean-text.ts'
import { describe, finding, type Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { maskCredential } from '../secret.ts'
import { resultOfFailure, resultText } from './result.ts'

/** Tells why something could not be done. */
export function tellRefusal(host: Host, refusal: Refusal, asJson: boolean): void {
	if (asJson) host.stdout.write(resultText(resultOfFailure(refusal.findings)))
	for (const found of refusal.findings) {
		const { headline, reason, remedy } = describe(found)
		host.stderr.write(`${headline}\n${reason ? `  ${reason}\n` : ''}${remedy.map(step => `  ${step}\n`).join('')}`)
	}
}

/** Tells a bug: its kind and where it happened, with nothing in it that could be a credential. */
export function tellBug(host: Host, error: unknown, version: string, asJson: boolean): void {
	const known = error instanceof Error ? error : new Error(typeof error)
	const message = maskTokens(cleanText(known.message, 300))
	const places = (known.stack ?? '')
		.split('\n')
		.filter(line => /^\s+at /.test(line))
		.slice(0, 6)
		.map(line => maskTokens(cleanText(line)))
	const found = finding('bug', 'program', { kind: known.name, message, version })
	if (asJson) host.stdout.write(resultText(resultOfFailure([found])))
	const { headline, reason, remedy } = describe(found)
	host.stderr.write(
		`${[headline, `  ${reason}`, ...remedy.map(step => `  ${step}`), ...places.map(place => `    ${place}`)].join('\n')}\n`,
	)
}

function maskTokens(text: string): string {
	return text.replace(/[A-Za-z0-9]{10}-[A-Za-z0-9]{22}|sk-[\w-]{8,}/g, maskCredential)
}
