import { describe, expect, it } from 'vitest'
import { detectAgent, detectReadingAgent } from '../../source/runtime/agents.ts'

describe('an agent', () => {
	it.each([
		['claude', { CLAUDECODE: '1' }],
		['claude', { CLAUDE_CODE: '1' }],
		['cursor-cli', { CURSOR_AGENT: '1' }],
		['cursor-cli', { CURSOR_EXTENSION_HOST_ROLE: 'agent-exec' }],
		['gemini', { GEMINI_CLI: '1' }],
		['codex', { CODEX_SANDBOX: 'seatbelt' }],
		['codex', { CODEX_THREAD_ID: '01' }],
		['opencode', { OPENCODE: '1' }],
		['augment-cli', { AUGMENT_AGENT: '1' }],
		['antigravity', { ANTIGRAVITY_AGENT: '1' }],
		['goose', { AGENT: 'goose' }],
		['my-agent@2', { AI_AGENT: ' my-agent@2 ', CLAUDECODE: '1' }],
		[null, { CURSOR_EXTENSION_HOST_ROLE: 'user' }],
		[null, { AGENT: 'smith' }],
		[null, { AI_AGENT: ' ', CLAUDECODE: '0', GEMINI_CLI: 'false', OPENCODE: '' }],
		[null, { CURSOR_TRACE_ID: 'abc' }],
		[null, {}],
	])('is %s for %j', (name, env) => {
		expect(detectAgent(env)).toBe(name)
	})

	it('is recognized by variables of editors and sites only if asked', () => {
		expect(detectAgent({ CURSOR_TRACE_ID: 'abc' }, { shared: true })).toBe('cursor')
		expect(detectAgent({ REPL_ID: 'abc' }, { shared: true })).toBe('replit')
		expect(detectAgent({ COPILOT_GITHUB_TOKEN: 'abc' }, { shared: true })).toBe('github-copilot')
	})
})

describe('an agent that reads the output', () => {
	const reading = (env: Record<string, string>, stdin: boolean, stdout: boolean) =>
		detectReadingAgent({ env, isStdinTerminal: () => stdin, isStdoutTerminal: () => stdout })

	it.each([
		[true, true, null, null],
		[true, false, 'claude', null],
		[false, true, 'claude', null],
		[false, false, 'claude', 'cursor'],
	])('stdin a terminal: %s, stdout: %s', (stdin, stdout, sure, shared) => {
		expect(reading({ CLAUDECODE: '1' }, stdin, stdout)).toBe(sure)
		expect(reading({ CURSOR_TRACE_ID: '1' }, stdin, stdout)).toBe(shared)
	})

	it('leaves the streams alone for a person', () => {
		const fail = () => {
			throw new Error('the stream was created')
		}
		expect(detectReadingAgent({ env: {}, isStdinTerminal: fail, isStdoutTerminal: fail })).toBeNull()
	})
})
