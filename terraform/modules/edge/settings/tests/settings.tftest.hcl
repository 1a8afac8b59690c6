run "behind_the_load_balancer_the_client_is_the_second_address_and_only_the_balancer_gets_in" {
  command = plan
  variables { kind = "load_balancer" }

  assert {
    condition     = output.this.token_field == "Authorization" && output.this.trusted_hops == 2
    error_message = "The balancer passes Authorization on and adds two entries to X-Forwarded-For."
  }
  assert {
    condition     = output.this.ingress == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    error_message = "A service that is reached past the balancer is reached past Cloud Armor."
  }
  assert {
    condition     = output.this.backend_auth == "none" && output.this.public_invoker
    error_message = "The balancer has no identity of its own: everyone invokes what only it can reach."
  }
}

run "behind_the_gateway_the_token_has_moved_and_only_the_gateway_invokes" {
  command = plan
  variables { kind = "api_gateway" }

  assert {
    condition     = output.this.token_field == "X-Forwarded-Authorization" && output.this.trusted_hops == 2
    error_message = "The gateway's own token stands in Authorization, and it adds the second entry to X-Forwarded-For."
  }
  assert {
    condition     = output.this.ingress == "INGRESS_TRAFFIC_ALL"
    error_message = "The gateway is no internal source: any other ingress locks it out."
  }
  assert {
    condition     = output.this.backend_auth == "jwt" && !output.this.public_invoker
    error_message = "With an open ingress the invoker is all that keeps others out."
  }
}

run "without_an_edge_the_only_hop_is_cloud_run_itself" {
  command = plan
  variables { kind = "direct" }

  assert {
    condition     = output.this.token_field == "Authorization" && output.this.trusted_hops == 1
    error_message = "Cloud Run adds one entry to X-Forwarded-For; a second one would be the client's own word."
  }
  assert {
    condition     = output.this.ingress == "INGRESS_TRAFFIC_ALL" && output.this.public_invoker
    error_message = "Browsers call Cloud Run's own address."
  }
}

run "no_edge_waits_longer_than_cloud_run_can" {
  command = plan
  variables { kind = "direct" }

  assert {
    condition     = alltrue([for edge in local.edges : edge.max_deadline_seconds <= 3600])
    error_message = "Cloud Run ends a request after 3600 s at the latest."
  }
}

run "another_edge_is_refused" {
  command = plan
  variables { kind = "loadbalancer" }

  expect_failures = [var.kind]
}

run "the_example_names_the_variables" {
  command = plan
  module { source = "./examples/one_edge" }

  assert {
    condition     = output.environment.BYOT_TOKEN_FIELD == "X-Forwarded-Authorization" && output.environment.BYOT_TRUSTED_HOPS == 2
    error_message = "The example tells a service behind the gateway where its token and its client are."
  }
}
