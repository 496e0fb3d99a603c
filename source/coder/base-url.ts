// What is wrong with a base URL that is meant for AI Bridge, and what it must be
// (docs/contracts/coder.md#9-common-setup-errors, docs/contracts/mux.md#4-base-urls).
import { cleanText } from '../findings/clean-text.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { type Protocol, protocols } from '../providers.ts'

/**
 * The finding `base-url-wrong` for a base URL that is meant for AI Bridge but doesn't reach it, with the right URL;
 * null for a correct URL, and for one that isn't meant for AI Bridge. `subject` is the provider's id.
 */
export function validateBaseUrl(baseUrl: string, protocol: Protocol, subject: string): Finding | null {
	const text = baseUrl.trim()
	if (!URL.canParse(text)) return null
	const url = new URL(text)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
	const segments = url.pathname.split('/').filter(Boolean)
	const at = segments.findLastIndex(segment => segment === 'aibridge' || segment === 'ai-gateway')
	if (at === -1) return null
	const before = segments.slice(0, at).join('/')
	const [instance, ...rest] = segments.slice(at + 1)
	const versions = rest.filter(segment => segment === 'v1').length
	const others = rest.filter(segment => segment !== 'v1')
	const slashes = /\/\/+/.test(url.pathname.replace(/\/+$/, '')) || /\/\/$/.test(url.pathname)
	const faults = [
		before === 'api/v2'
			? ''
			: before === ''
				? '/api/v2 is missing'
				: /^(api\/v2\/?)+$/.test(before)
					? '/api/v2 appears twice'
					: 'there is something before /api/v2',
		instance === undefined || instance === 'v1' ? 'the provider is missing' : '',
		versions === 0 && protocols[protocol].baseUrlSuffix === '/v1' && instance !== 'v1'
			? '/v1 is missing at the end'
			: '',
		versions > 1 ? '/v1 appears twice' : '',
		others.length > 0 ? 'it continues after the provider' : '',
		slashes ? 'it has a double slash' : '',
		url.search || url.hash ? 'it has a query or a fragment' : '',
	].filter(Boolean)
	if (faults.length === 0) return null
	const name = instance === undefined || instance === 'v1' ? protocols[protocol].defaultInstance : instance
	const right = `${url.origin}/api/v2/${segments[at]}/${name}${protocols[protocol].baseUrlSuffix}`
	return finding('base-url-wrong', subject, {
		problem: faults.join(', '),
		now: cleanText(`${url.origin}${url.pathname}`, 200),
		url: cleanText(right, 200),
	})
}
