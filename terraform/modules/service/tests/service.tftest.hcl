mock_provider "google" {
  mock_resource "google_service_account" {
    override_during = plan
    defaults = {
      email  = "byot-role@example-project.iam.gserviceaccount.com"
      member = "serviceAccount:byot-role@example-project.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_cloud_run_v2_service" {
    override_during = plan
    defaults        = { uri = "https://byot-role-1.europe-west1.run.app" }
  }
}

override_resource {
  target          = google_service_account.this["keys"]
  override_during = plan
  values = {
    email  = "byot-keys@example-project.iam.gserviceaccount.com"
    member = "serviceAccount:byot-keys@example-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target          = google_service_account.this["ai"]
  override_during = plan
  values = {
    email  = "byot-ai@example-project.iam.gserviceaccount.com"
    member = "serviceAccount:byot-ai@example-project.iam.gserviceaccount.com"
  }
}

variables {
  project_id      = "example-project"
  region          = "europe-west1"
  image           = "europe-west1-docker.pkg.dev/example-project/byot/byot@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  edge            = { token_field = "X-Forwarded-Authorization", trusted_hops = 2, ingress = "INGRESS_TRAFFIC_ALL" }
  store           = "firestore:example-project/byot"
  keyrings        = { keys = { secret_id = "byot-keyring-keys" }, ai = { secret_id = "byot-keyring-ai" } }
  allowed_origins = ["https://app.example.com", "https://admin.example.com"]
  genkit = {
    url      = "https://flows-1.europe-west1.run.app"
    audience = "https://flows-1.europe-west1.run.app"
    service  = { name = "flows", location = "europe-west1" }
  }
}

run "each_role_is_told_what_it_needs_and_no_more" {
  command = plan

  assert {
    condition = { for env in google_cloud_run_v2_service.this["keys"].template[0].containers[0].env : env.name => env.value } == {
      GOOGLE_CLOUD_PROJECT  = "example-project"
      BYOT_ROLE             = "keys"
      BYOT_STORE            = "firestore:example-project/byot"
      BYOT_KEYRING          = "/run/byot/keyring.json"
      BYOT_KEYRING_REFRESH  = "60s"
      BYOT_TOKEN_FIELD      = "X-Forwarded-Authorization"
      BYOT_TRUSTED_HOPS     = "2"
      BYOT_FIREBASE_PROJECT = "example-project"
      BYOT_ALLOWED_ORIGINS  = "https://app.example.com,https://admin.example.com"
      BYOT_RATE_PER_USER    = "60/m"
      BYOT_RATE_PER_IP      = "300/m"
      BYOT_ADMIN_PORT       = "0"
    }
    error_message = "The keys service has no business with the Genkit server."
  }
  assert {
    condition = { for env in google_cloud_run_v2_service.this["ai"].template[0].containers[0].env : env.name => env.value if !contains([
      "GOOGLE_CLOUD_PROJECT", "BYOT_STORE", "BYOT_KEYRING", "BYOT_KEYRING_REFRESH", "BYOT_TOKEN_FIELD", "BYOT_TRUSTED_HOPS", "BYOT_FIREBASE_PROJECT",
      "BYOT_ALLOWED_ORIGINS", "BYOT_RATE_PER_USER", "BYOT_RATE_PER_IP", "BYOT_ADMIN_PORT"], env.name) } == {
      BYOT_ROLE             = "ai"
      BYOT_GENKIT_URL       = "https://flows-1.europe-west1.run.app"
      BYOT_GENKIT_AUDIENCE  = "https://flows-1.europe-west1.run.app"
      BYOT_STREAMS_PER_USER = "8"
      BYOT_REQUEST_TIMEOUT  = "870s"
    }
    error_message = "The ai service asks the Genkit server, for as long as a request may last."
  }
}

run "an_account_reads_its_own_keyring_alone" {
  command = plan

  assert {
    condition = {
      for role, member in google_secret_manager_secret_iam_member.keyring : role => "${member.secret_id} ${member.role} ${member.member}"
      } == {
      keys = "byot-keyring-keys roles/secretmanager.secretAccessor serviceAccount:byot-keys@example-project.iam.gserviceaccount.com"
      ai   = "byot-keyring-ai roles/secretmanager.secretAccessor serviceAccount:byot-ai@example-project.iam.gserviceaccount.com"
    }
    error_message = "Who reads both keyrings can do everything."
  }
  assert {
    condition = alltrue([
      for role, service in google_cloud_run_v2_service.this :
      service.template[0].service_account == google_service_account.this[role].email &&
      service.template[0].volumes[0].secret[0].secret == var.keyrings[role].secret_id &&
      service.template[0].volumes[0].secret[0].items[0].version == "latest"
    ])
    error_message = "A role runs as its account, over its keyring, whichever version is the newest."
  }
}

run "an_account_uses_this_database_alone" {
  command = plan

  assert {
    condition = alltrue([
      for member in google_project_iam_member.store :
      member.role == "roles/datastore.user" && member.condition[0].expression == "resource.name == \"projects/example-project/databases/byot\""
    ])
    error_message = "Other databases of the project are not byot's."
  }
  assert {
    condition     = google_project_iam_member.revocation.role == "roles/firebaseauth.viewer" && google_project_iam_member.revocation.member == google_service_account.this["keys"].member
    error_message = "Only the keys service asks whether a session was ended."
  }
  assert {
    condition     = one(google_cloud_run_v2_service_iam_member.genkit[*].member) == google_service_account.this["ai"].member
    error_message = "Only the ai service calls the Genkit server."
  }
}

run "each_waits_longer_than_what_is_behind_it" {
  command = plan
  variables {
    request_timeout_seconds = 3500
    edge_deadline_seconds   = 3590
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.this : service.template[0].timeout == "3600s"])
    error_message = "Cloud Run waits 30 s longer than the edge, but no longer than it can."
  }
}

run "a_deadline_below_the_timeout_is_refused" {
  command = plan
  variables {
    request_timeout_seconds = 900
    edge_deadline_seconds   = 600
  }
  expect_failures = [var.request_timeout_seconds]
}

run "both_are_bounded_and_protected" {
  command = plan

  assert {
    condition = alltrue([
      for role, service in google_cloud_run_v2_service.this :
      service.scaling[0].max_instance_count == var.capacity[role].max_instances &&
      service.template[0].max_instance_request_concurrency == var.capacity[role].concurrency &&
      service.template[0].containers[0].resources[0].cpu_idle && service.deletion_protection
    ])
    error_message = "Instances, requests of an instance, its CPU and its deletion are said, not left to defaults."
  }
  assert {
    condition = alltrue([
      for service in google_cloud_run_v2_service.this :
      service.template[0].containers[0].startup_probe[0].http_get[0].path == "/health/ready" &&
      service.template[0].containers[0].liveness_probe[0].http_get[0].path == "/health/live"
    ])
    error_message = "What is not ready gets no request; what is alive is not restarted."
  }
  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.this : service.ingress == "INGRESS_TRAFFIC_ALL"])
    error_message = "The edge says who may come in."
  }
}

