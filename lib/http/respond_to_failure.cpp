#include "core/json.hpp"
#include "http/response.hpp"

#include <fmt/format.h>

#include <iterator>

namespace byot::http {
namespace {

void append_member(std::string& json, std::string_view name, std::string_view value) {
    append_json_string(json, name);
    json += ':';
    append_json_string(json, value);
}

void append_metadata(std::string& json, const failure& why) {
    json += "{";
    for (const auto& [name, value] : why.metadata()) {
        if (json.back() != '{') json += ',';
        append_member(json, name, value);
    }
    json += "}";
}

// google.rpc.Status with one google.rpc.ErrorInfo, as Google's own APIs answer.
std::string error_object(const failure& why, std::string_view request_id) {
    const auto& row = describe(why.why());
    std::string json;
    fmt::format_to(std::back_inserter(json), R"({{"error":{{"code":{},)", row.http_status);
    append_member(json, "status", row.rpc_status);
    json += ',';
    append_member(json, "message", why.message());
    json += R"(,"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",)";
    append_member(json, "reason", row.name);
    json += R"(,"domain":"byot","metadata":)";
    append_metadata(json, why);
    json += "}],";
    append_member(json, "requestId", request_id);
    json += "}}";
    return json;
}

// A request without any credentials is told of no error (RFC 6750 §3.1). The description is the table's: a
// failure's own sentence might have characters that may not stand there.
std::string challenge(const reason_row& row) {
    if (row.why == reason::token_missing) return R"(Bearer realm="byot")";
    return fmt::format(R"(Bearer realm="byot", error="invalid_token", error_description="{}")", row.message);
}

// Facts that HTTP has a field for (RFC 9110 §15.5.6, §15.5.16).
void add_field_of(response& answer, const failure& why, std::string_view fact, const char* field) {
    for (const auto& [name, value] : why.metadata()) {
        if (name == fact) answer.fields.emplace_back(field, value);
    }
}

} // namespace

response respond_to_failure(const failure& why, std::string_view request_id) {
    const auto& row = describe(why.why());
    response answer(row.http_status, error_object(why, request_id));
    answer.fields.emplace_back("Cache-Control", "no-store");
    if (row.http_status == 401) answer.fields.emplace_back("WWW-Authenticate", challenge(row));
    if (row.why == reason::method_not_allowed) add_field_of(answer, why, "allow", "Allow");
    if (row.why == reason::media_type_unsupported)
        add_field_of(answer, why, "acceptEncoding", "Accept-Encoding");
    if (const auto wait = why.retry_after(); wait.count() > 0)
        answer.fields.emplace_back("Retry-After", std::to_string(wait.count()));
    return answer;
}

} // namespace byot::http
