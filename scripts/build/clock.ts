// Stands for the global `performance` in the bundle: the first touch of that one loads node:perf_hooks.
export const performance = {
	now(): number {
		const [seconds, nanoseconds] = process.hrtime()
		return seconds * 1e3 + nanoseconds / 1e6
	},
}
