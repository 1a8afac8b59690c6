# A gateway that streams, in three steps: apply; run the command that `streaming_command` shows; apply again with
# `-var import_gateway=true`, which takes the gateway over and stays so.
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

variable "import_gateway" {
  description = "Whether the command has been run."
  type        = bool
  default     = false
}

module "gateway" {
  source = "../.."

  project_id     = "example-project"
  region         = "europe-west1"
  import_gateway = var.import_gateway
  services = {
    keys = { name = "byot-keys", url = "https://byot-keys-1.europe-west1.run.app", location = "europe-west1" }
    ai   = { name = "byot-ai", url = "https://byot-ai-1.europe-west1.run.app", location = "europe-west1" }
  }
}

# Only a root may import. Once the gateway is in the state, this says nothing more and may stay.
import {
  for_each = toset(module.gateway.import_id == null ? [] : [module.gateway.import_id])

  to = module.gateway.google_api_gateway_gateway.this[0]
  id = each.key
}

output "streaming_command" {
  description = "What to run between the two applies."
  value       = module.gateway.streaming_command
}
