// The pictures of README and docs show this very version: they are played anew and compared.
import { afterAll, expect, test } from 'vitest'
import { playDemo } from '../../scripts/screenshots/play.ts'
import { directory, filesOf, staleIn } from '../../scripts/screenshots.ts'
import { endSessions } from '../terminal/pty.ts'

afterAll(endSessions)

test('docs/pictures is of this version; npm run screenshots makes it anew', async () => {
	const files = filesOf(await playDemo())
	expect(staleIn(directory, files)).toEqual([])
	for (const [name, text] of files) {
		expect({ name, shown: /\/tmp\/|\/home\/|\/work\//.exec(text)?.[0] }).toEqual({ name, shown: undefined })
	}
})
