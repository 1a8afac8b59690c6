#include "vault/key_record.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace byot::vault {
namespace {

constexpr std::array<std::string_view, 6> state_names{"unverified", "verified", "rejected",
                                                      "exhausted",  "expired",  "undecryptable"};
constexpr std::size_t longest_key = 4096;
constexpr std::size_t shortest_hinted_key = 12;
constexpr std::size_t hint_size = 4;
constexpr std::string_view bearer = "Bearer ";

// White_Space of Unicode beyond ASCII, zero-width characters, byte order and direction marks, as UTF-8.
constexpr std::array<std::string_view, 38> unseen{
    "\u0085", "\u00a0", "\u00ad", "\u1680", "\u180e", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
    "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u200b", "\u200c", "\u200d", "\u200e",
    "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u202f", "\u205f",
    "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\u3000", "\ufe0f", "\ufeff"};

bool is_ascii_blank(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_visible(char c) noexcept {
    return c > ' ' && c < '\x7f';
}

bool is_line_end(char c) noexcept {
    return c == '\n' || c == '\r';
}

/// How many bytes of a blank the text begins or ends with.
std::size_t blank_at_begin(std::string_view text) noexcept {
    if (!text.empty() && is_ascii_blank(text.front())) return 1;
    const auto found = std::find_if(unseen.begin(), unseen.end(),
                                    [&](std::string_view each) { return text.starts_with(each); });
    return found == unseen.end() ? 0 : found->size();
}
std::size_t blank_at_end(std::string_view text) noexcept {
    if (!text.empty() && is_ascii_blank(text.back())) return 1;
    const auto found = std::find_if(unseen.begin(), unseen.end(),
                                    [&](std::string_view each) { return text.ends_with(each); });
    return found == unseen.end() ? 0 : found->size();
}

constexpr std::string_view domain = "byot-record-v1";

void append_field(std::string& out, std::string_view field) {
    const auto size = static_cast<std::uint64_t>(field.size());
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift & 0xff));
    out.append(field);
}

void append_field(std::string& out, std::optional<wall_time> when) {
    append_field(out, when ? std::to_string(when->time_since_epoch().count()) : std::string());
}

} // namespace

std::string_view name_of(key_state state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

std::optional<key_state> parse_key_state(std::string_view name) noexcept {
    const auto found = std::find(state_names.begin(), state_names.end(), name);
    if (found == state_names.end()) return std::nullopt;
    return static_cast<key_state>(found - state_names.begin());
}

key_state state_at(const key_record& record, wall_time now) noexcept {
    return record.expires_at && *record.expires_at <= now ? key_state::expired : record.state;
}

std::string_view without_blanks(std::string_view text) noexcept {
    while (const auto size = blank_at_begin(text)) text.remove_prefix(size);
    while (const auto size = blank_at_end(text)) text.remove_suffix(size);
    return text;
}

bool is_possible_key(std::string_view text) noexcept {
    return fault_of_key(text).empty();
}

std::string_view fault_of_key(std::string_view text) noexcept {
    if (text.empty()) return "It is empty.";
    if (text.size() > longest_key) return "It is longer than 4096 characters.";
    if (std::all_of(text.begin(), text.end(), is_visible)) return {};
    if (std::any_of(text.begin(), text.end(), is_line_end)) return "It has more than one line.";
    if (equals_ignoring_case(text.substr(0, bearer.size()), bearer))
        return "Leave out the word Bearer before it.";
    if (std::any_of(text.begin(), text.end(), is_ascii_blank)) return "It has a space inside.";
    return "It has a character that is not visible ASCII.";
}

std::string hint_of(const secret& api_key) {
    const auto text = api_key.expose();
    if (text.size() < shortest_hinted_key) return {};
    return std::string(text.substr(text.size() - hint_size));
}

std::string signed_text(const user_id& who, const key_record& record) {
    std::string text(domain);
    append_field(text, who.canonical());
    append_field(text, record.provider);
    append_field(text, record.credential_id);
    append_field(text, record.key_id);
    append_field(text, record.sealed);
    append_field(text, record.created_at);
    append_field(text, record.expires_at);
    return text;
}

void sign(const keyring_entry& entry, const user_id& who, key_record& record) {
    if (entry.sign_secret.empty()) throw std::logic_error("this keyring entry cannot sign");
    record.key_id = entry.id;
    const auto text = signed_text(who, record);
    record.signature.resize(crypto_sign_BYTES);
    crypto_sign_detached(reinterpret_cast<unsigned char*>(record.signature.data()), nullptr,
                         as_bytes(text).data(), text.size(), as_bytes(entry.sign_secret.expose()).data());
}

bool is_authentic(const keyring& ring, const user_id& who, const key_record& record) {
    const auto* const entry = ring.find(record.key_id);
    if (!entry || record.signature.size() != crypto_sign_BYTES) return false;
    const auto text = signed_text(who, record);
    return crypto_sign_verify_detached(as_bytes(record.signature).data(), as_bytes(text).data(), text.size(),
                                       entry->sign_public.data()) == 0;
}

} // namespace byot::vault
