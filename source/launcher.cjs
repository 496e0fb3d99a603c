// @ts-check
// dist/cli.cjs: tells an old Node what to do, then runs the chunks beside it. Their text always comes from the package;
// only what V8 compiled from it is kept in the user's cache directory, because compiling takes a third of a start.
// This file is ES5, so that every Node can parse it. scripts/build.mjs fills in the first three values.
;(function () {
	var version = ''
	var oldestNode = [0, 0]
	var hashes = /** @type {Record<string, string>} */ ({})

	var node = process.versions.node.split('.')
	if (Number(node[0]) * 1000 + Number(node[1]) < Number(oldestNode[0]) * 1000 + Number(oldestNode[1])) {
		var needs = 'mux-bridge-wizard needs Node.js ' + oldestNode.join('.') + ' or later and this is ' + node.join('.')
		console.error(needs + ': install a newer one from https://nodejs.org and run the command again.')
		process.exitCode = 2
		return
	}

	var fs = require('fs')
	var path = require('path')
	var vm = require('vm')
	var loaded = /** @type {Record<string, { exports: object }>} */ ({})
	var compiled = /** @type {{ entry: string, script: import('vm').Script }[]} */ ([])
	var inUse = /** @type {{ entry: string, aside: string }[]} */ ([])
	var timer = /** @type {NodeJS.Timeout | undefined} */ (undefined)
	// All files are read into this buffer, one after the other: V8 copies what it takes from it.
	var bytes = Buffer.allocUnsafeSlow(65536)
	var kinds = ['wizard', '--version', '--print-env', '--yes', 'check', 'help', '--help']
	var cache = findCache()
	if (cache) process.on('exit', keep)
	load('./main.cjs')

	/** What `require` is inside the chunks. @param {string} name @returns {any} */
	function load(name) {
		var chunk = name.slice(2)
		if (!hashes[chunk]) return require(name)
		var module = loaded[chunk]
		if (module) return module.exports
		module = loaded[chunk] = { exports: {} }
		var file = path.join(__dirname, chunk)
		var start = '(function (exports, require, module, __filename, __dirname) { '
		var fd = fs.openSync(file, 'r')
		var size = readInto(fd, start.length)
		fs.closeSync(fd)
		bytes.write(start, 0, 'latin1')
		var end = start.length + size
		var text = bytes.toString('latin1', 0, end + bytes.write('\n})', end, 'latin1'))
		// The wizard runs other functions of a chunk than a command does, so each has entries of its own.
		var first = process.argv[2] || 'wizard'
		var kind = kinds.indexOf(first) < 0 ? 'other' : first
		var key = [chunk, version, hashes[chunk], size, process.version, process.arch, kind].join('_')
		var entry = path.join(cache, key)
		var code = cache ? readEntry(entry) : undefined
		var script = new vm.Script(text, { filename: file, cachedData: code })
		if (cache && (!code || script.cachedDataRejected)) compiled.push({ entry: entry, script: script })
		// Half a second after the last chunk the question is on the screen; a run that is over sooner writes at its end.
		clearTimeout(timer)
		timer = setTimeout(keep, 500).unref()
		script.runInThisContext()(module.exports, load, module, file, __dirname)
		return module.exports
	}

	/** The cache directory, or '' if others can write to it or to the home directory, which `sudo` leaves another user's. */
	function findCache() {
		var env = process.env
		var home = env.HOME || env.USERPROFILE || ''
		var inHome = home && path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache')
		var base = env.XDG_CACHE_HOME || (process.platform === 'win32' && env.LOCALAPPDATA) || inHome
		var directory = path.join(base, 'mux-bridge-wizard')
		if (env.NODE_DISABLE_COMPILE_CACHE || !path.isAbsolute(base)) return ''
		if (home && !isPrivate(attempt(fs.statSync, home))) return ''
		// One by one: with `recursive`, Node never returns below /proc.
		if (!fs.existsSync(base)) attempt(fs.mkdirSync, base, 448)
		if (!fs.existsSync(directory)) attempt(fs.mkdirSync, directory, 448)
		return isPrivate(attempt(fs.lstatSync, directory)) ? directory : ''
	}

	/** Windows keeps a user's directories private by itself. @param {any} stats */
	function isPrivate(stats) {
		return !process.getuid || (stats.uid === process.getuid() && (stats.mode & 18) === 0)
	}

	/**
	 * V8 trusts the bytes that it is given, and flipped bits can end the process. So an entry holds its content twice, and
	 * it has another name while it is in use: if the process dies, the next run doesn't find it.
	 * @param {string} entry
	 */
	function readEntry(entry) {
		var aside = entry + '.' + process.pid
		if (!attempt(fs.renameSync, entry, aside)) return
		// Without O_NONBLOCK, opening a FIFO waits for a writer.
		var flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK
		var file = attempt(fs.openSync, aside, flags)
		var stats = attempt(fs.fstatSync, file)
		var half = (stats && stats.isFile() && isPrivate(stats) ? Number(attempt(readInto, file, 0)) : 0) / 2
		attempt(fs.closeSync, file)
		if (half >= 1 && half % 1 === 0 && bytes.compare(bytes, half, 2 * half, 0, half) === 0) {
			inUse.push({ entry: entry, aside: aside })
			return bytes.slice(0, half)
		}
		attempt(fs.unlinkSync, aside)
	}

	/** Reads a file into the shared buffer, with a little room after it; returns the number of bytes. @param {number} file @param {number} at */
	function readInto(file, at) {
		var size = fs.fstatSync(file).size
		if (bytes.length < at + size + 8) bytes = Buffer.allocUnsafeSlow(2 * (at + size))
		var end = at
		for (var count = 1; count > 0; end += count) count = fs.readSync(file, bytes, end, at + size - end, null)
		return end - at
	}

	/** The program has started well: entries that it used get their names back, and those that were missing are written. */
	function keep() {
		inUse.splice(0).forEach(function (item) {
			attempt(fs.renameSync, item.aside, item.entry)
		})
		// Each version of the program and of Node adds entries.
		var old = compiled.length > 0 ? attempt(fs.readdirSync, cache) : []
		while (old.length > 120) attempt(fs.unlinkSync, path.join(cache, old.pop()))
		compiled.splice(0).forEach(function (item) {
			var draft = item.entry + '.' + process.pid
			var code = item.script.createCachedData()
			var isWritten = attempt(fs.writeFileSync, draft, Buffer.concat([code, code]), { flag: 'wx', mode: 384 })
			if (!isWritten || !attempt(fs.renameSync, draft, item.entry)) attempt(fs.unlinkSync, draft)
		})
	}

	/** The result, or true if there is none; false if it failed. @param {Function} call @param {any} a @param {any} [b] @param {any} [c] */
	function attempt(call, a, b, c) {
		try {
			return call(a, b, c) || true
		} catch (_) {
			return false
		}
	}
})()
