// Stands for yoga-layout in the bundle: the part of its flexbox that this program's screens use, by the same steps and
// with the same rounding. Yoga itself is 72 kB of WebAssembly and its bindings, a sixth of the package, compiled anew at
// each start. What is left out (wrapping, percentages, absolute positions, ratios, baselines) throws where it is asked
// for. test/build/layout.test.ts lays thousands of trees out both ways.
// The steps are those of Yoga's CalculateLayout.cpp; their names are kept where they help to find them there.

// Frames are laid out in a JavaScript that has just been started: what counts is how little it does, so sizes stand in
// pairs by axis, and nothing is made that is thrown away at once.

/** 0 is across the screen (width, left, right), 1 is down (height, top, bottom). */
type Axis = 0 | 1
const row = 0
const column = 1

/** How a size that is handed down is meant, by Yoga's numbers: it follows from what is inside, is this, is at most this. */
type Sizing = 0 | 1 | 2
const content = 0
const exactly = 1
const atMost = 2

/** By axis. */
type Pair = [number, number]
type Sizes = { width: number; height: number }

type Measure = (width: number, widthMode: number, height: number, heightMode: number) => Partial<Sizes>

const none = Number.NaN
/** Yoga counts in 32 bits. */
const f = Math.fround
// biome-ignore lint/suspicious/noSelfCompare: NaN is the one number that is not itself
const isSet = (value: number): boolean => value === value

// Yoga's numbers for edges, for left, top, right, bottom: each with the more general ones that stand in for it.
const edges: readonly (readonly number[])[] = [
	[4, 0, 6, 8],
	[1, 7, 8],
	[5, 2, 6, 8],
	[3, 7, 8],
]

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

function unknown(what: string): never {
	throw new Error(`${what}: not in scripts/build/layout.ts, which lays out in place of Yoga`)
}

const number = (value: unknown): number => {
	if (value === undefined || value === null || Number.isNaN(value)) return none
	return typeof value === 'number' ? value : unknown(`the length ${String(value)}`)
}

/** A set of edges: as they were given, by Yoga's numbers, and what that means for left, top, right, bottom. */
class EdgeValues {
	readonly provided: number[] = []
	readonly at: number[] = [0, 0, 0, 0]

	set(edge: number, value: unknown): void {
		this.provided[edge] = number(value)
		for (let side = 0; side < 4; side++) this.at[side] = this.find(side)
	}

	find(side: number): number {
		for (const name of edges[side]!) {
			const value = this.provided[name]
			if (value !== undefined && isSet(value)) return value
		}
		return 0
	}
}

// An answer is what a node was asked and what came of it: width, height, their sizings, and the size that was found.
// Answers outlive a layout where nothing inside a node has changed.
const answerLength = 6
const mostAnswers = 8 * answerLength

let generation = 0

class LayoutNode {
	static create = (): LayoutNode => new LayoutNode()

	parent: LayoutNode | undefined = undefined
	children: LayoutNode[] = []
	measure: Measure | undefined = undefined

	isReverse = false
	axis: Axis = column
	justify: number = constants.JUSTIFY_FLEX_START
	alignItems: number = constants.ALIGN_STRETCH
	alignSelf: number = constants.ALIGN_AUTO
	display: number = constants.DISPLAY_FLEX
	grow = 0
	shrink = 0
	basis = none
	readonly requested: Pair = [none, none]
	readonly least: Pair = [none, none]
	readonly most: Pair = [none, none]
	readonly gaps: number[] = []
	readonly margin = new EdgeValues()
	readonly padding = new EdgeValues()
	readonly border = new EdgeValues()
	/** Margins of both sides. */
	readonly margins: Pair = [0, 0]
	/** Padding and border of the first side, of the last, and of both. */
	readonly startInset: Pair = [0, 0]
	readonly endInset: Pair = [0, 0]
	readonly inset: Pair = [0, 0]

	/** Of the pass that is under way. */
	flexBasis = none
	readonly measured: Pair = [0, 0]
	isDirty = true
	generation = 0
	/** Answers one behind the other; what a node was laid out by, its children placed, stands by itself. */
	answers: number[] = []
	laidOut: number[] = []

