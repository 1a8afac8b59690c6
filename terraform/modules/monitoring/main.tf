# Who is told, and of what: that the service cannot be reached, and that it logs errors.
resource "google_monitoring_notification_channel" "email" {
  for_each = var.emails

  project      = var.project_id
  display_name = "${var.name}: ${each.key}"
  type         = "email"
  labels       = { email_address = each.value }
  user_labels  = var.labels
}

resource "google_monitoring_notification_channel" "pubsub" {
  count = var.pubsub_topic == null ? 0 : 1

  project      = var.project_id
  display_name = "${var.name}: Pub/Sub"
  type         = "pubsub"
  labels       = { topic = var.pubsub_topic }
  user_labels  = var.labels
}

locals {
  channels = concat(
    [for channel in google_monitoring_notification_channel.email : channel.name],
    google_monitoring_notification_channel.pubsub[*].name,
    var.more_channels,
  )
}
