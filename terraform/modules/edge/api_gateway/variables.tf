variable "project_id" {
  description = "The project of the gateway and of the two services."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the gateway stands. API Gateway is not in every region; it needs not be that of the services."
  type        = string
  nullable    = false
}

variable "name" {
  description = "What the names of all resources begin with."
  type        = string
  default     = "byot"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name has 3 to 20 small letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "services" {
  description = "The two Cloud Run services, as the module `service` gives them."
  type = object({
    keys = object({ name = string, url = string, location = string })
    ai   = object({ name = string, url = string, location = string })
  })
  nullable = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("^https://[A-Za-z0-9.-]+$", service.url))])
    error_message = "A service's url is https:// and its host, with no path: it is the audience of the gateway's token too."
  }
}

variable "firebase_project" {
  description = "The project whose Firebase tokens the gateway takes, where its document has it look at them. Null: project_id."
  type        = string
  default     = null
}

variable "document" {
  description = "What `byot openapi --gateway` printed with options of your own (`--deadline`, `--quota`, `--user-auth`), as a string. Null: [openapi.json](openapi.json), which it prints without any."
  type        = string
  default     = null

  validation {
    condition     = var.document == null || can(jsondecode(var.document).paths)
    error_message = "document is an OpenAPI document in JSON, as `byot openapi --gateway` prints it."
  }
}

variable "deadline_seconds" {
  description = "How long the edge waits for a whole answer of a flow. It stands in the document; here it is checked against it."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.deadline_seconds >= 1 && var.deadline_seconds <= 3600
    error_message = "deadline_seconds lies between 1 and 3600, which is the most that API Gateway takes."
  }
}

variable "streaming" {
  description = "Whether the gateway passes answers on as they come. Such a gateway is created by the command in the output `streaming_command` and then imported, since the provider cannot create one. False: Terraform creates a gateway that holds each answer back until it is whole."
  type        = bool
  default     = true
  nullable    = false
}

variable "import_gateway" {
  description = "With streaming: whether the gateway has been created, so that Terraform takes it over by the root's import block. Leave it true from then on."
  type        = bool
  default     = false
  nullable    = false
}

variable "allowed_referrers" {
  description = "Where the document has a quota: the pages that may send the API key, such as `https://app.example.com/*`. Empty: any."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "labels" {
  description = "Labels of everything that takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