	/** Where it was placed; whole cells, once all is done. */
	readonly position: Pair = [0, 0]
	readonly size: Pair = [0, 0]

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
	getChildCount(): number {
		return this.children.length
	}
	getChild(index: number): LayoutNode | undefined {
		return this.children[index]
	}
	getParent(): LayoutNode | undefined {
		return this.parent
	}
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
		this.axis = value >= constants.FLEX_DIRECTION_ROW ? row : column
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
		this.addUp()
	}
	setPadding(edge: number, value: unknown): void {
		this.padding.set(edge, value)
		this.addUp()
	}
	setBorder(edge: number, value: unknown): void {
		this.border.set(edge, value)
		this.addUp()
	}
	addUp(): void {
		const { margin, padding, border } = this
		for (const axis of [row, column] as const) {
			this.margins[axis] = margin.at[axis]! + margin.at[axis + 2]!
			this.startInset[axis] = padding.at[axis]! + border.at[axis]!
			this.endInset[axis] = padding.at[axis + 2]! + border.at[axis + 2]!
			this.inset[axis] = this.startInset[axis] + this.endInset[axis]
		}
		this.markDirty()
	}
	setGap(gutter: number, value: unknown): void {
		this.gaps[gutter] = number(value)
		this.markDirty()
	}
	setWidth(value: unknown): void {
		this.requested[row] = number(value)
		this.markDirty()
	}
	setHeight(value: unknown): void {
		this.requested[column] = number(value)
		this.markDirty()
	}
	setWidthAuto(): void {
		this.requested[row] = none
		this.markDirty()
	}
	setHeightAuto(): void {
		this.requested[column] = none
		this.markDirty()
	}
	setMinWidth(value: unknown): void {
		this.least[row] = number(value)
		this.markDirty()
	}
	setMinHeight(value: unknown): void {
		this.least[column] = number(value)
		this.markDirty()
	}
	setMaxWidth(value: unknown): void {
		this.most[row] = number(value)
		this.markDirty()
	}
	setMaxHeight(value: unknown): void {
		this.most[column] = number(value)
		this.markDirty()
	}
	setAspectRatio(value: unknown): void {
		if (isSet(number(value))) unknown('aspectRatio')
	}
	setPosition(_edge: number, value: unknown): void {
		if (isSet(number(value))) unknown('top, right, bottom, left')
	}
	setPositionPercent(): never {
		return unknown('a percentage')
	}
	setFlexBasisPercent(): never {
		return unknown('a percentage')
	}
	setWidthPercent(): never {
		return unknown('a percentage')
	}
	setHeightPercent(): never {
		return unknown('a percentage')
	}
	setMinHeightPercent(): never {
		return unknown('a percentage')
	}
	setMaxHeightPercent(): never {
		return unknown('a percentage')
	}

	getDisplay(): number {
		return this.display
	}
	getComputedLeft(): number {
		return this.position[row]
	}
	getComputedTop(): number {
		return this.position[column]
	}
	getComputedWidth(): number {
		return this.size[row]
	}
	getComputedHeight(): number {
		return this.size[column]
	}
	getComputedLayout() {
		const [left, top] = this.position
		const [width, height] = this.size
		return { left, top, width, height, right: 0, bottom: 0 }
	}
	getComputedMargin(edge: number): number {
		return this.margin.at[edge]!
	}
	getComputedPadding(edge: number): number {
		return this.padding.at[edge]!
	}
	getComputedBorder(edge: number): number {
		return this.border.at[edge]!
	}

	calculateLayout(width: number | undefined, height: number | undefined): void {
		const provided: Pair = [width ?? none, height ?? none]
		const sizing: [Sizing, Sizing] = [content, content]
		for (const axis of [row, column] as const) {
			const requested = wantedOf(this, axis)
			if (isSet(requested)) {
				provided[axis] = requested + this.margins[axis]
				sizing[axis] = exactly
			} else if (isSet(this.most[axis])) {
				provided[axis] = this.most[axis]
				sizing[axis] = atMost
			} else if (isSet(provided[axis])) sizing[axis] = exactly
		}
		generation++
		lay(this, provided[row], provided[column], sizing[row], sizing[column], true)
		this.position[row] = this.margin.at[0]!
		this.position[column] = this.margin.at[1]!
		round(this, 0, 0)
	}
}

