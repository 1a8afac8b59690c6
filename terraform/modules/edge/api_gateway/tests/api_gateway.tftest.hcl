mock_provider "google" {
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      email  = "byot-gateway@example-project.iam.gserviceaccount.com"
      member = "serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_apikeys_key" {
    override_during = plan
    defaults        = { key_string = "AIza-example" }
  }
}

mock_provider "google-beta" {
  mock_resource "google_api_gateway_api" {
    override_during = plan
    defaults        = { managed_service = "byot-1.apigateway.example-project.cloud.goog" }
  }
  mock_resource "google_api_gateway_api_config" {
    override_during = plan
    defaults = {
      id            = "projects/example-project/locations/global/apis/byot/configs/byot-1"
      api_config_id = "byot-1"
    }
  }
  mock_resource "google_api_gateway_gateway" {
    override_during = plan
    defaults        = { default_hostname = "byot-1.ew.gateway.dev" }
  }
}

variables {
  project_id = "example-project"
  region     = "europe-west1"
  services = {
    keys = { name = "byot-keys", url = "https://keys.example.com", location = "europe-west1" }
    ai   = { name = "byot-ai", url = "https://ai.example.com", location = "europe-west1" }
  }
}

run "only_the_gateway_s_account_invokes_and_it_invokes_exactly_the_two_services" {
  command = plan

  assert {
    condition = {
      for role, binding in google_cloud_run_v2_service_iam_member.gateway :
      role => "${binding.location}/${binding.name} ${binding.role} ${binding.member}"
      } == {
      keys = "europe-west1/byot-keys roles/run.invoker serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"
      ai   = "europe-west1/byot-ai roles/run.invoker serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"
    }
    error_message = "The services are private to the gateway."
  }
  assert {
    condition     = output.invoker_members == tolist(["serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"])
    error_message = "Who invokes is told."
  }
  assert {
    condition     = google_api_gateway_api_config.this.gateway_config[0].backend_config[0].google_service_account == "byot-gateway@example-project.iam.gserviceaccount.com"
    error_message = "The gateway speaks to the services as this account."
  }
}

run "the_document_has_the_services_addresses_and_nothing_left_open" {
  command = plan

  assert {
    condition     = jsondecode(base64decode(google_api_gateway_api_config.this.openapi_documents[0].document[0].contents)).swagger == "2.0"
    error_message = "What is handed over is JSON still."
  }
  assert {
    condition     = length(regexall("[$][{]", base64decode(google_api_gateway_api_config.this.openapi_documents[0].document[0].contents))) == 0
    error_message = "No place is left."
  }
  assert {
    condition     = alltrue([for path, item in jsondecode(base64decode(google_api_gateway_api_config.this.openapi_documents[0].document[0].contents)).paths : item.post["x-google-backend"].address == "https://ai.example.com" && item.post["x-google-backend"].jwt_audience == "https://ai.example.com" if startswith(path, "/api/ai/") || path == "/api/key/check"])
    error_message = "Flows and the check of a key go to role ai."
  }
  assert {
    condition     = jsondecode(base64decode(google_api_gateway_api_config.this.openapi_documents[0].document[0].contents)).paths["/api/key"].post["x-google-backend"].address == "https://keys.example.com"
    error_message = "Keys are saved by role keys."
  }
}

run "another_document_is_another_configuration" {
  command = plan

  assert {
    condition     = google_api_gateway_api_config.this.api_config_id_prefix == "byot-"
    error_message = "A fixed name could not be there twice, which a change needs."
  }
}

run "a_gateway_that_streams_is_made_by_one_command" {
  command = plan

  assert {
    condition     = length(google_api_gateway_gateway.this) == 0
    error_message = "One that Terraform created would never stream."
  }
  assert {
    condition     = output.streaming_command == "gcloud api-gateway gateways create byot --project=example-project --location=europe-west1 --api=byot --api-config=byot-1 --enable-streaming"
    error_message = "The command can be copied."
  }
  assert {
    condition     = output.import_id == null && output.url == null
    error_message = "There is nothing yet."
  }
}

run "and_taken_over_then" {
  command = plan
  variables { import_gateway = true }

  assert {
    condition     = length(google_api_gateway_gateway.this) == 1 && google_api_gateway_gateway.this[0].gateway_id == "byot" && google_api_gateway_gateway.this[0].region == "europe-west1"
    error_message = "Terraform names the gateway as the command did."
  }
  assert {
    condition     = google_api_gateway_gateway.this[0].api_config == "projects/example-project/locations/global/apis/byot/configs/byot-1"
    error_message = "From then on Terraform moves it to each new configuration."
  }
  assert {
    condition     = output.import_id == "projects/example-project/locations/europe-west1/gateways/byot" && output.url == "https://byot-1.ew.gateway.dev"
    error_message = "What is imported, and its address."
  }
}

