// What the adapted packages say about texts, from inside a bundle: texts come as JSON on standard input.
import { readFileSync } from 'node:fs'
import { measureAll } from './measure-all.tsx'

process.stdout.write(JSON.stringify(measureAll(JSON.parse(readFileSync(0, 'utf8')))))
