// Every message is complete, and follows the rules for texts in the interface.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findingSamples } from '../../scripts/docs/finding-samples.ts'
import { sampleFinding } from '../../scripts/docs/troubleshooting.ts'
import { docsLink, issueTrackerUrl } from '../../source/findings/addresses.ts'
import { type FindingCode, getCode, listCodes } from '../../source/findings/codes.ts'
import { isCopyable, isUrl } from '../../source/findings/copyable.ts'
import { describeFinding, describeFindings } from '../../source/findings/describe.ts'
import { type Finding, finding, UserError } from '../../source/findings/finding.ts'
import { messageTables } from '../../source/findings/messages/index.ts'
import { privateTerms } from '../fixtures/language.ts'

const allCodes = listCodes()

/** The texts of a finding with its sample details. */
function textsOf(code: FindingCode): { headline: string; reason: string; remedy: string[]; all: string[] } {
	const { headline, reason, remedy } = describeFinding(sampleFinding(code))
	return { headline, reason, remedy, all: [headline, reason, ...remedy] }
}

/** Servers' words in the samples, which are not the program's own. */
function withoutQuotes(text: string): string {
	return text.replace(/“[^”]*”/g, '“”')
}

const codesSource = readFileSync('source/findings/codes.ts', 'utf8')

/** The details that the type of a code leaves optional, as its source says, with the types that it names. */
function optionalDetails(code: FindingCode): string[] {
	const type = new RegExp(`^\\t'?${code}'?: \\w+(?:<(.*?)>)?\\(\\d`, 'ms').exec(codesSource)?.[1] ?? ''
	const named = [...codesSource.matchAll(/^type (\w+) = \{(.*?)\}$/gms)]
	const bodies = [type, ...named.flatMap(([, name, body]) => (new RegExp(`\\b${name}\\b`).test(type) ? [body!] : []))]
	const names = bodies.flatMap(body => [...body.matchAll(/(\w+)\?:/g)].map(([, name]) => name!))
	// A code may require what a named type leaves optional.
	return names.filter(name => !new RegExp(`\\b${name}: `).test(type))
}

it('reads the optional details of a code from its type', () => {
	expect(optionalDetails('not-coder')).toEqual(['status', 'line'])
	expect(optionalDetails('settings-locked')).toEqual(['pid'])
	expect(optionalDetails('proxy-refused').sort()).toEqual(['line', 'noProxy', 'noProxyName', 'platform', 'status'])
	expect(optionalDetails('url-insecure')).toEqual([])
	expect(optionalDetails('bug')).toContain('message')
})

describe('the codes', () => {
	it('are each in one table only', () => {
		expect([...new Set(allCodes)]).toEqual(allCodes)
	})

	it('each have a message and a sample, and nothing else has', () => {
		expect(messageTables.flatMap(table => Object.keys(table())).sort()).toEqual([...allCodes].sort())
		expect(Object.keys(findingSamples).sort()).toEqual([...allCodes].sort())
	})

	it.each(allCodes)('%s has the exit code of its kind', code => {
		const kinds: [RegExp, number[]][] = [
			[/^url-|^token-empty$|^workspace-proxy$|^standalone-gateway$|^ca-file-/, [2]],
			[/^token-(in-arguments|stdin|file-not-bare)/, [2]],
			[/^(token-(name|lifetime|not-created|not-deleted)|token-file)/, [1, 2, 5]],
			[/^(token|user|login|signed-out)/, [3]],
			[/^(tls|certificate|proxy|connection|host|network|https?-|redirect|no-response)/, [4]],
			[/^(no-license|bridge-off|too-old|open-source-build|bridge-disconnected|route-unknown)/, [6]],
		]
		const kind = kinds.find(([pattern]) => pattern.test(code))
		if (kind) expect(kind[1]).toContain(getCode(code).exitCode)
	})
})

