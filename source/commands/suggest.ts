// "Did you mean …?" for mistyped words, and for the words that other programs use.
import { npxCommand } from '../program-command.ts'

/** What other programs call the commands. A word for the wizard itself, which has no name, is answered with its call. */
const commandSynonyms: Readonly<Record<string, readonly string[]>> = {
	check: ['status', 'doctor', 'verify', 'test'],
	undo: ['revert', 'restore', 'rollback'],
	remove: ['uninstall', 'delete', 'disconnect', 'logout'],
	[`${npxCommand.plain}, without a command`]: [
		...['setup', 'configure', 'init', 'install', 'connect', 'login', 'start', 'wizard'],
	],
}

const optionSynonyms: Readonly<Record<string, readonly string[]>> = {
	url: ['host', 'server', 'deployment', 'coder-url', 'base-url'],
	yes: ['non-interactive', 'no-input', 'ci'],
	'no-check': ['skip-check'],
	settings: ['config'],
	'ca-file': ['cacert'],
	plain: ['no-color'],
	'dry-run': ['preview'],
}

/** The command that an unknown word probably means. */
export function suggestCommand(word: string, commands: readonly string[]): string | null {
	return suggest(word, commands, commandSynonyms)
}

/** The option (without its dashes) that an unknown name probably means. */
export function suggestOption(name: string, options: readonly string[]): string | null {
	return suggest(name, options, optionSynonyms)
}

function suggest(
	word: string,
	candidates: readonly string[],
	synonyms: Readonly<Record<string, readonly string[]>>,
): string | null {
	const typed = word.toLowerCase()
	const find = (isMeant: (name: string) => boolean) =>
		candidates.find(isMeant) ?? Object.entries(synonyms).find(([, names]) => names.some(isMeant))?.[0]
	const same = find(name => name === typed)
	if (same !== undefined) return same
	const near = closestMatch(typed, [...candidates, ...Object.values(synonyms).flat()])
	if (near !== null) return find(name => name === near) ?? null
	// A beginning, or a longer form: `comp`, `checks-all`.
	return candidates.find(name => typed.length > 2 && (name.startsWith(typed) || typed.startsWith(name))) ?? null
}

/**
 * The candidate closest to a mistyped word, or null if none is close: at most two letters (one for words of up to four)
 * inserted, deleted, changed or swapped. Ties go to the one with the same first letter.
 */
export function closestMatch(word: string, candidates: readonly string[]): string | null {
	let nearest: string | null = null
	let least = word.length <= 4 ? 2 : 3
	for (const candidate of candidates) {
		const distance = editDistance(word.toLowerCase(), candidate)
		const sameStart = candidate[0] === word[0]?.toLowerCase() && nearest?.[0] !== candidate[0]
		if (distance < least || (distance === least && nearest !== null && sameStart)) {
			nearest = candidate
			least = distance
		}
	}
	return nearest
}

/** Number of letters to insert, delete, change or swap (neighbors) to turn one word into the other. */
function editDistance(from: string, to: string): number {
	if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY
	let beforeLast: number[] = []
	let last = Array.from({ length: to.length + 1 }, (_, column) => column)
	for (let row = 1; row <= from.length; row++) {
		const current = [row]
		for (let column = 1; column <= to.length; column++) {
			const same = from[row - 1] === to[column - 1]
			let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
			const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
			if (swapped) cost = Math.min(cost, beforeLast[column - 2]! + 1)
			current.push(cost)
		}
		beforeLast = last
		last = current
	}
	return last[to.length]!
}
