// dist/cli.cjs. It is plain ES5, so that an old Node can say what is wrong instead of dying on syntax: the program stands
// beside it, compressed, and is taken out and compiled here, in parts, when something of them is needed. Words in
// __CAPITALS__ are put in by pack.mjs.
// biome-ignore-all lint/style/useTemplate: ES5
// biome-ignore-all lint/complexity/useArrowFunction: ES5
// biome-ignore-all lint/complexity/useOptionalChain: ES5
// biome-ignore-all lint/correctness/noInnerDeclarations: ES5 has no let
;(function (nodeRequire, ownFolder) {
	var release = process.versions.node.split('.')
	if (+release[0] < __MAJOR__ || (+release[0] === __MAJOR__ && +release[1] < __MINOR__)) {
		process.stderr.write(
			'mux-bridge-wizard needs Node.js __MAJOR__.__MINOR__ or later and this is ' +
				process.versions.node +
				': install a newer one from https://nodejs.org and run the command again.\n',
		)
		process.exitCode = 2
		return
	}

	var fs = nodeRequire('fs')
	// Parts are what is compiled in one go: [name, first byte of what was compressed, the byte after its last one].
	var parts = __PARTS__
	var all = null
	var functions = []
	var modules = []
	var folder = cacheFolder()
	var kind = kindOfRun()
	var uncached = []
	var desk = null
	var step = 65536
	// The global one loads node:perf_hooks at its first touch.
	var clock = {
		now: function () {
			var time = process.hrtime()
			return time[0] * 1e3 + time[1] / 1e6
		},
	}

	// A module of Node's by its name, a chunk by its number: its part's, times 64, and its place in it.
	function load(id) {
		if (typeof id === 'string') return nodeRequire(id)
		var module = modules[id]
		if (module) return module.exports
		var part = id >> 6
		if (!functions[part]) functions[part] = compile(parts[part])
		module = modules[id] = { exports: {} }
		functions[part][id & 63](load, module, clock)
		return module.exports
	}

	function compile(part) {
		var found = find(part)
		var script = new (nodeRequire('vm').Script)(found.text, {
			filename: ownFolder + '/' + part[0],
			cachedData: found.code,
		})
		if (!found.code || script.cachedDataRejected) keepLater(part[0], found.text, script)
		return script.runInThisContext()
	}

	function find(part) {
		return (folder && readCache(part[0])) || { text: takeOut(part) }
	}

	function takeOut(part) {
		if (!all) all = nodeRequire('zlib').brotliDecompressSync(readProgram())
		return all.latin1Slice(part[1], part[2])
	}

	function readProgram() {
		var path = ownFolder + '/program.br'
		var bytes = fs.existsSync(path) ? fs.readFileSync(path) : Buffer.alloc(0)
		if (bytes.latin1Slice(0, 16) === '__HASH__' && bytes.length === __LENGTH__) return bytes.subarray(16)
		throw new Error(path + ' is not the one that belongs to cli.cjs: install the package again')
	}

	// The cache holds parts as they were decompressed and compiled in an earlier run, in a folder that only this user may
	// write. The program never needs it: whatever is odd about it (owner, mode, length, another program, another Node)
	// means doing without.
	function cacheFolder() {
		var environment = process.env
		var home = environment.HOME || environment.USERPROFILE
		var base =
			environment.XDG_CACHE_HOME ||
			(process.platform === 'win32' && environment.LOCALAPPDATA) ||
			(home && home + (process.platform === 'darwin' ? '/Library/Caches' : '/.cache'))
		var isOff = environment.MUX_BRIDGE_WIZARD_CODE_CACHE === '0' || environment.NODE_DISABLE_COMPILE_CACHE
		return !isOff && base && nodeRequire('path').isAbsolute(base) ? base + '/mux-bridge-wizard' : null
	}

	// Compiled code is kept for each kind of run by itself: what another kind has run is only in the way.
	function kindOfRun() {
		for (var index = 2; index < process.argv.length; index++) {
			var word = process.argv[index].split('=')[0]
			if (__KINDS__.indexOf(word) >= 0) return word
		}
		return ''
	}

	function cachePath(part) {
		return folder + '/__HASH__-' + process.version + '-' + process.arch + '-' + kind + '-' + part
	}

	function isOnlyOurs(stat) {
		return process.platform === 'win32' || (stat.uid === process.getuid() && (stat.mode & 18) === 0)
	}

	// Everything stands in the file twice and both copies have to be the same: V8 believes every byte that it is given, and
	// a single damaged one can end the process. Comparing takes 0.2 ms, the checksums that Node offers take 3.
	// A copy is: length of the code and of the part (4 bytes each), the code, the part.
	function readCache(part) {
		var file
		try {
			if (!isOnlyOurs(fs.lstatSync(folder))) return
			file = fs.openSync(cachePath(part), fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0))
			var stat = fs.fstatSync(file)
			if (!stat.isFile() || !isOnlyOurs(stat) || stat.size < 16 || stat.size % 2 !== 0) return
			var length = stat.size / 2
			// One piece of memory for all that is read, one part after the other: V8 copies what it keeps.
			if (!desk || desk.length < length + step) desk = Buffer.allocUnsafeSlow(Math.max(length + step, 1048576))
			if (fs.readSync(file, desk, 0, length, 0) !== length) return
			var lengths = new Uint32Array(desk.buffer, 0, 2)
			var end = 8 + lengths[0]
			if (end + lengths[1] !== length || !isSame(file, length)) return
			return { code: new Uint8Array(desk.buffer, 8, lengths[0]), text: desk.latin1Slice(end, length) }
		} catch (_) {
		} finally {
			if (file !== undefined) fs.closeSync(file)
		}
	}

	// The second copy is read step by step, to the place behind the first.
	function isSame(file, length) {
		for (var start = 0; start < length; start += step) {
			var count = Math.min(step, length - start)
			if (fs.readSync(file, desk, length, count, length + start) !== count) return false
			if (desk.compare(desk, start, start + count, length, length + count) !== 0) return false
		}
		return true
	}

	// Half a second later the first question is on screen and the code that it needed is compiled; a run that is over
	// sooner keeps what it has at its end.
	function keepLater(part, text, script) {
		if (!folder || uncached.push([part, text, script]) > 1) return
		setTimeout(keep, 500).unref()
		process.once('exit', keep)
	}

	function keep() {
		process.removeListener('exit', keep)
		uncached.splice(0).forEach(function (found) {
			var path = cachePath(found[0])
			var draft = path + '.' + process.pid
			try {
				makeFolder(folder.slice(0, folder.lastIndexOf('/')))
				makeFolder(folder)
				if (!isOnlyOurs(fs.lstatSync(folder))) return
				dropOld()
				var code = found[2].createCachedData()
				var text = Buffer.from(found[1], 'latin1')
				var lengths = new Uint8Array(new Uint32Array([code.length, text.length]).buffer)
				var file = fs.openSync(draft, 'wx', 384)
				try {
					;[lengths, code, text, lengths, code, text].forEach(function (bytes) {
						if (fs.writeSync(file, bytes) !== bytes.length) throw new Error('no room')
					})
				} finally {
					fs.closeSync(file)
				}
				fs.renameSync(draft, path)
			} catch (_) {
				try {
					fs.unlinkSync(draft)
				} catch (_) {}
			}
		})
		all = null
	}

	// Node's `recursive` never comes back where a file system denies a folder with ENOENT, as /proc does.
	function makeFolder(path) {
		if (!fs.existsSync(path)) fs.mkdirSync(path, 448)
	}

	// Every release of the program and of Node brings files of its own.
	function dropOld() {
		var names = fs.readdirSync(folder)
		if (names.length < 100) return
		names.forEach(function (name) {
			if (name.indexOf('__HASH__') !== 0) fs.unlinkSync(folder + '/' + name)
		})
	}

	load(__ENTRY__)
})(require, __dirname)
