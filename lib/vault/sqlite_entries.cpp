#include "vault/sqlite_entries.hpp"

namespace byot::vault {

void close_stored_entry(sqlite_database& database, const std::string& key_id, wall_time now) {
    auto statement =
        database.prepare("INSERT OR IGNORE INTO closed_entries (key_id, closed_at) VALUES (?, ?)");
    statement.bind(key_id).bind(std::int64_t{now.time_since_epoch().count()}).step();
}

bool is_entry_closed(sqlite_database& database, const std::string& key_id) {
    auto statement = database.prepare("SELECT 1 FROM closed_entries WHERE key_id = ?");
    return statement.bind(key_id).step();
}

void put_saver(sqlite_database& database, const saver& who) {
    auto statement = database.prepare("INSERT OR REPLACE INTO savers (id, key_id, until) VALUES (?, ?, ?)");
    statement.bind(who.id).bind(who.key_id).bind(std::int64_t{who.until.time_since_epoch().count()}).step();
}

void take_saver(sqlite_database& database, const std::string& id) {
    database.prepare("DELETE FROM savers WHERE id = ?").bind(id).step();
}

std::vector<saver> load_savers(sqlite_database& database) {
    auto statement = database.prepare("SELECT id, key_id, until FROM savers ORDER BY id");
    std::vector<saver> all;
    while (statement.step()) {
        const wall_time until{std::chrono::milliseconds(statement.number(2))};
        all.push_back({statement.bytes(0), statement.bytes(1), until});
    }
    return all;
}

} // namespace byot::vault
