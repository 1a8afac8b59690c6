#include "http/response.hpp"

#include "http/field_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <stdexcept>

namespace byot::http {
namespace {

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

} // namespace

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

} // namespace byot::http
