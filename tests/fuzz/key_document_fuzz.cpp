// A record that is read from a user's document is written as one that reads the same; one that this service
// would not have written can be seen but never believed.

#include "core/json.hpp"
#include "fuzz/require.hpp"
#include "google/firestore_document.hpp"
#include "google/key_document.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>

namespace {

using namespace byot;
using namespace byot::google;

constexpr std::string_view collection = "projects/p/databases/(default)/documents/byotUsers/";

bool is_same(const vault::key_record& a, const vault::key_record& b) {
    return a.provider == b.provider && a.credential_id == b.credential_id && a.key_id == b.key_id &&
           a.sealed == b.sealed && a.signature == b.signature && a.hint == b.hint && a.state == b.state &&
           a.created_at == b.created_at && a.updated_at == b.updated_at && a.last_used_at == b.last_used_at &&
           a.last_checked_at == b.last_checked_at && a.expires_at == b.expires_at;
}

/// What is stored when nothing was there before.
firestore_document stored(const firestore_write& write) {
    std::string text;
    append_fields(text, write.fields);
    const auto fields = read_fields(parse_json(text, 200).value());
    fuzz::require(fields.has_value());
    return {write.name, *fields, {}, "2026-01-02T03:04:05Z"};
}

void check_record(const user_id& uid, const vault::key_record& record) {
    if (record.credential_id.empty() || record.key_id.empty()) return; // stands for one that cannot be read
    const auto name = std::string(collection) + document_id(uid);
    const auto document = stored(save_write(name, uid, record));
    fuzz::require(owner_of(document) == uid);
    const auto again = find_record(document, record.provider);
    fuzz::require(again && is_same(*again, record) && again->version == document.update_time);
    fuzz::require(!find_record(document, record.provider + "x"));
}

void check(const firestore_document& document) {
    const auto records = read_records(document);
    if (!records) return;
    const auto owner = owner_of(document);
    for (const auto& record : *records) {
        fuzz::require(record.version == document.update_time && !record.provider.empty());
        fuzz::require(!record.key_id.empty() || record.signature.empty() ||
                      record.state != vault::key_state::undecryptable || !record.sealed.empty());
        if (owner) check_record(*owner, record);
        check_record(user_id("a/b"), record);
        check_record(user_id::in_tenant("acme-x1y2z", "ann"), record);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto document = parse_firestore_document(body);
    if (document) check(*document);
    const auto batch = parse_batch_get(body);
    if (!batch) return 0;
    for (const auto& found : *batch) check(found);
    return 0;
}
