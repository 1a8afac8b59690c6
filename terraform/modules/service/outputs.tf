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

output "environment" {
  description = "What each role is told, by the variable's name."
  value = {
    for role, service in google_cloud_run_v2_service.this : role => {
      for env in service.template[0].containers[0].env : env.name => env.value
    }
  }
}

output "bounds" {
  description = "For each role: the most instances, the requests of one at once, and how long Cloud Run waits for an answer."
  value = {
    for role, service in google_cloud_run_v2_service.this : role => {
      max_instances = service.scaling[0].max_instance_count
      concurrency   = service.template[0].max_instance_request_concurrency
      timeout       = service.template[0].timeout
    }
  }
}
