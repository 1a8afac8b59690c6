output "notification_channels" {
  description = "The notification channels, for a budget or alerts of your own."
  value       = local.channels
}

output "error_filter" {
  description = "What the log is filtered by for errors."
  value       = local.error_filter
}

output "error_metric" {
  description = "The type of the metric that counts errors."
  value       = "logging.googleapis.com/user/${google_logging_metric.errors.name}"
}

output "uptime_check_ids" {
  description = "The uptime checks' ids, by role."
  value       = { for role, check in google_monitoring_uptime_check_config.this : role => check.uptime_check_id }
}
