/** The formats that `--print-env` writes, by their name on the command line. */
export const shellIds = ['sh', 'fish', 'powershell', 'cmd', 'nu', 'dotenv', 'github', 'terraform', 'docker'] as const

export type ShellId = (typeof shellIds)[number]

/** Other names for them. */
export const shellAliases: Readonly<Record<string, ShellId>> = {
	bash: 'sh',
	zsh: 'sh',
	dash: 'sh',
	ksh: 'sh',
	ash: 'sh',
	posix: 'sh',
	pwsh: 'powershell',
	nushell: 'nu',
	env: 'dotenv',
	'github-actions': 'github',
	tf: 'terraform',
}

/** The format for a name or an alias, or null. */
export function parseShellId(name: string): ShellId | null {
	const lower = name.toLowerCase()
	const id = shellIds.find(known => known === lower)
	return id ?? (Object.hasOwn(shellAliases, lower) ? (shellAliases[lower] as ShellId) : null)
}

/** The full name of each format. */
export const shellTitles: Readonly<Record<ShellId, string>> = {
	sh: 'bash, zsh, dash and other POSIX shells',
	fish: 'fish',
	powershell: 'PowerShell',
	cmd: 'the Windows command prompt',
	nu: 'Nushell',
	dotenv: 'a .env file',
	github: 'GitHub Actions ($GITHUB_ENV)',
	terraform: 'a Coder template (coder_env)',
	docker: 'docker run --env-file',
}

/** The command that puts the lines into effect, for the pages and the hint beside them. */
export const shellUses: Readonly<Record<ShellId, string>> = {
	sh: 'eval "$(npx --yes mux-bridge-wizard --print-env sh)"',
	fish: 'npx --yes mux-bridge-wizard --print-env fish | source',
	powershell: 'npx --yes mux-bridge-wizard --print-env powershell | Out-String | Invoke-Expression',
	cmd: 'npx --yes mux-bridge-wizard --print-env cmd > mux-env.cmd && call mux-env.cmd',
	nu: 'npx --yes mux-bridge-wizard --print-env nu | save --force mux-env.nu   # then: source mux-env.nu',
	dotenv: 'npx --yes mux-bridge-wizard --print-env dotenv >> .env',
	github: 'npx --yes mux-bridge-wizard --print-env github >> "$GITHUB_ENV"',
	terraform: 'npx --yes mux-bridge-wizard --print-env terraform > mux-bridge.tf',
	docker: 'npx --yes mux-bridge-wizard --print-env docker > mux.env   # then: docker run --env-file mux.env',
}
