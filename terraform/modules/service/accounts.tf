# An account each, with what its role needs.
resource "google_service_account" "this" {
  for_each = local.roles

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name}, role ${each.key}"
  description  = each.key == "keys" ? "Stores users' keys; can't open them." : "Asks flows with users' keys; can't store new ones."
}

# Its own keyring and no other: the two together could do everything.
resource "google_secret_manager_secret_iam_member" "keyring" {
  for_each = local.roles

  project   = var.project_id
  secret_id = var.keyrings[each.key].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this[each.key].member
}

# Both write records: ai notes a key's use and what its provider said. This database and no other of the project.
resource "google_project_iam_member" "store" {
  for_each = local.roles

  project = local.store_project
  role    = "roles/datastore.user"
  member  = google_service_account.this[each.key].member

  condition {
    title       = "${var.name} database only"
    description = "Users' records are in this database; others of the project are not byot's."
    expression  = "resource.name == \"projects/${local.store_project}/databases/${local.database}\""
  }
}

# Saving and removing ask whether the user's session was ended.
resource "google_project_iam_member" "revocation" {
  project = local.firebase_project
  role    = "roles/firebaseauth.viewer"
  member  = google_service_account.this["keys"].member
}

resource "google_cloud_run_v2_service_iam_member" "genkit" {
  count = var.genkit.service == null ? 0 : 1

  project  = coalesce(var.genkit.service.project, var.project_id)
  location = var.genkit.service.location
  name     = var.genkit.service.name
  role     = "roles/run.invoker"
  member   = google_service_account.this["ai"].member
}

locals {
  store_project = split("/", trimprefix(var.store, "firestore:"))[0]
  database      = split("/", var.store)[1]
}
