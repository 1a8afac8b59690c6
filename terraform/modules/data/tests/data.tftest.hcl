mock_provider "google" {
  override_during = plan

  mock_resource "google_firebaserules_ruleset" {
    defaults = { name = "0123-4567" }
  }
}

variables {
  project_id = "example-project"
  location   = "eur3"
}

run "the_database_is_byots_own_and_takes_no_part_in_app_engine" {
  command = plan

  assert {
    condition     = google_firestore_database.this.name == "byot" && google_firestore_database.this.type == "FIRESTORE_NATIVE" && google_firestore_database.this.location_id == "eur3"
    error_message = "byot speaks to Firestore in native mode, in a database of its own."
  }
  assert {
    condition     = google_firestore_database.this.app_engine_integration_mode == "DISABLED"
    error_message = "An App Engine app that is switched off would switch the database off."
  }
  assert {
    condition     = output.store == "firestore:example-project/byot"
    error_message = "The services are told this database."
  }
}

run "both_protections_are_said" {
  command = plan

  assert {
    condition     = google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "Without its records every user has to bring their key again."
  }
  assert {
    condition     = google_firestore_database.this.deletion_policy == "DELETE"
    error_message = "The provider's default forgets the database and says that it was destroyed."
  }
}

run "an_environment_to_throw_away_can_be_destroyed" {
  command = plan
  variables { protected = false }

  assert {
    condition     = google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_DISABLED"
    error_message = "protected = false is there to be able to destroy."
  }
}

run "every_minute_of_a_week_can_be_had_back_and_backups_reach_further" {
  command = plan

  assert {
    condition     = google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "A wrong write is found out later than a backup is made."
  }
  assert {
    condition     = one(google_firestore_backup_schedule.daily[*].retention) == "604800s" && length(one(google_firestore_backup_schedule.daily[*].daily_recurrence)) == 1
    error_message = "A daily backup, kept for 7 days."
  }
  assert {
    condition     = one(google_firestore_backup_schedule.weekly[*].retention) == "4838400s" && one(google_firestore_backup_schedule.weekly[*].weekly_recurrence[0].day) == "SUNDAY"
    error_message = "A weekly backup, kept for 8 weeks."
  }
}

run "backups_can_be_left_out_where_nothing_is_protected" {
  command = plan
  variables {
    protected = false
    backups   = { point_in_time_recovery = false, daily_days = 0, weekly_weeks = 0 }
  }

  assert {
    condition     = length(google_firestore_backup_schedule.daily) + length(google_firestore_backup_schedule.weekly) == 0 && google_firestore_database.this.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_DISABLED"
    error_message = "0 is none."
  }
}

run "what_is_protected_has_a_backup" {
  command = plan
  variables { backups = { point_in_time_recovery = false, daily_days = 0, weekly_weeks = 8 } }

  expect_failures = [var.backups]
}

run "a_backup_that_firestore_would_not_keep_is_refused" {
  command = plan
  variables { backups = { daily_days = 99 } }

  expect_failures = [var.backups]
}

run "so_is_a_weekly_one" {
  command = plan
  variables { backups = { weekly_weeks = 15 } }

  expect_failures = [var.backups]
}

run "the_rules_let_no_client_in" {
  command = plan

  assert {
    condition     = google_firebaserules_ruleset.this.source[0].files[0].content == file("../../firestore.rules")
    error_message = "What is released is the file that the emulator's tests use."
  }
  # Whatever the file becomes: each `allow` in it is one for nobody.
  assert {
    condition     = length(regexall("allow ", google_firebaserules_ruleset.this.source[0].files[0].content)) == 1 && length(regexall("match /\\{document=\\*\\*\\} \\{\\s*allow read, write: if false;", google_firebaserules_ruleset.this.source[0].files[0].content)) == 1
    error_message = "Every client is denied everything: only the services' accounts read and write."
  }
}

run "the_rules_are_in_force_on_this_database" {
  command = plan
  variables { database = "byot-restored" }

  assert {
    condition     = google_firebaserules_release.this.name == "cloud.firestore/byot-restored" && google_firebaserules_release.this.ruleset_name == "projects/example-project/rulesets/0123-4567"
    error_message = "Rules are released for one database; without, a database in native mode has those of nobody."
  }
  assert {
    condition     = output.store == "firestore:example-project/byot-restored"
    error_message = "After a restore the services are told the other database."
  }
}

run "only_what_instances_say_of_themselves_is_deleted_by_time" {
  command = plan

  assert {
    condition     = google_firestore_field.instance_until.collection == "byotInstances" && google_firestore_field.instance_until.field == "until" && length(google_firestore_field.instance_until.ttl_config) == 1
    error_message = "A killed instance's word is deleted some time after it stopped counting."
  }
  assert {
    condition     = length(google_firestore_field.instance_until.index_config) == 1 && length(google_firestore_field.instance_until.index_config[0].indexes) == 0
    error_message = "A time that only grows is a hot spot as an index."
  }
}

run "the_projects_default_database_is_not_byots" {
  command = plan
  variables { database = "(default)" }

  expect_failures = [var.database]
}

run "no_location_is_made_up" {
  command = plan
  variables { location = "Europe" }

  expect_failures = [var.location]
}

run "the_example_gives_the_store" {
  command = plan
  module { source = "./examples/production" }

  assert {
    condition     = output.store == "firestore:example-project/byot"
    error_message = "The services take BYOT_STORE from here."
  }
}
