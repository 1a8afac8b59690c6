#pragma once

#include "vault/key_record.hpp"
#include "vault/samples.hpp"

#include <string>
#include <utility>

/// Records to store, and when two are the same.
namespace byot::vault::testing {

inline bool same(const key_record& a, const key_record& b) {
    return a.provider == b.provider && a.credential_id == b.credential_id && a.key_id == b.key_id &&
           a.sealed == b.sealed && a.signature == b.signature && a.hint == b.hint && a.state == b.state &&
           a.created_at == b.created_at && a.updated_at == b.updated_at && a.last_used_at == b.last_used_at &&
           a.last_checked_at == b.last_checked_at && a.expires_at == b.expires_at;
}

/// A record of all fields, of which two are never alike.
inline key_record full_record(std::string provider, std::string key_id = "key_aaaaaaaaaaaa") {
    key_record record;
    record.provider = std::move(provider);
    record.credential_id = "cred_" + random_alphanumeric(16);
    record.key_id = std::move(key_id);
    record.sealed = std::string("\x00\xff\x80'\"\n", 6) + random_alphanumeric(60);
    record.signature = std::string(32, '\0') + random_alphanumeric(32);
    record.hint = "6789";
    record.state = key_state::verified;
    record.created_at = wall_time(std::chrono::milliseconds(1767323045678));
    record.updated_at = wall_time(std::chrono::milliseconds(1767323046789));
    record.last_used_at = wall_time(std::chrono::milliseconds(1767323047001));
    record.last_checked_at = wall_time(std::chrono::milliseconds(1767323048002));
    record.expires_at = wall_time(std::chrono::milliseconds(1798859045003));
    return record;
}

inline std::string new_uid() {
    return "user-" + random_alphanumeric(12);
}

inline std::string new_entry_id() {
    return "key_" + random_alphanumeric(12);
}

} // namespace byot::vault::testing
