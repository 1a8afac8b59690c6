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

// More than the text will take, so that it never moves and leaves a copy behind.
std::size_t room_for(const client_request& request) {
    std::size_t room = 256 + request.method.size() + request.address.origin.host.size() +
                       request.address.path.size() + request.address.query.size() + request.body.size();
    for (const auto& [name, value] : request.fields) room += name.size() + value.size() + 4;
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
    return !request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

} // namespace

client_request_text::client_request_text(const client_request& request) {
    text_.reserve(room_for(request));
    append_line(request);
    append_field(text_, "Host", authority(request.address.origin));
    for (const auto& [name, value] : request.fields) {
        check_not_set_here(name);
        append_field(text_, name, value);
    }
    if (has_length(request)) append_field(text_, "Content-Length", std::to_string(request.body.size()));
    text_.append("\r\n").append(request.body);
}

client_request_text::~client_request_text() {
    wipe(text_.data(), text_.size());
}

void client_request_text::append_line(const client_request& request) {
    const auto& [where, path, query] = request.address;
    if (!is_token(request.method)) throw std::logic_error("a method that is no token");
    if (!path.empty() && path.front() != '/') throw std::logic_error("a path that does not begin with /");
    check_target(path);
    check_target(query);
    text_.append(request.method).append(" ").append(path.empty() ? "/" : path);
    if (!query.empty()) text_.append("?").append(query);
    text_.append(" HTTP/1.1\r\n");
}

void add_secret_field(client_request& request, std::string name, std::string_view scheme,
                      std::string_view value) {
    auto& made = request.fields.emplace_back(std::move(name), std::string()).second;
    // On the heap even when it is short: moving the request must not copy it.
    made.reserve(std::max<std::size_t>(scheme.size() + value.size(), 64));
    made.append(scheme).append(value);
}

void wipe_contents(client_request& request) noexcept {
    wipe(request.body.data(), request.body.size());
    for (auto& [name, value] : request.fields) wipe(value.data(), value.size());
}

} // namespace byot::http
