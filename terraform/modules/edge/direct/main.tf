# Browsers call Cloud Run's own addresses, and byot itself tells who may: so everyone invokes both services.
resource "google_cloud_run_v2_service_iam_member" "everyone" {
  for_each = var.services

  project  = var.project_id
  location = each.value.location
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
