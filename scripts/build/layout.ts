// Stands for yoga-layout in the bundle: the part of its flexbox that this program's screens use, by the same steps and
// with the same rounding. Yoga itself is 72 kB of WebAssembly and its bindings, a sixth of the package, compiled anew at
// each start. What is left out (wrapping, percentages, absolute positions, ratios, baselines) throws where it is asked
// for. test/build/layout.test.ts lays thousands of trees out both ways.
// The steps are those of Yoga's CalculateLayout.cpp; their names are kept where they help to find them there.

/** How a size that is handed down is meant: it is this, it is at most this, or it follows from what is inside. */
type Sizing = 'exactly' | 'at-most' | 'content'

type Axis = 'row' | 'column'
type Edge = 'left' | 'top' | 'right' | 'bottom'
type Size = 'width' | 'height'
type Sizes = Record<Size, number>

type Measure = (width: number, widthMode: number, height: number, heightMode: number) => Partial<Sizes>

const none = Number.NaN
/** Yoga counts in 32 bits. */
const f = Math.fround
const isSet = (value: number): boolean => !Number.isNaN(value)
const larger = (a: number, b: number): number => (isSet(a) ? (isSet(b) ? Math.max(a, b) : a) : b)
const sizeOf = (axis: Axis): Size => (axis === 'row' ? 'width' : 'height')
const startOf = (axis: Axis): Edge => (axis === 'row' ? 'left' : 'top')
const endOf = (axis: Axis): Edge => (axis === 'row' ? 'right' : 'bottom')
const edges: readonly Edge[] = ['left', 'top', 'right', 'bottom']

// Yoga's numbers for edges, in the order in which a more general one stands in for `left` and so on.
const fallbacks: Record<Edge, readonly number[]> = {
	left: [4, 0, 6, 8],
	top: [1, 7, 8],
	right: [5, 2, 6, 8],
	bottom: [3, 7, 8],
}

const constants = {
	ALIGN_AUTO: 0,
	ALIGN_FLEX_START: 1,
	ALIGN_CENTER: 2,
	ALIGN_FLEX_END: 3,
	ALIGN_STRETCH: 4,
	ALIGN_BASELINE: 5,
	ALIGN_SPACE_BETWEEN: 6,
	ALIGN_SPACE_AROUND: 7,
	ALIGN_SPACE_EVENLY: 8,
	DIRECTION_LTR: 1,
	DISPLAY_FLEX: 0,
	DISPLAY_NONE: 1,
	EDGE_LEFT: 0,
	EDGE_TOP: 1,
	EDGE_RIGHT: 2,
	EDGE_BOTTOM: 3,
	EDGE_START: 4,
	EDGE_END: 5,
	EDGE_HORIZONTAL: 6,
	EDGE_VERTICAL: 7,
	EDGE_ALL: 8,
	FLEX_DIRECTION_COLUMN: 0,
	FLEX_DIRECTION_COLUMN_REVERSE: 1,
	FLEX_DIRECTION_ROW: 2,
	FLEX_DIRECTION_ROW_REVERSE: 3,
	GUTTER_COLUMN: 0,
	GUTTER_ROW: 1,
	GUTTER_ALL: 2,
	JUSTIFY_FLEX_START: 0,
	JUSTIFY_CENTER: 1,
	JUSTIFY_FLEX_END: 2,
	JUSTIFY_SPACE_BETWEEN: 3,
	JUSTIFY_SPACE_AROUND: 4,
	JUSTIFY_SPACE_EVENLY: 5,
	MEASURE_MODE_UNDEFINED: 0,
	MEASURE_MODE_EXACTLY: 1,
	MEASURE_MODE_AT_MOST: 2,
	POSITION_TYPE_STATIC: 0,
	POSITION_TYPE_RELATIVE: 1,
	POSITION_TYPE_ABSOLUTE: 2,
	WRAP_NO_WRAP: 0,
	WRAP_WRAP: 1,
	WRAP_WRAP_REVERSE: 2,
} as const

const measureModes: Record<Sizing, number> = { content: 0, exactly: 1, 'at-most': 2 }

function unknown(what: string): never {
	throw new Error(`${what}: not in scripts/build/layout.ts, which lays out in place of Yoga`)
}

