# API Gateway before the two services, which are private: only the gateway's account may invoke them.
resource "google_service_account" "gateway" {
  project      = var.project_id
  account_id   = "${var.name}-gateway"
  display_name = "API gateway of ${var.name}"
  description  = "Invokes the two services, and can do nothing else."
}

resource "google_cloud_run_v2_service_iam_member" "gateway" {
  for_each = var.services

  project  = var.project_id
  location = each.value.location
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = google_service_account.gateway.member
}

resource "google_api_gateway_api" "this" {
  provider = google-beta

  project      = var.project_id
  api_id       = var.name
  display_name = var.name
  labels       = var.labels
}

# A configuration cannot be changed: another document is another one. It is made before the old one goes, and the gateway is
# moved to it in between without an interruption, so its name cannot be fixed.
resource "google_api_gateway_api_config" "this" {
  provider = google-beta

  project              = var.project_id
  api                  = google_api_gateway_api.this.api_id
  api_config_id_prefix = "${var.name}-"
  display_name         = var.name
  labels               = var.labels

  openapi_documents {
    document {
      path     = "openapi.json"
      contents = base64encode(local.rendered)
    }
  }

  gateway_config {
    backend_config {
      google_service_account = google_service_account.gateway.email
    }
  }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = alltrue([for operation in local.operations : operation.is_private])
      error_message = "The services are private, so each backend in the document needs its own address as jwt_audience and no disable_auth: print it without `--backend-auth none`."
    }
    precondition {
      condition     = length(local.flow_deadlines) > 0 && alltrue([for deadline in local.flow_deadlines : deadline == var.deadline_seconds])
      error_message = "deadline_seconds is ${var.deadline_seconds}, but the document gives flows ${join(", ", local.flow_deadlines)} s. Print it anew with `byot openapi --gateway --deadline ${var.deadline_seconds}s` and give it as document."
    }
    precondition {
      condition     = alltrue([for operation in local.operations : operation.address == (operation.is_flow || operation.is_check ? "$${ai_url}" : "$${keys_url}")])
      error_message = "The document sends flows and /api/key/check to $${ai_url} and all else to $${keys_url}."
    }
  }
}

# A gateway that streams is one from its creation on, and the provider has no argument for it: so gcloud creates it and the
# root imports it. One that is gone would have to be created by hand again, under another host name: Terraform never removes it.
resource "google_api_gateway_gateway" "this" {
  provider = google-beta
  count    = var.streaming && !var.import_gateway ? 0 : 1

  project      = var.project_id
  region       = var.region
  gateway_id   = var.name
  api_config   = google_api_gateway_api_config.this.id
  display_name = var.name
  labels       = var.labels

  depends_on = [google_cloud_run_v2_service_iam_member.gateway]

  lifecycle {
    prevent_destroy = true
  }
}
