// Bundles TypeScript of the project into one file, for benchmarks that call it.
import { rolldown } from 'rolldown'

export async function bundleInto(file, entry) {
	const bundle = await rolldown({
		input: entry,
		platform: 'node',
		resolve: { mainFields: ['module', 'main'] },
		onLog() {},
	})
	await bundle.write({ file, format: 'esm', codeSplitting: false })
	await bundle.close()
}
