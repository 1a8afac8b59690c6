output "channels" {
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

output "uptime_check_id" {
  description = "The uptime check's id; null without one."
  value       = one(google_monitoring_uptime_check_config.this[*].uptime_check_id)
}
