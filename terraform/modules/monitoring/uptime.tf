locals {
  hosts = { for role in var.checked_roles : role => trimprefix(var.urls[role], "https://") if var.urls[role] != null }
}

# /health/ready says `ready` when the store answers, the keyring is loaded and certificates are at hand: it is asked through the
# edge, so that this sees what users see.
resource "google_monitoring_uptime_check_config" "this" {
  for_each = local.hosts

  project          = var.project_id
  display_name     = "${var.name} ${each.key} is ready"
  period           = "${var.check_period_seconds}s"
  timeout          = "10s"
  selected_regions = var.check_regions
  user_labels      = var.labels

  http_check {
    path         = "/health/ready"
    port         = 443
    use_ssl      = true
    validate_ssl = true

    accepted_response_status_codes {
      status_value = 200
    }
  }

  # An edge's own page with 200 is not the service.
  content_matchers {
    content = "\"status\":\"ready\""
    matcher = "CONTAINS_STRING"
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = each.value
    }
  }

  lifecycle {
    create_before_destroy = true # one that an alert names cannot be removed
  }
}

resource "google_monitoring_alert_policy" "uptime" {
  for_each = local.hosts

  project               = var.project_id
  display_name          = "${var.name} ${each.key} cannot be reached"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels
  user_labels           = var.labels

  conditions {
    display_name = "More than one region found it not ready, two minutes long"

    condition_threshold {
      filter = join(" AND ", [
        "metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\"",
        "metric.labels.check_id = \"${google_monitoring_uptime_check_config.this[each.key].uptime_check_id}\"",
        "resource.type = \"uptime_url\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "1200s" # looks back for each region's last answer
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "`GET ${each.value}/health/ready` is not answered with 200 and `\"status\":\"ready\"`. Its answer names what is missing (`checks`): the store, the keyring or the certificates. Without an answer, look at the edge first."
  }

  alert_strategy {
    auto_close = "1800s"
  }
}
