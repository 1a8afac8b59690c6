#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace byot::vault {

/// What SQLite answered instead of doing what it was asked; the message holds no stored value.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

/// A prepared statement in use: values are bound in order, then rows are stepped through. Throws
/// `sqlite_error`. Resets itself when it goes.
class sqlite_statement {
public:
    explicit sqlite_statement(sqlite3_stmt* prepared) noexcept : prepared_(prepared) {}
    sqlite_statement(const sqlite_statement&) = delete;
    sqlite_statement& operator=(const sqlite_statement&) = delete;
    ~sqlite_statement();

    /// Any bytes. They must stay until the statement has been stepped through.
    sqlite_statement& bind(std::string_view bytes);
    sqlite_statement& bind(std::int64_t number);
    sqlite_statement& bind(std::optional<std::int64_t> number);

    /// Whether there is a row (another row).
    bool step();
    std::string bytes(int column) const;
    std::string text(int column) const;
    std::int64_t number(int column) const;
    std::optional<std::int64_t> optional_number(int column) const;

private:
    sqlite3_stmt* prepared_;
    int bound_ = 0;
};

/// One connection to a database file, for one thread at a time. Every call throws `sqlite_error`.
class sqlite_database {
public:
    /// Opens the file, which is there.
    explicit sqlite_database(const std::string& path);
    /// Opens it to look at what its main file holds: neither it nor the files beside it are changed or made,
    /// and no lock is taken, so what another process changes meanwhile may be seen in part.
    static std::unique_ptr<sqlite_database> open_unchanging(const std::string& path);
    ~sqlite_database();
    sqlite_database(const sqlite_database&) = delete;
    sqlite_database& operator=(const sqlite_database&) = delete;

    /// Statements without values, without an interest in their rows.
    void execute(const std::string& sql);
    /// Ends a transaction, if there is one, without its changes. Throws nothing: one that could not be ended,
    /// for lack of memory, is there still.
    void roll_back() noexcept;
    /// A statement, prepared once and kept. `sql` is a literal; one use of it at a time.
    sqlite_statement prepare(const char* sql);
    /// How many rows the last statement changed.
    int changed_rows() const noexcept;

    /// How long a statement waits while another connection holds the lock that it needs; zero at first.
    void wait_for_locks(std::chrono::milliseconds longest);
    /// Such waits end as `SQLITE_BUSY` now and from now on. From any thread.
    void stop_waiting() noexcept { is_impatient_ = true; }

private:
    sqlite_database(const std::string& name, int flags);

    /// SQLite's busy handler (sqlite.org/c3ref/busy_handler.html): zero gives up.
    static int wait_again(void* database, int times) noexcept;

    struct closer {
        void operator()(sqlite3* handle) const noexcept;
    };
    struct finalizer {
        void operator()(sqlite3_stmt* prepared) const noexcept;
    };
    std::chrono::milliseconds longest_wait_{0};
    std::atomic<bool> is_impatient_ = false;
    std::unique_ptr<sqlite3, closer> handle_;
    std::map<const char*, std::unique_ptr<sqlite3_stmt, finalizer>> prepared_;
};

} // namespace byot::vault
