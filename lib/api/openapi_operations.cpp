#include "api/openapi_operations.hpp"

#include "core/encoding.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <string>

namespace byot::api::openapi {
namespace {

constexpr std::string_view ready_example =
    R"({"status":"ready","checks":{"store":"ok","keyring":"ok","certificates":"ok","upstream":"reachable"}})";
constexpr std::string_view unready_example =
    R"({"status":"unready","checks":{"store":"unavailable","keyring":"ok","certificates":"ok"}})";

constexpr std::array live{
    answer{"200", "The process answers.", "application/json", "Health", R"({"status":"live"})"}};
constexpr std::array ready{
    answer{"200", "Requests can be served.", "application/json", "Health", ready_example},
    answer{"503", "Something that requests need is not at hand, or the process is about to end.",
           "application/json", "Health", unready_example},
};
constexpr std::array document{answer{"200", "An OpenAPI 3.1 document.", "application/json", "Document", {}}};
constexpr std::array page{answer{"200", "The page.", "text/html", {}, {}}};

constexpr std::array asset_path{parameter{
    "path", "path", R"({"type":"string","minLength":1,"examples":["console.css"]})", "The file's name."}};
constexpr std::array asset{answer{"200", "The file.", "*/*", {}, {}}};
constexpr std::array asset_reasons{reason::route_unknown};

constexpr std::array token_requests{example{"anyone", R"({"uid":"ada"})"},
                                    example{"tenant", R"({"uid":"ada","tenant":"acme-x1y2z"})"}};
constexpr std::array token{answer{"200", "A signed token for that user.", "application/json",
                                  "DevelopmentToken",
                                  R"({"idToken":"eyJhbGciOiJSUzI1NiIs…","expiresIn":3600})"}};
constexpr std::array token_reasons{reason::body_invalid, reason::field_invalid};

constexpr std::array certificates{answer{"200", "Certificates by key id.", "application/json", "Certificates",
                                         R"({"dev-1":"-----BEGIN CERTIFICATE-----\n…"})"}};

constexpr std::array operations{
    operation{.name = "live",
              .tag = "Service",
              .summary = "Check liveness",
              .description = "For a liveness probe; looks at nothing else.",
              .answers = live},
    operation{.name = "ready",
              .tag = "Service",
              .summary = "Check readiness",
              .description = "For a readiness probe: the store answers, the keyring is loaded, signing "
                             "certificates are at hand. "
                             "The upstream's state is reported, and does not make the service unready. From "
                             "SIGTERM on it says "
                             "`draining`, while requests are still answered.",
              .answers = ready},
    operation{.name = "openapi",
              .tag = "Service",
              .summary = "Get this document",
              .description = "What you are reading, as JSON.",
              .answers = document},
    operation{.name = "docs",
              .tag = "Pages",
              .summary = "Read this document",
              .description = "A reader for people; needs no third-party host.",
              .answers = page},
    operation{.name = "console",
              .tag = "Pages",
              .summary = "Open the console",
              .description = "Store and remove keys and ask a flow, by hand.",
              .answers = page},
    operation{.name = "asset",
              .tag = "Pages",
              .summary = "Get a part of a page",
              .description = "Style sheets and scripts of the pages.",
              .parameters = asset_path,
              .answers = asset,
              .reasons = asset_reasons},
    operation{.name = "devToken",
              .tag = "Development",
              .summary = "Sign in as anyone",
              .description = "Issues a real ID token that this process trusts. Exists only in `byot dev`.",
              .request_schema = "DevelopmentSignIn",
              .requests = token_requests,
              .answers = token,
              .reasons = token_reasons},
    operation{.name = "devCertificates",
              .tag = "Development",
              .summary = "Get the signing certificates",
              .description = "What the development identities are verified with. Exists only in `byot dev`.",
              .answers = certificates},
};

struct tag {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array tags{
    tag{"Keys", "The caller's own keys: store, look at, remove."},
    tag{"Flows", "Ask the application's Genkit flows, with the caller's key."},
    tag{"Service", "How the service is, and this document."},
    tag{"Pages", "For people."},
    tag{"Development", "Only in `byot dev`."},
};

constexpr std::array for_all{reason::request_malformed, reason::request_timeout, reason::headers_too_large,
                             reason::rate_limited,      reason::internal,        reason::overloaded,
                             reason::shutting_down};
constexpr std::array for_identities{reason::token_missing, reason::token_invalid, reason::token_expired,
                                    reason::identity_unavailable};
constexpr std::array for_bodies{reason::body_too_large};
constexpr std::array for_contents{reason::media_type_unsupported};

void add(std::vector<reason>& to, std::span<const reason> more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

std::span<const operation> service_operations() noexcept {
    return operations;
}

const operation& description_of(const route& row) {
    for (const auto all : {user_operations(), service_operations()}) {
        const auto found = std::ranges::find(all, row.name, &operation::name);
        if (found != all.end()) return *found;
    }
    throw std::logic_error("no description of the endpoint " + std::string(row.name));
}

std::string member_name(const route& row) {
    std::string name(row.method);
    std::ranges::transform(name, name.begin(), to_lower);
    return name;
}

std::vector<reason> reasons_of(const route& row) {
    std::vector<reason> reasons;
    add(reasons, for_all);
    if (row.needs_identity) add(reasons, for_identities);
    if (row.takes != body_limit::none) add(reasons, for_bodies);
    if (row.needs_identity && row.method != "GET") add(reasons, for_contents);
    add(reasons, description_of(row).reasons);
    std::ranges::sort(reasons);
    const auto repeated = std::ranges::unique(reasons);
    reasons.erase(repeated.begin(), repeated.end());
    return reasons;
}

boost::json::array make_tags(served by) {
    std::set<std::string_view> used;
    for (const auto& row : route_table) {
        if (is_served(row, by)) used.insert(description_of(row).tag);
    }
    boost::json::array made;
    for (const auto& each : tags) {
        if (!used.contains(each.name)) continue;
        boost::json::object line{{"name", each.name}, {"description", each.meaning}};
        made.push_back(std::move(line));
    }
    return made;
}

} // namespace byot::api::openapi
