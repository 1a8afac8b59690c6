# The three keyring files of `byot keyring new --split`, given on the command line's environment:
#   export TF_VAR_keyrings=$(jq -n --rawfile keys keyring.json.keys --rawfile ai keyring.json.ai --rawfile whole keyring.json '$ARGS.named')
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }
}

variable "keyrings" {
  description = "What is in the three files."
  type        = object({ keys = string, ai = string, whole = string })
  ephemeral   = true
  sensitive   = true
  default     = null
}

module "secrets" {
  source = "../.."

  project_id      = "example-project"
  keyrings        = var.keyrings
  keyring_version = 1
  operators       = ["group:byot-operators@example.com"]
}

output "read_keyrings" {
  description = "How an operator gets the three files for a rotation."
  value       = module.secrets.read_keyrings
}