/** processDimensions: the size that was asked for, by itself or as both limits at once. */
function wantedOf(node: LayoutNode, axis: Axis): number {
	const most = node.most[axis]
	return isSet(most) && isNear(most, node.least[axis]) ? most : node.requested[axis]
}

function gapOf(node: LayoutNode, axis: Axis): number {
	const own = node.gaps[axis === row ? constants.GUTTER_COLUMN : constants.GUTTER_ROW]
	if (own !== undefined && isSet(own)) return Math.max(own, 0)
	const all = node.gaps[constants.GUTTER_ALL]
	return all !== undefined && isSet(all) ? Math.max(all, 0) : 0
}

const outerOf = (node: LayoutNode, axis: Axis): number => f(node.measured[axis] + node.margins[axis])

const alignmentOf = (node: LayoutNode, child: LayoutNode): number =>
	child.alignSelf === constants.ALIGN_AUTO ? node.alignItems : child.alignSelf

/** boundAxisWithinMinAndMax */
function withinLimits(node: LayoutNode, axis: Axis, value: number): number {
	const most = node.most[axis]
	if (most >= 0 && value > most) return most
	const least = node.least[axis]
	return least >= 0 && value < least ? least : value
}

/** boundAxis */
function bound(node: LayoutNode, axis: Axis, value: number): number {
	const within = withinLimits(node, axis, value)
	const inset = node.inset[axis]
	return isSet(within) ? Math.max(within, inset) : inset
}

/** constrainMaxSizeForMode: the size, and how it is meant then. */
function limited(child: LayoutNode, axis: Axis, sizing: Sizing, value: number): number {
	const most = child.most[axis] + child.margins[axis]
	return isSet(most) && (sizing === content || !(value < most)) ? most : value
}
const limitedSizing = (child: LayoutNode, axis: Axis, sizing: Sizing): Sizing =>
	sizing === content && isSet(child.most[axis]) ? atMost : sizing

/** calculateLayoutInternal: sizes a node for what it is offered, and places its children where `places` asks for it. */
function lay(
	node: LayoutNode,
	width: number,
	height: number,
	widthSizing: Sizing,
	heightSizing: Sizing,
	places: boolean,
): void {
	if (node.isDirty && node.generation !== generation) {
		node.answers = []
		node.laidOut = []
	}
	const { measured } = node
	if (!takeAnswer(node, width, height, widthSizing, heightSizing, places)) {
		if (node.measure) layText(node, node.measure, width, height, widthSizing, heightSizing)
		else if (node.children.length === 0) layEmpty(node, width, height, widthSizing, heightSizing)
		else layChildren(node, width, height, widthSizing, heightSizing, places)
		if (node.answers.length === mostAnswers) node.answers = []
		if (places) node.laidOut = [width, height, widthSizing, heightSizing, measured[row], measured[column]]
		else node.answers.push(width, height, widthSizing, heightSizing, measured[row], measured[column])
	}
	if (places) {
		node.isDirty = false
		node.size[row] = measured[row]
		node.size[column] = measured[column]
	}
	node.generation = generation
}

/** Takes the size from an earlier answer, if one fits. */
function takeAnswer(
	node: LayoutNode,
	width: number,
	height: number,
	widthSizing: Sizing,
	heightSizing: Sizing,
	places: boolean,
): boolean {
	const { measured } = node
	const take = (known: readonly number[]): boolean => {
		for (let at = 0; at < known.length; at += answerLength) {
			const fits = node.measure
				? answers(node, row, widthSizing, width, known, at) && answers(node, column, heightSizing, height, known, at)
				: widthSizing === known[at + 2] &&
					heightSizing === known[at + 3] &&
					isNear(width, known[at]!) &&
					isNear(height, known[at + 1]!)
			if (!fits) continue
			measured[row] = known[at + 4]!
			measured[column] = known[at + 5]!
			return true
		}
		return false
	}
	if ((node.measure || places) && take(node.laidOut)) return true
	return (node.measure || !places) && take(node.answers)
}

