// Interprets the data plane's response to an incomplete message: which of its checks answered, or what the upstream
// said (docs/contracts/coder.md#42-checks-in-their-order). Pure.
import { type CodeFor, type Finding, finding } from '../findings/finding.ts'
import type { HttpResponse } from './http/types.ts'
import {
	coderHeader,
	firstLine,
	interpretUnknownResponse,
	isHtml,
	parseJsonBody,
	type ResponseDetails,
	rateLimited,
	responseDetails,
	textOf,
} from './interpret-response.ts'

export type MessageResult =
	/** License, token, provider, its key, route and model work. */
	| { readonly status: 'proven' }
	/** The provider has this route; nothing else was tried. */
	| { readonly status: 'route-found' }
	/** The deployment doesn't know AI Bridge under this path. */
	| { readonly status: 'path-unknown' }
	/** Too many requests with this token in this second. */
	| { readonly status: 'rate-limited'; readonly finding: Finding }
	| { readonly status: 'unauthorized'; readonly finding: Finding }
	/** About AI Bridge as a whole, or about something in front of it. */
	| { readonly status: 'bridge'; readonly finding: Finding; readonly isTokenAccepted: boolean }
	/** About the provider alone. */
	| { readonly status: 'provider'; readonly finding: Finding }

/** What was asked, and of whom. */
export type MessageQuestion = {
	readonly origin: string
	/** Name of the provider instance in the URL. */
	readonly instance: string
	/** The provider's id, the subject of its findings. */
	readonly subject: string
	/** The model that was named; undefined if none was. */
	readonly model?: string | undefined
	/** `empty`: without a body, so that no upstream is reached. `complete`: only an answer is a proof. */
	readonly body: 'incomplete' | 'empty' | 'complete'
	/** Answered by a standalone gateway, which sends no header of Coder's. */
	readonly isGateway?: boolean | undefined
}

type Details = ResponseDetails & { readonly provider: string }
type Code = CodeFor<Details>

/**
 * How Coder says it: `message` is its JSON, `error` is JSON in the upstream's format, `text` is one line of plain text.
 * An upstream's JSON must not be taken for Coder's.
 */
type Form = 'message' | 'error' | 'text'

type Row = readonly [statuses: readonly number[], forms: readonly Form[], pattern: RegExp, code: Code]

/** Rows 1 to 7, 9 and 10: the whole of AI Bridge. The flag: the token had been accepted before. */
const bridgeRows: readonly (readonly [...Row, isTokenAccepted: boolean])[] = [
	[[403], ['message'], /is a Premium feature|Contact sales/i, 'no-license', false],
	[[503], ['message'], /at capacity/i, 'at-capacity', false],
	[[403], ['message'], /Bring Your Own Key|\bBYOK\b/i, 'byok-disabled', false],
	[[404], ['message'], /handler not mounted/i, 'bridge-off', false],
	[[400], ['text'], /^no auth(entication)? key provided/i, 'token-missing', false],
	[[500, 502, 503], ['text'], /^could not connect to coderd/i, 'bridge-disconnected', false],
	[[403], ['text'], /^AI budget of .* exceeded/i, 'budget-spent', true],
	[[500, 503], ['text'], /^failed to acquire request handler/i, 'handler-pool', true],
]

