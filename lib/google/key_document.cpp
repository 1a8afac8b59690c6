#include "google/key_document.hpp"

#include "core/encoding.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

using vault::key_change;
using vault::key_record;

/// One field of the record in both directions: adds it when there is something to add; says whether what was
/// read is of its kind.
struct record_field {
    std::string_view name;
    bool is_required;
    void (*add)(const key_record& from, std::string_view name, firestore_fields& to);
    bool (*read)(const firestore_value& from, key_record& to);
};

template <auto Member>
struct text_field {
    static void add(const key_record& from, std::string_view name, firestore_fields& to) {
        if (!(from.*Member).empty()) to.emplace(name, firestore_value(from.*Member));
    }
    static bool read(const firestore_value& from, key_record& to) {
        const auto* const text = from.as<std::string>();
        if (text) to.*Member = *text;
        return text != nullptr;
    }
};

template <auto Member>
struct bytes_field {
    static void add(const key_record& from, std::string_view name, firestore_fields& to) {
        to.emplace(name, firestore_value(firestore_bytes{from.*Member}));
    }
    static bool read(const firestore_value& from, key_record& to) {
        const auto* const bytes = from.as<firestore_bytes>();
        if (bytes) to.*Member = bytes->content;
        return bytes != nullptr;
    }
};

void add_time(std::optional<wall_time> when, std::string_view name, firestore_fields& to) {
    if (when) to.emplace(name, firestore_value(to_timestamp(*when)));
}

template <auto Member>
struct time_field {
    static void add(const key_record& from, std::string_view name, firestore_fields& to) {
        add_time(from.*Member, name, to);
    }
    static bool read(const firestore_value& from, key_record& to) {
        const auto* const when = from.as<firestore_timestamp>();
        if (when) to.*Member = to_wall_time(*when);
        return when != nullptr;
    }
};

struct state_field {
    static void add(const key_record& from, std::string_view name, firestore_fields& to) {
        to.emplace(name, firestore_value(std::string(vault::name_of(from.state))));
    }
    static bool read(const firestore_value& from, key_record& to) {
        const auto* const name = from.as<std::string>();
        const auto state = name ? vault::parse_key_state(*name) : std::nullopt;
        if (state) to.state = *state;
        return state.has_value();
    }
};

template <class Kind>
constexpr record_field row(std::string_view name, bool is_required) {
    return {name, is_required, Kind::add, Kind::read};
}

constexpr std::array table{
    row<bytes_field<&key_record::sealed>>("sealed", true),
    row<text_field<&key_record::key_id>>("keyId", true),
    row<text_field<&key_record::credential_id>>("credentialId", true),
    row<bytes_field<&key_record::signature>>("signature", true),
    row<text_field<&key_record::hint>>("hint", false),
    row<state_field>("state", true),
    row<time_field<&key_record::created_at>>("createdAt", true),
    row<time_field<&key_record::updated_at>>("updatedAt", true),
    row<time_field<&key_record::last_used_at>>("lastUsedAt", false),
    row<time_field<&key_record::last_checked_at>>("lastCheckedAt", false),
    row<time_field<&key_record::expires_at>>("expiresAt", false),
};

bool is_resealed(std::string_view name) {
    return name == "sealed" || name == "keyId" || name == "signature" || name == "updatedAt";
}

/// Every field of the record that it has.
firestore_fields record_fields(const key_record& record) {
    firestore_fields fields;
    for (const auto& field : table) field.add(record, field.name, fields);
    return fields;
}

/// The fields that a rewrap makes anew.
firestore_fields resealed_fields(const key_record& record) {
    firestore_fields fields;
    for (const auto& field : table) {
        if (is_resealed(field.name)) field.add(record, field.name, fields);
    }
    return fields;
}

/// The fields that the change names.
firestore_fields changed_fields(const key_change& change) {
    firestore_fields fields;
    if (change.state) fields.emplace("state", firestore_value(std::string(vault::name_of(*change.state))));
    add_time(change.last_used_at, "lastUsedAt", fields);
    add_time(change.last_checked_at, "lastCheckedAt", fields);
    return fields;
}

