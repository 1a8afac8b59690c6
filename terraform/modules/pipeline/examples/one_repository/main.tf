# One repository, whose branch main deploys to one environment.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }
}

module "pipeline" {
  source = "../.."

  project_id  = "my-app-prod"
  region      = "europe-west1"
  environment = "prod"
  repository = {
    repository    = "example/my-app"
    repository_id = "123456789"
    owner_id      = "987654"
  }
  services = {
    keys = { name = "byot-keys", location = "europe-west1", service_account = "byot-keys@my-app-prod.iam.gserviceaccount.com" }
    ai   = { name = "byot-ai", location = "europe-west1", service_account = "byot-ai@my-app-prod.iam.gserviceaccount.com" }
  }
}

output "pipeline" {
  description = "What the workflows are told."
  value       = module.pipeline
}
