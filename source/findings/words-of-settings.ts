import type { Details, Words } from './row.ts'

const file = (details: Details) => `${details['path'] ?? 'the settings file'}`
const untouched = 'The file was not touched.'

// Findings about reading and writing Mux's settings file. `path` is its absolute path; a text out of the file is
// masked before it becomes a detail.
export const settingsWords = {
	'settings-syntax': {
		severity: 'error',
		exitCode: 5,
		headline: details => `The settings file has a syntax error in line ${details['line']}, column ${details['column']}`,
		reason: details =>
			`${file(details)}: ${details['problem']}. Line ${details['line']} reads: ${details['text']}. Mux skips what it can’t parse, and its next save would drop it, so the wizard does not edit the file.`,
		remedy: () => ['Correct that line, then run the wizard again.'],
		example: {
			path: '/home/ana/.mux/providers.jsonc',
			line: 4,
			column: 5,
			problem: 'a comma is missing before this',
			text: '"baseUrl": "https://coder.example.com/api/v2/aibridge/openai/v1"',
		},
	},
	'settings-not-an-object': {
		severity: 'error',
		exitCode: 5,
		headline: details => `The settings file holds ${details['kind']} instead of an object`,
		reason: details =>
			`${file(details)} has to be { ... } at its top level; Mux reads nothing from it as it is. ${untouched}`,
		remedy: () => ['Move the file away or make it {}, then run the wizard again.'],
		example: { path: '/home/ana/.mux/providers.jsonc', kind: 'an array' },
	},
	'settings-edit-abandoned': {
		severity: 'error',
		exitCode: 70,
		headline: () => 'The edit was abandoned: it would have changed more than planned',
		reason: details => `Parsed again, the new text differs from the plan at ${details['at']}. ${untouched}`,
		remedy: () => [
			'This is a bug in the wizard. Please report it with the shape of your settings file, without its credentials:',
			'https://github.com/coder/mux-bridge-wizard/issues',
		],
		example: { at: 'openai.models' },
	},
	'settings-coder-section': {
		severity: 'error',
		exitCode: 70,
		headline: () => 'The "coder" section is Mux\'s own and is never edited',
		reason: details =>
			`An edit of ${details['at']} was asked for. Mux writes that section at "Login with Coder". ${untouched}`,
		remedy: () => ['Use Settings → Providers in Mux to change it.'],
		example: { at: 'coder.apiKey' },
	},
	'settings-dangling-link': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file is a link to something that is not there',
		reason: details =>
			`${details['link']} points to ${details['target']}, which does not exist or loops. Nothing was created in its place.`,
		remedy: details => ['Restore what it points to, or remove the link:', `rm ${details['link']}`],
		example: {
			path: '/home/ana/.mux/providers.jsonc',
			link: '/home/ana/.mux/providers.jsonc',
			target: '../dotfiles/providers.jsonc',
		},
	},
	'settings-not-a-file': {
		severity: 'error',
		exitCode: 5,
		headline: details => `The settings file is ${details['kind']}`,
		reason: details => `${file(details)} has to be an ordinary file. Nothing was read or written.`,
		remedy: () => ['Move it away, or name another file with --settings.'],
		example: { path: '/home/ana/.mux/providers.jsonc', kind: 'a folder' },
	},
	'settings-unreadable': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file can’t be read',
		reason: details => `${file(details)}: ${details['problem']}. A file that could not be read is never replaced.`,
		remedy: details => ['Look at who owns it and what its mode is:', `ls -l ${file(details)}`],
		example: { path: '/home/ana/.mux/providers.jsonc', problem: 'permission denied (EACCES)' },
	},
	'settings-encoding': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file is not UTF-8',
		reason: details => `${file(details)} ${details['problem']}. Mux reads UTF-8 only. ${untouched}`,
		remedy: () => ['Save it as UTF-8 in your editor, then run the wizard again.'],
		example: { path: '/home/ana/.mux/providers.jsonc', problem: 'is UTF-16' },
	},
	'settings-too-large': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file is too large',
		reason: details =>
			`${file(details)} has ${details['megabytes']} MB; the limit is ${details['limit']} MB. ${untouched}`,
		remedy: () => ['Check that it is the right file; another one can be named with --settings.'],
		example: { path: '/home/ana/.mux/providers.jsonc', megabytes: 80, limit: 64 },
	},
	'settings-changed': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file has changed since it was read',
		reason: details => `Something else, perhaps Mux, wrote ${file(details)} meanwhile. Nothing was overwritten.`,
		remedy: () => ['Run the wizard again: it starts from the file as it is now.'],
		example: { path: '/home/ana/.mux/providers.jsonc' },
	},
	'settings-locked': {
		severity: 'error',
		exitCode: 5,
		headline: details =>
			details['pid'] === undefined
				? 'The settings file is locked by another program'
				: `The settings file is locked by process ${details['pid']}`,
		reason: details => `${details['lock']} was held for all of ${details['seconds']} seconds. ${untouched}`,
		remedy: details =>
			details['pid'] === undefined
				? [
						'Close Mux, then try again. If nothing that uses the file is running, remove the lock:',
						`rm -r ${details['lock']}`,
					]
				: [
						'It is Mux or another wizard at work: see what the process is, wait or end it, then try again.',
						`ps -p ${details['pid']}`,
					],
		example: {
			path: '/home/ana/.mux/providers.jsonc',
			lock: '/home/ana/.mux/providers.jsonc.lock',
			pid: 4711,
			seconds: 5,
		},
	},
	'settings-lock-in-the-way': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The lock of the settings file can’t be taken',
		reason: details =>
			`${details['lock']} is ${details['kind']}; Mux’s lock is a folder. Mux can’t save its settings either as long as it is there.`,
		remedy: details => ['If nothing that uses it is running, remove it:', `rm ${details['lock']}`],
		example: { path: '/home/ana/.mux/providers.jsonc', lock: '/home/ana/.mux/providers.jsonc.lock', kind: 'a file' },
	},
	'settings-no-permission': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'No permission to write the settings file',
		reason: details => `${details['at'] ?? file(details)}: ${details['problem']}. ${untouched}`,
		remedy: details => ['Look at who owns it and what its mode is:', `ls -ld ${details['at'] ?? file(details)}`],
		example: {
			path: '/home/ana/.mux/providers.jsonc',
			at: '/home/ana/.mux',
			problem: 'permission denied (EACCES)',
		},
	},
	'settings-no-space': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'No space left to write the settings file',
		reason: details => `${file(details)}: ${details['problem']}. The old file is still there, whole.`,
		remedy: () => ['Free some space (or raise the quota or file size limit), then try again.', 'df -h'],
		example: { path: '/home/ana/.mux/providers.jsonc', problem: 'no space left on the device (ENOSPC)' },
	},
	'settings-write-failed': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file can’t be written',
		reason: details => `${file(details)}: ${details['problem']}. The old file is still there, whole.`,
		remedy: () => ['Correct that, then try again. Export lines need no file: --print-env.'],
		example: { path: '/home/ana/.mux/providers.jsonc', problem: 'it is a mount point and can not be replaced (EBUSY)' },
	},
	'undo-changed': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The settings file has changed since the wizard’s last change',
		reason: details =>
			`Undoing would lose what was changed in ${file(details)} after ${details['time']}. Nothing was written.`,
		remedy: () => [
			'Look at the file first; to go back all the same (the present file is kept as a backup):',
			'npx mux-bridge-wizard undo --force',
		],
		example: { path: '/home/ana/.mux/providers.jsonc', time: '2026-11-23 14:45:00 UTC' },
	},
	'undo-backup-missing': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The backup that undo needs is gone or has changed',
		reason: details => `${details['backup']} ${details['problem']}. Nothing was written.`,
		remedy: details => ['Other backups beside the settings file can be put back by hand:', `ls ${file(details)}.*.bak`],
		example: {
			path: '/home/ana/.mux/providers.jsonc',
			backup: '/home/ana/.mux/providers.jsonc.20261123T144500Z.bak',
			problem: 'does not exist',
		},
	},
	'undo-journal-damaged': {
		severity: 'error',
		exitCode: 5,
		headline: () => 'The wizard’s list of its changes can’t be read',
		reason: details =>
			`${details['journal']} is not what the wizard wrote, so it can’t tell what to undo. Nothing was written.`,
		remedy: details => [
			'Put a backup back by hand, or remove the list and go on without undo:',
			`rm ${details['journal']}`,
		],
		example: { path: '/home/ana/.mux/providers.jsonc', journal: '/home/ana/.mux/providers.jsonc.undo.json' },
	},
} satisfies Record<string, Words>
