mock_provider "google" {
  mock_resource "google_certificate_manager_dns_authorization" {
    override_during = plan
    defaults = {
      id                  = "projects/example-project/locations/global/dnsAuthorizations/byot-1"
      dns_resource_record = [{ name = "_acme-challenge.api.example.com.", type = "CNAME", data = "1.authorize.certificatemanager.goog." }]
    }
  }
}

override_resource {
  override_during = plan
  target          = google_compute_backend_service.this["keys"]
  values          = { id = "projects/example-project/global/backendServices/byot-keys" }
}

override_resource {
  override_during = plan
  target          = google_compute_backend_service.this["ai"]
  values          = { id = "projects/example-project/global/backendServices/byot-ai" }
}

override_resource {
  override_during = plan
  target          = google_certificate_manager_certificate_map.this
  values          = { id = "projects/example-project/locations/global/certificateMaps/byot" }
}

override_resource {
  override_during = plan
  target          = google_compute_url_map.to_https
  values          = { id = "projects/example-project/global/urlMaps/byot-to-https" }
}

override_resource {
  override_during = plan
  target          = google_compute_url_map.services
  values          = { id = "projects/example-project/global/urlMaps/byot" }
}

override_resource {
  override_during = plan
  target          = google_compute_security_policy.this
  values          = { id = "projects/example-project/global/securityPolicies/byot" }
}

override_resource {
  override_during = plan
  target          = google_compute_ssl_policy.this
  values          = { id = "projects/example-project/global/sslPolicies/byot" }
}

override_resource {
  override_during = plan
  target          = google_compute_global_address.this["IPV4"]
  values          = { id = "projects/example-project/global/addresses/byot-ipv4", address = "203.0.113.7" }
}

override_resource {
  override_during = plan
  target          = google_compute_global_address.this["IPV6"]
  values          = { id = "projects/example-project/global/addresses/byot-ipv6", address = "2001:db8::7" }
}

variables {
  project_id = "example-project"
  domains    = ["api.example.com"]
  services = {
    keys = { name = "byot-keys", location = "europe-west1" }
    ai   = { name = "byot-ai", location = "europe-west1" }
  }
}

run "both_services_are_serverless_backends_behind_cloud_armor" {
  command = plan

  assert {
    condition = {
      for role, group in google_compute_region_network_endpoint_group.this :
      role => "${group.network_endpoint_type} ${group.region} ${group.cloud_run[0].service}"
      } == {
      keys = "SERVERLESS europe-west1 byot-keys"
      ai   = "SERVERLESS europe-west1 byot-ai"
    }
    error_message = "Each role has its own endpoint group in its service's region."
  }
  assert {
    condition     = alltrue([for backend in google_compute_backend_service.this : backend.security_policy == google_compute_security_policy.this.id])
    error_message = "A backend without the policy has no limits."
  }
  assert {
    condition     = alltrue([for backend in google_compute_backend_service.this : coalesce(backend.timeout_sec, 0) == 0 && length(coalesce(backend.health_checks, [])) == 0])
    error_message = "timeout_sec and health checks are refused for a serverless backend."
  }
  assert {
    condition     = alltrue([for backend in google_compute_backend_service.this : backend.load_balancing_scheme == "EXTERNAL_MANAGED" && backend.compression_mode == "DISABLED"])
    error_message = "Compression would hold an event stream back."
  }
  assert {
    condition     = alltrue([for backend in google_compute_backend_service.this : backend.log_config[0].enable && backend.log_config[0].sample_rate == 1])
    error_message = "What Cloud Armor refuses is seen in the balancer's log alone."
  }
}

run "a_group_s_name_tells_what_it_points_to" {
  command = plan
  variables {
    services = {
      keys = { name = "byot", location = "europe-west1" }
      ai   = { name = "byot", location = "europe-west4" }
    }
  }

  assert {
    condition     = trimprefix(google_compute_region_network_endpoint_group.this["keys"].name, "byot-keys-") != trimprefix(google_compute_region_network_endpoint_group.this["ai"].name, "byot-ai-")
    error_message = "The next group has to stand beside the last one."
  }
}

run "flows_and_the_check_of_a_key_go_to_role_ai_and_all_else_to_role_keys" {
  command = plan

  assert {
    condition     = google_compute_url_map.services.default_service == google_compute_backend_service.this["keys"].id && google_compute_url_map.services.path_matcher[0].default_service == google_compute_backend_service.this["keys"].id
    error_message = "Role keys serves whatever is not named."
  }
  assert {
    condition     = google_compute_url_map.services.path_matcher[0].path_rule[0].paths == toset(["/api/ai/*", "/api/key/check"]) && google_compute_url_map.services.path_matcher[0].path_rule[0].service == google_compute_backend_service.this["ai"].id
    error_message = "Role ai opens keys: it serves the flows, and tries a stored key."
  }
  assert {
    condition     = length(google_compute_url_map.services.test) == 7
    error_message = "Google itself checks the split when it takes the map."
  }
}

