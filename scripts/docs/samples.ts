// Lines as the program prints them, made by the code that prints them.

import { getBaseUrl } from '../../source/coder/deployment-url.ts'
import { getTokenPages } from '../../source/coder/token-pages.ts'
import { makeFailureResult, makeResult, stringifyResult } from '../../source/commands/json-result.ts'
import { commands, completionShells } from '../../source/commands/options.ts'
import { finding } from '../../source/findings/finding.ts'
import { builtInProviders, makeBuiltInTarget } from '../../source/providers.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { exportVariables } from '../../source/setup/export-variables.ts'
import { formatExports, type MaskedTokenSource } from '../../source/shell/export-lines.ts'
import type { ShellId } from '../../source/shell/languages.ts'
import { table } from './table.ts'

export const origin = 'https://coder.example.com'
const route = '/api/v2/aibridge'

/** The lines of `--print-env`, without a secret in them. */
export function printedLines(shell: ShellId, source?: MaskedTokenSource): string {
	const targets = builtInProviders.map(id => makeBuiltInTarget(id))
	const deployment = { origin, insecure: false }
	const variables = exportVariables({ targets, deployment, route, token: new Secret('') })
	return formatExports(shell, variables, source ? { tokenSource: source } : {})
}

export function baseUrlsTable(): string {
	return table(
		['Provider', 'Base URL', 'Mux sends the token as'],
		builtInProviders.map(id => [
			`\`${id}\``,
			`\`${getBaseUrl({ origin }, route, makeBuiltInTarget(id))}\``,
			id === 'openai' ? '`Authorization: Bearer …`' : '`x-api-key: …`',
		]),
	)
}

export function tokenStorageTable(): string {
	const places = getTokenPages({
		tokenFile: '~/.mux/coder-session-token-KEYID',
		cliSession: '~/.config/coderv2/session',
	})
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
	const baseUrl = getBaseUrl({ origin }, route, makeBuiltInTarget('openai'))
	const after = `AI Bridge at ${new URL(origin).host}`
	return stringifyResult(
		makeResult('configure', 'applied', {
			verdict: 'connected',
			settingsFile,
			backup: `${settingsFile}.20270115T093000Z.bak`,
			providers: [{ id: 'openai', baseUrl, before: 'api.openai.com, key in settings', after }],
		}),
	)
}

/** What it prints where the token is refused. */
export function failedResult(): string {
	const findings = [finding('token-expired', 'token', { origin, at: '2027-01-14 09:30 UTC' })]
	return stringifyResult(makeFailureResult('configure', findings, { settingsFile }))
}
