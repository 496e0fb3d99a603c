import { finding, UserError } from '../findings/finding.ts'
import { Secret } from '../secrets/secret.ts'
import { type ShellId, shellTitles } from './languages.ts'
import {
	quoteForDotenv,
	quoteForFish,
	quoteForNu,
	quoteForPowershell,
	quoteForSh,
	quoteForTerraform,
	rejectValuesWith,
	type UnquotableReason,
} from './quoting.ts'
import { defaultAgentId } from './template-agent.ts'

export type ExportedVariable = { readonly name: string; readonly value: string | Secret }

/** Where lines without a secret read the token when they run: the Coder CLI, or a file. */
export type MaskedTokenSource =
	| { readonly kind: 'cli'; readonly url: string }
	| { readonly kind: 'file'; readonly path: string }

type Language = {
	readonly findUnquotable: UnquotableReason
	/** One line that sets a variable to a value. */
	readonly set: (name: string, value: string) => string
	/** One line that sets a variable to the source's content at the time when the line runs. */
	readonly read?: (name: string, source: MaskedTokenSource) => string
	/** One line that sets a variable to the value of another one. */
	readonly copy?: (name: string, from: string) => string
}

const languages: Readonly<Record<Exclude<ShellId, 'terraform'>, Language>> = {
	sh: {
		findUnquotable: rejectValuesWith(),
		set: (name, value) => `export ${name}=${quoteForSh(value)}`,
		read: (name, source) =>
			source.kind === 'cli'
				? `export ${name}="$(coder login token --url ${quoteForSh(source.url)})"`
				: `export ${name}="$(cat -- ${quoteForSh(source.path)})"`,
		copy: (name, from) => `export ${name}="$${from}"`,
	},
	// The semicolons make `eval (...)` work too, which joins the lines with spaces.
	fish: {
		findUnquotable: rejectValuesWith(),
		set: (name, value) => `set -gx ${name} ${quoteForFish(value)};`,
		read: (name, source) =>
			source.kind === 'cli'
				? `set -gx ${name} (coder login token --url ${quoteForFish(source.url)});`
				: `set -gx ${name} (cat -- ${quoteForFish(source.path)});`,
		copy: (name, from) => `set -gx ${name} $${from};`,
	},
	powershell: {
		findUnquotable: rejectValuesWith('emptyValue'),
		set: (name, value) => `$env:${name} = ${quoteForPowershell(value)}`,
		read: (name, source) =>
			source.kind === 'cli'
				? `$env:${name} = (coder login token --url ${quoteForPowershell(source.url)})`
				: `$env:${name} = (Get-Content -Raw -LiteralPath ${quoteForPowershell(source.path)}).Trim()`,
		copy: (name, from) => `$env:${name} = $env:${from}`,
	},
	// A batch file: without the @, cmd would echo each line, including the token.
	cmd: {
		findUnquotable: rejectValuesWith(
			'emptyValue',
			'carriageReturn',
			'lineBreak',
			'doubleQuote',
			'percentSign',
			'exclamationMark',
			'nonAscii',
		),
		set: (name, value) => `@set "${name}=${value}"`,
		read: (name, source) =>
			source.kind === 'cli'
				? `@for /f "usebackq delims=" %%t in (\`coder login token --url "${source.url}"\`) do @set "${name}=%%t"`
				: `@set /p ${name}=<"${source.path}"`,
		copy: (name, from) => `@set "${name}=%${from}%"`,
	},
	nu: {
		findUnquotable: rejectValuesWith(),
		set: (name, value) => `$env.${name} = ${quoteForNu(value)}`,
		read: (name, source) =>
			source.kind === 'cli'
				? `$env.${name} = (^coder login token --url ${quoteForNu(source.url)} | str trim)`
				: `$env.${name} = (open --raw ${quoteForNu(source.path)} | str trim)`,
		copy: (name, from) => `$env.${name} = $env.${from}`,
	},
	dotenv: {
		// The dialects disagree on the meaning of a backslash or a quote inside quotes.
		findUnquotable: rejectValuesWith('carriageReturn', 'lineBreak', 'singleQuote', 'backslash'),
		set: (name, value) => `${name}=${quoteForDotenv(value)}`,
	},
	github: {
		findUnquotable: rejectValuesWith('carriageReturn'),
		set: (name, value) => {
			const end = delimiterFor(value)
			return `${name}<<${end}\n${value}\n${end}`
		},
	},
	// `docker run --env-file` takes the rest of the line literally, including quotes.
	docker: {
		findUnquotable: rejectValuesWith('carriageReturn', 'lineBreak'),
		set: (name, value) => `${name}=${value}`,
	},
}

