variable "project_id" {
  description = "The project of the balancer and of the two services."
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
    keys = object({ name = string, location = string })
    ai   = object({ name = string, location = string })
  })
  nullable = false
}

variable "domains" {
  description = "The names under which browsers reach the service; each has a certificate. The first is the one that `url` has."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.domains) > 0 && length(var.domains) == length(distinct(var.domains))
    error_message = "domains has at least one name, and each name once."
  }
  validation {
    condition     = alltrue([for domain in var.domains : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", domain))])
    error_message = "domains are full names in small letters such as api.example.com: no scheme, port, path or wildcard."
  }
}

variable "rate_limit" {
  description = "How many requests a minute an address may make of each of the two services before it is answered 429, and for how many seconds an address is banned that makes three times as many (0: never). Above byot's own limit of 300 a minute, so that byot's answers, which pages can read, come first."
  type = object({
    requests_per_minute = optional(number, 600)
    ban_seconds         = optional(number, 300)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.rate_limit.requests_per_minute >= 10 && var.rate_limit.requests_per_minute <= 10000 && floor(var.rate_limit.requests_per_minute) == var.rate_limit.requests_per_minute
    error_message = "requests_per_minute is a whole number from 10 to 10000: Cloud Armor takes no more in a rule that bans."
  }
  validation {
    condition     = contains([0, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600], var.rate_limit.ban_seconds)
    error_message = "ban_seconds is 0 for no ban, or one of 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700 and 3600."
  }
}

variable "denied_ranges" {
  description = "Addresses that are answered 403, as CIDR ranges."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.denied_ranges : can(cidrhost(range, 0))])
    error_message = "denied_ranges are CIDR ranges such as 203.0.113.0/24 or 2001:db8::/32."
  }
  validation {
    condition     = length(var.denied_ranges) <= 100
    error_message = "denied_ranges has at most 100 entries: each ten are one rule, which is paid for."
  }
}

variable "allowed_ranges" {
  description = "If not empty, only these addresses get through, still within the rate limit; all others are answered 403. For an environment that is not public."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for range in var.allowed_ranges : can(cidrhost(range, 0))])
    error_message = "allowed_ranges are CIDR ranges such as 203.0.113.0/24 or 2001:db8::/32."
  }
  validation {
    condition     = length(var.allowed_ranges) <= 10
    error_message = "allowed_ranges has at most ten entries: the rule that counts has no room for more."
  }
}

variable "preview" {
  description = "Whether Cloud Armor only logs what it would have refused. To watch new limits in an environment with real traffic; protects nothing."
  type        = bool
  default     = false
  nullable    = false
}

variable "adaptive_protection" {
  description = "Whether Cloud Armor looks for floods by itself. It tells in the log; what it says in full needs Cloud Armor Enterprise."
  type        = bool
  default     = false
  nullable    = false
}

variable "log_sample_rate" {
  description = "The part of requests that the balancer logs, from 0 to 1. Refusals of Cloud Armor are seen in this log alone."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.log_sample_rate >= 0 && var.log_sample_rate <= 1
    error_message = "log_sample_rate lies between 0 and 1."
  }
}

variable "labels" {
  description = "Labels of everything that takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
