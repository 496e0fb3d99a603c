// The parts of a check: what was found in each, and its progress.
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'

export type PartStatus = 'running' | 'passed' | 'warning' | 'failed' | 'skipped'

/** The progress of one part of the check. `part` is `deployment`, `token`, `bridge` or the id of a target. */
export type Progress = {
	readonly part: string
	readonly status: PartStatus
	/** A few words ("v2.36.0", "ada, API token “mux-laptop”, expires in 29 days", "answered in 0.3 s"). */
	readonly note: string
	readonly findings: readonly Finding[]
}

/** Collects the findings of each part, and reports its progress. */
export function createParts(names: readonly string[], onProgress: ((progress: Progress) => void) | undefined) {
	const found = new Map<string, readonly Finding[]>(names.map(name => [name, []]))
	const tell = (part: string, status: PartStatus, note: string, findings: readonly Finding[] = []) => {
		if (status !== 'running') found.set(part, findings)
		onProgress?.({ part, status, note, findings })
	}
	return {
		start: (...parts: string[]) => {
			for (const part of parts) tell(part, 'running', '')
		},
		settle: (part: string, note: string, findings: readonly Finding[]) =>
			tell(part, statusOf(findings), note, findings),
		skip: (...parts: string[]) => {
			for (const part of parts) tell(part, 'skipped', '')
		},
		findings: () => onceCancelled(names.flatMap(name => found.get(name) ?? [])),
	}
}

export type Parts = ReturnType<typeof createParts>

function statusOf(findings: readonly Finding[]): PartStatus {
	if (findings.some(one => one.code === 'cancelled')) return 'skipped'
	const severities = findings.map(severityOf)
	return severities.includes('error') ? 'failed' : severities.includes('warning') ? 'warning' : 'passed'
}

/** Many requests are cancelled at once; one finding is enough. */
function onceCancelled(findings: readonly Finding[]): Finding[] {
	const first = findings.findIndex(one => one.code === 'cancelled')
	return findings.filter((one, place) => one.code !== 'cancelled' || place === first)
}
