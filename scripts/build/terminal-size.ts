// Stands for terminal-size in the bundle, which asks tput and resize where no stream knows its size; a screen is only
// drawn on one that does.
export default function terminalSize(): { columns: number; rows: number } {
	const known = [process.stdout, process.stderr].find(stream => stream?.columns && stream.rows)
	return { columns: known?.columns ?? 80, rows: known?.rows ?? 24 }
}
