// Reads back everything that a program wrote to a terminal and says what it left switched differently from how it found it.

/** Private modes that a terminal has on by itself; every other one is off. */
const onAtStart: Readonly<Record<string, string>> = { '25': 'cursor', '7': 'wrapping' }
const names: Readonly<Record<string, string>> = {
	...onAtStart,
	'1': 'application cursor keys',
	'1000': 'mouse clicks',
	'1002': 'mouse drags',
	'1003': 'mouse moves',
	'1004': 'focus reports',
	'1006': 'mouse reports',
	'1049': 'alternate screen',
	'2004': 'bracketed paste',
	'2026': 'synchronized output',
}

const sequence =
	/\u001B(?:\[([?>=<]?)([\d;:]*)([ -/]*)([@-~])|\]8;[^;\u0007\u001B]*;([^\u0007\u001B]*)(?:\u0007|\u001B\\)|([c78=>]))/g

/**
 * Complaints about a program's output, each in words; none is good. Looked at: private modes (cursor, wrapping,
 * bracketed paste, alternate screen, mouse, focus, synchronized output), the keyboard protocol's stack, colours and
 * links left open, and clearing of the screen or the scrollback, which is never fine.
 */
export function modeFaults(raw: string): string[] {
	const faults: string[] = []
	const modes = new Map<string, boolean>()
	let keyboardLevels = 0
	const styles = new Set<number>()
	let linked = false
	for (const [all, prefix, parameters = '', , final, link, single] of raw.matchAll(sequence)) {
		if (link !== undefined) linked = link !== ''
		else if (single === 'c') faults.push('the terminal was reset (ESC c)')
		else if (prefix === '?' && (final === 'h' || final === 'l'))
			for (const mode of parameters.split(';')) modes.set(mode, final === 'h')
		else if (prefix === '>' && final === 'u') keyboardLevels++
		else if (prefix === '<' && final === 'u') keyboardLevels -= Number(parameters || 1)
		else if (prefix === '' && final === 'm') takeStyle(styles, parameters)
		else if (prefix === '' && final === 'J' && (parameters === '2' || parameters === '3'))
			faults.push(`the ${parameters === '2' ? 'screen' : 'scrollback'} was cleared (${all.replace('\u001B', 'ESC ')})`)
	}
	for (const [mode, on] of modes)
		if (on !== mode in onAtStart) faults.push(`${names[mode] ?? `mode ${mode}`} left ${on ? 'on' : 'off'} (?${mode})`)
	if (keyboardLevels > 0) faults.push('keyboard protocol left on (CSI > u)')
	if (styles.size > 0) faults.push('colours or styles left on (SGR)')
	if (linked) faults.push('a link left open (OSC 8)')
	return [...new Set(faults)]
}

/** Takes the parameters of one SGR sequence into account; `attributes` are those still on, a colour being 38 or 48. */
function takeStyle(attributes: Set<number>, parameters: string) {
	const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number)
	for (let index = 0; index < codes.length; index++) {
		const code = codes[index] as number
		if (code === 0) attributes.clear()
		else if (code === 38 || code === 48) {
			attributes.add(code)
			index += codes[index + 1] === 2 ? 4 : 2
		} else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) attributes.add(38)
		else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) attributes.add(48)
		else if (code === 39 || code === 49) attributes.delete(code - 1)
		else if (code === 22) for (const one of [1, 2]) attributes.delete(one)
		else if (code >= 23 && code <= 29) attributes.delete(code - 20)
		else attributes.add(code)
	}
}
