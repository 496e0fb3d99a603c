const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "Jan 2, 2026" for a time that starts with `2026-01-02`; anything else stays as it is. */
export function dateOf(time: string): string {
	const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(time) ?? []
	const name = months[Number(month) - 1]
	return name ? `${name} ${Number(day)}, ${year}` : time
}
