output "invoker_members" {
  description = "Who may invoke the services: `allUsers`."
  value       = distinct([for binding in google_cloud_run_v2_service_iam_member.everyone : binding.member])
}
