#include "api/openapi_components.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace byot::api::openapi {
namespace {

using rows = std::vector<const reason_row*>;

std::map<unsigned, rows> by_status(std::span<const reason> reasons) {
    std::map<unsigned, rows> grouped;
    for (const auto each : reasons) {
        const auto& row = byot::describe(each);
        grouped[row.http_status].push_back(&row);
    }
    return grouped;
}

std::string component_name(unsigned status) {
    return "Error" + std::to_string(status);
}

/// "A, B or C".
std::string names_of(const rows& all) {
    std::string names;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0) names += i + 1 == all.size() ? " or " : ", ";
        names += all[i]->name;
    }
    return names;
}

boost::json::object make_example(const reason_row& row) {
    const boost::json::object detail{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                                     {"reason", row.name},
                                     {"domain", "byot"},
                                     {"metadata", boost::json::object()}};
    const boost::json::object error{{"code", row.http_status},
                                    {"status", row.rpc_status},
                                    {"message", row.message},
                                    {"details", boost::json::array{detail}},
                                    {"requestId", "7b0c5d3e9f1a4c62"}};
    return {{"summary", row.message}, {"value", {{"error", error}}}};
}

boost::json::object make_field(std::string_view meaning, std::string_view type) {
    return {{"description", meaning}, {"schema", {{"type", type}}}};
}

boost::json::object make_fields(unsigned status, const rows& all) {
    boost::json::object fields{{"x-request-id", make_field("Names this request in the logs.", "string")}};
    if (status == 401) fields["WWW-Authenticate"] = make_field("A Bearer challenge (RFC 6750).", "string");
    if (status == 415) {
        fields["Accept-Encoding"] =
            make_field("`identity` where the body came in a content coding: send it without.", "string");
    }
    const bool waits = std::ranges::any_of(all, [](auto row) { return row->retry_after.count() > 0; });
    if (waits) fields["Retry-After"] = make_field("Seconds to wait before the next try.", "integer");
    add_rate_limit_fields(fields);
    return fields;
}

boost::json::object make_response(unsigned status, const rows& all) {
    boost::json::object examples;
    for (const auto* row : all) examples[row->name] = make_example(*row);
    const boost::json::object content{{"schema", reference_to("schemas", "Error")},
                                      {"examples", std::move(examples)}};
    return {{"description", names_of(all)},
            {"headers", make_fields(status, all)},
            {"content", {{"application/json", content}}}};
}

constexpr std::string_view policy_meaning =
    "The limits that this request met, \"user\" and \"address\": q requests in w seconds "
    "(draft-ietf-httpapi-ratelimit-headers). Absent when they are off.";
constexpr std::string_view state_meaning =
    "What is left of each: r requests at once, and one more in t seconds.";

boost::json::object make_text_field(std::string_view meaning, std::string_view example) {
    return {{"description", meaning}, {"schema", {{"type", "string"}, {"examples", {example}}}}};
}

} // namespace

void add_rate_limit_fields(boost::json::object& fields) {
    fields["RateLimit-Policy"] = make_text_field(policy_meaning, R"("user";q=60;w=60, "address";q=300;w=60)");
    fields["RateLimit"] = make_text_field(state_meaning, R"("user";r=59;t=1, "address";r=299;t=1)");
}

boost::json::array make_reason_table() {
    boost::json::array table;
    for (const auto& row : reason_table()) {
        boost::json::object line{{"reason", row.name},
                                 {"code", row.http_status},
                                 {"status", row.rpc_status},
                                 {"message", row.message},
                                 {"retryAfter", row.retry_after.count()}};
        table.push_back(std::move(line));
    }
    return table;
}

boost::json::object make_error_responses(std::span<const reason> reasons) {
    boost::json::object responses;
    for (const auto& [status, all] : by_status(reasons)) {
        responses[component_name(status)] = make_response(status, all);
    }
    return responses;
}

void refer_to_errors(boost::json::object& responses, std::span<const reason> reasons) {
    for (const auto& [status, all] : by_status(reasons)) {
        const auto code = std::to_string(status);
        if (responses.contains(code)) continue;
        auto reference = reference_to("responses", component_name(status));
        reference["description"] = names_of(all);
        responses[code] = std::move(reference);
    }
}

} // namespace byot::api::openapi
