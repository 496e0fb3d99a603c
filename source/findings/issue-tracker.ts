/** Where bugs are reported: the same address as `bugs` in package.json. */
export const issueTrackerUrl = 'https://github.com/mux-bridge-wizard/mux-bridge-wizard/issues'
