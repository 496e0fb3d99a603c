// What keys do, declared once: the same bindings are dispatched, shown as hints at the bottom, and listed by `?`.
import { createContext, useContext, useInsertionEffect, useRef } from 'react'
import type { Keystroke } from '../terminal/keystrokes.ts'
import type { Symbols } from './theme.ts'

/** Some keys and what they do. */
export type Binding = {
	/** Names as in terminal/keystrokes.ts: `enter`, `esc`, `up`, `space`, `ctrl+c`, or a character. */
	readonly keys: readonly string[]
	/** What they do, in one or two words: "select". */
	readonly label: string
	readonly action: (keystroke: Keystroke) => void
	/** False: not among the hints, only in the list of keys. A string: the keys as the hint names them. */
	readonly hint?: boolean | string
	/** The sentence for the list of keys, if the label isn't enough. */
	readonly help?: string
}

/** Who receives a key first: the list or field, then the screen around it, then the program. */
export const scopePriority = { control: 0, screen: 1, program: 2 } as const

/** A set of bindings that is on the screen now. */
export type KeyScope = {
	readonly order: number
	/** Latest bindings; replaced at each render. */
	bindings: readonly Binding[]
	isActive: boolean
	/** Set by a text field: receives typed text and editing keys; returns whether it handled the key. */
	field: { type(keystroke: Keystroke): boolean } | null
	/** Receives pastes, also on a screen without a field. */
	onPaste: ((text: string, isBurst: boolean) => void) | null
}

/** The keys of the present screen. Created once in `Terminal`. */
export type Keyboard = {
	readonly layers: Set<KeyScope>
	/** Called when scopes are added, removed, or activated. */
	changed: () => void
}

export const KeyboardContext = createContext<Keyboard | null>(null)

export type BindingOptions = {
	readonly isActive?: boolean
	readonly order?: number
	readonly field?: KeyScope['field']
	readonly onPaste?: KeyScope['onPaste']
}

/** Activates the bindings while the component is mounted and `isActive`. */
export function useBindings(bindings: readonly Binding[], options: BindingOptions = {}): void {
	const { isActive = true, order = scopePriority.screen, field = null, onPaste = null } = options
	const keyboard = useContext(KeyboardContext)
	if (!keyboard) throw new Error('Bindings are used outside of <Terminal>.')
	const layer = useRef<KeyScope>(undefined)
	layer.current ??= { order, bindings, isActive, field, onPaste }
	// Insertion effects run before Ink draws the frame, so hints and input mode are never one frame behind.
	useInsertionEffect(() => {
		const own = layer.current as KeyScope
		Object.assign(own, { bindings, isActive, field, onPaste })
		keyboard.changed()
	})
	useInsertionEffect(() => {
		const own = layer.current as KeyScope
		keyboard.layers.add(own)
		keyboard.changed()
		return () => {
			keyboard.layers.delete(own)
			keyboard.changed()
		}
	}, [keyboard])
}

/** The active scopes, in the order in which they receive a key. */
export function getActiveScopes(keyboard: Keyboard): KeyScope[] {
	return Array.from(keyboard.layers)
		.filter(layer => layer.isActive)
		.sort((one, other) => one.order - other.order)
}

/** Whether typed text goes to a field now. */
export function isTyping(keyboard: Keyboard): boolean {
	return getActiveScopes(keyboard).some(layer => layer.field)
}

/** The bindings that are reachable now: of two for the same key only the first. */
export function getActiveBindings(keyboard: Keyboard): Binding[] {
	const taken = new Set<string>()
	const typing = isTyping(keyboard)
	return getActiveScopes(keyboard)
		.flatMap(layer => layer.bindings)
		.filter(binding => {
			const free = binding.keys.some(key => !taken.has(key) && !(typing && isTyped(key)))
			for (const key of binding.keys) taken.add(key)
			return free
		})
}

/** Whether a key types something: in a text field it is never a shortcut, whatever is bound to it. */
const isTyped = (key: string) => key.length === 1 || key === 'space'

/** Dispatches one keystroke to the first scope that handles it. Returns whether one did. */
export function dispatchKeystroke(keyboard: Keyboard, keystroke: Keystroke): boolean {
	for (const layer of getActiveScopes(keyboard)) {
		if (layer.field?.type(keystroke)) return true
		const binding = layer.bindings.find(candidate => candidate.keys.includes(keystroke.key))
		if (binding) {
			binding.action(keystroke)
			return true
		}
	}
	return false
}

/**
 * Dispatches a paste to the first scope that handles it. If none does it is dropped, which is better than pressing it
 * letter by letter.
 */
export function dispatchPaste(keyboard: Keyboard, text: string, isBurst: boolean): void {
	getActiveScopes(keyboard)
		.find(layer => layer.onPaste)
		?.onPaste?.(text, isBurst)
}

/** A key's name as shown: `ctrl+c` → "ctrl-c", `up` → "↑". */
export function getKeyTitle(key: string, symbols: Symbols): string {
	const named: Readonly<Record<string, string>> = {
		up: symbols.up,
		down: symbols.down,
		left: symbols.left,
		right: symbols.right,
		'page-up': 'pgup',
		'page-down': 'pgdn',
		'shift+up': `shift-${symbols.up}`,
		'shift+down': `shift-${symbols.down}`,
	}
	return named[key] ?? key.replaceAll('+', '-')
}

/** A binding's keys as a hint names them. */
export function formatHintKeys(binding: Binding, symbols: Symbols): string {
	return typeof binding.hint === 'string' ? binding.hint : getKeyTitle(binding.keys[0] ?? '', symbols)
}

/** All keys of a binding for the list of keys; digits as a range. */
export function formatHelpKeys(binding: Binding, symbols: Symbols): string {
	const digits = binding.keys.filter(key => /^\d$/.test(key))
	const others = binding.keys.filter(key => !/^\d$/.test(key)).map(key => getKeyTitle(key, symbols))
	if (digits.length > 1) others.push(`${digits[0]}${symbols.dash}${digits.at(-1)}`)
	return others.join(' ')
}
