// What the adapted packages say about texts, from inside a bundle: texts come as JSON on standard input. The packages are
// in a chunk of their own, large enough to have a code cache.
import { readFileSync } from 'node:fs'
import { UserError } from '../../source/findings/finding.ts'

void import('./measure-all.tsx').then(({ measureAll, refuse }) => {
	try {
		refuse()
	} catch (error) {
		if (!(error instanceof UserError)) throw new Error('a chunk has its own copy of what all share')
	}
	process.stdout.write(JSON.stringify(measureAll(JSON.parse(readFileSync(0, 'utf8')))))
})
