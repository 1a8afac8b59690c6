variable "project_id" {
  description = "The project of the two services."
  type        = string
  nullable    = false
}

variable "services" {
  description = "The two Cloud Run services, as the module `service` gives them."
  type = object({
    keys = object({ name = string, location = string })
    ai   = object({ name = string, location = string })
  })
  nullable = false
}
