#include "vault/sqlite_records.hpp"

#include <sqlite3.h>

namespace byot::vault {
namespace {

std::int64_t to_number(wall_time when) {
    return when.time_since_epoch().count();
}

std::optional<std::int64_t> to_number(std::optional<wall_time> when) {
    if (!when) return std::nullopt;
    return to_number(*when);
}

wall_time to_time(std::int64_t number) {
    return wall_time(std::chrono::milliseconds(number));
}

std::optional<wall_time> to_time(std::optional<std::int64_t> number) {
    if (!number) return std::nullopt;
    return to_time(*number);
}

// From a row of: provider, credential_id, key_id, sealed, signature, hint, state, created_at, updated_at,
// last_used_at, last_checked_at, expires_at; behind `first` other columns.
key_record read_row(const sqlite_statement& row, int first) {
    key_record record;
    record.provider = row.bytes(first);
    record.credential_id = row.bytes(first + 1);
    record.key_id = row.bytes(first + 2);
    record.sealed = row.bytes(first + 3);
    record.signature = row.bytes(first + 4);
    record.hint = row.bytes(first + 5);
    const auto state = parse_key_state(row.bytes(first + 6));
    if (!state) throw sqlite_error(SQLITE_CORRUPT, "a record has an unknown state");
    record.state = *state;
    record.created_at = to_time(row.number(first + 7));
    record.updated_at = to_time(row.number(first + 8));
    record.last_used_at = to_time(row.optional_number(first + 9));
    record.last_checked_at = to_time(row.optional_number(first + 10));
    record.expires_at = to_time(row.optional_number(first + 11));
    return record;
}

/// For `tenant = ? AND uid = ?`, in that order.
sqlite_statement& bind_user(sqlite_statement& statement, const user_id& who) {
    return statement.bind(who.tenant()).bind(who.uid());
}

/// From a row that begins with: tenant, uid.
user_id read_user(const sqlite_statement& row) {
    const auto tenant = row.bytes(0);
    if (tenant.size() > user_id::longest_tenant) {
        throw sqlite_error(SQLITE_CORRUPT, "a record has an impossible tenant");
    }
    return user_id::in_tenant(tenant, row.bytes(1));
}

/// Whether a key that the user stored then is one of those that were removed with the user.
bool is_removed_with_user(sqlite_database& database, const user_id& who, wall_time stored_at) {
    auto statement =
        database.prepare("SELECT 1 FROM removed_users WHERE tenant = ? AND uid = ? AND removed_at >= ?");
    return bind_user(statement, who).bind(to_number(stored_at)).step();
}

} // namespace

std::vector<key_record> load_records(sqlite_database& database, const user_id& who) {
    auto statement = database.prepare(
        "SELECT provider, credential_id, key_id, sealed, signature, hint, state, created_at, updated_at,"
        " last_used_at, last_checked_at, expires_at FROM keys WHERE tenant = ? AND uid = ?"
        " ORDER BY provider");
    bind_user(statement, who);
    std::vector<key_record> records;
    while (statement.step()) records.push_back(read_row(statement, 0));
    return records;
}

save_end save_record(sqlite_database& database, const user_id& who, const key_record& record) {
    if (is_removed_with_user(database, who, record.created_at)) return save_end::user_removed;
    auto statement = database.prepare("INSERT OR REPLACE INTO keys (tenant, uid, provider, credential_id, "
                                      "key_id, sealed, signature, hint, state,"
                                      " created_at, updated_at, last_used_at, last_checked_at, expires_at)"
                                      " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
                                      " WHERE NOT EXISTS (SELECT 1 FROM closed_entries WHERE key_id = ?)");
    bind_user(statement, who).bind(record.provider).bind(record.credential_id).bind(record.key_id);
    statement.bind(record.sealed).bind(record.signature).bind(record.hint).bind(name_of(record.state));
    statement.bind(to_number(record.created_at)).bind(to_number(record.updated_at));
    statement.bind(to_number(record.last_used_at)).bind(to_number(record.last_checked_at));
    statement.bind(to_number(record.expires_at)).bind(record.key_id).step();
    return database.changed_rows() > 0 ? save_end::saved : save_end::entry_closed;
}

bool remove_record(sqlite_database& database, const user_id& who, const std::string& provider) {
    auto statement = database.prepare("DELETE FROM keys WHERE tenant = ? AND uid = ? AND provider = ?");
    bind_user(statement, who).bind(provider).step();
    return database.changed_rows() > 0;
}

// A tombstone is not moved back by a removal that comes late.
void remove_records(sqlite_database& database, const user_id& who, wall_time at) {
    auto leaves = database.prepare("INSERT INTO removed_users (tenant, uid, removed_at) VALUES (?, ?, ?)"
                                   " ON CONFLICT (tenant, uid) DO UPDATE"
                                   " SET removed_at = max(removed_at, excluded.removed_at)");
    bind_user(leaves, who).bind(to_number(at)).step();
    auto removes = database.prepare("DELETE FROM keys WHERE tenant = ? AND uid = ?");
    bind_user(removes, who).step();
}

bool change_record(sqlite_database& database, const user_id& who, const key_change& what) {
    auto statement = database.prepare(
        "UPDATE keys SET state = coalesce(?, state), last_used_at = coalesce(?, last_used_at),"
        " last_checked_at = coalesce(?, last_checked_at)"
        " WHERE tenant = ? AND uid = ? AND provider = ? AND credential_id = ?");
    if (what.state) {
        statement.bind(name_of(*what.state));
    } else {
        statement.bind(std::optional<std::int64_t>());
    }
    statement.bind(to_number(what.last_used_at)).bind(to_number(what.last_checked_at));
    bind_user(statement, who).bind(what.provider).bind(what.credential_id).step();
    return database.changed_rows() > 0;
}

bool replace_record(sqlite_database& database, const user_id& who, const key_record& record,
                    const std::string& old_key_id) {
    auto statement = database.prepare("UPDATE keys SET key_id = ?, sealed = ?, signature = ?, updated_at = ?"
                                      " WHERE tenant = ? AND uid = ? AND provider = ? AND credential_id = ?"
                                      " AND key_id = ?"
                                      " AND NOT EXISTS (SELECT 1 FROM closed_entries WHERE key_id = ?)");
    statement.bind(record.key_id).bind(record.sealed).bind(record.signature);
    statement.bind(to_number(record.updated_at));
    bind_user(statement, who).bind(record.provider).bind(record.credential_id).bind(old_key_id);
    statement.bind(record.key_id).step();
    return database.changed_rows() > 0;
}

std::vector<owned_record> list_records_not_under(sqlite_database& database, const std::string& newest_key_id,
                                                 const std::optional<user_id>& after, std::size_t limit) {
    auto statement = database.prepare(
        "SELECT tenant, uid, provider, credential_id, key_id, sealed, signature, hint, state, created_at,"
        " updated_at, last_used_at, last_checked_at, expires_at FROM keys"
        " WHERE (tenant, uid) > (?, ?) AND key_id <> ? ORDER BY tenant, uid, provider");
    const auto behind = after.value_or(user_id());
    bind_user(statement, behind).bind(newest_key_id);
    std::vector<owned_record> records;
    while (statement.step()) {
        auto who = read_user(statement);
        // A user's records stay together: the next call begins behind this user.
        if (records.size() >= limit && records.back().who != who) break;
        records.push_back({std::move(who), read_row(statement, 2)});
    }
    return records;
}

void close_stored_entry(sqlite_database& database, const std::string& key_id, wall_time now) {
    auto statement =
        database.prepare("INSERT OR IGNORE INTO closed_entries (key_id, closed_at) VALUES (?, ?)");
    statement.bind(key_id).bind(to_number(now)).step();
}

bool is_entry_closed(sqlite_database& database, const std::string& key_id) {
    auto statement = database.prepare("SELECT 1 FROM closed_entries WHERE key_id = ?");
    return statement.bind(key_id).step();
}

void put_saver(sqlite_database& database, const saver& who) {
    auto statement = database.prepare("INSERT OR REPLACE INTO savers (id, key_id, until) VALUES (?, ?, ?)");
    statement.bind(who.id).bind(who.key_id).bind(to_number(who.until)).step();
}

void take_saver(sqlite_database& database, const std::string& id) {
    database.prepare("DELETE FROM savers WHERE id = ?").bind(id).step();
}

std::vector<saver> load_savers(sqlite_database& database) {
    auto statement = database.prepare("SELECT id, key_id, until FROM savers ORDER BY id");
    std::vector<saver> all;
    while (statement.step()) {
        all.push_back({statement.bytes(0), statement.bytes(1), to_time(statement.number(2))});
    }
    return all;
}

} // namespace byot::vault
