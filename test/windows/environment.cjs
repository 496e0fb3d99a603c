// Loaded before the program: wine replaces USERPROFILE and others with its own, and passes on the variables of Unix.
const { env } = process
const given = JSON.parse(env.MUX_BRIDGE_WIZARD_TEST_ENV)
const ofWindows = /^(?:SystemDrive|SystemRoot|windir|ComSpec|PATH|PATHEXT|TEMP|TMP|NODE_SKIP_PLATFORM_CHECK|WINE.*)$/i
for (const name of Object.keys(env)) if (!ofWindows.test(name)) delete env[name]
Object.assign(env, given)
