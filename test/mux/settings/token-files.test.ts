// The wizard's own token files: a new name for each token, and the settings file as the only commit.
import {
	chmodSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readSettings } from '../../../source/mux/settings/read.ts'
import {
	findTokenFilesIn,
	isOwnTokenFile,
	newTokenFilePath,
	savedTokenFile,
	writeTokenFile,
} from '../../../source/mux/settings/token-files.ts'
import { undoLastChange } from '../../../source/mux/settings/undo.ts'
import { type WriteOptions, writeSettings } from '../../../source/mux/settings/write.ts'
import { Secret } from '../../../source/secrets/secret.ts'
import { withoutRoot } from '../../other-user.ts'
import { clockAt, modeOf, newDir, newSettings, refusalOf, textOf } from './settings-dir.ts'

const clock = clockAt()
const tokens = ['AAAAAAAAAA', 'BBBBBBBBBB', 'CCCCCCCCCC'].map(id => new Secret(`${id}-abcdefghijklmnopqrstuv`))
const [first, second, third] = tokens as [Secret, Secret, Secret]

let path = ''
beforeEach(() => {
	path = newSettings('{}')
})

const fileOf = (token: Secret) => newTokenFilePath(dirname(path), token)
const naming = (file: string) => JSON.stringify({ openai: { apiKeyFile: file, baseUrl: 'https://coder.example.com' } })
const write = async (text: string, options: WriteOptions = {}) =>
	writeSettings(clock, await readSettings(path), text, options)
const store = (token: Secret) => write(naming(fileOf(token)), { tokenFile: { path: fileOf(token), token } })
const tokenFiles = () =>
	readdirSync(dirname(path))
		.filter(name => name.startsWith('coder-session-token'))
		.sort()
const namesOf = (...of: Secret[]) => of.map(token => `coder-session-token-${token.keyId}`)

describe('a token file', () => {
	it('is readable by its owner alone, in a directory that is too', async () => {
		const file = join(newDir(), 'mux', 'coder-session-token-AAAAAAAAAA')
		expect(await writeTokenFile(file, first)).toBe(true)
		expect(textOf(file)).toBe(`${first.reveal()}\n`)
		expect([modeOf(file), modeOf(dirname(file))]).toEqual(['0600', '0700'])
		expect(readdirSync(dirname(file))).toEqual(['coder-session-token-AAAAAAAAAA'])
	})

	it('is never overwritten: another content, a link, a directory', async () => {
		const directory = newDir()
		const target = join(directory, 'target')
		writeFileSync(target, 'mine')
		symlinkSync(target, join(directory, 'link'))
		symlinkSync(join(directory, 'gone'), join(directory, 'dangling'))
		mkdirSync(join(directory, 'directory'))
		writeFileSync(join(directory, 'other'), second.reveal())
		for (const name of ['link', 'dangling', 'directory', 'other', 'target/x']) {
			const [issue] = await refusalOf(writeTokenFile(join(directory, name), first))
			expect(issue).toMatchObject({ code: 'token-file-unwritable', details: { file: join(directory, name) } })
		}
		expect([textOf(target), existsSync(join(directory, 'gone'))]).toEqual(['mine', false])
		expect(textOf(join(directory, 'other'))).toBe(second.reveal())
		expect(await writeTokenFile(join(directory, 'other'), second)).toBe(false)
	})

	it.skipIf(!existsSync('/proc/self'))(
		'is an error if a file system denies its directory without an end (needs /proc)',
		async () => {
			const [issue] = await refusalOf(writeTokenFile('/proc/mux/coder-token', first))
			expect(issue).toMatchObject({ code: 'token-file-unwritable', details: { code: 'ENOENT' } })
		},
	)

	it('is an error if the directory may not be written', async () => {
		const directory = newDir()
		chmodSync(directory, 0o555)
		const [issue] = await withoutRoot(() => refusalOf(writeTokenFile(join(directory, 'coder-token'), first)))
		expect(issue).toMatchObject({ details: { code: 'EACCES' } })
		expect(readdirSync(directory)).toEqual([])
		chmodSync(directory, 0o700)
	})

	it('is recognized as the wizard’s own by its name, at today’s place too', () => {
		expect(['/x/coder-session-token', '/x/coder-session-token-AbCdEfGhIj'].map(isOwnTokenFile)).toEqual([true, true])
		expect(['/x/session', '/x/coder-session-token.txt', '/x/my-coder-session-token'].map(isOwnTokenFile)).toEqual([
			false,
			false,
			false,
		])
		const text =
			'{"a":{"apiKeyFile":"~/.mux/coder-session-token"},"b":{"apiKeyFile":"/m/coder-session-token-AbCdEfGhIj"}}'
		expect(findTokenFilesIn(text, '/home/ana')).toEqual([
			'/home/ana/.mux/coder-session-token',
			'/m/coder-session-token-AbCdEfGhIj',
		])
	})
})

