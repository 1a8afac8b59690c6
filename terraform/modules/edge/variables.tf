variable "project_id" {
  description = "The project of the edge and of the two services."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where an API gateway stands; the other edges have no place of their own."
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

variable "kind" {
  description = "Which edge: `load_balancer`, `api_gateway` or `direct`."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["load_balancer", "api_gateway", "direct"], var.kind)
    error_message = "kind is one of load_balancer, api_gateway and direct, not \"${var.kind}\"."
  }
}

variable "services" {
  description = "The two Cloud Run services, as the module `service` gives them."
  type = object({
    keys = object({ name = string, url = string, location = string })
    ai   = object({ name = string, url = string, location = string })
  })
  nullable = false
}

variable "deadline_seconds" {
  description = "How long the edge waits for a whole answer. Not below BYOT_REQUEST_TIMEOUT, nor above Cloud Run's timeout. Only an API gateway has a deadline of its own; the others wait for Cloud Run."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.deadline_seconds >= 1 && var.deadline_seconds <= 3600
    error_message = "deadline_seconds lies between 1 and 3600, which is the most that Cloud Run waits."
  }
}

variable "domains" {
  description = "For a load balancer: the names under which browsers reach it. The first is the one in `urls`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = (var.kind == "load_balancer") == (length(var.domains) > 0)
    error_message = "A load balancer needs at least one domain; the other edges have addresses of their own and take none."
  }
}

variable "load_balancer" {
  description = "What else a load balancer is told; see [its inputs](load_balancer)."
  type = object({
    rate_limit = optional(object({
      requests_per_minute = optional(number, 600)
      ban_seconds         = optional(number, 300)
    }), {})
    denied_ranges       = optional(list(string), [])
    allowed_ranges      = optional(list(string), [])
    preview             = optional(bool, false)
    adaptive_protection = optional(bool, false)
    log_sample_rate     = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "api_gateway" {
  description = "What else an API gateway is told; see [its inputs](api_gateway)."
  type = object({
    document          = optional(string)
    firebase_project  = optional(string)
    streaming         = optional(bool, true)
    import_gateway    = optional(bool, false)
    allowed_referrers = optional(list(string), [])
  })
  default  = {}
  nullable = false
}

variable "labels" {
  description = "Labels of everything that takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
