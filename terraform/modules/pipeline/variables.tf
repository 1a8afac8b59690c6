variable "project_id" {
  description = "Google Cloud project that holds the registry, the pool and the accounts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "region" {
  description = "Region of the registry: that of the services, so that a new instance fetches its image from near by."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like europe-west1."
  }
}

variable "name" {
  description = "Name of the registry and of the image in it; the accounts' names begin with it."
  type        = string
  default     = "byot"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "The name has 3 to 20 lower-case letters, digits and hyphens, and begins with a letter: accounts are named NAME-deployer."
  }
}

variable "environment" {
  description = "Which environment this is, and the name of the GitHub environment whose jobs may deploy to it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "An environment's name is of lower-case letters, digits and hyphens: it is compared with GitHub's to the letter."
  }
}

variable "repository" {
  description = "The repository on GitHub: `owner/name` for people to read, the two numbers that GitHub gave it and its owner, which no other can take over together with a name, and the refs whose workflows may push and deploy, each whole."
  type = object({
    repository    = string
    repository_id = string
    owner_id      = string
    refs          = optional(list(string), ["refs/heads/main"])
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository.repository))
    error_message = "The repository is named owner/name."
  }
  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.repository.repository_id)) && can(regex("^[1-9][0-9]*$", var.repository.owner_id))
    error_message = "repository_id and owner_id are numbers, as `gh api repos/OWNER/NAME --jq '.id, .owner.id'` prints them: a name can be given up and taken by somebody else."
  }
  validation {
    condition     = length(var.repository.refs) > 0 && alltrue([for ref in var.repository.refs : can(regex("^refs/(heads|tags)/[A-Za-z0-9][A-Za-z0-9._/-]*$", ref))])
    error_message = "Each ref is written whole and without wildcards, refs/heads/main say: whoever can push to a ref that is named here can deploy."
  }
}

variable "services" {
  description = "The two services as module service tells them: `name`, `location` and `service_account`, the account that each runs as."
  type = object({
    keys = object({ name = string, location = string, service_account = string })
    ai   = object({ name = string, location = string, service_account = string })
  })
  nullable = false
}

variable "state_bucket" {
  description = "Bucket of Terraform's state, which plans read; `PROJECT-terraform` unless it is given."
  type        = string
  default     = null
}

variable "applies" {
  description = "Whether jobs of the GitHub environment `ENVIRONMENT-terraform` may apply. Their account can give rights to itself and others, so it can do anything in the project: protect that environment by reviewers."
  type        = bool
  default     = false
  nullable    = false
}

variable "images_kept" {
  description = "How many of the newest images stay whatever their age; untagged ones go after a week, others after a year."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.images_kept >= 5 && floor(var.images_kept) == var.images_kept
    error_message = "Keep at least 5 images: going back takes the one before, and the one before that."
  }
}

variable "labels" {
  description = "Labels of the registry."
  type        = map(string)
  default     = {}
  nullable    = false
}
