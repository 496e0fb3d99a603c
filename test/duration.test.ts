import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatDuration, formatSeconds, formatTimeUntil } from '../source/duration.ts'

const hour = 3_600_000

test.each([
	[20 * 60_000, '20 minutes'],
	[90 * 60_000, '90 minutes'],
	[5.4 * hour, '5 hours'],
	[24 * hour, '1 day'],
	[47.4 * hour, '47 hours'],
	[47.9 * hour, '2 days'],
	[19 * 24 * hour + 23 * hour, '20 days'],
	[30 * 24 * hour - 1000, '30 days'],
])('formats %d ms as %s', (milliseconds, words) => {
	expect(formatDuration(milliseconds)).toBe(words)
	expect(formatTimeUntil(new Date(milliseconds), new Date(0))).toBe(`in ${words}`)
})

test('formats a moment that is here or past as now', () => {
	expect(formatTimeUntil(new Date(0), new Date(1000))).toBe('now')
})

test('formats a fast answer as a tenth of a second', () => {
	expect([3, 49, 250, 1049].map(formatSeconds)).toEqual(['0.1 s', '0.1 s', '0.3 s', '1.0 s'])
})

test('is the only place that puts numbers of days into words', () => {
	const others = readdirSync('source', { recursive: true, encoding: 'utf8' }).filter(
		file => /\.tsx?$/.test(file) && file !== 'duration.ts',
	)
	const counting = others.filter(file => /\} (?:day|hour|minute)s?\b/.test(readFileSync(`source/${file}`, 'utf8')))
	expect(counting).toEqual([])
})
