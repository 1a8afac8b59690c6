#pragma once

#include "vault/key_store.hpp"
#include "vault/sqlite_database.hpp"

namespace byot::vault {

/// What the store knows of the keyring's entries and of who seals for them, as plain calls on the database's
/// own thread; each throws `sqlite_error`.

void close_stored_entry(sqlite_database& database, const std::string& key_id, wall_time now);
bool is_entry_closed(sqlite_database& database, const std::string& key_id);
void put_saver(sqlite_database& database, const saver& who);
void take_saver(sqlite_database& database, const std::string& id);
std::vector<saver> load_savers(sqlite_database& database);

} // namespace byot::vault
