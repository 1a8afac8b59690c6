#include "google/key_document.hpp"

#include "google/document_id.hpp"
#include "google/record_fields.hpp"

#include <array>

namespace byot::google {
namespace {

constexpr std::string_view keys_field = "keys";
constexpr std::string_view uid_field = "uid";
constexpr std::string_view tenant_field = "tenant";

std::string_view id_of(const firestore_document& document) {
    return std::string_view(document.name).substr(document.name.rfind('/') + 1);
}

std::string provider_path(std::string_view provider) {
    const std::array names{keys_field, provider};
    return field_path(names);
}

/// `fields` as the record of a provider.
firestore_fields in_keys(std::string_view provider, firestore_fields fields) {
    firestore_fields keys;
    keys.emplace(provider, firestore_value(std::move(fields)));
    firestore_fields all;
    all.emplace(keys_field, firestore_value(std::move(keys)));
    return all;
}

/// Null when it is absent or of another kind.
const std::string* text_field(const firestore_document& document, std::string_view name) {
    const auto found = document.fields.find(name);
    return found == document.fields.end() ? nullptr : found->second.as<std::string>();
}

void add_text(firestore_write& write, std::string_view name, std::string_view text) {
    write.fields.emplace(name, firestore_value(std::string(text)));
    write.mask->emplace_back(name);
}

/// A write of some fields of a record, the others staying.
firestore_write partial_write(std::string name, std::string_view provider, firestore_fields fields) {
    firestore_write write;
    write.name = std::move(name);
    write.mask.emplace();
    for (const auto& [field, value] : fields) {
        const std::array names{keys_field, provider, std::string_view(field)};
        write.mask->push_back(field_path(names));
    }
    write.fields = in_keys(provider, std::move(fields));
    return write;
}

} // namespace

std::optional<user_id> owner_of(const firestore_document& document) {
    const auto id = id_of(document);
    if (!id.starts_with('~')) return user_id(id);
    const auto* const uid = text_field(document, uid_field);
    const auto* const tenant = text_field(document, tenant_field);
    if (!uid || (tenant && tenant->size() > user_id::longest_tenant)) return std::nullopt;
    auto who = tenant ? user_id::in_tenant(*tenant, *uid) : user_id(*uid);
    if (document_id(who) != id) return std::nullopt;
    return who;
}

std::optional<std::vector<vault::key_record>> read_records(const firestore_document& document) {
    std::vector<vault::key_record> records;
    const auto found = document.fields.find(keys_field);
    if (found == document.fields.end()) return records;
    const auto* const keys = found->second.as<firestore_fields>();
    if (!keys) return std::nullopt;
    for (const auto& [provider, value] : *keys) {
        auto record = read_record(provider, value).value_or(untrusted_record(provider, document.created));
        record.version = document.update_time;
        records.push_back(std::move(record));
    }
    return records;
}

std::optional<vault::key_record> find_record(const std::optional<firestore_document>& document,
                                             std::string_view provider) {
    if (!document) return std::nullopt;
    auto records = read_records(*document);
    if (!records) return std::nullopt;
    for (auto& record : *records) {
        if (record.provider == provider) return std::move(record);
    }
    return std::nullopt;
}

firestore_write save_write(std::string name, const user_id& who, const vault::key_record& record) {
    firestore_write write;
    write.name = std::move(name);
    write.fields = in_keys(record.provider, record_fields(record));
    write.mask.emplace();
    write.mask->push_back(provider_path(record.provider));
    if (document_id(who) != who.uid()) add_text(write, uid_field, who.uid());
    if (!who.tenant().empty()) add_text(write, tenant_field, who.tenant());
    return write;
}

firestore_write remove_write(std::string name, std::string_view provider) {
    firestore_write write;
    write.name = std::move(name);
    write.mask.emplace();
    write.mask->push_back(provider_path(provider));
    return write;
}

firestore_write change_write(std::string name, const vault::key_change& change) {
    return partial_write(std::move(name), change.provider, changed_fields(change));
}

firestore_write replace_write(std::string name, const vault::key_record& record) {
    return partial_write(std::move(name), record.provider, resealed_fields(record));
}

} // namespace byot::google
