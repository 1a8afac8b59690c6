#include "api/openapi_rate_limits.hpp"

#include <string_view>

namespace byot::api::openapi {
namespace {

constexpr std::string_view policy_meaning =
    "The limits that this request met, \"user\" and \"address\": q requests in w seconds "
    "(draft-ietf-httpapi-ratelimit-headers). Absent when they are off.";
constexpr std::string_view state_meaning =
    "What is left of each: r requests at once, and one more in t seconds.";

boost::json::object make_field(std::string_view meaning, std::string_view example) {
    return {{"description", meaning}, {"schema", {{"type", "string"}, {"examples", {example}}}}};
}

} // namespace

void add_rate_limit_fields(boost::json::object& fields) {
    fields["RateLimit-Policy"] = make_field(policy_meaning, R"("user";q=60;w=60, "address";q=300;w=60)");
    fields["RateLimit"] = make_field(state_meaning, R"("user";r=59;t=1, "address";r=299;t=1)");
}

} // namespace byot::api::openapi
