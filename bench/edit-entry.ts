// What bench/edit.mjs measures.
export { diffSettings } from '../source/mux/settings/diff.ts'
export { editSettings } from '../source/mux/settings/edit.ts'
export { readSettings } from '../source/mux/settings/read.ts'
export { Secret } from '../source/secrets/secret.ts'
