#include "core/encoding.hpp"
#include "vault/keyring_members.hpp"

#include <sodium.h>

namespace byot::vault {
namespace {

constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
// Room for one entry: names, punctuation and values come to under 600 bytes.
constexpr std::size_t room_per_entry = 1024;
constexpr std::size_t room_for_frame = 128;

void append_base64(secret& out, bytes_view bytes) {
    const auto before = out.size();
    const auto size = sodium_base64_encoded_len(bytes.size(), variant); // with its terminating zero
    out.resize(before + size);
    const auto room = out.expose_writable().subspan(before);
    sodium_bin2base64(reinterpret_cast<char*>(room.data()), room.size(), bytes.data(), bytes.size(), variant);
    out.resize(before + size - 1);
}

void append_name(secret& out, std::string_view name) {
    out.append(name == "id" ? "\n    { \"" : ",\n      \"");
    out.append(name);
    out.append("\": \"");
}

void append_text(secret& out, std::string_view name, std::string_view value) {
    append_name(out, name);
    out.append(value);
    out.append("\"");
}

void append_bytes(secret& out, std::string_view name, bytes_view value) {
    if (value.empty()) return;
    append_name(out, name);
    append_base64(out, value);
    out.append("\"");
}

void append_entry(secret& out, const keyring_entry& entry, keyring_part part) {
    append_text(out, "id", entry.id);
    append_text(out, "createdAt", format_rfc3339(entry.created_at));
    append_bytes(out, "boxPublic", entry.box_public);
    if (part != keyring_part::keys_role) append_bytes(out, "boxSecret", as_bytes(entry.box_secret.expose()));
    append_bytes(out, "signPublic", entry.sign_public);
    if (part != keyring_part::ai_role) append_bytes(out, "signSecret", as_bytes(entry.sign_secret.expose()));
    append_text(out, "state", entry.is_active ? "active" : "retired");
    out.append(" }");
}

} // namespace

secret serialize_keyring(const keyring& ring, keyring_part part) {
    secret out(room_for_frame + room_per_entry * ring.entries().size());
    out.append("{ \"version\": 1, \"entries\": [");
    bool is_first = true;
    for (const auto& entry : ring.entries()) {
        if (!is_first) out.append(",");
        is_first = false;
        append_entry(out, entry, part);
    }
    out.append("\n] }\n");
    return out;
}

} // namespace byot::vault
