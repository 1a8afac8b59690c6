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

run "dev_is_reached_at_cloud_runs_own_addresses" {
  command = plan

  assert {
    condition     = module.service.environment.ai.BYOT_TRUSTED_HOPS == "1" && module.service.environment.ai.BYOT_TOKEN_FIELD == "Authorization"
    error_message = "Cloud Run's own front end alone is in front."
  }
  assert {
    condition     = output.urls == { keys = module.service.keys.url, ai = module.service.ai.url } && module.edge.invoker_members == tolist(["allUsers"])
    error_message = "Pages call each role at its own address, and byot itself tells who may."
  }
}

run "dev_can_be_taken_down_and_costs_nothing_while_nobody_calls" {
  command = plan

  assert {
    condition     = !var.protected && alltrue([for role in var.capacity : role.min_instances == 0 && role.max_instances <= 2])
    error_message = "dev is for trying things out."
  }
  assert {
    condition     = length(module.monitoring.uptime_check_ids) == 0
    error_message = "Nothing wakes an instance."
  }
  assert {
    condition     = output.pipeline == null && length(module.budget) == 0
    error_message = "Nothing but a person deploys to dev."
  }
}
