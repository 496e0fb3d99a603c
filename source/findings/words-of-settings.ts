import type { Words } from './finding.ts'

export const settingsWords = {} satisfies Record<string, Words>
