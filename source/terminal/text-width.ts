// Measures and splits text without Intl.Segmenter. Nearly all text of this program is ASCII, box drawing and a few
// symbols: each such character is a grapheme of its own and one cell wide. Creating a segmenter takes 10 ms and
// compiling /^\p{RGI_Emoji}$/v 20 ms, so both happen when other text needs them.

const cells =
	' -~\\xa0-\\xac\\xae-\\xff\\u2010-\\u2027\\u2190-\\u2193\\u2500-\\u25fc\\u2610-\\u2612\\u26a0\\u2714\\u2716-\\u2718\\u276e\\u276f\\u2800-\\u28ff'
const onlyCells = new RegExp(`^[${cells}]*$`)
// A control character is a grapheme of its own too, except the pair of carriage return and line feed.
const onlySingles = new RegExp(`^[\\0-\\x0c\\x0e-\\x1f\\x7f-\\x9f${cells}]*$`)

/** Whether the text's width in cells is its length. */
export const isSingleWidth = (text: string): boolean => onlyCells.test(text)

/** The result of `Intl.Segmenter.segment` for a text whose every character is a grapheme. */
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

let realSegmenter: Intl.Segmenter | undefined

/** Graphemes of a text, as `Intl.Segmenter` gives them. */
export class Segmenter {
	segment(text: string): Intl.Segments | SingleCharacters {
		if (onlySingles.test(text)) return new SingleCharacters(text)
		// Through globalThis it is the real one, in the bundle too.
		realSegmenter ??= new globalThis.Intl.Segmenter()
		return realSegmenter.segment(text)
	}
}

export const segmenter = new Segmenter()

const emojiOfOneUnit = /^\p{Emoji_Presentation}$/u
/** Node 20 has this flag; the compiler's target doesn't. */
const setFlag: string = 'v'
let emoji: RegExp | undefined

/** Matches what /^\p{RGI_Emoji}$/v matches. */
export const rgiEmoji = {
	test(grapheme: string): boolean {
		if (grapheme.length === 1) return emojiOfOneUnit.test(grapheme)
		emoji ??= new RegExp('^\\p{RGI_Emoji}$', setFlag)
		return emoji.test(grapheme)
	},
}
