locals {
  pool         = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.this.name}"
  state_bucket = coalesce(var.state_bucket, "${var.project_id}-terraform")

  # Which of the accounts below a job may speak for: what the attribute `use` says of its token.
  uses = {
    planner  = ["plan"]
    builder  = var.repository.refs
    deployer = ["environment/${var.environment}"]
    applier  = ["environment/${var.environment}-terraform"]
  }
  accounts = {
    builder  = "Pushes images to the registry."
    deployer = "Rolls new images out to the two services."
    planner  = "Reads what a plan reads, and changes nothing."
  }
}

# A tag is written once, so what was tested under it is what runs under it.
resource "google_artifact_registry_repository" "this" {
  #checkov:skip=CKV_GCP_84:The image holds no secret; a key of one's own would be one more thing that can be lost and stop a deployment.
  project       = var.project_id
  location      = var.region
  repository_id = var.name
  description   = "Images of ${var.name}."
  format        = "DOCKER"
  labels        = var.labels

  docker_config {
    immutable_tags = true
  }

  # On as soon as the project's Container Scanning API is (README, "Scanning").
  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }

  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = var.images_kept
    }
  }
  cleanup_policies {
    id     = "delete-untagged"
    action = "DELETE"
    condition {
      tag_state  = "UNTAGGED"
      older_than = "604800s"
    }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      tag_state  = "ANY"
      older_than = "31536000s"
    }
  }
}

resource "google_iam_workload_identity_pool" "this" {
  project                   = var.project_id
  workload_identity_pool_id = "${var.name}-github"
  display_name              = "GitHub Actions"
  description               = "Jobs of ${var.repository.repository}."
}

