import type { ExitCode } from '../findings/exit-codes.ts'
import type { Host } from '../host.ts'
import type { Wizard } from '../wizard/store.ts'

export async function runPlain(host: Host, wizard: Wizard, _options: { readonly keys: Host['stdin'] }): Promise<ExitCode> {
	host.stderr.write(`${wizard.state().screen.step}\n`)
	return 70
}
