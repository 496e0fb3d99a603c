// Streams that are no terminal: one sentence on what is missing, exit code 2, and never a stack trace.
import { afterEach, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endPlays, type PlayOptions, playWizard } from './session.ts'

afterEach(endPlays)

const calls: [string, PlayOptions, string][] = [
	['standard input is a pipe', { stdinFrom: { text: '' } }, "stdin isn't a terminal"],
	['standard input is nothing', { stdinFrom: { file: '/dev/null' } }, "stdin isn't a terminal"],
	['standard error is a file', { stderrTo: 'capture' }, "stderr isn't a terminal"],
	['both, as under cron', { stdinFrom: { text: 'y\n' }, stderrTo: 'capture', stdoutTo: 'capture' }, "isn't a terminal"],
]

test.each(calls)('%s', async (_, options, sentence) => {
	const play = await playWizard(options)
	const { wizard } = play
	expect(await wizard.exit).toEqual({ code: 2, signal: null })
	const said = (options.stderrTo === 'capture' ? wizard.stderr() : '') + wizard.scrollback()
	expect(said).toContain('The wizard needs a terminal')
	expect(said).toContain(sentence)
	expect(said).not.toMatch(/^\s+at |node:|Error:/m)
	expect(play.settings()).toBe(demoSettings)
	if (options.stdoutTo === 'capture') expect(wizard.stdout()).toBe('')
	expect(wizard.modeBalance()).toEqual([])
})

test('--token-stdin without any terminal', async () => {
	const play = await playWizard({
		args: demo => ['--url', demo.url, '--token-stdin'],
		environment: demo => ({ TOKEN: demo.token.reveal() }),
		shell: 'echo "$TOKEN" | setsid --wait $WIZARD 2>"$HOME/said"; code=$?; cat "$HOME/said"; exit $code',
	})
	expect((await play.wizard.exit).code).toBe(2)
	expect(play.wizard.scrollback()).toContain("isn't a terminal")
	expect(play.wizard.scrollback()).not.toMatch(/^\s+at |ENXIO/m)
})

test('CI=1 in a real terminal changes nothing', async () => {
	const { wizard } = await playWizard({ env: { CI: '1' } })
	await wizard.waitFor('Which providers')
	await wizard.press('ctrl-c')
	expect((await wizard.exit).code).toBe(130)
})
