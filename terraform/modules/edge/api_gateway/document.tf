# The document is byot's own, and nothing in it is changed here but its three places. What Terraform has to know of it is read from it.
locals {
  document = var.document != null ? var.document : file("${path.module}/openapi.json")

  rendered = templatestring(local.document, {
    keys_url = var.services.keys.url
    ai_url   = var.services.ai.url
    project  = coalesce(var.firebase_project, var.project_id)
  })

  # With its places unfilled, so that it can be looked at before the services' addresses are known.
  api = jsondecode(local.document)

  operations = flatten([
    for path, item in local.api.paths : [
      for method, operation in item : {
        method     = method
        is_flow    = startswith(path, "/api/ai/")
        is_check   = path == "/api/key/check"
        address    = try(operation["x-google-backend"].address, "")
        deadline   = try(operation["x-google-backend"].deadline, 15)
        is_private = try(operation["x-google-backend"].jwt_audience == operation["x-google-backend"].address && !try(operation["x-google-backend"].disable_auth, false), false)
      } if contains(["get", "put", "post", "delete", "options", "head", "patch"], method)
    ]
  ])

  # A preflight waits for no flow.
  flow_deadlines = distinct([for operation in local.operations : operation.deadline if operation.is_flow && operation.method != "options"])

  # A limit counts an API key's requests, so where there is one, there must be a key.
  quota = try(one(local.api["x-google-management"].quota.limits).values.STANDARD, null)
}
