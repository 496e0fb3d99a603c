// The command that started the program, for the commands that it prints. Texts are written with `npx mux-bridge-wizard`
// (`npx --yes mux-bridge-wizard` if the output is captured, since npm asks on stdout before it installs), and are
// adapted when they are shown.

export const programName = 'mux-bridge-wizard'

/** How the program is called again, and how if its output is captured. */
export type ProgramCommand = { readonly plain: string; readonly captured: string }

export const npxCommand: ProgramCommand = {
	plain: `npx ${programName}`,
	captured: `npx --yes ${programName}`,
}

/** Set once, when the process starts. */
let current: ProgramCommand = npxCommand

export function setProgramCommand(command: ProgramCommand): void {
	current = command
}

let isDemo = false

/** From now on, printed commands start the demo too, as this run's files are gone when they are typed. */
export function setDemoCommand(): void {
	isDemo = true
	current = { plain: `${current.plain} --demo`, captured: `${current.captured} --demo` }
}

/** Whether `check` and `undo` find what this run has written: the demo removes its home directory at the end. */
export function areFilesKept(): boolean {
	return !isDemo
}

/** Replaces the `npx` command in a text by the one that started the program. */
export function withProgramCommand(text: string): string {
	if (current === npxCommand || !text.includes(programName)) return text
	return text.replaceAll(npxCommand.captured, () => current.captured).replaceAll(npxCommand.plain, () => current.plain)
}

/** The program's command with these arguments: `npx mux-bridge-wizard undo`. */
export function formatProgramCommand(args: string): string {
	return withProgramCommand(args === '' ? npxCommand.plain : `${npxCommand.plain} ${args}`)
}
