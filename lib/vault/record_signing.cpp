#include "core/encoding.hpp"
#include "vault/key_record.hpp"

#include <sodium.h>

#include <stdexcept>

namespace byot::vault {
namespace {

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