describe('every message', () => {
	it.each(allCodes)('%s has no gaps', code => {
		const { all } = textsOf(code)
		for (const text of all) {
			expect(text).not.toBe('')
			expect(text).toBe(text.trim())
			expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
			if (code !== 'bug') expect(text).not.toMatch(/\bundefined\b|\bnull\b|NaN|\[object|\$\{|“”|""| {2}/)
		}
	})

	it.each(allCodes)('%s has no gaps without its optional details', code => {
		const { details } = sampleFinding(code)
		const isRequired = ([name]: [string, unknown]) => !optionalDetails(code).includes(name)
		const required = Object.fromEntries(Object.entries(details).filter(isRequired))
		const { headline, reason, remedy } = describeFinding({ ...sampleFinding(code), details: required } as Finding)
		for (const text of [headline, reason, ...remedy]) expect(text).not.toMatch(/\bundefined\b|“”| {2}/)
	})

	it.each(allCodes)('%s follows the rules', code => {
		const { headline, reason, remedy, all } = textsOf(code)
		// Sentence case, no full stop, short; no exit code and no path of the API in it.
		expect(headline).toMatch(/^["“/]?[A-Za-z-]/)
		expect(headline).not.toMatch(/[.!]$/)
		expect(headline.length).toBeLessThan(100)
		expect(headline).not.toMatch(/\/api\/|exit code/i)
		// Whole sentences; an address at the end stays alone.
		expect(reason).toMatch(/[.!?…]”?$|: https:\/\/\S+$| to https:\/\/\S+$/)
		for (const step of remedy) if (!isCopyable(step)) expect(step).toMatch(/[.?:]$|^--\S+ \S+$|--settings \S+$/)
		for (const text of all) {
			expect(text, 'straight apostrophes').not.toMatch(/[‘’]/)
			// The one message that names the variable advises to unset it.
			const isAdviceAgainst = code === 'tls-verification-off'
			if (!isAdviceAgainst) expect(text, 'verification stays on').not.toMatch(/REJECT_UNAUTHORIZED|--no-verify/)
			for (const [term, better] of privateTerms) expect(withoutQuotes(text), better).not.toMatch(term)
		}
		if (getCode(code).severity === 'error') expect(remedy.length).toBeGreaterThan(0)
	})

	it('is different from the others of its group, but for untrusted certificates', () => {
		const headlines = allCodes
			.filter(code => !/^tls-(self|unable)|-session$|^token-expires-soon$|^settings-partly-read$/.test(code))
			.map(code => textsOf(code).headline)
		const repeated = headlines.filter((headline, index) => headlines.indexOf(headline) !== index)
		expect(repeated).toEqual([])
	})

	it('contains no address but examples, and the issue tracker of package.json', () => {
		const { bugs } = JSON.parse(readFileSync('package.json', 'utf8')) as { bugs?: string | { url: string } }
		if (bugs) expect(issueTrackerUrl).toBe(typeof bugs === 'string' ? bugs : bugs.url)
		for (const code of allCodes) {
			for (const [address] of textsOf(code)
				.all.join('\n')
				.matchAll(/https?:\/\/\w[^\s/:@]*/g)) {
				if (!/example\.(com|org)$|coder\.internal$|USER$|^https:\/\/coder$/.test(address)) {
					expect(issueTrackerUrl.startsWith(address), `${code}: ${address}`).toBe(true)
				}
			}
			const copied = textsOf(code).remedy.filter(step => isUrl(step) && step.includes('github.com'))
			expect(copied.filter(step => step !== issueTrackerUrl)).toEqual([])
		}
	})
})

describe('a described finding', () => {
	it('links to its entry in the documentation', () => {
		const page = readFileSync('docs/troubleshooting.md', 'utf8')
		for (const code of allCodes) {
			const { docs } = describeFinding(sampleFinding(code))
			expect(docs).toBe(docsLink(code))
			expect(docs).toMatch(new RegExp(`/docs/troubleshooting\\.md#${code}$`))
			expect(page).toContain(`\n### ${code}\n`)
		}
	})

	it('has the severity of its code, unless the finding has its own', () => {
		expect(describeFinding(finding('url-empty', 'deployment')).severity).toBe('error')
		expect(describeFinding(finding('invalid-lifetime', 'arguments', { value: '3' }, 'warning')).severity).toBe(
			'warning',
		)
	})
})

it('a UserError names the codes of its findings', () => {
	const error = new UserError(finding('url-empty', 'deployment'), finding('cancelled', 'settings'))
	expect(error.message).toBe('url-empty, cancelled')
	expect(error.findings).toHaveLength(2)
})

describe('describeFindings', () => {
	const sent = (title: string, subject: string, gateway = 'OpenRouter') =>
		({
			...sampleFinding('gateway-first'),
			subject,
			details: { ...sampleFinding('gateway-first').details, title, gateway },
		}) as Finding

	it('says once what holds for several providers', () => {
		const described = describeFindings([sent('OpenAI', 'openai'), sent('Anthropic', 'anthropic')])
		expect(described).toHaveLength(1)
		expect(described[0]!.headline).toContain('OpenAI and Anthropic')
		const limited = { ...sampleFinding('rate-limited') }
		expect(describeFindings([limited, { ...limited, subject: 'anthropic' }])).toHaveLength(1)
	})

	it('keeps apart what differs in its cause or remedy', () => {
		expect(describeFindings([sent('OpenAI', 'openai'), sent('Anthropic', 'anthropic', 'Copilot')])).toHaveLength(2)
	})
})
