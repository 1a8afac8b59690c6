variable "project_id" {
  description = "The project of the services, and of what watches them."
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

variable "urls" {
  description = "Where browsers reach each role: `urls` of the edge. What is null is not asked, as before a gateway that streams is imported."
  type = object({
    keys = string
    ai   = string
  })
  nullable = false

  validation {
    condition     = alltrue([for url in values(var.urls) : url == null || can(regex("^https://[A-Za-z0-9.-]+$", url))])
    error_message = "urls are https:// and a host, with no port and no path."
  }
}

variable "checked_roles" {
  description = "The roles that are asked for their health. One address before both has role `keys` behind /health/ready; with the edge `direct`, ask `ai` too."
  type        = set(string)
  default     = ["keys"]
  nullable    = false

  validation {
    condition     = alltrue([for role in var.checked_roles : contains(["keys", "ai"], role)])
    error_message = "checked_roles has keys, ai, both or neither."
  }
}

variable "services" {
  description = "The names of the two Cloud Run services whose errors are counted."
  type = object({
    keys = string
    ai   = string
  })
  nullable = false

  validation {
    condition     = alltrue([for service in values(var.services) : can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", service))])
    error_message = "services are names of Cloud Run services: small letters, digits and hyphens."
  }
}

variable "emails" {
  description = "Who is told: the address by what the channel is called."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for address in values(var.emails) : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "emails are addresses such as operator@example.com."
  }
}

variable "pubsub_topic" {
  description = "A Pub/Sub topic that is told too, as projects/PROJECT/topics/TOPIC: from there it goes to a chat or a pager. Cloud Monitoring's own account needs roles/pubsub.publisher on it."
  type        = string
  default     = null

  validation {
    condition     = var.pubsub_topic == null || can(regex("^projects/[^/]+/topics/[^/]+$", var.pubsub_topic))
    error_message = "pubsub_topic has the form projects/PROJECT/topics/TOPIC."
  }
}

variable "more_channels" {
  description = "Notification channels that exist already, as projects/PROJECT/notificationChannels/NUMBER."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.more_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "more_channels have the form projects/PROJECT/notificationChannels/NUMBER."
  }
}

variable "check_period_seconds" {
  description = "How often each region asks."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = contains([60, 300, 600, 900], var.check_period_seconds)
    error_message = "check_period_seconds is one of 60, 300, 600 and 900."
  }
}

variable "check_regions" {
  description = "From where the service is asked: three at least. Every one of them costs a request a period, and keeps an instance awake."
  type        = list(string)
  default     = ["EUROPE", "USA_VIRGINIA", "ASIA_PACIFIC"]
  nullable    = false

  validation {
    condition     = length(distinct(var.check_regions)) >= 3 && alltrue([for region in var.check_regions : contains(["USA_OREGON", "USA_IOWA", "USA_VIRGINIA", "EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC"], region)])
    error_message = "check_regions has at least three of USA_OREGON, USA_IOWA, USA_VIRGINIA, EUROPE, SOUTH_AMERICA and ASIA_PACIFIC."
  }
}

variable "errors_in_five_minutes" {
  description = "More errors than this within five minutes are told. 0: each one is."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.errors_in_five_minutes >= 0 && floor(var.errors_in_five_minutes) == var.errors_in_five_minutes
    error_message = "errors_in_five_minutes is a whole number, 0 or more."
  }
}

variable "labels" {
  description = "Labels of everything that takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