run "an_address_has_a_limit_and_the_key_is_not_what_a_client_writes" {
  command = plan

  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : rule.rate_limit_options[0].enforce_on_key if rule.action == "rate_based_ban"]) == "IP"
    error_message = "XFF_IP is the client's own word."
  }
  assert {
    condition = alltrue([for rule in google_compute_security_policy.this.rule :
      rule.rate_limit_options[0].rate_limit_threshold[0].count == 600
      && rule.rate_limit_options[0].rate_limit_threshold[0].interval_sec == 60
      && rule.rate_limit_options[0].ban_threshold[0].count == 1800
      && rule.rate_limit_options[0].ban_duration_sec == 300
      && rule.rate_limit_options[0].exceed_action == "deny(429)"
      && one(rule.match[0].config[0].src_ip_ranges) == "*"
      && rule.preview == false
    if rule.priority == 2000])
    error_message = "600 requests a minute for everyone, and five minutes' ban at 1800, in force."
  }
  assert {
    condition     = output.rate_limit.requests_per_minute == 600 && output.rate_limit.banned_at == 1800 && output.rate_limit.ban_seconds == 300 && !output.rate_limit.is_only_logged
    error_message = "And it is told."
  }
  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : rule.action if rule.priority == 2147483647]) == "allow"
    error_message = "The last rule lets pass who was not refused."
  }
}

run "a_limit_without_a_ban_throttles" {
  command = plan
  variables { rate_limit = { requests_per_minute = 1200, ban_seconds = 0 } }

  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : "${rule.action} ${rule.rate_limit_options[0].rate_limit_threshold[0].count} ${length(rule.rate_limit_options[0].ban_threshold)}" if rule.priority == 2010]) == "throttle 1200 0"
    error_message = "Nobody is banned, by a rule beside the one that bans: Google refuses to change one into the other."
  }
}

run "the_ban_threshold_stays_within_what_cloud_armor_takes" {
  command = plan
  variables { rate_limit = { requests_per_minute = 5000 } }

  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : rule.rate_limit_options[0].ban_threshold[0].count if rule.priority == 2000]) == 10000
    error_message = "10000 is the most."
  }
}

run "denied_ranges_are_refused_before_anything_is_counted_ten_a_rule" {
  command = plan
  variables { denied_ranges = [for number in range(12) : "203.0.113.${number}/32"] }

  assert {
    condition     = [for rule in google_compute_security_policy.this.rule : "${rule.priority} ${length(rule.match[0].config[0].src_ip_ranges)}" if rule.action == "deny(403)"] == ["100 10", "110 2"]
    error_message = "A rule holds ten ranges, and comes before the limit."
  }
}

run "with_allowed_ranges_all_others_are_refused" {
  command = plan
  variables { allowed_ranges = ["198.51.100.0/24"] }

  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : rule.action if rule.priority == 2147483647]) == "deny(403)"
    error_message = "All others are refused."
  }
  assert {
    condition     = one([for rule in google_compute_security_policy.this.rule : one(rule.match[0].config[0].src_ip_ranges) if rule.priority == 2000]) == "198.51.100.0/24"
    error_message = "Those that are allowed are counted."
  }
}

run "in_preview_nothing_is_refused" {
  command = plan
  variables {
    preview       = true
    denied_ranges = ["203.0.113.0/24"]
  }

  assert {
    condition     = alltrue([for rule in google_compute_security_policy.this.rule : rule.preview == true if rule.priority < 2147483647])
    error_message = "Preview holds for each rule."
  }
}

run "http_only_says_where_https_is" {
  command = plan

  assert {
    condition     = google_compute_target_http_proxy.this.url_map == google_compute_url_map.to_https.id
    error_message = "Port 80 has no way to the services."
  }
  assert {
    condition     = google_compute_url_map.to_https.default_url_redirect[0].https_redirect && !google_compute_url_map.to_https.default_url_redirect[0].strip_query && google_compute_url_map.to_https.default_service == null
    error_message = "The query is kept."
  }
  assert {
    condition     = toset([for rule in google_compute_global_forwarding_rule.http : rule.port_range]) == toset(["80"]) && toset([for rule in google_compute_global_forwarding_rule.https : rule.port_range]) == toset(["443"])
    error_message = "Both ports, on both addresses."
  }
}

