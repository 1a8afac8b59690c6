output "budget" {
  description = "The budget's name, as billingAccounts/ACCOUNT/budgets/ID."
  value       = google_billing_budget.this.name
}

output "thresholds" {
  description = "What is told: the part of the amount, and whether it was spent or is forecast."
  value       = [for threshold in local.thresholds : "${threshold.part * 100} % ${threshold.basis == "FORECASTED_SPEND" ? "forecast" : "spent"}"]
}
