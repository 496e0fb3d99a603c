// Durations in words, for every screen and message: rounded in one way, so that one token never has two lifetimes.

/** "20 minutes", "5 hours", "1 day", "30 days": rounded to the nearest. */
export function formatDuration(milliseconds: number): string {
	const minutes = Math.round(milliseconds / 60_000)
	if (minutes < 120) return count(minutes, 'minute')
	const hours = Math.round(milliseconds / 3_600_000)
	if (hours < 48 && hours !== 24) return count(hours, 'hour')
	return count(Math.round(milliseconds / 86_400_000), 'day')
}

/** "in 6 days", "in 5 hours", "now". */
export function formatTimeUntil(moment: Date, now: Date): string {
	const milliseconds = moment.getTime() - now.getTime()
	return milliseconds < 30_000 ? 'now' : `in ${formatDuration(milliseconds)}`
}

/** "0.3 s", for the time of an answer: never less than a tenth. */
export function formatSeconds(milliseconds: number): string {
	return `${Math.max(0.1, milliseconds / 1000).toFixed(1)} s`
}

function count(number: number, unit: string): string {
	return `${number} ${unit}${number === 1 ? '' : 's'}`
}

/** A number of days in words: "30 days", "1 day", "12 hours". */
export function formatLifetime(days: number): string {
	return formatDuration(days * 86_400_000)
}
