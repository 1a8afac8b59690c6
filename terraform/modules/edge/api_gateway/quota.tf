# An API key is taken only where the API itself is enabled as a service of the project, which it can be once it has a configuration.
resource "google_project_service" "api" {
  count = local.quota == null ? 0 : 1

  project            = var.project_id
  service            = google_api_gateway_api.this.managed_service
  disable_on_destroy = false

  depends_on = [google_api_gateway_api_config.this]
}

# The key is no secret, since every page shows it: it says whose requests are counted, and nothing about who asks.
resource "google_apikeys_key" "pages" {
  count = local.quota == null ? 0 : 1

  project      = var.project_id
  name         = "${var.name}-pages"
  display_name = "Pages of ${var.name}"

  restrictions {
    api_targets {
      service = google_project_service.api[0].service
    }

    dynamic "browser_key_restrictions" {
      for_each = length(var.allowed_referrers) > 0 ? [var.allowed_referrers] : []

      content {
        allowed_referrers = browser_key_restrictions.value
      }
    }
  }
}
