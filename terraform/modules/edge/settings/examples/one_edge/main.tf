# What a service behind the API gateway is told.
module "settings" {
  source = "../.."

  kind = "api_gateway"
}

output "environment" {
  description = "The two variables of byot that depend on the edge."
  value = {
    BYOT_TOKEN_FIELD  = module.settings.this.token_field
    BYOT_TRUSTED_HOPS = module.settings.this.trusted_hops
  }
}
