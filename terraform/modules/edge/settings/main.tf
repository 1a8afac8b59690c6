# What each edge asks of the services behind it. The services need it before the edge exists, since the edge in turn
# needs the services' names: so it stands in a module of its own, which makes nothing.
locals {
  edges = {
    # The balancer adds the client's address and its own to X-Forwarded-For, and passes Authorization on unchanged.
    # Anyone may invoke the services because nobody reaches them but through the balancer: that is what the ingress says.
    load_balancer = {
      token_field          = "Authorization"
      trusted_hops         = 2
      ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
      backend_auth         = "none"
      public_invoker       = true
      streams              = "yes"
      max_deadline_seconds = 3600
      counts               = "requests of an address, at the balancer (Cloud Armor)"
      cost                 = "about 18 USD a month for the forwarding rules and 0.008 USD a GiB each way; Cloud Armor 5 USD a month, 1 USD a rule and 0.75 USD a million requests"
    }

    # The gateway identifies itself in Authorization and moves the user's token aside. It is no internal source to
    # Cloud Run, so the ingress must be open; what keeps others out is that only the gateway's account may invoke.
    api_gateway = {
      token_field          = "X-Forwarded-Authorization"
      trusted_hops         = 2
      ingress              = "INGRESS_TRAFFIC_ALL"
      backend_auth         = "jwt"
      public_invoker       = false
      streams              = "if the gateway was created with streaming"
      max_deadline_seconds = 3600
      counts               = "requests of an API key, at the gateway: one key for all users of a page"
      cost                 = "nothing up to 2 million calls a month, then 3 USD a million"
    }

    # Cloud Run's own address: its front end adds one entry to X-Forwarded-For.
    direct = {
      token_field          = "Authorization"
      trusted_hops         = 1
      ingress              = "INGRESS_TRAFFIC_ALL"
      backend_auth         = "none"
      public_invoker       = true
      streams              = "yes"
      max_deadline_seconds = 3600
      counts               = "nothing; byot's own limits count users and addresses on each instance"
      cost                 = "nothing beyond Cloud Run's own"
    }
  }
}
