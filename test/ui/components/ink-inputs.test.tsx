// With Ink's own reading of keys, where a whole chunk is one event: fields and lists take it apart themselves.
import { cleanup, render } from 'ink-testing-library'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { PasswordInput } from '../../../source/ui/components/password-input.tsx'
import { Select } from '../../../source/ui/components/select.tsx'
import { TextInput } from '../../../source/ui/components/text-input.tsx'
import { Terminal } from '../../../source/ui/terminal.tsx'
import { plainTerminal, until } from './drawn.tsx'

afterEach(cleanup)

function Url({ done }: { done: (text: string) => void }) {
	const [value, setValue] = useState('')
	return <TextInput value={value} onChange={setValue} onSubmit={done} />
}

test('a text with edits in the middle, and Enter', async () => {
	const entered: string[] = []
	const { stdin } = render(
		<Terminal capabilities={plainTerminal} onQuit={() => {}}>
			<Url done={text => entered.push(text)} />
		</Terminal>,
	)
	stdin.write('https://coder.exampel\u007f\u007fle\u0005.com\r')
	await until(() => entered.length > 0)
	expect(entered).toEqual(['https://coder.example.com'])
})

test('a secret with a line break in it', async () => {
	const entered: string[] = []
	const { stdin, frames } = render(
		<Terminal capabilities={plainTerminal} onQuit={() => {}}>
			<PasswordInput onSubmit={text => entered.push(text)} />
		</Terminal>,
	)
	stdin.write('\u001b[200~secret\rtext\u001b[201~')
	stdin.write('\r')
	await until(() => entered.length > 0)
	expect(entered).toEqual(['secret\ntext'])
	for (const frame of frames) expect(frame).not.toContain('secret')
})

test('keys in a list', async () => {
	const chosen: string[] = []
	const { stdin } = render(
		<Terminal capabilities={plainTerminal} onQuit={() => {}}>
			<Select items={['a', 'b', 'c'].map(label => ({ label, value: label }))} onChoose={value => chosen.push(value)} />
		</Terminal>,
	)
	stdin.write('jj\r')
	await until(() => chosen.length > 0)
	expect(chosen).toEqual(['c'])
})
