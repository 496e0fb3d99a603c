// @ts-check
// The entry of yoga-layout awaits a `fetch` of its own WebAssembly. CommonJS can't await, and `fetch` takes 40 ms to load,
// so this module calls the same functions of Yoga with the same bytes synchronously, which the build puts beside the chunks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
// @ts-expect-error It has no types.
import loadYoga from '../../node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js'
import wrapAssembly from '../../node_modules/yoga-layout/dist/src/wrapAssembly.js'

const { Instance, Module } = /** @type {any} */ (globalThis).WebAssembly
const assembly = /** @type {any} */ ({ instantiateWasm })
loadYoga(assembly)

/** Emscripten asks for an instance. @param {object} imports @param {(instance: object) => void} receive */
function instantiateWasm(imports, receive) {
	receive(new Instance(new Module(brotliDecompressSync(readFileSync(join(__dirname, 'yoga.wasm.br')))), imports))
}

export default wrapAssembly(assembly)
export * from '../../node_modules/yoga-layout/dist/src/generated/YGEnums.js'
