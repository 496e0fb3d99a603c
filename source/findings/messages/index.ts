// The only table of messages: screens, plain output, JSON, and the documentation take theirs from here.
import type { FindingCode } from '../codes.ts'
import { deploymentMessages } from './deployment.ts'
import { muxMessages } from './mux.ts'
import { settingsMessages } from './settings.ts'
import type { MessagesFor } from './types.ts'
import { usageMessages } from './usage.ts'

export const messages: MessagesFor<FindingCode> = {
	...deploymentMessages,
	...muxMessages,
	...settingsMessages,
	...usageMessages,
}