const number = (value: unknown): number => {
	if (value === undefined || value === null || Number.isNaN(value)) return none
	return typeof value === 'number' ? value : unknown(`the length ${String(value)}`)
}

/** A set of edges: as they were given, by Yoga's numbers, and what that means for the four of them. */
class EdgeValues {
	readonly given: number[] = []
	left = 0
	top = 0
	right = 0
	bottom = 0

	set(edge: number, value: unknown): void {
		this.given[edge] = number(value)
		for (const name of edges) this[name] = this.find(name)
	}

	find(edge: Edge): number {
		for (const name of fallbacks[edge]) {
			const value = this.given[name]
			if (value !== undefined && isSet(value)) return value
		}
		return 0
	}
}

/** What was asked of a node and what came of it. Answers outlive a layout where nothing inside a node has changed. */
type Answer = Question & { readonly size: Sizes }
type Question = {
	readonly width: number
	readonly height: number
	readonly widthSizing: Sizing
	readonly heightSizing: Sizing
}

let generation = 0

class LayoutNode {
	static create = (): LayoutNode => new LayoutNode()

	parent: LayoutNode | undefined
	children: LayoutNode[] = []
	measure: Measure | undefined

	isReverse = false
	axis: Axis = 'column'
	justify: number = constants.JUSTIFY_FLEX_START
	alignItems: number = constants.ALIGN_STRETCH
	alignSelf: number = constants.ALIGN_AUTO
	display: number = constants.DISPLAY_FLEX
	grow = 0
	shrink = 0
	basis = none
	readonly wanted: Sizes = { width: none, height: none }
	readonly least: Sizes = { width: none, height: none }
	readonly most: Sizes = { width: none, height: none }
	readonly gaps: number[] = []
	readonly margin = new EdgeValues()
	readonly padding = new EdgeValues()
	readonly border = new EdgeValues()

	/** Of the pass that is under way. */
	flexBasis = none
	measured: Sizes = { width: 0, height: 0 }
	isDirty = true
	generation = 0
	answers: Answer[] = []
	laidOut: Answer | null = null

	/** Where it was placed; whole cells, once all is done. */
	position = { left: 0, top: 0 }
	size: Sizes = { width: 0, height: 0 }

	insertChild(child: LayoutNode, index: number): void {
		child.parent = this
		this.children.splice(index, 0, child)
		this.markDirty()
	}
	removeChild(child: LayoutNode): void {
		const index = this.children.indexOf(child)
		if (index < 0) return
		this.children.splice(index, 1)
		child.parent = undefined
		this.markDirty()
	}
	getChildCount = (): number => this.children.length
	getChild = (index: number): LayoutNode | undefined => this.children[index]
	getParent = (): LayoutNode | undefined => this.parent
	setMeasureFunc(measure: Measure): void {
		this.measure = measure
	}
	unsetMeasureFunc(): void {
		this.measure = undefined
	}
	markDirty(): void {
		if (this.isDirty) return
		this.isDirty = true
		this.flexBasis = none
		this.parent?.markDirty()
	}
	// Memory is not ours to free.
	free(): void {}
	freeRecursive(): void {}

