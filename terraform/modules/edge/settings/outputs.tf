output "this" {
  description = "What the edge asks of the services: token_field, trusted_hops, ingress, backend_auth, public_invoker, max_deadline_seconds; and for people streams, counts and cost."
  value       = local.edges[var.kind]
}
