mock_provider "google" {
  mock_resource "google_monitoring_uptime_check_config" {
    override_during = plan
    defaults        = { uptime_check_id = "byot-is-ready-1" }
  }
  mock_resource "google_monitoring_notification_channel" {
    override_during = plan
    defaults        = { name = "projects/example-project/notificationChannels/1" }
  }
}

variables {
  project_id = "example-project"
  urls       = { keys = "https://api.example.com", ai = "https://api.example.com" }
  services   = { keys = "byot-keys", ai = "byot-ai" }
  emails     = { operator = "operator@example.com" }
}

run "the_service_is_asked_for_its_health_over_https_as_users_reach_it" {
  command = plan

  assert {
    condition     = google_monitoring_uptime_check_config.this["keys"].monitored_resource[0].labels.host == "api.example.com" && google_monitoring_uptime_check_config.this["keys"].http_check[0].path == "/health/ready"
    error_message = "The edge's host, and the path that looks at the store."
  }
  assert {
    condition     = google_monitoring_uptime_check_config.this["keys"].http_check[0].use_ssl && google_monitoring_uptime_check_config.this["keys"].http_check[0].validate_ssl && google_monitoring_uptime_check_config.this["keys"].http_check[0].port == 443
    error_message = "A certificate that has run out is an outage too."
  }
  assert {
    condition     = [for code in google_monitoring_uptime_check_config.this["keys"].http_check[0].accepted_response_status_codes : code.status_value] == [200]
    error_message = "A redirect or 204 is not ready."
  }
  assert {
    condition     = length(google_monitoring_uptime_check_config.this["keys"].selected_regions) >= 3
    error_message = "Fewer regions than three are refused."
  }
}

run "ready_is_what_byot_says_when_it_is_ready_and_at_no_other_time" {
  command = plan

  assert {
    condition     = google_monitoring_uptime_check_config.this["keys"].content_matchers[0].matcher == "CONTAINS_STRING" && strcontains("{\"status\":\"ready\",\"checks\":{\"store\":\"ok\",\"keyring\":\"ok\",\"certificates\":\"ok\",\"upstream\":\"reachable\"}}", google_monitoring_uptime_check_config.this["keys"].content_matchers[0].content)
    error_message = "The answer of a service that is ready."
  }
  assert {
    condition     = alltrue([for body in ["{\"status\":\"unready\",\"checks\":{}}", "{\"status\":\"draining\"}", "{\"status\":\"live\"}", "<title>ready</title>"] : !strcontains(body, google_monitoring_uptime_check_config.this["keys"].content_matchers[0].content)])
    error_message = "No other answer."
  }
}

run "an_outage_is_told_when_more_than_one_region_sees_it" {
  command = plan

  assert {
    condition     = strcontains(google_monitoring_alert_policy.uptime["keys"].conditions[0].condition_threshold[0].filter, "metric.labels.check_id = \"byot-is-ready-1\"") && google_monitoring_alert_policy.uptime["keys"].conditions[0].condition_threshold[0].threshold_value == 1
    error_message = "One region alone may have a fault of its own."
  }
  assert {
    condition     = google_monitoring_alert_policy.uptime["keys"].notification_channels == tolist(["projects/example-project/notificationChannels/1"])
    error_message = "Somebody is told."
  }
}

run "errors_of_both_services_are_counted_and_no_request_twice" {
  command = plan

  assert {
    condition     = google_logging_metric.errors.filter == "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(\"byot-ai\" OR \"byot-keys\") AND severity>=ERROR AND NOT log_id(\"run.googleapis.com/requests\")"
    error_message = "Cloud Run's request log has each failed request a second time."
  }
  assert {
    condition     = google_logging_metric.errors.metric_descriptor[0].metric_kind == "DELTA" && google_logging_metric.errors.metric_descriptor[0].value_type == "INT64"
    error_message = "A counter."
  }
  assert {
    condition     = toset([for label in google_logging_metric.errors.metric_descriptor[0].labels : label.key]) == toset(keys(google_logging_metric.errors.label_extractors))
    error_message = "Each label needs its extractor: Google refuses a metric where the numbers differ."
  }
}