	setFlexDirection(value: number): void {
		this.axis = value >= constants.FLEX_DIRECTION_ROW ? 'row' : 'column'
		this.isReverse = value % 2 === 1
		this.markDirty()
	}
	setFlexGrow(value: number): void {
		this.grow = value
		this.markDirty()
	}
	setFlexShrink(value: number): void {
		this.shrink = value
		this.markDirty()
	}
	setFlexBasis(value: unknown): void {
		this.basis = number(value)
		this.markDirty()
	}
	setFlexBasisAuto(): void {
		this.basis = none
		this.markDirty()
	}
	setFlexWrap(value: number): void {
		if (value !== constants.WRAP_NO_WRAP) unknown('flexWrap')
	}
	setAlignItems(value: number): void {
		this.alignItems = value === constants.ALIGN_BASELINE ? unknown('baseline') : value
		this.markDirty()
	}
	setAlignSelf(value: number): void {
		this.alignSelf = value === constants.ALIGN_BASELINE ? unknown('baseline') : value
		this.markDirty()
	}
	// Of one line there is nothing to align.
	setAlignContent(): void {}
	setJustifyContent(value: number): void {
		this.justify = value
		this.markDirty()
	}
	setPositionType(value: number): void {
		if (value !== constants.POSITION_TYPE_RELATIVE) unknown('position')
	}
	setDisplay(value: number): void {
		this.display = value
		this.markDirty()
	}
	setMargin(edge: number, value: unknown): void {
		this.margin.set(edge, value)
		this.markDirty()
	}
	setPadding(edge: number, value: unknown): void {
		this.padding.set(edge, value)
		this.markDirty()
	}
	setBorder(edge: number, value: unknown): void {
		this.border.set(edge, value)
		this.markDirty()
	}
	setGap(gutter: number, value: unknown): void {
		this.gaps[gutter] = number(value)
		this.markDirty()
	}
	setWidth(value: unknown): void {
		this.wanted.width = number(value)
		this.markDirty()
	}
	setHeight(value: unknown): void {
		this.wanted.height = number(value)
		this.markDirty()
	}
	setWidthAuto(): void {
		this.wanted.width = none
		this.markDirty()
	}
	setHeightAuto(): void {
		this.wanted.height = none
		this.markDirty()
	}
	setMinWidth(value: unknown): void {
		this.least.width = number(value)
		this.markDirty()
	}
	setMinHeight(value: unknown): void {
		this.least.height = number(value)
		this.markDirty()
	}
	setMaxWidth(value: unknown): void {
		this.most.width = number(value)
		this.markDirty()
	}
	setMaxHeight(value: unknown): void {
		this.most.height = number(value)
		this.markDirty()
	}
	setAspectRatio(value: unknown): void {
		if (isSet(number(value))) unknown('aspectRatio')
	}
	setPosition(_edge: number, value: unknown): void {
		if (isSet(number(value))) unknown('top, right, bottom, left')
	}
	setPositionPercent = (): never => unknown('a percentage')
	setFlexBasisPercent = (): never => unknown('a percentage')
	setWidthPercent = (): never => unknown('a percentage')
	setHeightPercent = (): never => unknown('a percentage')
	setMinHeightPercent = (): never => unknown('a percentage')
	setMaxHeightPercent = (): never => unknown('a percentage')

	getDisplay = (): number => this.display
	getComputedLeft = (): number => this.position.left
	getComputedTop = (): number => this.position.top
	getComputedWidth = (): number => this.size.width
	getComputedHeight = (): number => this.size.height
	getComputedLayout = () => ({ ...this.position, ...this.size, right: 0, bottom: 0 })
	getComputedMargin = (edge: number): number => this.margin[edges[edge] as Edge]
	getComputedPadding = (edge: number): number => this.padding[edges[edge] as Edge]
	getComputedBorder = (edge: number): number => this.border[edges[edge] as Edge]

	calculateLayout(width: number | undefined, height: number | undefined): void {
		const given: Sizes = { width: width ?? none, height: height ?? none }
		const sizing: Record<Size, Sizing> = { width: 'content', height: 'content' }
		for (const axis of ['row', 'column'] as const) {
			const size = sizeOf(axis)
			if (isSet(wantedOf(this, size))) {
				given[size] = wantedOf(this, size) + marginOf(this, axis)
				sizing[size] = 'exactly'
			} else if (isSet(this.most[size])) {
				given[size] = this.most[size]
				sizing[size] = 'at-most'
			} else if (isSet(given[size])) sizing[size] = 'exactly'
		}
		generation++
		lay(this, given.width, given.height, sizing.width, sizing.height, true)
		this.position = { left: this.margin.left, top: this.margin.top }
		round(this, 0, 0)
	}
}

/** processDimensions: the size that was asked for, by itself or as both limits at once. */
const wantedOf = (node: LayoutNode, size: Size): number =>
	isSet(node.most[size]) && isNear(node.most[size], node.least[size]) ? node.most[size] : node.wanted[size]
const marginOf = ({ margin }: LayoutNode, axis: Axis): number =>
	axis === 'row' ? margin.left + margin.right : margin.top + margin.bottom
