// Text measured and taken apart without Intl.Segmenter. Nearly all text of this program is ASCII, box drawing and a few
// marks: each such character is a grapheme of its own and one cell wide. The segmenter and the expressions that know
// emoji take 10 ms and more to build, so they are built when other text comes. The bundle puts this in place of the same
// things in string-width, wrap-ansi, slice-ansi, ansi-tokenize and Ink (scripts/build/adaptations.mjs), and
// test/build/adaptations.test.ts compares both ways.

const cells =
	' -~\\xa0-\\xac\\xae-\\xff\\u2010-\\u2027\\u2190-\\u2193\\u2500-\\u25fc\\u2610-\\u2612\\u26a0\\u2714\\u2716-\\u2718\\u276e\\u276f\\u2800-\\u28ff'
const onlyCells = new RegExp(`^[${cells}]*$`)
// A control character is a grapheme of its own too, but for the pair of carriage return and line feed.
const onlySingles = new RegExp(`^[\\0-\\x0c\\x0e-\\x1f\\x7f-\\x9f${cells}]*$`)

/** Whether the text's width in cells is its length. */
export const isSingleWidth = (text: string): boolean => onlyCells.test(text)

/** What `Intl.Segmenter.segment` gives, for a text whose every character is a grapheme. */
class SingleCharacters {
	readonly text: string

	constructor(text: string) {
		this.text = text
	}

	*[Symbol.iterator](): Generator<Intl.SegmentData> {
		const { text } = this
		for (let index = 0; index < text.length; index++) yield { segment: text[index] as string, index, input: text }
	}

	containing(index = 0): Intl.SegmentData | undefined {
		const { text } = this
		const segment = text[index]
		return segment === undefined ? undefined : { segment, index, input: text }
	}
}

let real: Intl.Segmenter | undefined

/** Graphemes of a text, as `new Intl.Segmenter()` gives them. */
export const segmenter = {
	segment(text: string): Intl.Segments | SingleCharacters {
		if (onlySingles.test(text)) return new SingleCharacters(text)
		real ??= new Intl.Segmenter()
		return real.segment(text)
	},
}
