#include "api/openapi_operation.hpp"

#include <array>

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

constexpr std::array operations{
    operation{"live",
              "Service",
              "Check liveness",
              "For a liveness probe; looks at nothing else.",
              {},
              {},
              {},
              live,
              {}},
    operation{
        "ready",
        "Service",
        "Check readiness",
        "For a readiness probe: the store answers, the keyring is loaded, signing certificates are at hand. "
        "The upstream's state is reported, and does not make the service unready. From SIGTERM on it says "
        "`draining`, while requests are still answered.",
        {},
        {},
        {},
        ready,
        {}},
    operation{"openapi",
              "Service",
              "Get this document",
              "What you are reading, as JSON.",
              {},
              {},
              {},
              document,
              {}},
    operation{"docs",
              "Pages",
              "Read this document",
              "A reader for people; needs no third-party host.",
              {},
              {},
              {},
              page,
              {}},
    operation{"console",
              "Pages",
              "Open the console",
              "Store and remove keys and ask a flow, by hand.",
              {},
              {},
              {},
              page,
              {}},
    operation{"asset",
              "Pages",
              "Get a part of a page",
              "Style sheets and scripts of the pages.",
              asset_path,
              {},
              {},
              asset,
              asset_reasons},
};

} // namespace

std::span<const operation> service_operations() noexcept {
    return operations;
}

} // namespace byot::api::openapi
