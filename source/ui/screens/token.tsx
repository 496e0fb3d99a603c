import { Box, useStdout } from 'ink'
import { useState } from 'react'
import { inspectToken } from '../../coder/token-format.ts'
import { describeFinding } from '../../findings/describe.ts'
import type { Finding } from '../../findings/finding.ts'
import { Secret } from '../../secrets/secret.ts'
import { makeClipboardSequence } from '../../terminal/clipboard.ts'
import { getHost, getPrompt } from '../../wizard/prompts.ts'
import type { WizardPhase } from '../../wizard/state.ts'
import { Spinner } from '../components/check-list.tsx'
import { Findings } from '../components/finding.tsx'
import { Link, LinkText } from '../components/link.tsx'
import { MaskedText, PasswordInput } from '../components/password-input.tsx'
import { scopePriority, useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { useTerminal, useTheme } from '../theme.ts'
import type { ScreenProps } from './screen-props.ts'
import { measureChoices, SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

export function TokenScreen(props: ScreenProps) {
	const { phase } = props.state
	if (phase.step !== 'token') return null
	switch (phase.status) {
		case 'discovering':
			return <Waiting {...props} text="checking the Coder CLI and the settings …" />
		case 'verifying':
		case 'verified':
			return <CheckedToken {...props} phase={phase} />
		case 'exchange':
			return <Deciding {...props} findings={[]} />
		case 'rejected':
			return <Deciding {...props} findings={phase.findings} />
		case 'creating':
			return <Waiting {...props} text="creating a token …" />
		case 'select':
			return <ChooseToken {...props} findings={phase.findings} />
		case 'paste':
			return <TypeToken {...props} findings={phase.findings} removed={phase.removed} />
	}
}

function Waiting({ state, send, compact, text }: ScreenProps & { text: string }) {
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			<Spinner text={text} />
		</StepFrame>
	)
}

type CheckedPhase = Extract<WizardPhase, { step: 'token'; status: 'verifying' | 'verified' }>

/** The token that was entered, while the deployment is asked whose it is, and after. */
function CheckedToken({ state, send, compact, phase }: ScreenProps & { phase: CheckedPhase }) {
	const { answer, removed } = phase
	const isVerified = phase.status === 'verified'
	// Enter after a paste, by habit, isn't lost while the deployment is asked, and answers nothing else.
	const submit = () => send({ type: 'submit-token', text: new Secret('') })
	const bindings = [
		{ keys: ['enter'], label: 'continue', action: submit },
		{ keys: ['ctrl+u'], label: 'clear', help: 'clear the field', action: () => send({ type: 'open-paste' }) },
	]
	useBindings(isVerified ? bindings : bindings.slice(0, 1), {
		order: scopePriority.control,
		onPaste: text => isVerified && send({ type: 'submit-token', text: new Secret(text), isPaste: true }),
	})
	const signedIn = answer.owner === undefined ? 'Coder didn’t say whose token this is' : `Signed in as ${answer.owner}`
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			<MaskedText
				length={answer.secret.length}
				removed={removed}
				isChecked={isVerified && answer.owner !== undefined}
			/>
			<Box marginTop={compact ? 0 : 1}>
				{isVerified ? (
					<Text wrap="truncate-end">{`  ${signedIn}`}</Text>
				) : (
					<Spinner text={`asking ${getHost(state)} …`} />
				)}
			</Box>
		</StepFrame>
	)
}

/** Findings about the token, and what to do about them. */
function Deciding({ state, send, compact, taken, findings }: ScreenProps & FoundIssues) {
	const { rows, columns } = useTerminal()
	const room = Math.max(2, rows - 1 - taken - 3 - measureChoices(state, columns, rows) - (compact ? 0 : 4))
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			{findings.length > 0 ? (
				<Box marginBottom={compact ? 0 : 1} flexDirection="column">
					<Findings findings={findings.map(describeFinding)} rows={room} />
				</Box>
			) : null}
			<SelectChoice state={state} send={send} />
		</StepFrame>
	)
}

type FoundIssues = { readonly findings: readonly Finding[] }

