# Two services before a private Genkit service, for pages of one origin.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }
}

module "edge_settings" {
  source = "../../../edge/settings"

  kind = "direct"
}

module "service" {
  source = "../.."

  project_id = "example-project"
  region     = "europe-west1"
  image      = "europe-west1-docker.pkg.dev/example-project/byot/byot@sha256:${join("", [for _ in range(64) : "0"])}"
  edge       = module.edge_settings.this
  store      = "firestore:example-project/byot"
  keyrings   = { keys = { secret_id = "byot-keyring-keys" }, ai = { secret_id = "byot-keyring-ai" } }
  genkit = {
    url      = "https://flows-1.europe-west1.run.app"
    audience = "https://flows-1.europe-west1.run.app"
    service  = { name = "flows", location = "europe-west1" }
  }
  allowed_origins = ["https://app.example.com"]
}

output "urls" {
  description = "Where the roles answer."
  value       = { keys = module.service.keys.url, ai = module.service.ai.url }
}
