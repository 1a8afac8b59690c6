# The filter wants the project's number; the id would be stored as the number and be a difference in every plan.
data "google_project" "this" {
  project_id = var.project_id
}

locals {
  thresholds = [
    { part = 0.5, basis = "CURRENT_SPEND" },
    { part = 0.9, basis = "CURRENT_SPEND" },
    { part = 1.0, basis = "CURRENT_SPEND" },
    { part = 1.0, basis = "FORECASTED_SPEND" },
  ]
}

resource "google_billing_budget" "this" {
  billing_account = var.billing_account
  display_name    = var.name

  budget_filter {
    projects               = ["projects/${data.google_project.this.number}"]
    calendar_period        = "MONTH"
    credit_types_treatment = var.count_credits ? "INCLUDE_ALL_CREDITS" : "EXCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      currency_code = var.currency
      units         = tostring(var.amount)
    }
  }

  dynamic "threshold_rules" {
    for_each = local.thresholds

    content {
      threshold_percent = threshold_rules.value.part
      spend_basis       = threshold_rules.value.basis
    }
  }

  dynamic "all_updates_rule" {
    for_each = length(var.notification_channels) > 0 || var.pubsub_topic != null ? [true] : []

    content {
      monitoring_notification_channels = var.notification_channels
      pubsub_topic                     = var.pubsub_topic
      schema_version                   = "1.0"
      disable_default_iam_recipients   = !var.tell_billing_administrators
    }
  }
}
