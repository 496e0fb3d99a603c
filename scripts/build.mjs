import { build } from 'esbuild'

await build({
	entryPoints: ['cli.tsx'],
	outfile: 'dist/cli.js',
	bundle: true,
	platform: 'node',
	format: 'esm',
	target: 'node20.9',
	mainFields: ['module', 'main'],
	jsx: 'automatic',
	define: { 'process.env.NODE_ENV': '"production"' },
	banner: {
		js: "#!/usr/bin/env node\nimport { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
	},
	external: ['react-devtools-core'],
	logLevel: 'error',
})
