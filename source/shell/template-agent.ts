// The agent of a Coder template that variables are for, as an expression of Terraform.

export const defaultAgentId = 'coder_agent.main.id'

/**
 * The expression for the id of an agent: `main` and `coder_agent.main` become `coder_agent.main.id`; another reference,
 * such as `var.agent_id`, stays as it is. Null if the text isn't a reference, since it would be code in the template.
 */
export function parseAgentId(text: string): string | null {
	if (!/^[a-z_][\w-]*(?:\.[a-z_][\w-]*|\[(?:\d+|"[\w-]+"|[a-z_][\w.-]*)\])*$/i.test(text)) return null
	const path = text.includes('.') ? text : `coder_agent.${text}`
	return path.startsWith('coder_agent.') && !path.endsWith('.id') ? `${path}.id` : path
}