/**
 * The lines that set the variables, each with a line break. This is where a token is shown on purpose; with
 * `tokenSource` it isn't: the lines read it when they run (once: further variables copy the first).
 *
 * Throws a UserError if the language can't represent a value (`value-not-printable`) or can't read a token by itself
 * (`no-secret-not-possible`). Terraform's resources never contain a secret and take the deployment from the workspace
 * (docs/contracts/coder.md#84-templates); `agentId` is the expression for the agent that they are for.
 */
export function formatExports(
	shell: ShellId,
	variables: readonly ExportedVariable[],
	options: { readonly tokenSource?: MaskedTokenSource; readonly agentId?: string } = {},
): string {
	for (const { name } of variables) requireName(name)
	if (shell === 'terraform') return terraformResources(variables, options.agentId ?? defaultAgentId)
	const language = languages[shell]
	const source = options.tokenSource
	let firstRead: string | null = null
	const lines = variables.map(({ name, value }) => {
		if (!(value instanceof Secret) || !source) {
			const text = value instanceof Secret ? value.reveal() : value
			requireFit(shell, name, language.findUnquotable, text)
			return language.set(name, text)
		}
		if (!language.read || !language.copy) {
			throw new UserError(finding('no-secret-not-possible', 'arguments', { shell: shellTitles[shell] }))
		}
		requireFit(shell, name, language.findUnquotable, source.kind === 'cli' ? source.url : source.path)
		if (firstRead !== null) return language.copy(name, firstRead)
		firstRead = name
		return language.read(name, source)
	})
	return lines.map(line => `${line}\n`).join('')
}

/**
 * Workflow commands that make a GitHub Actions runner show `***` for the secrets in its log. They are read from the
 * step's stdout and stderr, and must not end up in `$GITHUB_ENV`, where stdout goes. So these lines belong on stderr,
 * and only inside a run: nothing else consumes them.
 */
export function formatMaskingLines(variables: readonly ExportedVariable[]): string {
	const masked = new Set<string>()
	for (const { value } of variables) {
		if (!(value instanceof Secret)) continue
		for (const line of value.reveal().split(/[\r\n]+/)) if (line !== '') masked.add(line)
	}
	return [...masked].map(line => `::add-mask::${line.replaceAll('%', '%25')}\n`).join('')
}

/** A delimiter line that doesn't occur in the value. */
function delimiterFor(value: string): string {
	const lines = new Set(value.split('\n'))
	let delimiter = 'END_OF_VALUE'
	while (lines.has(delimiter)) delimiter += '_'
	return delimiter
}

/**
 * A `coder_env` for each variable, which any template can have beside its agent. The names are those of the agent (`main`
 * apart), because a template can have several; the data sources have names of their own too, because nearly every
 * template already has some called `me`.
 */
function terraformResources(variables: readonly ExportedVariable[], agentId: string): string {
	const agent = /^coder_agent\.([\w-]+)/.exec(agentId)?.[1] ?? 'main'
	const prefix = agent === 'main' ? 'mux_bridge' : `mux_bridge_${agent}`
	return [
		`data "coder_workspace" "${prefix}" {}\n`,
		`data "coder_workspace_owner" "${prefix}" {}\n`,
		...variables.map(({ name, value }) =>
			[
				'',
				`resource "coder_env" "${prefix}_${name.toLowerCase()}" {`,
				`  agent_id = ${agentId}`,
				`  name     = "${name}"`,
				`  value    = ${terraformValue(name, value, prefix)}`,
				'}',
				'',
			].join('\n'),
		),
	].join('')
}

/** Uses the workspace's own deployment and its owner's token instead of those of the person who runs the wizard. */
function terraformValue(name: string, value: string | Secret, prefix: string): string {
	if (value instanceof Secret) return `data.coder_workspace_owner.${prefix}.session_token`
	requireFit('terraform', name, rejectValuesWith(), value)
	const path = /^https?:\/\/[^/?#]+(\/.*)$/s.exec(value)?.[1]
	return path === undefined
		? quoteForTerraform(value)
		: `"\${trimsuffix(data.coder_workspace.${prefix}.access_url, "/")}${quoteForTerraform(path).slice(1)}`
}

function requireFit(shell: ShellId, variable: string, test: UnquotableReason, value: string): void {
	const trouble = test(value)
	if (trouble === null) return
	throw new UserError(finding('value-not-printable', 'environment', { variable, shell: shellTitles[shell], trouble }))
}

function requireName(name: string): string {
	if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error('not a name of a variable')
	return name
}
