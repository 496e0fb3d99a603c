// The head of dist/cli.js. The whole file is plain ES5, so that an old Node can say what is wrong instead of dying on
// syntax: the program stands behind this head as text in a block comment, chunk after chunk, and the head cuts out the
// chunk that is asked for and runs it. Words in __CAPITALS__ are put in by one-file.mjs.
// biome-ignore-all lint/style/useTemplate: ES5
// biome-ignore-all lint/complexity/useArrowFunction: ES5
// biome-ignore-all lint/complexity/useOptionalChain: ES5
// biome-ignore-all lint/correctness/noInnerDeclarations: ES5 has no let
;(function (nodeRequire, ownPath) {
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
	// By name: the first byte after __BODY_START__, the length in bytes, and 1 where a code cache pays.
	var places = __PLACES__
	var modules = {}
	var folder = cacheFolder()
	var uncached = []

	function load(name) {
		var module = modules[name]
		if (module) return module.exports
		if (!places[name]) return nodeRequire(name)
		module = { exports: {} }
		modules[name] = module
		compile(name)(module.exports, load, module, bytesOf)
		return module.exports
	}

	function compile(name) {
		var source = read(name).latin1Slice()
		if (source.indexOf('__ESCAPED__') >= 0) source = source.split('__ESCAPED__').join('*/')
		var cachePath =
			folder && places[name][2] && folder + '/__HASH__-' + process.version + '-' + process.arch + '-' + name
		var code = cachePath ? readCode(cachePath) : undefined
		var script = new (nodeRequire('vm').Script)(source, { filename: ownPath + '/' + name, cachedData: code })
		if (cachePath && (!code || script.cachedDataRejected)) keepCodeLater(cachePath, script)
		return script.runInThisContext()
	}

	function read(name) {
		var file = fs.openSync(ownPath, 'r')
		try {
			return readAt(file, __BODY_START__ + places[name][0], places[name][1])
		} finally {
			fs.closeSync(file)
		}
	}

	function readAt(file, position, length) {
		var bytes = Buffer.allocUnsafeSlow(length)
		if (fs.readSync(file, bytes, 0, length, position) !== length) throw new Error(ownPath + ' is cut short')
		return bytes
	}

	// Bytes that are carried beside the code, so that they are neither parsed nor kept in the code cache.
	function bytesOf(name) {
		return Buffer.from(read(name).latin1Slice(), 'base64')
	}

	// V8's code cache: code compiled in an earlier run, in a folder that only this user may write. The program never needs
	// it: whatever is odd about it (owner, mode, length, another program, Node or V8) means doing without.
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

	function isOnlyOurs(stat) {
		return process.platform === 'win32' || (stat.uid === process.getuid() && (stat.mode & 18) === 0)
	}

	// The code stands in the file twice and both copies have to be the same: V8 believes every byte that it is given, and a
	// single damaged one can end the process. Comparing takes 0.1 ms, the checksums that Node offers take 3.
	function readCode(path) {
		var file
		try {
			if (!isOnlyOurs(fs.lstatSync(folder))) return
			file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0))
			var stat = fs.fstatSync(file)
			if (!stat.isFile() || !isOnlyOurs(stat) || stat.size === 0 || stat.size % 2 !== 0) return
			var bytes = readAt(file, 0, stat.size)
			var code = bytes.subarray(0, stat.size / 2)
			return code.equals(bytes.subarray(stat.size / 2)) ? code : undefined
		} catch (_) {
		} finally {
			if (file !== undefined) fs.closeSync(file)
		}
	}

	// Half a second later the first question is on screen and holds all code that it needed; a run that is over sooner
	// keeps its code at its end.
	function keepCodeLater(path, script) {
		if (uncached.push([path, script]) > 1) return
		setTimeout(keepCode, 500).unref()
		process.once('exit', keepCode)
	}

	function keepCode() {
		uncached.splice(0).forEach(function (pair) {
			var draft = pair[0] + '.' + process.pid
			try {
				fs.mkdirSync(folder, { recursive: true, mode: 448 })
				if (!isOnlyOurs(fs.lstatSync(folder))) return
				dropOldCode()
				var code = pair[1].createCachedData()
				fs.writeFileSync(draft, Buffer.concat([code, code]), { mode: 384, flag: 'wx' })
				fs.renameSync(draft, pair[0])
			} catch (_) {
				try {
					fs.unlinkSync(draft)
				} catch (_) {}
			}
		})
	}

	// Every release of the program and of Node brings files of its own.
	function dropOldCode() {
		var names = fs.readdirSync(folder)
		if (names.length < 40) return
		names.forEach(function (name) {
			if (name.indexOf('__HASH__') !== 0) fs.unlinkSync(folder + '/' + name)
		})
	}

	load('__ENTRY__')
})(require, __filename)
