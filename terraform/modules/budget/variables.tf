variable "project_id" {
  description = "The project whose cost is watched."
  type        = string
  nullable    = false
}

variable "name" {
  description = "What the budget is called."
  type        = string
  default     = "byot"
  nullable    = false

  validation {
    condition     = length(var.name) >= 1 && length(var.name) <= 60
    error_message = "name has 1 to 60 characters."
  }
}

variable "billing_account" {
  description = "The account that pays, as 012345-6789AB-CDEF01. Whoever applies this needs roles/billing.costsManager on it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account has the form 012345-6789AB-CDEF01, without billingAccounts/ before it."
  }
}

variable "amount" {
  description = "How much a month may cost, in whole units of the currency."
  type        = number
  nullable    = false

  validation {
    condition     = var.amount >= 1 && floor(var.amount) == var.amount
    error_message = "amount is a whole number, 1 or more."
  }
}

variable "currency" {
  description = "The billing account's own currency, such as EUR: Google refuses another. Null: whatever it is."
  type        = string
  default     = null

  validation {
    condition     = var.currency == null || can(regex("^[A-Z]{3}$", var.currency))
    error_message = "currency has three capital letters (ISO 4217)."
  }
}

variable "count_credits" {
  description = "Whether credits are taken off first, so that the budget has what is paid in the end. False: what is used, which a trial's credits do not hide."
  type        = bool
  default     = false
  nullable    = false
}

variable "notification_channels" {
  description = "Notification channels that are told, at most five: `notification_channels` of the module monitoring."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.notification_channels) <= 5
    error_message = "A budget takes at most five channels."
  }
}

variable "tell_billing_administrators" {
  description = "Whether the billing account's administrators and users get a mail too."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.tell_billing_administrators || length(var.notification_channels) > 0 || var.pubsub_topic != null
    error_message = "Nobody would be told: name a channel or a topic, or leave the administrators in."
  }
}

variable "pubsub_topic" {
  description = "A Pub/Sub topic that gets the state of the budget several times a day, as projects/PROJECT/topics/TOPIC: for a function that acts. Cloud Billing's own account needs roles/pubsub.publisher on it."
  type        = string
  default     = null

  validation {
    condition     = var.pubsub_topic == null || can(regex("^projects/[^/]+/topics/[^/]+$", var.pubsub_topic))
    error_message = "pubsub_topic has the form projects/PROJECT/topics/TOPIC."
  }
}
