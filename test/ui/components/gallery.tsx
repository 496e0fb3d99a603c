// A program that shows one component as the wizard does: on standard error, with keys from the terminal. Tests start it
// in a real pseudo-terminal: `node --import tsx gallery.tsx SCENE`. What was entered goes to standard output at the end.
import { Box, render, Text } from 'ink'
import { type ReactNode, useEffect, useState } from 'react'
import { onEndingSignals } from '../../../source/runtime/signals.ts'
import { detectCapabilities } from '../../../source/terminal/capabilities.ts'
import { createFrameWriter } from '../../../source/terminal/frame-writer.ts'
import { createKeyInput, type TerminalInput } from '../../../source/terminal/input.ts'
import { createJobControl } from '../../../source/terminal/job-control.ts'
import { CheckList } from '../../../source/ui/components/check-list.tsx'
import { CompletedStep } from '../../../source/ui/components/completed-step.tsx'
import { Diff } from '../../../source/ui/components/diff.tsx'
import { Header } from '../../../source/ui/components/header.tsx'
import { KeyHints } from '../../../source/ui/components/key-hints.tsx'
import { Link } from '../../../source/ui/components/link.tsx'
import { PasswordInput } from '../../../source/ui/components/password-input.tsx'
import { Select } from '../../../source/ui/components/select.tsx'
import { TextInput } from '../../../source/ui/components/text-input.tsx'
import { Terminal } from '../../../source/ui/terminal.tsx'
import { setColorLevel } from '../../../source/ui/theme.ts'

type SceneProps = { readonly done: (result: string) => void }

function Frame({ question, children }: { question: string; children: ReactNode }) {
	return (
		<Box flexDirection="column">
			<Header title="Connect Mux to Coder AI Bridge" />
			<CompletedStep label="Providers" answer="OpenAI, Anthropic" />
			<CompletedStep label="Deployment" answer="https://coder.example.com (Coder v2.31.2)" />
			<Box marginY={1}>
				<Text bold>{question}</Text>
			</Box>
			{children}
			<Box marginTop={1}>
				<KeyHints />
			</Box>
		</Box>
	)
}

function Url({ done }: SceneProps) {
	const [value, setValue] = useState('')
	const edit = (text: string) => {
		setValue(text)
		return text
	}
	return (
		<Frame question="What's your Coder URL?">
			<TextInput value={value} onChange={edit} onSubmit={done} placeholder="https://coder.example.com" />
		</Frame>
	)
}

function Token({ done }: SceneProps) {
	return (
		<Frame question="How should Mux sign in to Coder?">
			<PasswordInput onSubmit={done} />
			<Box marginTop={1} flexDirection="column">
				<Text>{'  '}Get a token:</Text>
				<Link url="https://coder.example.com/cli-auth" />
			</Box>
		</Frame>
	)
}

function Choices({ done }: SceneProps) {
	return (
		<Frame question="How should Mux sign in to Coder?">
			<Select
				items={[
					{ label: 'Create a token for Mux', note: '30 days, named mux-laptop; survives coder logout', value: 'make' },
					{ label: 'Use the Coder CLI’s session', note: 'Zq3h7Lk2aB-••••••••••, ends in 6 days', value: 'session' },
					{ label: 'Paste a token', value: 'paste' },
				]}
				onChoose={done}
			/>
		</Frame>
	)
}

/** The step after the list is a text field: what is typed ahead must reach it. */
function Steps({ done }: SceneProps) {
	const [chosen, setChosen] = useState(false)
	const [url, setUrl] = useState<string | null>(null)
	if (!chosen) return <Choices done={() => setChosen(true)} />
	if (url === null) return <Url done={setUrl} />
	return <Token done={token => done(`${url} ${token.length}`)} />
}

function DiffScene({ done }: SceneProps) {
	const lines = Array.from({ length: 60 }, (_, index) => ({
		kind: index % 7 === 0 ? 'add' : index % 7 === 1 ? 'remove' : 'same',
		text: `    "key${index}": "${String.fromCharCode(97 + (index % 26)).repeat(20 + ((index * 7) % 30))}",`,
		number: index + 1,
	})) as { kind: 'add' | 'remove' | 'same'; text: string; number: number }[]
	return (
		<Frame question="Review the change to ~/.mux/providers.jsonc">
			<Diff lines={lines} height={10} />
			<Select
				items={[
					{ label: 'Apply', value: 'apply' },
					{ label: 'Quit', value: 'leave' },
				]}
				onChoose={done}
			/>
		</Frame>
	)
}

function Checks() {
	return (
		<Frame question="Checking">
			<CheckList
				rows={[
					{ label: 'Deployment', status: 'passed', note: 'Coder v2.31.2' },
					{ label: 'OpenAI', status: 'running', note: 'asking …' },
					{ label: 'Anthropic', status: 'running', note: 'asking …' },
				]}
			/>
		</Frame>
	)
}

function Broken() {
	useEffect(() => {
		setTimeout(() => {
			throw new Error('broken on purpose')
		})
	})
	return <Choices done={() => {}} />
}

const scenes: Record<string, (props: SceneProps) => ReactNode> = {
	Url,
	Token,
	Choices,
	Steps,
	Diff: DiffScene,
	Checks,
	Broken,
}
const Scene = scenes[process.argv[2] ?? ''] ?? Choices

const stream = process.stderr
const capabilities = detectCapabilities(process.env, process.platform, {
	isTTY: stream.isTTY,
	colorDepth: stream.getColorDepth?.() ?? 1,
})
setColorLevel(capabilities.colorLevel)
const screen = createFrameWriter(stream, capabilities)
process.on('exit', screen.restore)
let result = ''
let exitCode = 0
const end = (code: number) => {
	exitCode = code
	app.unmount()
}
const app = render(
	<Terminal capabilities={capabilities} onQuit={() => end(130)} jobs={createJobControl(process)} screen={screen}>
		<Scene
			done={text => {
				result = text
				end(0)
			}}
		/>
	</Terminal>,
	{
		stdin: createKeyInput(process.stdin as unknown as TerminalInput, () => end(129)),
		stdout: screen.stream,
		stderr: stream,
		interactive: true,
		exitOnCtrlC: false,
		patchConsole: false,
	},
)
onEndingSignals(process, end)
await app.waitUntilExit()
if (result !== '') process.stdout.write(`entered ${result}\n`)
process.exitCode = exitCode
