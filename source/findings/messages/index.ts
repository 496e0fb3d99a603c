// The only table of messages: screens, plain output, JSON, and the documentation take theirs from here.
import type { FindingCode } from '../codes.ts'
import { deploymentMessages } from './deployment.ts'
import { muxMessages } from './mux.ts'
import { settingsMessages } from './settings.ts'
import type { MessagesFor } from './types.ts'
import { usageMessages } from './usage.ts'

export const messageTables = [deploymentMessages, muxMessages, settingsMessages, usageMessages] as const

type Messages = typeof deploymentMessages & typeof muxMessages & typeof settingsMessages & typeof usageMessages

/** The texts of a code. */
export function getMessage<C extends FindingCode>(code: C): MessagesFor<FindingCode>[C] {
	const messages: MessagesFor<FindingCode> = messageTables.find(table => code in table) as Messages
	return messages[code]
}
