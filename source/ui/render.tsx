// Runs the wizard on the terminal: screens on stderr, keys from the terminal, and at the end the result as plain text.
import { render } from 'ink'
import { Component, type ReactNode } from 'react'
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { detectCapabilities, getColorDepth } from '../terminal/capabilities.ts'
import { createFrameWriter } from '../terminal/frame-writer.ts'
import { createKeyInput } from '../terminal/input.ts'
import { createJobControl, type SuspendableProcess } from '../terminal/job-control.ts'
import { printResult } from '../wizard/print-result.ts'
import type { Wizard } from '../wizard/store.ts'
import { App } from './app.tsx'
import { Terminal } from './terminal.tsx'
import { type OpenUrl, setColorLevel } from './theme.ts'

/** What the screens need of the process besides the runtime. */
export type RenderOptions = {
	/** The terminal's input: stdin, or /dev/tty if stdin is a pipe. */
	readonly keys: Runtime['stdin']
	/** Called with a function that resets the terminal, for every way in which the process can end. */
	readonly onTerminal: (restore: () => void) => void
	readonly program: SuspendableProcess
	/** Opens a page in the browser; null with `--no-browser`. */
	readonly openUrl?: OpenUrl | null
	/** Runs `remove`. */
	readonly onDisconnect: () => Promise<ExitCode>
}

/** Shows the wizard until it ends; returns the exit code. */
export async function renderWizard(runtime: Runtime, wizard: Wizard, options: RenderOptions): Promise<ExitCode> {
	const colorDepth = getColorDepth(runtime.stderr, runtime.env)
	const capabilities = detectCapabilities(runtime.env, runtime.platform, { isTTY: true, colorDepth })
	setColorLevel(capabilities.colorLevel)
	// Before the first frame: a key pressed between the two would be echoed into it. What was typed and echoed before
	// is cleared.
	const echo = options.keys as { setRawMode?(on: boolean): unknown }
	echo.setRawMode?.(true)
	runtime.stderr.write('\r\u001b[K')
	const screen = createFrameWriter(runtime.stderr as NodeJS.WriteStream, capabilities)
	options.onTerminal(screen.restore)
	const quit = () => wizard.send({ type: 'cancel' })
	const keys = createKeyInput(options.keys as Parameters<typeof createKeyInput>[0], quit)
	let fail: (error: unknown) => void = () => {}
	const failed = new Promise<never>((_, reject) => {
		fail = reject
	})
	const app = render(
		<DrawingFault onFault={fail}>
			<Terminal
				capabilities={capabilities}
				onQuit={quit}
				jobs={createJobControl(options.program)}
				screen={screen}
				openUrl={options.openUrl ?? null}
			>
				<App wizard={wizard} />
			</Terminal>
		</DrawingFault>,
		{
			stdin: keys,
			stdout: screen.stream,
			stderr: runtime.stderr as NodeJS.WriteStream,
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
			// A key may take two renders: at Ink's default of 30 a second the second one would come 33 ms later.
			maxFps: 120,
			isScreenReaderEnabled: capabilities.screenReader,
		},
	)
	try {
		await Promise.race([wizard.result, failed])
	} finally {
		app.unmount()
		screen.restore()
	}
	return printResult(runtime, await wizard.result, { onDisconnect: options.onDisconnect })
}

/** A bug in a screen is reported like any other, instead of by Ink's excerpt of the source. */
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
