# Without Google's ruleset, which no registry of Go modules has: what it would say of values, the schema's provider
# and checkov say in part.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# An example is one file, and takes its versions from its module; run.py holds the modules to their files.
rule "terraform_standard_module_structure" {
  enabled = false
}

rule "terraform_required_version" {
  enabled = false
}

# A module made of modules, and an example, name the providers that those take.
rule "terraform_unused_required_providers" {
  enabled = false
}

rule "terraform_required_providers" {
  enabled = false
}