run "tls_is_1_2_or_newer_with_a_certificate_for_each_domain" {
  command = plan
  variables { domains = ["api.example.com", "api.example.org"] }

  assert {
    condition     = google_compute_ssl_policy.this.min_tls_version == "TLS_1_2" && google_compute_ssl_policy.this.profile == "MODERN" && google_compute_target_https_proxy.this.ssl_policy == google_compute_ssl_policy.this.id
    error_message = "Older TLS is refused."
  }
  assert {
    condition     = { for domain, certificate in google_certificate_manager_certificate.this : domain => certificate.managed[0].domains } == { "api.example.com" = tolist(["api.example.com"]), "api.example.org" = tolist(["api.example.org"]) }
    error_message = "Each domain has its own: a new one must not wait for, or replace, another's."
  }
  assert {
    condition     = alltrue([for certificate in google_certificate_manager_certificate.this : length(certificate.managed[0].dns_authorizations) == 1])
    error_message = "And is proven by a record in DNS."
  }
  assert {
    condition     = toset([for entry in google_certificate_manager_certificate_map_entry.this : entry.hostname]) == toset(["api.example.com", "api.example.org"])
    error_message = "The map has both names."
  }
  assert {
    condition     = google_compute_target_https_proxy.this.certificate_map == "//certificatemanager.googleapis.com/projects/example-project/locations/global/certificateMaps/byot"
    error_message = "The proxy names the map in Certificate Manager's own form."
  }
}

run "the_records_for_dns_are_told" {
  command = plan

  assert {
    condition     = [for record in output.dns_records : "${record.type} ${record.data}"] == ["CNAME 1.authorize.certificatemanager.goog.", "A 203.0.113.7", "AAAA 2001:db8::7"]
    error_message = "What proves the domain, and both addresses."
  }
  assert {
    condition     = output.url == "https://api.example.com" && output.addresses == { IPV4 = "203.0.113.7", IPV6 = "2001:db8::7" }
    error_message = "Browsers use the first domain."
  }
}

run "everyone_invokes_what_only_the_balancer_reaches" {
  command = plan

  assert {
    condition = {
      for role, binding in google_cloud_run_v2_service_iam_member.everyone :
      role => "${binding.location}/${binding.name} ${binding.role} ${binding.member}"
      } == {
      keys = "europe-west1/byot-keys roles/run.invoker allUsers"
      ai   = "europe-west1/byot-ai roles/run.invoker allUsers"
    }
    error_message = "Both services, and roles/run.invoker alone."
  }
  assert {
    condition     = output.invoker_members == tolist(["allUsers"])
    error_message = "Who invokes is told."
  }
}

run "whatever_takes_labels_has_them" {
  command = plan
  variables { labels = { environment = "staging" } }

  assert {
    condition = alltrue([for resource in concat(
      [google_compute_security_policy.this, google_certificate_manager_certificate_map.this],
      values(google_compute_global_address.this),
      values(google_compute_global_forwarding_rule.https),
      values(google_compute_global_forwarding_rule.http),
      values(google_certificate_manager_certificate.this),
      values(google_certificate_manager_certificate_map_entry.this),
      values(google_certificate_manager_dns_authorization.this),
    ) : lookup(resource.labels, "environment", "") == "staging"])
    error_message = "Cost and search go by labels."
  }
}

run "without_a_domain_nothing_is_made" {
  command = plan
  variables { domains = [] }
  expect_failures = [var.domains]
}

run "a_domain_is_a_bare_name" {
  command = plan
  variables { domains = ["https://api.example.com"] }
  expect_failures = [var.domains]
}

run "a_limit_that_is_no_number_of_cloud_armor_s_is_refused" {
  command = plan
  variables { rate_limit = { requests_per_minute = 20000, ban_seconds = 17 } }
  expect_failures = [var.rate_limit]
}

run "a_range_that_is_none_is_refused" {
  command = plan
  variables {
    denied_ranges  = ["203.0.113.7"]
    allowed_ranges = ["everyone"]
  }
  expect_failures = [var.denied_ranges, var.allowed_ranges]
}

run "a_part_of_the_log_is_between_none_and_all" {
  command = plan
  variables { log_sample_rate = 100 }
  expect_failures = [var.log_sample_rate]
}

run "a_name_that_google_would_refuse_is_refused_here" {
  command = plan
  variables { name = "Byot_" }
  expect_failures = [var.name]
}

run "the_example_plans" {
  command = plan
  module { source = "./examples/own_domain" }

  assert {
    condition     = length(output.dns_records) == 3
    error_message = "One domain has three records."
  }
}
