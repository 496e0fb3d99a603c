// The same first questions with @clack/prompts alone.
import { cancel, isCancel, multiselect, password } from '@clack/prompts'

const providers = await multiselect({
	message: 'Which providers should go through AI Bridge?',
	options: [
		{ value: 'openai', label: 'OpenAI', hint: 'now: api.openai.com, key in settings' },
		{ value: 'anthropic', label: 'Anthropic', hint: 'now: not set up' },
	],
	initialValues: ['openai', 'anthropic'],
})
if (isCancel(providers)) cancel('left')
else await password({ message: 'Paste your Coder token' })
