/** The text as a link that the terminal opens on a click (OSC 8). Only for http and https; otherwise the plain text. */
export function formatHyperlink(url: string, text = url): string {
	if (!/^https?:\/\/[\u0021-\u007e]+$/.test(url)) return text
	return `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`
}
