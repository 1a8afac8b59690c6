#include "vault/sqlite_database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace byot::vault {
namespace {

constexpr std::chrono::milliseconds pause_for_lock{5};

[[noreturn]] void throw_last(sqlite3* handle) {
    throw sqlite_error(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

void check(int code, sqlite3_stmt* prepared) {
    if (code != SQLITE_OK) throw_last(sqlite3_db_handle(prepared));
}

// What means something in a URI is percent-encoded (sqlite.org/uri.html).
std::string as_uri_path(const std::string& path) {
    std::string uri;
    for (const char c : path) {
        const bool is_plain = c != '%' && c != '?' && c != '#';
        uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

} // namespace

sqlite_statement::~sqlite_statement() {
    sqlite3_reset(prepared_);
    sqlite3_clear_bindings(prepared_);
}

sqlite_statement& sqlite_statement::bind(std::string_view bytes) {
    // A null pointer would bind NULL where an empty value is meant.
    const char* const from = bytes.empty() ? "" : bytes.data();
    check(sqlite3_bind_blob64(prepared_, ++bound_, from, bytes.size(), SQLITE_STATIC), prepared_);
    return *this;
}

sqlite_statement& sqlite_statement::bind(std::int64_t number) {
    check(sqlite3_bind_int64(prepared_, ++bound_, number), prepared_);
    return *this;
}

sqlite_statement& sqlite_statement::bind(std::optional<std::int64_t> number) {
    if (number) return bind(*number);
    check(sqlite3_bind_null(prepared_, ++bound_), prepared_);
    return *this;
}

bool sqlite_statement::step() {
    const int code = sqlite3_step(prepared_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) throw_last(sqlite3_db_handle(prepared_));
    return code == SQLITE_ROW;
}

std::string sqlite_statement::bytes(int column) const {
    const auto* const from = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column));
    return from ? std::string(from, size) : std::string();
}

std::string sqlite_statement::text(int column) const {
    const auto* const from = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column));
    return from ? std::string(from) : std::string();
}

std::int64_t sqlite_statement::number(int column) const {
    return sqlite3_column_int64(prepared_, column);
}

std::optional<std::int64_t> sqlite_statement::optional_number(int column) const {
    if (sqlite3_column_type(prepared_, column) == SQLITE_NULL) return std::nullopt;
    return number(column);
}

sqlite_database::sqlite_database(const std::string& path) : sqlite_database(path, SQLITE_OPEN_READWRITE) {}

std::unique_ptr<sqlite_database> sqlite_database::open_unchanging(const std::string& path) {
    return std::unique_ptr<sqlite_database>(new sqlite_database("file:" + as_uri_path(path) + "?immutable=1",
                                                                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
}

sqlite_database::sqlite_database(const std::string& name, int flags) {
    sqlite3* handle = nullptr;
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) throw sqlite_error(code, handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
}

sqlite_database::~sqlite_database() = default;

void sqlite_database::wait_for_locks(std::chrono::milliseconds longest) {
    longest_wait_ = longest;
    sqlite3_busy_handler(handle_.get(), &wait_again, this);
}

int sqlite_database::wait_again(void* database, int times) noexcept {
    const auto& self = *static_cast<const sqlite_database*>(database);
    if (self.is_impatient_ || times * pause_for_lock >= self.longest_wait_) return 0;
    sqlite3_sleep(static_cast<int>(pause_for_lock.count()));
    return 1;
}

void sqlite_database::execute(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        throw_last(handle_.get());
    }
}

// Some errors have ended the transaction already.
void sqlite_database::roll_back() noexcept {
    if (sqlite3_get_autocommit(handle_.get()) == 0)
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

sqlite_statement sqlite_database::prepare(const char* sql) {
    auto& kept = prepared_[sql];
    if (!kept) {
        sqlite3_stmt* prepared = nullptr;
        if (sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr) !=
            SQLITE_OK) {
            throw_last(handle_.get());
        }
        kept.reset(prepared);
    }
    return sqlite_statement(kept.get());
}

int sqlite_database::changed_rows() const noexcept {
    return sqlite3_changes(handle_.get());
}

void sqlite_database::closer::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

void sqlite_database::finalizer::operator()(sqlite3_stmt* prepared) const noexcept {
    sqlite3_finalize(prepared);
}

} // namespace byot::vault
