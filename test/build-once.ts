// Builds dist/ once before the suite, so that tests of the built program always see this very source.
import { execFileSync } from 'node:child_process'

export default function buildOnce() {
	if (process.env['MUX_BRIDGE_WIZARD_BUILT'] === '1') return
	execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
