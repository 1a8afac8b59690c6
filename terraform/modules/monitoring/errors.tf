# byot writes a JSON line with severity ERROR for what is its own fault or its surroundings': each answer of 500 and above, a stream
# that was cut, and what it cannot do. Cloud Run's own words (a container that fell, memory that ran out) are counted too, but not its
# request log, which has each such request a second time.
locals {
  error_filter = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=(${join(" OR ", [for service in values(var.services) : "\"${service}\""])})",
    "severity>=ERROR",
    "NOT log_id(\"run.googleapis.com/requests\")",
  ])
}

resource "google_logging_metric" "errors" {
  project     = var.project_id
  name        = "${var.name}-errors"
  description = "Lines of severity ERROR and above of the two services, by reason."
  filter      = local.error_filter

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key         = "reason"
      value_type  = "STRING"
      description = "The error's reason, from byot's one table; empty where it is no request's."
    }
  }

  label_extractors = {
    reason = "EXTRACT(jsonPayload.reason)"
  }
}

# In PromQL, and unvalidated: a threshold on a metric that has no value yet is refused for up to ten minutes, and a service without an
# error never has one.
resource "google_monitoring_alert_policy" "errors" {
  project               = var.project_id
  display_name          = "${var.name} logs errors"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = local.channels
  user_labels           = var.labels

  conditions {
    display_name = "More than ${var.errors_in_five_minutes} errors in five minutes"

    condition_prometheus_query_language {
      query                     = "sum by (service_name) (increase(logging_googleapis_com:user_${replace(google_logging_metric.errors.name, "-", "_")}{monitored_resource=\"cloud_run_revision\"}[5m])) > ${var.errors_in_five_minutes}"
      duration                  = "0s"
      evaluation_interval       = "60s"
      disable_metric_validation = true
    }
  }

  documentation {
    mime_type = "text/markdown"
    content = join("\n\n", [
      "See them in the log by",
      "    ${local.error_filter}",
      "`jsonPayload.reason` says what happened, in the words of byot's /docs; `jsonPayload.requestId` is what a user can name.",
    ])
  }

  alert_strategy {
    auto_close = "1800s"
  }
}
