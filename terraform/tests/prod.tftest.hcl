# Each environment's file over the one root.

mock_provider "google" {
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      email  = "byot-one@my-app.iam.gserviceaccount.com"
      member = "serviceAccount:byot-one@my-app.iam.gserviceaccount.com"
      name   = "projects/my-app/serviceAccounts/byot-one@my-app.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_cloud_run_v2_service" {
    override_during = plan
    defaults        = { uri = "https://byot-one-1.europe-west1.run.app" }
  }
}

mock_provider "google-beta" {
  mock_resource "google_api_gateway_api_config" {
    override_during = plan
    defaults        = { id = "projects/my-app/locations/global/apis/byot/configs/byot-1", api_config_id = "byot-1" }
  }
}

run "prod_is_behind_a_gateway_that_identifies_itself" {
  command = plan

  assert {
    condition     = alltrue([for role in module.service.environment : role.BYOT_TRUSTED_HOPS == "2" && role.BYOT_TOKEN_FIELD == "X-Forwarded-Authorization"])
    error_message = "The gateway puts its own token into Authorization, and two entries into X-Forwarded-For."
  }
  assert {
    condition     = module.edge.invoker_members == tolist(["serviceAccount:byot-one@my-app.iam.gserviceaccount.com"])
    error_message = "Nobody invokes the services but the gateway."
  }
  assert {
    condition     = strcontains(output.streaming_command, "--enable-streaming") && strcontains(output.streaming_command, "--project=my-app-prod")
    error_message = "The gateway passes events on as they come."
  }
}

run "each_waits_longer_than_what_is_behind_it" {
  command = plan

  assert {
    condition     = module.service.environment.ai.BYOT_REQUEST_TIMEOUT == "${var.request_timeout_seconds}s" && alltrue([for role in module.service.bounds : role.timeout == "${var.edge_deadline_seconds + 30}s"])
    error_message = "byot ends a request, not the gateway, and not Cloud Run."
  }
}

run "a_timeout_above_the_edges_deadline_is_refused" {
  command = plan
  variables { request_timeout_seconds = 901 }
  expect_failures = [var.request_timeout_seconds]
}

run "the_services_use_the_database_that_was_made" {
  command = plan

  assert {
    condition     = alltrue([for role in module.service.environment : role.BYOT_STORE == "firestore:my-app-prod/byot"]) && output.store == "firestore:my-app-prod/byot"
    error_message = "One database, which an operator's commands use too."
  }
}

run "prod_is_protected_watched_and_bounded" {
  command = plan

  assert {
    condition     = var.protected && var.backups.point_in_time_recovery && var.backups.daily_days > 0 && var.backups.weekly_weeks > 0
    error_message = "Production keeps what it has."
  }
  assert {
    condition     = length(module.budget) == 1 && length(var.alert_emails) > 0
    error_message = "Somebody is told what it costs, and when it is away."
  }
  assert {
    condition     = alltrue([for role, bound in module.service.bounds : bound.max_instances == var.capacity[role].max_instances])
    error_message = "What an instance costs, times their number, bounds the bill."
  }
}

run "behind_a_load_balancer_the_services_take_calls_from_it_alone" {
  command = plan
  variables {
    edge = { kind = "load_balancer", domains = ["api.example.com"] }
  }

  assert {
    condition     = alltrue([for api in ["compute", "certificatemanager"] : contains(keys(google_project_service.this), "${api}.googleapis.com")])
    error_message = "A new project has neither the balancer nor its certificates."
  }
  assert {
    condition     = output.edge.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" && module.service.environment.ai.BYOT_TOKEN_FIELD == "Authorization" && module.service.environment.ai.BYOT_TRUSTED_HOPS == "2"
    error_message = "Each edge has its own settings."
  }
  assert {
    condition     = output.urls == { keys = "https://api.example.com", ai = "https://api.example.com" }
    error_message = "One address before both roles."
  }
}

run "the_gateway_that_gcloud_made_is_taken_over" {
  command = plan
  variables {
    edge = { kind = "api_gateway", api_gateway = { import_gateway = true } }
  }

  override_resource {
    target          = module.edge.module.api_gateway[0].google_api_gateway_gateway.this[0]
    override_during = plan
    values          = { default_hostname = "byot-1.ew.gateway.dev" }
  }

  assert {
    condition     = output.urls == { keys = "https://byot-1.ew.gateway.dev", ai = "https://byot-1.ew.gateway.dev" }
    error_message = "One address before both roles."
  }
}
