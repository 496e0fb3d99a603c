// What a maintainer does to publish, against a registry on loopback: a dry run, a first version from a laptop, and a new
// version from changesets.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { pinnedFiles, pinVersions } from '../../scripts/sync-version.mjs'
import { run as runWith } from '../commands/program.ts'
import { makeDir, removeDir, root, run } from './built.ts'

const directory = makeDir()
afterAll(() => removeDir(directory))

const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('publishing', () => {
	test('can be tried without a registry: publint and npm find nothing', () => {
		const { code, stdout, stderr } = run('npm', ['run', 'release:check'], { cwd: root, env: { HOME: directory } })
		expect([code, stdout, stderr].join('\n')).toMatch(/^0\n/)
		expect(stdout).toContain(`+ ${facts.name}@${facts.version}`)
	})

	test('works from a laptop for the first version, without provenance', async () => {
		const puts: { url: string; body: Record<string, unknown> }[] = []
		const server = createServer((request, response) => {
			let body = ''
			request.setEncoding('utf8').on('data', text => {
				body += text
			})
			request.on('end', () => {
				if (request.method === 'PUT') puts.push({ url: request.url ?? '', body: JSON.parse(body) })
				response.writeHead(request.method === 'PUT' ? 201 : 404, { 'content-type': 'application/json' }).end('{}')
			})
		})
		await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
		const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
		writeFileSync(join(directory, '.npmrc'), `registry=http://${address}/\n//${address}/:_authToken=of-nobody\n`)
		const ran = await runWith(['publish', '--ignore-scripts', '--fetch-retries=0'], {
			command: 'npm',
			home: directory,
			cwd: root,
			env: { npm_config_userconfig: join(directory, '.npmrc'), npm_config_update_notifier: 'false' },
		})
		await new Promise(done => server.close(done))
		expect(ran, ran.stderr).toMatchObject({ code: 0 })
		expect(puts).toHaveLength(1)
		const [{ url, body } = { url: '', body: {} }] = puts
		expect(url).toBe(`/${facts.name}`)
		expect(body).toMatchObject({ name: facts.name, access: 'public', 'dist-tags': { latest: facts.version } })
		// Provenance would be an attachment of its own.
		expect(Object.keys(body['_attachments'] as object)).toEqual([`${facts.name}-${facts.version}.tgz`])
	})

	test('by the workflow takes the identity of the run, and no token', () => {
		const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')
		expect(workflow).toContain('id-token: write')
		expect(workflow).toContain('npm publish --provenance')
		expect(workflow).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/)
		const scripts = [...workflow.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
		expect(scripts).toEqual(expect.arrayContaining(['release:version', 'release:check']))
		for (const name of scripts) expect(facts.scripts).toHaveProperty([name])
	})

	test('has the metadata that npm and provenance need', () => {
		const repository = 'https://github.com/mux-bridge-wizard/mux-bridge-wizard'
		expect(facts.repository).toEqual({ type: 'git', url: `git+${repository}.git` })
		expect(facts).toMatchObject({
			homepage: `${repository}#readme`,
			bugs: { url: `${repository}/issues` },
			license: 'MIT',
		})
		expect(facts.keywords).toEqual(expect.arrayContaining(['coder', 'mux', 'ai-bridge', 'ai-gateway']))
		expect(facts.private).toBeUndefined()
	})
})

describe('a new version', () => {
	test('comes from changesets, with an entry in the changelog', () => {
		const project = join(directory, 'project')
		mkdirSync(project)
		for (const name of ['package.json', 'CHANGELOG.md', '.changeset'])
			cpSync(join(root, name), join(project, name), { recursive: true })
		symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
		const changeset = `---\n"${facts.name}": minor\n---\n\nAdd a shell.\n`
		writeFileSync(join(project, '.changeset/new-shell.md'), changeset)
		const git = (...args: string[]) =>
			run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: project })
		git('init', '--initial-branch=main')
		git('add', '.')
		git('commit', '--message=Start')
		const ran = run(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: project })
		expect([ran.code, ran.stdout, ran.stderr].join('\n')).toMatch(/^0\n/)
		const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))
		expect(version.split('.')[1]).toBe(String(Number(facts.version.split('.')[1]) + 1))
		const changelog = readFileSync(join(project, 'CHANGELOG.md'), 'utf8')
		expect(changelog).toMatch(/^# Changelog\n\n## [\d.]+\n\n### Minor Changes\n\n- (?:\w+: )?Add a shell\.\n\n## /)
		expect(changelog.slice(changelog.indexOf(`## ${facts.version}`))).toBe(
			readFileSync(join(root, 'CHANGELOG.md'), 'utf8').slice('# Changelog\n\n'.length),
		)
	})

	test('is written wherever a page or a template pins the version', () => {
		const pinned = pinnedFiles.map(file => [file, readFileSync(join(root, file), 'utf8')] as const)
		for (const [file, text] of pinned) expect(pinVersions(text, facts.version), file).toBe(text)
		const files = pinned.filter(([, text]) => pinVersions(text, '99.0.0') !== text).map(([file]) => file)
		expect(files).toEqual(expect.arrayContaining(['docs/administrators.md', 'templates/registry-module/main.tf']))
	})
})
