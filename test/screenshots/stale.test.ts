// The pictures of README and docs show this very version: they are played anew and compared.
import { afterAll, expect, test } from 'vitest'
import { recordDemo } from '../../scripts/screenshots/record.ts'
import { directory, findStaleFiles, renderFiles } from '../../scripts/screenshots.ts'
import { endSessions } from '../terminal/pty.ts'

afterAll(endSessions)

test('docs/pictures is of this version; npm run screenshots creates it again', async () => {
	const files = await renderFiles(await recordDemo())
	expect(findStaleFiles(directory, files)).toEqual([])
	for (const [name, text] of files) {
		if (typeof text !== 'string') continue
		expect({ name, shown: /\/tmp\/|\/home\/|\/work\//.exec(text)?.[0] }).toEqual({ name, shown: undefined })
	}
})
