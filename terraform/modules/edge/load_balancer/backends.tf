locals {
  # What role ai serves; all else is role keys'. /api/key/check opens the stored key, so only role ai can.
  ai_paths = ["/api/ai/*", "/api/key/check"]
}

# What a group points to cannot be changed, and one that a backend uses cannot be removed: another service or region is another
# group, under another name.
resource "google_compute_region_network_endpoint_group" "this" {
  for_each = var.services

  project               = var.project_id
  name                  = "${var.name}-${each.key}-${substr(sha256("${each.value.location}/${each.value.name}"), 0, 8)}"
  region                = each.value.location
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = each.value.name
  }

  lifecycle {
    create_before_destroy = true
  }
}

# No timeout_sec and no health check: both are refused for a serverless backend. An answer may take 60 minutes; what ends it
# earlier is Cloud Run's timeout and byot's own.
resource "google_compute_backend_service" "this" {
  for_each = var.services

  project               = var.project_id
  name                  = "${var.name}-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  security_policy       = google_compute_security_policy.this.id
  compression_mode      = "DISABLED" # an event stream goes on as it comes

  backend {
    group = google_compute_region_network_endpoint_group.this[each.key].id
  }

  log_config {
    enable      = true
    sample_rate = var.log_sample_rate
  }
}

resource "google_compute_url_map" "services" {
  project         = var.project_id
  name            = var.name
  default_service = google_compute_backend_service.this["keys"].id

  host_rule {
    hosts        = ["*"]
    path_matcher = "roles"
  }

  path_matcher {
    name            = "roles"
    default_service = google_compute_backend_service.this["keys"].id

    path_rule {
      paths   = local.ai_paths
      service = google_compute_backend_service.this["ai"].id
    }
  }

  # Google refuses a map that does not do this.
  dynamic "test" {
    for_each = {
      "/api/ai/interview"  = "ai"
      "/api/key/check"     = "ai"
      "/api/key"           = "keys"
      "/api/key/status"    = "keys"
      "/health/ready"      = "keys"
      "/api/key/checked"   = "keys"
      "/api/aid/interview" = "keys"
    }

    content {
      host    = var.domains[0]
      path    = test.key
      service = google_compute_backend_service.this[test.value].id
    }
  }
}

# Only the balancer reaches the services (their ingress), and it has no identity of its own: so everyone may invoke them.
resource "google_cloud_run_v2_service_iam_member" "everyone" {
  for_each = var.services

  project  = var.project_id
  location = each.value.location
  name     = each.value.name
  role     = "roles/run.invoker"
  member   = "allUsers"
}
