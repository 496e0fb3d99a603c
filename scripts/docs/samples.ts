// Lines as the program prints them, made by the code that prints them.

import { baseUrlOf } from '../../source/coder/deployment-url.ts'
import { tokenPlaces } from '../../source/coder/token-places.ts'
import { commands, completionShells } from '../../source/commands/options.ts'
import { makeResult, resultText } from '../../source/commands/result.ts'
import { finding } from '../../source/findings/finding.ts'
import { builtInProviders, builtInTarget } from '../../source/provider.ts'
import { Secret } from '../../source/secret.ts'
import { exportVariables } from '../../source/setup/export-variables.ts'
import { exportLines, type TokenSource } from '../../source/shell/export-lines.ts'
import type { ShellId } from '../../source/shell/shell-ids.ts'
import { table } from './markdown.ts'

export const origin = 'https://coder.example.com'
const route = '/api/v2/aibridge'

/** The lines of `--print-env`, without a secret in them. */
export function printedLines(shell: ShellId, source?: TokenSource): string {
	const targets = builtInProviders.map(id => builtInTarget(id))
	const deployment = { origin, insecure: false }
	const variables = exportVariables({ targets, deployment, route, token: new Secret('') })
	return exportLines(shell, variables, source ? { tokenSource: source } : {})
}

export function baseUrlsTable(): string {
	return table(
		['Provider', 'Base URL', 'Mux sends the token as'],
		builtInProviders.map(id => [
			`\`${id}\``,
			`\`${baseUrlOf(origin, route, builtInTarget(id))}\``,
			id === 'openai' ? '`Authorization: Bearer …`' : '`x-api-key: …`',
		]),
	)
}

export function tokenPlacesTable(): string {
	const places = tokenPlaces({ tokenFile: '~/.mux/coder-session-token', cliSession: '~/.config/coderv2/session' })
	return table(
		['Where', 'File', 'Trade-off'],
		places.map(({ title, path, tradeOff }) => [title, path ? `\`${path}\`` : 'the settings file', tradeOff]),
	)
}

/** The lines that switch completion on, each with the file that they belong into. */
export function completionTable(): string {
	const lines = commands.completion.examples
	return table(
		['Shell', 'Line', 'Where'],
		completionShells.map(shell => {
			const row = lines.find(({ line }) => line.includes(`completion ${shell}`))!
			return [shell, `\`${row.line}\``, row.note]
		}),
	)
}

const settingsFile = '/home/alice/.mux/providers.jsonc'

/** What `--yes --json` prints where it wrote. */
export function appliedResult(): string {
	const baseUrl = baseUrlOf(origin, route, builtInTarget('openai'))
	const after = `AI Bridge at ${new URL(origin).host}`
	return resultText(
		makeResult('applied', {
			settingsFile,
			backup: `${settingsFile}.20270115T093000Z.bak`,
			providers: [{ id: 'openai', baseUrl, before: 'api.openai.com, key in settings', after }],
		}),
	)
}

/** What it prints where the token is refused. */
export function failedResult(): string {
	const findings = [finding('token-expired', 'token', { origin, at: '2027-01-14 09:30 UTC' })]
	return resultText(makeResult('failed', { settingsFile, findings }))
}
