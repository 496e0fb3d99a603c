import type { Words } from './finding.ts'

export const deploymentWords = {} satisfies Record<string, Words>
