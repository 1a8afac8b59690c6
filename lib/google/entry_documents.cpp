#include "google/entry_documents.hpp"

#include <fmt/format.h>
#include <sodium.h>

namespace byot::google {
namespace {

constexpr std::string_view key_field = "keyId";
constexpr std::string_view until_field = "until";
constexpr std::string_view closed_field = "closedAt";

std::string part_name(const firestore_client& client, std::string_view key_id, unsigned part) {
    return client.document_name(entries_collection, fmt::format("{}_{:02x}", key_id, part));
}

/// The same for every instance: std::hash need not be.
unsigned part_of(const user_id& who) noexcept {
    unsigned char digest[crypto_generichash_BYTES_MIN];
    const auto& text = who.canonical();
    crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), nullptr, 0);
    return digest[0] % entry_parts;
}

} // namespace

std::string barrier_name(const firestore_client& client, std::string_view key_id, const user_id& who) {
    return part_name(client, key_id, part_of(who));
}

std::string closing_name(const firestore_client& client, std::string_view key_id) {
    return part_name(client, key_id, 0);
}

std::vector<firestore_write> closing_writes(const firestore_client& client, std::string_view key_id,
                                            wall_time now) {
    std::vector<firestore_write> writes;
    for (unsigned part = 0; part < entry_parts; ++part) {
        firestore_write write;
        write.name = part_name(client, key_id, part);
        write.fields.emplace(closed_field, firestore_value(to_timestamp(now)));
        writes.push_back(std::move(write));
    }
    return writes;
}

firestore_write saver_write(const firestore_client& client, const vault::saver& who) {
    firestore_write write;
    write.name = client.document_name(savers_collection, who.id);
    write.fields.emplace(key_field, firestore_value(who.key_id));
    write.fields.emplace(until_field, firestore_value(to_timestamp(who.until)));
    return write;
}

firestore_write saver_removal(const firestore_client& client, std::string_view id) {
    firestore_write write;
    write.name = client.document_name(savers_collection, id);
    write.deletes = true;
    return write;
}

std::optional<vault::saver> read_saver(const firestore_document& document) {
    const auto key = document.fields.find(key_field);
    const auto until = document.fields.find(until_field);
    if (key == document.fields.end() || until == document.fields.end()) return std::nullopt;
    const auto* const key_id = key->second.as<std::string>();
    const auto* const time = until->second.as<firestore_timestamp>();
    if (!key_id || !time) return std::nullopt;
    vault::saver who;
    who.id = document.name.substr(document.name.rfind('/') + 1);
    who.key_id = *key_id;
    who.until = to_wall_time(*time);
    return who;
}

} // namespace byot::google