run "without_streaming_terraform_makes_the_gateway" {
  command = plan
  variables { streaming = false }

  assert {
    condition     = length(google_api_gateway_gateway.this) == 1 && output.url == "https://byot-1.ew.gateway.dev"
    error_message = "Nothing else is needed."
  }
  assert {
    condition     = output.streaming_command == null && output.import_id == null
    error_message = "There is nothing to run or to import."
  }
}

run "without_a_quota_there_is_no_key" {
  command = plan

  assert {
    condition     = output.quota_per_minute == null && length(google_apikeys_key.pages) == 0 && length(google_project_service.api) == 0
    error_message = "A key that nothing counts would only be one more thing to leak."
  }
}

run "a_quota_in_the_document_makes_a_key_for_this_api_alone" {
  command = plan
  variables {
    document          = jsonencode(merge(jsondecode(file("openapi.json")), { x-google-management = { quota = { limits = [{ name = "requests", metric = "requests", unit = "1/min/{project}", values = { STANDARD = 6000 } }] } } }))
    allowed_referrers = ["https://app.example.com/*"]
  }

  assert {
    condition     = output.quota_per_minute == 6000 && output.api_key == "AIza-example"
    error_message = "Pages send the key, and the gateway counts it."
  }
  assert {
    condition     = google_project_service.api[0].service == "byot-1.apigateway.example-project.cloud.goog" && !google_project_service.api[0].disable_on_destroy
    error_message = "A key is taken only where the API is enabled."
  }
  assert {
    condition     = google_apikeys_key.pages[0].restrictions[0].api_targets[0].service == "byot-1.apigateway.example-project.cloud.goog"
    error_message = "It opens no other API of the project."
  }
  assert {
    condition     = google_apikeys_key.pages[0].restrictions[0].browser_key_restrictions[0].allowed_referrers == tolist(["https://app.example.com/*"])
    error_message = "And only these pages may send it."
  }
}

run "tokens_of_another_project_s_firebase_are_taken_where_that_is_said" {
  command = plan
  variables { firebase_project = "example-users" }

  assert {
    condition     = strcontains(base64decode(google_api_gateway_api_config.this.openapi_documents[0].document[0].contents), "https://securetoken.google.com/example-users")
    error_message = "The issuer is that project's."
  }
}

run "whatever_takes_labels_has_them" {
  command = plan
  variables {
    labels    = { environment = "staging" }
    streaming = false
  }

  assert {
    condition     = alltrue([for labels in [google_api_gateway_api.this.labels, google_api_gateway_api_config.this.labels, google_api_gateway_gateway.this[0].labels] : labels.environment == "staging"])
    error_message = "Cost and search go by labels."
  }
}

run "a_document_for_public_services_is_refused" {
  command = plan
  variables { document = replace(file("openapi.json"), "\"jwt_audience\":", "\"disable_auth\":true,\"was\":") }
  expect_failures = [google_api_gateway_api_config.this]
}

run "a_document_for_another_deadline_is_refused" {
  command = plan
  variables { deadline_seconds = 600 }
  expect_failures = [google_api_gateway_api_config.this]
}

run "a_document_that_sends_flows_to_role_keys_is_refused" {
  command = plan
  variables { document = replace(file("openapi.json"), "$${ai_url}", "$${keys_url}") }
  expect_failures = [google_api_gateway_api_config.this]
}

run "what_is_no_document_is_refused" {
  command = plan
  variables { document = "swagger: 2.0" }
  expect_failures = [var.document]
}

run "a_deadline_beyond_the_gateway_s_is_refused" {
  command = plan
  variables { deadline_seconds = 3601 }
  expect_failures = [var.deadline_seconds]
}

run "an_address_with_a_path_is_refused" {
  command = plan
  variables {
    services = {
      keys = { name = "byot-keys", url = "https://keys.example.com/", location = "europe-west1" }
      ai   = { name = "byot-ai", url = "https://ai.example.com", location = "europe-west1" }
    }
  }
  expect_failures = [var.services]
}

run "the_example_that_buffers_plans" {
  command = plan
  module { source = "./examples/buffered" }
}

# "./examples/streaming" has an import block, which only a root may have: it is tested in its own folder.
