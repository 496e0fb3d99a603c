import { useTerminal } from './theme.ts'

/** The size of the window in cells; a component that uses it is rendered again when it changes. */
export function useTerminalSize(): { readonly columns: number; readonly rows: number } {
	const { columns, rows } = useTerminal()
	return { columns, rows }
}
