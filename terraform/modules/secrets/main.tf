# A keyring for each role, and the whole one, which no service reads.
locals {
  parts = toset(["keys", "ai", "whole"])

  # Operators read the halves too, which the whole one tells them anyway: `byot keyring` writes anew what files it finds.
  readers = merge(
    { for pair in setproduct(local.parts, var.operators) : join(" ", pair) => { part = pair[0], member = pair[1] } },
    { for member in var.accessors.keys : "keys ${member}" => { part = "keys", member = member } },
    { for member in var.accessors.ai : "ai ${member}" => { part = "ai", member = member } },
  )
}

resource "google_secret_manager_secret" "this" {
  for_each = local.parts

  project             = var.project_id
  secret_id           = "${var.name_prefix}-keyring-${each.key}"
  labels              = merge(var.labels, { keyring = each.key })
  deletion_protection = var.protected

  # What is destroyed stays, disabled, for so long: a stored key whose keyring is gone is gone too.
  version_destroy_ttl = "2592000s"

  replication {
    dynamic "auto" {
      for_each = length(var.locations) == 0 ? [true] : []
      content {}
    }

    dynamic "user_managed" {
      for_each = length(var.locations) == 0 ? [] : [true]

      content {
        dynamic "replicas" {
          for_each = var.locations
          content {
            location = replicas.value
          }
        }
      }
    }
  }
}

# `keyring_version` is all that a plan and the state hold of a value.
resource "google_secret_manager_secret_version" "this" {
  for_each = local.parts

  secret                 = google_secret_manager_secret.this[each.key].id
  secret_data_wo         = var.keyrings == null ? "" : var.keyrings[each.key]
  secret_data_wo_version = var.keyring_version

  # The one before is disabled: nobody reads it, and with a backup from its time it can be enabled again.
  deletion_policy = "DISABLE"

  # Services read `latest`: were the old one taken away first, there would be none to read for a while.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.readers

  project   = var.project_id
  secret_id = google_secret_manager_secret.this[each.value.part].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value.member
}
