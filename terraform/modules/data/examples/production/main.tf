# A database whose deletion is refused, with backups for as long as Firestore keeps them.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }
}

module "data" {
  source = "../.."

  project_id = "example-project"
  location   = "eur3"
  backups    = { daily_days = 14, weekly_weeks = 14 }
}

output "store" {
  description = "BYOT_STORE."
  value       = module.data.store
}
