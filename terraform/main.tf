locals {
  name   = "byot"
  labels = { app = local.name, environment = var.environment }

  services = { keys = module.service.keys, ai = module.service.ai }

  # A check each minute keeps an instance awake: where nobody is told, nobody asks.
  checked_roles = length(var.alert_emails) == 0 ? [] : var.edge.kind == "direct" ? ["keys", "ai"] : ["keys"]
}

# What a new project lacks. They stay on when this is destroyed: other things in the project may need them.
resource "google_project_service" "this" {
  for_each = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "firebaserules.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "iamcredentials.googleapis.com",
      "identitytoolkit.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
    ],
    var.edge.kind == "load_balancer" ? ["certificatemanager.googleapis.com", "compute.googleapis.com"] : [],
    var.edge.kind == "api_gateway" ? [
      "apigateway.googleapis.com", "apikeys.googleapis.com", "servicecontrol.googleapis.com", "servicemanagement.googleapis.com",
    ] : [],
    var.budget == null ? [] : ["billingbudgets.googleapis.com", "cloudbilling.googleapis.com", "cloudresourcemanager.googleapis.com"],
    var.pipeline == null ? [] : ["sts.googleapis.com"],
  ))

  service            = each.value
  disable_on_destroy = false
}

module "data" {
  source = "./modules/data"

  project_id = var.project_id
  location   = var.firestore_location
  database   = var.database
  protected  = var.protected
  backups    = var.backups
  labels     = local.labels

  depends_on = [google_project_service.this]
}

module "secrets" {
  source = "./modules/secrets"

  project_id      = var.project_id
  name_prefix     = local.name
  keyrings        = var.keyrings
  keyring_version = var.keyring_version
  operators       = var.operators
  protected       = var.protected
  labels          = local.labels

  depends_on = [google_project_service.this]
}

module "edge_settings" {
  source = "./modules/edge/settings"

  kind = var.edge.kind
}

module "service" {
  source = "./modules/service"

  project_id              = var.project_id
  region                  = var.region
  name                    = local.name
  image                   = var.image
  edge                    = module.edge_settings.this
  store                   = module.data.store
  keyrings                = { keys = module.secrets.keys, ai = module.secrets.ai }
  genkit                  = var.genkit
  firebase_project        = coalesce(var.firebase_project, var.project_id)
  allowed_origins         = var.allowed_origins
  limits                  = var.limits
  capacity                = var.capacity
  request_timeout_seconds = var.request_timeout_seconds
  edge_deadline_seconds   = var.edge_deadline_seconds
  protected               = var.protected
  environment             = var.byot_environment
  labels                  = local.labels

  depends_on = [google_project_service.this]
}

module "edge" {
  source = "./modules/edge"

  project_id       = var.project_id
  region           = var.region
  name             = local.name
  kind             = var.edge.kind
  services         = local.services
  deadline_seconds = var.edge_deadline_seconds
  domains          = var.edge.domains
  load_balancer    = var.edge.load_balancer
  api_gateway      = merge(var.edge.api_gateway, { firebase_project = var.firebase_project })
  labels           = local.labels

  depends_on = [google_project_service.this]
}

# A gateway that streams is created by the command in `streaming_command` (the provider cannot) and taken over here. Once
# it is in the state this does nothing more, and it stays. The id is put together here because `import_id` of the module,
# which waits for the APIs above, would wait for the gateway too: a cycle.
import {
  for_each = toset(var.edge.kind == "api_gateway" && var.edge.api_gateway.streaming && var.edge.api_gateway.import_gateway ? [local.name] : [])

  to = module.edge.module.api_gateway[0].google_api_gateway_gateway.this[0]
  id = "projects/${var.project_id}/locations/${var.region}/gateways/${each.key}"
}

module "monitoring" {
  source = "./modules/monitoring"

  project_id    = var.project_id
  name          = local.name
  urls          = module.edge.urls
  checked_roles = local.checked_roles
  services      = { for role, service in local.services : role => service.name }
  emails        = var.alert_emails
  labels        = local.labels

  depends_on = [google_project_service.this]
}

module "budget" {
  source = "./modules/budget"
  count  = var.budget == null ? 0 : 1

  project_id            = var.project_id
  name                  = local.name
  billing_account       = var.budget.billing_account
  amount                = var.budget.amount
  currency              = var.budget.currency
  notification_channels = module.monitoring.notification_channels

  depends_on = [google_project_service.this]
}

module "pipeline" {
  source = "./modules/pipeline"
  count  = var.pipeline == null ? 0 : 1

  project_id   = var.project_id
  region       = var.region
  name         = local.name
  environment  = var.environment
  repository   = var.pipeline
  applies      = var.pipeline.applies
  state_bucket = var.pipeline.state_bucket
  services     = local.services
  labels       = local.labels

  depends_on = [google_project_service.this]
}
