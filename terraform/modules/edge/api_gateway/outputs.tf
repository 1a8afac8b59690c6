output "url" {
  description = "The gateway's address; null as long as a gateway that streams has not been imported."
  value       = one([for gateway in google_api_gateway_gateway.this : "https://${gateway.default_hostname}"])
}

output "streaming_command" {
  description = "With streaming: the one command that creates the gateway. Null without."
  value = !var.streaming ? null : join(" ", [
    "gcloud api-gateway gateways create ${var.name}",
    "--project=${var.project_id}",
    "--location=${var.region}",
    "--api=${google_api_gateway_api.this.api_id}",
    "--api-config=${google_api_gateway_api_config.this.api_config_id}",
    "--enable-streaming",
  ])
}

output "import_id" {
  description = "What the root's import block has as id; null where nothing is to be imported."
  value       = var.streaming && var.import_gateway ? "projects/${var.project_id}/locations/${var.region}/gateways/${var.name}" : null
}

output "invoker_members" {
  description = "Who may invoke the services: the gateway's account."
  value       = distinct([for binding in google_cloud_run_v2_service_iam_member.gateway : binding.member])
}

output "service_account" {
  description = "The gateway's account. Whoever applies this needs roles/iam.serviceAccountUser on it."
  value       = google_service_account.gateway.email
}

output "quota_per_minute" {
  description = "How many requests a minute an API key may make, as the document says; null without a quota."
  value       = local.quota
}

output "api_key" {
  description = "Where there is a quota: what pages send as x-api-key. No secret, but not for a log either."
  value       = one(google_apikeys_key.pages[*].key_string)
  sensitive   = true
}
