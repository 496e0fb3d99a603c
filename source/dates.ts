// Dates as text: the one place that formats them. Times are in UTC; JSON has ISO 8601.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "Dec 27", with the year if it isn't this one: "Jan 2, 2027". */
export function formatDate(moment: Date, now: Date): string {
	const day = `${months[moment.getUTCMonth()]} ${moment.getUTCDate()}`
	return moment.getUTCFullYear() === now.getUTCFullYear() ? day : `${day}, ${moment.getUTCFullYear()}`
}

/** "Nov 27, 05:52 UTC", with the year if it isn't this one. */
export function formatDateTime(moment: Date, now: Date): string {
	return `${formatDate(moment, now)}, ${moment.toISOString().slice(11, 16)} UTC`
}

/** "2026-11-27 05:52 UTC", for a moment that may be long ago. */
export function formatTimestamp(moment: Date): string {
	return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