/** canUseCachedMeasurement: text measured before may be right for another question too. */
function answers(
	node: LayoutNode,
	axis: Axis,
	sizing: Sizing,
	asked: number,
	known: readonly number[],
	at: number,
): boolean {
	const before = known[at + axis]!
	const knownSizing = known[at + 2 + axis]
	const found = known[at + 4 + axis]!
	if (knownSizing === sizing && isNear(toCell(before, false, false), toCell(asked, false, false))) return true
	const own = asked - node.margins[axis]
	if (sizing === exactly) return isNear(own, found)
	if (sizing !== atMost) return false
	if (knownSizing === content) return own >= found || isNear(own, found)
	return knownSizing === atMost && before > own && (found <= own || isNear(own, found))
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
	const { measured, inset } = node
	const width = widthSizing === content ? none : offeredWidth - node.margins[row]
	const height = heightSizing === content ? none : offeredHeight - node.margins[column]
	if (widthSizing === exactly && heightSizing === exactly) {
		measured[row] = bound(node, row, width)
		measured[column] = bound(node, column, height)
		return
	}
	const found = measure(Math.max(0, width - inset[row]), widthSizing, Math.max(0, height - inset[column]), heightSizing)
	measured[row] = bound(node, row, widthSizing === exactly ? width : (found.width ?? none) + inset[row])
	measured[column] = bound(node, column, heightSizing === exactly ? height : (found.height ?? none) + inset[column])
}

/** measureNodeWithoutChildren */
function layEmpty(node: LayoutNode, width: number, height: number, widthSizing: Sizing, heightSizing: Sizing): void {
	const { measured, margins, inset } = node
	measured[row] = bound(node, row, widthSizing === exactly ? width - margins[row] : inset[row])
	measured[column] = bound(node, column, heightSizing === exactly ? height - margins[column] : inset[column])
}

