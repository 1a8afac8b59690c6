variable "kind" {
  description = "Which edge stands before the two services: `load_balancer`, `api_gateway` or `direct`."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["load_balancer", "api_gateway", "direct"], var.kind)
    error_message = "kind is one of load_balancer, api_gateway and direct, not \"${var.kind}\"."
  }
}
