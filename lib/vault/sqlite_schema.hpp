#pragma once

#include "vault/sqlite_database.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace byot::vault {

/// Opens the database file, or makes it, readable by its owner only; sets how it writes, and brings its
/// tables to this program's version (`PRAGMA user_version`) by a table of steps, all in one transaction.
/// `max_pages` of 4 KiB bound its size; 0: no bound. Throws std::runtime_error naming the file when it
/// cannot, when the file is another program's, or when a newer version of this one made it.
std::unique_ptr<sqlite_database> open_sqlite_database(const std::string& path, std::uint32_t max_pages);

/// The file's version of the tables; 0 for a new file. Throws std::runtime_error for another program's file
/// and for one that a newer version of this one made.
std::int64_t schema_version_of(sqlite_database& database);

} // namespace byot::vault
