import { withProgramCommand } from '../../program-command.ts'
import type { DetailsByCode, FindingCode } from '../codes.ts'

/** A text, or a function that fills it in with the finding's details. */
type Text<D, T> = T | ((details: D) => T)

/** The texts of one code: what happened, why, and what to do. */
export type MessageTemplate<D> = {
	readonly headline: Text<D, string>
	readonly reason: Text<D, string>
	/** One step an entry; a command or a URL is alone in its entry. */
	readonly remedy: Text<D, readonly string[]>
}

/** A template for each of the codes. */
export type MessagesFor<C extends FindingCode> = { readonly [Code in C]: MessageTemplate<DetailsByCode[Code]> }

export type Message = { headline: string; reason: string; remedy: string[] }

export function renderMessage<D>({ headline, reason, remedy }: MessageTemplate<D>, details: D): Message {
	const render = <T>(text: Text<D, T>) => (typeof text === 'function' ? (text as (details: D) => T)(details) : text)
	return {
		headline: render(headline),
		reason: withProgramCommand(render(reason)),
		remedy: render(remedy).map(withProgramCommand),
	}
}