function gapOf(node: LayoutNode, axis: Axis): number {
	for (const gutter of [axis === 'row' ? constants.GUTTER_COLUMN : constants.GUTTER_ROW, constants.GUTTER_ALL]) {
		const value = node.gaps[gutter]
		if (value !== undefined && isSet(value)) return Math.max(value, 0)
	}
	return 0
}
const startInset = ({ padding, border }: LayoutNode, axis: Axis): number =>
	axis === 'row' ? padding.left + border.left : padding.top + border.top
const endInset = ({ padding, border }: LayoutNode, axis: Axis): number =>
	axis === 'row' ? padding.right + border.right : padding.bottom + border.bottom
const insetOf = (node: LayoutNode, axis: Axis): number => startInset(node, axis) + endInset(node, axis)
const outerOf = (node: LayoutNode, axis: Axis): number => f(node.measured[sizeOf(axis)] + marginOf(node, axis))

const alignmentOf = (node: LayoutNode, child: LayoutNode): number =>
	child.alignSelf === constants.ALIGN_AUTO ? node.alignItems : child.alignSelf

/** boundAxisWithinMinAndMax */
function withinLimits(node: LayoutNode, axis: Axis, value: number): number {
	const size = sizeOf(axis)
	if (node.most[size] >= 0 && value > node.most[size]) return node.most[size]
	return node.least[size] >= 0 && value < node.least[size] ? node.least[size] : value
}

/** boundAxis */
const bound = (node: LayoutNode, axis: Axis, value: number): number =>
	larger(withinLimits(node, axis, value), insetOf(node, axis))

/** constrainMaxSizeForMode */
function limitTo(child: LayoutNode, axis: Axis, sizing: Sizing, value: number): [Sizing, number] {
	const most = child.most[sizeOf(axis)] + marginOf(child, axis)
	if (sizing === 'content') return isSet(most) ? ['at-most', most] : [sizing, value]
	return [sizing, !isSet(most) || value < most ? value : most]
}

/** calculateLayoutInternal: sizes a node for what it is offered, and places its children where `places` asks for it. */
function lay(
	node: LayoutNode,
	width: number,
	height: number,
	widthSizing: Sizing,
	heightSizing: Sizing,
	places: boolean,
): void {
	const question: Question = { width, height, widthSizing, heightSizing }
	if (node.isDirty && node.generation !== generation) {
		node.answers = []
		node.laidOut = null
	}
	const answer = findAnswer(node, question, places)
	if (answer) {
		node.measured = { ...answer.size }
	} else {
		if (node.measure) layText(node, node.measure, width, height, widthSizing, heightSizing)
		else if (node.children.length === 0) layEmpty(node, width, height, widthSizing, heightSizing)
		else layChildren(node, width, height, widthSizing, heightSizing, places)
		const found = { ...question, size: { ...node.measured } }
		if (node.answers.length === mostAnswers) node.answers = []
		if (places) node.laidOut = found
		else node.answers.push(found)
	}
	if (places) {
		node.isDirty = false
		node.size = { ...node.measured }
	}
	node.generation = generation
}

const mostAnswers = 8

function findAnswer(node: LayoutNode, question: Question, places: boolean): Answer | undefined {
	if (node.measure) {
		const known = node.laidOut ? [node.laidOut, ...node.answers] : node.answers
		return known.find(answer => answers(node, question, answer))
	}
	const known = places ? (node.laidOut ? [node.laidOut] : []) : node.answers
	return known.find(
		answer =>
			isSame(question.widthSizing, question.width, answer.widthSizing, answer.width) &&
			isSame(question.heightSizing, question.height, answer.heightSizing, answer.height),
	)
}

const isSame = (sizing: Sizing, value: number, otherSizing: Sizing, other: number): boolean =>
	sizing === otherSizing && isNear(value, other)

/** canUseCachedMeasurement: text measured before may be right for another question too. */
function answers(node: LayoutNode, question: Question, answer: Answer): boolean {
	const fits = (size: Size, axis: Axis) => {
		const mode = question[`${size}Sizing`]
		const known = answer[`${size}Sizing`]
		const found = answer.size[size]
		const own = question[size] - marginOf(node, axis)
		if (known === mode && isNear(toCell(answer[size], false, false), toCell(question[size], false, false))) return true
		if (mode === 'exactly') return isNear(own, found)
		if (mode !== 'at-most') return false
		if (known === 'content') return own >= found || isNear(own, found)
		return known === 'at-most' && answer[size] > own && (found <= own || isNear(own, found))
	}
	return fits('width', 'row') && fits('height', 'column')
}

