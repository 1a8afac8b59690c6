output "database" {
  description = "The database's name."
  value       = google_firestore_database.this.name
}

output "store" {
  description = "BYOT_STORE: what the services are told, and `byot rewrap` and `byot keyring remove` on an operator's machine."
  value       = "firestore:${var.project_id}/${google_firestore_database.this.name}"
}

output "rules_release" {
  description = "The release that has the rules in force."
  value       = google_firebaserules_release.this.name
}
