import fc from 'fast-check'
import { expect, describe as group, it } from 'vitest'
import { wantsJson } from '../../source/commands/invocation.ts'
import { type CommandName, commandNames, options } from '../../source/commands/options.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { parseLifetimeSeconds } from '../../source/commands/parse-lifetime.ts'
import { describeFinding } from '../../source/findings/describe.ts'
import { type FindingCode, UserError } from '../../source/findings/finding.ts'
import { exitCodeOf } from '../../source/findings/severity.ts'

const token = 'Zq3h7Lk2aB-Vm8Xw2pQr5Ts9Yd4Nf6Gc1'
const defaults = {
	command: 'configure',
	providers: [],
	yes: false,
	dryRun: false,
	check: true,
	fix: false,
	models: {},
	createToken: false,
	demo: false,
	browser: true,
	json: false,
	plain: false,
}

function refusalOf(args: string[]): UserError {
	try {
		parseArguments(args)
	} catch (error) {
		if (error instanceof UserError) return error
		throw error
	}
	throw new Error(`not refused: ${args.join(' ')}`)
}

function codesOf(args: string[]): FindingCode[] {
	return refusalOf(args).findings.map(found => found.code)
}

function describeArguments(args: string[]): string {
	return JSON.stringify(refusalOf(args).findings.map(describeFinding))
}

group('what the arguments ask for', () => {
	it.each<[string[], object]>([
		[[], defaults],
		[['-u', 'coder.example.com'], { ...defaults, url: 'coder.example.com' }],
		[['-u=coder.example.com'], { ...defaults, url: 'coder.example.com' }],
		[['--url=a', '--url', 'b'], { ...defaults, url: 'b' }],
		[['--yes', '--dry-run', '--no-check'], { ...defaults, yes: true, dryRun: true, check: false }],
		[['--token-stdin'], { ...defaults, tokenFrom: { kind: 'stdin' } }],
		[['--token-file', 'x'], { ...defaults, tokenFrom: { kind: 'file', path: 'x' } }],
		[['--token-file', '-'], { ...defaults, tokenFrom: { kind: 'stdin' } }],
		[['--settings', '/a b/c', '--release', 'xum'], { ...defaults, settings: '/a b/c', release: 'xum' }],
		[['--route', 'ai-gateway'], { ...defaults, route: '/api/v2/ai-gateway' }],
		[['--route', '/api/v2/aibridge/'], { ...defaults, route: '/api/v2/aibridge' }],
		[['--create-token', '--lifetime', '30d'], { ...defaults, createToken: true, lifetime: 2_592_000 }],
		[['--print-env'], { ...defaults, printEnv: { noSecret: false, clearSettings: false } }],
		[
			['--print-env', 'fish', '--no-secret'],
			{ ...defaults, printEnv: { shell: 'fish', noSecret: true, clearSettings: false } },
		],
		[['--print-env=zsh'], { ...defaults, printEnv: { shell: 'sh', noSecret: false, clearSettings: false } }],
		[['--print-env', '-y'], { ...defaults, yes: true, printEnv: { noSecret: false, clearSettings: false } }],
		[
			['--print-env', '--clear-settings', '--ca-file', 'ca.pem'],
			{ ...defaults, caFile: 'ca.pem', printEnv: { noSecret: false, clearSettings: true } },
		],
		[['--yes', '--fix'], { ...defaults, yes: true, fix: true }],
		[
			['--model', 'openai:gpt-5', '--model=anthropic:claude-sonnet-4-5'],
			{ ...defaults, models: { openai: 'gpt-5', anthropic: 'claude-sonnet-4-5' } },
		],
		[['--plain', '--json', '--demo'], { ...defaults, plain: true, json: true, demo: true }],
		[
			['check', '--offline', '--json'],
			{
				command: 'check',
				offline: true,
				listsModels: false,
				sends: false,
				models: {},
				providers: [],
				json: true,
				plain: false,
			},
		],
		[
			['--json', 'check'],
			{
				command: 'check',
				offline: false,
				listsModels: false,
				sends: false,
				models: {},
				providers: [],
				json: true,
				plain: false,
			},
		],
		[['undo', '--force'], { command: 'undo', force: true, json: false, plain: false }],
		[['remove', '-y'], { command: 'remove', providers: [], yes: true, dryRun: false, json: false, plain: false }],
		[['completion', 'zsh'], { command: 'completion', shell: 'zsh' }],
		[['--help'], { command: 'help' }],
		[['check', '-h'], { command: 'help', about: 'check' }],
		[['--no-such', '-h'], { command: 'help' }],
		[['-v'], { command: 'version' }],
		[['-V'], { command: 'version' }],
		[['version'], { command: 'version' }],
		[['help'], { command: 'help' }],
		[['help', 'check'], { command: 'help', about: 'check' }],
		[['help', 'exit-codes'], { command: 'help', about: 'exit-codes' }],
		[['help', 'environment'], { command: 'help', about: 'environment' }],
		[['undo', '--version'], { command: 'version' }],
	])('%j', (args, invocation) => {
		expect(parseArguments(args)).toEqual(invocation)
	})

	it('reads providers: repeated, joined by commas, by instance, and custom ones', () => {
		const read = (...args: string[]) => {
			const invocation = parseArguments(args.flatMap(arg => ['-p', arg]))
			return invocation.command === 'configure' ? invocation.providers : []
		}
		expect(read('openai', 'anthropic').map(target => target.id)).toEqual(['openai', 'anthropic'])
		expect(read('OpenAI, anthropic,').map(target => target.id)).toEqual(['openai', 'anthropic'])
		expect(read('openai', 'openai')).toHaveLength(1)
		expect(read('anthropic=claude-eu')).toEqual([{ id: 'anthropic', instance: 'claude-eu', protocol: 'anthropic' }])
		expect(read('google')[0]).toMatchObject({ id: 'coder-google', instance: 'google', protocol: 'openai' })
		expect(read('coder-google')[0]).toMatchObject({ id: 'coder-google', instance: 'google' })
		expect(read('openai-eu')[0]).toMatchObject({ id: 'coder-openai-eu', instance: 'openai-eu' })
	})

	it.each([
		['30d', 30 * 86_400],
		['12h', 12 * 3600],
		['4w', 28 * 86_400],
		['1 day', 86_400],
		['30', null],
		['0d', null],
		['-3d', null],
		['30m', null],
		['1.5d', null],
		['', null],
	])('a lifetime of %j is %j seconds', (text, seconds) => {
		expect(parseLifetimeSeconds(text)).toBe(seconds)
	})

	it('knows --json before anything is understood', () => {
		expect(wantsJson(['--nonsense', '--json'])).toBe(true)
		expect(wantsJson(['--', '--json'])).toBe(false)
		expect(wantsJson(['--settings'])).toBe(false)
	})
})

