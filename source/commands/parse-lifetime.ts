const UNITS: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 7 * 86_400 }

/** Seconds in `30d`, `12h` or `4w`; null for anything else, including a bare number, whose unit would be a guess. */
export function parseLifetimeSeconds(text: string): number | null {
	const parts = /^(\d{1,5}) ?([hdw])(?:ours?|ays?|eeks?)?$/.exec(text.trim().toLowerCase())
	const seconds = parts ? Number(parts[1]) * UNITS[parts[2]!]! : 0
	return seconds > 0 ? seconds : null
}
