locals {
  services = {
    for role, service in google_cloud_run_v2_service.this : role => {
      name            = service.name
      url             = service.uri
      location        = service.location
      service_account = google_service_account.this[role].email
    }
  }
}

output "keys" {
  description = "The service that stores keys: its name, address, place and account."
  value       = local.services.keys
}

output "ai" {
  description = "The service that asks flows: its name, address, place and account."
  value       = local.services.ai
}