# GitHub signs the tokens of all its repositories alike: the condition is what makes these tokens ours. Only the two
# numbers are never given twice. Events are listed because others, pull_request_target say, name the ref main too and can
# be set off by strangers. A pull request's ref is its own (refs/pull/1/merge), and it is good for a plan only.
resource "google_iam_workload_identity_pool_provider" "this" {
  #checkov:skip=CKV_GCP_125:It reads only a condition without variables; the tests hold the one that is made here to repository, owner and ref.
  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.this.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"

  attribute_condition = join(" && ", [
    "assertion.repository_id == '${var.repository.repository_id}'",
    "assertion.repository_owner_id == '${var.repository.owner_id}'",
    "(assertion.event_name == 'pull_request' || assertion.event_name in ['push', 'workflow_dispatch'] && assertion.ref in [${join(", ", [for ref in var.repository.refs : "'${ref}'"])}])",
  ])
  attribute_mapping = {
    "google.subject" = "assertion.sub"
    "attribute.use"  = "assertion.event_name == 'pull_request' ? 'plan' : (has(assertion.environment) ? 'environment/' + assertion.environment : assertion.ref)"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "this" {
  for_each = merge(local.accounts, var.applies ? { applier = "Applies Terraform." } : {})

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} pipeline: ${each.key}"
  description  = each.value
}

resource "google_service_account_iam_member" "federated" {
  for_each = merge([for account in keys(google_service_account.this) : { for use in local.uses[account] : "${account} ${use}" => { account = account, use = use } }]...)

  service_account_id = google_service_account.this[each.value.account].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "${local.pool}/attribute.use/${each.value.use}"
}

# Cloud Run asks whoever deploys an image whether they may read it.
resource "google_artifact_registry_repository_iam_member" "this" {
  for_each = { builder = "roles/artifactregistry.writer", deployer = "roles/artifactregistry.reader" }

  project    = var.project_id
  location   = google_artifact_registry_repository.this.location
  repository = google_artifact_registry_repository.this.name
  role       = each.value
  member     = google_service_account.this[each.key].member
}

# The deployer changes these two services and no other, and cannot say who may call them.
resource "google_cloud_run_v2_service_iam_member" "deployer" {
  for_each = var.services

  project  = var.project_id
  location = each.value.location
  name     = each.value.name
  role     = "roles/run.developer"
  member   = google_service_account.this["deployer"].member
}

resource "google_service_account_iam_member" "acts_as" {
  for_each = var.services

  service_account_id = "projects/${var.project_id}/serviceAccounts/${each.value.service_account}"
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.this["deployer"].member
}

# The error rate that stops a rollout is a metric. Logs would do too, but they name users.
resource "google_project_iam_member" "deployer" {
  project = var.project_id
  role    = "roles/monitoring.viewer"
  member  = google_service_account.this["deployer"].member
}

# The smoke test signs in as a user of its own, by a token that this account signs. It has no rights.
resource "google_service_account" "smoke" {
  project      = var.project_id
  account_id   = "${var.name}-smoke"
  display_name = "${var.name} pipeline: smoke"
  description  = "Signs the smoke test's user in."
}

resource "google_service_account_iam_member" "signs_in" {
  service_account_id = google_service_account.smoke.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.this["deployer"].member
}

# A plan reads settings and policies. What a project's `roles/viewer` reads besides, users' documents and logs above all,
# is nothing that a pull request should see.
resource "google_project_iam_custom_role" "planner" {
  project     = var.project_id
  role_id     = "${replace(var.name, "-", "_")}_planner"
  title       = "${var.name} planner"
  description = "What a plan reads and no predefined role allows without users' data."
  permissions = [
    "datastore.backupSchedules.get",
    "datastore.backupSchedules.list",
    "datastore.databases.get",
    "datastore.databases.getMetadata",
    "datastore.indexes.get",
    "datastore.indexes.list",
    "firebaserules.releases.get",
    "firebaserules.rulesets.get",
    "iam.roles.get",
    "iam.serviceAccounts.get",
    "logging.logMetrics.get",
    "logging.logMetrics.list",
    "resourcemanager.projects.get",
    "serviceusage.services.get",
    "serviceusage.services.list",
    "serviceusage.services.use",
  ]
}

resource "google_project_iam_member" "planner" {
  for_each = toset([
    "projects/${var.project_id}/roles/${google_project_iam_custom_role.planner.role_id}",
    "roles/apigateway.viewer",
    "roles/artifactregistry.reader",
    "roles/certificatemanager.viewer",
    "roles/compute.viewer",
    "roles/iam.securityReviewer",
    "roles/iam.workloadIdentityPoolViewer",
    "roles/monitoring.viewer",
    "roles/run.viewer",
    "roles/secretmanager.viewer",
    "roles/serviceusage.apiKeysViewer", # a gateway's key, and others that pages show
  ])

  project = var.project_id
  role    = each.value
  member  = google_service_account.this["planner"].member
}

resource "google_storage_bucket_iam_member" "planner" {
  bucket = local.state_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.this["planner"].member
}

# It makes accounts and gives them rights, so in the end it can do anything in the project; the roles say what it is for.
resource "google_project_iam_member" "applier" {
  for_each = toset(var.applies ? [
    "roles/apigateway.admin",
    "roles/artifactregistry.admin",
    "roles/certificatemanager.owner",
    "roles/compute.loadBalancerAdmin",
    "roles/compute.securityAdmin",
    "roles/datastore.owner",
    "roles/firebaserules.admin",
    "roles/iam.roleAdmin",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountUser",
    "roles/iam.workloadIdentityPoolAdmin",
    "roles/logging.configWriter",
    "roles/monitoring.editor",
    "roles/resourcemanager.projectIamAdmin",
    "roles/run.admin",
    "roles/secretmanager.admin",
    "roles/serviceusage.apiKeysAdmin",
    "roles/serviceusage.serviceUsageAdmin",
  ] : [])

  project = var.project_id
  role    = each.value
  member  = google_service_account.this["applier"].member
}

# The state, and who may read it: the planner's right and this one are resources too.
resource "google_storage_bucket_iam_member" "applier" {
  count = var.applies ? 1 : 0

  bucket = local.state_bucket
  role   = "roles/storage.admin"
  member = google_service_account.this["applier"].member
}