function ChooseToken({ state, send, compact, taken, findings }: ScreenProps & FoundIssues) {
	const { rows, columns } = useTerminal()
	// Around the findings: the question, the choices, the page, the hints, and the blank lines between them.
	const room = Math.max(2, rows - 1 - taken - 4 - measureChoices(state, columns, rows) - (compact ? 0 : 4))
	const page = getTokenPage(state)
	// A token pasted on the list is meant for the last choice.
	useBindings([], {
		order: scopePriority.control,
		onPaste: text => send({ type: 'submit-token', text: new Secret(text) }),
	})
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			<SelectChoice state={state} send={send} hasRoom={findings.length === 0} />
			<TokenPage page={page} compact={compact} copyKeys={['ctrl+y', 'c']} />
			<Findings findings={findings.map(describeFinding)} rows={room} />
		</StepFrame>
	)
}

function TypeToken(props: ScreenProps & FoundIssues & { removed: readonly string[] }) {
	const { state, send, compact, taken, findings, removed } = props
	const { rows } = useTerminal()
	// Findings about one text don't apply to the next: they disappear with the first key.
	const [outdated, setOutdated] = useState<unknown>(null)
	const shown = outdated === findings ? [] : findings
	const page = getTokenPage(state)
	const isNamed = shown.some(issue => describeFinding(issue).remedy.includes(page))
	// Around the findings: the question, the field, what was removed, the page, the hints, and the blank lines between them.
	const room = Math.max(2, rows - 1 - taken - 3 - (removed.length > 0 ? 1 : 0) - (isNamed ? 1 : 2) - (compact ? 0 : 5))
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			<PasswordInput
				onSubmit={text => send({ type: 'submit-token', text: new Secret(text) })}
				onPaste={text => send({ type: 'submit-token', text: new Secret(text), isPaste: true })}
				onChange={() => setOutdated(findings)}
				isRefused={shown.length > 0}
				inspect={inspectToken}
				removed={shown.length > 0 ? removed : []}
			/>
			{shown.length > 0 ? (
				<Box marginTop={compact ? 0 : 1} flexDirection="column">
					<Findings findings={shown.map(describeFinding)} rows={room} />
				</Box>
			) : null}
			<TokenPage page={page} compact={compact} isNamed={isNamed} />
		</StepFrame>
	)
}

type TokenPageProps = {
	readonly page: string
	readonly compact: boolean
	readonly copyKeys?: readonly string[]
	/** A finding names the page already: only the keys are needed. */
	readonly isNamed?: boolean
}

/** Where to get a token: the page, unbroken, to be clicked, and the keys that open or copy it. */
function TokenPage({ page, compact, copyKeys = ['ctrl+y'], isNamed = false }: TokenPageProps) {
	const { stdout } = useStdout()
	const { capabilities, columns, openUrl } = useTerminal()
	const { symbols, tones } = useTheme()
	const [notice, setNotice] = useState('')
	const copy = () => {
		stdout.write(makeClipboardSequence(page, capabilities.through))
		setNotice('Copied (via your terminal)')
	}
	const open = async () => {
		if (await openUrl?.(page)) setNotice('Opened in your browser')
		else copy()
	}
	useBindings([
		{ keys: ['ctrl+o'], label: 'open', hint: false, help: 'open the link in your browser', action: () => void open() },
		{ keys: copyKeys, label: 'copy', hint: false, help: 'copy the link', action: copy },
	])
	const keys =
		notice === '' ? (
			<Text wrap="truncate-end">
				ctrl-o<Text {...tones.dim}> open {symbols.dot} </Text>ctrl-y<Text {...tones.dim}> copy</Text>
			</Text>
		) : (
			<Text wrap="truncate-end">{notice}</Text>
		)
	const label = <Text {...tones.dim}>{isNamed ? '' : 'Get one   '}</Text>
	const isOneLine = !isNamed && pageLabelWidth + page.length + 3 + pageKeysWidth <= columns - 2
	return (
		<Box marginTop={compact ? 0 : 1} flexDirection="column">
			<Box paddingX={2}>
				{label}
				{isOneLine ? (
					<Box flexGrow={1} flexShrink={0}>
						<LinkText url={page} />
					</Box>
				) : null}
				{keys}
			</Box>
			{isNamed || isOneLine ? null : <Link url={page} />}
		</Box>
	)
}

/** Cells of "  Get one   ", and of the keys beside the page. */
const pageLabelWidth = 12
const pageKeysWidth = 26

function getTokenPage(state: ScreenProps['state']): string {
	return `${state.answers.deployment?.deployment.origin ?? ''}/cli-auth`
}
