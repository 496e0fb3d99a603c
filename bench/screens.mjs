// How the screens of the wizard are recognized, by benchmarks and by the tests of the package.
export const screens = {
	confirming: /Set it up like this/,
	providers: /Which providers should/,
	/** The last line of a screen. */
	ready: /ctrl-c quit/,
	deployment: /What's your Coder URL/,
	token: /Paste your Coder token/,
	choosing: /How should Mux sign in to Coder/,
	choices: /Create a token for Mux/,
	review: /Save this to/,
	summary: /Mux is connected to Coder AI Bridge/,
}
