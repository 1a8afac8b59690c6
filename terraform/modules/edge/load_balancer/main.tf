# A global external Application Load Balancer before the two services: addresses, certificate and redirect here,
# the backends in backends.tf, the limits in armor.tf.
locals {
  ip_versions = toset(["IPV4", "IPV6"])

  # A name of Certificate Manager's is shorter than a domain may be, and has no dots.
  domain_names = { for domain in var.domains : domain => "${var.name}-${substr(sha256(domain), 0, 8)}" }
}

resource "google_compute_global_address" "this" {
  for_each = local.ip_versions

  project    = var.project_id
  name       = "${var.name}-${lower(each.key)}"
  ip_version = each.key
  labels     = var.labels
}

# --- https

resource "google_compute_global_forwarding_rule" "https" {
  for_each = local.ip_versions

  project               = var.project_id
  name                  = "${var.name}-https-${lower(each.key)}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.this[each.key].id
  port_range            = "443"
  target                = google_compute_target_https_proxy.this.id
  labels                = var.labels
}

resource "google_compute_target_https_proxy" "this" {
  project         = var.project_id
  name            = var.name
  url_map         = google_compute_url_map.services.id
  certificate_map = "//certificatemanager.googleapis.com/${google_certificate_manager_certificate_map.this.id}"
  ssl_policy      = google_compute_ssl_policy.this.id
}

resource "google_compute_ssl_policy" "this" {
  project         = var.project_id
  name            = var.name
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}

# --- http, which only says where https is

resource "google_compute_global_forwarding_rule" "http" {
  for_each = local.ip_versions

  project               = var.project_id
  name                  = "${var.name}-http-${lower(each.key)}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.this[each.key].id
  port_range            = "80"
  target                = google_compute_target_http_proxy.this.id
  labels                = var.labels
}

resource "google_compute_target_http_proxy" "this" {
  project = var.project_id
  name    = "${var.name}-to-https"
  url_map = google_compute_url_map.to_https.id
}

resource "google_compute_url_map" "to_https" {
  project = var.project_id
  name    = "${var.name}-to-https"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

# --- the certificate

# A record in DNS proves the domain, so that the certificate is there before the first name points to the balancer.
resource "google_certificate_manager_dns_authorization" "this" {
  for_each = toset(var.domains)

  project     = var.project_id
  name        = local.domain_names[each.key]
  description = each.key
  domain      = each.key
  labels      = var.labels
}

# One for each domain: another list of domains then leaves the certificates alone that are in use. A certificate for all of them would be
# replaced by one that is not there yet.
resource "google_certificate_manager_certificate" "this" {
  for_each = toset(var.domains)

  project     = var.project_id
  name        = local.domain_names[each.key]
  description = each.key
  labels      = var.labels

  managed {
    domains            = [each.key]
    dns_authorizations = [google_certificate_manager_dns_authorization.this[each.key].id]
  }
}

resource "google_certificate_manager_certificate_map" "this" {
  project = var.project_id
  name    = var.name
  labels  = var.labels
}

resource "google_certificate_manager_certificate_map_entry" "this" {
  for_each = toset(var.domains)

  project      = var.project_id
  name         = local.domain_names[each.key]
  description  = each.key
  map          = google_certificate_manager_certificate_map.this.name
  hostname     = each.key
  certificates = [google_certificate_manager_certificate.this[each.key].id]
  labels       = var.labels
}
