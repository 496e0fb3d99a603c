import type { Words } from './finding.ts'

export const muxWords = {} satisfies Record<string, Words>
