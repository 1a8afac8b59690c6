# Two services at Cloud Run's own addresses. The settings come first: the services need them, and the edge needs the services.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 7.45, < 8"
    }
  }
}

provider "google" {
  project = "example-project"
}

provider "google-beta" {
  project = "example-project"
}

module "edge_settings" {
  source = "../../settings"

  kind = "direct"
}

module "edge" {
  source = "../.."

  project_id = "example-project"
  region     = "europe-west1"
  kind       = "direct"
  services = {
    keys = { name = "byot-keys", url = "https://byot-keys-1.europe-west1.run.app", location = "europe-west1" }
    ai   = { name = "byot-ai", url = "https://byot-ai-1.europe-west1.run.app", location = "europe-west1" }
  }
}

output "trusted_hops" {
  description = "BYOT_TRUSTED_HOPS of both services."
  value       = module.edge_settings.this.trusted_hops
}

output "urls" {
  description = "Where browsers reach each role."
  value       = module.edge.urls
}
