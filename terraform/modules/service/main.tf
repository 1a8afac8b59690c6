# The two roles, a Cloud Run service and an account each, so that neither can both read what is stored and write what
# would be believed.
locals {
  keyring_folder = "/run/byot"

  # What each role is told. `roles` is the one place that says what parts them.
  shared = {
    GOOGLE_CLOUD_PROJECT  = var.project_id # the project of the traces that log lines name
    BYOT_STORE            = var.store
    BYOT_KEYRING          = "${local.keyring_folder}/keyring.json"
    BYOT_KEYRING_REFRESH  = "${var.keyring_refresh_seconds}s"
    BYOT_TOKEN_FIELD      = var.edge.token_field
    BYOT_TRUSTED_HOPS     = tostring(var.edge.trusted_hops)
    BYOT_FIREBASE_PROJECT = local.firebase_project
    BYOT_ALLOWED_ORIGINS  = join(",", var.allowed_origins)
    BYOT_RATE_PER_USER    = var.limits.rate_per_user
    BYOT_RATE_PER_IP      = var.limits.rate_per_ip
    BYOT_ADMIN_PORT       = "0" # nobody can reach a loopback port of an instance
  }
  roles = {
    keys = { BYOT_ROLE = "keys" }
    ai = {
      BYOT_ROLE             = "ai"
      BYOT_GENKIT_URL       = var.genkit.url
      BYOT_GENKIT_AUDIENCE  = var.genkit.audience
      BYOT_STREAMS_PER_USER = tostring(var.limits.streams_per_user)
      BYOT_REQUEST_TIMEOUT  = "${var.request_timeout_seconds}s"
    }
  }

  firebase_project = coalesce(var.firebase_project, var.project_id)
}

resource "google_cloud_run_v2_service" "this" {
  for_each = local.roles

  project             = var.project_id
  location            = var.region
  name                = "${var.name}-${each.key}"
  description         = each.key == "keys" ? "Stores users' keys; can't open them." : "Asks flows with users' keys; can't store new ones."
  ingress             = var.edge.ingress
  deletion_protection = var.protected
  labels              = var.labels

  # Of the service and not of a revision, so that two revisions that share the traffic share the bound.
  scaling {
    min_instance_count = var.capacity[each.key].min_instances
    max_instance_count = var.capacity[each.key].max_instances
  }

  template {
    service_account                  = google_service_account.this[each.key].email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = var.capacity[each.key].concurrency
    timeout                          = "${min(var.edge_deadline_seconds + 30, 3600)}s"

    containers {
      name  = "byot"
      image = var.image

      ports {
        container_port = 8080
      }

      dynamic "env" {
        for_each = { for name, value in merge(var.environment, local.shared, each.value) : name => value if value != "" }

        content {
          name  = env.key
          value = env.value
        }
      }

      resources {
        cpu_idle          = var.cpu_idle
        startup_cpu_boost = true
        limits = {
          cpu    = var.capacity[each.key].cpu
          memory = var.capacity[each.key].memory
        }
      }

      # Ready: the store answers, the keyring is loaded, certificates are at hand. A revision that can't get there
      # never gets a request.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 60

        http_get {
          path = "/health/ready"
        }
      }

      # Live and not ready: an instance that can't reach the store recovers by itself, and a restart would only lose
      # its open streams.
      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 4
        failure_threshold = 3

        http_get {
          path = "/health/live"
        }
      }

      volume_mounts {
        name       = "keyring"
        mount_path = local.keyring_folder
      }
    }

    # `latest`, so that an instance that runs reads the next version by itself: a rotation restarts nothing.
    volumes {
      name = "keyring"

      secret {
        secret = var.keyrings[each.key].secret_id

        items {
          path    = "keyring.json"
          version = "latest"
        }
      }
    }
  }

  lifecycle {
    # The pipeline's: it puts a new image beside the old one and moves the traffic. What both set, both would undo.
    ignore_changes = [
      client,
      client_version,
      template[0].annotations,
      template[0].containers[0].image,
      template[0].labels,
      traffic,
    ]
  }

  # An instance that can't read its keyring does not start.
  depends_on = [google_secret_manager_secret_iam_member.keyring]
}
