import { expect, test } from 'vitest'
import { getBrowserCommand } from '../../source/runtime/open-browser.ts'

const url = 'https://coder.example.com/cli-auth'

test.each([
	['linux', { DISPLAY: ':0' }, ['xdg-open', url]],
	['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', url]],
	['linux', {}, null],
	['darwin', {}, ['open', url]],
	['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', url]],
	['darwin', { SSH_CONNECTION: '1.2.3.4 1 5.6.7.8 22' }, null],
	['linux', { DISPLAY: ':0', SSH_TTY: '/dev/pts/1' }, null],
	['linux', { SSH_TTY: '/dev/pts/1', BROWSER: '/vscode/browser.sh' }, ['/vscode/browser.sh', url]],
	['linux', { BROWSER: 'firefox --new-tab %s' }, ['firefox', '--new-tab', url]],
	['linux', { BROWSER: 'w3m:lynx' }, ['w3m', url]],
	['darwin', { BROWSER: '' }, null],
	['darwin', { BROWSER: 'none' }, null],
	['darwin', { CI: 'true' }, null],
	['darwin', { CI: 'false' }, ['open', url]],
	['darwin', { CLAUDECODE: '1' }, null],
	['linux', { CI: '1', BROWSER: 'firefox' }, null],
] as const)('chooses the browser on %s with %j', (platform, env, command) => {
	expect(getBrowserCommand(url, { platform, env })).toEqual(command)
})

test('opens nothing but web pages', () => {
	for (const other of ['file:///etc/passwd', '--help', 'javascript:alert(1)', 'https://coder.example.com/a b']) {
		expect(getBrowserCommand(other, { platform: 'darwin', env: {} })).toBeNull()
	}
})
