mock_provider "google" {
  override_during = plan

  mock_resource "google_service_account" {
    defaults = {
      name   = "projects/my-app-prod/serviceAccounts/mock@my-app-prod.iam.gserviceaccount.com"
      email  = "mock@my-app-prod.iam.gserviceaccount.com"
      member = "serviceAccount:mock@my-app-prod.iam.gserviceaccount.com"
    }
  }
  mock_resource "google_iam_workload_identity_pool" {
    defaults = { name = "projects/1234/locations/global/workloadIdentityPools/byot-github" }
  }
  mock_resource "google_iam_workload_identity_pool_provider" {
    defaults = { name = "projects/1234/locations/global/workloadIdentityPools/byot-github/providers/github" }
  }
  mock_resource "google_artifact_registry_repository" {
    defaults = { name = "byot" }
  }
}

override_resource {
  target          = google_service_account.this["deployer"]
  override_during = plan
  values = {
    name   = "projects/my-app-prod/serviceAccounts/byot-deployer@my-app-prod.iam.gserviceaccount.com"
    email  = "byot-deployer@my-app-prod.iam.gserviceaccount.com"
    member = "serviceAccount:byot-deployer@my-app-prod.iam.gserviceaccount.com"
  }
}

override_resource {
  target          = google_service_account.this["planner"]
  override_during = plan
  values = {
    name   = "projects/my-app-prod/serviceAccounts/byot-planner@my-app-prod.iam.gserviceaccount.com"
    email  = "byot-planner@my-app-prod.iam.gserviceaccount.com"
    member = "serviceAccount:byot-planner@my-app-prod.iam.gserviceaccount.com"
  }
}

variables {
  project_id  = "my-app-prod"
  region      = "europe-west1"
  environment = "prod"
  repository  = { repository = "example/my-app", repository_id = "123456789", owner_id = "987654" }
  services = {
    keys = { name = "byot-keys", location = "europe-west1", service_account = "byot-keys@my-app-prod.iam.gserviceaccount.com" }
    ai   = { name = "byot-ai", location = "europe-west1", service_account = "byot-ai@my-app-prod.iam.gserviceaccount.com" }
  }
}

run "only_this_repository_on_its_ref_and_its_pull_requests_are_let_in" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.this.attribute_condition == "assertion.repository_id == '123456789' && assertion.repository_owner_id == '987654' && (assertion.event_name == 'pull_request' || assertion.event_name in ['push', 'workflow_dispatch'] && assertion.ref in ['refs/heads/main'])"
    error_message = "A token of another repository, another owner, another ref or an event that strangers set off must not be taken."
  }
  assert {
    condition     = google_iam_workload_identity_pool_provider.this.oidc[0].issuer_uri == "https://token.actions.githubusercontent.com"
    error_message = "The tokens are GitHub's."
  }
}

run "a_pull_request_speaks_for_the_planner_alone" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.this.attribute_mapping["attribute.use"] == "assertion.event_name == 'pull_request' ? 'plan' : (has(assertion.environment) ? 'environment/' + assertion.environment : assertion.ref)"
    error_message = "Whatever environment a pull request's job names, its use is `plan`."
  }
  assert {
    condition     = [for member in google_service_account_iam_member.federated : member.service_account_id if endswith(member.member, "/attribute.use/plan")] == ["projects/my-app-prod/serviceAccounts/byot-planner@my-app-prod.iam.gserviceaccount.com"]
    error_message = "The use `plan` opens one account."
  }
  assert {
    condition     = alltrue([for member in google_service_account_iam_member.federated : member.role == "roles/iam.workloadIdentityUser" && can(regex("^principalSet://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/byot-github/attribute.use/[^*]+$", member.member))])
    error_message = "No account is open to the whole pool."
  }
}

run "the_deployer_is_for_jobs_of_its_environment_and_the_builder_for_the_ref" {
  command = plan

  assert {
    condition     = toset(keys(google_service_account_iam_member.federated)) == toset(["builder refs/heads/main", "deployer environment/prod", "planner plan"])
    error_message = "Each account is spoken for by one use."
  }
}

run "the_deployer_changes_two_services_and_nothing_else" {
  command = plan

  assert {
    condition     = alltrue([for member in google_cloud_run_v2_service_iam_member.deployer : member.role == "roles/run.developer"]) && [for member in google_cloud_run_v2_service_iam_member.deployer : member.name] == ["byot-ai", "byot-keys"]
    error_message = "run.developer on the two services: an admin could open them to everyone."
  }
  assert {
    condition     = toset([for member in google_service_account_iam_member.acts_as : member.service_account_id]) == toset(["projects/my-app-prod/serviceAccounts/byot-keys@my-app-prod.iam.gserviceaccount.com", "projects/my-app-prod/serviceAccounts/byot-ai@my-app-prod.iam.gserviceaccount.com"])
    error_message = "It acts as the two accounts that the services run as, and no other."
  }
  assert {
    condition     = google_project_iam_member.deployer.role == "roles/monitoring.viewer"
    error_message = "In the project it reads metrics."
  }
  assert {
    condition     = google_artifact_registry_repository_iam_member.this["deployer"].role == "roles/artifactregistry.reader" && google_artifact_registry_repository_iam_member.this["builder"].role == "roles/artifactregistry.writer"
    error_message = "Who deploys cannot push, and who pushes cannot deploy."
  }
}

