mock_provider "google" {
  override_during = plan

  mock_resource "google_secret_manager_secret" {
    defaults = { id = "projects/example-project/secrets/byot-keyring-x", name = "projects/1/secrets/byot-keyring-x" }
  }
  mock_resource "google_secret_manager_secret_version" {
    defaults = { version = "1" }
  }
}

variables {
  project_id = "example-project"
  keyrings = {
    keys  = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"signSecret\":\"x\"}]}"
    ai    = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\"}]}"
    whole = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
  }
}

run "each_role_has_a_secret_of_its_own_and_the_whole_keyring_a_third" {
  command = plan

  assert {
    condition     = [for part in ["keys", "ai", "whole"] : google_secret_manager_secret.this[part].secret_id] == ["byot-keyring-keys", "byot-keyring-ai", "byot-keyring-whole"]
    error_message = "A service must not be able to read the other's half."
  }
  assert {
    condition     = output.keys.secret_id == "byot-keyring-keys" && output.ai.secret_id == "byot-keyring-ai"
    error_message = "A service is given the secret of its role."
  }
}

run "a_keyring_is_in_no_plan" {
  command = plan

  assert {
    condition     = alltrue([for version in google_secret_manager_secret_version.this : version.secret_data == null && version.secret_data_wo_version == 1])
    error_message = "Values are write-only: a state is read by many more than a keyring may be."
  }
}

run "a_rotation_raises_every_version" {
  command = plan
  variables { keyring_version = 2 }

  assert {
    condition     = alltrue([for version in google_secret_manager_secret_version.this : version.secret_data_wo_version == 2])
    error_message = "The three files change together: `byot keyring` writes all of them."
  }
}

run "an_old_version_is_disabled_and_not_destroyed" {
  command = plan

  assert {
    condition     = alltrue([for version in google_secret_manager_secret_version.this : version.deletion_policy == "DISABLE"])
    error_message = "A backup of the store from before needs the keyring from before."
  }
  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : secret.version_destroy_ttl == "2592000s"])
    error_message = "What somebody destroys by mistake can be had back for 30 days."
  }
}

run "secrets_refuse_to_be_deleted" {
  command = plan

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : secret.deletion_protection])
    error_message = "Without its keyring no stored key can be opened."
  }
}

run "an_environment_to_throw_away_does_not" {
  command = plan
  variables { protected = false }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : !secret.deletion_protection])
    error_message = "protected = false is there to be able to destroy."
  }
}

run "nobody_reads_anything_but_those_named" {
  command = plan

  assert {
    condition     = length(google_secret_manager_secret_iam_member.reader) == 0
    error_message = "The module service lets each service read its own secret; more is asked for."
  }
}

run "an_operator_reads_the_keyring_and_does_nothing_else" {
  command = plan
  variables { operators = ["user:ann@example.com"] }

  assert {
    condition     = [for grant in google_secret_manager_secret_iam_member.reader : "${grant.secret_id} ${grant.role} ${grant.member}"] == [for part in ["ai", "keys", "whole"] : "byot-keyring-${part} roles/secretmanager.secretAccessor user:ann@example.com"]
    error_message = "Three secrets, reading only, one person."
  }
}

run "a_service_never_reads_the_whole_keyring" {
  command = plan
  variables { operators = ["serviceAccount:byot-keys@example-project.iam.gserviceaccount.com"] }

  expect_failures = [var.operators]
}

run "nobody_reads_both_halves" {
  command = plan
  variables { accessors = { keys = ["user:ann@example.com"], ai = ["user:ann@example.com"] } }

  expect_failures = [var.accessors]
}

run "not_everyone" {
  command = plan
  variables { accessors = { keys = ["allUsers"] } }

  expect_failures = [var.accessors]
}

run "a_plan_needs_no_keyring" {
  command = plan
  variables { keyrings = null }

  assert {
    condition     = length(google_secret_manager_secret_version.this) == 3
    error_message = "A pipeline that only reads has no keyring to give."
  }
}

run "swapped_halves_are_refused" {
  command = plan
  variables {
    keyrings = {
      keys  = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\"}]}"
      ai    = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"signSecret\":\"x\"}]}"
      whole = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
    }
  }

  expect_failures = [var.keyrings]
}

run "the_whole_keyring_in_place_of_keys_half_is_refused" {
  command = plan
  variables {
    keyrings = {
      keys  = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
      ai    = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\"}]}"
      whole = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
    }
  }

  expect_failures = [var.keyrings]
}

run "the_whole_keyring_in_place_of_ais_half_is_refused" {
  command = plan
  variables {
    keyrings = {
      keys  = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"signSecret\":\"x\"}]}"
      ai    = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
      whole = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
    }
  }

  expect_failures = [var.keyrings]
}

run "a_file_from_before_the_rotation_is_refused" {
  command = plan
  variables {
    keyrings = {
      keys  = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"signSecret\":\"x\"},{\"id\":\"key_b\",\"signSecret\":\"x\"}]}"
      ai    = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\"}]}"
      whole = "{\"version\":1,\"entries\":[{\"id\":\"key_a\",\"boxSecret\":\"x\",\"signSecret\":\"x\"},{\"id\":\"key_b\",\"boxSecret\":\"x\",\"signSecret\":\"x\"}]}"
    }
  }

  expect_failures = [var.keyrings]
}

run "a_files_name_is_no_keyring" {
  command = plan
  variables {
    keyrings = { keys = "keyring.json.keys", ai = "keyring.json.ai", whole = "keyring.json" }
  }

  expect_failures = [var.keyrings]
}

run "a_keyring_without_entries_is_refused" {
  command = plan
  variables {
    keyrings = { keys = "{\"version\":1,\"entries\":[]}", ai = "{\"version\":1,\"entries\":[]}", whole = "{\"version\":1,\"entries\":[]}" }
  }

  expect_failures = [var.keyrings]
}

run "half_a_version_is_refused" {
  command = plan
  variables { keyring_version = 1.5 }

  expect_failures = [var.keyring_version]
}

run "where_the_law_names_regions_they_are_named" {
  command = plan
  variables { locations = ["europe-west1", "europe-west4"] }

  assert {
    condition     = alltrue([for secret in google_secret_manager_secret.this : [for replica in secret.replication[0].user_managed[0].replicas : replica.location] == ["europe-west1", "europe-west4"] && length(secret.replication[0].auto) == 0])
    error_message = "A secret of named regions is nowhere else."
  }
}

run "the_example_says_how_to_read_all_three_files" {
  command = plan
  module { source = "./examples/two_roles" }

  assert {
    condition     = startswith(output.read_keyrings, "umask 077\n") && alltrue([for words in ["-whole --out-file=keyring.json", "-keys --out-file=keyring.json.keys", "-ai --out-file=keyring.json.ai"] : strcontains(output.read_keyrings, "--secret=byot-keyring${words}")])
    error_message = "`byot keyring add` writes the role's files anew only where it finds them."
  }
}
