#pragma once

#include "vault/key_store.hpp"
#include "vault/sqlite_database.hpp"

namespace byot::vault {

/// What the store can do, as plain calls on the database's own thread; each throws `sqlite_error`. Those that
/// change something are made inside a transaction.

std::vector<key_record> load_records(sqlite_database& database, const user_id& who);
/// Whether it was saved: not under a closed entry.
bool save_record(sqlite_database& database, const user_id& who, const key_record& record);
bool remove_record(sqlite_database& database, const user_id& who, const std::string& provider);
bool change_record(sqlite_database& database, const user_id& who, const key_change& what);
bool replace_record(sqlite_database& database, const user_id& who, const key_record& record,
                    const std::string& old_key_id);
std::vector<owned_record> list_records_not_under(sqlite_database& database, const std::string& newest_key_id,
                                                 const std::optional<user_id>& after, std::size_t limit);

} // namespace byot::vault
