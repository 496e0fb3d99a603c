import type { FindingCode } from './codes.ts'

/** The project's address: the same as in package.json. No other file of the program contains it. */
const repositoryUrl = 'https://github.com/mux-bridge-wizard/mux-bridge-wizard'

/** Where bugs are reported. */
export const issueTrackerUrl = `${repositoryUrl}/issues`

/** Where the documentation explains a finding. */
export function docsLink(code: FindingCode): string {
	return `${repositoryUrl}/blob/main/docs/troubleshooting.md#${code}`
}
