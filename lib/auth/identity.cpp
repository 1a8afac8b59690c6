#include "auth/identity.hpp"

#include "core/encoding.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

constexpr std::size_t longest_uid = 128;
constexpr std::size_t longest_tenant = 64;

constexpr bool is_continuation(char c) noexcept {
    const unsigned byte = static_cast<unsigned char>(c);
    return (byte & 0xC0U) == 0x80;
}

constexpr bool is_path_byte(unsigned c) noexcept {
    return c < 0x20 || c == 0x7F || c == '/' || c == '\\';
}

/// A percent-escape at `at` of something that means more than itself once decoded.
bool is_hostile_escape(std::string_view text, std::size_t at) noexcept {
    if (text[at] != '%' || text.size() - at < 3) return false;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    if (high < 0 || low < 0) return false;
    const auto decoded = static_cast<unsigned>(high * 16 + low);
    return is_path_byte(decoded) || decoded == '.' || decoded == '%';
}

/// U+0080 to U+009F are C2 80 to C2 9F.
bool is_upper_control(std::string_view text, std::size_t at) noexcept {
    return text[at] == '\xC2' && text.size() - at > 1 && static_cast<unsigned char>(text[at + 1]) < 0xA0;
}

bool is_reserved(std::string_view id) noexcept {
    return id == "." || id == ".." || (id.size() >= 4 && id.starts_with("__") && id.ends_with("__"));
}

} // namespace

bool is_acceptable_uid(std::string_view uid) noexcept {
    if (uid.empty() || !is_utf8(uid) || is_reserved(uid)) return false;
    if (uid.size() - static_cast<std::size_t>(std::count_if(uid.begin(), uid.end(), is_continuation)) >
        longest_uid) {
        return false;
    }
    for (std::size_t at = 0; at < uid.size(); ++at) {
        if (is_path_byte(static_cast<unsigned char>(uid[at])) || is_hostile_escape(uid, at) ||
            is_upper_control(uid, at)) {
            return false;
        }
    }
    return true;
}

bool is_acceptable_tenant(std::string_view tenant) noexcept {
    const auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !tenant.empty() && tenant.size() <= longest_tenant &&
           std::all_of(tenant.begin(), tenant.end(), is_allowed);
}

} // namespace byot::auth
