// The same first questions with @inquirer/prompts alone.
import { checkbox, password } from '@inquirer/prompts'

try {
	await checkbox({
		message: 'Which providers should go through AI Bridge?',
		choices: [
			{ value: 'openai', name: 'OpenAI   now: api.openai.com, key in settings', checked: true },
			{ value: 'anthropic', name: 'Anthropic   now: not set up', checked: true },
		],
	})
	await password({ message: 'Paste your Coder token', mask: true })
} catch {}
