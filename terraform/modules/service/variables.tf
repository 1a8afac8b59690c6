variable "project_id" {
  description = "The project of the services."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the services stand."
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

variable "image" {
  description = "Image that the services begin with, by its digest. Afterwards the pipeline owns it, and a change here changes nothing."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest (…@sha256:…): a tag may point to something else tomorrow."
  }
}

variable "edge" {
  description = "What the edge asks of the services: `this` of the module edge/settings."
  type = object({
    token_field  = string
    trusted_hops = number
    ingress      = string
  })
  nullable = false
}

variable "store" {
  description = "BYOT_STORE, `firestore:PROJECT/DATABASE`: `store` of the module data. The services may use that database alone."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^firestore:[a-z0-9-]+/[a-z0-9-]+$", var.store))
    error_message = "store is firestore:PROJECT/DATABASE: several instances can't share an SQLite file."
  }
}

variable "keyrings" {
  description = "The secrets with the keyring of each role, in the same project: `keys` and `ai` of the module secrets."
  type = object({
    keys = object({ secret_id = string })
    ai   = object({ secret_id = string })
  })
  nullable = false
}

variable "keyring_refresh_seconds" {
  description = "How often an instance reads its keyring again (BYOT_KEYRING_REFRESH). Each time is an access to Secret Manager, 0.13 USD a month and instance at 60 s."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.keyring_refresh_seconds >= 5 && var.keyring_refresh_seconds <= 3600
    error_message = "keyring_refresh_seconds lies between 5 and 3600."
  }
}

variable "genkit" {
  description = "The Genkit server: its base address; `audience`, when it is a private Cloud Run service (its address again); `service`, its name and place, when the ai service is to be allowed to call it."
  type = object({
    url      = string
    audience = optional(string, "")
    service = optional(object({
      name     = string
      location = string
      project  = optional(string)
    }))
  })
  nullable = false

  validation {
    condition     = can(regex("^https://[^/?#]+(/[^?#]*)?$", var.genkit.url))
    error_message = "genkit.url is https:// and a host, with a path prefix where there is one: users' keys go there."
  }
  validation {
    condition     = var.genkit.service == null || var.genkit.audience != ""
    error_message = "A private Genkit service takes calls with a token for it alone: set genkit.audience, usually to the same address."
  }
}

variable "firebase_project" {
  description = "Firebase project whose users these are. Null: project_id."
  type        = string
  default     = null

  validation {
    condition     = var.firebase_project == null || can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.firebase_project))
    error_message = "firebase_project is a project id, of lower-case letters, digits and hyphens; not the project's name."
  }
}

variable "allowed_origins" {
  description = "Origins of the pages that may call, each a scheme, a host and a port where there is one."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https?://[a-z0-9.:\\[\\]-]+$", origin))])
    error_message = "An origin is a scheme and a host in small letters, such as https://app.example.com: no path, no slash at the end, no *."
  }
}

variable "limits" {
  description = "Limits of a user and of a client address on one instance: BYOT_RATE_PER_USER, BYOT_RATE_PER_IP, BYOT_STREAMS_PER_USER."
  type = object({
    rate_per_user    = optional(string, "60/m")
    rate_per_ip      = optional(string, "300/m")
    streams_per_user = optional(number, 8)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for rate in [var.limits.rate_per_user, var.limits.rate_per_ip] : can(regex("^([1-9][0-9]*/[smh]|off)$", rate))])
    error_message = "A rate is N/s, N/m, N/h or off."
  }
}

variable "capacity" {
  description = "For each role: the fewest and the most instances (the most is what caps the cost), how many requests an instance takes at once, and its size."
  type = object({
    keys = object({ min_instances = number, max_instances = number, concurrency = number, cpu = string, memory = string })
    ai   = object({ min_instances = number, max_instances = number, concurrency = number, cpu = string, memory = string })
  })
  default = {
    keys = { min_instances = 0, max_instances = 2, concurrency = 80, cpu = "1", memory = "512Mi" }
    ai   = { min_instances = 0, max_instances = 4, concurrency = 250, cpu = "1", memory = "512Mi" }
  }
  nullable = false

  validation {
    condition     = alltrue([for role in values(var.capacity) : role.min_instances >= 0 && role.min_instances <= role.max_instances && role.max_instances >= 1 && role.max_instances <= 1000])
    error_message = "max_instances is 1 to 1000 and no less than min_instances: without a bound, nothing bounds the cost."
  }
  validation {
    condition     = alltrue([for role in values(var.capacity) : role.concurrency >= 1 && role.concurrency <= 1000])
    error_message = "concurrency is 1 to 1000, the most that Cloud Run allows."
  }
  validation {
    condition     = alltrue([for role in values(var.capacity) : contains(["1", "2", "4", "6", "8"], role.cpu)])
    error_message = "cpu is 1, 2, 4, 6 or 8: below one whole CPU Cloud Run gives one request at a time."
  }
  validation {
    condition     = alltrue([for role in values(var.capacity) : can(regex("^[1-9][0-9]*(Mi|Gi)$", role.memory))])
    error_message = "memory is such as 512Mi or 1Gi; Cloud Run's second generation takes 512Mi at least."
  }
}

variable "cpu_idle" {
  description = "Whether an instance has CPU, and is paid for it, only while it has a request. False: always, which lets it refresh certificates and keyrings between requests too."
  type        = bool
  default     = true
  nullable    = false
}

variable "request_timeout_seconds" {
  description = "Longest AI request (BYOT_REQUEST_TIMEOUT)."
  type        = number
  default     = 870
  nullable    = false

  validation {
    condition     = var.request_timeout_seconds >= 10 && var.request_timeout_seconds <= var.edge_deadline_seconds
    error_message = "A request lasts at least 10 s and at most as long as the edge waits (edge_deadline_seconds): byot ends it with an event that clients understand, the edge would cut it."
  }
}

variable "edge_deadline_seconds" {
  description = "How long the edge waits for a whole answer. Cloud Run waits as long and 30 s more, 3600 s at the most."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.edge_deadline_seconds >= 10 && var.edge_deadline_seconds <= 3600
    error_message = "The edge waits 10 to 3600 s: Cloud Run ends an answer at 3600 s."
  }
}

variable "environment" {
  description = "More variables of byot's, of both roles, such as BYOT_PROVIDERS or BYOT_LOG_LEVEL. Not those that this module sets. `byot config-reference` lists them: an unknown one keeps the revision from starting."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = length(setintersection(keys(var.environment), [
      "PORT", "K_SERVICE", "GOOGLE_CLOUD_PROJECT", "BYOT_ROLE", "BYOT_STORE", "BYOT_KEYRING", "BYOT_KEYRING_REFRESH", "BYOT_TOKEN_FIELD", "BYOT_TRUSTED_HOPS",
      "BYOT_FIREBASE_PROJECT", "BYOT_ALLOWED_ORIGINS", "BYOT_RATE_PER_USER", "BYOT_RATE_PER_IP", "BYOT_ADMIN_PORT",
      "BYOT_GENKIT_URL", "BYOT_GENKIT_AUDIENCE", "BYOT_STREAMS_PER_USER", "BYOT_REQUEST_TIMEOUT",
    ])) == 0
    error_message = "One of these variables is set by this module: use the input that stands for it."
  }
  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^(BYOT|OTEL)_[A-Z0-9_]+$", name))])
    error_message = "The variables are byot's own, BYOT_…, or OpenTelemetry's, OTEL_…."
  }
}

variable "protected" {
  description = "Whether the services refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "Labels of everything that takes labels."
  type        = map(string)
  default     = {}
  nullable    = false
}
