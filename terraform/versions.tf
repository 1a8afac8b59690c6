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

  # The bucket and the prefix are given at `terraform init` (README, "The state"): one for each environment.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # The budget's interface counts its quota in a project of the caller's, not in the billing account.
  billing_project       = var.project_id
  user_project_override = true
}

provider "google-beta" {
  project = var.project_id
  region  = var.region
}
