# An example with an import block can only be a root, so it is tested by itself.
mock_provider "google" {}

mock_provider "google-beta" {}

run "the_command_is_shown_before_there_is_a_gateway" {
  command = apply

  assert {
    condition     = endswith(output.streaming_command, "--enable-streaming")
    error_message = "Streaming is chosen when the gateway is created."
  }
}

run "and_the_gateway_is_taken_over" {
  command = plan
  variables { import_gateway = true }

  # What the command has made.
  override_resource {
    target = module.gateway.google_api_gateway_gateway.this[0]
    values = {
      id               = "projects/example-project/locations/europe-west1/gateways/byot"
      default_hostname = "byot-1.ew.gateway.dev"
    }
  }

  assert {
    condition     = endswith(output.streaming_command, "--enable-streaming")
    error_message = "Streaming is chosen when the gateway is created."
  }
}
