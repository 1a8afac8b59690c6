# Two services behind one address; one person is told by mail.
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

module "monitoring" {
  source = "../.."

  project_id = "example-project"
  urls       = { keys = "https://api.example.com", ai = "https://api.example.com" }
  services   = { keys = "byot-keys", ai = "byot-ai" }
  emails     = { operator = "operator@example.com" }
}

output "notification_channels" {
  description = "For the budget."
  value       = module.monitoring.notification_channels
}
