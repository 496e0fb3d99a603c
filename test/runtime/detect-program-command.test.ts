import { describe, expect, it } from 'vitest'
import { detectProgramCommand, type ProgramStart } from '../../source/runtime/detect-program-command.ts'

const npm = 'npm/10.8.2 node/v20.20.0 linux x64'
const cached = '/home/alice/.npm/_npx/0c8b/node_modules/.bin/mux-bridge-wizard'

const start = (env: Record<string, string>, script: string, more: Partial<ProgramStart> = {}): ProgramStart => ({
	env: { PATH: '/usr/local/bin:/usr/bin', ...env },
	script,
	cwd: '/src/project',
	isDeno: false,
	...more,
})

describe('the command that starts the program again', () => {
	it.each<[string, ProgramStart, string, string]>([
		[
			'npx',
			start({ npm_command: 'exec', npm_config_user_agent: npm }, cached),
			'npx mux-bridge-wizard',
			'npx --yes mux-bridge-wizard',
		],
		[
			'pnpm dlx',
			start({ npm_config_user_agent: 'pnpm/9.1.0 npm/? node/v20.20.0 linux x64' }, '/tmp/dlx/cli.cjs'),
			'pnpm dlx mux-bridge-wizard',
			'pnpm dlx mux-bridge-wizard',
		],
		[
			'yarn dlx',
			start({ npm_config_user_agent: 'yarn/4.1.0 npm/? node/v20.20.0 linux x64' }, '/tmp/dlx/cli.cjs'),
			'yarn dlx mux-bridge-wizard',
			'yarn dlx -q mux-bridge-wizard',
		],
		[
			'bunx',
			start({ npm_config_user_agent: 'bun/1.1.0 npm/? node/v20.20.0 linux x64' }, '/tmp/bunx/cli.cjs'),
			'bunx mux-bridge-wizard',
			'bunx mux-bridge-wizard',
		],
		[
			'deno',
			start({}, '/tmp/cli.cjs', { isDeno: true }),
			'deno run -A npm:mux-bridge-wizard',
			'deno run -A npm:mux-bridge-wizard',
		],
		['a global installation', start({}, '/usr/local/bin/mux-bridge-wizard'), 'mux-bridge-wizard', 'mux-bridge-wizard'],
		[
			'npm start in a checkout',
			start(
				{ npm_config_user_agent: npm, npm_lifecycle_event: 'start', npm_package_name: 'mux-bridge-wizard' },
				'/src/project/dist/cli.cjs',
			),
			'npm start --',
			'npm --silent start --',
		],
		['a checkout', start({}, '/src/project/dist/cli.cjs'), 'node dist/cli.cjs', 'node dist/cli.cjs'],
		[
			'a checkout with a space in its path',
			start({}, '/src/my project/dist/cli.cjs', { cwd: '/home/alice' }),
			'node "/src/my project/dist/cli.cjs"',
			'node "/src/my project/dist/cli.cjs"',
		],
		[
			'a script of another project, run by npm',
			start(
				{ npm_config_user_agent: npm, npm_lifecycle_event: 'setup', npm_package_name: 'theirs' },
				'/src/theirs/node_modules/.bin/mux-bridge-wizard',
			),
			'npx mux-bridge-wizard',
			'npx --yes mux-bridge-wizard',
		],
	])('is right for %s', (_, from, plain, captured) => {
		expect(detectProgramCommand(from)).toEqual({ plain, captured })
	})
})