run "errors_are_told_beyond_a_number_before_the_first_one_ever_came" {
  command = plan
  variables { errors_in_five_minutes = 3 }

  assert {
    condition     = google_monitoring_alert_policy.errors.conditions[0].condition_prometheus_query_language[0].query == "sum by (service_name) (increase(logging_googleapis_com:user_byot_errors{monitored_resource=\"cloud_run_revision\"}[5m])) > 3"
    error_message = "The metric's name in PromQL."
  }
  assert {
    condition     = google_monitoring_alert_policy.errors.conditions[0].condition_prometheus_query_language[0].disable_metric_validation
    error_message = "Else the first apply fails: the metric has no value yet."
  }
  assert {
    condition     = google_monitoring_alert_policy.errors.notification_channels == tolist(["projects/example-project/notificationChannels/1"])
    error_message = "Somebody is told."
  }
}

run "each_way_of_being_told_is_a_channel" {
  command = plan
  variables {
    emails        = { operator = "operator@example.com", deputy = "deputy@example.com" }
    pubsub_topic  = "projects/example-project/topics/alerts"
    more_channels = ["projects/example-project/notificationChannels/7"]
  }

  assert {
    condition     = { for name, channel in google_monitoring_notification_channel.email : name => channel.labels.email_address } == { operator = "operator@example.com", deputy = "deputy@example.com" }
    error_message = "A channel for each address."
  }
  assert {
    condition     = google_monitoring_notification_channel.pubsub[0].type == "pubsub" && google_monitoring_notification_channel.pubsub[0].labels.topic == "projects/example-project/topics/alerts"
    error_message = "And the topic."
  }
  assert {
    condition     = length(output.notification_channels) == 4 && contains(output.notification_channels, "projects/example-project/notificationChannels/7")
    error_message = "All of them."
  }
}

run "whatever_takes_labels_has_them" {
  command = plan
  variables { labels = { environment = "staging" } }

  assert {
    condition     = alltrue([for labels in [google_monitoring_uptime_check_config.this["keys"].user_labels, google_monitoring_alert_policy.uptime["keys"].user_labels, google_monitoring_alert_policy.errors.user_labels, google_monitoring_notification_channel.email["operator"].user_labels] : labels.environment == "staging"])
    error_message = "Search goes by labels."
  }
}

run "one_address_is_asked_once" {
  command = plan

  assert {
    condition     = keys(google_monitoring_uptime_check_config.this) == ["keys"]
    error_message = "Behind one address /health/ready is role keys'."
  }
}

run "two_addresses_are_asked_both" {
  command = plan
  variables {
    urls          = { keys = "https://keys.example.com", ai = "https://ai.example.com" }
    checked_roles = ["keys", "ai"]
  }

  assert {
    condition     = { for role, check in google_monitoring_uptime_check_config.this : role => check.monitored_resource[0].labels.host } == { keys = "keys.example.com", ai = "ai.example.com" }
    error_message = "Each role at its own address."
  }
  assert {
    condition     = keys(google_monitoring_alert_policy.uptime) == ["ai", "keys"] && keys(output.uptime_check_ids) == ["ai", "keys"]
    error_message = "And each is told."
  }
}

run "without_an_address_errors_are_counted_all_the_same" {
  command = plan
  variables { urls = { keys = null, ai = null } }

  assert {
    condition     = length(google_monitoring_uptime_check_config.this) == 0 && length(google_monitoring_alert_policy.uptime) == 0 && output.uptime_check_ids == {}
    error_message = "There is nothing to ask yet."
  }
  assert {
    condition     = output.error_metric == "logging.googleapis.com/user/byot-errors"
    error_message = "The log is there before the address."
  }
}

run "an_address_without_tls_is_refused" {
  command = plan
  variables { urls = { keys = "http://api.example.com", ai = null } }
  expect_failures = [var.urls]
}

run "a_role_that_is_none_is_refused" {
  command = plan
  variables { checked_roles = ["all"] }
  expect_failures = [var.checked_roles]
}

run "wrong_channels_are_refused" {
  command = plan
  variables {
    emails        = { operator = "operator" }
    pubsub_topic  = "alerts"
    more_channels = ["alerts"]
  }
  expect_failures = [var.emails, var.pubsub_topic, var.more_channels]
}

run "two_regions_or_an_odd_period_are_refused" {
  command = plan
  variables {
    check_regions        = ["EUROPE", "USA_IOWA"]
    check_period_seconds = 30
  }
  expect_failures = [var.check_regions, var.check_period_seconds]
}

run "half_an_error_is_refused" {
  command = plan
  variables { errors_in_five_minutes = 0.5 }
  expect_failures = [var.errors_in_five_minutes]
}

run "the_example_plans" {
  command = plan
  module { source = "./examples/two_services" }

  assert {
    condition     = length(output.notification_channels) == 1
    error_message = "One person."
  }
}
