terraform {
  required_version = ">= 1.11"

  required_providers {
    # tflint-ignore: terraform_unused_required_providers  # handed on to the edge that is made
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
    # tflint-ignore: terraform_unused_required_providers  # handed on to an API gateway
    google-beta = {
      source  = "hashicorp/google-beta"
      version = ">= 7.45, < 8"
    }
  }
}
