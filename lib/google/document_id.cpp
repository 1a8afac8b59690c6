#include "google/document_id.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

constexpr std::size_t longest_id = 1500;

bool is_reserved(std::string_view text) noexcept {
    return text == "." || text == ".." ||
           (text.size() >= 4 && text.starts_with("__") && text.ends_with("__"));
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

bool is_document_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_id && is_utf8(text) && !is_reserved(text) &&
           std::ranges::none_of(text, [](char c) { return c == '/' || is_control(c); });
}

std::string document_id(const user_id& who) {
    const std::string_view text = who.canonical(); // which is no document id where there is a tenant
    if (is_document_id(text) && !text.starts_with('~')) return std::string(text);
    std::array<unsigned char, 32> digest;
    crypto_generichash(digest.data(), digest.size(), as_bytes(text).data(), text.size(), nullptr, 0);
    return "~" + base64url_encode(digest);
}

} // namespace byot::google
