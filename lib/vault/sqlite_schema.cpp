#include "vault/sqlite_schema.hpp"

#include "core/file_descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>

namespace byot::vault {
namespace {

constexpr std::int64_t application_id = 0x62796f74; // "byot"

// Each step leads from the version that is its place to the next: a new file, of version 0, goes through all
// of them, and so no version has a way of its own. A step that was released is never changed. Ids are kept as
// bytes: they compare bytewise and hold whatever a token's subject holds.
constexpr std::array<const char*, 4> steps{
    // 0: a new file.
    R"(
    CREATE TABLE keys (
        uid BLOB NOT NULL,
        provider BLOB NOT NULL,
        credential_id BLOB NOT NULL,
        key_id BLOB NOT NULL,
        sealed BLOB NOT NULL,
        signature BLOB NOT NULL,
        hint BLOB NOT NULL,
        state BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        last_used_at INTEGER,
        last_checked_at INTEGER,
        expires_at INTEGER,
        PRIMARY KEY (uid, provider)
    ) STRICT;
    )",
    // 1: knew no tenants. A record is a few hundred bytes, so rows stay with their rowids and not in the
    // index.
    R"(
    ALTER TABLE keys RENAME TO keys_without_tenants;
    CREATE TABLE keys (
        tenant BLOB NOT NULL DEFAULT X'', -- of a user of none
        uid BLOB NOT NULL,
        provider BLOB NOT NULL,
        credential_id BLOB NOT NULL,
        key_id BLOB NOT NULL,
        sealed BLOB NOT NULL,
        signature BLOB NOT NULL,
        hint BLOB NOT NULL,
        state BLOB NOT NULL,
        created_at INTEGER NOT NULL, -- this and the times below: milliseconds since 1970
        updated_at INTEGER NOT NULL,
        last_used_at INTEGER,
        last_checked_at INTEGER,
        expires_at INTEGER,
        PRIMARY KEY (tenant, uid, provider)
    ) STRICT;
    INSERT INTO keys (uid, provider, credential_id, key_id, sealed, signature, hint, state, created_at,
                      updated_at, last_used_at, last_checked_at, expires_at)
        SELECT uid, provider, credential_id, key_id, sealed, signature, hint, state, created_at,
               updated_at, last_used_at, last_checked_at, expires_at FROM keys_without_tenants;
    DROP TABLE keys_without_tenants;
    )",
    // 2: knew neither that an entry is closed nor who saves.
    R"(
    CREATE TABLE closed_entries (
        key_id BLOB NOT NULL PRIMARY KEY,
        closed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE savers (
        id BLOB NOT NULL PRIMARY KEY,
        key_id BLOB NOT NULL,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    )",
    // 3: knew no users who were removed.
    R"(
    CREATE TABLE removed_users (
        tenant BLOB NOT NULL,
        uid BLOB NOT NULL,
        removed_at INTEGER NOT NULL,
        PRIMARY KEY (tenant, uid)
    ) STRICT, WITHOUT ROWID;
    )",
};
constexpr std::int64_t latest_version = steps.size();

// The file is made by us and not by SQLite, which would follow the umask; its -wal and -shm take its mode.
void make_private_file(const std::string& path) {
    const file_descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file || ::fchmod(file.get(), 0600) != 0) throw std::runtime_error(std::strerror(errno));
}

std::int64_t read_number(sqlite_database& database, const char* sql) {
    auto statement = database.prepare(sql);
    if (!statement.step()) throw std::runtime_error("a pragma has no answer");
    return statement.number(0);
}

void set_how_it_writes(sqlite_database& database, std::uint32_t max_pages) {
    database.wait_for_locks(std::chrono::seconds(5));
    database.execute("PRAGMA trusted_schema = OFF");
    database.execute("PRAGMA secure_delete = ON"); // what is removed is overwritten
    {
        auto statement = database.prepare("PRAGMA journal_mode = WAL");
        if (!statement.step() || statement.text(0) != "wal") {
            throw std::runtime_error("the file system does not carry SQLite's WAL mode");
        }
    }
    database.execute("PRAGMA synchronous = FULL");
    if (max_pages > 0) database.execute("PRAGMA max_page_count = " + std::to_string(max_pages));
}

// In one transaction, so that two processes which start together make the tables once, and one that is
// killed, or fails at any step, leaves the file as it was.
void bring_to_latest_version(sqlite_database& database) {
    database.execute("BEGIN IMMEDIATE");
    const auto found = schema_version_of(database);
    for (auto version = found; version < latest_version; ++version) {
        database.execute(steps.at(static_cast<std::size_t>(version)));
    }
    if (found < latest_version) {
        database.execute("PRAGMA application_id = " + std::to_string(application_id));
        database.execute("PRAGMA user_version = " + std::to_string(latest_version));
    }
    database.execute("COMMIT");
}

} // namespace

std::int64_t schema_version_of(sqlite_database& database) {
    const auto version = read_number(database, "PRAGMA user_version");
    if (version > latest_version) throw std::runtime_error("a newer version of byot made this file");
    const bool is_ours = version == 0 ? read_number(database, "SELECT count(*) FROM sqlite_schema") == 0
                                      : read_number(database, "PRAGMA application_id") == application_id;
    if (!is_ours) throw std::runtime_error("this is another program's database");
    return version;
}

std::unique_ptr<sqlite_database> open_sqlite_database(const std::string& path, std::uint32_t max_pages) {
    try {
        make_private_file(path);
        auto database = std::make_unique<sqlite_database>(path);
        set_how_it_writes(*database, max_pages);
        bring_to_latest_version(*database);
        return database;
    } catch (const std::exception& error) {
        throw std::runtime_error(path + ": " + error.what());
    }
}

} // namespace byot::vault
