terraform {
  required_version = ">= 1.0"

  required_providers {
    coder = {
      source  = "coder/coder"
      version = ">= 2.5"
    }
  }
}

variable "agent_id" {
  type        = string
  description = "The ID of a Coder agent."
}

variable "wizard_version" {
  type        = string
  description = "The version of mux-bridge-wizard on npm."
  default     = "0.1.0" # the version of mux-bridge-wizard

  validation {
    condition     = can(regex("^[0-9A-Za-z.-]+$", var.wizard_version))
    error_message = "The version can have letters, digits, dots, and dashes."
  }
}

variable "provider_ids" {
  type        = list(string)
  description = "The providers that Mux should use through AI Bridge: openai, anthropic, openai=NAME, anthropic=NAME or NAME. By default openai and anthropic."
  default     = []

  validation {
    condition     = alltrue([for id in var.provider_ids : can(regex("^[0-9a-z-]+(=[0-9a-z-]+)?$", id))])
    error_message = "A provider has lowercase letters, digits, and dashes, such as openai or anthropic=bedrock."
  }
}

variable "fix_conflicts" {
  type        = bool
  description = "Also fix what keeps Mux from using AI Bridge, such as a gateway that comes first."
  default     = false
}

variable "node_timeout" {
  type        = number
  description = "How many seconds to wait for Node.js if the image has none: the coder/mux module downloads it."
  default     = 120
}

resource "coder_script" "mux_bridge_wizard" {
  agent_id           = var.agent_id
  display_name       = "Mux through AI Bridge"
  icon               = "/icon/mux.svg"
  run_on_start       = true
  start_blocks_login = false

  script = templatefile("${path.module}/run.sh", {
    VERSION      = var.wizard_version
    ARGUMENTS    = join(" ", concat([for id in var.provider_ids : "--provider ${id}"], var.fix_conflicts ? ["--fix"] : []))
    NODE_TIMEOUT = floor(var.node_timeout)
  })
}