/** measureNodeWithMeasureFunc */
function layText(
	node: LayoutNode,
	measure: Measure,
	offeredWidth: number,
	offeredHeight: number,
	widthSizing: Sizing,
	heightSizing: Sizing,
): void {
	const width = widthSizing === 'content' ? none : offeredWidth - marginOf(node, 'row')
	const height = heightSizing === 'content' ? none : offeredHeight - marginOf(node, 'column')
	if (widthSizing === 'exactly' && heightSizing === 'exactly') {
		node.measured = { width: bound(node, 'row', width), height: bound(node, 'column', height) }
		return
	}
	const inner = (size: number, axis: Axis) => (isSet(size) ? Math.max(0, size - insetOf(node, axis)) : size)
	const found = measure(
		inner(width, 'row'),
		measureModes[widthSizing],
		inner(height, 'column'),
		measureModes[heightSizing],
	)
	node.measured = {
		width: bound(node, 'row', widthSizing === 'exactly' ? width : (found.width ?? none) + insetOf(node, 'row')),
		height: bound(
			node,
			'column',
			heightSizing === 'exactly' ? height : (found.height ?? none) + insetOf(node, 'column'),
		),
	}
}

/** measureNodeWithoutChildren */
function layEmpty(node: LayoutNode, width: number, height: number, widthSizing: Sizing, heightSizing: Sizing): void {
	const size = (axis: Axis, offered: number, sizing: Sizing) =>
		bound(node, axis, sizing === 'exactly' ? offered - marginOf(node, axis) : insetOf(node, axis))
	node.measured = { width: size('row', width, widthSizing), height: size('column', height, heightSizing) }
}

/** calculateAvailableInnerDimension */
function innerSize(node: LayoutNode, axis: Axis, offered: number): number {
	const size = sizeOf(axis)
	const inset = insetOf(node, axis)
	const inner = f(f(offered - marginOf(node, axis)) - inset)
	if (!isSet(inner)) return inner
	const least = isSet(node.least[size]) ? node.least[size] - inset : 0
	const most = isSet(node.most[size]) ? node.most[size] - inset : Number.MAX_VALUE
	return Math.max(Math.min(inner, most), least)
}

