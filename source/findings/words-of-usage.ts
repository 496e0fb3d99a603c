import type { Words } from './finding.ts'

// Findings about how the program was called.
export const usageWords = {
	'no-terminal': {
		severity: 'error',
		exitCode: 2,
		headline: () => 'The wizard needs a terminal to ask its questions',
		reason: details => `${details['stream'] ?? 'Standard input'} is no terminal.`,
		remedy: () => [
			'Give the answers as flags:',
			'npx mux-bridge-wizard --yes --url https://coder.example.com --token-stdin < token',
		],
		example: { stream: 'Standard input' },
	},
} satisfies Record<string, Words>