/// The record again; nothing unless it is a map with these fields, each of its kind. What else is there is a
/// later version's, and not signed; what counts is.
std::optional<key_record> read_record(const std::string& provider, const firestore_value& value) {
    const auto* const fields = value.as<firestore_fields>();
    if (!fields) return std::nullopt;
    key_record record;
    record.provider = provider;
    for (const auto& field : table) {
        const auto found = fields->find(field.name);
        if (found == fields->end()) {
            if (field.is_required) return std::nullopt;
            continue;
        }
        if (!field.read(found->second, record)) return std::nullopt;
    }
    return record;
}

constexpr std::string_view keys_field = "keys";
constexpr std::string_view uid_field = "uid";
constexpr std::string_view tenant_field = "tenant";
constexpr std::string_view version_field = "version";
constexpr std::string_view removed_field = "removedAt";

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
const std::string* text_in(const firestore_document& document, std::string_view name) {
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

/// Version 1: a map `keys` of a record for each provider.
std::optional<std::vector<key_record>> read_keys_map(const firestore_document& document) {
    std::vector<key_record> records;
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

struct document_layout {
    std::int64_t version;
    std::optional<std::vector<key_record>> (*read)(const firestore_document&);
};

// A new layout is read one release before any is written: in a rollout both releases run side by side.
constexpr std::array layouts{
    document_layout{1, read_keys_map},
};

/// Null for a layout that is not known.
const document_layout* layout_of(const firestore_document& document) {
    const auto found = document.fields.find(version_field);
    if (found == document.fields.end()) return &layouts.front();
    const auto* const version = found->second.as<std::int64_t>();
    const auto known =
        version ? std::ranges::find(layouts, *version, &document_layout::version) : layouts.end();
    return known == layouts.end() ? nullptr : &*known;
}

} // namespace

std::string document_id(const user_id& who) {
    const std::string_view text = who.canonical(); // which is no document id where there is a tenant
    if (is_document_id(text) && !text.starts_with('~')) return std::string(text);
    std::array<unsigned char, 32> digest;
    crypto_generichash(digest.data(), digest.size(), as_bytes(text).data(), text.size(), nullptr, 0);
    return "~" + base64url_encode(digest);
}

std::optional<user_id> owner_of(const firestore_document& document) {
    const auto id = id_of(document);
    if (!id.starts_with('~')) return user_id(id);
    const auto* const uid = text_in(document, uid_field);
    const auto* const tenant = text_in(document, tenant_field);
    if (!uid || (tenant && tenant->size() > user_id::longest_tenant)) return std::nullopt;
    auto who = tenant ? user_id::in_tenant(*tenant, *uid) : user_id(*uid);
    if (document_id(who) != id) return std::nullopt;
    return who;
}

bool is_of_known_version(const firestore_document& document) {
    return layout_of(document) != nullptr;
}

std::optional<wall_time> removed_at(const firestore_document& document) {
    const auto found = document.fields.find(removed_field);
    if (found == document.fields.end()) return std::nullopt;
    const auto* const when = found->second.as<firestore_timestamp>();
    return when ? std::optional(to_wall_time(*when)) : std::nullopt;
}

std::optional<std::vector<key_record>> read_records(const firestore_document& document) {
    const auto* const layout = layout_of(document);
    return layout ? layout->read(document) : std::nullopt;
}

std::optional<key_record> find_record(const std::optional<firestore_document>& document,
                                      std::string_view provider) {
    if (!document) return std::nullopt;
    auto records = read_records(*document);
    if (!records) return std::nullopt;
    for (auto& record : *records) {
        if (record.provider == provider) return std::move(record);
    }
    return std::nullopt;
}

firestore_write save_write(std::string name, const user_id& who, const key_record& record) {
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

firestore_write user_removal_write(std::string name, wall_time at) {
    firestore_write write;
    write.name = std::move(name);
    write.fields.emplace(removed_field, firestore_value(to_timestamp(at)));
    return write;
}

firestore_write change_write(std::string name, const key_change& change) {
    return partial_write(std::move(name), change.provider, changed_fields(change));
}

firestore_write replace_write(std::string name, const key_record& record) {
    return partial_write(std::move(name), record.provider, resealed_fields(record));
}

key_record untrusted_record(const std::string& provider, firestore_timestamp created) {
    key_record record;
    record.provider = provider;
    record.state = vault::key_state::undecryptable;
    record.created_at = to_wall_time(created);
    record.updated_at = record.created_at;
    return record;
}

} // namespace byot::google
