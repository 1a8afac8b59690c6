locals {
  everyone = ["*"]

  # Ten ranges are what one rule holds.
  denied_rules = { for index, ranges in chunklist(var.denied_ranges, 10) : 100 + 10 * index => ranges }

  is_banning = var.rate_limit.ban_seconds > 0
}

resource "google_compute_security_policy" "this" {
  #checkov:skip=CKV_GCP_73:Message lookup of Log4j 2 (CVE-2021-44228) is no concern of a C++ server; the rule would look for it in every request and be paid for.
  project     = var.project_id
  name        = var.name
  description = "Who reaches byot, and how often."
  type        = "CLOUD_ARMOR"
  labels      = var.labels

  adaptive_protection_config {
    layer_7_ddos_defense_config {
      enable = var.adaptive_protection
    }
  }

  dynamic "rule" {
    for_each = local.denied_rules

    content {
      priority    = rule.key
      action      = "deny(403)"
      preview     = var.preview
      description = "Addresses that are kept out"

      match {
        versioned_expr = "SRC_IPS_V1"
        config {
          src_ip_ranges = rule.value
        }
      }
    }
  }

  # A rule that bans cannot be made one that throttles, so each has its own place. The key is the address that the connection came from. XFF_IP would be the first entry of X-Forwarded-For, which a client
  # writes as it likes, and with it a new counter for each request.
  rule {
    priority    = local.is_banning ? 2000 : 2010
    action      = local.is_banning ? "rate_based_ban" : "throttle"
    preview     = var.preview
    description = "Requests of an address"

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = length(var.allowed_ranges) > 0 ? var.allowed_ranges : local.everyone
      }
    }

    rate_limit_options {
      conform_action   = "allow"
      exceed_action    = "deny(429)"
      enforce_on_key   = "IP"
      ban_duration_sec = local.is_banning ? var.rate_limit.ban_seconds : null

      rate_limit_threshold {
        count        = var.rate_limit.requests_per_minute
        interval_sec = 60
      }

      dynamic "ban_threshold" {
        for_each = local.is_banning ? [3 * var.rate_limit.requests_per_minute] : []

        content {
          count        = min(ban_threshold.value, 10000)
          interval_sec = 60
        }
      }
    }
  }

  # Reached only by who is not counted above: nobody, or all but the allowed ranges.
  rule {
    priority    = 2147483647
    action      = length(var.allowed_ranges) > 0 ? "deny(403)" : "allow"
    description = "All others"

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = local.everyone
      }
    }
  }
}
