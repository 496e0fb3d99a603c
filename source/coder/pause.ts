import { setTimeout as wait } from 'node:timers/promises'

/** Waits; false if the signal fired first. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
	return wait(ms, true, signal ? { signal } : {}).catch(() => false)
}
