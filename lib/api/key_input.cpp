#include "api/key_input.hpp"

#include "api/query.hpp"

#include <string>

namespace byot::api {
namespace {

/// How the provider is named there.
std::string_view advice_for(endpoint what) noexcept {
    switch (what) {
    case endpoint::save_key:
        return "Name the provider in the body: {\"apiKey\":\"…\",\"provider\":\"…\"}.";
    case endpoint::remove_key:
        return "Name the provider in the query: DELETE /api/key?provider=…";
    case endpoint::check_key:
        return "Name the provider in the query: POST /api/key/check?provider=…";
    default:
        return "It is the same for every provider.";
    }
}

bool takes_provider(endpoint what) noexcept {
    return what == endpoint::remove_key || what == endpoint::check_key;
}

failure not_taken(endpoint what, std::string field, std::string_view sentence) {
    std::string message(sentence);
    message.append(" ").append(advice_for(what));
    return failure(reason::field_invalid, std::move(message)).with("field", std::move(field));
}

} // namespace

bool is_about_keys(endpoint what) noexcept {
    switch (what) {
    case endpoint::save_key:
    case endpoint::remove_key:
    case endpoint::key_status:
    case endpoint::check_key:
    case endpoint::public_key:
        return true;
    default:
        return false;
    }
}

result<void> check_key_input(endpoint what, const http::request_head& head, std::string_view query) {
    if (head.has(http::field::x_byot_provider)) {
        return not_taken(what, "x-byot-provider", "x-byot-provider is for requests to flows.");
    }
    const auto parameters = read_query(query);
    if (parameters.has_error()) return parameters.error();
    for (const auto& each : *parameters) {
        if (each.name != "provider") {
            return not_taken(what, "query",
                             takes_provider(what) ? "This address takes the parameter provider and no other."
                                                  : "This address takes no query parameters.");
        }
        if (!takes_provider(what))
            return not_taken(what, "provider", "This address takes no query parameters.");
    }
    return {};
}

failure unexpected_body(endpoint what) {
    return not_taken(what, "body", "This address takes no body.");
}

} // namespace byot::api
