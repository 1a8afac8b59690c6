#include "api/openapi_operation.hpp"

#include <array>

namespace byot::api::openapi {
namespace {

constexpr std::array token_requests{example{"anyone", R"({"uid":"ada"})"},
                                    example{"tenant", R"({"uid":"ada","tenant":"acme-x1y2z"})"}};
constexpr std::array token{answer{"200", "A signed token for that user.", "application/json",
                                  "DevelopmentToken",
                                  R"({"idToken":"eyJhbGciOiJSUzI1NiIs…","expiresIn":3600})"}};
constexpr std::array token_reasons{reason::body_invalid, reason::field_invalid};

constexpr std::array certificates{answer{"200", "Certificates by key id.", "application/json", "Certificates",
                                         R"({"dev-1":"-----BEGIN CERTIFICATE-----\n…"})"}};

constexpr std::array operations{
    operation{"devToken",
              "Development",
              "Sign in as anyone",
              "Issues a real ID token that this process trusts. Exists only in `byot dev`.",
              {},
              "DevelopmentSignIn",
              token_requests,
              token,
              token_reasons},
    operation{"devCertificates",
              "Development",
              "Get the signing certificates",
              "What the development identities are verified with. Exists only in `byot dev`.",
              {},
              {},
              {},
              certificates,
              {}},
};

} // namespace

std::span<const operation> development_operations() noexcept {
    return operations;
}

} // namespace byot::api::openapi
