output "project_id" {
  description = "The project, for workflows."
  value       = var.project_id
}

output "provider" {
  description = "Full name of the identity provider, which workflows sign in by."
  value       = google_iam_workload_identity_pool_provider.this.name
}

output "accounts" {
  description = "Addresses of the accounts: builder, deployer, planner, smoke, and applier (null unless `applies`)."
  value = {
    builder  = google_service_account.this["builder"].email
    deployer = google_service_account.this["deployer"].email
    planner  = google_service_account.this["planner"].email
    smoke    = google_service_account.smoke.email
    applier  = var.applies ? google_service_account.this["applier"].email : null
  }
}

output "image" {
  description = "Name of the image in the registry, without tag and digest."
  value       = "${google_artifact_registry_repository.this.location}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.this.repository_id}/${var.name}"
}

output "state_bucket" {
  description = "Bucket of Terraform's state."
  value       = local.state_bucket
}
