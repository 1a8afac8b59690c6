#include "http/response.hpp"

#include "core/json.hpp"
#include "http/characters.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace byot::http {
namespace {

constexpr std::string_view unregistered = "Unknown";

constexpr std::size_t usual_head_size = 512;

// Statuses whose answers never have content (RFC 9110 §6.4.1); Content-Length is forbidden on 204 (§8.6) and
// on 304 would have to be that of another answer.
bool may_have_content(unsigned status) {
    return status >= 200 && status != 204 && status != 304;
}

void check_extra(std::string_view lines) {
    if (lines.empty()) return;
    if (!lines.ends_with("\r\n") || lines.find("\r\n\r\n") != std::string_view::npos)
        throw std::logic_error("extra field lines that are not whole lines");
}

void append_content_fields(std::string& head, const response& answer) {
    if (!answer.content_type.empty()) append_field(head, "Content-Type", answer.content_type);
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", answer.body.size());
}

void append_member(std::string& json, std::string_view name, std::string_view value) {
    append_json_string(json, name);
    json += ':';
    append_json_string(json, value);
}

void append_metadata(std::string& json, const failure& why) {
    json += '{';
    for (const auto& [name, value] : why.metadata()) {
        if (json.back() != '{') json += ',';
        append_member(json, name, value);
    }
    json += '}';
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

bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_length(text) == text.size();
}

bool is_field_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), [](char c) { return !is_field_text(c) || c == '\t'; });
}

// The messages name no value: it may be a key.
void check_field(std::string_view name, std::string_view value) {
    if (!is_token(name)) throw std::logic_error("a field's name is no token");
    if (!is_field_value(value))
        throw std::logic_error("a control character in the value of " + std::string(name));
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    check_field(name, value);
    head.append(name).append(": ").append(value).append("\r\n");
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
    case 103:
        return "Early Hints";
    case 413:
        return "Content Too Large";
    case 422:
        return "Unprocessable Content";
    case 425:
        return "Too Early";
    case 444: // Beast names these four, the registry does not
    case 499:
    case 510:
    case 599:
        return unregistered;
    default:
        break;
    }
    const auto known = boost::beast::http::int_to_status(status);
    if (known == boost::beast::http::status::unknown) return unregistered;
    return boost::beast::http::obsolete_reason(known);
}

std::string serialize(const response& answer, const response_frame& frame) {
    const bool has_content = may_have_content(answer.status);
    if (!has_content && !answer.body.empty()) throw std::logic_error("a body on a status without one");
    check_extra(frame.extra);
    check_extra(frame.rate_limits);

    std::string text;
    text.reserve(usual_head_size + frame.extra.size() + frame.rate_limits.size() + answer.body.size());
    fmt::format_to(std::back_inserter(text), "HTTP/1.1 {} {}\r\n", answer.status,
                   reason_phrase(answer.status));
    append_field(text, "Date", format_http_date(frame.date));
    if (has_content) append_content_fields(text, answer);
    append_field(text, "X-Content-Type-Options", "nosniff");
    append_field(text, "x-request-id", frame.request_id);
    for (const auto& [name, value] : answer.fields) append_field(text, name, value);
    text.append(frame.extra);
    text.append(frame.rate_limits);
    if (!frame.keeps_alive) append_field(text, "Connection", "close");
    text.append("\r\n");
    if (!frame.is_head) text.append(answer.body);
    return text;
}

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
