# The three edges side by side: the table of README.md, made of the settings themselves.
terraform {
  required_version = ">= 1.11"
}

module "settings" {
  source   = "../../settings"
  for_each = toset(["load_balancer", "api_gateway", "direct"])

  kind = each.key
}

locals {
  rows = [
    for kind in ["load_balancer", "api_gateway", "direct"] : [
      "`${kind}`",
      "`${module.settings[kind].this.token_field}`",
      module.settings[kind].this.trusted_hops,
      "`${module.settings[kind].this.ingress}`",
      module.settings[kind].this.public_invoker ? "`allUsers`" : "the gateway's account",
      module.settings[kind].this.counts,
      module.settings[kind].this.streams,
      "${module.settings[kind].this.max_deadline_seconds} s",
      module.settings[kind].this.cost,
    ]
  ]

  head = ["edge", "token field", "trusted hops", "ingress", "invoker", "what a quota counts", "streams", "longest deadline", "cost"]
}

output "table" {
  description = "The table in Markdown."
  value       = join("\n", [for row in concat([local.head, [for name in local.head : "---"]], local.rows) : "| ${join(" | ", row)} |"])
}