group('what is rejected', () => {
	it.each<[string[], FindingCode[], string]>([
		[['--provder', 'openai'], ['unknown-option'], 'Did you mean --provider?'],
		[['--no-chek'], ['unknown-option'], 'Did you mean --no-check?'],
		[['--dry'], ['unknown-option'], 'Did you mean --dry-run?'],
		[['--zzz'], ['unknown-option'], '--help'],
		[['-z'], ['unknown-option'], '\\"-z\\"'],
		[['--token-stdn'], ['unknown-option'], 'Did you mean --token-stdin?'],
		[['--foo', '--no-bar'], ['unknown-option', 'unknown-option'], 'no-bar'],
		[['chek'], ['unknown-command'], 'Did you mean check?'],
		[['status'], ['unknown-command'], 'Did you mean check?'],
		[['doctor'], ['unknown-command'], 'Did you mean check?'],
		[['Doctr'], ['unknown-command'], 'Did you mean check?'],
		[['uninstall'], ['unknown-command'], 'Did you mean remove?'],
		[['rollback'], ['unknown-command'], 'Did you mean undo?'],
		[['comp'], ['unknown-command'], 'Did you mean completion?'],
		[['hlep'], ['unknown-command'], 'Did you mean help?'],
		[['help', 'exitcodes'], ['unknown-command'], 'Did you mean help exit-codes?'],
		[['help', 'chek'], ['unknown-command'], 'Did you mean help check?'],
		[['--deployment=x'], ['unknown-option'], 'Did you mean --url?'],
		[['--non-interactiv'], ['unknown-option'], 'Did you mean --yes?'],
		[['--print-environment'], ['unknown-option'], 'Did you mean --print-env?'],
		[['wizard'], ['unknown-command'], 'Did you mean npx mux-bridge-wizard, without a command?'],
		[['configure'], ['unknown-command'], 'Without a command, the wizard starts'],
		[['check', 'openai'], ['unexpected-argument'], 'openai'],
		[['-u'], ['missing-value'], '--url URL'],
		[['--url', ''], ['missing-value'], '--url'],
		[['--url', '--yes'], ['missing-value'], '--url'],
		[['--yes=1'], ['unexpected-value'], '--yes'],
		[['undo', '--yes'], ['option-of-another-command'], "undo doesn't support --yes"],
		[['--offline'], ['option-of-another-command'], 'check'],
		[['--print-env', 'check'], ['option-of-another-command'], "check doesn't support --print-env"],
		[['completion', 'zsh', '--json'], ['option-of-another-command'], "completion doesn't support --json"],
		[['--print-env', 'fsh'], ['unknown-shell'], 'Did you mean fish?'],
		[['completion', 'nu'], ['unknown-shell'], 'bash, zsh, fish'],
		[['completion'], ['missing-operand'], 'bash, zsh, fish'],
		[['--release', 'muxx'], ['unknown-choice'], 'mux, xum'],
		[['--route', 'bridge'], ['unknown-choice'], '/api/v2/ai-gateway'],
		[['-p', 'opnai'], ['unknown-provider'], 'Did you mean openai?'],
		[['-p', 'open/ai'], ['unknown-provider'], "isn't a valid provider name"],
		[['-p', 'google=x'], ['unknown-provider'], "isn't a valid provider name"],
		[['--create-token', '--lifetime', '30'], ['invalid-lifetime'], 'unit'],
		[['--lifetime', '30d'], ['option-needs-another'], '--create-token'],
		[['--no-secret'], ['option-needs-another'], '--print-env'],
		[['--clear-settings'], ['option-needs-another'], '--print-env'],
		[['--print-env', 'sh', '--agent', 'main'], ['option-needs-another'], '--print-env terraform'],
		[['--print-env', 'tf', '--agent', 'my agent'], ['invalid-agent'], '--agent coder_agent.dev'],
		[['--print-env', 'tf', '--agent', 'a}'], ['invalid-agent'], 'var.agent_id'],
		[['--print-env', 'tf', '--create-token'], ['conflicting-options'], '--print-env terraform'],
		[['--print-env', 'tf', '--clear-settings'], ['conflicting-options'], '--clear-settings'],
		[['--token-stdin', '--token-file', 'x'], ['conflicting-options'], '--token-file'],
		[['--dry-run', '--print-env'], ['conflicting-options'], '--print-env'],
		[['--demo', '-u', 'x'], ['conflicting-options'], '--demo'],
	])('%j: %j', (args, codes, words) => {
		expect(codesOf(args)).toEqual(codes)
		expect(describeArguments(args)).toContain(words)
		expect(refusalOf(args).findings.map(exitCodeOf)).toEqual(codes.map(() => 2))
	})

	it("names every option that a command doesn't take", () => {
		for (const command of commandNames.filter(name => name !== 'configure')) {
			for (const option of options) {
				if ((option.commands as readonly CommandName[]).includes(command)) continue
				const args = [command, ...(command === 'completion' ? ['bash'] : []), `--${option.name}`]
				if (option.value && !option.value.optional) args.push(option.value.words?.[0] ?? 'x')
				expect(codesOf(args)).toContain('option-of-another-command')
			}
		}
	})
})

