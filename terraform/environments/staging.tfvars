# Like production in everything but its size, so that what works here works there.
environment = "staging"
project_id  = "my-app-staging"
region      = "europe-west1"
image       = "europe-west1-docker.pkg.dev/my-app-staging/byot/byot@sha256:0000000000000000000000000000000000000000000000000000000000000000"

genkit = {
  url      = "https://flows-abc123-ew.a.run.app"
  audience = "https://flows-abc123-ew.a.run.app"
  service  = { name = "flows", location = "europe-west1" }
}
allowed_origins = ["https://staging.example.com"]

edge    = { kind = "api_gateway", api_gateway = { import_gateway = false } }
backups = { daily_days = 7, weekly_weeks = 0 }

capacity = {
  keys = { min_instances = 0, max_instances = 2, concurrency = 80, cpu = "1", memory = "256Mi" }
  ai   = { min_instances = 0, max_instances = 2, concurrency = 250, cpu = "1", memory = "512Mi" }
}

alert_emails = { operators = "operators@example.com" }
budget       = { billing_account = "000000-000000-000000", amount = 50 }
pipeline     = { repository = "example/my-app", repository_id = "123456789", owner_id = "987654" }