run "an_unbounded_number_of_instances_is_refused" {
  command = plan
  variables {
    capacity = {
      keys = { min_instances = 0, max_instances = 0, concurrency = 80, cpu = "1", memory = "512Mi" }
      ai   = { min_instances = 0, max_instances = 4, concurrency = 250, cpu = "1", memory = "512Mi" }
    }
  }
  expect_failures = [var.capacity]
}

run "an_image_without_a_digest_is_refused" {
  command = plan
  variables { image = "europe-west1-docker.pkg.dev/example-project/byot/byot:latest" }
  expect_failures = [var.image]
}

run "keys_go_over_https_alone" {
  command = plan
  variables { genkit = { url = "http://flows.example.com" } }
  expect_failures = [var.genkit]
}

run "a_private_genkit_service_needs_its_audience" {
  command = plan
  variables { genkit = { url = "https://flows.example.com", service = { name = "flows", location = "europe-west1" } } }
  expect_failures = [var.genkit]
}

run "an_origin_is_no_address_of_a_page" {
  command = plan
  variables { allowed_origins = ["https://app.example.com/"] }
  expect_failures = [var.allowed_origins]
}

run "a_variable_has_one_owner" {
  command = plan
  variables { environment = { BYOT_TRUSTED_HOPS = "0" } }
  expect_failures = [var.environment]
}

run "other_variables_reach_both_roles" {
  command = plan
  variables { environment = { BYOT_LOG_LEVEL = "debug" } }

  assert {
    condition = alltrue([
      for service in google_cloud_run_v2_service.this :
      contains([for env in service.template[0].containers[0].env : "${env.name}=${env.value}"], "BYOT_LOG_LEVEL=debug")
    ])
    error_message = "What the environment says reaches each role."
  }
}

run "the_example_can_be_planned" {
  command = plan
  module { source = "./examples/two_roles" }

  assert {
    condition     = output.urls.keys != null && output.urls.ai != null
    error_message = "Both roles have an address."
  }
}
