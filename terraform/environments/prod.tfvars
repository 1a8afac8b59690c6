environment = "prod"
project_id  = "my-app-prod"
region      = "europe-west1"
image       = "europe-west1-docker.pkg.dev/my-app-prod/byot/byot@sha256:0000000000000000000000000000000000000000000000000000000000000000"

genkit = {
  url      = "https://flows-xyz789-ew.a.run.app"
  audience = "https://flows-xyz789-ew.a.run.app"
  service  = { name = "flows", location = "europe-west1" }
}
allowed_origins = ["https://app.example.com"]

edge = { kind = "api_gateway", api_gateway = { import_gateway = false } }

capacity = {
  keys = { min_instances = 1, max_instances = 10, concurrency = 80, cpu = "1", memory = "512Mi" }
  ai   = { min_instances = 1, max_instances = 20, concurrency = 250, cpu = "1", memory = "1Gi" }
}

alert_emails = { operators = "operators@example.com" }
budget       = { billing_account = "000000-000000-000000", amount = 500 }
pipeline     = { repository = "example/my-app", repository_id = "123456789", owner_id = "987654" }
