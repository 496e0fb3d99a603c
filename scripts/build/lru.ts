// Stands for quick-lru in the bundle: the widths of texts that were measured. A wizard shows a few hundred of them.
export default class Measured<Key, Value> extends Map<Key, Value> {
	readonly maxSize: number

	constructor({ maxSize }: { maxSize: number }) {
		super()
		this.maxSize = maxSize
	}

	override set(key: Key, value: Value): this {
		if (this.size >= this.maxSize) this.clear()
		return super.set(key, value)
	}
}
