mock_provider "google" {
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      email  = "byot-gateway@example-project.iam.gserviceaccount.com"
      member = "serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_compute_global_address" {
    override_during = plan
    defaults        = { address = "203.0.113.7" }
  }
  mock_resource "google_certificate_manager_dns_authorization" {
    override_during = plan
    defaults        = { dns_resource_record = [{ name = "_acme-challenge.api.example.com.", type = "CNAME", data = "1.authorize.certificatemanager.goog." }] }
  }
}

mock_provider "google-beta" {
  mock_resource "google_api_gateway_api_config" {
    override_during = plan
    defaults        = { id = "projects/example-project/locations/global/apis/byot/configs/byot-1", api_config_id = "byot-1" }
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

run "the_table_in_the_readme_is_what_the_settings_say" {
  command = plan
  module { source = "./examples/side_by_side" }

  assert {
    condition     = strcontains(file("README.md"), "\n${output.table}\n")
    error_message = "README.md needs this table:\n${output.table}"
  }
}

run "behind_a_load_balancer_both_roles_have_one_address" {
  command = plan
  variables {
    kind    = "load_balancer"
    domains = ["api.example.com"]
  }

  assert {
    condition     = output.urls == { keys = "https://api.example.com", ai = "https://api.example.com" }
    error_message = "The balancer parts the roles by path."
  }
  assert {
    condition     = output.settings.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" && output.settings.trusted_hops == 2 && output.invoker_members == tolist(["allUsers"])
    error_message = "Everyone may invoke only because the ingress lets nobody but the balancer in."
  }
  assert {
    condition     = length(module.api_gateway) == 0 && length(module.direct) == 0 && length(output.dns_records) == 3
    error_message = "Nothing of another edge is made."
  }
}

run "a_load_balancer_is_told_its_limits" {
  command = plan
  variables {
    kind          = "load_balancer"
    domains       = ["api.example.com"]
    load_balancer = { rate_limit = { requests_per_minute = 1000, ban_seconds = 60 }, preview = true }
  }

  assert {
    condition     = output.rate_limit == { requests_per_minute = 1000, banned_at = 3000, ban_seconds = 60, is_only_logged = true }
    error_message = "What is asked for is what is in force."
  }
}

run "behind_a_gateway_the_services_are_private" {
  command = plan
  variables {
    kind        = "api_gateway"
    api_gateway = { streaming = false }
  }

  assert {
    condition     = output.urls == { keys = "https://byot-1.ew.gateway.dev", ai = "https://byot-1.ew.gateway.dev" }
    error_message = "The gateway parts the roles by its document."
  }
  assert {
    condition     = output.settings.token_field == "X-Forwarded-Authorization" && output.invoker_members == tolist(["serviceAccount:byot-gateway@example-project.iam.gserviceaccount.com"])
    error_message = "Nobody else invokes."
  }
  assert {
    condition     = length(module.load_balancer) == 0 && length(module.direct) == 0
    error_message = "Nothing of another edge is made: allUsers above all."
  }
}

run "a_gateway_that_streams_says_how_it_is_made" {
  command = plan
  variables { kind = "api_gateway" }

  assert {
    condition     = endswith(output.streaming_command, "--api-config=byot-1 --enable-streaming") && output.import_id == null && output.urls.ai == null
    error_message = "The first apply ends with a command to run."
  }
}

run "and_is_known_once_it_is_imported" {
  command = plan
  variables {
    kind        = "api_gateway"
    api_gateway = { import_gateway = true }
  }

  assert {
    condition     = output.import_id == "projects/example-project/locations/europe-west1/gateways/byot" && output.urls.ai == "https://byot-1.ew.gateway.dev"
    error_message = "The root imports it by this id."
  }
}

run "a_gateway_is_told_its_document" {
  command = plan
  variables {
    kind             = "api_gateway"
    deadline_seconds = 1800
    api_gateway = {
      document = jsonencode({
        paths = {
          "/api/ai/{path=**}" = { post = { x-google-backend = { address = "$${ai_url}", jwt_audience = "$${ai_url}", deadline = 1800 } } }
          "/api/key"          = { post = { x-google-backend = { address = "$${keys_url}", jwt_audience = "$${keys_url}", deadline = 30 } } }
        }
        x-google-management = { quota = { limits = [{ values = { STANDARD = 6000 } }] } }
      })
    }
  }

  assert {
    condition     = output.quota_per_minute == 6000
    error_message = "The document that was given is the one that counts, and so is the deadline."
  }
}

run "without_an_edge_each_role_has_its_own_address" {
  command = plan
  variables { kind = "direct" }

  assert {
    condition     = output.urls == { keys = "https://keys.example.com", ai = "https://ai.example.com" }
    error_message = "Cloud Run's own addresses."
  }
  assert {
    condition     = output.settings.trusted_hops == 1 && output.invoker_members == tolist(["allUsers"])
    error_message = "Cloud Run is the only hop, and everyone invokes."
  }
  assert {
    condition     = length(module.load_balancer) == 0 && length(module.api_gateway) == 0 && output.streaming_command == null && output.addresses == null && output.dns_records == []
    error_message = "Nothing of another edge is made."
  }
}

run "a_load_balancer_without_a_domain_is_refused" {
  command = plan
  variables { kind = "load_balancer" }
  expect_failures = [var.domains]
}

run "a_domain_for_another_edge_is_refused" {
  command = plan
  variables {
    kind    = "direct"
    domains = ["api.example.com"]
  }
  expect_failures = [var.domains]
}

run "another_edge_is_refused" {
  command = plan
  variables { kind = "cdn" }
  expect_failures = [var.kind]
}

run "a_deadline_beyond_cloud_run_s_is_refused" {
  command = plan
  variables {
    kind             = "direct"
    deadline_seconds = 7200
  }
  expect_failures = [var.deadline_seconds]
}

run "the_example_plans" {
  command = plan
  module { source = "./examples/without_an_edge" }

  assert {
    condition     = output.trusted_hops == 1 && output.urls.keys == "https://byot-keys-1.europe-west1.run.app"
    error_message = "The services are told of one hop."
  }
}
