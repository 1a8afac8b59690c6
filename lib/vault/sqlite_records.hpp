#pragma once

#include "vault/key_store.hpp"
#include "vault/sqlite_database.hpp"

namespace byot::vault {

// What the store can do, as plain calls on the database's own thread; each throws `sqlite_error`. Those that
// change something are made inside a transaction. What each means stands with `key_store`.

std::vector<key_record> load_records(sqlite_database& database, const user_id& who);
/// What came of a save.
enum class save_end : std::uint8_t {
    saved,
    entry_closed, ///< no record is put under its entry any more
    user_removed, ///< the user was removed after the key was given
};
save_end save_record(sqlite_database& database, const user_id& who, const key_record& record);
bool remove_record(sqlite_database& database, const user_id& who, const std::string& provider);
/// Removes all of a user's, and leaves a tombstone.
void remove_records(sqlite_database& database, const user_id& who, wall_time at);
bool change_record(sqlite_database& database, const user_id& who, const key_change& what);
bool replace_record(sqlite_database& database, const user_id& who, const key_record& record,
                    const std::string& old_key_id);
std::vector<owned_record> list_records_not_under(sqlite_database& database, const std::string& newest_key_id,
                                                 const std::optional<user_id>& after, std::size_t limit);

void close_stored_entry(sqlite_database& database, const std::string& key_id, wall_time now);
bool is_entry_closed(sqlite_database& database, const std::string& key_id);
void put_saver(sqlite_database& database, const saver& who);
void take_saver(sqlite_database& database, const std::string& id);
std::vector<saver> load_savers(sqlite_database& database);

} // namespace byot::vault
