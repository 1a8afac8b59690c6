output "urls" {
  description = "Where the two roles are called: the same address twice, but for the direct edge."
  value       = module.edge.urls
}

output "edge" {
  description = "What the chosen edge sets: token field, hops, ingress, deadline."
  value       = module.edge_settings.this
}

output "dns_records" {
  description = "For a load balancer: the records to make in DNS, the domains' own and the certificate's."
  value       = module.edge.dns_records
}

output "streaming_command" {
  description = "For a gateway that streams: the one command that creates it, to be run before `import_gateway` is set."
  value       = module.edge.streaming_command
}

output "api_key" {
  description = "For a gateway with a quota: what pages send as x-api-key."
  value       = module.edge.api_key
  sensitive   = true
}

output "store" {
  description = "BYOT_STORE, for `byot rewrap` and `byot keyring remove`."
  value       = module.data.store
}

output "read_keyrings" {
  description = "How an operator fetches the three keyring files for a rotation."
  value       = module.secrets.read_keyrings
}

output "services" {
  description = "Names, addresses and accounts of the two services."
  value       = local.services
}

output "pipeline" {
  description = "What the repository's variables are set to (modules/pipeline/README.md); null without a pipeline."
  value       = one(module.pipeline)
}
