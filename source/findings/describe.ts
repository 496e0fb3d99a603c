import { getProviderTitle } from '../providers.ts'
import { docsLink } from './addresses.ts'
import type { FindingCode, Severity } from './codes.ts'
import type { Finding } from './finding.ts'
import { getMessage } from './messages/index.ts'
import { type MessageTemplate, renderMessage } from './messages/types.ts'
import { severityOf } from './severity.ts'

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

/** Whom the users of a company ask; cleaned text from its file of defaults. */
export type SupportContact = { readonly text?: string; readonly url?: string }

/** Set once, when the process starts. */
let support: SupportContact | null = null

/** Sets the contact that is shown with every error. */
export function setSupportContact(contact: SupportContact | null): void {
	support = contact
}

/** Starts with words of the program's own, so that no text of a file can look like a command. */
function supportSteps(severity: Severity): string[] {
	if (!support || severity !== 'error') return []
	const { text, url } = support
	return [text ? `Get help from your company: ${text}` : 'Get help from your company:', ...(url ? [url] : [])]
}

/** Renders the texts of a finding. */
export function describeFinding(finding: Finding): DescribedFinding {
	const { code, subject, details } = finding
	// The table has a template of the right type for each code; the compiler can't follow the pair.
	const template = getMessage(code) as MessageTemplate<typeof details>
	const severity = severityOf(finding)
	const { remedy, ...texts } = renderMessage(template, details)
	return { code, severity, subject, ...texts, remedy: [...remedy, ...supportSteps(severity)], docs: docsLink(code) }
}

/** Renders findings, and says once what holds for several providers: "Mux sends OpenAI and Anthropic models to …". */
export function describeFindings(findings: readonly Finding[]): DescribedFinding[] {
	const groups = new Map<string, { texts: DescribedFinding; words: string[]; titles: Set<string> }>()
	for (const described of findings.map(describeFinding)) {
		const title = getProviderTitle(described.subject)
		const words = described.headline.split(title)
		const key = JSON.stringify([words, described.severity, described.reason, described.remedy])
		const group = groups.get(key) ?? { texts: described, words, titles: new Set() }
		groups.set(key, group)
		group.titles.add(title)
	}
	return [...groups.values()].map(({ texts, words, titles }) => ({
		...texts,
		headline: words.join([...titles].join(' and ')),
	}))
}
