// Token files through the built program: what remove and undo do with them, and who else can read them.
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	lchownSync,
	linkSync,
	lstatSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsIn, settingsText } from './program.ts'

async function homeWithTokenFile() {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal() })
	const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--store-token', 'file']
	expect((await run(args, { home })).code).toBe(0)
	const file = join(home, `.mux/coder-session-token-${demo.token.keyId}`)
	expect(readFileSync(file, 'utf8').trim()).toBe(demo.token.reveal())
	return { demo, home, file, args }
}

describe('remove', () => {
	it('deletes the token file, names what still holds the token, and is undone with it', async () => {
		const { demo, home, file } = await homeWithTokenFile()
		const before = settingsText(home)
		const ran = await run(['remove', '--yes'], { home })
		expect(ran.code).toBe(0)
		expect(existsSync(file)).toBe(false)
		expect(ran.stderr).toMatch(new RegExp(`Removed +~/\\.mux/coder-session-token-${demo.token.keyId}`))
		expect(ran.stderr).toContain(`~/.mux/coder-session-token-${demo.token.keyId}.bak`)
		expect(ran.stderr).toContain(`coder tokens remove ${demo.token.keyId}`)
		expect(ran.stderr).not.toContain(demo.token.reveal())
		expect((await run(['undo'], { home })).code).toBe(0)
		expect(settingsText(home)).toBe(before)
		expect(readFileSync(file, 'utf8').trim()).toBe(demo.token.reveal())
	})

	it('says in JSON that an inline token is still valid, and in which backup it is', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		await run(['-y', '-u', demo.url, '--token-file', 'token', '--no-check'], { home })
		const result = resultOf(await run(['remove', '--yes', '--json'], { home }))
		expect(codesOf(result)).toEqual(['token-still-valid'])
		expect(result.findings[0].reason).toContain('.bak')
		expect(result.findings[0].remedy[0].command).toBe(`coder tokens remove ${demo.token.keyId}`)
	})
})

it('names each token that is left, with the command that revokes it', async () => {
	const { home } = await homeWithTokenFile()
	writeFileSync(`${settingsIn(home)}.old`, 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g')
	const { stderr } = await run(['remove', '--yes'], { home })
	expect(stderr).toMatch(/The tokens \w{10}, \w{10} are still valid at Coder/)
	expect(stderr.match(/coder tokens remove \w{10}/g)).toHaveLength(2)
})

describe('check', () => {
	it('says that others can read the token, and the next change corrects it', async () => {
		const { demo, home, file, args } = await homeWithTokenFile()
		chmodSync(file, 0o644)
		const check = resultOf(await run(['check', '--offline', '--json'], { home }))
		expect(codesOf(check)).toContain('file-readable-by-others')
		expect(JSON.stringify(check)).toContain(`chmod 600 ${file}`)
		const unchanged = resultOf(await run([...args, '--json'], { home }))
		expect([unchanged.outcome, codesOf(unchanged)]).toEqual(['unchanged', ['file-readable-by-others']])
		await run([...args.slice(0, -2), '--store-token', 'settings'], { home })
		chmodSync(settingsIn(home), 0o644)
		expect(codesOf(resultOf(await run(['check', '--offline', '--json'], { home })))).toContain(
			'file-readable-by-others',
		)
		await run(args, { home })
		expect(statSync(settingsIn(home)).mode & 0o777).toBe(0o600)
		expect(statSync(join(home, `.mux/coder-session-token-${demo.token.keyId}`)).mode & 0o777).toBe(0o600)
		expect(readdirSync(join(home, '.mux')).filter(name => name.startsWith('.'))).toEqual([])
	})

	it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
		'says that a file with a token belongs to another user (needs root)',
		async () => {
			const { home, file } = await homeWithTokenFile()
			const ordinary = { uid: 12_345, gid: 12_345 }
			for (const entry of ['', '.mux', '.mux/providers.jsonc']) chownSync(join(home, entry), ordinary.uid, ordinary.gid)
			chownSync(file, 54_321, 54_321)
			chmodSync(file, 0o644)
			// The other user may not be able to read the working copy.
			cpSync(dirname(program), join(home, 'dist'), { recursive: true })
			const asOther = ['--reuid', '12345', '--regid', '12345', '--clear-groups', process.execPath]
			const args = [...asOther, join(home, 'dist', basename(program)), 'check', '--offline', '--json']
			const ran = await run(args, { home, command: 'setpriv' })
			expect(codesOf(resultOf(ran))).toEqual(
				expect.arrayContaining(['file-of-another-user', 'file-readable-by-others']),
			)
		},
	)

	it('says that a file with a token has other names', async () => {
		const { home, file } = await homeWithTokenFile()
		linkSync(file, join(home, 'other-name'))
		expect(codesOf(resultOf(await run(['check', '--offline', '--json'], { home })))).toContain('file-hard-linked')
	})
})

describe('root in the home of somebody else', () => {
	it.skipIf(process.getuid?.() !== 0)('leaves nothing that belongs to root (needs root)', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const owner = { uid: 12_345, gid: 12_346 }
		chownSync(home, owner.uid, owner.gid)
		const expectOwned = () => {
			for (const entry of readdirSync(home, { recursive: true }) as string[]) {
				if (entry === 'token') continue
				const { uid, gid } = lstatSync(join(home, entry))
				expect({ entry, uid, gid }).toEqual({ entry, ...owner })
			}
		}
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--store-token']
		for (const change of [[...args, 'file'], [...args, 'settings'], ['undo'], ['remove', '--yes'], ['undo']]) {
			expect((await run(change, { home })).code).toBe(0)
			expectOwned()
		}
		expect(existsSync(join(home, '.cache'))).toBe(false)
		// A file of root's, which Mux couldn't read either, is left to root.
		chownSync(settingsIn(home), 0, 0)
		const before = settingsText(home)
		const ran = await run([...args.slice(0, -2), '--provider', 'anthropic', '--create-token', '--json'], { home })
		expect(ran.code).not.toBe(0)
		expect([lstatSync(settingsIn(home)).uid, settingsText(home)]).toEqual([0, before])
	})

	const asRoot = process.getuid?.() === 0 ? it : it.skip
	asRoot.each<[string, (home: string, roots: string) => void]>([
		['file', (home, roots) => symlinkSync(join(roots, 'file.json'), settingsIn(home))],
		[
			'directory',
			(home, roots) => {
				rmSync(join(home, '.mux'), { recursive: true })
				symlinkSync(roots, join(home, '.mux'))
			},
		],
		['missing file', (home, roots) => symlinkSync(join(roots, 'new.json'), settingsIn(home))],
	])('writes through no link to a %s of root (needs root)', async (_, link) => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal(), '.mux/x': '' })
		const roots = makeHome({ 'file.json': '{"a":1}' })
		chmodSync(roots, 0o755)
		chmodSync(join(roots, 'file.json'), 0o644)
		link(home, roots)
		for (const path of [home, join(home, '.mux')]) lchownSync(path, 12_345, 12_346)
		const ran = await run(['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--json'], { home })
		expect(ran.code).toBe(5)
		expect(readdirSync(roots)).toEqual(['file.json'])
		expect(readFileSync(join(roots, 'file.json'), 'utf8')).toBe('{"a":1}')
	})
})
