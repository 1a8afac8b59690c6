locals {
  # One address before both roles, where there is one.
  url = var.kind == "load_balancer" ? one(module.load_balancer[*].url) : one(module.api_gateway[*].url)
}

output "kind" {
  description = "Which edge this is."
  value       = var.kind
}

output "settings" {
  description = "What this edge asks of the services; see [settings](settings)."
  value       = module.settings.this
}

# trimsuffix() says that a url is not null before it is known, so that the first plan can count what depends on it.
output "urls" {
  description = "Where browsers reach each role: the same address twice behind a load balancer or a gateway, null as long as a gateway that streams has not been imported."
  value = {
    keys = var.kind == "direct" ? trimsuffix(var.services.keys.url, "/") : local.url
    ai   = var.kind == "direct" ? trimsuffix(var.services.ai.url, "/") : local.url
  }
}

output "invoker_members" {
  description = "Who may invoke the services."
  value       = one(concat(module.load_balancer[*].invoker_members, module.api_gateway[*].invoker_members, module.direct[*].invoker_members))
}

output "dns_records" {
  description = "For a load balancer: the records to make in DNS."
  value       = flatten(module.load_balancer[*].dns_records)
}

output "addresses" {
  description = "For a load balancer: its addresses, by IP version."
  value       = one(module.load_balancer[*].addresses)
}

output "security_policy" {
  description = "For a load balancer: the Cloud Armor policy's name."
  value       = one(module.load_balancer[*].security_policy)
}

output "rate_limit" {
  description = "For a load balancer: what an address is held to."
  value       = one(module.load_balancer[*].rate_limit)
}

output "streaming_command" {
  description = "For an API gateway that streams: the one command that creates it."
  value       = one(module.api_gateway[*].streaming_command)
}

output "import_id" {
  description = "For an API gateway that streams and has been created: the id for the root's import block."
  value       = one(module.api_gateway[*].import_id)
}

output "gateway_service_account" {
  description = "For an API gateway: its account."
  value       = one(module.api_gateway[*].service_account)
}

output "quota_per_minute" {
  description = "For an API gateway with a quota: how many requests a minute an API key may make."
  value       = one(module.api_gateway[*].quota_per_minute)
}

output "api_key" {
  description = "For an API gateway with a quota: what pages send as x-api-key."
  value       = one(module.api_gateway[*].api_key)
  sensitive   = true
}
