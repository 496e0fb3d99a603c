/** The request to end a run in good order: nothing half done, and unused tokens revoked. */
export class CancellationToken {
	#isAsked = false
	#controller: AbortController | null = null

	get isCancelled(): boolean {
		return this.#isAsked
	}

	/** The same as an AbortSignal. Created on first use, because Node loads its EventTarget modules for one. */
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
