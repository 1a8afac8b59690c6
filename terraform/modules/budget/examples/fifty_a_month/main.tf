# Fifty a month. A person's own credentials need the project named that the question counts for.
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
  project               = "example-project"
  billing_project       = "example-project"
  user_project_override = true
}

module "budget" {
  source = "../.."

  project_id      = "example-project"
  billing_account = "012345-6789AB-CDEF01"
  amount          = 50
}
