#pragma once

#include "vault/key_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace byot::vault {

/// Opens (or makes, mode 0600) an SQLite file in WAL mode with synchronous=FULL, on a thread of its own.
/// Acknowledged writes survive a killed process; several writes that wait are committed as one transaction.
/// Throws std::runtime_error with the file's name and SQLite's message when that fails.
std::unique_ptr<key_store> open_sqlite_store(const std::string& path);

/// The same with a bound on the file's size, in pages of 4 KiB; over it, writes are `store_unavailable`.
std::unique_ptr<key_store> open_sqlite_store(const std::string& path, std::uint32_t max_pages);

/// Why `open_sqlite_store` would not open it, for the operator, with the file's or folder's name; nothing
/// when nothing is seen. Changes and makes nothing, so what only shows in the doing is not found: a file
/// system without locks or without room.
std::optional<std::string> why_no_sqlite_store(const std::string& path);

} // namespace byot::vault
