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

run "staging_is_like_production" {
  command = plan

  assert {
    condition     = module.service.environment.ai.BYOT_TRUSTED_HOPS == "2" && module.service.environment.ai.BYOT_TOKEN_FIELD == "X-Forwarded-Authorization"
    error_message = "What works here works there: the same edge."
  }
  assert {
    condition     = var.protected && length(module.budget) == 1 && output.pipeline != null
    error_message = "What works here works there: the same protection, budget and pipeline."
  }
}

run "staging_is_small" {
  command = plan

  assert {
    condition     = alltrue([for role in module.service.bounds : role.max_instances <= 2])
    error_message = "Nobody but the team calls it."
  }
}

run "staging_waits_as_long_as_it_is_told" {
  command = plan
  variables { request_timeout_seconds = 100 }

  assert {
    condition     = module.service.environment.ai.BYOT_REQUEST_TIMEOUT == "100s"
    error_message = "A request lasts as long as the settings say."
  }
}

# As the handbook has it made first: the services need an image, which needs a registry. What the services would refuse shows
# that they are not looked at.
run "the_registry_can_be_made_before_all_else" {
  command = plan
  plan_options { target = [module.pipeline[0].google_artifact_registry_repository.this] }
  variables { byot_environment = { BYOT_ROLE = "all" } }
}