/** calculateAvailableInnerDimension */
function innerSize(node: LayoutNode, axis: Axis, offered: number): number {
	const inset = node.inset[axis]
	const inner = f(f(offered - node.margins[axis]) - inset)
	if (!isSet(inner)) return inner
	const least = node.least[axis] - inset
	const most = node.most[axis] - inset
	return Math.max(isSet(most) ? Math.min(inner, most) : inner, isSet(least) ? least : 0)
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
	if (!places && isFixed(node, width, height, widthSizing, heightSizing)) return

	const main = node.axis
	const cross: Axis = main === row ? column : row
	const mainSizing = main === row ? widthSizing : heightSizing
	const crossSizing = main === row ? heightSizing : widthSizing
	const innerWidth = innerSize(node, row, width)
	const innerHeight = innerSize(node, column, height)
	let innerMain = main === row ? innerWidth : innerHeight
	const innerCross = main === row ? innerHeight : innerWidth
	const gap = gapOf(node, main)

	// Step 3: what each child would like to have on the main axis.
	const single = mainSizing === exactly ? onlyFlexible(node.children) : null
	const line: LayoutNode[] = []
	for (const child of node.children) {
		if (child.display === constants.DISPLAY_NONE) {
			vanish(child)
			continue
		}
		line.push(child)
		if (places) {
			child.position[row] = child.margin.at[0]!
			child.position[column] = child.margin.at[1]!
			// From the other end; turned round when the node's own size is known.
			if (node.isReverse) child.position[main] = child.margin.at[main + 2]!
		}
		if (child === single) child.flexBasis = 0
		else findFlexBasis(node, child, main, innerMain, innerCross, crossSizing)
	}
	const { length } = line

	// Step 4: one line, and step 5: how long it may be.
	let consumed = 0
	let growing = 0
	let shrinking = 0
	for (let index = 0; index < length; index++) {
		const child = line[index]!
		consumed = f(consumed + withinLimits(child, main, child.flexBasis) + child.margins[main] + (index > 0 ? gap : 0))
		growing = f(growing + child.grow)
		shrinking = f(shrinking + f(-child.shrink * child.flexBasis))
	}
	if (growing > 0 && growing < 1) growing = 1
	if (shrinking > 0 && shrinking < 1) shrinking = 1
	const mayNotFlex = !places && crossSizing === exactly
	let isByContent = false
	if (mainSizing !== exactly) {
		const least = node.least[main] - node.inset[main]
		const most = node.most[main] - node.inset[main]
		if (consumed < least) innerMain = least
		else if (consumed > most) innerMain = most
		else {
			if (growing === 0 || node.grow === 0) innerMain = consumed
			isByContent = true
		}
	}
	let free = 0
	if (!isByContent && isSet(innerMain)) free = f(innerMain - consumed)
	else if (consumed < 0) free = -consumed
	if (!mayNotFlex) {
		const stretches = isSet(innerCross) && crossSizing === exactly
		free = flex(node, line, main, free, growing, shrinking, innerCross, stretches, places)
	}

	// Step 6: along the main axis.
	if (mainSizing === atMost && free > 0) {
		const least = node.least[main]
		free = isSet(least) ? Math.max(0, least - node.inset[main] - (innerMain - free)) : 0
	}
	const between = f(spaceBetween(node.justify, free, length) + gap)
	let mainEnd = f((node.isReverse ? node.endInset : node.startInset)[main] + spaceBefore(node.justify, free, length))
	let crossSize = 0
	for (let index = 0; index < length; index++) {
		const child = line[index]!
		if (places) child.position[main] = f(child.position[main] + mainEnd)
		if (index < length - 1) mainEnd = f(mainEnd + between)
		if (mayNotFlex) {
			mainEnd = f(mainEnd + f(child.margins[main] + child.flexBasis))
			crossSize = innerCross
		} else {
			mainEnd = f(mainEnd + outerOf(child, main))
			const outer = outerOf(child, cross)
			if (outer > crossSize) crossSize = outer
		}
	}
	mainEnd = f(mainEnd + (node.isReverse ? node.startInset : node.endInset)[main])
	const crossInset = node.inset[cross]
	const container = crossSizing === exactly ? innerCross : bound(node, cross, crossSize + crossInset) - crossInset
	if (crossSizing === exactly) crossSize = innerCross
	crossSize = bound(node, cross, crossSize + crossInset) - crossInset

	// Step 7: across.
	if (places) {
		for (let index = 0; index < length; index++) placeAcross(node, line[index]!, main, cross, crossSize, container)
	}

	// Step 9: the node's own size.
	const { measured } = node
	measured[main] = bound(
		node,
		main,
		mainSizing === exactly ? (main === row ? width : height) - node.margins[main] : mainEnd,
	)
	measured[cross] = bound(
		node,
		cross,
		crossSizing === exactly ? (cross === row ? width : height) - node.margins[cross] : crossSize + crossInset,
	)
	if (places && node.isReverse) {
		for (const child of line) {
			child.position[main] = f(f(measured[main] - child.measured[main]) - child.position[main])
		}
	}
}

/** measureNodeWithFixedSize */
function isFixed(node: LayoutNode, width: number, height: number, widthSizing: Sizing, heightSizing: Sizing): boolean {
	const ownWidth = width - node.margins[row]
	const ownHeight = height - node.margins[column]
	const isGiven = widthSizing === exactly && heightSizing === exactly
	const hasNoRoom = (widthSizing === atMost && ownWidth <= 0) || (heightSizing === atMost && ownHeight <= 0)
	if (!hasNoRoom && !isGiven) return false
	const size = (axis: Axis, own: number, sizing: Sizing) =>
		bound(node, axis, !isSet(own) || (sizing === atMost && own < 0) ? 0 : own)
	node.measured[row] = size(row, ownWidth, widthSizing)
	node.measured[column] = size(column, ownHeight, heightSizing)
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
	for (const pair of [node.measured, node.size, node.position]) pair.fill(0)
	node.answers = []
	node.laidOut = []
	for (const child of node.children) vanish(child)
}

