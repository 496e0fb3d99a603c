// Stands for node:fs/promises in the bundle. That module loads readline, file watchers and more: 2 ms, and settings are
// read before the first question. The calls here are the same ones with a promise around their callback. A
// name that is missing here stops the build; test/build/adaptations.test.ts looks for missing methods of open files.
import * as fs from 'node:fs'

// biome-ignore lint/suspicious/noExplicitAny: every call of the module, whatever it takes and gives
type Call = (...values: any[]) => any

const promised =
	(call: Call) =>
	(...values: unknown[]) =>
		new Promise((resolve, reject) => {
			call(...values, (error: Error | null, value: unknown) => (error ? reject(error) : resolve(value)))
		})

/** An open file, with those methods of Node's own that the program uses. */
export class OpenFile {
	readonly fd: number

	constructor(fd: number) {
		this.fd = fd
	}

	readFile = (...values: unknown[]) => promised(fs.readFile)(this.fd, ...values)
	writeFile = (...values: unknown[]) => promised(fs.writeFile)(this.fd, ...values)
	stat = (...values: unknown[]) => promised(fs.fstat)(this.fd, ...values)
	chmod = (mode: unknown) => promised(fs.fchmod)(this.fd, mode)
	chown = (uid: unknown, gid: unknown) => promised(fs.fchown)(this.fd, uid, gid)
	utimes = (accessed: unknown, modified: unknown) => promised(fs.futimes)(this.fd, accessed, modified)
	truncate = (length?: unknown) => promised(fs.ftruncate)(this.fd, length)
	sync = () => promised(fs.fsync)(this.fd)
	datasync = () => promised(fs.fdatasync)(this.fd)
	close = () => promised(fs.close)(this.fd)

	read(buffer: NodeJS.ArrayBufferView, offset: number, length: number, position: number | null) {
		return new Promise((resolve, reject) => {
			fs.read(this.fd, buffer, offset, length, position, (error, bytesRead) =>
				error ? reject(error) : resolve({ bytesRead, buffer }),
			)
		})
	}
}

const now = Promise.resolve()

/**
 * What only asks about a path is answered at once: waiting for a thread of the pool takes 20 times as long. A refusal
 * comes when somebody waits for it: Node keeps a list of those that nobody does.
 */
const atOnce =
	(call: Call) =>
	(...values: unknown[]) =>
		now.then(() => call(...values))

export const access = atOnce(fs.accessSync)
export const chmod = promised(fs.chmod)
export const copyFile = promised(fs.copyFile)
export const lstat = atOnce(fs.lstatSync)
export const mkdir = promised(fs.mkdir)
export const mkdtemp = promised(fs.mkdtemp)
export const readdir = promised(fs.readdir)
export const readFile = promised(fs.readFile)
export const readlink = atOnce(fs.readlinkSync)
export const realpath = atOnce(fs.realpathSync.native)
export const rename = promised(fs.rename)
export const rm = promised(fs.rm)
export const rmdir = promised(fs.rmdir)
export const stat = atOnce(fs.statSync)
export const symlink = promised(fs.symlink)
export const unlink = promised(fs.unlink)
export const utimes = promised(fs.utimes)
export const writeFile = promised(fs.writeFile)
export const open = async (...values: unknown[]) => new OpenFile((await promised(fs.open)(...values)) as number)
