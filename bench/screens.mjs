// How the screens of the wizard are recognized, by benchmarks and by the tests of the package.
export const screens = {
	providers: /Which providers should/,
	/** The last line of a screen. */
	ready: /ctrl-c (leave|quit)/,
	deployment: /(Where is|What['’]s) your Coder/,
	token: /Paste (a|your) Coder session token/,
	review: /Apply to the settings file|Save this to/,
	summary: /Mux (now talks through|is connected to Coder) AI Bridge/,
}
