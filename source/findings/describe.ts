import { docsLink } from './addresses.ts'
import type { FindingCode, Severity } from './codes.ts'
import { type Finding, severityOf } from './finding.ts'
import { messages } from './messages/index.ts'
import { type MessageTemplate, renderMessage } from './messages/types.ts'

/** A finding with its texts, as the JSON result shows it and as every front end prints it. */
export type DescribedFinding = {
	code: FindingCode
	severity: Severity
	subject: string
	headline: string
	reason: string
	/** What to do, one step an entry; a step that is a command or a URL is alone in its entry. */
	remedy: string[]
	/** Its entry in the documentation. */
	docs: string
}

/** Renders the texts of a finding. */
export function describeFinding(finding: Finding): DescribedFinding {
	const { code, subject, details } = finding
	// The table has a template of the right type for each code; the compiler can't follow the pair.
	const template = messages[code] as MessageTemplate<typeof details>
	return { code, severity: severityOf(finding), subject, ...renderMessage(template, details), docs: docsLink(code) }
}
