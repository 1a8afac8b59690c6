#include "core/encoding.hpp"
#include "vault/key_record.hpp"
#include "vault/sealed_payload.hpp"

#include <sodium.h>

#include <stdexcept>

namespace byot::vault {
namespace {

bool open_box(const keyring_entry& entry, std::string_view sealed, secret& text) {
    if (entry.box_secret.empty() || sealed.size() < crypto_box_SEALBYTES) return false;
    text = secret(sealed.size());
    text.resize(sealed.size() - crypto_box_SEALBYTES);
    return crypto_box_seal_open(text.expose_writable().data(), as_bytes(sealed).data(), sealed.size(),
                                entry.box_public.data(), as_bytes(entry.box_secret.expose()).data()) == 0;
}

/// A box that names no tenant may be a tenant's user's: a browser need not know its tenant. The record's
/// signature binds it.
bool is_of(const sealed_payload& payload, const user_id& who) {
    return payload.uid == who.uid() && payload.tenant.value_or(who.tenant()) == who.tenant();
}

} // namespace

std::string seal_key(const keyring_entry& entry, const user_id& who, std::string_view provider,
                     const secret& api_key) {
    const auto text = write_payload(who, provider, entry.id, api_key.expose());
    std::string sealed(text.size() + crypto_box_SEALBYTES, '\0');
    if (crypto_box_seal(reinterpret_cast<unsigned char*>(sealed.data()), as_bytes(text.expose()).data(),
                        text.size(), entry.box_public.data()) != 0) {
        throw std::logic_error("the keyring entry's public key seals nothing");
    }
    return sealed;
}

result<secret> open_sealed(const keyring_entry& entry, const user_id& who, std::string_view provider,
                           std::string_view sealed) {
    secret text;
    if (!open_box(entry, sealed, text)) return failure(reason::key_undecryptable);
    const auto payload = parse_payload(text.expose());
    if (!payload || !is_of(*payload, who) || payload->provider != provider || payload->key_id != entry.id)
        return failure(reason::key_undecryptable);
    const auto api_key = without_blanks(payload->api_key);
    if (const auto fault = fault_of_key(api_key); !fault.empty())
        return failure(reason::key_required, std::string(fault));
    return secret::copy_of(api_key);
}

result<secret> open_record(const keyring& ring, const user_id& who, const key_record& record) {
    if (!is_authentic(ring, who, record)) return failure(reason::key_undecryptable);
    return open_sealed(*ring.find(record.key_id), who, record.provider, record.sealed);
}

} // namespace byot::vault
