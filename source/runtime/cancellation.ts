/** The wish that a run should end, in good order: nothing half done, what was made for nothing taken back. */
export class CancellationToken {
	#isAsked = false
	#controller: AbortController | null = null

	get isCancelled(): boolean {
		return this.#isAsked
	}

	/** The same for whatever waits. Made at its first use: Node loads its machinery of events for one. */
	get signal(): AbortSignal {
		this.#controller ??= new AbortController()
		if (this.#isAsked) this.#controller.abort()
		return this.#controller.signal
	}

	cancel(): void {
		this.#isAsked = true
		this.#controller?.abort()
	}
}