group('a credential in the arguments', () => {
	it.each([
		[[`--token=${token}`]],
		[['--token', token]],
		[['--token', 'anything']],
		[['-token=anything']],
		[['--api-key=anything']],
		[['--api_key', 'anything']],
		[['--session-token=anything']],
		[['--openai-api-key', 'anything']],
		[['--secret=anything']],
		[['--password', 'anything']],
		[[`--token-stdin=${token}`]],
		[['--token-stdin=anything']],
		[[`--create-token=${token}`]],
		[['check', `--tokn=${token}`]],
		[[token]],
		[['check', token]],
		[['--', token]],
		[['--url', token]],
		[['--url', `https://coder.example.com/?t=${token}`]],
		[['--provider', 'sk-proj-abcdefghijklmnop']],
		[[`--print-env=${token}`]],
		[['--token-file', token]],
		[['--ca-file', token]],
		[['--settings', token]],
		[[`--settings=/run/${token}`]],
		[['check', '--ca-file', token.slice(0, -1)]],
		[['--print-env', token]],
		[['--provider', token.slice(0, -3)]],
		[['check', '--provider', token.slice(1, -1)]],
		[['CODER_SESSION_TOKEN=anything']],
		[['OPENAI_API_KEY=anything']],
		[['0b9c5a1e-7f43-4f5e-9d11-2c3f4a5b6c7d']],
		[['--help', '--token=anything']],
	])('is rejected: %j', args => {
		expect(codesOf(args)).toEqual(['token-in-arguments'])
		const words = describeArguments(args)
		expect(words).toContain('process list')
		expect(words).toContain('--token-file FILE')
		for (const argument of args) {
			const value = argument.split('=').at(-1)!
			if (value === token || value === 'anything' || value.startsWith('sk-')) expect(words).not.toContain(value)
		}
	})

	it.each([
		[['--token-file', '/run/secrets/coder-token']],
		[['--settings', '/home/alice/0b9c5a1e-7f43-4f5e-9d11-2c3f4a5b6c7d/providers.jsonc']],
		[['--url', 'https://coder.example.com/templates/0b9c5a1e-7f43-4f5e-9d11-2c3f4a5b6c7d']],
		[['--url', 'https://token.example.com/settings/tokens']],
		[['-utoken.example.com']],
		[['-p', 'secret-models']],
		[['-p', 'europewest-anthropicproxymodels']],
	])("isn't seen if there is none: %j", args => {
		expect(parseArguments(args)).toMatchObject({ command: 'configure' })
	})

	it('is never shown, wherever it is and whatever is beside it', () => {
		const character = fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789')
		const coderToken = fc
			.tuple(
				fc.string({ unit: character, minLength: 10, maxLength: 10 }),
				fc.string({ unit: character, minLength: 22, maxLength: 22 }),
			)
			.map(([id, secret]) => ({ text: `${id}-${secret}`, secret }))
		const shapes = fc.constantFrom<(text: string) => string[]>(
			text => [text],
			text => [`--${text}`],
			text => [`-${text}`],
			text => [`--url=${text}`],
			text => ['-u', text],
			text => ['-p', text],
			text => ['--route', text],
			text => ['--lifetime', text],
			text => ['--release', text],
			text => ['--print-env', text],
			text => ['completion', text],
			text => [`--yes=${text}`],
			text => [`--whatever=${text}`],
			text => ['--whatever', text],
			text => [`"${text}"`],
			text => [`Bearer ${text}`],
			text => ['--token', ` ${text} `],
		)
		const company = fc.constantFrom<string[]>([], ['--json'], ['check'], ['--no-such'], ['-y', '--dry-run'])
		fc.assert(
			fc.property(coderToken, shapes, company, ({ text, secret }, shape, beside) => {
				let said = ''
				try {
					parseArguments([...beside, ...shape(text)])
				} catch (error) {
					const refusal = error as UserError
					said = JSON.stringify([refusal.message, refusal.findings, refusal.findings.map(describeFinding)])
				}
				expect(said).not.toContain(secret)
			}),
			{ numRuns: 1000 },
		)
	})

	it("isn't shown when it was cut short", () => {
		for (const cut of [token.slice(0, 20), token.slice(0, 28), token.slice(12), token.slice(1, 12)]) {
			expect(describeArguments([cut])).not.toContain(cut)
			expect(describeArguments([`--${cut}`])).not.toContain(cut)
		}
	})
})

group('any arguments at all', () => {
	it('give an invocation or an error with exit code 2', () => {
		const word = fc.oneof(
			fc.constantFrom(...options.map(option => `--${option.name}`), ...commandNames, '--', '-', '-yp', '-u', '=', ''),
			fc.string(),
			fc.string({ unit: 'binary' }),
		)
		fc.assert(
			fc.property(fc.array(word, { maxLength: 6 }), args => {
				try {
					expect(parseArguments(args).command).toBeTypeOf('string')
				} catch (error) {
					expect(error).toBeInstanceOf(UserError)
					const { findings } = error as UserError
					expect(new Set(findings.map(exitCodeOf))).toEqual(new Set([2]))
					for (const { headline } of findings.map(describeFinding)) {
						expect(headline).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
					}
				}
			}),
			{ numRuns: 2000 },
		)
	})
})
