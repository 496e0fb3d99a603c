// The benchmarks are run by people, not by CI: here each is seen to find what it measures. No time is judged.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { makeDir, removeDir, root } from './built.ts'

const directory = makeDir()
afterAll(() => removeDir(directory))

const bench = (name: string) => import(pathToFileURL(join(root, 'bench', name)).href)
type Row = { what: string; count?: number; kb?: number }

test('the edits of a settings file', async () => {
	const { benchEdits } = await bench('edit.mjs')
	const { results } = (await benchEdits([1_000, 2_000, 4_000, 8_000])) as { results: { bytes: number; rows: number }[] }
	expect(results.map(({ bytes }) => bytes)).toEqual([1_000, 2_000, 4_000, 8_000])
	// Both ends of the file are changed: the difference has rows.
	for (const { rows } of results) expect(rows).toBeGreaterThan(10)
})

test('the checks of two providers', async () => {
	const { rows } = (await (await bench('checks.mjs')).measureChecks()) as { rows: Row[] }
	expect(rows[0]?.what).toBe('requests for two providers')
	// Each provider is asked for something with the token, and the deployment says what it is.
	expect(rows[0]?.count).toBeGreaterThanOrEqual(4)
})

test('the tarball', async () => {
	const { rows } = (await (await bench('size.mjs')).measureSize()) as { rows: Row[] }
	expect(rows[0]?.kb).toBeGreaterThan(100)
})

test('the same program with ordinary dependencies has what its package.json names', async () => {
	const path = (await (await bench('npx.mjs')).packUnbundled(directory)) as string
	const files = execFileSync('tar', ['-tzf', path], { encoding: 'utf8' }).split('\n')
	const facts = JSON.parse(execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' }))
	expect(files).toContain(`package/${facts.bin}`)
	expect(Object.keys(facts.dependencies)).toEqual(expect.arrayContaining(['ink', 'react', 'jsonc-parser']))
})