describe('a change', () => {
	it('gives a new token a file of its own, and keeps one former file for undo', async () => {
		await store(first)
		await store(second)
		expect(tokenFiles()).toEqual(namesOf(first, second))
		expect(await store(third)).toMatchObject({ tokenFile: fileOf(third), removedTokenFiles: [fileOf(first)] })
		expect(tokenFiles()).toEqual(namesOf(second, third))
	})

	it('is undone together with its token file: at every moment the settings name a file with their own token', async () => {
		await store(first)
		await store(second)
		expect(await undoLastChange(clock, path)).toMatchObject({ removedTokenFiles: [fileOf(second)], findings: [] })
		expect([textOf(path), tokenFiles()]).toEqual([naming(fileOf(first)), namesOf(first)])
		await undoLastChange(clock, path)
		expect([textOf(path), tokenFiles()]).toEqual(['{}', []])
	})

	it('that is undone further than a former file is kept says that it is gone', async () => {
		for (const token of tokens) await store(token)
		await undoLastChange(clock, path)
		expect(await undoLastChange(clock, path)).toMatchObject({
			findings: [{ code: 'token-file-missing', details: { path: fileOf(first) } }],
		})
	})

	it('that fails leaves neither a new file nor another content', async () => {
		await store(first)
		const stale = await readSettings(path)
		writeFileSync(path, `${naming(fileOf(first))}\n`)
		const work = writeSettings(clock, stale, naming(fileOf(second)), {
			tokenFile: { path: fileOf(second), token: second },
		})
		expect((await refusalOf(work)).map(({ code }) => code)).toEqual(['settings-changed'])
		expect([tokenFiles(), textOf(fileOf(first))]).toEqual([namesOf(first), `${first.reveal()}\n`])
	})

	it('restores a token file that was deleted, with nothing to undo', async () => {
		await store(first)
		const { unlinkSync } = await import('node:fs')
		unlinkSync(fileOf(first))
		expect(await store(first)).toMatchObject({ written: true, backup: null, tokenFile: fileOf(first) })
		expect(textOf(fileOf(first))).toBe(`${first.reveal()}\n`)
	})

	it('makes a token file private again', async () => {
		await store(first)
		chmodSync(fileOf(first), 0o644)
		await write(`${naming(fileOf(first))}\n`)
		expect(modeOf(fileOf(first))).toBe('0600')
	})

	it('removes what a killed run has announced and not committed', async () => {
		await store(first)
		const committed = textOf(path)
		await store(second)
		// As if it had been killed before the rename of the settings file.
		writeFileSync(path, committed!)
		await write(`${committed}\n`)
		expect(tokenFiles()).toEqual(namesOf(first))
	})

	it('removes temporary files that hold a token, of this release and of the one before', async () => {
		const now = Date.now() / 1000
		const names = [
			`.coder-session-token-AAAAAAAAAA.mux-bridge-wizard.${2 ** 22 + 1}.0123456789abcdef.tmp`,
			'.coder-session-token.0123456789ab',
		]
		for (const name of names) {
			writeFileSync(join(dirname(path), name), first.reveal())
			utimesSync(join(dirname(path), name), now - 7200, now - 7200)
		}
		await store(second)
		expect(readdirSync(dirname(path)).filter(name => names.includes(name))).toEqual([])
	})
})

describe('removing the bridge', () => {
	const remove = (otherSettings: string[] = []) => write('{}', { discardsTokenFiles: true, otherSettings })

	it('takes the token file with it, and undo brings it back', async () => {
		await store(first)
		expect(await remove()).toMatchObject({ removedTokenFiles: [fileOf(first)] })
		expect(existsSync(fileOf(first))).toBe(false)
		expect(await undoLastChange(clock, path)).toMatchObject({ restoredTokenFiles: [fileOf(first)] })
		expect([textOf(path), textOf(fileOf(first))]).toEqual([naming(fileOf(first)), `${first.reveal()}\n`])
	})

	it('leaves nothing of it after the next change', async () => {
		await store(first)
		await remove()
		await write('{"a":1}')
		expect(tokenFiles()).toEqual([])
	})

	it('touches no link, no hard link, no other content, and nothing that other settings name', async () => {
		const others = join(newDir(), 'providers.jsonc')
		const cases: readonly ((file: string) => void)[] = [
			file => {
				writeFileSync(`${file}-target`, first.reveal())
				symlinkSync(`${file}-target`, file)
			},
			file => {
				writeFileSync(file, first.reveal())
				linkSync(file, `${file}-twin`)
			},
			file => writeFileSync(file, `${first.reveal()}\n${second.reveal()}\n`),
			file => writeFileSync(file, 'my notes'),
			file => {
				writeFileSync(file, first.reveal())
				writeFileSync(others, `{ "anthropic": { "apiKeyFile": ${JSON.stringify(file)} } }`)
			},
		]
		for (const make of cases) {
			path = newSettings('{}')
			const file = fileOf(first)
			make(file)
			writeFileSync(path, naming(file))
			await remove([others])
			expect(lstatSync(file)).toBeTruthy()
			expect(existsSync(savedTokenFile(file))).toBe(false)
		}
	})

	it('deletes nothing while another settings file can’t be read', async () => {
		await store(first)
		const unreadable = newDir()
		await remove([unreadable])
		expect(readFileSync(fileOf(first), 'utf8')).toBe(`${first.reveal()}\n`)
	})
})
