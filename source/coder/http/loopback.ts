import type { RequestOptions } from 'node:http'

/** `localhost` and `*.localhost` are this machine, whatever a name server says. */
export function isLocalName(hostname: string): boolean {
	return /(?:^|\.)localhost\.?$/i.test(hostname)
}

export const lookUpLoopback: NonNullable<RequestOptions['lookup']> = (_, options, done) => {
	const addresses = [
		{ address: '127.0.0.1', family: 4 },
		{ address: '::1', family: 6 },
	]
	if (options.all) done(null, addresses)
	else done(null, '127.0.0.1', 4)
}
