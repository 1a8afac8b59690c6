variable "environment" {
  description = "Which environment this is; part of names and labels."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment is dev, staging or prod."
  }
}

variable "project_id" {
  description = "Google Cloud project that everything is made in. One project an environment keeps their keys, rights and bills apart."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen."
  }
}

variable "region" {
  description = "Region of the services, the registry and the gateway."
  type        = string
  default     = "europe-west1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like europe-west1."
  }
}

variable "database" {
  description = "Name of the Firestore database; another one after data were restored into it."
  type        = string
  default     = "byot"
  nullable    = false
}

variable "firestore_location" {
  description = "Location of the Firestore database: a region, or a multi-region such as eur3. It can't be changed later."
  type        = string
  default     = "eur3"
  nullable    = false
}

variable "image" {
  description = "Image that the services begin with, with its digest; afterwards the pipeline owns it, and a change here changes nothing."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest (…@sha256:…): a tag may point to something else tomorrow."
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
}

variable "firebase_project" {
  description = "Firebase project whose users these are; the project itself unless it is given."
  type        = string
  default     = null
}

variable "allowed_origins" {
  description = "Origins of the pages that may call, each a scheme and a host (and a port)."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "edge" {
  description = "The entry point: `load_balancer`, `api_gateway` or `direct`, and what each may be told; [modules/edge](modules/edge/README.md) compares them."
  type = object({
    kind    = string
    domains = optional(list(string), [])
    load_balancer = optional(object({
      rate_limit = optional(object({
        requests_per_minute = optional(number, 600)
        ban_seconds         = optional(number, 300)
      }), {})
      denied_ranges       = optional(list(string), [])
      allowed_ranges      = optional(list(string), [])
      preview             = optional(bool, false)
      adaptive_protection = optional(bool, false)
      log_sample_rate     = optional(number, 1)
    }), {})
    api_gateway = optional(object({
      document          = optional(string)
      streaming         = optional(bool, true)
      import_gateway    = optional(bool, false)
      allowed_referrers = optional(list(string), [])
    }), {})
  })
  nullable = false

  validation {
    condition     = contains(["load_balancer", "api_gateway", "direct"], var.edge.kind)
    error_message = "The edge is load_balancer, api_gateway or direct, not \"${var.edge.kind}\"."
  }
}

variable "request_timeout_seconds" {
  description = "Longest AI request (BYOT_REQUEST_TIMEOUT)."
  type        = number
  default     = 870
  nullable    = false

  validation {
    condition     = var.request_timeout_seconds >= 10 && var.request_timeout_seconds <= var.edge_deadline_seconds
    error_message = "A request lasts at least 10 s and at most as long as the edge waits (edge_deadline_seconds = ${var.edge_deadline_seconds}): byot ends it with an event that clients understand, the edge would cut it."
  }
}

variable "edge_deadline_seconds" {
  description = "How long the edge waits for a whole answer. Cloud Run waits as long and 30 s more, 3600 s at the most."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.edge_deadline_seconds >= 10 && var.edge_deadline_seconds <= 3600
    error_message = "The edge waits 10 to 3600 s: Cloud Run and API Gateway end an answer at 3600 s."
  }
}

variable "capacity" {
  description = "Instances (the most is the cap on cost), concurrent requests of an instance and its size, for each role."
  type = object({
    keys = object({ min_instances = number, max_instances = number, concurrency = number, cpu = string, memory = string })
    ai   = object({ min_instances = number, max_instances = number, concurrency = number, cpu = string, memory = string })
  })
  nullable = false
}

variable "limits" {
  description = "Limits of a user and of a client address on one instance (BYOT_RATE_PER_USER, BYOT_RATE_PER_IP, BYOT_STREAMS_PER_USER)."
  type = object({
    rate_per_user    = optional(string, "60/m")
    rate_per_ip      = optional(string, "300/m")
    streams_per_user = optional(number, 8)
  })
  default  = {}
  nullable = false
}

variable "keyrings" {
  description = "Contents of the keyring files that `byot keyring new --split` wrote: FILE.keys and FILE.ai, and FILE itself for the operator's rotation job. They go to Secret Manager and into no state and no plan. Needed only when `keyring_version` is raised."
  type = object({
    keys  = string
    ai    = string
    whole = string
  })
  ephemeral = true
  sensitive = true
  default   = null
}

variable "keyring_version" {
  description = "Raise it by one at each step of a rotation that changes the files: only then are they written."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.keyring_version >= 1 && floor(var.keyring_version) == var.keyring_version
    error_message = "The version is a whole number from 1."
  }
}

variable "operators" {
  description = "Who rotates the keyring, as user:… or group:…: they may read the whole keyring, which is to be able to open every stored key. Empty: project owners alone."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "byot_environment" {
  description = "More variables of byot's for both services, such as BYOT_PROVIDERS or BYOT_LOG_LEVEL."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "protected" {
  description = "Whether the services, the database and the secrets refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "backups" {
  description = "Point-in-time recovery (7 days), and how long a daily and a weekly backup is kept; 0 for none."
  type = object({
    point_in_time_recovery = optional(bool, true)
    daily_days             = optional(number, 7)
    weekly_weeks           = optional(number, 8)
  })
  default  = {}
  nullable = false
}

variable "alert_emails" {
  description = "Who is told, by a short name."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "budget" {
  description = "Monthly budget of the project; null for none."
  type = object({
    billing_account = string
    amount          = number
    currency        = optional(string, "EUR")
  })
  default = null
}

variable "pipeline" {
  description = "The repository that deploys (null for none): `owner/name`, and the numbers that GitHub gave it and its owner, which stay when a name is taken by another (`gh api repos/OWNER/NAME --jq '.id, .owner.id'`). `applies` lets jobs of a protected environment apply; `state_bucket` where it is not PROJECT-terraform."
  type = object({
    repository    = string
    repository_id = string
    owner_id      = string
    refs          = optional(list(string), ["refs/heads/main"])
    applies       = optional(bool, false)
    state_bucket  = optional(string)
  })
  default = null
}
