# Two services under one domain. The records in `dns_records` are what the domain's owner has to make.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }
}

provider "google" {
  project = "example-project"
}

module "load_balancer" {
  source = "../.."

  project_id = "example-project"
  domains    = ["api.example.com"]
  services = {
    keys = { name = "byot-keys", location = "europe-west1" }
    ai   = { name = "byot-ai", location = "europe-west1" }
  }
}

output "dns_records" {
  description = "What to make in DNS."
  value       = module.load_balancer.dns_records
}
