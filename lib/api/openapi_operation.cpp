#include "api/openapi_operation.hpp"

#include "core/encoding.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace byot::api::openapi {
namespace {

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

const operation& description_of(const route& row) {
    for (const auto all :
         {key_operations(), flow_operations(), service_operations(), development_operations()}) {
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

} // namespace byot::api::openapi
