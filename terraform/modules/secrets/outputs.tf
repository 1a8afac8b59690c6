locals {
  made = {
    for part, secret in google_secret_manager_secret.this : part => {
      secret_id   = secret.secret_id
      secret_name = secret.name
      version     = google_secret_manager_secret_version.this[part].version
    }
  }
}

output "keys" {
  description = "The secret with the keyring of the role keys: its short name, its whole name, its newest version."
  value       = local.made.keys
}

output "ai" {
  description = "The secret with the keyring of the role ai: its short name, its whole name, its newest version."
  value       = local.made.ai
}

output "whole" {
  description = "The secret with the whole keyring: its short name, its whole name, its newest version."
  value       = local.made.whole
}

output "read_keyrings" {
  description = "How an operator gets the three files that `byot keyring` takes and writes anew, readable by nobody else."
  value = join("\n", concat(["umask 077"], [
    for part, file in { whole = "keyring.json", keys = "keyring.json.keys", ai = "keyring.json.ai" } :
    "gcloud secrets versions access latest --project=${var.project_id} --secret=${local.made[part].secret_id} --out-file=${file}"
  ]))
}
