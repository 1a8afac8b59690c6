# One of three edges before the two services.
module "settings" {
  source = "./settings"

  kind = var.kind
}

module "load_balancer" {
  source = "./load_balancer"
  count  = var.kind == "load_balancer" ? 1 : 0

  project_id          = var.project_id
  name                = var.name
  services            = var.services
  domains             = var.domains
  rate_limit          = var.load_balancer.rate_limit
  denied_ranges       = var.load_balancer.denied_ranges
  allowed_ranges      = var.load_balancer.allowed_ranges
  preview             = var.load_balancer.preview
  adaptive_protection = var.load_balancer.adaptive_protection
  log_sample_rate     = var.load_balancer.log_sample_rate
  labels              = var.labels
}

module "api_gateway" {
  source = "./api_gateway"
  count  = var.kind == "api_gateway" ? 1 : 0

  project_id        = var.project_id
  region            = var.region
  name              = var.name
  services          = var.services
  deadline_seconds  = var.deadline_seconds
  document          = var.api_gateway.document
  firebase_project  = var.api_gateway.firebase_project
  streaming         = var.api_gateway.streaming
  import_gateway    = var.api_gateway.import_gateway
  allowed_referrers = var.api_gateway.allowed_referrers
  labels            = var.labels
}

module "direct" {
  source = "./direct"
  count  = var.kind == "direct" ? 1 : 0

  project_id = var.project_id
  services   = var.services
}
