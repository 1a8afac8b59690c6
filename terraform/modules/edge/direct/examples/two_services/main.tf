# Two services that everyone may call.
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

module "direct" {
  source = "../.."

  project_id = "example-project"
  services = {
    keys = { name = "byot-keys", location = "europe-west1" }
    ai   = { name = "byot-ai", location = "europe-west1" }
  }
}
