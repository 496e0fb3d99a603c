// The root of every screen: it knows the terminal and its window, and is the only one that listens to keys. One
// listener for the whole run keeps raw mode and bracketed paste on between steps, so that text typed ahead is never
// echoed.
import { Box, useApp, usePaste, useStdin, useWindowSize } from 'ink'
import {
	type ReactNode,
	useEffect,
	useEffectEvent,
	useLayoutEffect,
	useMemo,
	useReducer,
	useRef,
	useState,
} from 'react'
import type { Capabilities } from '../terminal/capabilities.ts'
import type { FrameWriter } from '../terminal/frame-writer.ts'
import type { InputEvent, KeyInput } from '../terminal/input.ts'
import type { JobControl } from '../terminal/job-control.ts'
import type { Keystroke } from '../terminal/keystrokes.ts'
import { helpPages, KeyHelp } from './components/key-hints.tsx'
import {
	type Binding,
	dispatchKeystroke,
	dispatchPaste,
	isTyping,
	type Keyboard,
	KeyboardContext,
	scopePriority,
	useBindings,
} from './key-bindings.ts'
import { getSymbols, maxContentColumns, type OpenUrl, TerminalContext } from './theme.ts'

export type TerminalProps = {
	readonly capabilities: Capabilities
	/** Ctrl-C: works at any time, on every screen. */
	readonly onQuit: () => void
	/** Ctrl-Z and `fg`; without it the key does nothing. */
	readonly jobs?: JobControl | null
	/** Where the screens are drawn, if through terminal/frame-writer.ts. */
	readonly screen?: Pick<FrameWriter, 'mute'>
	readonly openUrl?: OpenUrl | null
	readonly children: ReactNode
}

/** Provides a terminal and a keyboard to the screens below. */
export function Terminal({ capabilities, onQuit, jobs = null, screen, openUrl = null, children }: TerminalProps) {
	const { columns: windowColumns, rows } = useWindowSize()
	const columns = Math.min(windowColumns, maxContentColumns)
	const facts = useMemo(
		() => ({ capabilities, symbols: getSymbols(capabilities.unicode), openUrl, columns, windowColumns, rows }),
		[capabilities, openUrl, columns, windowColumns, rows],
	)
	// Ink's type of its `stdin` option; it is always ours.
	const keys = useStdin().stdin as KeyInput
	const { suspendTerminal } = useApp()
	// The open page of the list of keys; null if it is closed.
	const [helpPage, setHelpPage] = useState<number | null>(null)
	const keyboard = useMemo<Keyboard>(() => {
		const made: Keyboard = {
			layers: new Set(),
			changed: () => keys.setMode(isTyping(made) ? 'field' : 'list'),
		}
		return made
	}, [keys])

	const quit: Binding = { keys: ['ctrl+c'], label: 'quit', help: 'quit without saving', action: onQuit }
	const stop: Binding = {
		keys: ['ctrl+z'],
		label: 'suspend',
		hint: false,
		help: 'suspend (fg to resume)',
		action: () => void suspendTerminal(async () => jobs?.stop()),
	}
	useEffect(() => {
		if (!jobs) return
		const endAsked = jobs.onStopAsked(() => void suspendTerminal(() => jobs.stop()))
		const endWake = jobs.onWake(() => {
			// The shell has written below the frame meanwhile, so it can't be erased. Everything is drawn again below.
			const unmute = screen?.mute()
			void suspendTerminal(() => unmute?.())
		})
		return () => {
			endAsked()
			endWake()
		}
	}, [jobs, screen, suspendTerminal])
	const handleKeystroke = (keystroke: Keystroke) => {
		if (keystroke.key === quit.keys[0]) {
			// The list of keys must not stay on the screen.
			setHelpPage(null)
			return onQuit()
		}
		if (helpPage !== null) {
			const hasMore = helpPage + 1 < helpPages(keyboard, facts.symbols, rows, columns).length
			return setHelpPage(hasMore && keystroke.key !== 'esc' ? helpPage + 1 : null)
		}
		if (keystroke.key === '?' && !isTyping(keyboard)) return setHelpPage(0)
		dispatchKeystroke(keyboard, keystroke)
	}
	// React may draw later than the event: the next one waits for the drawing that this one has asked for.
	const drawn = useRef<(() => void) | null>(null)
	const [, redraw] = useReducer((count: number) => count + 1, 0)
	useLayoutEffect(() => {
		drawn.current?.()
		drawn.current = null
	})
	const handleInput = useEffectEvent((event: InputEvent, done: () => void) => {
		if (event.type === 'key') handleKeystroke(event.keystroke)
		// On a screen without a field a paste does nothing, instead of pressing all its letters.
		else if (helpPage === null) dispatchPaste(keyboard, event.text, event.isBurst === true)
		drawn.current = done
		redraw()
	})
	useEffect(() => keys.subscribe((event, done) => handleInput(event, done)), [keys])
	// For what it turns on: raw mode and bracketed paste, also after a suspension. It receives nothing.
	usePaste(() => {})

	return (
		<TerminalContext value={facts}>
			<KeyboardContext value={keyboard}>
				<ProgramKeys bindings={jobs ? [quit, stop] : [quit]} />
				{helpPage === null ? null : <KeyHelp page={helpPage} />}
				<Box flexDirection="column" display={helpPage === null ? 'flex' : 'none'}>
					{children}
				</Box>
			</KeyboardContext>
		</TerminalContext>
	)
}

function ProgramKeys({ bindings }: { bindings: readonly Binding[] }) {
	useBindings(bindings, { order: scopePriority.program })
	return null
}