/** computeFlexBasisForChild */
function findFlexBasis(
	node: LayoutNode,
	child: LayoutNode,
	main: Axis,
	innerMain: number,
	innerCross: number,
	crossSizing: Sizing,
): void {
	const inset = child.inset[main]
	if (isSet(child.basis) && isSet(innerMain)) {
		if (!isSet(child.flexBasis)) child.flexBasis = Math.max(child.basis, inset)
		return
	}
	const wantedMain = wantedOf(child, main)
	if (isSet(wantedMain)) {
		child.flexBasis = Math.max(wantedMain, inset)
		return
	}
	const cross: Axis = main === row ? column : row
	let alongSizing: Sizing = isSet(innerMain) ? atMost : content
	const along = limited(child, main, alongSizing, innerMain)
	alongSizing = limitedSizing(child, main, alongSizing)
	const wantedCross = wantedOf(child, cross)
	let acrossSizing: Sizing = content
	let across = none
	if (isSet(wantedCross)) {
		across = wantedCross + child.margins[cross]
		acrossSizing = exactly
	} else if (isSet(innerCross)) {
		across = innerCross
		const isStretched = crossSizing === exactly && alignmentOf(node, child) === constants.ALIGN_STRETCH
		acrossSizing = isStretched ? exactly : atMost
	}
	across = limited(child, cross, acrossSizing, across)
	acrossSizing = limitedSizing(child, cross, acrossSizing)
	if (main === row) lay(child, along, across, alongSizing, acrossSizing, false)
	else lay(child, across, along, acrossSizing, alongSizing, false)
	child.flexBasis = Math.max(child.measured[main], inset)
}

/** resolveFlexibleLength: gives out the free room, or takes what is missing; returns what is left of it. */
function flex(
	node: LayoutNode,
	line: readonly LayoutNode[],
	main: Axis,
	room: number,
	growers: number,
	shrinkers: number,
	innerCross: number,
	stretches: boolean,
	places: boolean,
): number {
	const cross: Axis = main === row ? column : row
	let growing = growers
	let shrinking = shrinkers
	let taken = 0
	for (const child of line) {
		const basis = withinLimits(child, main, child.flexBasis)
		if (room < 0 && child.shrink * basis !== 0) {
			const size = shrunk(basis, room, shrinking, child)
			const bounded = bound(child, main, size)
			if (isSet(size) && size !== bounded) {
				taken = f(taken + f(bounded - basis))
				shrinking = f(shrinking + f(child.shrink * child.flexBasis))
			}
		} else if (room > 0 && child.grow !== 0) {
			const size = f(basis + f(f(room / growing) * child.grow))
			const bounded = bound(child, main, size)
			if (isSet(size) && size !== bounded) {
				taken = f(taken + f(bounded - basis))
				growing = f(growing - child.grow)
			}
		}
	}
	const free = f(room - taken)

	let provided = 0
	for (const child of line) {
		const basis = withinLimits(child, main, child.flexBasis)
		let size = basis
		if (free < 0 && child.shrink * basis !== 0) {
			size = bound(child, main, shrunk(basis, free, shrinking, child))
		} else if (free > 0 && child.grow !== 0) size = bound(child, main, f(basis + f(f(free / growing) * child.grow)))
		provided = f(provided + f(size - basis))

		const requested = wantedOf(child, cross)
		const isStretched = !isSet(requested) && alignmentOf(node, child) === constants.ALIGN_STRETCH
		let across = innerCross
		let acrossSizing: Sizing = exactly
		if (isSet(requested)) across = requested + child.margins[cross]
		else if (!isStretched || !stretches) acrossSizing = isSet(innerCross) ? atMost : content
		across = limited(child, cross, acrossSizing, across)
		acrossSizing = limitedSizing(child, cross, acrossSizing)
		const along = limited(child, main, exactly, f(size + child.margins[main]))
		if (main === row) lay(child, along, across, exactly, acrossSizing, places && !isStretched)
		else lay(child, across, along, acrossSizing, exactly, places && !isStretched)
	}
	return f(room - provided)
}

