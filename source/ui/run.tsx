// Runs the wizard on the terminal: screens on stderr, keys from the terminal, and at the end the results as plain text.
import { render } from 'ink'
import { Component, type ReactNode } from 'react'
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Host } from '../host.ts'
import { capabilitiesOf, colorDepthOf } from '../terminal/capabilities.ts'
import { openKeyInput } from '../terminal/input-stream.ts'
import { openScreen } from '../terminal/screen.ts'
import { openJobControl, type StoppableProcess } from '../terminal/suspend.ts'
import { tellOutcome } from '../wizard/outcome.ts'
import type { Wizard } from '../wizard/store.ts'
import { App } from './app.tsx'
import { Terminal } from './terminal.tsx'
import { setColorLevel } from './theme.ts'

/** What the screens need of the process besides the host. */
export type ScreenOptions = {
	/** The terminal's input: standard input, or /dev/tty where that is a pipe. */
	readonly keys: Host['stdin']
	/** Called with what puts the terminal back, for every way in which the process can end. */
	readonly onTerminal: (restore: () => void) => void
	readonly program: StoppableProcess
}

/** Shows the wizard until it is left; gives back the exit code. */
export async function runScreens(host: Host, wizard: Wizard, options: ScreenOptions): Promise<ExitCode> {
	const colorDepth = colorDepthOf(host.stderr, host.environment)
	const capabilities = capabilitiesOf(host.environment, host.platform, { isTTY: true, colorDepth })
	setColorLevel(capabilities.colorLevel)
	// Before the first frame stands: a key that came between the two would be echoed into it. What was typed and echoed
	// before that goes.
	const echo = options.keys as { setRawMode?(on: boolean): unknown }
	echo.setRawMode?.(true)
	host.stderr.write('\r\u001b[K')
	const screen = openScreen(host.stderr as NodeJS.WriteStream, capabilities)
	options.onTerminal(screen.restore)
	const leave = () => wizard.send({ on: 'cancel' })
	const keys = openKeyInput(options.keys as Parameters<typeof openKeyInput>[0], leave)
	let fail: (error: unknown) => void = () => {}
	const failed = new Promise<never>((_, reject) => {
		fail = reject
	})
	const app = render(
		<DrawingFault onFault={fail}>
			<Terminal capabilities={capabilities} onLeave={leave} jobs={openJobControl(options.program)} screen={screen}>
				<App wizard={wizard} />
			</Terminal>
		</DrawingFault>,
		{
			stdin: keys,
			stdout: screen.stream,
			stderr: host.stderr as NodeJS.WriteStream,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
			// A key may take two renders: at Ink's own 30 a second the second one would come 33 ms later.
			maxFps: 120,
			isScreenReaderEnabled: capabilities.screenReader,
		},
	)
	try {
		await Promise.race([wizard.left, failed])
	} finally {
		app.unmount()
		screen.restore()
	}
	return tellOutcome(host, await wizard.left)
}

/** A bug in a screen ends the program as any other does, instead of with Ink's picture of the source. */
class DrawingFault extends Component<{ onFault: (error: unknown) => void; children: ReactNode }> {
	override state = { isBroken: false }

	static getDerivedStateFromError() {
		return { isBroken: true }
	}

	override componentDidCatch(error: unknown) {
		this.props.onFault(error)
	}

	override render() {
		return this.state.isBroken ? null : this.props.children
	}
}
