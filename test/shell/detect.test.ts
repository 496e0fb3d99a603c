import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { expect, describe as group, it } from 'vitest'
import {
	detectShell,
	findCallingShell,
	getShellOfProgram,
	type ProcessInfo,
	parsePsOutput,
} from '../../source/shell/detect.ts'
import { requireProgram } from '../tools.ts'
import { run, withDir } from './shells.ts'

group('the shell of a program name', () => {
	it.each([
		['bash', 'sh'],
		['-zsh', 'sh'],
		['/usr/bin/dash', 'sh'],
		['fish', 'fish'],
		['/opt/homebrew/bin/fish', 'fish'],
		['nu', 'nu'],
		['pwsh', 'powershell'],
		['pwsh-preview', 'powershell'],
		['C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'powershell'],
		['C:\\Windows\\system32\\cmd.EXE', 'cmd'],
		['node', null],
		['constructor', null],
		['', null],
	])('%s: %s', (program, shell) => {
		expect(getShellOfProgram(program)).toBe(shell)
	})
})

group('the shell to print for', () => {
	const host = (parent: string | null, platform: NodeJS.Platform, env: Record<string, string>) => ({
		parentProcessName: () => parent,
		platform,
		env,
	})
	const modules = 'C:\\Users\\a\\Documents\\PowerShell\\Modules;C:\\Program Files\\PowerShell\\Modules'

	it.each([
		['the parent before all', 'fish', 'linux', { SHELL: '/bin/bash' }, 'fish'],
		['the login shell where the parent is none', 'node', 'linux', { SHELL: '/usr/bin/fish' }, 'fish'],
		['the login shell where the parent is unknown', null, 'darwin', { SHELL: '/bin/zsh' }, 'sh'],
		['a POSIX shell by default', null, 'linux', {}, 'sh'],
		['a POSIX shell for an unknown one', 'xonsh', 'linux', { SHELL: '/usr/bin/xonsh' }, 'sh'],
		['PowerShell on Windows by default', null, 'win32', {}, 'powershell'],
		['PowerShell by its modules', null, 'win32', { PSModulePath: modules, PROMPT: '$P$G' }, 'powershell'],
		['cmd by its prompt', null, 'win32', { PROMPT: '$P$G', PSModulePath: 'C:\\Windows\\Modules' }, 'cmd'],
		['Git Bash on Windows', null, 'win32', { SHELL: '/usr/bin/bash', PROMPT: '$P$G' }, 'sh'],
	] as const)('%s', (_, parent, platform, env, shell) => {
		expect(detectShell(host(parent, platform, env))).toBe(shell)
	})
})

group('the shell that a program was started from', () => {
	const table =
		(processes: Record<number, [name: string, args: string, parent: number]>) =>
		(id: number): ProcessInfo | null => {
			const row = processes[id]
			return row ? { name: row[0], args: row[1], parent: row[2] } : null
		}

	it.each<[string, Record<number, [string, string, number]>, string | null]>([
		['the parent itself', { 9: ['fish', 'fish', 1] }, 'fish'],
		['a login shell', { 9: ['-zsh', '-zsh', 1] }, '-zsh'],
		[
			'past npx',
			{ 9: ['sh', "sh -c 'mux-bridge-wizard'", 8], 8: ['npm exec mux-br', 'npm exec mux', 7], 7: ['fish', 'fish', 1] },
			'fish',
		],
		['past npx where sh replaced itself', { 9: ['npm exec mux-br', 'npm exec mux', 7], 7: ['nu', 'nu', 1] }, 'nu'],
		[
			'past npm start',
			{ 9: ['sh', 'sh -c node dist/cli.cjs', 8], 8: ['npm start', 'npm start', 7], 7: ['zsh', 'zsh', 1] },
			'zsh',
		],
		[
			'past the script-shell of npm',
			{
				9: ['bash', '/usr/bin/bash -c mux', 8],
				8: ['npm exec mux-br', 'npm exec mux', 7],
				7: ['fish', 'fish', 1],
			},
			'fish',
		],
		[
			'past pnpm, which Node runs',
			{
				9: ['sh', 'sh -c mux', 8],
				8: ['node', 'node /usr/lib/node_modules/pnpm/bin/pnpm.cjs dlx mux', 7],
				7: ['fish', 'fish', 1],
			},
			'fish',
		],
		[
			'not past a shell of a Node program',
			{ 9: ['fish', 'fish -c mux', 8], 8: ['node', 'node test.js', 7], 7: ['bash', 'bash', 1] },
			'fish',
		],
		[
			'not past sh -c of a Node program',
			{ 9: ['sh', 'sh -c mux', 8], 8: ['node', 'node test.js', 7], 7: ['fish', 'fish', 1] },
			'sh',
		],
		['not past another program', { 9: ['sshd', 'sshd: alice', 8], 8: ['bash', 'bash', 1] }, null],
		['a shell without a format', { 9: ['-tcsh', '-tcsh', 8], 8: ['bash', 'bash', 1] }, '-tcsh'],
		['none at all', {}, null],
		['a ring', { 9: ['node', 'node', 8], 8: ['node', 'node', 9] }, null],
	])('%s', (_, processes, name) => {
		expect(findCallingShell(9, table(processes))).toBe(name)
	})

	it('reads what ps says', () => {
		expect(parsePsOutput('  501 /bin/zsh\n', '-zsh\n')).toEqual({ name: '/bin/zsh', args: '-zsh', parent: 501 })
		expect(parsePsOutput('', '')).toBeNull()
	})

	const linux = process.platform === 'linux'
	it.runIf(linux).for(['bash', 'dash', 'zsh', 'fish', 'tcsh', 'elvish', 'xonsh', 'pwsh', 'npm', 'npm with bash'])(
		'finds the shell among real processes: %s (needs Linux)',
		async (program, context) => {
			const path = requireProgram(context, program.split(' ')[0]!)
			if (program.startsWith('npm')) requireProgram(context, 'fish')
			requireProgram(context, 'ps')
			await withDir(directory => {
				const script = join(directory, 'print-shell.mjs')
				buildSync({
					stdin: {
						contents: `
						import { readFileSync } from 'node:fs'
						import { execFileSync } from 'node:child_process'
						import { findShellAbove } from './source/shell/detect.ts'
						const readText = path => readFileSync(path, 'utf8')
						const run = (command, args) => execFileSync(command, args, { encoding: 'utf8' })
						// macOS has no /proc: the same processes by \`ps\`.
						const found = ['linux', 'darwin'].map(platform => findShellAbove(process.ppid, { platform, readText, run }))
						console.log(found.join())`,
						resolveDir: process.cwd(),
					},
					bundle: true,
					platform: 'node',
					format: 'esm',
					outfile: script,
					logLevel: 'error',
				})
				// xonsh runs no program whose name is quoted, and PowerShell needs the call operator.
				const quoted = `'${process.execPath}' '${script}'`
				const node =
					program === 'xonsh'
						? `${process.execPath} ${script}`
						: program === 'pwsh'
							? `& ${quoted} | Out-Default`
							: quoted
				// `; true` keeps the shell from giving its process to the program.
				const done = program.startsWith('npm')
					? run('fish', ['-c', `npm exec -c "${node}"; true`], {
							directory,
							...(program === 'npm' ? {} : { environment: { npm_config_script_shell: 'bash' } }),
						})
					: run(path, ['-c', `${node}; true`])
				const shell = program.startsWith('npm') ? 'fish' : program
				expect(done.stdout.toString().trim()).toBe(`${shell},${shell}`)
			})
		},
	)
})
