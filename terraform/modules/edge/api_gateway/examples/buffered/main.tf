# A gateway that Terraform makes by itself: each answer is held back until it is whole.
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

module "gateway" {
  source = "../.."

  project_id = "example-project"
  region     = "europe-west1"
  streaming  = false
  services = {
    keys = { name = "byot-keys", url = "https://byot-keys-1.europe-west1.run.app", location = "europe-west1" }
    ai   = { name = "byot-ai", url = "https://byot-ai-1.europe-west1.run.app", location = "europe-west1" }
  }
}