/** calculateLayoutImpl, for a node with children */
function layChildren(
	node: LayoutNode,
	width: number,
	height: number,
	widthSizing: Sizing,
	heightSizing: Sizing,
	places: boolean,
): void {
	const offered: Sizes = { width, height }
	const sizing: Record<Size, Sizing> = { width: widthSizing, height: heightSizing }
	if (!places && isFixed(node, offered, sizing)) return

	const { axis: main } = node
	const cross: Axis = main === 'row' ? 'column' : 'row'
	const mainSizing = sizing[sizeOf(main)]
	const crossSizing = sizing[sizeOf(cross)]
	const inner: Sizes = { width: innerSize(node, 'row', width), height: innerSize(node, 'column', height) }
	const innerCross = inner[sizeOf(cross)]
	let innerMain = inner[sizeOf(main)]
	const gap = gapOf(node, main)

	// Step 3: what each child would like to have on the main axis.
	const single = mainSizing === 'exactly' ? onlyFlexible(node.children) : null
	const line: LayoutNode[] = []
	for (const child of node.children) {
		if (child.display === constants.DISPLAY_NONE) {
			vanish(child)
			continue
		}
		line.push(child)
		if (places) {
			child.position = { left: child.margin.left, top: child.margin.top }
			// From the other end; turned round when the node's own size is known.
			if (node.isReverse) child.position[startOf(main) as 'left' | 'top'] = child.margin[endOf(main)]
		}
		if (child === single) child.flexBasis = 0
		else findFlexBasis(node, child, main, inner, sizing)
	}

	// Step 4: one line, and step 5: how long it may be.
	let consumed = 0
	let growing = 0
	let shrinking = 0
	for (const [index, child] of line.entries()) {
		consumed = f(consumed + withinLimits(child, main, child.flexBasis) + marginOf(child, main) + (index > 0 ? gap : 0))
		growing = f(growing + child.grow)
		shrinking = f(shrinking + f(-child.shrink * child.flexBasis))
	}
	if (growing > 0 && growing < 1) growing = 1
	if (shrinking > 0 && shrinking < 1) shrinking = 1
	const mayNotFlex = !places && crossSizing === 'exactly'
	let isByContent = false
	if (mainSizing !== 'exactly') {
		const least = node.least[sizeOf(main)] - insetOf(node, main)
		const most = node.most[sizeOf(main)] - insetOf(node, main)
		if (isSet(least) && consumed < least) innerMain = least
		else if (isSet(most) && consumed > most) innerMain = most
		else {
			if (growing === 0 || node.grow === 0) innerMain = consumed
			isByContent = true
		}
	}
	let free = 0
	if (!isByContent && isSet(innerMain)) free = f(innerMain - consumed)
	else if (consumed < 0) free = -consumed
	if (!mayNotFlex) {
		const stretches = isSet(innerCross) && crossSizing === 'exactly'
		free = flex(node, line, { main, cross, free, growing, shrinking, innerCross, stretches, places })
	}

	// Step 6: along the main axis.
	if (mainSizing === 'at-most' && free > 0) {
		const least = node.least[sizeOf(main)]
		free = isSet(least) ? Math.max(0, least - insetOf(node, main) - (innerMain - free)) : 0
	}
	const [lead, between] = justify(node.justify, free, line.length)
	const edge = startOf(main) as 'left' | 'top'
	const step = f(between + gap)
	let mainEnd = f((node.isReverse ? endInset(node, main) : startInset(node, main)) + lead)
	let crossSize = 0
	for (const [index, child] of line.entries()) {
		if (places) child.position[edge] = f(child.position[edge] + mainEnd)
		if (index < line.length - 1) mainEnd = f(mainEnd + step)
		if (mayNotFlex) {
			mainEnd = f(mainEnd + f(marginOf(child, main) + child.flexBasis))
			crossSize = innerCross
		} else {
			mainEnd = f(mainEnd + outerOf(child, main))
			crossSize = larger(crossSize, outerOf(child, cross))
		}
	}
	mainEnd = f(mainEnd + (node.isReverse ? startInset(node, main) : endInset(node, main)))
	const container =
		crossSizing === 'exactly' ? innerCross : bound(node, cross, crossSize + insetOf(node, cross)) - insetOf(node, cross)
	if (crossSizing === 'exactly') crossSize = innerCross
	crossSize = bound(node, cross, crossSize + insetOf(node, cross)) - insetOf(node, cross)

	// Step 7: across.
	if (places) for (const child of line) placeAcross(node, child, { main, cross, crossSize, container })

	// Step 9: the node's own size.
	const own = {
		width: bound(node, 'row', width - marginOf(node, 'row')),
		height: bound(node, 'column', height - marginOf(node, 'column')),
	}
	if (mainSizing !== 'exactly') own[sizeOf(main)] = bound(node, main, mainEnd)
	if (crossSizing !== 'exactly') own[sizeOf(cross)] = bound(node, cross, crossSize + insetOf(node, cross))
	node.measured = own
	if (places && node.isReverse) {
		for (const child of line) {
			child.position[edge] = f(f(own[sizeOf(main)] - child.measured[sizeOf(main)]) - child.position[edge])
		}
	}
}

/** measureNodeWithFixedSize */
function isFixed(node: LayoutNode, offered: Sizes, sizing: Record<Size, Sizing>): boolean {
	const own: Sizes = {
		width: offered.width - marginOf(node, 'row'),
		height: offered.height - marginOf(node, 'column'),
	}
	const hasNoRoom = (size: Size) => isSet(own[size]) && sizing[size] === 'at-most' && own[size] <= 0
	const isGiven = sizing.width === 'exactly' && sizing.height === 'exactly'
	if (!hasNoRoom('width') && !hasNoRoom('height') && !isGiven) return false
	const size = (axis: Axis) => {
		const value = own[sizeOf(axis)]
		return bound(node, axis, !isSet(value) || (sizing[sizeOf(axis)] === 'at-most' && value < 0) ? 0 : value)
	}
	node.measured = { width: size('row'), height: size('column') }
	return true
}

