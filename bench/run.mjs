// npm run bench                 everything, as tables with bars and peers; about three minutes
// npm run bench -- start keys   some parts: start, nodes, instructions, size, keys, npx, checks, edit
// npm run bench -- --write      also writes the tables into docs/performance.md
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureChecks } from './checks.mjs'
import { benchEdits } from './edit.mjs'
import { measureInstructions } from './instructions.mjs'
import { measureKeys } from './keys.mjs'
import { measureNodes } from './nodes.mjs'
import { measureNpx } from './npx.mjs'
import { measureSize } from './size.mjs'
import { measureStart } from './start.mjs'
import { root } from './terminal.mjs'

const number = digits => value => value.toFixed(digits)
const units = {
	ratio: { name: 'ratio', show: number(2) },
	ms: { name: 'ms', show: number(0), after: ' ms' },
	millions: { name: 'millions', show: number(0) },
	mb: { name: 'peak MB', show: number(0), after: ' MB' },
	kb: { name: 'kB', show: number(0), after: ' kB' },
	bytes: { name: 'bytes', show: number(0), after: ' bytes' },
	renders: { name: 'renders', show: number(0), after: ' render' },
	count: { name: 'number', show: number(0) },
}

const parts = {
	start: measureStart,
	nodes: measureNodes,
	instructions: measureInstructions,
	size: measureSize,
	keys: measureKeys,
	npx: measureNpx,
	checks: measureChecks,
	edit: measureEdit,
}

const { values: options, positionals } = parseArgs({
	allowPositionals: true,
	options: { write: { type: 'boolean', default: false } },
})
const unknown = positionals.filter(name => !(name in parts))
if (unknown.length > 0) {
	console.error(`No such part: ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}.`)
	process.exit(2)
}

execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
const wanted = positionals.length > 0 ? positionals : Object.keys(parts)
const results = []
for (const name of wanted) {
	process.stderr.write(`${name} ...\n`)
	results.push(await parts[name]())
}
const report = results.map(describe).join('\n')
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}, Node ${process.versions.node}`
console.log(`\n${report}\nOn ${machine}.`)
if (options.write) keep()
const missed = results.flatMap(({ rows }) => rows.filter(row => misses(row).length > 0))
if (missed.length > 0) console.log(`Over the bar: ${missed.map(({ what }) => what).join(', ')}.`)
process.exit(missed.length > 0 ? 1 : 0)

async function measureEdit() {
	const { results, timeStep } = await benchEdits()
	const rows = results.map(({ bytes, firstMs, megabytes }) => ({
		what: `${bytes / 1000} kB`,
		ms: firstMs,
		mb: megabytes,
		limit: bytes === 1_000_000 ? { ms: 400 } : undefined,
	}))
	rows.push({ what: 'from 1 MB to 10 MB', ratio: timeStep, limit: { ratio: 12 } })
	return { title: 'Settings file: read, plan, diff', rows }
}

function misses({ limit = {}, clears = 0, ...row }) {
	const over = Object.entries(limit).filter(([unit, most]) => !(row[unit] <= most))
	return clears > 0 ? [...over, ['clears', 0]] : over
}

function describe({ title, rows }) {
	const columns = Object.entries(units).filter(([unit]) => rows.some(row => unit in row))
	const head = [title, ...columns.map(([, { name }]) => name), 'bar']
	const lines = rows.map(row => [
		row.what,
		...columns.map(([unit, { show }]) => (unit in row && !Number.isNaN(row[unit]) ? show(row[unit]) : '')),
		bar(row),
	])
	const table = [head, head.map(() => '---'), ...lines]
	return `${table.map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function bar(row) {
	const { limit } = row
	if (!limit) return ''
	const over = misses(row).map(([unit]) => unit)
	return Object.entries(limit)
		.map(([unit, most]) => `≤ ${units[unit].show(most)}${units[unit].after ?? ''} ${over.includes(unit) ? '✖' : '✔'}`)
		.join(', ')
}

function keep() {
	const path = join(root, 'docs/performance.md')
	const text = readFileSync(path, 'utf8')
	const marks = /(<!-- measured -->\n)[\s\S]*(<!-- \/measured -->)/
	if (!marks.test(text)) throw new Error(`${path} has no place for the table`)
	const day = new Date().toISOString().slice(0, 10)
	writeFileSync(
		path,
		text.replace(marks, (_, start, end) => `${start}\n${report}\nMeasured ${day} on ${machine}.\n\n${end}`),
	)
}