/** Rows 11 to 17: one provider. */
const providerRows: readonly Row[] = [
	[[503], ['text'], /^provider_disabled\b|AI provider .* is disabled/i, 'provider-disabled'],
	[[404], ['text'], /^route not supported:/i, 'provider-unknown'],
	[[500], ['text'], /^failed to create .* interceptor/i, 'provider-without-key'],
	[[502], ['error', 'text'], /all configured keys failed authentication/i, 'upstream-key-bad'],
	[[502], ['error', 'message', 'text'], /key pool unavailable/i, 'provider-without-key'],
	[[502], ['error', 'message', 'text'], /invalid provider base URL/i, 'provider-url-wrong'],
	[[429], ['error'], /all configured keys are rate-limited/i, 'upstream-rate-limited'],
	[[502], ['text'], /^upstream proxy error/i, 'upstream-down'],
	[[500, 502, 504], ['message', 'error', 'text'], /^(?:Get|Post) "?https?:\/\/[^ ]*: /i, 'upstream-down'],
	[[500], ['message', 'error', 'text'], /expected destination type/i, 'provider-url-wrong'],
]

const noCredit =
	/credit balance|insufficient_quota|exceeded your current quota|billing[_ ]hard[_ ]limit|insufficient (?:funds|balance|credits?)/i
const modelUnknown =
	/model_not_found|DeploymentNotFound|unknown model|invalid model|does not have access to model|^model: |\bmodel\b.{0,100}(?:does not exist|not found|(?:is not|isn't) (?:supported|available))/i

/** Interprets the response to a message to one provider. */
export function interpretMessageResponse(response: HttpResponse, question: MessageQuestion): MessageResult {
	const { origin, instance, subject } = question
	const details = { ...responseDetails(response, origin), provider: instance }
	const { form, words } = readWords(response)
	const matches = ([statuses, forms, pattern]: readonly [...Row, ...unknown[]]) =>
		form !== null && statuses.includes(response.status) && forms.includes(form) && pattern.test(words)
	if (form === 'message' && response.status === 404 && /^route not found\.?$/i.test(words))
		return { status: 'path-unknown' }
	if (form === 'message' && response.status === 429 && /^You've been rate limited/i.test(words))
		return { status: 'rate-limited', finding: asWarning(rateLimited(response, origin, 'bridge')) }
	if (form === 'text' && response.status === 403 && /^unauthorized\.?$/i.test(words))
		return { status: 'unauthorized', finding: finding('token-not-for-bridge', 'token', details) }
	const bridgeRow = bridgeRows.find(matches)
	if (bridgeRow) {
		const [, , , code, isTokenAccepted] = bridgeRow
		const isToken = code === 'token-missing'
		const issue = isToken
			? finding(code, 'token', { ...details, header: 'Authorization or X-Api-Key' })
			: finding(code, 'bridge', withBudget(code, details, words))
		return { status: 'bridge', finding: issue, isTokenAccepted }
	}
	const providerRow = providerRows.find(matches)
	if (providerRow?.[3] === 'provider-without-key' && question.body === 'empty') return { status: 'route-found' }
	if (providerRow) return { status: 'provider', finding: finding(providerRow[3], subject, details) }
	if (coderHeader(response) === null && !question.isGateway)
		return { status: 'bridge', finding: interpretUnknownResponse(response, origin, 'bridge'), isTokenAccepted: false }
	return interpretUpstreamResponse(response, question, details)
}

/** The finding about one provider if AI Bridge accepts the token for another one. */
export function makeProviderIssue(
	{ status }: Pick<MessageResult, 'status'>,
	{ id, instance }: { readonly id: string; readonly instance: string },
	{ deployment: { origin } }: { readonly deployment: { readonly origin: string } },
): Finding {
	if (status === 'unauthorized') return finding('token-not-for-bridge', id, { origin })
	return finding('provider-unknown', id, { provider: instance })
}

/** Row 18: passed on from the upstream. A rejected request proves everything before it. */
function interpretUpstreamResponse(response: HttpResponse, question: MessageQuestion, details: Details): MessageResult {
	const { status } = response
	const words = describeUpstreamError(response)
	const provider = (code: Code): MessageResult => ({
		status: 'provider',
		finding: finding(code, question.subject, details),
	})
	if (status < 300) return isHtml(response) ? provider('provider-url-wrong') : { status: 'proven' }
	if (status < 400) return provider('provider-url-wrong')
	if (status === 402 || noCredit.test(words)) return provider('upstream-no-credit')
	if (question.model !== undefined && modelUnknown.test(words))
		return {
			status: 'provider',
			finding: finding('model-unavailable', question.subject, { ...details, model: question.model }),
		}
	if (status === 401 || status === 403) return provider('upstream-key-bad')
	if ((status === 400 || status === 422) && question.body !== 'complete') return { status: 'proven' }
	return provider(status === 429 ? 'upstream-rate-limited' : 'upstream-error')
}

/** Coder's or the upstream's words, and the form in which they came; the form is null for a web page. */
function readWords(response: HttpResponse): { form: Form | null; words: string } {
	if (isHtml(response)) return { form: null, words: '' }
	const json = parseJsonBody(response)
	if (!json) return { form: 'text', words: response.text.trim() }
	if ('error' in json) return { form: 'error', words: describeUpstreamError(response) }
	return { form: 'message', words: textOf(json['message']) }
}

/** Message, code and type of an upstream's error, as one text. */
function describeUpstreamError(response: HttpResponse): string {
	const error = parseJsonBody(response)?.['error']
	if (error === null || typeof error !== 'object') return textOf(error) || firstLine(response)
	const { message, code, type } = error as Record<string, unknown>
	return [message, code, type].map(textOf).filter(Boolean).join(' ')
}

/** A budget of zero is a policy, which never ends by waiting. */
function withBudget(code: Code, details: Details, words: string): Details & { blocked?: 'yes' } {
	return code === 'budget-spent' && /US\$0(?:\.0+)? exceeded/i.test(words) ? { ...details, blocked: 'yes' } : details
}

function asWarning(issue: Finding): Finding {
	return { ...issue, severity: 'warning' }
}