/** The one child that takes all the room, whatever it would like to have. */
function onlyFlexible(children: readonly LayoutNode[]): LayoutNode | null {
	let single: LayoutNode | null = null
	for (const child of children) {
		if (child.grow === 0 && child.shrink === 0) continue
		if (single || child.grow === 0 || child.shrink === 0) return null
		single = child
	}
	return single
}

function vanish(node: LayoutNode): void {
	node.measured = { width: 0, height: 0 }
	node.size = { width: 0, height: 0 }
	node.position = { left: 0, top: 0 }
	node.answers = []
	node.laidOut = null
	for (const child of node.children) vanish(child)
}

/** computeFlexBasisForChild */
function findFlexBasis(
	node: LayoutNode,
	child: LayoutNode,
	main: Axis,
	inner: Sizes,
	sizing: Record<Size, Sizing>,
): void {
	const inset = insetOf(child, main)
	if (isSet(child.basis) && isSet(inner[sizeOf(main)])) {
		if (!isSet(child.flexBasis)) child.flexBasis = Math.max(child.basis, inset)
		return
	}
	if (isSet(wantedOf(child, sizeOf(main)))) {
		child.flexBasis = Math.max(wantedOf(child, sizeOf(main)), inset)
		return
	}
	const offers: Record<Size, [Sizing, number]> = { width: ['content', none], height: ['content', none] }
	for (const axis of ['row', 'column'] as const) {
		const size = sizeOf(axis)
		if (isSet(wantedOf(child, size))) offers[size] = ['exactly', wantedOf(child, size) + marginOf(child, axis)]
		else if (isSet(inner[size])) offers[size] = ['at-most', inner[size]]
		const isStretched = alignmentOf(node, child) === constants.ALIGN_STRETCH && offers[size][0] !== 'exactly'
		if (axis !== main && isSet(inner[size]) && sizing[size] === 'exactly' && isStretched) {
			offers[size] = ['exactly', inner[size]]
		}
		offers[size] = limitTo(child, axis, ...offers[size])
	}
	lay(child, offers.width[1], offers.height[1], offers.width[0], offers.height[0], false)
	child.flexBasis = Math.max(child.measured[sizeOf(main)], inset)
}

type Flexing = {
	main: Axis
	cross: Axis
	free: number
	growing: number
	shrinking: number
	innerCross: number
	stretches: boolean
	places: boolean
}

/** resolveFlexibleLength: gives out the free room, or takes what is missing; returns what is left of it. */
function flex(node: LayoutNode, line: readonly LayoutNode[], flexing: Flexing): number {
	const { main, cross, innerCross } = flexing
	let { free, growing, shrinking } = flexing
	let taken = 0
	for (const child of line) {
		const basis = withinLimits(child, main, child.flexBasis)
		if (free < 0 && child.shrink * basis !== 0) {
			const size = shrunk(basis, free, shrinking, child)
			const bounded = bound(child, main, size)
			if (isSet(size) && size !== bounded) {
				taken = f(taken + f(bounded - basis))
				shrinking = f(shrinking + f(child.shrink * child.flexBasis))
			}
		} else if (free > 0 && child.grow !== 0) {
			const size = f(basis + f(f(free / growing) * child.grow))
			const bounded = bound(child, main, size)
			if (isSet(size) && size !== bounded) {
				taken = f(taken + f(bounded - basis))
				growing = f(growing - child.grow)
			}
		}
	}
	free = f(free - taken)

	let given = 0
	for (const child of line) {
		const basis = withinLimits(child, main, child.flexBasis)
		let size = basis
		if (free < 0 && child.shrink * basis !== 0) {
			size = bound(child, main, shrunk(basis, free, shrinking, child))
		} else if (free > 0 && child.grow !== 0) size = bound(child, main, f(basis + f(f(free / growing) * child.grow)))
		given = f(given + f(size - basis))

		const wanted = wantedOf(child, sizeOf(cross))
		const isStretched = !isSet(wanted) && alignmentOf(node, child) === constants.ALIGN_STRETCH
		let crossOffer: [Sizing, number]
		if (isStretched && flexing.stretches) crossOffer = ['exactly', innerCross]
		else if (!isSet(wanted)) crossOffer = [isSet(innerCross) ? 'at-most' : 'content', innerCross]
		else crossOffer = ['exactly', wanted + marginOf(child, cross)]
		const mainOffer = limitTo(child, main, 'exactly', f(size + marginOf(child, main)))
		crossOffer = limitTo(child, cross, ...crossOffer)
		const [across, along] = main === 'row' ? [mainOffer, crossOffer] : [crossOffer, mainOffer]
		lay(child, across[1], along[1], across[0], along[0], flexing.places && !isStretched)
	}
	return f(flexing.free - given)
}

