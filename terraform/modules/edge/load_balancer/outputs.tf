output "url" {
  description = "The one address of both services."
  value       = "https://${var.domains[0]}"
}

output "addresses" {
  description = "The balancer's addresses, by IP version."
  value       = { for version, address in google_compute_global_address.this : version => address.address }
}

output "dns_records" {
  description = "The records to make in DNS: for each domain its A and AAAA records, and the CNAME record that proves it to the certificate authority. Make the last one first: the certificate comes without the others."
  value = concat(
    [for domain in var.domains : {
      name = google_certificate_manager_dns_authorization.this[domain].dns_resource_record[0].name
      type = google_certificate_manager_dns_authorization.this[domain].dns_resource_record[0].type
      data = google_certificate_manager_dns_authorization.this[domain].dns_resource_record[0].data
    }],
    [for pair in setproduct(var.domains, ["IPV4", "IPV6"]) : {
      name = "${pair[0]}."
      type = { IPV4 = "A", IPV6 = "AAAA" }[pair[1]]
      data = google_compute_global_address.this[pair[1]].address
    }],
  )
}

output "security_policy" {
  description = "The Cloud Armor policy's name, for a rule of your own."
  value       = google_compute_security_policy.this.name
}

output "rate_limit" {
  description = "What an address is held to: requests a minute, the number at which it is banned (null: never) and for how many seconds; and whether it is only logged."
  value = one([
    for rule in google_compute_security_policy.this.rule : {
      requests_per_minute = rule.rate_limit_options[0].rate_limit_threshold[0].count
      banned_at           = one(rule.rate_limit_options[0].ban_threshold[*].count)
      ban_seconds         = rule.rate_limit_options[0].ban_duration_sec
      is_only_logged      = rule.preview
    } if length(rule.rate_limit_options) > 0
  ])
}

output "invoker_members" {
  description = "Who may invoke the services: `allUsers`, whom the services' ingress keeps to the balancer."
  value       = distinct([for binding in google_cloud_run_v2_service_iam_member.everyone : binding.member])
}
