// The module layers of source/: what each directory is for, and which others it may import. Read by
// test/architecture.test.ts and by the page docs/architecture.md.

export type Layer = {
	/** What the directory is for, for the page. */
	readonly purpose: string
	/** The other directories that its files may import, types included. */
	readonly mayImport: readonly string[]
}

const base = ['findings', 'secrets', 'runtime', 'shared']
const domains = ['coder', 'mux', 'shell', 'terminal']

/** From the entry point downwards. `shared` is the files directly in source/. */
export const layers: Readonly<Record<string, Layer>> = {
	'cli.tsx': {
		purpose: 'the entry point: parses the arguments and loads the selected mode',
		mayImport: [...base, ...domains, 'commands', 'wizard', 'ui', 'line-mode', 'demo'],
	},
	ui: {
		purpose: 'the screens in Ink, one for each step, and their components',
		mayImport: [...base, ...domains, 'setup', 'wizard'],
	},
	'line-mode': {
		purpose: 'the wizard line by line, for screen readers, simple terminals and pipes',
		mayImport: [...base, ...domains, 'setup', 'wizard'],
	},
	commands: {
		purpose: 'the commands without a screen, and the table of commands and options',
		mayImport: [...base, ...domains, 'setup', 'wizard'],
	},
	wizard: {
		purpose: 'the wizard as a pure state machine, its prompts, its store and its effects',
		mayImport: [...base, ...domains, 'setup'],
	},
	setup: {
		purpose: 'the plan of a change, its checks, its application and its summary',
		mayImport: [...base, ...domains],
	},
	coder: {
		purpose: 'the deployment: URL, HTTP client, checks, tokens, sessions of the Coder CLI',
		mayImport: base,
	},
	mux: {
		purpose: 'Mux: its home, its settings file, the request that it will make, and conflicts',
		mayImport: base,
	},
	shell: { purpose: 'export lines and their quoting', mayImport: base },
	terminal: { purpose: 'keys, capabilities, clipboard, frames, job control', mayImport: base },
	demo: { purpose: 'a small deployment on loopback, for `--demo` and the tests', mayImport: base },
	findings: {
		purpose: 'everything that can be reported: codes, messages, exit codes',
		mayImport: ['secrets', 'shared'],
	},
	runtime: {
		purpose: 'the process: streams, environment, clock, signals',
		mayImport: ['findings', 'secrets', 'shared'],
	},
	secrets: { purpose: 'credentials: holding, recognizing and masking them', mayImport: ['shared'] },
	shared: { purpose: '`providers.ts` and `bridge-url.ts`: facts that several directories need', mayImport: [] },
}

/** `source/coder/client.ts` → `coder`, `source/providers.ts` → `shared`, `cli.tsx` → `cli.tsx`. */
export function getLayer(path: string): string {
	if (path === 'cli.tsx') return path
	const [, directory, ...rest] = path.replaceAll('\\', '/').split('/')
	return rest.length === 0 ? 'shared' : directory!
}