function shrunk(basis: number, free: number, shrinking: number, child: LayoutNode): number {
	const scaled = f(-child.shrink * basis)
	return f(basis + (shrinking === 0 ? scaled : f(f(free / shrinking) * scaled)))
}

/** How far the first child stands from the start, and how much more than the gap is between two. */
function justify(how: number, free: number, count: number): [lead: number, between: number] {
	if (how === constants.JUSTIFY_CENTER) return [f(free / 2), 0]
	if (how === constants.JUSTIFY_FLEX_END) return [free, 0]
	// Spreading what is missing would draw children over one another.
	if (free < 0) return [0, 0]
	if (how === constants.JUSTIFY_SPACE_BETWEEN) return [0, count > 1 ? f(free / (count - 1)) : 0]
	if (how === constants.JUSTIFY_SPACE_EVENLY) return [f(free / (count + 1)), f(free / (count + 1))]
	if (how === constants.JUSTIFY_SPACE_AROUND) return [f(f(0.5 * free) / count), f(f(f(0.5 * free) / count) * 2)]
	return [0, 0]
}

function placeAcross(
	node: LayoutNode,
	child: LayoutNode,
	{ main, cross, crossSize, container }: { main: Axis; cross: Axis; crossSize: number; container: number },
): void {
	const alignment = alignmentOf(node, child)
	let lead = startInset(node, cross)
	if (alignment === constants.ALIGN_STRETCH) {
		if (!isSet(wantedOf(child, sizeOf(cross)))) {
			const mainOffer = limitTo(child, main, 'exactly', outerOf(child, main))
			const crossOffer = limitTo(child, cross, 'exactly', crossSize)
			const [across, along] = main === 'row' ? [mainOffer, crossOffer] : [crossOffer, mainOffer]
			const sizing = ([, value]: [Sizing, number]): Sizing => (isSet(value) ? 'exactly' : 'content')
			lay(child, across[1], along[1], sizing(across), sizing(along), true)
		}
	} else {
		const remaining = f(container - outerOf(child, cross))
		if (alignment === constants.ALIGN_CENTER) lead = f(lead + f(remaining / 2))
		else if (alignment === constants.ALIGN_FLEX_END) lead = f(lead + remaining)
	}
	const edge = startOf(cross) as 'left' | 'top'
	child.position[edge] = f(child.position[edge] + lead)
}

const isNear = (a: number, b: number): boolean =>
	isSet(a) && isSet(b) ? Math.abs(a - b) < 0.0001 : isSet(a) === isSet(b)

/** roundValueToPixelGrid */
function toCell(value: number, up: boolean, down: boolean): number {
	let fraction = value % 1
	if (fraction < 0) fraction++
	if (isNear(fraction, 0)) return value - fraction
	if (isNear(fraction, 1) || up) return value - fraction + 1
	if (down) return value - fraction
	return value - fraction + (fraction > 0.5 || isNear(fraction, 0.5) ? 1 : 0)
}

/** roundLayoutResultsToPixelGrid: by the edges, so that neighbours still touch; text never loses a cell. */
function round(node: LayoutNode, parentLeft: number, parentTop: number): void {
	const isText = node.measure !== undefined
	const left = parentLeft + node.position.left
	const top = parentTop + node.position.top
	const extent = (start: number, size: number) => {
		const isWhole = isNear(size % 1, 0) || isNear(size % 1, 1)
		return toCell(start + size, isText && !isWhole, isText && isWhole) - toCell(start, false, isText)
	}
	node.position = { left: toCell(node.position.left, false, isText), top: toCell(node.position.top, false, isText) }
	node.size = { width: extent(left, node.size.width), height: extent(top, node.size.height) }
	for (const child of node.children) round(child, left, top)
}

export default { ...constants, Node: LayoutNode }
