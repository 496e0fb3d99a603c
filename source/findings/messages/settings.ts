// Findings about reading and writing Mux's settings file. `path` is its absolute path; text from the file is masked
// before it becomes a detail.

import { issueTrackerUrl } from '../addresses.ts'
import type { settingsCodes } from '../codes.ts'
import type { MessagesFor } from './types.ts'

const unchanged = "The file wasn't changed."

export const settingsMessages = (): MessagesFor<keyof typeof settingsCodes> => ({
	'settings-syntax': {
		headline: details => `Syntax error in the settings file, line ${details.line}, column ${details.column}`,
		reason: details =>
			`${details.path ? `${details.path}: ` : ''}${details.problem}. The line reads: ${details.text}. Mux ignores what it can't parse and drops it the next time it saves, so the wizard won't edit the file.`,
		remedy: ['Fix that line, then run the wizard again.'],
	},
	'settings-not-an-object': {
		headline: details => `The settings file contains ${details.kind} instead of an object`,
		reason: details =>
			`${details.path ?? 'The file'} must be { ... } at the top level; Mux ignores anything else. ${unchanged}`,
		remedy: ['Move the file away, or replace its content with {}. Then run the wizard again.'],
	},
	'settings-edit-abandoned': {
		headline: 'The edit was stopped because it would have changed too much',
		reason: details => `The new text differs from the planned change at ${details.at}. ${unchanged}`,
		remedy: [
			'This is a bug in the wizard. Please report it with the structure of your settings file, without your keys:',
			issueTrackerUrl,
		],
	},
	'settings-coder-section': {
		headline: 'The wizard never edits the "coder" section',
		reason: details =>
			`A change to ${details.at} was requested, but Mux manages that section through “Login with Coder”. ${unchanged}`,
		remedy: [
			'Change it in Mux: Settings > Providers.',
			'If the wizard did this by itself, please report it:',
			issueTrackerUrl,
		],
	},
	'settings-dangling-link': {
		headline: 'The settings file is a broken link',
		reason: details =>
			`${details.link} points to ${details.target}, which doesn't exist or loops. Nothing was created.`,
		remedy: details => ['Restore the file it points to, or remove the link:', `rm ${details.link}`],
	},
	'settings-not-a-file': {
		headline: details => `The settings file is ${details.kind}`,
		reason: details => `${details.path} must be a regular file. Nothing was read or written.`,
		remedy: ['Move it away, or use another file with --settings.'],
	},
	'settings-unreadable': {
		headline: "Can't read the settings file",
		reason: details => `${details.path}: ${details.problem}. The wizard never replaces a file it can't read.`,
		remedy: details => ['Check its owner and permissions:', `ls -l ${details.path}`],
	},
	'settings-encoding': {
		headline: "The settings file isn't valid UTF-8",
		reason: details => `${details.path} ${details.problem}. Mux only reads UTF-8. ${unchanged}`,
		remedy: ['Save it as UTF-8 in your editor, then run the wizard again.'],
	},
	'settings-too-large': {
		headline: 'The settings file is too large',
		reason: details => `${details.path} has ${details.megabytes} MB; the limit is ${details.limit} MB. ${unchanged}`,
		remedy: ["Check that it's the right file. To use another one, pass --settings."],
	},
	'settings-changed': {
		headline: 'The settings file changed in the meantime',
		reason: details =>
			`Another program, probably Mux, wrote to ${details.path} after the wizard read it. Nothing was overwritten.`,
		remedy: ['Run the wizard again to start from the current file.'],
	},
	'settings-locked': {
		headline: details =>
			details.pid === undefined
				? 'Another program has locked the settings file'
				: `Process ${details.pid} has locked the settings file`,
		reason: details => `${details.lock} wasn't released within ${details.seconds} seconds. ${unchanged}`,
		remedy: details =>
			details.pid === undefined
				? ['Close Mux, then try again. If no other program uses the file, remove the lock:', `rm -r ${details.lock}`]
				: ["It's probably Mux or another wizard. Wait for it or quit it, then try again:", `ps -p ${details.pid}`],
	},
	'settings-lock-blocked': {
		headline: "Can't lock the settings file",
		reason: details =>
			`${details.lock} is ${details.kind}, but the lock has to be a directory. Mux can't save its settings either.`,
		remedy: details => ['If no other program uses it, remove it:', `rm ${details.lock}`],
	},
	'settings-no-permission': {
		headline: 'No permission to write the settings file',
		reason: details => `${details.at}: ${details.problem}. ${unchanged}`,
		remedy: details => ['Check its owner and permissions:', `ls -ld ${details.at}`],
	},
	'settings-no-space': {
		headline: 'No space left to write the settings file',
		reason: details => `${details.path}: ${details.problem}. Your old file is still intact.`,
		remedy: ['Free up some space, or raise the quota or file size limit. Then try again:', 'df -h'],
	},
	'settings-write-failed': {
		headline: "Can't write the settings file",
		reason: details => `${details.path}: ${details.problem}. Your old file is still intact.`,
		remedy: ['Fix that and try again, or print export lines instead (--print-env).'],
	},
	'undo-changed': {
		headline: "The settings file changed since the wizard's last change",
		reason: details =>
			`Undoing would lose the changes made to ${details.path} after ${details.time}. Nothing was written.`,
		remedy: [
			'Check the file first. To undo anyway and keep the current file as a backup, run:',
			'npx mux-bridge-wizard undo --force',
		],
	},
	'undo-backup-missing': {
		headline: "Can't undo because the backup is missing or has changed",
		reason: details => `${details.backup} ${details.problem}. Nothing was written.`,
		remedy: details => ['You can restore another backup yourself:', `ls ${details.path}.*.bak`],
	},
	'undo-journal-damaged': {
		headline: "Can't undo because the wizard's list of changes is damaged",
		reason: details => `${details.journal} isn't what the wizard wrote. Nothing was changed.`,
		remedy: details => [
			'Restore a backup yourself, or remove the list to continue without undo:',
			`rm ${details.journal}`,
		],
	},
	'undo-journal-replaced': {
		headline: "Changes before this one can't be undone any more",
		reason: details =>
			`The list of changes, ${details.journal}, was damaged. It was kept as ${details.savedAs}, and a new one was started.`,
		remedy: [],
	},
	'settings-written-in-place': {
		headline: 'The settings file was written in place, not replaced',
		reason: details =>
			`${details.path} is a mount point, so a program that read it at this very moment may have seen half of it.`,
		remedy: ['Mount its directory instead of the file.'],
	},
	'file-readable-by-others': {
		headline: details => `Other users can read ${details.path}`,
		reason: details => `It holds a token, and its permissions are ${details.mode}.`,
		remedy: details => ['Make it readable for yourself only:', `chmod 600 ${details.path}`],
	},
	'file-hard-linked': {
		headline: details => `${details.path} has ${details.links} names`,
		reason:
			'It holds a token, and hard links show the same content elsewhere. The next change gives only this name a new content.',
		remedy: details => ['Find its other names:', `ls -i ${details.path}`],
	},
	'file-of-another-user': {
		headline: details => `${details.path} belongs to another user`,
		reason: details => `Its owner is the user with the id ${details.uid}, who can read the token in it.`,
		remedy: ['Move it away, and run the wizard again to create one of your own.'],
	},
	'token-file-in-git': {
		headline: 'The token file is in a git repository',
		reason: details => `Each new token gets a file of a new name in ${details.root}: ${details.pattern}.`,
		remedy: ['Add that pattern to .gitignore.'],
	},
	'token-file-missing': {
		headline: details => `The token file ${details.path} doesn't exist any more`,
		reason: 'The restored settings name it. Only the token file before the last change is kept.',
		remedy: ['Run the wizard again to store a token:', 'npx mux-bridge-wizard'],
	},
	'token-still-valid': {
		headline: details =>
			details.keyIds.includes(',')
				? `The tokens ${details.keyIds} are still valid at Coder`
				: `The token ${details.keyIds} is still valid at Coder`,
		reason: details => (details.files === '' ? '' : `These files still contain it: ${details.files}.`),
		remedy: details => [
			details.keyIds.includes(',') ? 'Revoke those that you no longer use:' : 'Revoke it if you no longer use it:',
			...details.keyIds.split(', ').map(keyId => `coder tokens remove ${keyId}`),
		],
	},
})
