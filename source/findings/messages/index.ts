// The only table of messages: screens, plain output, JSON, and the documentation take theirs from here.
import { codeTables, type FindingCode } from '../codes.ts'
import { deploymentMessages } from './deployment.ts'
import { muxMessages } from './mux.ts'
import { settingsMessages } from './settings.ts'
import type { MessagesFor } from './types.ts'
import { usageMessages } from './usage.ts'

/** In the order of the tables of codes. Each is created when one of its messages is needed: most runs show none. */
export const messageTables = [deploymentMessages, muxMessages, settingsMessages, usageMessages] as const
const createdTables: { [index: number]: Partial<MessagesFor<FindingCode>> | undefined } = {}

/** The texts of a code. */
export function getMessage<C extends FindingCode>(code: C): MessagesFor<FindingCode>[C] {
	const index = codeTables.findIndex(table => code in table)
	createdTables[index] ??= messageTables[index]?.()
	return (createdTables[index] as MessagesFor<FindingCode>)[code]
}
