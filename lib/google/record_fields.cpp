#include "google/record_fields.hpp"

namespace byot::google {
namespace {

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

} // namespace

firestore_fields record_fields(const key_record& record) {
    firestore_fields fields;
    for (const auto& field : table) field.add(record, field.name, fields);
    return fields;
}

firestore_fields resealed_fields(const key_record& record) {
    firestore_fields fields;
    for (const auto& field : table) {
        if (is_resealed(field.name)) field.add(record, field.name, fields);
    }
    return fields;
}

firestore_fields changed_fields(const vault::key_change& change) {
    firestore_fields fields;
    if (change.state) fields.emplace("state", firestore_value(std::string(vault::name_of(*change.state))));
    add_time(change.last_used_at, "lastUsedAt", fields);
    add_time(change.last_checked_at, "lastCheckedAt", fields);
    return fields;
}

std::optional<key_record> read_record(const std::string& provider, const firestore_value& value) {
    const auto* const fields = value.as<firestore_fields>();
    if (!fields) return std::nullopt;
    key_record record;
    record.provider = provider;
    std::size_t known = 0;
    for (const auto& field : table) {
        const auto found = fields->find(field.name);
        if (found == fields->end()) {
            if (field.is_required) return std::nullopt;
            continue;
        }
        if (!field.read(found->second, record)) return std::nullopt;
        ++known;
    }
    if (known != fields->size()) return std::nullopt;
    return record;
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
