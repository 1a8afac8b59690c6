variable "project_id" {
  description = "The project that the secrets are in; best that of the services and of nothing else."
  type        = string
  nullable    = false
}

variable "name_prefix" {
  description = "What the secrets' names begin with."
  type        = string
  default     = "byot"
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,99}$", var.name_prefix))
    error_message = "A secret's name has letters, digits, - and _, and begins with a letter."
  }
}

variable "locations" {
  description = "Regions that hold the secrets, where the law or a contract says which. Empty: Google chooses, and they outlast the loss of a region."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for location in var.locations : can(regex("^[a-z]+-[a-z]+[0-9]+$", location))])
    error_message = "A location is a region, such as europe-west1."
  }
}

variable "keyrings" {
  description = "What is in the files that `byot keyring` wrote: `keys` in FILE.keys, `ai` in FILE.ai, `whole` in FILE. They get into no state and no plan. Needed only where `keyring_version` is raised."
  type = object({
    keys  = string
    ai    = string
    whole = string
  })
  ephemeral = true
  sensitive = true
  default   = null

  validation {
    condition = var.keyrings == null ? true : alltrue([
      for text in [var.keyrings.keys, var.keyrings.ai, var.keyrings.whole] :
      try(jsondecode(text).version == 1 && length(jsondecode(text).entries) > 0, false)
    ])
    error_message = "Each of keyrings is what is in a keyring file of byot: JSON with version 1 and an entry at least. Not the file's name."
  }
  validation {
    condition     = var.keyrings == null ? true : try(alltrue([for entry in jsondecode(var.keyrings.keys).entries : !can(entry.boxSecret) && can(entry.signSecret)]), false)
    error_message = "keyrings.keys is FILE.keys of `byot keyring`: with signSecret and without boxSecret in each entry. With a boxSecret, the service that takes keys could open all of them."
  }
  validation {
    condition     = var.keyrings == null ? true : try(alltrue([for entry in jsondecode(var.keyrings.ai).entries : !can(entry.signSecret) && can(entry.boxSecret)]), false)
    error_message = "keyrings.ai is FILE.ai of `byot keyring`: with boxSecret and without signSecret in each entry. With a signSecret, the service that opens keys could write some that would be believed."
  }
  validation {
    condition     = var.keyrings == null ? true : try(alltrue([for entry in jsondecode(var.keyrings.whole).entries : can(entry.signSecret) && can(entry.boxSecret)]), false)
    error_message = "keyrings.whole is FILE itself, with boxSecret and signSecret in each entry: rewrap opens and signs."
  }
  validation {
    condition = var.keyrings == null ? true : try(length(distinct([
      for text in [var.keyrings.keys, var.keyrings.ai, var.keyrings.whole] :
      join(",", sort([for entry in jsondecode(text).entries : entry.id]))
    ])) == 1, false)
    error_message = "The three files of keyrings have the same entries: they were written by one `byot keyring` command. Give all three again after each."
  }
}

variable "keyring_version" {
  description = "Raise it by one wherever the files have changed, at each step of a rotation: only then are they written, all three as new versions."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.keyring_version >= 1 && floor(var.keyring_version) == var.keyring_version
    error_message = "keyring_version is a whole number from 1."
  }
}

variable "operators" {
  description = "Who rotates, as user:… or group:…: they may read the whole keyring, which is to be able to open every stored key. Empty: project owners alone can."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.operators : can(regex("^(user|group):[^ ]+@[^ ]+$", member))])
    error_message = "An operator is a person: user:… or group:…. No service's account may read the whole keyring, nor everyone."
  }
}

variable "accessors" {
  description = "Who else may read a role's keyring, beside the service that the module service lets read it."
  type        = object({ keys = optional(list(string), []), ai = optional(list(string), []) })
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection(var.accessors.keys, var.accessors.ai)) == 0
    error_message = "Who reads the keyrings of both roles has the whole one: that is what the roles are there to prevent."
  }
  validation {
    condition     = alltrue([for member in concat(var.accessors.keys, var.accessors.ai) : can(regex("^(user|group|serviceAccount):[^ ]+@[^ ]+$", member))])
    error_message = "An accessor is user:…, group:… or serviceAccount:…, never everyone."
  }
}

variable "protected" {
  description = "Whether the secrets refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "Labels of the secrets."
  type        = map(string)
  default     = {}
  nullable    = false
}