run "the_planner_reads_and_sees_no_users" {
  command = plan

  assert {
    condition     = alltrue([for member in google_project_iam_member.planner : can(regex("[vV]iewer$|[rR]eader$|[rR]eviewer$|_planner$", member.role)) && !contains(["roles/viewer", "roles/datastore.viewer", "roles/logging.viewer"], member.role)])
    error_message = "A role of the planner changes something, or reads users' documents or logs."
  }
  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.planner.permissions : can(regex("\\.(get|list|getMetadata|use)$", permission)) && !can(regex("^(datastore\\.entities|secretmanager\\.versions\\.access|logging\\.logEntries)", permission))])
    error_message = "A permission of the planner changes something, or reads users' documents, secrets or logs."
  }
  assert {
    condition     = google_storage_bucket_iam_member.planner.role == "roles/storage.objectViewer" && google_storage_bucket_iam_member.planner.bucket == "my-app-prod-terraform"
    error_message = "The planner reads the state and does not lock it."
  }
}

run "nobody_applies_unless_it_is_asked_for" {
  command = plan

  assert {
    condition     = length(google_project_iam_member.applier) == 0 && output.accounts.applier == null && length(google_storage_bucket_iam_member.applier) == 0
    error_message = "An account that can do anything is there only where it is wanted."
  }
}

run "applying_is_for_an_environment_of_its_own" {
  command = plan
  variables { applies = true }

  assert {
    condition     = endswith(google_service_account_iam_member.federated["applier environment/prod-terraform"].member, "/attribute.use/environment/prod-terraform")
    error_message = "Who may deploy may not apply."
  }
  assert {
    condition     = !contains([for member in google_project_iam_member.applier : member.role], "roles/owner") && google_storage_bucket_iam_member.applier[0].role == "roles/storage.admin"
    error_message = "The roles say what it is for."
  }
}

run "the_smoke_tests_account_has_no_rights" {
  command = plan

  assert {
    condition     = google_service_account_iam_member.signs_in.role == "roles/iam.serviceAccountTokenCreator" && google_service_account_iam_member.signs_in.member == "serviceAccount:byot-deployer@my-app-prod.iam.gserviceaccount.com"
    error_message = "The deployer signs for the smoke test's user."
  }
}

run "a_tag_is_written_once_and_the_newest_images_stay" {
  command = plan

  assert {
    condition     = google_artifact_registry_repository.this.docker_config[0].immutable_tags
    error_message = "A tag that moves lets another image run than the one that was tested."
  }
  assert {
    condition     = one([for policy in google_artifact_registry_repository.this.cleanup_policies : policy.most_recent_versions[0].keep_count if policy.action == "KEEP"]) == 30
    error_message = "The newest 30 images stay."
  }
  assert {
    condition     = output.image == "europe-west1-docker.pkg.dev/my-app-prod/byot/byot"
    error_message = "The image's name is what docker push takes."
  }
}

run "a_repository_by_its_name_alone_is_refused" {
  command = plan
  variables { repository = { repository = "example/my-app", repository_id = "my-app", owner_id = "example" } }

  expect_failures = [var.repository]
}

run "a_ref_with_a_wildcard_is_refused" {
  command = plan
  variables { repository = { repository = "example/my-app", repository_id = "1", owner_id = "2", refs = ["refs/heads/*"] } }

  expect_failures = [var.repository]
}

run "a_branch_without_its_refs_heads_is_refused" {
  command = plan
  variables { repository = { repository = "example/my-app", repository_id = "1", owner_id = "2", refs = ["main"] } }

  expect_failures = [var.repository]
}

run "no_ref_at_all_is_refused" {
  command = plan
  variables { repository = { repository = "example/my-app", repository_id = "1", owner_id = "2", refs = [] } }

  expect_failures = [var.repository]
}

run "a_quote_in_a_number_is_refused" {
  command = plan
  variables { repository = { repository = "example/my-app", repository_id = "1' || true || '", owner_id = "2" } }

  expect_failures = [var.repository]
}

run "fewer_images_than_going_back_takes_are_refused" {
  command = plan
  variables { images_kept = 1 }

  expect_failures = [var.images_kept]
}

run "a_name_too_long_for_an_account_is_refused" {
  command = plan
  variables { name = "a-name-of-more-than-twenty" }

  expect_failures = [var.name]
}

run "the_example_tells_the_workflows_what_they_need" {
  command = plan
  module { source = "./examples/one_repository" }

  assert {
    condition     = output.pipeline.provider == "projects/1234/locations/global/workloadIdentityPools/byot-github/providers/github" && output.pipeline.project_id == "my-app-prod" && output.pipeline.state_bucket == "my-app-prod-terraform"
    error_message = "The outputs are what the repository's variable is set to."
  }
}
