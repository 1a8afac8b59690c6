terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
    # API Gateway's resources are in this provider alone.
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 7.45, < 8"
    }
  }
}
