#include "http/client_request_text.hpp"

#include "core/encoding.hpp"
#include "core/secret.hpp"
#include "http/characters.hpp"
#include "http/field_text.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace byot::http {
namespace {

constexpr std::array<std::string_view, 6> set_here{"host",    "content-length", "transfer-encoding",
                                                   "upgrade", "connection",     "expect"};

std::string_view body_of(const client_request& request) noexcept {
    return request.secret_body ? request.secret_body->expose() : std::string_view(request.body);
}

// More than the text will take, so that it never moves.
std::size_t room_for(const client_request& request) {
    std::size_t room = 256 + request.method.size() + request.address.origin.host.size() +
                       request.address.path.size() + request.address.query.size() + body_of(request).size();
    for (const auto& [name, value] : request.fields) room += name.size() + value.size() + 4;
    for (const auto& [name, scheme, value] : request.secret_fields)
        room += name.size() + scheme.size() + value->size() + 4;
    return room;
}

void check_target(std::string_view part) {
    const bool is_sound =
        std::all_of(part.begin(), part.end(), [](char c) { return is_visible(c) && c != '#'; });
    if (!is_sound) throw std::logic_error("a character in an address that may not stand there");
}

void check_not_set_here(std::string_view name) {
    const bool is_ours = std::any_of(set_here.begin(), set_here.end(),
                                     [&](std::string_view ours) { return equals_ignoring_case(name, ours); });
    if (is_ours) throw std::logic_error("a field that the client itself sets: " + std::string(name));
}

// RFC 9110 §8.6: also without a body, where the method gives one a meaning.
bool has_length(const client_request& request) {
    const auto& method = request.method;
    return !body_of(request).empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

} // namespace

client_request_text::client_request_text(const client_request& request) : text_(room_for(request)) {
    append_line(request);
    append_field("Host", "", authority(request.address.origin));
    for (const auto& [name, value] : request.fields) {
        check_not_set_here(name);
        append_field(name, "", value);
    }
    for (const auto& [name, scheme, value] : request.secret_fields) {
        check_not_set_here(name);
        append_field(name, scheme, value->expose());
    }
    const auto body = body_of(request);
    if (has_length(request)) append_field("Content-Length", "", std::to_string(body.size()));
    text_.append("\r\n");
    text_.append(body);
}

void client_request_text::append_line(const client_request& request) {
    const auto& [where, path, query] = request.address;
    if (!is_token(request.method)) throw std::logic_error("a method that is no token");
    if (!path.empty() && path.front() != '/') throw std::logic_error("a path that does not begin with /");
    check_target(path);
    check_target(query);
    text_.append(request.method);
    text_.append(" ");
    text_.append(path.empty() ? "/" : path);
    if (!query.empty()) text_.append("?");
    text_.append(query);
    text_.append(" HTTP/1.1\r\n");
}

void client_request_text::append_field(std::string_view name, std::string_view scheme,
                                       std::string_view value) {
    check_field(name, value);
    for (const auto part : {name, std::string_view(": "), scheme, value, std::string_view("\r\n")})
        text_.append(part);
}

void add_secret_field(client_request& request, std::string name, std::string_view scheme,
                      std::string_view value) {
    auto copy = std::make_shared<const secret>(secret::copy_of(value));
    request.secret_fields.push_back({std::move(name), scheme, std::move(copy)});
}

} // namespace byot::http
