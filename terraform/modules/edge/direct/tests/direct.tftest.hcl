mock_provider "google" {}

variables {
  project_id = "example-project"
  services = {
    keys = { name = "byot-keys", location = "europe-west1" }
    ai   = { name = "byot-ai", location = "europe-west1" }
  }
}

run "everyone_invokes_both_services_and_may_do_nothing_else" {
  command = plan

  assert {
    condition = {
      for role, binding in google_cloud_run_v2_service_iam_member.everyone :
      role => "${binding.project}/${binding.location}/${binding.name} ${binding.role} ${binding.member}"
      } == {
      keys = "example-project/europe-west1/byot-keys roles/run.invoker allUsers"
      ai   = "example-project/europe-west1/byot-ai roles/run.invoker allUsers"
    }
    error_message = "Both services, and roles/run.invoker alone."
  }
  assert {
    condition     = output.invoker_members == tolist(["allUsers"])
    error_message = "Who invokes is told."
  }
}

run "the_example_plans" {
  command = plan
  module { source = "./examples/two_services" }
}
