variable "project_id" {
  description = "The project that the database is in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 small letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "location" {
  description = "Where the records are: a region, or a multi-region such as eur3 or nam5, which outlasts the loss of a region. It can't be changed later."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z]+-[a-z]+[0-9]+|[a-z]+[0-9])$", var.location))
    error_message = "A location is a region such as europe-west1, or eur3, nam5 or nam7."
  }
}

variable "database" {
  description = "The database's name. Its own one, so that a role on it is none on another's data; another name after a backup was restored into it."
  type        = string
  default     = "byot"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,61}[a-z0-9]$", var.database))
    error_message = "A database's name has 4 to 63 small letters, digits and hyphens, begins with a letter and does not end with a hyphen. (default) is not taken: others of the project use it."
  }
}

variable "backups" {
  description = "Point-in-time recovery (any minute of the last 7 days), and how long a daily and a weekly backup is kept; 0 for none."
  type = object({
    point_in_time_recovery = optional(bool, true)
    daily_days             = optional(number, 7)
    weekly_weeks           = optional(number, 8)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.backups.daily_days >= 0 && var.backups.daily_days <= 98 && floor(var.backups.daily_days) == var.backups.daily_days
    error_message = "daily_days is a whole number of days up to 98 (14 weeks, Firestore's most); 0 for no daily backup."
  }
  validation {
    condition     = var.backups.weekly_weeks >= 0 && var.backups.weekly_weeks <= 14 && floor(var.backups.weekly_weeks) == var.backups.weekly_weeks
    error_message = "weekly_weeks is a whole number of weeks up to 14, Firestore's most; 0 for no weekly backup."
  }
  validation {
    condition     = !var.protected || var.backups.point_in_time_recovery || var.backups.daily_days > 0
    error_message = "What is worth protecting is worth a backup: point-in-time recovery, or a daily one."
  }
}

variable "protected" {
  description = "Whether Firestore refuses to delete the database. False lets `terraform destroy` delete it with all records."
  type        = bool
  default     = true
  nullable    = false
}

# tflint-ignore: terraform_unused_declarations
variable "labels" {
  description = "Taken so that the call is that of the other modules; nothing that is made here takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
