// Coder's releases, as far as the program depends on them (docs/contracts/coder.md#12-api-paths).

type Release = { readonly major: number; readonly minor: number }

/** The release in `v2.36.0+4c1b5f0`; null for a development build (`v0.0.0-devel`) and for an unknown version. */
function parseRelease(version: string): Release | null {
	const [, major = '', minor = ''] = /^v?(\d+)\.(\d+)\./.exec(version) ?? []
	if (major === '' || (Number(major) === 0 && Number(minor) === 0)) return null
	return { major: Number(major), minor: Number(minor) }
}

/** Whether a deployment is certainly older than 2.`minor`; false if its version is unknown. */
export function isBefore(version: string, minor: number): boolean {
	const release = parseRelease(version)
	return release !== null && (release.major < 2 || (release.major === 2 && release.minor < minor))
}

/** The variable that turns AI Bridge on, with its value: it was renamed in 2.34. */
export function getSwitchVariable(version: string): string {
	return isBefore(version, 34) ? 'CODER_AIBRIDGE_ENABLED=true' : 'CODER_AI_GATEWAY_ENABLED=true'
}

/**
 * Whether a request for the list of models can do no harm: from 2.34 to 2.36, one that the upstream refuses takes the
 * administrator's key out of service for everybody (docs/contracts/coder.md#51-requests-and-what-they-reveal).
 */
export function isListingHarmless(version: string): boolean {
	const release = parseRelease(version)
	return release !== null && (isBefore(version, 34) || !isBefore(version, 37))
}