function shrunk(basis: number, free: number, shrinking: number, child: LayoutNode): number {
	const scaled = f(-child.shrink * basis)
	return f(basis + (shrinking === 0 ? scaled : f(f(free / shrinking) * scaled)))
}

/** How far the first child stands from the start. Spreading what is missing would draw children over one another. */
function spaceBefore(how: number, free: number, count: number): number {
	if (how === constants.JUSTIFY_CENTER) return f(free / 2)
	if (how === constants.JUSTIFY_FLEX_END) return free
	if (free < 0) return 0
	if (how === constants.JUSTIFY_SPACE_EVENLY) return f(free / (count + 1))
	return how === constants.JUSTIFY_SPACE_AROUND ? f(f(0.5 * free) / count) : 0
}

/** How much more than the gap is between two children. */
function spaceBetween(how: number, free: number, count: number): number {
	if (free < 0) return 0
	if (how === constants.JUSTIFY_SPACE_BETWEEN) return count > 1 ? f(free / (count - 1)) : 0
	if (how === constants.JUSTIFY_SPACE_EVENLY) return f(free / (count + 1))
	return how === constants.JUSTIFY_SPACE_AROUND ? f(f(f(0.5 * free) / count) * 2) : 0
}

function placeAcross(
	node: LayoutNode,
	child: LayoutNode,
	main: Axis,
	cross: Axis,
	crossSize: number,
	container: number,
): void {
	const alignment = alignmentOf(node, child)
	let lead = node.startInset[cross]
	if (alignment === constants.ALIGN_STRETCH) {
		if (!isSet(wantedOf(child, cross))) {
			const along = limited(child, main, exactly, outerOf(child, main))
			const across = limited(child, cross, exactly, crossSize)
			const alongSizing = isSet(along) ? exactly : content
			const acrossSizing = isSet(across) ? exactly : content
			if (main === row) lay(child, along, across, alongSizing, acrossSizing, true)
			else lay(child, across, along, acrossSizing, alongSizing, true)
		}
	} else {
		const remaining = f(container - outerOf(child, cross))
		if (alignment === constants.ALIGN_CENTER) lead = f(lead + f(remaining / 2))
		else if (alignment === constants.ALIGN_FLEX_END) lead = f(lead + remaining)
	}
	child.position[cross] = f(child.position[cross] + lead)
}

const isNear = (a: number, b: number): boolean =>
	isSet(a) && isSet(b) ? Math.abs(a - b) < 0.0001 : isSet(a) === isSet(b)

/** roundValueToPixelGrid */
function toCell(value: number, up: boolean, down: boolean): number {
	let fraction = value % 1
	if (fraction === 0) return value
	if (fraction < 0) fraction++
	if (isNear(fraction, 0)) return value - fraction
	if (isNear(fraction, 1) || up) return value - fraction + 1
	if (down) return value - fraction
	return value - fraction + (fraction > 0.5 || isNear(fraction, 0.5) ? 1 : 0)
}

/** roundLayoutResultsToPixelGrid: by the edges, so that neighbours still touch; text never loses a cell. */
function round(node: LayoutNode, parentLeft: number, parentTop: number): void {
	const { position, size } = node
	const isText = node.measure !== undefined
	const left = parentLeft + position[row]
	const top = parentTop + position[column]
	position[row] = toCell(position[row], false, isText)
	position[column] = toCell(position[column], false, isText)
	size[row] = extent(left, size[row], isText)
	size[column] = extent(top, size[column], isText)
	for (const child of node.children) round(child, left, top)
}

function extent(start: number, size: number, isText: boolean): number {
	const isWhole = isNear(size % 1, 0) || isNear(size % 1, 1)
	return toCell(start + size, isText && !isWhole, isText && isWhole) - toCell(start, false, isText)
}

export default { ...constants, Node: LayoutNode }
