# For trying things out: no edge of its own, nothing that costs while nobody calls, and it can be taken down.
environment = "dev"
project_id  = "my-app-dev"
region      = "europe-west1"
image       = "europe-west1-docker.pkg.dev/my-app-dev/byot/byot@sha256:0000000000000000000000000000000000000000000000000000000000000000"

genkit          = { url = "https://flows-dev.example.com" }
allowed_origins = ["http://localhost:5173"]

edge      = { kind = "direct" }
protected = false
backups   = { point_in_time_recovery = false, daily_days = 0, weekly_weeks = 0 }

capacity = {
  keys = { min_instances = 0, max_instances = 1, concurrency = 80, cpu = "1", memory = "256Mi" }
  ai   = { min_instances = 0, max_instances = 1, concurrency = 250, cpu = "1", memory = "512Mi" }
}
