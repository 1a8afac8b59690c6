# Users' records, in a database of byot's own.
resource "google_firestore_database" "this" {
  project                           = var.project_id
  name                              = var.database
  location_id                       = var.location
  type                              = "FIRESTORE_NATIVE"
  database_edition                  = "STANDARD"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = var.backups.point_in_time_recovery ? "POINT_IN_TIME_RECOVERY_ENABLED" : "POINT_IN_TIME_RECOVERY_DISABLED"

  # Two protections. The first is Firestore's and holds against everybody, the console too. The second is Terraform's:
  # it deletes what it is told to destroy (and is refused while the first holds), where the provider's default is to
  # forget the database and say nothing.
  delete_protection_state = var.protected ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy         = "DELETE"
}

# Every client is denied everything; see the file.
resource "google_firebaserules_ruleset" "this" {
  project = var.project_id

  source {
    files {
      name    = "firestore.rules"
      content = file("${path.module}/../../firestore.rules")
    }
  }

  # One that is in force can't be deleted: the next one is made first.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_firestore_database.this]
}

# While it is made anew, the database has no rules, and without any Firestore denies clients everything too.
resource "google_firebaserules_release" "this" {
  project      = var.project_id
  name         = "cloud.firestore/${google_firestore_database.this.name}"
  ruleset_name = "projects/${var.project_id}/rulesets/${google_firebaserules_ruleset.this.name}"

  lifecycle {
    replace_triggered_by = [google_firebaserules_ruleset.this]
  }
}

# Instances that save keys say so until a time, and take their word back at their end. Of one that was killed it stays:
# Firestore deletes it within a day after that time. Nothing of a user's has such a field: an expired key is shown as
# expired, not taken away.
resource "google_firestore_field" "instance_until" {
  project    = var.project_id
  database   = google_firestore_database.this.name
  collection = "byotInstances"
  field      = "until"

  # Nobody asks by it, and an index on a time that only grows is a hot spot.
  index_config {}
  ttl_config {}
}

resource "google_firestore_backup_schedule" "daily" {
  count = var.backups.daily_days > 0 ? 1 : 0

  project   = var.project_id
  database  = google_firestore_database.this.name
  retention = "${var.backups.daily_days * 86400}s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  count = var.backups.weekly_weeks > 0 ? 1 : 0

  project   = var.project_id
  database  = google_firestore_database.this.name
  retention = "${var.backups.weekly_weeks * 604800}s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}
