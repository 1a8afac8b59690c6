mock_provider "google" {
  mock_data "google_project" {
    override_during = plan
    defaults        = { number = "123456789012" }
  }
}

variables {
  project_id      = "example-project"
  billing_account = "012345-6789AB-CDEF01"
  amount          = 50
}

run "it_tells_at_50_90_and_100_percent_and_when_100_are_forecast" {
  command = plan

  assert {
    condition     = [for rule in google_billing_budget.this.threshold_rules : "${rule.threshold_percent} ${rule.spend_basis}"] == ["0.5 CURRENT_SPEND", "0.9 CURRENT_SPEND", "1 CURRENT_SPEND", "1 FORECASTED_SPEND"]
    error_message = "Each of the four."
  }
  assert {
    condition     = output.thresholds == ["50 % spent", "90 % spent", "100 % spent", "100 % forecast"]
    error_message = "And they are told."
  }
}

run "it_watches_this_project_alone_by_its_number" {
  command = plan

  assert {
    condition     = google_billing_budget.this.budget_filter[0].projects == toset(["projects/123456789012"])
    error_message = "The id is stored as the number, and would be a difference in every plan."
  }
  assert {
    condition     = google_billing_budget.this.budget_filter[0].calendar_period == "MONTH" && google_billing_budget.this.amount[0].specified_amount[0].units == "50"
    error_message = "Fifty a month."
  }
}

run "credits_do_not_hide_what_is_used_unless_they_shall" {
  command = plan

  assert {
    condition     = google_billing_budget.this.budget_filter[0].credit_types_treatment == "EXCLUDE_ALL_CREDITS"
    error_message = "A trial's credits would keep it silent until they are used up."
  }
}

run "what_is_paid_in_the_end" {
  command = plan
  variables { count_credits = true }

  assert {
    condition     = google_billing_budget.this.budget_filter[0].credit_types_treatment == "INCLUDE_ALL_CREDITS"
    error_message = "Credits are taken off."
  }
}

run "without_channels_the_billing_administrators_get_a_mail" {
  command = plan

  assert {
    condition     = length(google_billing_budget.this.all_updates_rule) == 0
    error_message = "Google's own rule is theirs."
  }
}

run "channels_and_a_topic_are_told_too" {
  command = plan
  variables {
    notification_channels       = ["projects/example-project/notificationChannels/1"]
    pubsub_topic                = "projects/example-project/topics/budget"
    tell_billing_administrators = false
    currency                    = "EUR"
  }

  assert {
    condition     = google_billing_budget.this.all_updates_rule[0].monitoring_notification_channels == tolist(["projects/example-project/notificationChannels/1"]) && google_billing_budget.this.all_updates_rule[0].pubsub_topic == "projects/example-project/topics/budget" && google_billing_budget.this.all_updates_rule[0].disable_default_iam_recipients
    error_message = "These, and nobody else."
  }
  assert {
    condition     = google_billing_budget.this.amount[0].specified_amount[0].currency_code == "EUR"
    error_message = "In the account's currency."
  }
}

run "a_budget_of_which_nobody_hears_is_refused" {
  command = plan
  variables { tell_billing_administrators = false }
  expect_failures = [var.tell_billing_administrators]
}

run "half_a_unit_and_another_account_s_form_are_refused" {
  command = plan
  variables {
    amount          = 0.5
    billing_account = "billingAccounts/012345-6789AB-CDEF01"
    currency        = "euro"
  }
  expect_failures = [var.amount, var.billing_account, var.currency]
}

run "six_channels_are_refused" {
  command = plan
  variables { notification_channels = [for number in range(6) : "projects/example-project/notificationChannels/${number}"] }
  expect_failures = [var.notification_channels]
}

run "the_example_plans" {
  command = plan
  module { source = "./examples/fifty_a_month" }
}
